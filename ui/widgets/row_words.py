"""The words of a row below its name: a state in its own colour, then a sentence, on as many lines
as they take."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)


class RowWords(Struct, frozen=True):
    """Them, in a font."""

    font: QFont
    state: str
    rest: str

    def lines(self, width: int) -> int:
        """Return how many lines they take in so many pixels; one at least."""
        text = self.state + self.rest
        if QFontMetrics(self.font).horizontalAdvance(text) <= width:
            return 1
        return max(1, self._laid_out(width).lineCount())

    def paint(self, painter: QPainter, place: QRect, state: QColor, rest: QColor) -> None:
        """Draw them at the top of a place."""
        layout = self._laid_out(place.width())
        whole = QTextCharFormat()
        whole.setForeground(state)
        of_state = QTextLayout.FormatRange()
        of_state.start, of_state.length, of_state.format = 0, len(self.state), whole
        painter.setPen(rest)
        layout.draw(painter, QPointF(place.topLeft()), [of_state])

    def _laid_out(self, width: int) -> QTextLayout:
        layout = QTextLayout(self.state + self.rest, self.font)
        layout.setTextOption(QTextOption())
        line_height = QFontMetrics(self.font).height()
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1.0, float(width)))
            line.setPosition(QPointF(0, line_height * (layout.lineCount() - 1)))
        layout.endLayout()
        return layout
