"""A procedure that is known here, drawn on one line: its name, then its code and papers."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from digitizer.catalogue import Procedure
from ui.language import say
from ui.models.procedures import PROCEDURE_ROLE
from ui.theme import GRID, Theme
from ui.widgets.row_ground import paint_ground

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ProcedureRow(QStyledItemDelegate):
    """Draws a row of ``ProcedureList``."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height of a line with air around it."""
        return QSize(40 * GRID, option.fontMetrics.height() + 2 * GRID)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw it; the chosen one has a bar at its left as well as a ground."""
        procedure: Procedure | None = index.data(PROCEDURE_ROLE)
        if procedure is None:
            return
        row: QRect = option.rect
        painter.save()
        paint_ground(painter, row, option.state, self._theme)
        painter.fillRect(row.left(), row.bottom(), row.width(), 1, self._theme.colour("line"))
        inner = row.adjusted(2 * GRID, 0, -2 * GRID, 0)
        right = f"{procedure.code} · {say('{0} giấy tờ', len(procedure.papers))}"
        painter.setFont(self._theme.font())
        painter.setPen(self._theme.colour("ink_soft"))
        painter.drawText(inner, _RIGHT, right)
        metrics = painter.fontMetrics()
        room = inner.width() - metrics.horizontalAdvance(right) - 3 * GRID
        painter.setPen(self._theme.colour("ink"))
        short = metrics.elidedText(procedure.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, _LEFT, short)
        painter.restore()
