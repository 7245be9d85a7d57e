"""The ground of a drawn row: the chosen one has a bar at its left as well as a colour."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

from ui.theme import Theme

_BAR = 4


def paint_ground(painter: QPainter, row: QRect, state: QStyle.StateFlag, theme: Theme) -> None:
    """Paint what lies under a row (pixels) that is chosen, or that the pointer is over."""
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(row, theme.colour("accent_soft"))
        painter.fillRect(QRect(row.left(), row.top(), _BAR, row.height()), theme.colour("accent"))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(row, theme.colour("paper"))
