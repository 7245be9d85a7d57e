"""PURE: what is known of a stack → Vietnamese sentences for *Quét lô*.

Used by its screen and the widgets on it. Words as an office writes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digitizer.model import Dossier
from digitizer.stacking import Doubt, Group, Reason, Run, Stack, Why
from ui import wording
from ui.wording import Act, Notice, Tone

UNSORTED = "Chưa phân loại"
_WHY = {
    Why.FIRST: "đầu lô",
    Why.CODE: "theo mã trên trang",
    Why.SHEET: "theo tờ phân cách",
    Why.PRINT: "chỉ theo chữ in",
    Why.HAND: "sửa bằng tay",
    Why.FOLLOWS: "phần trước đã hết",
}
_SHORT = {
    Reason.UNCLAIMED: "chưa rõ",
    Reason.CODE: "mã khác",
    Reason.PRINTED: "chữ in?",
    Reason.TITLE: "giấy khác?",
    Reason.TWIN: "quét trùng?",
    Reason.DOUBLE_FEED: "hút đôi?",
    Reason.TURN: "chiều giấy?",
}


_KEYS = {
    Reason.UNCLAIMED: "X chuyển cả đoạn",
    Reason.CODE: "X tách từ đây",
    Reason.PRINTED: "J nối với phần trước · X chuyển",
    Reason.TITLE: "C chuyển",
    Reason.TWIN: "Delete bỏ",
    Reason.DOUBLE_FEED: "Shift+F5 quét thêm",
    Reason.TURN: "R xoay",
}


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One line of the stack's dossiers: the shape's name, whose it is, its pages, its state.

    ``troubled``: it wants a look.
    """

    dossier_id: str
    mark: str
    title: str
    count: str
    state: str
    troubled: bool


def name(opened_at: datetime, today: datetime) -> str:
    """Return what a stack is called: by its time of day, and its day where that is past."""
    when = wording.clock(opened_at)
    if wording.day(opened_at) != wording.day(today):
        when = f"{when} ngày {wording.day(opened_at)}"
    return f"Lô {when}"


def summary(stack: Stack) -> str:
    """Sum a stack up: ``60 trang · 9 hồ sơ · 4 chỗ cần xem``."""
    dossiers = sum(group.dossier.id != stack.unsorted for group in stack.groups)
    parts = [f"{len(stack.pages)} trang", f"{dossiers} hồ sơ"]
    pages = len(stack.pages)
    reading = f"đang đọc {pages - stack.unread}/{pages}"
    still = stack.unread and not stack.doubts
    return " · ".join([*parts, reading if still else places(len(stack.doubts))])


def places(doubts: int) -> str:
    """Say how many places want a look."""
    return f"{doubts} chỗ cần xem" if doubts else "không còn chỗ nào cần xem"


def short_code(dossier: Dossier) -> str:
    """Return what tells a dossier's code from its neighbours': ``…0007``."""
    return f"…{dossier.name[-4:]}" if dossier.code is not None else dossier.name


def whose(dossier: Dossier, unsorted: str) -> str:
    """Name a dossier in a line: its code's end and its citizen."""
    if dossier.id == unsorted:
        return UNSORTED
    holder = dossier.holder or ("chưa có mã" if dossier.code is None else "chưa rõ tên")
    return f"{short_code(dossier)} {holder}"


def ordered(stack: Stack) -> tuple[Group, ...]:
    """Return a stack's dossiers: *Chưa phân loại*, those that want a look, the others; each in
    the order of the paper. While a stack is fed they keep that order alone: nothing jumps."""

    def rank(group: Group) -> int:
        if group.dossier.id == stack.unsorted:
            return 0
        return 1 if group.doubts or stack.running else 2

    return tuple(sorted(stack.groups, key=rank))


def group_line(group: Group, unsorted: str) -> GroupLine:
    """Say how a dossier's share of a stack stands."""
    count = f"{len(group.pages)} trang"
    unread = sum(not page.read for page in group.pages)
    title = whose(group.dossier, unsorted)
    if group.doubts:
        state = places(group.doubts)
        state = state[:1].upper() + state[1:]
        return GroupLine(group.dossier.id, "trouble", title, count, state, True)
    if unread:
        done = len(group.pages) - unread
        state = f"Đang đọc {done}/{len(group.pages)}"
        return GroupLine(group.dossier.id, "working", title, count, state, False)
    if group.dossier.id == unsorted:
        return GroupLine(group.dossier.id, "optional", title, count, "Để lại, không gửi", False)
    return GroupLine(group.dossier.id, "ready", title, count, "Không có chỗ ngờ", False)


