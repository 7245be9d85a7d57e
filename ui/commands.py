"""The commands of the window and the keys that ask for them.

Used by ``keys``, by the screens, and by the sheet of shortcuts. Knows no window.
"""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ALT = Qt.KeyboardModifier.AltModifier
_PLAIN = Qt.KeyboardModifier.NoModifier


class Command(Enum):
    """What a key asks for; the value is what the sheet of shortcuts says about it."""

    SCAN = "Quét vào giấy tờ đang chọn"
    SCAN_GLASS = "Quét từ mặt kính, từng trang một"
    SCAN_INSERT = "Quét chèn vào sau trang đang xem"
    SCAN_REPLACE = "Quét lại trang đang xem"
    WEAVE = "Ghép mặt trước với mặt sau"
    KEEP = "Giữ trang giống trang trước"
    FILE = "Chuyển trang theo gợi ý"
    BIND = "Gắn mã cho hồ sơ tạm"
    REUSE = "Dùng lại giấy tờ đã có, hoặc kết quả cũ"
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
    CROP_BY_HAND = "Cắt trang bằng tay"
    DELETE = "Bỏ trang (lấy lại được bằng Ctrl+Z)"
    UNDO = "Hoàn tác"
    REDO = "Làm lại"
    FIND = "Tìm hồ sơ khác"
    PROFILE = "Chọn mẫu quét"
    LARGE = "Xem trang thật to"
    EARLIER = "Đưa trang lên trước"
    LATER = "Đưa trang về sau"
    MOVE = "Chuyển trang sang giấy tờ khác (rồi bấm số)"
    ELSEWHERE = "Chuyển trang sang hồ sơ khác"
    CUT = "Tách từ trang này"
    JOIN = "Nối với phần trước"
    CHOOSE_NEXT = "Chọn thêm trang sau"
    CHOOSE_PREVIOUS = "Chọn thêm trang trước"
    CHOOSE_ALL = "Chọn mọi trang"
    LARGER = "Phóng to"
    SMALLER = "Thu nhỏ"
    WHOLE = "Vừa cả trang"
    BESIDE = "Hai trang cạnh nhau"
    WORDS = "Hiện chữ đã đọc"
    FIND_WORDS = "Tìm chữ trong giấy tờ này"
    NEXT_FOUND = "Chỗ tìm thấy tiếp theo"
    PREVIOUS_FOUND = "Chỗ tìm thấy trước"
    ALLOW_PAGE = "Cho phép trang web đang hỏi được quét"
    SIGN = "Ký số những giấy tờ đang chờ ký"
    CLERK = "Đổi người làm ở bàn này"
    GO_COUNTER = "Tại quầy"
    GO_STACK = "Quét lô"
    GO_TODAY = "Hôm nay"
    GO_TROUBLE = "Cần xử lý"
    GO_OUTBOX = "Chờ gửi"
    GO_FIND = "Tìm trong mọi hồ sơ"
    GO_SETTINGS = "Cài đặt"
    HISTORY = "Lịch sử của hồ sơ: ai làm gì, lúc nào"
    EXPLAIN = "Giải thích màn hình này"
    HELP = "Các phím tắt"


ANYWHERE = {
    (Qt.Key.Key_F5, _PLAIN): Command.SCAN,
    (Qt.Key.Key_F5, _SHIFT): Command.SCAN_INSERT,
    (Qt.Key.Key_F5, _CTRL): Command.SCAN_REPLACE,
    (Qt.Key.Key_F6, _PLAIN): Command.SCAN_GLASS,
    (Qt.Key.Key_Escape, _PLAIN): Command.STOP,
    (Qt.Key.Key_F, _CTRL): Command.FIND,
    (Qt.Key.Key_F8, _PLAIN): Command.PROFILE,
    (Qt.Key.Key_F7, _PLAIN): Command.ALLOW_PAGE,
    (Qt.Key.Key_F4, _PLAIN): Command.SIGN,
    (Qt.Key.Key_F9, _PLAIN): Command.CLERK,
    (Qt.Key.Key_Return, _CTRL): Command.FINISH,
    (Qt.Key.Key_Enter, _CTRL): Command.FINISH,
    (Qt.Key.Key_1, _ALT): Command.GO_COUNTER,
    (Qt.Key.Key_2, _ALT): Command.GO_STACK,
    (Qt.Key.Key_3, _ALT): Command.GO_TODAY,
    (Qt.Key.Key_4, _ALT): Command.GO_TROUBLE,
    (Qt.Key.Key_5, _ALT): Command.GO_OUTBOX,
    (Qt.Key.Key_6, _ALT): Command.GO_FIND,
    (Qt.Key.Key_7, _ALT): Command.GO_SETTINGS,
    (Qt.Key.Key_F1, _PLAIN): Command.EXPLAIN,
    (Qt.Key.Key_H, _CTRL): Command.HISTORY,
    (Qt.Key.Key_G, _CTRL): Command.FIND_WORDS,
    (Qt.Key.Key_F3, _PLAIN): Command.NEXT_FOUND,
    (Qt.Key.Key_F3, _SHIFT): Command.PREVIOUS_FOUND,
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
    (Qt.Key.Key_Left, _ALT): Command.EARLIER,
    (Qt.Key.Key_Up, _ALT): Command.EARLIER,
    (Qt.Key.Key_Right, _ALT): Command.LATER,
    (Qt.Key.Key_Down, _ALT): Command.LATER,
    (Qt.Key.Key_Right, _SHIFT): Command.CHOOSE_NEXT,
    (Qt.Key.Key_Down, _SHIFT): Command.CHOOSE_NEXT,
    (Qt.Key.Key_Left, _SHIFT): Command.CHOOSE_PREVIOUS,
    (Qt.Key.Key_Up, _SHIFT): Command.CHOOSE_PREVIOUS,
    (Qt.Key.Key_A, _CTRL): Command.CHOOSE_ALL,
}

