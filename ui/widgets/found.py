"""One found dossier, drawn on two lines: name and code, then procedure and day."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from digitizer.model import Dossier
from ui import wording
from ui.models.heads import DOSSIER_ROLE
from ui.theme import GRID, Theme
from ui.widgets.row_ground import paint_ground

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Found(QStyledItemDelegate):
    """Draws a row of ``DossierList``.

    Attributes:
        theme: What it is dressed in.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of two lines."""
        line: int = option.fontMetrics.height()
        return QSize(40 * GRID, 2 * line + 3 * GRID)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw it; the chosen one has a bar at its left as well as a ground."""
        dossier: Dossier | None = index.data(DOSSIER_ROLE)
        if dossier is None:
            return
        row: QRect = option.rect
        painter.save()
        paint_ground(painter, row, option.state, self.theme)
        line = self.theme.colour("line")
        painter.fillRect(row.left(), self.hairline(row), row.width(), 1, line)
        inner = row.adjusted(2 * GRID, GRID + 2, -2 * GRID, -GRID - 2)
        half = inner.height() // 2
        top = QRect(inner.left(), inner.top(), inner.width(), half)
        below = QRect(inner.left(), inner.top() + half, inner.width(), half)
        self._line(painter, top, wording.name_of(dossier), dossier.name, bold=True)
        when = wording.opened(dossier) or wording.day(dossier.opened_at)
        self._line(painter, below, wording.about(dossier), when, bold=False)
        painter.restore()

    def hairline(self, row: QRect) -> int:
        """Return where the line lies that parts a row from others."""
        return row.bottom()

    def _line(self, painter: QPainter, place: QRect, left: str, right: str, *, bold: bool) -> None:
        colour = self.theme.colour
        painter.setFont(self.theme.font(bold=bold))
        painter.setPen(colour("accent" if bold else "ink_soft"))
        painter.drawText(place, _RIGHT, right)
        room = place.width() - painter.fontMetrics().horizontalAdvance(right) - 2 * GRID
        short = painter.fontMetrics().elidedText(left, Qt.TextElideMode.ElideRight, room)
        painter.setPen(colour("ink" if bold else "ink_soft"))
        painter.drawText(place, _LEFT, short)
