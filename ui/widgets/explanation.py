"""The sheet of F1: what this place is for; F1 again, or its button, opens the guide there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.explaining import Explained
from ui.language import say
from ui.theme import GRID
from ui.widgets.sheet import Sheet

_WIDTH = 80 * GRID


class Explanation(Sheet):
    """Explains one place at a time.

    Signals:
        asked: The guide is wanted, at this section (str).
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._section = ""
        self.title = QLabel()
        self.title.setProperty("role", "name")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(GRID)
        self.more = QPushButton(self.tr("Mở hướng dẫn  F1"))
        self.more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.more.clicked.connect(self._ask)
        note = QLabel(self.tr("Phím bất kỳ: đóng.   ?  các phím tắt"))
        note.setProperty("role", "soft")
        below = QHBoxLayout()
        below.addWidget(note, 1)
        below.addWidget(self.more)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(2 * GRID)
        whole.addWidget(self.title)
        whole.addLayout(self._lines)
        whole.addLayout(below)

    def explain(self, title: str, explained: Explained) -> None:
        """Show what a place is for."""
        self._section = explained.section
        self.title.setText(title)
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        said = [say(line) for line in explained.lines]
        for text in said:
            line = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
            line.setMinimumWidth(_WIDTH)
            self._lines.addWidget(line)
        self.setAccessibleName(title)
        self.setAccessibleDescription("\n".join(said))
        self.toggle()

    def answers(self, event: QKeyEvent) -> bool:
        """F1 once more opens the guide."""
        if event.key() == Qt.Key.Key_F1:
            self._ask()
            return True
        return super().answers(event)

    def _ask(self) -> None:
        self.hide()
        self.asked.emit(self._section)
