"""What is asked before a secret dossier is removed from this machine: what goes, and the end of its
code as a seal. Asked in the page, never in a box over the window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from digitizer.identifiers import normal_code
from ui.theme import GRID

_TAIL = 4
"""So many characters of the code are typed, as they are printed at its end."""


class RemovalLine(QWidget):
    """A sentence, a field, and a button that is of use once the field is right.

    Signals:
        sealed: The code was typed, and the button pressed.
        left: It is not to be.
    """

    sealed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code = ""
        self.words, self.asked = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.words.setProperty("role", "strong")
        for label in (self.words, self.asked):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.field = QLineEdit()
        self.field.setMaximumWidth(20 * GRID)
        self.remove = QPushButton(self.tr("Xóa sau 24 giờ"))
        self.remove.setProperty("role", "main")
        self.leave = QPushButton(self.tr("Thôi  Esc"))
        line = QHBoxLayout()
        line.setSpacing(GRID)
        for widget in (self.field, self.remove, self.leave):
            line.addWidget(widget)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.words)
        column.addWidget(self.asked)
        column.addLayout(line)
        self.field.textChanged.connect(self._allow)
        self.field.returnPressed.connect(self.remove.click)
        self.remove.clicked.connect(self.sealed)
        self.leave.clicked.connect(self.left)

    def ask(self, words: str, code: str) -> None:
        """Say what goes, and have the end of ``code`` typed."""
        self._code = code
        tail = self.tr("Gõ {0} ký tự cuối của mã hồ sơ").format(_TAIL)
        self.words.setText(words)
        self.asked.setText(
            self.tr("{0} ({1}) để xóa. Trong 24 giờ còn lấy lại được.").format(tail, code)
        )
        self.field.setAccessibleName(tail)
        self.field.clear()
        self._allow()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _allow(self) -> None:
        typed = self.field.text().strip()
        right = typed == self._code[-_TAIL:] or normal_code(typed) == self._code
        why = "" if right else self.tr("Gõ {0} ký tự cuối của mã hồ sơ").format(_TAIL)
        self.remove.setEnabled(right)
        self.remove.setToolTip(why)
        self.remove.setAccessibleDescription(why)
