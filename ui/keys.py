"""Keys: tells what a clerk presses from what a barcode reader types.

A reader types a whole code within a blink and ends with Enter. Single letters and digits are
therefore held for a moment: alone they are commands, in a burst they are a bar code. Sits on the
window's native handle, in front of every widget; leaves text fields alone, but for those in which
text is only looked for (``SEEKS``): a bar code is taken out of them again.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from ui.commands import ANYWHERE, LETTERS, OUTSIDE_TEXT, Command

_BURST_MS = 80
"""A reader's keys come closer than this, a person's do not."""
_LATE_MS, _MOST_LATE = 20, 20
"""A timer that is later than this was held up by a busy window, and so are keys; so often it is
set anew."""
_CODE_AT_LEAST = 6
SEEKS = "seeks"
"""The property of a field in which nobody means to keep a bar code."""

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_HELD_DOWN = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
)
"""Keys that are no key of their own: a reader presses Shift before each capital of a code."""
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

_ARROWS = {
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Down: (0, 1),
    Qt.Key.Key_Up: (0, -1),
}


def _pans_nothing(_dx: int, _dy: int) -> bool:
    return False


def _asks_for_help(event: QKeyEvent, focus: QWidget | None) -> bool:
    """Tell whether ``?`` is meant for the window though a search field has the focus: nothing that
    is sought begins with it."""
    if not isinstance(focus, QLineEdit) or focus.objectName() != "search" or focus.text():
        return False
    return LETTERS.get(event.text()) is Command.HELP


def _no_field() -> QLineEdit | None:
    return None


def _text(event: QKeyEvent) -> str:
    """Return what a key types where Caps Lock is off: a command, like a code, does not depend on
    it."""
    text = event.text()
    if not text.isalpha():
        return text
    return text.upper() if event.modifiers() & _SHIFT else text.lower()


def _is_code(typed: str) -> bool:
    return len(typed) >= _CODE_AT_LEAST and any(letter.isdigit() for letter in typed)


def _hand(choice: QWidget, typed: str) -> None:
    """Give a choice the letters that were held; a field has them."""
    if isinstance(choice, QComboBox) and not _is_code(typed):
        for letter in typed:
            press = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(choice, press)


class Keys(QObject):
    """Filters the keys of one window.

    Signals:
        pressed: A ``Command``.
        digit: 1–9: that paper.
        barcode: What a reader typed, without its Enter.
    """

    pressed = Signal(object)
    digit = Signal(int)
    barcode = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.pan: Callable[[int, int], bool] = _pans_nothing
        """Moves right and down (1), left and up (-1) over what is looked at nearer; False where
        nothing is, and the arrow is a command."""
        self.typing: Callable[[], QLineEdit | None] = _no_field
        """The field that what is typed is meant for, though it has not the focus; None: there is
        no such field, and letters are commands."""
        self._typed = ""
        self._into: QWidget | None = None
        self._before = ""
        self._timer = QTimer(self, singleShot=True, interval=_BURST_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._see_what_came)
        self._began = QElapsedTimer()
        self._late = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take key presses that mean something; let everything else pass."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if QApplication.activePopupWidget() is not None:
            return False
        key = Qt.Key(event.key())
        if key in _HELD_DOWN:
            return False
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        focus = self._window.focusWidget()
        if (command := ANYWHERE.get((key, modifiers))) is not None:
            self._let_go()  # the paper of a digit just pressed, before F5 scans into it
            self.pressed.emit(command)
            return True
        if _asks_for_help(event, focus):
            self.pressed.emit(Command.HELP)
            return True
        seeks = isinstance(focus, QLineEdit) and bool(focus.property(SEEKS))
        if focus is not None and (seeks or isinstance(focus, QComboBox)):
            return self._in_passing(event, key, modifiers, focus)
        if isinstance(focus, QLineEdit | QAbstractSpinBox | QTextEdit | QPlainTextEdit):
            return False
        return self._outside_text(event, key, modifiers, focus)

    def _in_passing(
        self, event: QKeyEvent, key: Qt.Key, modifiers: Qt.KeyboardModifier, focus: QWidget
    ) -> bool:
        """See a bar code in what is typed into a choice or a search; the rest is theirs."""
        if focus is not self._into:
            self._let_go()
        if key in _ENTERS and _is_code(self._typed):
            if isinstance(focus, QLineEdit):
                focus.setText(self._before)
            self._emit_code()
            return True
        text = _text(event)
        plain = text and text.isprintable() and not modifiers & ~_SHIFT and key != Qt.Key.Key_Space
        if not plain or event.isAutoRepeat():
            self._let_go()
            return False
        self._hold(text, focus, focus.text() if isinstance(focus, QLineEdit) else "")
        return isinstance(focus, QComboBox)  # which gets it once it is no bar code

    def _outside_text(
        self,
        event: QKeyEvent,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier,
        focus: QObject | None,
    ) -> bool:
        if key in _ENTERS and len(self._typed) >= _CODE_AT_LEAST:
            self._emit_code()
            return True
        pressing = key == Qt.Key.Key_Space or key in _ENTERS
        if pressing and isinstance(focus, QAbstractButton):
            if key in _ENTERS:
                focus.click()
            return key in _ENTERS
        if key in _ARROWS and not modifiers and self.pan(*_ARROWS[key]):
            return True
        if (command := OUTSIDE_TEXT.get((key, modifiers))) is not None:
            self._let_go()
            self.pressed.emit(command)
            return True
        text = _text(event)
        if modifiers & ~_SHIFT or not text or not text.isprintable():
            return False
        field = None if LETTERS.get(text) is Command.HELP else self.typing()
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            field.selectAll()
            self._hold(text, field, "")
            return False
        if not event.isAutoRepeat():
            self._typed += text
            self._wait()
        return True

    def _hold(self, text: str, into: QWidget, before: str) -> None:
        """Keep what is typed into a widget; ``before``: what stood there, should it be new."""
        if not self._typed:
            self._into, self._before = into, before
        self._typed += text
        self._wait()

    def _wait(self, late: int = 0) -> None:
        self._late = late
        self._began.start()
        self._timer.start()

    def _see_what_came(self) -> None:
        """Nothing followed; or the window was busy, and what followed is in the queue behind
        this."""
        late = self._began.elapsed() - self._timer.interval() > _LATE_MS
        if late and self._late < _MOST_LATE:
            self._wait(self._late + 1)
        else:
            self._let_go()

    def _emit_code(self) -> None:
        self._timer.stop()
        typed, self._typed, self._into = self._typed, "", None
        self.barcode.emit(typed)

    def _let_go(self) -> None:
        """Nothing followed: what was held are commands, unless it was half a code."""
        self._timer.stop()
        typed, self._typed = self._typed, ""
        into, self._into = self._into, None
        if into is not None:
            _hand(into, typed)
            return
        if len(typed) >= _CODE_AT_LEAST:
            return
        for letter in typed:
            if letter in "123456789":
                self.digit.emit(int(letter))
            elif letter in LETTERS:
                self.pressed.emit(LETTERS[letter])
