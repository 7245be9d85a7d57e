"""The light of the counter's bar: does the open dossier count as digitized, and what is missing."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.light_words import RULE, Light, every
from ui.theme import GRID, Theme
from ui.widgets.shortened import Shortened
from ui.wording import Mark

_SIGN = 20
_TONES = {Mark.SENT: "good", Mark.WORKING: "accent"}


class LightSign(QWidget):
    """A shape and a sentence.

    Attributes:
        besides: What is missing besides; the bar has its place.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mark = Mark.EMPTY
        self._sign = QLabel()
        self._sign.setFixedSize(_SIGN, _SIGN)
        self.text, self.besides = Shortened("strong"), Shortened("soft")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(self._sign)
        line.addWidget(self.text)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def widest(self) -> int:
        """How many pixels the longest takes that it may say."""
        self.text.ensurePolished()
        metrics = self.text.fontMetrics()
        return max(metrics.horizontalAdvance(one) for one in every()) + _SIGN + GRID + 2

    def say(self, light: Light) -> None:
        """Show it."""
        self.text.say(light.text)
        self.besides.say(light.besides)
        said = f"{light.text}. {light.besides}" if light.besides else light.text
        self.setAccessibleName(said)
        rule = self.tr(RULE)
        self.setAccessibleDescription(rule)
        self.setToolTip(rule)
        if light.mark is not self._mark:
            self._mark = light.mark
            self._dress()

    def _dress(self) -> None:
        colour = self._theme.colour(_TONES.get(self._mark, "ink_soft"))
        ratio = self.devicePixelRatio()
        self._sign.setPixmap(self._theme.icons.pixmap(self._mark.value, colour, _SIGN, ratio))