LETTERS = {
    "r": Command.TURN_RIGHT,
    "R": Command.TURN_LEFT,
    "g": Command.WEAVE,
    "k": Command.KEEP,
    "v": Command.CROP,
    "V": Command.CROP_BY_HAND,
    "c": Command.FILE,
    "y": Command.BIND,
    "u": Command.REUSE,
    "m": Command.MOVE,
    "f": Command.ELSEWHERE,
    "x": Command.CUT,
    "j": Command.JOIN,
    "+": Command.LARGER,
    "=": Command.LARGER,
    "-": Command.SMALLER,
    "0": Command.WHOLE,
    "b": Command.BESIDE,
    "w": Command.WORDS,
    "?": Command.HELP,
}

PLACES = {
    Command.GO_COUNTER: "COUNTER",
    Command.GO_STACK: "STACK",
    Command.GO_TODAY: "TODAY",
    Command.GO_TROUBLE: "TROUBLE",
    Command.GO_OUTBOX: "OUTBOX",
    Command.GO_FIND: "FIND",
    Command.GO_SETTINGS: "SETTINGS",
}
"""The commands that go to a place, by its name."""

SHEET = (
    (
        "Quét",
        (
            ("F5", Command.SCAN),
            ("F6", Command.SCAN_GLASS),
            ("Shift+F5", Command.SCAN_INSERT),
            ("Ctrl+F5", Command.SCAN_REPLACE),
            ("F8", Command.PROFILE),
            ("F7", Command.ALLOW_PAGE),
            ("Esc", Command.STOP),
        ),
    ),
    (
        "Hồ sơ",
        (
            ("Enter", Command.NEXT_PAPER),
            ("Shift+Enter", Command.PREVIOUS_PAPER),
            ("Ctrl+Enter", Command.FINISH),
            ("Ctrl+F", Command.FIND),
            ("Ctrl+G", Command.FIND_WORDS),
            ("F3", Command.NEXT_FOUND),
            ("Shift+F3", Command.PREVIOUS_FOUND),
            ("C", Command.FILE),
            ("Y", Command.BIND),
            ("U", Command.REUSE),
            ("F4", Command.SIGN),
            ("Ctrl+H", Command.HISTORY),
        ),
    ),
    (
        "Xem trang",
        (
            ("→  ↓", Command.NEXT_PAGE),
            ("←  ↑", Command.PREVIOUS_PAGE),
            ("Home", Command.FIRST_PAGE),
            ("End", Command.LAST_PAGE),
            ("Dấu cách", Command.LARGE),
            ("+", Command.LARGER),
            ("−", Command.SMALLER),
            ("0", Command.WHOLE),
            ("B", Command.BESIDE),
            ("W", Command.WORDS),
        ),
    ),
    (
        "Sửa trang",
        (
            ("R", Command.TURN_RIGHT),
            ("Shift+R", Command.TURN_LEFT),
            ("V", Command.CROP),
            ("Shift+V", Command.CROP_BY_HAND),
            ("Delete", Command.DELETE),
            ("Alt+←", Command.EARLIER),
            ("Alt+→", Command.LATER),
            ("M", Command.MOVE),
            ("M  F", Command.ELSEWHERE),
            ("X", Command.CUT),
            ("J", Command.JOIN),
            ("G", Command.WEAVE),
            ("K", Command.KEEP),
            ("Shift+→", Command.CHOOSE_NEXT),
            ("Shift+←", Command.CHOOSE_PREVIOUS),
            ("Ctrl+A", Command.CHOOSE_ALL),
            ("Ctrl+Z", Command.UNDO),
            ("Ctrl+Y", Command.REDO),
        ),
    ),
    (
        "Đi tới",
        (
            ("Alt+1", Command.GO_COUNTER),
            ("Alt+2", Command.GO_STACK),
            ("Alt+3", Command.GO_TODAY),
            ("Alt+4", Command.GO_TROUBLE),
            ("Alt+5", Command.GO_OUTBOX),
            ("Alt+6", Command.GO_FIND),
            ("Alt+7", Command.GO_SETTINGS),
            ("F9", Command.CLERK),
            ("F1", Command.EXPLAIN),
            ("?", Command.HELP),
        ),
    ),
)
"""The sheet of shortcuts: groups of keys as they are written on the keyboard, and what they do."""
