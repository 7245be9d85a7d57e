"""The page of trial, as large as its place lets it be, or what will be there."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import GRID, Theme


class TrialPage(QWidget):
    """Paints one picture; nothing of it is kept anywhere."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = QImage()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def say(self, words: str) -> None:
        """Say what will be there."""
        self._picture, self._words = QImage(), words
        self.setAccessibleName(words)
        self.update()

    def show_picture(self, picture: QImage, words: str) -> None:
        """Show a page; ``words`` say what it is."""
        self._picture, self._words = picture, words
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return room for an upright sheet."""
        return QSize(40 * GRID, 56 * GRID)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the page on the table, or the words."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.colour("table"))
            room = self.rect().adjusted(2 * GRID, 2 * GRID, -2 * GRID, -2 * GRID)
            if self._picture.isNull():
                painter.setPen(self._theme.colour("ink_soft"))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(room, int(flags), self._words)
                return
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = self._picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(room.topLeft(), size)
            place.moveCenter(room.center())
            painter.drawImage(place, self._picture)
