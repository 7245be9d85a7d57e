"""A box to tick, with a frame and a tick that can be seen on every ground."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from ui.theme import GRID, Theme

_BOX = 20
_ROUND = 4.0


class Tick(QCheckBox):
    """Space turns it, as any check box."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(text)
        self._theme = theme
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of box and words."""
        width = _BOX + GRID + self.fontMetrics().horizontalAdvance(self.text()) + 2
        return QSize(width, max(_BOX, self.fontMetrics().height()) + GRID)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same: words are never cut."""
        return self.sizeHint()

    def hitButton(self, position: QPoint) -> bool:  # noqa: N802 - Qt's name
        """Take a press on the box and on its words."""
        return position.x() <= self.sizeHint().width()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the box, the tick, the words."""
        theme, on = self._theme, self.isChecked()
        top = (self.height() - _BOX) / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            live = self.isEnabled()
            line = "accent" if live and (on or self.hasFocus()) else "ink_soft"
            painter.setPen(QPen(theme.colour(line), 2.0 if self.hasFocus() else 1.0))
            painter.setBrush(
                theme.colour("ground" if not live else "accent_soft" if on else "paper")
            )
            painter.drawRoundedRect(QRectF(1, top + 1, _BOX - 2, _BOX - 2), _ROUND, _ROUND)
            if on:
                side = _BOX - 6
                tick = theme.icons.pixmap(
                    "check",
                    theme.colour("accent" if live else "ink_soft"),
                    side,
                    self.devicePixelRatio(),
                )
                painter.drawPixmap(3, round(top) + 3, tick)
            painter.setPen(theme.colour("ink" if live else "ink_soft"))
            words = self.rect().adjusted(_BOX + GRID, 0, 0, 0)
            painter.drawText(
                words,
                int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter),
                self.text(),
            )
