"""Keys: tells what a clerk presses from what a barcode reader types, and names the commands.

A reader types a whole code within a blink and ends with Enter. Single letters and digits are
therefore held for a moment: alone they are commands, in a burst they are a bar code. Sits on the
window's native handle, in front of every widget; leaves text fields alone.
"""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
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

_BURST_MS = 80
"""A reader's keys come closer than this, a person's do not."""
_CODE_AT_LEAST = 6

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_PLAIN = Qt.KeyboardModifier.NoModifier
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Command(Enum):
    """What a key asks for; the value is what the sheet of shortcuts says about it."""

    SCAN = "Quét vào giấy tờ đang chọn"
    SCAN_GLASS = "Quét từ mặt kính, từng trang một"
    SCAN_INSERT = "Quét chèn vào sau trang đang xem"
    SCAN_REPLACE = "Quét lại trang đang xem"
    WEAVE = "Ghép mặt trước với mặt sau"
    KEEP = "Giữ trang giống trang trước"
    FILE = "Chuyển trang theo gợi ý"
    STOP = "Dừng quét, hoặc đóng khung đang mở"
    NEXT_PAPER = "Giấy tờ tiếp theo"
    PREVIOUS_PAPER = "Giấy tờ trước"
    FINISH = "Xong hồ sơ này"
    NEXT_PAGE = "Trang sau"
    PREVIOUS_PAGE = "Trang trước"
    FIRST_PAGE = "Trang đầu"
    LAST_PAGE = "Trang cuối"
    TURN_RIGHT = "Xoay trang sang phải"
    TURN_LEFT = "Xoay trang sang trái"
    CROP = "Cắt trang theo mép giấy, hoặc lấy lại cả ảnh"
    DELETE = "Bỏ trang (lấy lại được bằng Ctrl+Z)"
    UNDO = "Hoàn tác"
    REDO = "Làm lại"
    FIND = "Tìm hồ sơ khác"
    PROFILE = "Chọn mẫu quét"
    LARGE = "Xem trang thật to"
    HELP = "Các phím tắt"


ANYWHERE = {
    (Qt.Key.Key_F5, _PLAIN): Command.SCAN,
    (Qt.Key.Key_F5, _SHIFT): Command.SCAN_INSERT,
    (Qt.Key.Key_F5, _CTRL): Command.SCAN_REPLACE,
    (Qt.Key.Key_F6, _PLAIN): Command.SCAN_GLASS,
    (Qt.Key.Key_Escape, _PLAIN): Command.STOP,
    (Qt.Key.Key_F, _CTRL): Command.FIND,
    (Qt.Key.Key_F8, _PLAIN): Command.PROFILE,
    (Qt.Key.Key_Return, _CTRL): Command.FINISH,
    (Qt.Key.Key_Enter, _CTRL): Command.FINISH,
}
"""Commands that hold also while a text field has the focus."""

OUTSIDE_TEXT = {
    (Qt.Key.Key_Return, _PLAIN): Command.NEXT_PAPER,
    (Qt.Key.Key_Enter, _PLAIN): Command.NEXT_PAPER,
    (Qt.Key.Key_Return, _SHIFT): Command.PREVIOUS_PAPER,
    (Qt.Key.Key_Enter, _SHIFT): Command.PREVIOUS_PAPER,
    (Qt.Key.Key_Right, _PLAIN): Command.NEXT_PAGE,
    (Qt.Key.Key_Down, _PLAIN): Command.NEXT_PAGE,
    (Qt.Key.Key_PageDown, _PLAIN): Command.NEXT_PAGE,
    (Qt.Key.Key_Left, _PLAIN): Command.PREVIOUS_PAGE,
    (Qt.Key.Key_Up, _PLAIN): Command.PREVIOUS_PAGE,
    (Qt.Key.Key_PageUp, _PLAIN): Command.PREVIOUS_PAGE,
    (Qt.Key.Key_Home, _PLAIN): Command.FIRST_PAGE,
    (Qt.Key.Key_End, _PLAIN): Command.LAST_PAGE,
    (Qt.Key.Key_Delete, _PLAIN): Command.DELETE,
    (Qt.Key.Key_Z, _CTRL): Command.UNDO,
    (Qt.Key.Key_Y, _CTRL): Command.REDO,
    (Qt.Key.Key_Z, _CTRL | _SHIFT): Command.REDO,
    (Qt.Key.Key_Space, _PLAIN): Command.LARGE,
    (Qt.Key.Key_F1, _PLAIN): Command.HELP,
}

