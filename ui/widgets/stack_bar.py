"""The bottom bar of *Quét lô*: the big button, how it scans, what is safe; what is left to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from digitizer.stacking import Stack
from ui import stack_words, wording
from ui.language import say
from ui.theme import GRID, Theme
from ui.widgets.profile_button import ProfileButton
from ui.widgets.scan_button import BETWEEN, SIDES, ScanButton, lay_out
from ui.widgets.shortened import Shortened


class StackBar(QWidget):
    """Signals say what was pressed; keys do the same without it."""

    scan = Signal()
    stop = Signal()
    following = Signal()
    accept = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scanning = self._on = False
        self._stack: Stack | None = None
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.scan_button = ScanButton(theme)
        self.scan_button.clicked.connect(self._press)
        self.profile = ProfileButton(theme)
        self.count = QLabel()
        self.count.setProperty("role", "count")
        self.doing = Shortened("soft", most=2)
        self.left = Shortened("soft", most=2)
        for words in (self.doing, self.left):
            words.allow(2, say(stack_words.BROKE_OFF))  # the bar does not grow when a stack jams
            words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.next_button = QPushButton(self.tr("Chỗ tiếp theo  Enter"))
        self.next_button.clicked.connect(self.following)
        self.accept_button = QPushButton(self.tr("Nhận  Ctrl+Enter"))
        self.accept_button.clicked.connect(self.accept)
        for button in (self.scan_button, self.profile, self.next_button, self.accept_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        lay_out(
            self,
            self.scan_button,
            self.profile,
            (self.count, self.doing, self.left),
            (self.next_button, self.accept_button),
        )
        theme.changed.connect(self._dress)
        self._dress()
        self.show_stack(None)

    def show_stack(self, stack: Stack | None) -> None:
        """Say how many pages are safe, what is left, and what can be done."""
        self._stack = stack
        self.count.setText(wording.saved(len(stack.pages)) if stack else "")
        self._tell()
        none = self.tr("Chưa có lô nào")
        nothing = none if stack is None else self.tr("Không còn chỗ nào cần xem")
        _can(self.next_button, "" if stack is not None and stack.doubts else nothing)

    def show_scanning(self, doing: str, name: str, *, on: bool) -> None:
        """Say what a scan is doing, or ("") that nothing is scanned.

        Args:
            doing: What it is doing.
            name: Where it scans to; this part of it gives way where room is short.
            on: The big button goes on with the stack that is shown.
        """
        before = (self._scanning, self._on)
        self._scanning, self._on = bool(doing), on
        self._tell()
        self.doing.say(doing, name)
        self.doing.setVisible(self._scanning)
        self.left.setVisible(not self._scanning)
        if before != (self._scanning, self._on):
            self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """See how much room there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The name of how it scans gives way to what the stack waits for."""
        buttons = (self.scan_button, self.next_button, self.accept_button)
        taken = 2 * SIDES + 6 * BETWEEN + GRID + sum(one.sizeHint().width() for one in buttons)
        self.profile.give_way(self.width() - taken - self.left.minimumSizeHint().width())

    def _tell(self) -> None:
        """Say what is left to do, and what accepting would mean now."""
        stack = self._stack
        self.left.say(stack_words.left(stack, on=self._on) if stack else "")
        waits = stack_words.not_ready(stack) if stack else self.tr("Chưa có lô nào")
        _can(self.accept_button, waits, say(stack_words.ACCEPTS_PART) if self._on else "")

    def _press(self) -> None:
        (self.stop if self._scanning else self.scan).emit()

    def _dress(self) -> None:
        name = "stop" if self._scanning else "scan"
        text = self.tr("Dừng  Esc") if self._scanning else self.tr("Quét lô  F5")
        if self._on and not self._scanning:
            text = self.tr("Quét tiếp lô  F5")
        self.scan_button.show_as(name, text)
        self._fit()


def _can(button: QPushButton, waits: str, note: str = "") -> None:
    """Enable a button, or say why it is not (``waits``); ``note``: what to know before a press."""
    button.setEnabled(not waits)
    button.setToolTip(waits or note)
    button.setAccessibleDescription(waits or note)
