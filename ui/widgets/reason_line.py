"""The line above the page: why it wants a look, or where it lies. As high as the longest reasons
need at its width, whatever it says, so that the page below does not jump."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.theme import GRID, Theme

_SIGN = 20
_LONGEST = 140
"""Letters of a long reason with its keys."""
_LINES = (2, 4)


class ReasonLine(QFrame):
    """Shows one sentence, with a shape where it is about a doubt."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._doubtful = False
        self.setObjectName("banner")
        self._sign = QLabel()
        self._sign.setFixedSize(_SIGN, _SIGN)
        self.words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        line.setSpacing(GRID)
        line.addWidget(self._sign)
        line.addWidget(self.words, 1)
        theme.changed.connect(self._dress)
        self._dress()

    def say(self, words: str, *, doubtful: bool) -> None:
        """Say why a page wants a look, or (not ``doubtful``) where it lies."""
        if words != self.words.text():
            self.words.setText(words)
            self.words.setToolTip(words)
            self.setAccessibleName(words)
            self._stand()
        if doubtful != self._doubtful:
            self._doubtful = doubtful
            self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Be as high as this width needs."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        room = max(1, self.width() - 5 * GRID - _SIGN)
        lines = math.ceil(_LONGEST * metrics.averageCharWidth() / room)
        lines = min(max(lines, _LINES[0]), _LINES[1])
        self.words.setFixedHeight(lines * (metrics.lineSpacing() + 1))
        self._stand()

    def _stand(self) -> None:
        """Stand in the middle; where all that is too long, show its beginning."""
        long = self.words.heightForWidth(self.words.width()) > self.words.height()
        across = Qt.AlignmentFlag.AlignTop if long else Qt.AlignmentFlag.AlignVCenter
        self.words.setAlignment(Qt.AlignmentFlag.AlignLeft | across)

    def _dress(self) -> None:
        self._fit()
        self.setProperty("tone", "warn" if self._doubtful else "")
        self._sign.setVisible(self._doubtful)
        ratio = self.devicePixelRatio()
        colour = self._theme.colour("warn")
        self._sign.setPixmap(self._theme.icons.pixmap("trouble", colour, _SIGN, ratio))
        self.style().unpolish(self)
        self.style().polish(self)
