"""What the window shows before a home is open: that it opens, or why it cannot be opened."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from digitizer.errors import DigitizerError
from ui.language import say
from ui.theme import GRID, Theme

_WIDTH = 72 * GRID
_SIGN = 48


class Opening(QWidget):
    """One sentence, what to do, and a button to try again.

    Signals:
        again: Try to open the home again.
    """

    again = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sign = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self.title = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self.title.setProperty("role", "title")
        self.hint = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.detail = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.detail.setProperty("role", "soft")
        for label in (self.title, self.hint, self.detail):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton(self.tr("Thử lại"))
        self.button.setProperty("role", "main")
        self.button.clicked.connect(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * GRID, 0, 4 * GRID, 0)
        column.setSpacing(2 * GRID)
        column.addStretch(2)
        column.addWidget(self._sign)
        column.addWidget(self.title)
        for label in (self.hint, self.detail):
            label.setMaximumWidth(_WIDTH)
            label.setMinimumWidth(_WIDTH)
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.show_opening()

    def show_opening(self, hint: str = "") -> None:
        """Say that the home is being opened, and with ``hint`` why that may take a while."""
        self._sign.clear()
        self.title.setText(self.tr("Đang mở kho hồ sơ…"))
        self.hint.setText(hint)
        self.detail.setText("")
        self.button.hide()

    def show_trouble(self, error: DigitizerError) -> None:
        """Say why it cannot be opened and what to do."""
        colour = self._theme.colour("bad")
        self._sign.setPixmap(
            self._theme.icons.pixmap("bad", colour, _SIGN, self.devicePixelRatio())
        )
        self.title.setText(say(error.title))
        self.hint.setText(say(error.hint))
        self.detail.setText(error.detail)
        self.button.show()
        self.button.setFocus()