LETTERS = {
    "r": Command.TURN_RIGHT,
    "R": Command.TURN_LEFT,
    "g": Command.WEAVE,
    "k": Command.KEEP,
    "v": Command.CROP,
    "c": Command.FILE,
    "?": Command.HELP,
}

SHEET = (
    ("F5", Command.SCAN),
    ("F6", Command.SCAN_GLASS),
    ("Shift+F5", Command.SCAN_INSERT),
    ("Ctrl+F5", Command.SCAN_REPLACE),
    ("Esc", Command.STOP),
    ("Enter", Command.NEXT_PAPER),
    ("Shift+Enter", Command.PREVIOUS_PAPER),
    ("Ctrl+Enter", Command.FINISH),
    ("Ctrl+F", Command.FIND),
    ("F8", Command.PROFILE),
    ("→  ↓", Command.NEXT_PAGE),
    ("←  ↑", Command.PREVIOUS_PAGE),
    ("Dấu cách", Command.LARGE),
    ("R", Command.TURN_RIGHT),
    ("Shift+R", Command.TURN_LEFT),
    ("V", Command.CROP),
    ("Delete", Command.DELETE),
    ("G", Command.WEAVE),
    ("K", Command.KEEP),
    ("C", Command.FILE),
    ("Ctrl+Z", Command.UNDO),
    ("Ctrl+Y", Command.REDO),
    ("?", Command.HELP),
)


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
        self._typed = ""
        self._timer = QTimer(self, singleShot=True, interval=_BURST_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._let_go)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take key presses that mean something; let everything else pass."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if QApplication.activePopupWidget() is not None:
            return False
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        focus = self._window.focusWidget()
        if (command := ANYWHERE.get((key, modifiers))) is not None:
            self.pressed.emit(command)
            return True
        if isinstance(focus, QLineEdit | QAbstractSpinBox | QComboBox | QTextEdit | QPlainTextEdit):
            return False
        return self._outside_text(event, key, modifiers, focus)

    def _outside_text(
        self,
        event: QKeyEvent,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier,
        focus: QObject | None,
    ) -> bool:
        if key in _ENTERS and len(self._typed) >= _CODE_AT_LEAST:
            self._timer.stop()
            typed, self._typed = self._typed, ""
            self.barcode.emit(typed)
            return True
        pressing = key == Qt.Key.Key_Space or key in _ENTERS
        if pressing and isinstance(focus, QAbstractButton):
            if key in _ENTERS:
                focus.click()
            return key in _ENTERS
        if (command := OUTSIDE_TEXT.get((key, modifiers))) is not None:
            self._let_go()
            self.pressed.emit(command)
            return True
        text = event.text()
        if modifiers & ~_SHIFT or not text or not text.isprintable():
            return False
        if not event.isAutoRepeat():
            self._typed += text
            self._timer.start()
        return True

    def _let_go(self) -> None:
        """Nothing followed: what was held are commands, unless it was half a code."""
        self._timer.stop()
        typed, self._typed = self._typed, ""
        if len(typed) >= _CODE_AT_LEAST:
            return
        for letter in typed:
            if letter in "123456789":
                self.digit.emit(int(letter))
            elif letter in LETTERS:
                self.pressed.emit(LETTERS[letter])
