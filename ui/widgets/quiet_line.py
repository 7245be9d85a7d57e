"""One quiet line: a question that waits for a key, what a key did, or what is chosen. Screen
readers are told of each."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from ui.language import say
from ui.widgets.shortened import Shortened

_SECONDS = 8


class QuietLine(Shortened):
    """Shows the most pressing of the three, or nothing.

    Signals:
        changed: It says something else, or nothing.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__("soft")
        self._asked = self._told = self._standing = ""
        self._fading = QTimer(self, singleShot=True, interval=_SECONDS * 1000)
        self._fading.timeout.connect(lambda: self.tell(""))
        self.hide()

    def ask(self, text: str) -> None:
        """Ask until it is answered (empty)."""
        self._asked, self._told = say(text), ""
        self._show()

    def tell(self, text: str, *, standing: bool = False) -> None:
        """Say what was done, for a while; or what holds now (``standing``)."""
        if standing:
            self._standing = say(text)
        else:
            self._told = say(text)
            self._fading.start()
        self._show()

    def _show(self) -> None:
        text = self._told or self._asked or self._standing
        role = "asked" if text and text == self._asked else "soft"
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
        if text and text != self.text():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        self.say(text)
        self.setVisible(bool(text))
        self.changed.emit()
