"""The dossiers that a search found, as a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from digitizer.model import Dossier
from ui import wording

DOSSIER_ROLE = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class DossierList(QAbstractListModel):
    """Rows are ``Dossier`` heads (role ``DOSSIER_ROLE``)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dossiers: tuple[Dossier, ...] = ()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many were found."""
        return 0 if parent.isValid() else len(self._dossiers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a dossier, or the words about it."""
        if not index.isValid() or index.row() >= len(self._dossiers):
            return None
        dossier = self._dossiers[index.row()]
        if role == DOSSIER_ROLE:
            return dossier
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{wording.name_of(dossier)}, {dossier.name}, {wording.about(dossier)}"
        return None

    def show_dossiers(self, dossiers: Sequence[Dossier]) -> None:
        """Show what was found; nothing moves where it is the same."""
        new = tuple(dossiers)
        if new != self._dossiers:
            self.beginResetModel()
            self._dossiers = new
            self.endResetModel()
