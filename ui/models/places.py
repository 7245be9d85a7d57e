"""What a search of everything found, as a list: dossiers, below each the places in its pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from digitizer.finding import Found, Place
from digitizer.model import Dossier
from ui import wording
from ui.language import say
from ui.models.heads import DOSSIER_ROLE

PLACE_ROLE = Qt.ItemDataRole.UserRole + 2

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class PlaceList(QAbstractListModel):
    """Rows are dossiers (role ``DOSSIER_ROLE``) and ``Place`` (``PLACE_ROLE``), which have the
    dossier they are in as well."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[Dossier, Place | None], ...] = ()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row, or the words about it."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        dossier, place = self._rows[index.row()]
        if role == DOSSIER_ROLE:
            return dossier
        if role == PLACE_ROLE:
            return place
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if place is None:
                return f"{wording.name_of(dossier)}, {dossier.name}, {wording.about(dossier)}"
            return f"{where(place)}: {place.excerpt.text}"
        return None

    def show_found(self, found: Sequence[Found]) -> None:
        """Show what was found; nothing moves where it is the same."""
        rows: list[tuple[Dossier, Place | None]] = []
        for one in found:
            rows.append((one.dossier, None))
            rows += [(one.dossier, place) for place in one.places]
        if tuple(rows) != self._rows:
            self.beginResetModel()
            self._rows = tuple(rows)
            self.endResetModel()

    def row_of(self, dossier: Dossier | None, place: Place | None) -> int | None:
        """Return the row of the same dossier and page as before, or None."""
        page = place.page_id if place else None
        for row, (head, there) in enumerate(self._rows):
            same = dossier is not None and head.id == dossier.id
            if same and (there.page_id if there else None) == page:
                return row
        return None


def where(place: Place) -> str:
    """Name the page of a place."""
    return f"{say('Trang {0}', place.number)} · {place.paper}"
