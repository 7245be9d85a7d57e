"""A whole stack as rows: its pages in the order of the paper, and before each paper its cut.

Pages never change their order, so rows come and go in place and nothing jumps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from digitizer.model import Page
from digitizer.stacking import Doubt, Stack, Why
from ui import stack_words

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
PAGES = "application/x-digitizer-pages"
"""What is dragged: ids of pages, a line each."""

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class CutRow(Struct, frozen=True):
    """A line across the strip: what begins below it. ``dossier``: whose, where another dossier
    begins. ``paper_id``: the paper; ``unsure``: it begins by print alone."""

    key: str
    paper_id: str
    dossier: str
    paper: str
    unsure: bool


class PageRow(Struct, frozen=True):
    """A page, its number in the stack, and why it wants a look."""

    key: str
    page: Page
    number: int
    doubt: Doubt | None
    paper_id: str


Row = CutRow | PageRow


def rows(stack: Stack, before: Sequence[Row] = ()) -> tuple[Row, ...]:
    """Return the rows of a stack. Those that are as they were ``before`` are the very same objects:
    what changed is then told without comparing pages, which takes time."""
    known = {row.key: row for row in before}
    fresh = _rows(stack)
    return tuple(old if (old := known.get(row.key)) == row else row for row in fresh)


def _rows(stack: Stack) -> list[Row]:
    doubts = {one.page.id: one for one in stack.doubts}
    found: list[Row] = []
    number, before = 0, ""
    for run in stack.runs:
        begins = run.dossier.id != before
        whose = stack_words.whose(run.dossier, stack.unsorted) if begins else ""
        unsure = run.why is Why.PRINT
        first = run.pages[0].id
        found.append(CutRow(f"cut {first}", run.paper.id, whose, stack_words.cut(run), unsure))
        before = run.dossier.id
        for page in run.pages:
            number += 1
            found.append(PageRow(page.id, page, number, doubts.get(page.id), run.paper.id))
    return found


class Film(QAbstractListModel):
    """Rows (role ``ROW_ROLE``); what did not change is not redrawn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._at: dict[str, int] = {}

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, in order."""
        return self._rows

    def row_of(self, page_id: str) -> int | None:
        """Return the row of a page, or None."""
        return self._at.get(page_id)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row, or the words about it (also for screen readers)."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        shown = role == Qt.ItemDataRole.DisplayRole
        if not shown and role not in (
            Qt.ItemDataRole.AccessibleTextRole,
            Qt.ItemDataRole.ToolTipRole,
        ):
            return None
        if isinstance(row, CutRow):
            return f"{row.dossier}: {row.paper}" if row.dossier else row.paper
        words = stack_words.page_label if shown else stack_words.page_told
        return words(row.number, row.page, row.doubt)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Pages can be chosen and dragged, onto anything."""
        enabled = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsDropEnabled
        if index.isValid() and isinstance(self._rows[index.row()], PageRow):
            return enabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        return enabled

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        """Return what is dragged."""
        return [PAGES]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 - Qt's name
        """Return the pages of these rows."""
        dragged = QMimeData()
        found = [self._rows[at] for at in sorted({index.row() for index in indexes})]
        ids = [row.page.id for row in found if isinstance(row, PageRow)]
        dragged.setData(PAGES, "\n".join(ids).encode())
        return dragged

    def show_rows(self, new: tuple[Row, ...]) -> None:
        """Show these; rows that stay keep their place and selection."""
        if new is self._rows:
            return
        self._remove_gone({row.key for row in new})
        staying = {row.key for row in self._rows}
        self._insert_come(new, staying)
        changed = [at for at, row in enumerate(self._rows) if row is not new[at]]
        self._rows = new
        self._at = {row.key: at for at, row in enumerate(new)}
        for at in changed:
            self.dataChanged.emit(self.index(at), self.index(at))

    def _remove_gone(self, staying: set[str]) -> None:
        at = len(self._rows) - 1
        while at >= 0:
            last = at
            while at >= 0 and self._rows[at].key not in staying:
                at -= 1
            if at < last:
                self.beginRemoveRows(QModelIndex(), at + 1, last)
                self._rows = self._rows[: at + 1] + self._rows[last + 1 :]
                self.endRemoveRows()
            at -= 1

    def _insert_come(self, new: tuple[Row, ...], staying: set[str]) -> None:
        """Insert what is new, a run of rows at a time."""
        at = 0
        while at < len(new):
            end = at
            while end < len(new) and new[end].key not in staying:
                end += 1
            if end > at:
                self.beginInsertRows(QModelIndex(), at, end - 1)
                self._rows = self._rows[:at] + new[at:end] + self._rows[at:]
                self.endInsertRows()
            at = end + 1


def dragged_pages(data: QMimeData) -> list[str]:
    """Return the ids of the pages that are dragged."""
    text = bytes(data.data(PAGES).data()).decode()
    return [line for line in text.split("\n") if line]
