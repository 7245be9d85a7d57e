"""The live strip: thumbnails of the current paper's pages, in rows that wrap; several can be
chosen, put elsewhere, and what was taken out can be looked at again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from digitizer.model import Page
from ui.models.pages import BIN_ROLE, PAGE_ROLE, PageList
from ui.pictures import Pictures
from ui.theme import GRID, Theme
from ui.widgets.thumbnails import PICTURE as PICTURE
from ui.widgets.thumbnails import Thumbnails

_FLAGS = QItemSelectionModel.SelectionFlag
_LINE = 4


class Strip(QListView):
    """Shows a ``PageList``.

    Signals:
        chosen: The page to look at (a ``Page``), or None.
        picked: Other pages are chosen, or none besides that one.
        restored: A page in the bin (a ``Page``) is wanted back.
    """

    chosen = Signal(object)
    picked = Signal()
    restored = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(self.tr("Các trang của giấy tờ đang chọn"))
        self.list = PageList(self)
        self.setModel(self.list)
        self.cells = Thumbnails(theme, self)
        self.setItemDelegate(self.cells)
        self.list.rowsInserted.connect(self._grown)
        self.list.rowsRemoved.connect(self._look_again)
        self.list.layoutChanged.connect(self._reordered)
        self.list.dataChanged.connect(self._look_again)
        self.selectionModel().selectionChanged.connect(self.picked)
        self.selectionModel().selectionChanged.connect(self.viewport().update)
        theme.changed.connect(self.viewport().update)
        self._follows = True
        self._scrolled_away = self._opened = False
        self._live = 0
        self._awaited = ""
        self._anchor = QPersistentModelIndex()
        self._leaving: set[str] = set()
        self._out: tuple[Page, ...] = ()
        self.gap: int | None = None
        """The row that dragged pages would stand before."""
        self._behind = False

    def use(self, pictures: Pictures) -> None:
        """Take thumbnails from ``pictures``."""
        self.cells.pictures = pictures
        pictures.arrived.connect(self._arrived)

    # --- what is chosen ---------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page looked at; it may be one that was taken out."""
        index = self.currentIndex()
        return index.data(PAGE_ROLE) if index.isValid() else None

    @property
    def picks(self) -> tuple[Page, ...]:
        """The chosen pages, in order; the one looked at where none is."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        found = tuple(self.list.index(row).data(PAGE_ROLE) for row in rows)
        if found or self.page is None:
            return found
        return (self.page,)

    @property
    def at_bin(self) -> bool:
        """Whether the last cell is looked at."""
        return self.currentIndex().data(BIN_ROLE) is not None

    def go_to(self, row: int) -> None:
        """Look at the page in this row, or the nearest there is, and choose it alone."""
        last = len(self.list.pages) - 1
        if last >= 0:
            self._settle(max(0, min(row, last)))

    def step(self, by: int) -> None:
        """Look at the cell ``by`` rows on."""
        last = self.list.rowCount() - 1
        if last >= 0:
            self._settle(max(0, min(self.currentIndex().row() + by, last)))

    def extend(self, by: int) -> None:
        """Choose up to the page ``by`` rows on, from where choosing began."""
        self.extend_to(self.currentIndex().row() + by)

    def extend_to(self, row: int) -> None:
        """Choose up to the page in this row, from where choosing began."""
        last = len(self.list.pages) - 1
        if last < 0:
            return
        index = self.list.index(max(0, min(row, last)))
        start = self.list.index(self._anchor.row()) if self._anchor.isValid() else index
        self.selectionModel().select(QItemSelection(start, index), _FLAGS.ClearAndSelect)
        self.selectionModel().setCurrentIndex(index, _FLAGS.NoUpdate)
        self.scrollTo(index)

    def choose_one(self) -> Page:
        """Choose the page looked at alone, the last chosen one where that does not count, and
        return it. There is one."""
        page = self.page if self.page is not None and not self.page.deleted else self.picks[-1]
        self.go_to(self.list.row_of(page.id) or 0)
        return page

    def toggle(self, row: int) -> None:
        """Choose the page in this row besides the others, or no more."""
        index = self.list.index(row)
        self.selectionModel().setCurrentIndex(index, _FLAGS.Toggle)
        self._anchor = QPersistentModelIndex(index)

    def choose_all(self) -> None:
        """Choose every page; the one looked at stays."""
        last = len(self.list.pages) - 1
        if last >= 0:
            whole = QItemSelection(self.list.index(0), self.list.index(last))
            self.selectionModel().select(whole, _FLAGS.ClearAndSelect)
            self._anchor = QPersistentModelIndex(self.list.index(0))

    def _settle(self, row: int) -> None:
        index = self.list.index(row)
        self._anchor = QPersistentModelIndex(index)
        self.selectionModel().setCurrentIndex(index, _FLAGS.ClearAndSelect)
        self.scrollTo(index)
        self._follows = row == len(self.list.pages) - 1

    # --- what is shown ----------------------------------------------------------------------

    def show_pages(
        self, pages: Sequence[Page], taken_out: Sequence[Page] = (), *, anew: bool
    ) -> None:
        """Show a paper's pages and those taken out of it; ``anew``: it is another paper, and its
        first page is looked at, or the one that was looked at and has come along."""
        looked_at = self.page
        if anew:
            self.setCurrentIndex(QModelIndex())
            self._follows, self._opened = not pages, False
        shown = tuple(page for page in pages if page.id not in self._leaving)
        self._out = tuple(taken_out)
        self._opened = self._opened and bool(taken_out)
        self._scrolled_away = not self._sees(self.currentIndex())
        self._step_aside({page.id for page in (*shown, *(self._out if self._opened else ()))})
        self._live = len(self.list.pages)
        self.list.show_pages(shown, self._out, opened=self._opened)
        self._find_awaited()
        if not self.currentIndex().isValid() and shown:
            row = self.list.row_of(looked_at.id) if looked_at else None
            start = len(shown) - 1 if self._follows else 0
            self.go_to(start if row is None else row)
        if anew and not shown:
            self.chosen.emit(None)

    def follow(self) -> None:
        """Look at the newest page as pages come, until another one is chosen."""
        self._follows = True

    def let_go(self, page_ids: Sequence[str]) -> None:
        """Show these pages no more, before the facts say so: the next key is for the next page."""
        self._leaving |= set(page_ids)
        self.show_pages(self.list.pages, self._out, anew=False)

    def let_come(self) -> None:
        """Show what the facts say from the next time on."""
        self._leaving.clear()

    def turn_over_bin(self) -> None:
        """Show the pages that were taken out, or put them away."""
        self._opened = not self._opened and bool(self._out)
        self.show_pages(self.list.pages, self._out, anew=False)
        if self._opened:
            self.scrollTo(self.list.index(self.list.rowCount() - 1))

    def step_in_bin(self) -> None:
        """Look at another page that was taken out, if there is one."""
        row = self.currentIndex().row()
        for near in (row + 1, row - 1):
            page = self.list.index(near).data(PAGE_ROLE) if near >= 0 else None
            if page is not None and page.deleted:
                self._settle(near)
                return

    def look_for(self, page_id: str) -> None:
        """Look at this page, now or as soon as it comes, unless another is chosen until then."""
        self._awaited, self._scrolled_away = page_id, False
        self._find_awaited()

    def show_gap(self, row: int | None, *, behind: bool = False) -> None:
        """Show the line before this row where pages would drop, or none; ``behind``: at the right
        of the page before it, which may be at the end of another line of pages."""
        if (row, behind) != (self.gap, self._behind):
            self.gap, self._behind = row, behind
            self.viewport().update()

    def gap_line(self) -> QRect:
        """Return where that line is; null where there is none."""
        last = len(self.list.pages) - 1
        if self.gap is None or last < 0:
            return QRect()
        behind = self.gap > last or (self._behind and self.gap > 0)
        cell = self.visualRect(self.list.index(self.gap - 1 if behind else self.gap))
        x = cell.right() + 1 if behind else max(cell.left(), _LINE // 2)
        return QRect(x - _LINE // 2, cell.top() + GRID, _LINE, PICTURE.height())

    def _step_aside(self, staying: set[str]) -> None:
        """Before the page looked at goes, look at the next one that stays, else the one before."""
        page = self.page
        if page is None or page.id in staying:
            return
        ids = [one.id for one in self.list.pages]
        at = ids.index(page.id) if page.id in ids else len(ids)
        after = [row for row in range(at + 1, len(ids)) if ids[row] in staying]
        before = [row for row in range(at - 1, -1, -1) if ids[row] in staying]
        if after or before:
            self._settle((after or before)[0])
        else:
            self.setCurrentIndex(QModelIndex())

    def _find_awaited(self) -> None:
        row = self.list.row_of(self._awaited) if self._awaited else None
        if row is not None:
            self._settle(row)
            self._awaited = ""

    def currentChanged(  # noqa: N802 - Qt's name
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Tell which page is looked at now."""
        super().currentChanged(current, previous)
        self._follows = current.row() == len(self.list.pages) - 1
        self._awaited = ""
        self.viewport().update()
        self.chosen.emit(current.data(PAGE_ROLE) if current.isValid() else None)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the cells, and the line where pages would drop."""
        super().paintEvent(event)
        line = self.gap_line()
        if not line.isNull():
            painter = QPainter(self.viewport())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent"))
            painter.drawRoundedRect(line, 2, 2)

    def _grown(self) -> None:
        """Follow the newest page, unless the clerk looks at or has scrolled to an earlier one,
        has chosen several, or a certain one is awaited."""
        several = len(self.selectionModel().selectedIndexes()) > 1
        more = len(self.list.pages) > self._live
        if more and self._follows and not (several or self._awaited or self._scrolled_away):
            self.go_to(len(self.list.pages) - 1)

    def _sees(self, index: QModelIndex) -> bool:
        seen = self.viewport().rect()
        return not index.isValid() or self.visualRect(index).intersects(seen)

    def _reordered(self) -> None:
        """Keep the page looked at in sight where it was, wherever it went."""
        if not self._scrolled_away and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        self._follows = self.currentIndex().row() == len(self.list.pages) - 1
        self._look_again()

    def _look_again(self) -> None:
        self.chosen.emit(self.page)

    def _arrived(self, sha256: str) -> None:
        for row in range(self.list.rowCount()):
            page = self.list.index(row).data(PAGE_ROLE)
            if page is not None and page.sha256 == sha256:
                self.update(self.list.index(row))
