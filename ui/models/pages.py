"""The pages of one paper, as a list that grows without jumping; behind them what was taken out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from digitizer.model import Page
from ui import page_words, work_words
from ui.language import say

PAGE_ROLE = Qt.ItemDataRole.UserRole + 1
DOUBT_ROLE = Qt.ItemDataRole.UserRole + 2
BIN_ROLE = Qt.ItemDataRole.UserRole + 3

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Bin(Struct, frozen=True):
    """The row that stands for the pages that were taken out; ``opened``: they follow it."""

    pages: int
    opened: bool


_Row = Page | Bin


class PageList(QAbstractListModel):
    """Rows are ``Page`` values (role ``PAGE_ROLE``), then at most one ``Bin`` (``BIN_ROLE``) and,
    where that is opened, the pages in it; what did not change is not redrawn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[_Row, ...] = ()
        self._doubled: frozenset[str] = frozenset()

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages of the paper, in order."""
        return tuple(row for row in self._rows if isinstance(row, Page) and not row.deleted)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return that pages can be chosen and the bin only looked at."""
        flags = super().flags(index)
        if index.isValid() and isinstance(self._rows[index.row()], Bin):
            flags &= ~Qt.ItemFlag.ItemIsSelectable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a page, the bin, or the words about it (also for screen readers)."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        said = role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
        if isinstance(row, Bin):
            if role == BIN_ROLE:
                return row
            if role == Qt.ItemDataRole.DisplayRole:
                return work_words.taken_out(row.pages)
            return work_words.bin_hint(row.pages, opened=row.opened) if said else None
        if role == PAGE_ROLE:
            return row
        if row.deleted:
            if role == Qt.ItemDataRole.DisplayRole:
                return say(work_words.GET_BACK)
            return work_words.taken_out_hint(row) if said else None
        doubled = row.id in self._doubled
        if role == DOUBT_ROLE:
            return doubled or page_words.doubtful(row)
        label = page_words.page_label(index.row() + 1, row, doubled=doubled)
        if role == Qt.ItemDataRole.DisplayRole:
            return label
        return say("Trang {0}", label) if said else None

    def mark(self, doubled: frozenset[str]) -> None:
        """Mark the pages (by their ids) that were probably scanned twice."""
        changed = self._doubled ^ doubled
        self._doubled = doubled
        for number, row in enumerate(self._rows):
            if _key(row) in changed:
                self.dataChanged.emit(self.index(number), self.index(number))

    def row_of(self, page_id: str) -> int | None:
        """Return the row of a page, or None."""
        return next((n for n, row in enumerate(self._rows) if _key(row) == page_id), None)

    def show_pages(
        self, pages: Sequence[Page], taken_out: Sequence[Page] = (), *, opened: bool = False
    ) -> None:
        """Show ``pages``; rows that stay keep their place and selection.

        Args:
            pages: Those that count.
            taken_out: Those that were deleted.
            opened: Whether these are shown one by one.
        """
        new: tuple[_Row, ...] = tuple(pages)
        if taken_out:
            new = (*new, Bin(len(taken_out), opened), *(taken_out if opened else ()))
        if new == self._rows:
            return
        self._remove_gone({_key(row) for row in new})
        staying = {_key(row) for row in self._rows}
        before = [_key(row) for row in self._rows]
        after = [_key(row) for row in new if _key(row) in staying]
        if after != before:
            self._reorder([row for row in new if _key(row) in staying])
        self._insert_come(new, staying)
        changed = [number for number, row in enumerate(self._rows) if row != new[number]]
        self._rows = new
        for number in changed:
            self.dataChanged.emit(self.index(number), self.index(number))

    def _reorder(self, rows: Sequence[_Row]) -> None:
        """Put the rows that are there into another order; whoever holds one keeps it."""
        self.layoutAboutToBeChanged.emit()
        places = {_key(row): number for number, row in enumerate(rows)}
        held = self.persistentIndexList()
        goals = [self.index(places[_key(self._rows[index.row()])]) for index in held]
        self._rows = tuple(rows)
        self.changePersistentIndexList(held, goals)
        self.layoutChanged.emit()

    def _insert_come(self, new: tuple[_Row, ...], staying: set[str]) -> None:
        """Insert what is new, a run of rows at a time."""
        row = 0
        while row < len(new):
            end = row
            while end < len(new) and _key(new[end]) not in staying:
                end += 1
            if end > row:
                self.beginInsertRows(QModelIndex(), row, end - 1)
                self._rows = self._rows[:row] + new[row:end] + self._rows[row:]
                self.endInsertRows()
            row = end + 1

    def _remove_gone(self, staying: set[str]) -> None:
        """Remove what does not stay, a run of rows at a time: row by row, each would be looked at
        in its turn."""
        end = len(self._rows)
        while end > 0:
            row = end
            while row > 0 and _key(self._rows[row - 1]) not in staying:
                row -= 1
            if row < end:
                self.beginRemoveRows(QModelIndex(), row, end - 1)
                self._rows = self._rows[:row] + self._rows[end:]
                self.endRemoveRows()
            end = row - 1


def _key(row: _Row) -> str:
    return row.id if isinstance(row, Page) else ""
