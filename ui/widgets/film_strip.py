"""The filmstrip of a stack: thumbnails in the order of the paper, a line where a paper begins."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from digitizer.model import Page
from digitizer.stacking import Doubt
from ui.models.film import PAGES, ROW_ROLE, CutRow, Film, PageRow, Row, dragged_pages
from ui.pictures import Pictures
from ui.theme import Theme
from ui.widgets.frames import Frames

_Index = QModelIndex | QPersistentModelIndex


class FilmStrip(QListView):
    """Shows a ``Film``.

    Signals:
        chosen: The page to look at (a ``Page``), or None.
        dropped: Ids of pages that were dragged, and of the paper they were dropped on.
    """

    chosen = Signal(object)
    dropped = Signal(list, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)
        self.setAccessibleName(self.tr("Các trang của lô, theo thứ tự giấy"))
        self._follows = True
        self._moving = False
        self.film = Film(self)
        self.setModel(self.film)
        self._frames = Frames(theme, self.film, self)
        self.setItemDelegate(self._frames)
        self._theme = theme
        theme.changed.connect(self._dress)
        self._dress()

    def use(self, pictures: Pictures) -> None:
        """Take thumbnails from ``pictures``."""
        self._frames.pictures = pictures
        pictures.arrived.connect(self._arrived)

    @property
    def page(self) -> Page | None:
        """The page looked at."""
        row = self._row(self.currentIndex())
        return row.page if isinstance(row, PageRow) else None

    @property
    def doubt(self) -> Doubt | None:
        """Why the page looked at wants a look."""
        row = self._row(self.currentIndex())
        return row.doubt if isinstance(row, PageRow) else None

    @property
    def follows(self) -> bool:
        """Whether the newest page is looked at."""
        return self._follows

    @property
    def chosen_pages(self) -> list[str]:
        """Ids of the pages that a verb acts on, in their order."""
        found = [self._row(index) for index in self.selectedIndexes()]
        pages = [row for row in found if isinstance(row, PageRow)]
        return [row.key for row in sorted(pages, key=lambda row: row.number)]

    def begin(self, *, follow: bool) -> None:
        """Forget what was shown: another stack comes. ``follow``: its newest page is looked at."""
        self._moving = True
        self.film.show_rows(())
        self.setCurrentIndex(QModelIndex())
        self._moving = False
        self._follows = follow

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these; what is looked at stays where it is on the screen."""
        page = self.page
        place = self._place()
        had = {row.key for row in self.film.rows}
        numbers = [at for at, row in enumerate(self.film.rows) if page and row.key == page.id]
        self._moving = True
        self.film.show_rows(rows)
        self._moving = False
        current = self.film.row_of(page.id) if page is not None else None
        if current is None and rows:
            near = numbers[0] if numbers else len(rows) if self._follows else 0
            self._look_at_row(self._nearest_page(near), scroll=not numbers)
        elif self._follows and self._last_page() not in had:
            self.go_to_page(self._last_page())
        if place is not None and not self._follows:
            self._restore(*place)
            if current and rows[current - 1].key not in had:
                self.scrollTo(self.film.index(current - 1))  # a cut that was just made here
        self.chosen.emit(self.page)

    def go_to_page(self, page_id: str) -> None:
        """Look at this page."""
        row = self.film.row_of(page_id)
        if row is not None:
            self._look_at_row(row)

    def step(self, by: int) -> None:
        """Look at the page ``by`` pages on."""
        at = self._on(by)
        if at is not None:
            self._look_at_row(at)

    def choose_more(self, by: int) -> None:
        """Choose the page ``by`` pages on as well."""
        at = self._on(by)
        if at is not None:
            flag = QItemSelectionModel.SelectionFlag.Select
            self.selectionModel().setCurrentIndex(self.film.index(at), flag)
            self.scrollTo(self.film.index(at))

    def to_end(self, *, first: bool) -> None:
        """Look at the first or the last page."""
        rows = self.film.rows
        if rows:
            self._look_at_row(self._nearest_page(0 if first else len(rows) - 1))

    def _on(self, by: int) -> int | None:
        """Return the row of the page ``by`` pages from the one looked at, or None."""
        at, rows = self.currentIndex().row(), self.film.rows
        step = 1 if by > 0 else -1
        at += step
        while 0 <= at < len(rows) and isinstance(rows[at], CutRow):
            at += step
        return at if 0 <= at < len(rows) else None

    def _nearest_page(self, at: int) -> int:
        rows = self.film.rows
        at = max(0, min(at, len(rows) - 1))
        while at < len(rows) - 1 and isinstance(rows[at], CutRow):
            at += 1
        return at

    def _last_page(self) -> str:
        rows = self.film.rows
        return rows[-1].key if rows else ""

    def _look_at_row(self, at: int, *, scroll: bool = True) -> None:
        index = self.film.index(at)
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(index, flag)
        if scroll:
            rows = self.film.rows
            if at and isinstance(rows[at - 1], CutRow):
                self.scrollTo(self.film.index(at - 1))  # what begins there is seen too
            self.scrollTo(index)

    def _place(self) -> tuple[str, int] | None:
        """Return a row that is in sight and where: the one looked at, else the topmost."""
        index = self.currentIndex()
        seen = self.viewport().rect()
        if not index.isValid() or not self.visualRect(index).intersects(seen):
            index = self.indexAt(seen.topLeft())
        row = self._row(index)
        return (row.key, self.visualRect(index).top()) if row is not None else None

    def _restore(self, key: str, top: int) -> None:
        at = self.film.row_of(key)
        if at is not None:
            moved = self.visualRect(self.film.index(at)).top() - top
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved)

    def _row(self, index: _Index) -> Row | None:
        row: Row | None = index.data(ROW_ROLE) if index.isValid() else None
        return row

    def _arrived(self, sha256: str) -> None:
        for at, row in enumerate(self.film.rows):
            if isinstance(row, PageRow) and row.page.sha256 == sha256:
                self.update(self.film.index(at))

    def _dress(self) -> None:
        self._frames.measure()
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    # --- Qt ---------------------------------------------------------------------------------

    def currentChanged(  # noqa: N802 - Qt's name
        self, current: _Index, previous: _Index
    ) -> None:
        """Tell which page is looked at now."""
        super().currentChanged(current, previous)
        if not self._moving:
            row = self._row(current)
            self._follows = row is not None and row.key == self._last_page()
            self.chosen.emit(row.page if isinstance(row, PageRow) else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Who presses a cut means the page that begins there."""
        index = self.indexAt(event.position().toPoint())
        if isinstance(self._row(index), CutRow):
            self._look_at_row(index.row() + 1)
        else:
            super().mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Cuts go across all of the strip."""
        self._frames.across = self.viewport().width()
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take pages."""
        if event.mimeData().hasFormat(PAGES):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:  # noqa: N802 - Qt's name
        """Take them where something lies."""
        super().dragMoveEvent(event)
        there = self.indexAt(event.position().toPoint()).isValid()
        event.setAccepted(there and event.mimeData().hasFormat(PAGES))

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Say where pages were dropped; nothing moves before the core has moved it."""
        row = self._row(self.indexAt(event.position().toPoint()))
        pages = dragged_pages(event.mimeData())
        if row is not None and pages:
            event.setDropAction(Qt.DropAction.IgnoreAction)
            event.accept()
            self.dropped.emit(pages, row.paper_id)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of four thumbnails beside each other."""
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(4 * self._frames.page_size.width() + bar + 2, 400)
