"""What the window shows before a home is open: that it opens, why it cannot be opened, and *Mở khóa
kho* where it is encrypted and somebody has to open it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from digitizer.app import App
from digitizer.errors import DigitizerError, HomeSealed
from ui.commands import Command
from ui.homes import HomeOpener, Rescue
from ui.language import say
from ui.screens.unlock import ASKED, LOCKED, RESCUING, Unlock
from ui.theme import GRID, Theme
from ui.widgets.form import Words

_WIDTH = 72 * GRID
_SIGN = 48


class Opening(QWidget):
    """One sentence, what to do, and a button to try again.

    Signals:
        again: Try to open the home again.
    """

    again = Signal()

    def __init__(
        self, theme: Theme, open_app: Callable[[], App], parent: QWidget | None = None
    ) -> None:
        """``open_app``: opens the home; what is typed here is given to a ``HomeOpener``."""
        super().__init__(parent)
        self._theme = theme
        self._opener = open_app if isinstance(open_app, HomeOpener) else None
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sign = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self.title = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self.title.setProperty("role", "title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.hint, self.detail = Words("said"), Words("soft")
        for words in (self.hint, self.detail):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.button = QPushButton(self.tr("Thử lại"))
        self.button.setProperty("role", "main")
        self.button.clicked.connect(self.again)
        self._error: DigitizerError | None = None
        self.unlock = Unlock(theme)
        self.unlock.setFixedWidth(_WIDTH)
        self.unlock.given.connect(self._give)
        self.unlock.rescued.connect(self._rescue)
        self.unlock.turned.connect(self._dress)
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
        column.addWidget(self.unlock, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.show_opening()

    def do(self, command: Command) -> None:
        """Do what a key asks for while no home is open."""
        if command is Command.STOP and self.unlock.isVisible():
            self.unlock.leave()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """The home is open: nothing that was typed stays."""
        super().hideEvent(event)
        self.unlock.forget()

    def show_opening(self, hint: str = "") -> None:
        """Say that the home is being opened, and with ``hint`` why that may take a while."""
        self._sign.clear()
        self.title.setText(self.tr("Đang mở kho hồ sơ…"))
        self.hint.setText(hint)
        self.detail.setText("")
        self.button.hide()
        self.unlock.hide()

    def show_trouble(self, error: DigitizerError) -> None:
        """Say why it cannot be opened and what to do; ask for what opens it."""
        locked = isinstance(error, LOCKED) and self._opener is not None
        if not (locked and isinstance(error, RESCUING)):
            self._error = error
        self.button.show()
        self.unlock.setVisible(locked)
        if locked:
            self.unlock.meet(error)
        self._dress()
        if not self.button.isHidden():
            self.button.setFocus()

    def _dress(self) -> None:
        """Say what is asked for now."""
        error = self._error
        if error is None:
            return
        shut = self.unlock.isVisibleTo(self)
        rescuing = shut and self.unlock.rescuing
        mark, tone = ("lock", "accent") if shut else ("bad", "bad")
        colour, ratio = self._theme.colour(tone), self.devicePixelRatio()
        self._sign.setPixmap(self._theme.icons.pixmap(mark, colour, _SIGN, ratio))
        if rescuing:
            self.title.setText(self.tr("Mở kho bằng khóa khôi phục"))
            self.hint.setText(
                self.tr("Gõ khóa trên giấy, hoặc đưa mã vuông trên tờ đó vào đầu đọc.")
            )
        elif shut and isinstance(error, ASKED):
            self.title.setText(say(HomeSealed.title))
            self.hint.setText(say(HomeSealed.hint))
        else:
            self.title.setText(say(error.title))
            self.hint.setText(say(error.hint))
        self.detail.setText("" if shut else error.detail)
        self.button.setVisible(not rescuing and not (shut and isinstance(error, ASKED)))

    def _give(self, passphrase: str) -> None:
        if self._opener is not None:
            self._opener.give(passphrase)
            self.again.emit()

    def _rescue(self, rescue: Rescue) -> None:
        if self._opener is not None:
            self._opener.rescue(rescue)
            self.again.emit()
