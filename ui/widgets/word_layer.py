"""What is drawn over a page: the words that were read on it, and where a text was found.

Paper is light whatever the window is, so the colours are those of the light palette.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from digitizer.model import Page
from ui import work_words
from ui.seen_words import PageWords, SeenWord, table_of
from ui.theme import Theme
from ui.tokens import LIGHT
from ui.zoom import on_view

_COVER = 232
_FOUND = "#f2b200"
_MARKED, _CURRENT = 70, 120
_LETTERS = 0.78
"""The size of letters in a box that holds the ones with marks above and below."""
_SIGN = 7.0

Place = tuple[QRectF, ...]
"""Where a text stands, in parts of the page: one piece on each line that it runs over."""


class WordLayer:
    """Holds words and found places by the ids of pages; a ``Layer`` of the page view."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.words: dict[str, PageWords] = {}
        self.shows = False
        self.found: dict[str, tuple[Place, ...]] = {}
        self.current: tuple[str, int] | None = None

    def of(self, page: Page) -> PageWords | None:
        """Return the words of a page as it is now, if they are here."""
        words = self.words.get(page.id)
        now = (table_of(page), page.read)
        return words if words is not None and (words.tsv, words.read) == now else None

    def paint(self, painter: QPainter, place: QRectF, page: Page) -> None:
        """Draw over a page that lies at ``place``."""
        words = self.of(page) if self.shows else None
        if words is not None:
            painter.save()
            for word in words.words:
                left, _, width, _ = word.part
                box = QRectF(left, word.line[0], width, word.line[1])
                self._paint_word(painter, on_view(box, place), word)
            painter.restore()
        for number, pieces in enumerate(self.found.get(page.id, ())):
            current = self.current == (page.id, number)
            for piece in pieces:
                self._paint_found(painter, on_view(piece, place), current=current)

    def tip(self, at: QPointF, page: Page) -> str:
        """Say how a word was read."""
        words = self.of(page) if self.shows else None
        for word in words.words if words else ():
            if QRectF(*word.part).contains(at):
                return work_words.about_word(word.text, word.raw, word.confidence)
        return ""

    def _paint_word(self, painter: QPainter, box: QRectF, word: SeenWord) -> None:
        ground = QColor(LIGHT.paper)
        ground.setAlpha(_COVER)
        painter.fillRect(box, ground)
        tone = LIGHT.warn if word.doubtful else LIGHT.accent if word.raw else LIGHT.ink
        colour = QColor(tone)
        font = QFont(self._theme.font())
        font.setPixelSize(max(1, round(box.height() * _LETTERS)))
        metrics = QFontMetricsF(font)
        across = max(metrics.horizontalAdvance(word.text), 1.0)
        painter.save()
        painter.translate(box.left(), box.center().y())
        painter.scale(min(box.width() / across, 1.6), 1.0)
        painter.setFont(font)
        painter.setPen(colour)
        height = metrics.height()
        painter.drawText(
            QRectF(0, -height / 2, across + 1, height), Qt.AlignmentFlag.AlignLeft, word.text
        )
        painter.restore()
        if word.doubtful or word.raw:
            self._paint_sign(painter, box, colour, mended=bool(word.raw) and not word.doubtful)

    def _paint_sign(self, painter: QPainter, box: QRectF, colour: QColor, *, mended: bool) -> None:
        """Draw a line below, broken where the word is doubtful, and a triangle or a diamond."""
        style = Qt.PenStyle.SolidLine if mended else Qt.PenStyle.DashLine
        painter.setPen(QPen(colour, 2, style))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        at, half = box.topLeft(), _SIGN / 2
        if mended:
            corners = [(0, -half), (half, 0), (0, half), (-half, 0)]
        else:
            corners = [(0, -half), (half, half), (-half, half)]
        painter.drawPolygon(QPolygonF([at + QPointF(x, y) for x, y in corners]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_found(self, painter: QPainter, box: QRectF, *, current: bool) -> None:
        wide = box.adjusted(-3, -2, 3, 2)
        ground = QColor(_FOUND)
        ground.setAlpha(_CURRENT if current else _MARKED)
        painter.fillRect(wide, ground)
        if current:
            painter.setPen(QPen(QColor(LIGHT.accent), 2))
            painter.drawRect(wide)
