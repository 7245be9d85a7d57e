"""The line above the page: why it wants a look, or where it lies. Always two lines high, so that
the page below does not jump."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.theme import GRID, Theme

_SIGN = 20


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
        if doubtful != self._doubtful:
            self._doubtful = doubtful
            self._dress()

    def _dress(self) -> None:
        self.words.setFixedHeight(2 * self.fontMetrics().lineSpacing() + 2)
        self.setProperty("tone", "warn" if self._doubtful else "")
        self._sign.setVisible(self._doubtful)
        ratio = self.devicePixelRatio()
        colour = self._theme.colour("warn")
        self._sign.setPixmap(self._theme.icons.pixmap("trouble", colour, _SIGN, ratio))
        self.style().unpolish(self)
        self.style().polish(self)
