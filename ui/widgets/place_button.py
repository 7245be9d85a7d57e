"""A place on the rail: icon, name, and at its right edge how much waits there."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from ui.icons import ICON
from ui.theme import GRID, Theme

_MOST = 999


class PlaceButton(QPushButton):
    """Checked where the clerk is."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setCheckable(True)
        self._theme = theme
        self._name = name
        self._count = 0
        self._urgent = False
        self.setProperty("role", "place")
        self.setIconSize(ICON)
        self.setAccessibleName(name)

    def show_count(self, count: int, *, urgent: bool) -> None:
        """Say how much waits; nothing for 0. ``urgent``: it needs a hand."""
        if (count, urgent) == (self._count, self._urgent):
            return
        self._count, self._urgent = count, urgent
        self.setAccessibleName(f"{self._name}, {count}" if count else self._name)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Leave room for a count of two digits, however large the type is."""
        room = QFontMetrics(self._theme.font(bold=True)).horizontalAdvance("00") + GRID
        return super().sizeHint() + QSize(room, 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the count over the button."""
        super().paintEvent(event)
        if not self._count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(bold=True))
        text = str(self._count) if self._count <= _MOST else f"{_MOST}+"
        metrics = painter.fontMetrics()
        width = max(metrics.horizontalAdvance(text) + GRID, metrics.height())
        place = QRect(0, 0, width, metrics.height())
        place.moveCenter(self.rect().center())
        place.moveRight(self.width() - GRID)
        if self._urgent:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("warn_soft"))
            painter.drawRoundedRect(place, GRID // 2, GRID // 2)
        painter.setPen(self._theme.colour("warn" if self._urgent else "ink_soft"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
