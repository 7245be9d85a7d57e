"""PURE: a line of *Hôm nay*, *Cần xử lý* and *Chờ gửi*, and what its one button does."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from ui.language import say


class Deed(Enum):
    """What the button of a line does; the value is what stands on it, said as ``Row.button``."""

    NONE = ""
    OPEN = "Mở hồ sơ"
    PAGE = "Mở trang"
    RETRY = "Thử lại"
    COMPARE = "So hai bản"
    DECIDE = "Chọn"
    SEND = "Gửi ngay"
    PASSWORD = "Sửa mật khẩu"  # noqa: S105 - what a button says
    SETTINGS = "Mở Cài đặt"
    FOLDERS = "Xem thư mục"
    HOLD = "Để lại, không gửi"
    LET_GO = "Gửi lại"
    COMPACT = "Gửi bản gọn"
    SEEN = "Đã xem"
    SIGN = "Ký số  F4"
    MARKED = "Xem dấu mật"
    STACK = "Mở Quét lô"
    OLDER = "Xem cũ hơn"
    NEWER = "Xem mới hơn"


class Part(Enum):
    """The part of *Cài đặt* that a button *Mở Cài đặt* leads to."""

    SCANNING = "scanning"
    SERVER = "server"
    CARRYING = "carrying"
    WEB = "web"


class Row(Struct, frozen=True):
    """One line: a shape and a word for its state, whose dossier, one sentence, one button.

    Attributes:
        key: Tells it from the others; what is chosen stays chosen by it.
        mark: The icon that is its shape.
        tone: The colour of shape and word (a token's name).
        state: The word.
        title: Whose dossier it is, or what it is about.
        code: Its mã hồ sơ.
        sentence: What there is to say.
        side: A date at the right, and the colour it has.
        deed: What its button does.
        quiet: The button is seen only where the line is chosen or under the pointer.
        share: How much of it is done, 0 to 1; None: that is not known.
        heading: It only names the lines below it.
        past: Nothing is left to do about it: it is never chosen by itself.
        conflict: The number of the conflict that is to be decided.
        clerk: Whose password its button asks for (an id); empty: the office's own.
        part: Where ``Deed.SETTINGS`` leads to.
    """

    key: str
    title: str
    mark: str = ""
    tone: str = "ink_soft"
    state: str = ""
    code: str = ""
    sentence: str = ""
    side: str = ""
    side_tone: str = "ink_soft"
    deed: Deed = Deed.NONE
    quiet: bool = False
    share: float | None = None
    heading: bool = False
    past: bool = False
    dossier_id: str = ""
    paper_id: str = ""
    page_id: str = ""
    conflict: int = 0
    clerk: str = ""
    part: Part = Part.SERVER

    @property
    def button(self) -> str:
        """What stands on its button; empty: it has none."""
        return say(self.deed.value)

    @property
    def said(self) -> str:
        """Return all of it in words, for who does not see it."""
        whose = f"{self.title}, {self.code}" if self.code else self.title
        share = f"{round(self.share * 100)} %" if self.share is not None else ""
        button = f"Enter: {self.button}" if self.button else ""
        parts = (self.state, whose, self.sentence, share, self.side, button)
        return ". ".join(part.rstrip(".") for part in parts if part)


def heading(title: str) -> Row:
    """Return a line that names those below it."""
    return Row(f"heading {title}", title, heading=True)


def more(left_out: int) -> tuple[Row, ...]:
    """Return the line that says how many are not shown; none where all are."""
    return (heading(say("và {0} hồ sơ nữa", left_out)),) if left_out > 0 else ()
