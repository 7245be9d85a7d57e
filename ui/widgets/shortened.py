"""A label of one line that shortens what does not fit, and says the whole on hover."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout


class Shortened(QLabel):
    """Shows the beginning of its text where room is short; screen readers get all of it."""

    def __init__(self, role: str) -> None:
        """``role``: how the style sheet dresses it."""
        super().__init__()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def say(self, text: str) -> None:
        """Show ``text``."""
        if text != self.text():
            self.setText(text)
            self.setToolTip(text)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the whole text."""
        metrics = self.fontMetrics()
        margins = self.contentsMargins()
        sides = margins.left() + margins.right()
        return QSize(metrics.horizontalAdvance(self.text()) + sides + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of a few letters."""
        return QSize(self.fontMetrics().averageCharWidth() * 8, self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw as much as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        place = self.contentsRect()
        short = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, int(self.alignment()), short)


def heading(*lines: Shortened) -> QVBoxLayout:
    """Return the lines of a head, one under another, each as wide as there is room."""
    head = QVBoxLayout()
    head.setSpacing(0)
    for words in lines:
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        head.addWidget(words)
    return head
