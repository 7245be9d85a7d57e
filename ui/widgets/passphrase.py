"""Fields for the passphrase of an encrypted home: one to open it, two for a new one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from digitizer.homekeys import LEAST
from ui.language import say
from ui.theme import GRID

_HIDDEN, _SEEN = QLineEdit.EchoMode.Password, QLineEdit.EchoMode.Normal


class PassphraseField(QWidget):
    """A field whose letters can be seen for as long as one wants.

    Signals:
        entered: Enter was pressed in it.
        changed: Something else stands in it.
    """

    entered = Signal()
    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """``name``: what a screen reader calls it."""
        super().__init__(parent)
        self.field = QLineEdit(echoMode=_HIDDEN)
        self.field.setAccessibleName(name)
        self.shows = QPushButton(self.tr("Hiện"))
        self.shows.setCheckable(True)
        self.shows.setAccessibleName(self.tr("Hiện chữ của: {0}").format(name))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(self.field, 1)
        line.addWidget(self.shows)
        self.setFocusProxy(self.field)
        self.shows.toggled.connect(self._show)
        self.field.returnPressed.connect(self.entered)
        self.field.textChanged.connect(self.changed)

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.field.text()

    def clear(self) -> None:
        """Empty it, so that nothing is left to be undone, and hide its letters again."""
        self.field.setText("")
        self.shows.setChecked(False)

    def again(self) -> None:
        """Have it typed, over what stands in it."""
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, seen: bool) -> None:
        self.field.setEchoMode(_SEEN if seen else _HIDDEN)
        self.shows.setText(self.tr("Ẩn") if seen else self.tr("Hiện"))


def lacking(first: str, again: str) -> str:
    """PURE: say what a new passphrase that was typed twice lacks; nothing where it will do."""
    if len(first) < LEAST:
        return say(
            "Mật khẩu kho cần ít nhất {0} ký tự; dễ nhớ nhất là bốn, năm từ không liên quan.", LEAST
        )
    if first != again:
        return say("Hai lần gõ mật khẩu kho chưa giống nhau.")
    return ""
