"""Some lines of words with buttons at their ends: what is there, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.folder_words import Line
from ui.language import say
from ui.theme import GRID
from ui.widgets.form import TALL, Words
from ui.widgets.shortened import Shortened

MOST = 20
"""So many lines are shown: those behind them come up as the first are dealt with."""


class Lines(QWidget):
    """Shows lines; one that stays keeps its widgets, and so the focus.

    Signals:
        pressed: The key of a line, and the words of the button.
    """

    pressed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, _Row] = {}
        self.setProperty(TALL, True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self._more = QLabel()
        self._more.setProperty("role", "soft")
        self._column.addWidget(self._more)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these, in this order."""
        shown = {line.key: line for line in lines[:MOST]}
        for key in [key for key in self._rows if key not in shown]:
            gone = self._rows.pop(key)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for at, (key, line) in enumerate(shown.items()):
            row = self._rows.get(key)
            if row is None:
                row = self._rows[key] = _Row(self, line)
                self._column.insertWidget(at, row)
            row.say(line)
        more = len(lines) - len(shown)
        self._more.setText(self.tr("và {0} nữa").format(more))
        self._more.setVisible(more > 0)

    def button(self, key: str, act: str) -> QPushButton:
        """Return a line's button. Raises ``KeyError``."""
        return self._rows[key].buttons[act]


class _Row(QWidget):
    def __init__(self, lines: Lines, line: Line) -> None:
        super().__init__(lines)
        self._title = Shortened("said")
        self._words = Words("soft")
        self.buttons = {act: QPushButton(say(act)) for act in line.acts}
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._title)
        texts.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addLayout(texts, 1)
        for act, button in self.buttons.items():
            button.setAccessibleName(f"{say(act)}: {line.title}")
            button.clicked.connect(lambda _=False, act=act: lines.pressed.emit(line.key, act))
            row.addWidget(button)

    def say(self, line: Line) -> None:
        self._title.say(line.title)
        if self._words.text() != line.words:
            self._words.setText(line.words)
