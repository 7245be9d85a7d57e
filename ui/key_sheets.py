"""What the sheet of keys (*?*) shows: every key, or at *Quét lô* those of its own and what still
holds there. Texts are translated where they are shown. Knows no window."""

from __future__ import annotations

from msgspec import Struct

from ui.commands import SHEET, Command
from ui.places import Place

Line = tuple[str, Command | str]
"""A key as it is written on the keyboard, and what it does: as everywhere, or as said here."""


class KeySheet(Struct, frozen=True):
    """Groups of keys, which of them stand below each other, and what is said below all."""

    title: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    columns: tuple[tuple[int, ...], ...]
    note: str

    @property
    def lines(self) -> tuple[Line, ...]:
        """The keys of all groups."""
        return tuple(line for _, lines in self.groups for line in lines)


ALL = KeySheet(
    "Phím tắt",
    SHEET,
    ((0, 1), (2, 4), (3,)),
    "1 – 9: chọn giấy tờ theo số. Quét mã vạch trên giấy tiếp nhận là mở hồ sơ.",
)
OF_STACK = KeySheet(
    "Phím tắt ở Quét lô",
    (
        (
            "Quét",
            (
                ("F5", "Quét lô; kẹt hay hết giấy thì quét tiếp vào lô đó"),
                ("Shift+F5", "Quét thêm vào lô đang xem"),
                ("F8", Command.PROFILE),
                ("Esc", Command.STOP),
            ),
        ),
        (
            "Xem lô",
            (
                ("Enter", "Chỗ cần xem tiếp theo"),
                ("Shift+Enter", "Chỗ cần xem trước"),
                ("K", "Đúng rồi, sang chỗ tiếp theo"),
                ("Ctrl+Enter", "Nhận lô: từ lúc đó mới được gửi"),
                ("→  ↓", Command.NEXT_PAGE),
                ("←  ↑", Command.PREVIOUS_PAGE),
                ("Home", Command.FIRST_PAGE),
                ("End", Command.LAST_PAGE),
                ("Dấu cách", Command.LARGE),
            ),
        ),
        (
            "Sửa lô",
            (
                ("X", "Từ trang này tới vạch sau: chuyển vào hồ sơ hay giấy tờ khác"),
                ("M", "Các trang đã chọn: chuyển vào hồ sơ hay giấy tờ khác"),
                ("J", "Bỏ vạch, nối với phần trước"),
                ("C", "Chuyển theo gợi ý"),
                ("R", Command.TURN_RIGHT),
                ("Shift+R", Command.TURN_LEFT),
                ("Delete", Command.DELETE),
                ("Shift+→", Command.CHOOSE_NEXT),
                ("Shift+←", Command.CHOOSE_PREVIOUS),
                ("Ctrl+A", Command.CHOOSE_ALL),
                ("Ctrl+Z", Command.UNDO),
                ("Ctrl+Y", Command.REDO),
            ),
        ),
        SHEET[-1],
    ),
    ((0, 1), (2,), (3,)),
    "Khi được hỏi chuyển vào đâu: bấm số, hoặc gõ tên, gõ mã rồi Enter; Esc để thôi.",
)


def at(place: Place) -> KeySheet:
    """Return what is shown at a place."""
    return OF_STACK if place is Place.STACK else ALL
