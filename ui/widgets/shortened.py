"""A label of one line, or few, that shortens what does not fit, and says the whole on hover."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout

from ui.widgets.few_lines import in_few_lines

_END = Qt.TextElideMode.ElideRight
_FEW = 4
"""Letters of a name; fewer name nobody."""


class Shortened(QLabel):
    """Shows the beginning of its text where room is short; screen readers get all of it.

    A name in the text gives way first, so that what is said of it is read to its end.
    """

    def __init__(self, role: str, *, most: int = 1) -> None:
        """``role``: how the style sheet dresses it; ``most``: lines it may take."""
        super().__init__()
        self._most = most
        self._name = self._kept = ""
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def say(self, text: str, name: str = "") -> None:
        """Show ``text``; ``name`` in it gives way."""
        self._name = name
        if text != self.text():
            self.setText(text)
            self.setToolTip(text)

    def allow(self, most: int, kept: str = "") -> None:
        """Take so many lines at most from now on, and always as many as ``kept`` would."""
        if (most, kept) != (self._most, self._kept):
            self._most, self._kept = most, kept
            self.updateGeometry()

    @property
    def wanted(self) -> int:
        """How many pixels the whole text takes in one line."""
        margins = self.contentsMargins()
        sides = margins.left() + margins.right()
        return self.fontMetrics().horizontalAdvance(self.text()) + sides + 2

    def lines_at(self, width: int) -> list[str]:
        """Return the lines that are shown in a label of so many pixels."""
        margins = self.contentsMargins()
        room = max(1, width - margins.left() - margins.right())
        metrics, text = self.fontMetrics(), self.text()
        if self._most == 1:
            return [metrics.elidedText(shorten(text, self._name, metrics, room), _END, room)]
        whole = room
        lines = in_few_lines(text, metrics, room, most=self._most)
        while lines[-1].endswith("…") and not text.endswith("…") and whole > 0:
            short = shorten(text, self._name, metrics, self._most * whole)
            if short != text:
                lines = in_few_lines(short, metrics, room, most=self._most)
            whole -= metrics.averageCharWidth()
        return [line.removeprefix("· ") for line in lines]

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the whole text."""
        lines = 1
        if self._most > 1 and self.width() > 1:
            kept = in_few_lines(self._kept, self.fontMetrics(), self.width(), most=self._most)
            lines = max(len(self.lines_at(self.width())), len(kept))
        return QSize(self.wanted, lines * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of a few letters."""
        few = self.fontMetrics().averageCharWidth() * (8 if self._most == 1 else 18)
        return QSize(few, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another width may call for other lines."""
        super().resizeEvent(event)
        if self._most > 1 and event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw as much as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = "\n".join(self.lines_at(self.width()))
        painter.drawText(self.contentsRect(), int(self.alignment()), shown)


def shorten(text: str, name: str, metrics: QFontMetrics, room: int) -> str:
    """Return ``text`` with as much of ``name`` as leaves room for all else; without it, and what
    parts it from the rest, where there is room for none of it."""
    if not name or name not in text or metrics.horizontalAdvance(text) <= room:
        return text
    rest = metrics.horizontalAdvance(text.replace(name, "", 1))
    short = metrics.elidedText(name, _END, max(0, room - rest))
    if len(short) > _FEW:
        return text.replace(name, short, 1)
    return text.removeprefix(f"{name} · ")


def heading(*lines: Shortened) -> QVBoxLayout:
    """Return the lines of a head, one under another, each as wide as there is room; where that is
    short each takes two."""
    head = QVBoxLayout()
    head.setSpacing(0)
    for words in lines:
        words.allow(2)
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        head.addWidget(words)
    return head
