"""What the window shows before a home is open: that it opens, why it cannot be opened, and *Mở khóa
kho* where it is encrypted and somebody has to open it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from digitizer.app import App
from digitizer.errors import DigitizerError, HomeSealed
from ui.commands import Command
from ui.homes import ASKED, LOCKED, RESCUING, HomeOpener, Rescue
from ui.language import say
from ui.theme import GRID, Theme
from ui.widgets.form import Words

if TYPE_CHECKING:
    from ui.screens.unlock import Unlock

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
        self._unlock: Unlock | None = None
        self._column = column = QVBoxLayout(self)
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

    @property
    def unlock(self) -> Unlock:
        """*Mở khóa kho*, made when it is first asked for: few homes have a lock."""
        if self._unlock is None:
            from ui.screens.unlock import Unlock

            self._unlock = made = Unlock(self._theme)
            made.setFixedWidth(_WIDTH)
            made.given.connect(self._give)
            made.rescued.connect(self._rescue)
            made.turned.connect(self._dress)
            made.hide()
            last = self._column.count() - 1  # what stretches stays below
            self._column.insertWidget(last, made, 0, Qt.AlignmentFlag.AlignHCenter)
        return self._unlock

    def do(self, command: Command) -> None:
        """Do what a key asks for while no home is open."""
        if command is Command.STOP and self._unlock is not None and self._unlock.isVisible():
            self._unlock.leave()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """The home is open: nothing that was typed stays."""
        super().hideEvent(event)
        if self._unlock is not None:
            self._unlock.forget()

    def show_opening(self, hint: str = "") -> None:
        """Say that the home is being opened, and with ``hint`` why that may take a while."""
        self._sign.clear()
        self.title.setText(self.tr("Đang mở kho hồ sơ…"))
        self.hint.setText(hint)
        self.detail.setText("")
        self.button.hide()
        if self._unlock is not None:
            self._unlock.hide()

    def show_trouble(self, error: DigitizerError) -> None:
        """Say why it cannot be opened and what to do; ask for what opens it."""
        locked = isinstance(error, LOCKED) and self._opener is not None
        if not (locked and isinstance(error, RESCUING)):
            self._error = error
        self.button.show()
        if locked:
            self.unlock.show()
            self.unlock.meet(error)
        elif self._unlock is not None:
            self._unlock.hide()
        self._dress()
        if not self.button.isHidden():
            self.button.setFocus()

    def _dress(self) -> None:
        """Say what is asked for now."""
        error = self._error
        if error is None:
            return
        shut = self._unlock is not None and self._unlock.isVisibleTo(self)
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
