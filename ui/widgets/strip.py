"""The live strip: thumbnails of the current paper's pages, in rows that wrap."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from digitizer.model import Page
from ui.models.pages import DOUBT_ROLE, PAGE_ROLE, PageList
from ui.pictures import Pictures, Wanted, wanted
from ui.theme import GRID, Theme

PICTURE = QSize(96, 128)
"""The box a thumbnail is fitted into, in device-independent pixels."""


class Strip(QListView):
    """Shows a ``PageList``.

    Signals:
        chosen: The page to look at (a ``Page``), or None.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(self.tr("Các trang của giấy tờ đang chọn"))
        self.list = PageList(self)
        self.setModel(self.list)
        self._delegate = _Thumbnails(theme, self)
        self.setItemDelegate(self._delegate)
        self.list.rowsInserted.connect(self._grown)
        self.list.rowsRemoved.connect(self._look_again)
        self.list.modelReset.connect(self._look_again)
        self.list.dataChanged.connect(self._look_again)
        theme.changed.connect(self.viewport().update)
        self._follows = True
        self._scrolled_away = False
        self._awaited = ""

    def use(self, pictures: Pictures) -> None:
        """Take thumbnails from ``pictures``."""
        self._delegate.pictures = pictures
        pictures.arrived.connect(self._arrived)

    @property
    def page(self) -> Page | None:
        """The page looked at."""
        index = self.currentIndex()
        return index.data(PAGE_ROLE) if index.isValid() else None

    def show_pages(self, pages: tuple[Page, ...], *, anew: bool) -> None:
        """Show a paper's pages; ``anew`` where it is another paper than before."""
        if anew:
            self.setCurrentIndex(QModelIndex())
            self._follows = True
        looked_at = self.page
        self._scrolled_away = not self._sees(self.currentIndex())
        self.list.show_pages(pages)
        self._find_awaited()
        if not self.currentIndex().isValid() and pages:
            rows = [row for row, page in enumerate(pages) if looked_at and page.id == looked_at.id]
            self.go_to(rows[0] if rows else len(pages) - 1 if self._follows and not anew else 0)
        if anew and not pages:
            self.chosen.emit(None)

    def go_to(self, row: int) -> None:
        """Look at the page in this row, or the nearest there is."""
        last = self.list.rowCount() - 1
        if last >= 0:
            index = self.list.index(max(0, min(row, last)))
            self.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.scrollTo(index)
            self._follows = index.row() == last

    def look_for(self, page_id: str) -> None:
        """Look at this page, now or as soon as it comes, unless another is chosen until then."""
        self._awaited, self._scrolled_away = page_id, False
        self._find_awaited()

    def _find_awaited(self) -> None:
        rows = [row for row, page in enumerate(self.list.pages) if page.id == self._awaited]
        if rows:
            self.go_to(rows[0])
            self._awaited = ""

    def step(self, by: int) -> None:
        """Look at the page ``by`` rows on."""
        self.go_to(self.currentIndex().row() + by)

    def currentChanged(  # noqa: N802 - Qt's name
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Tell which page is looked at now."""
        super().currentChanged(current, previous)
        self._follows = current.row() == self.list.rowCount() - 1
        self._awaited = ""
        self.chosen.emit(current.data(PAGE_ROLE) if current.isValid() else None)

    def _grown(self) -> None:
        """Follow the newest page, unless the clerk looks at or has scrolled to an earlier one, or
        a certain one is awaited."""
        if self._follows and not self._awaited and not self._scrolled_away:
            self.go_to(self.list.rowCount() - 1)

    def _sees(self, index: QModelIndex) -> bool:
        seen = self.viewport().rect()
        return not index.isValid() or self.visualRect(index).intersects(seen)

    def _look_again(self) -> None:
        self.chosen.emit(self.page)

    def _arrived(self, sha256: str) -> None:
        for row, page in enumerate(self.list.pages):
            if page.sha256 == sha256:
                self.update(self.list.index(row))


class _Thumbnails(QStyledItemDelegate):
    """Draws one page. Asks only for the thumbnails that are painted, hence visible."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.pictures: Pictures | None = None

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of a thumbnail with its label."""
        label = 2 * QFontMetrics(self._theme.font(0.92)).height() + GRID
        return QSize(PICTURE.width() + 2 * GRID, PICTURE.height() + GRID + 4 + label)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the picture, a frame, the number and what is to be known of the page."""
        page: Page | None = index.data(PAGE_ROLE)
        if page is None or self.pictures is None:
            return
        cell: QRect = option.rect
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        box = QRect(cell.left() + GRID, cell.top() + GRID, PICTURE.width(), PICTURE.height())
        ratio = painter.device().devicePixelRatio()
        picture = self.pictures.thumbnail(self._at(page, ratio))
        frame = box
        if picture is not None and not picture.isNull():
            size = picture.size() / ratio
            frame = QRect(0, 0, size.width(), size.height())
            frame.moveCenter(box.center())
            frame.moveBottom(box.bottom())
            painter.setOpacity(0.45 if page.reading and page.reading.blank else 1.0)
            painter.drawPixmap(frame, picture)
            painter.setOpacity(1.0)
        else:
            painter.fillRect(frame, self._theme.colour("table"))
        accent = self._theme.colour("accent")
        if chosen:
            pen = QPen(accent, 3)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(frame.adjusted(-2, -2, 1, 1))
        else:
            painter.setPen(QPen(self._theme.colour("line"), 1))
            painter.drawRect(frame.adjusted(-1, -1, 0, 0))
        self._label(painter, cell, box, page, index, chosen=chosen)
        painter.restore()

    def _label(
        self,
        painter: QPainter,
        cell: QRect,
        box: QRect,
        page: Page,
        index: QModelIndex | QPersistentModelIndex,
        *,
        chosen: bool,
    ) -> None:
        doubtful = bool(index.data(DOUBT_ROLE))
        painter.setFont(self._theme.font(0.92, bold=chosen))
        painter.setPen(self._theme.colour("warn" if doubtful else "ink" if chosen else "ink_soft"))
        metrics = painter.fontMetrics()
        place = QRect(cell.left(), box.bottom() + 4, cell.width(), metrics.height())
        number, _, state = str(index.data()).partition(" · ")
        for text in (number, state):
            short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, short)
            place.translate(0, metrics.height())

    def _at(self, page: Page, ratio: float) -> Wanted:
        return wanted(page, PICTURE * ratio)