def cut(run: Run) -> str:
    """Name the paper that begins with a run, and why."""
    again = "tiếp " if run.again else ""
    return f"{again}{run.paper.name} · {_WHY[run.why]}"


def page_label(number: int, doubt: Doubt | None) -> str:
    """Return what stands under a thumbnail: its number in the stack, and its worst doubt."""
    return f"{number} · {_SHORT[doubt.reasons[0]]}" if doubt else str(number)


def reason(stack: Stack, doubt: Doubt) -> str:
    """Say why a page wants a look, the worst reason as a sentence, and which keys settle it."""
    run = stack.run_of(doubt.page.id)
    worst, *others = doubt.reasons
    said = _sentence(stack, doubt, run, worst)
    more = [_SHORT[one] for one in others if one is not Reason.PRINTED]
    if more:
        said += f" (và: {', '.join(more)})"
    return f"{said}. {_KEYS[worst]} · K đúng rồi"


def _sentence(stack: Stack, doubt: Doubt, run: Run | None, reason: Reason) -> str:
    dossier = run.dossier if run is not None else None
    paper = run.paper.name if run is not None else ""
    if reason is Reason.UNCLAIMED:
        pages = len(run.pages) if run is not None else 1
        return "Trang này chưa rõ của hồ sơ nào" if pages == 1 else f"{pages} trang chưa rõ hồ sơ"
    if reason is Reason.CODE:
        if dossier is None or dossier.id == stack.unsorted:
            return f"Trang mang mã {doubt.code}, chưa vào hồ sơ nào"
        return f"Trang mang mã {doubt.code} nhưng đang ở hồ sơ {short_code(dossier)}"
    if reason is Reason.PRINTED:
        return f"«{paper}» bắt đầu ở đây chỉ theo chữ in, không đọc được mã trên tờ phân cách"
    if reason is Reason.TITLE:
        title = doubt.proposal.title if doubt.proposal is not None else ""
        return f"Có vẻ là «{title}», đang ở «{paper}»"
    if reason is Reason.TWIN:
        return "Tờ này có thể đã được quét hai lần"
    if reason is Reason.DOUBLE_FEED:
        return "Sau trang này hai tờ vào cùng lúc: xem có thiếu tờ nào không"
    return "Không rõ chiều giấy"


def where(stack: Stack, page_id: str) -> str:
    """Say where a page lies that nothing is wrong with."""
    run = stack.run_of(page_id)
    if run is None:
        return ""
    number = next(at for at, page in enumerate(stack.pages, start=1) if page.id == page_id)
    return f"Trang {number} · {run.paper.name} · {whose(run.dossier, stack.unsorted)}"


def not_ready(stack: Stack) -> str:
    """Say why a stack cannot be accepted yet; empty: it can."""
    if stack.accepted_at is not None:
        return "Lô này đã nhận"
    if not stack.pages:
        return "Lô này chưa có trang nào"
    if stack.running:
        return "Lô này đang quét"
    return f"Còn đang đọc {stack.unread} trang" if stack.unread else ""


def cannot_accept(stack: Stack) -> Notice:
    """Say why the key that accepts does nothing yet."""
    hint = "Nhận được khi đã quét và đọc xong cả lô." if stack.pages else ""
    return Notice(Tone.INFO, f"Chưa nhận được: {wording.lower(not_ready(stack))}", hint)


def left(stack: Stack) -> str:
    """Say what is left to do before a stack is accepted."""
    waits = not_ready(stack)
    if waits:
        return waits
    if not stack.doubts:
        return "Đã xem hết, có thể nhận"
    return f"Còn {places(len(stack.doubts))}"


def accepted(stack: Stack, *, called: str, server: bool) -> Notice:
    """Say that a stack was accepted, how many places nobody looked at, and what happens now."""
    dossiers = sum(group.dossier.id != stack.unsorted for group in stack.groups)
    said = ["Sẽ tự gửi." if server else "Chưa khai báo nơi gửi nên chưa gửi."]
    if stack.doubts:
        said.insert(0, f"{len(stack.doubts)} chỗ chưa xem.")
    if stack.unclaimed:
        said.append(f"{stack.unclaimed} trang để lại trong {UNSORTED}.")
    tone = Tone.WARN if stack.doubts or stack.unclaimed else Tone.GOOD
    return Notice(tone, f"Đã nhận {called}: {dossiers} hồ sơ", " ".join(said), Act.TAKE_BACK)


TOO_LATE = Notice(
    Tone.WARN,
    "Không lấy lại được lô này: đã bắt đầu gửi",
    "Mở từng hồ sơ tại quầy để sửa; giấy tờ sửa rồi sẽ được gửi lại.",
)
"""Something of an accepted stack is on its way."""
