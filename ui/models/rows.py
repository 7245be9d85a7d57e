"""The lines of one of the three lists; a line that stays is only painted anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.rows import Row

ROW_ROLE = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class RowList(QAbstractListModel):
    """Rows are ``Row`` values (role ``ROW_ROLE``); headings cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._buttons: frozenset[str] = frozenset()

    @property
    def buttons(self) -> frozenset[str]:
        """What stands on the buttons of these lines, each once."""
        return self._buttons

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown, in order."""
        return self._rows

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a line, or the words about it (also for screen readers and on hover)."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.said
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.sentence
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Leave headings out of what can be chosen."""
        row = self.data(index, ROW_ROLE)
        if row is None or row.heading:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def show_rows(self, rows: Sequence[Row]) -> bool:
        """Show these; returns whether others stand there now, or in another order."""
        new, old = tuple(rows), self._rows
        self._buttons = frozenset(row.button for row in new if row.button)
        if [row.key for row in new] != [row.key for row in old]:
            self.beginResetModel()
            self._rows = new
            self.endResetModel()
            return True
        self._rows = new
        for at, (before, now) in enumerate(zip(old, new, strict=True)):
            if before != now:
                self.dataChanged.emit(self.index(at), self.index(at))
        return False
