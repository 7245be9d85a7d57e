"""The pages of one paper, as a list that grows without jumping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from digitizer.model import Page
from ui import wording

PAGE_ROLE = Qt.ItemDataRole.UserRole + 1
DOUBT_ROLE = Qt.ItemDataRole.UserRole + 2

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class PageList(QAbstractListModel):
    """Rows are ``Page`` values (role ``PAGE_ROLE``); what did not change is not redrawn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages: tuple[Page, ...] = ()
        self._doubled: frozenset[str] = frozenset()

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages shown, in order."""
        return self._pages

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many pages there are."""
        return 0 if parent.isValid() else len(self._pages)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a page, or the words about it (also for screen readers)."""
        if not index.isValid() or index.row() >= len(self._pages):
            return None
        page = self._pages[index.row()]
        if role == PAGE_ROLE:
            return page
        doubled = page.id in self._doubled
        if role == DOUBT_ROLE:
            return doubled or wording.doubtful(page)
        label = wording.page_label(index.row() + 1, page, doubled=doubled)
        if role == Qt.ItemDataRole.DisplayRole:
            return label
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"Trang {label}"
        return None

    def mark(self, doubled: frozenset[str]) -> None:
        """Mark the pages (by their ids) that were probably scanned twice."""
        changed = self._doubled ^ doubled
        self._doubled = doubled
        for row, page in enumerate(self._pages):
            if page.id in changed:
                self.dataChanged.emit(self.index(row), self.index(row))

    def show_pages(self, pages: Sequence[Page]) -> None:
        """Show ``pages``; rows that stay keep their place and selection."""
        new = tuple(pages)
        if new == self._pages:
            return
        self._remove_gone({page.id for page in new})
        staying = {page.id for page in self._pages}
        if [page.id for page in new if page.id in staying] != [page.id for page in self._pages]:
            self.beginResetModel()
            self._pages = new
            self.endResetModel()
            return
        self._insert_come(new, staying)
        changed = [row for row, page in enumerate(self._pages) if page != new[row]]
        self._pages = new
        for row in changed:
            self.dataChanged.emit(self.index(row), self.index(row))

    def _insert_come(self, new: tuple[Page, ...], staying: set[str]) -> None:
        """Insert what is new, a run of rows at a time."""
        row = 0
        while row < len(new):
            end = row
            while end < len(new) and new[end].id not in staying:
                end += 1
            if end > row:
                self.beginInsertRows(QModelIndex(), row, end - 1)
                self._pages = self._pages[:row] + new[row:end] + self._pages[row:]
                self.endInsertRows()
            row = end + 1

    def _remove_gone(self, staying: set[str]) -> None:
        for row in range(len(self._pages) - 1, -1, -1):
            if self._pages[row].id not in staying:
                self.beginRemoveRows(QModelIndex(), row, row)
                self._pages = self._pages[:row] + self._pages[row + 1 :]
                self.endRemoveRows()
