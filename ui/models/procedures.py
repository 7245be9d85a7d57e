"""The procedures that are known here, as a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from digitizer.catalogue import Procedure
from ui.language import say

PROCEDURE_ROLE = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ProcedureList(QAbstractListModel):
    """Rows are ``Procedure`` (role ``PROCEDURE_ROLE``)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._procedures: tuple[Procedure, ...] = ()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._procedures)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a procedure, or the words about it."""
        if not index.isValid() or index.row() >= len(self._procedures):
            return None
        procedure = self._procedures[index.row()]
        if role == PROCEDURE_ROLE:
            return procedure
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            papers = say("{0} giấy tờ", len(procedure.papers))
            return f"{procedure.name}  ·  {procedure.code}  ·  {papers}"
        return None

    def show_procedures(self, procedures: Sequence[Procedure]) -> None:
        """Show these; nothing moves where they are the same."""
        new = tuple(procedures)
        if new != self._procedures:
            self.beginResetModel()
            self._procedures = new
            self.endResetModel()
