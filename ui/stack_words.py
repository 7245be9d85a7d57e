"""PURE: what is known of a stack → Vietnamese sentences for *Quét lô*.

Used by its screen and the widgets on it. Words as an office writes them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from digitizer.model import Dossier, Page
from digitizer.stacking import Doubt, Group, Reason, Run, Stack, Why
from digitizer.storage.stacks import StackHead
from ui import page_words, wording
from ui.language import say
from ui.wording import Act, Notice, Tone

UNSORTED = "Chưa phân loại"
"""Said (``say``) where it is shown, like the notices and tables here."""
_NAMES_AT_MOST = 3
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
    Reason.BEHIND: "đã gửi?",
    Reason.TWIN: "quét trùng?",
    Reason.DOUBLE_FEED: "hút đôi?",
    Reason.TURN: "chiều giấy?",
}


_KEYS = {
    Reason.UNCLAIMED: "X chuyển cả đoạn",
    Reason.CODE: "X tách từ đây",
    Reason.PRINTED: "J nối với phần trước · X chuyển",
    Reason.TITLE: "C chuyển",
    Reason.BEHIND: "X chuyển cả đoạn",
    Reason.TWIN: "Delete bỏ",
    Reason.DOUBLE_FEED: "Shift+F5 quét thêm",
    Reason.TURN: "R xoay",
}


class GroupLine(Struct, frozen=True):
    """One line of the stack's dossiers: the shape's name, whose it is, its pages, its state.

    ``troubled``: it wants a look.
    """

    dossier_id: str
    mark: str
    title: str
    count: str
    state: str
    troubled: bool


def name(stack: Stack | StackHead, today: datetime) -> str:
    """Return what a stack is called: by its time of day, and its day where that is past; behind
    it a number where others were begun before it in the same minute."""
    when = wording.clock(stack.opened_at)
    if wording.day(stack.opened_at) != wording.day(today):
        when = say("{0} ngày {1}", when, wording.day(stack.opened_at))
    called = say("Lô {0}", when)
    return called if stack.nth == 1 else f"{called} ({stack.nth})"


def summary(stack: Stack) -> str:
    """Sum a stack up: ``60 trang · 9 hồ sơ · 4 chỗ cần xem``."""
    dossiers = sum(group.dossier.id != stack.unsorted for group in stack.groups)
    parts = [say("{0} trang", len(stack.pages)), say("{0} hồ sơ", dossiers)]
    pages = len(stack.pages)
    reading = say("đang đọc {0}/{1}", pages - stack.unread, pages)
    still = stack.unread and not stack.doubts
    return " · ".join([*parts, reading if still else places(len(stack.doubts))])


def places(doubts: int) -> str:
    """Say how many places want a look."""
    return say("{0} chỗ cần xem", doubts) if doubts else say("không còn chỗ nào cần xem")


def short_code(dossier: Dossier) -> str:
    """Return what tells a dossier's code from its neighbours': ``…0007``."""
    return f"…{dossier.name[-4:]}" if dossier.code is not None else dossier.name


def whose(dossier: Dossier, unsorted: str) -> str:
    """Name a dossier in a line: its code's end and its citizen."""
    if dossier.id == unsorted:
        return say(UNSORTED)
    unknown = say("chưa có mã") if dossier.code is None else say("chưa rõ tên")
    holder = dossier.holder or unknown
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
    count = say("{0} trang", len(group.pages))
    unread = sum(not page.read for page in group.pages)
    title = whose(group.dossier, unsorted)
    if group.doubts:
        state = places(group.doubts)
        state = state[:1].upper() + state[1:]
        return GroupLine(group.dossier.id, "trouble", title, count, state, True)
    if unread:
        done = len(group.pages) - unread
        state = say("Đang đọc {0}/{1}", done, len(group.pages))
        return GroupLine(group.dossier.id, "working", title, count, state, False)
    if group.dossier.id == unsorted:
        state = say("Để lại, không gửi")
        return GroupLine(group.dossier.id, "optional", title, count, state, False)
    return GroupLine(group.dossier.id, "ready", title, count, say("Không có chỗ ngờ"), False)


def cut(run: Run) -> str:
    """Name the paper that begins with a run, and why."""
    paper = say("tiếp {0}", run.paper.name) if run.again else run.paper.name
    return f"{paper} · {say(_WHY[run.why])}"


def page_label(number: int, page: Page, doubt: Doubt | None) -> str:
    """Return what stands under a thumbnail: its number in the stack, and its worst doubt; that it
    is blank where nothing else is to be said."""
    if doubt is not None:
        return f"{number} · {say(_SHORT[doubt.reasons[0]])}"
    return say("{0} · trang trắng", number) if page_words.blank(page) else str(number)


def page_told(number: int, page: Page, doubt: Doubt | None) -> str:
    """Return the same on hover and for screen readers, with why a page counts as blank."""
    doubted = page_label(number, page, doubt) if doubt is not None else str(number)
    parts = (say("Trang {0}", doubted), page_words.blank(page))
    return " · ".join(part for part in parts if part)


def reason(stack: Stack, doubt: Doubt) -> str:
    """Say why a page wants a look, the worst reason as a sentence, and which keys settle it."""
    run = stack.run_of(doubt.page.id)
    worst, *others = doubt.reasons
    said = _sentence(stack, doubt, run, worst)
    more = [say(_SHORT[one]) for one in others if one is not Reason.PRINTED]
    if more:
        said += say(" (và: {0})", ", ".join(more))
    return say("{0}. {1} · K đúng rồi", said, say(_KEYS[worst]))


def _sentence(stack: Stack, doubt: Doubt, run: Run | None, reason: Reason) -> str:
    dossier = run.dossier if run is not None else None
    paper = run.paper.name if run is not None else ""
    if reason is Reason.UNCLAIMED:
        pages = len(run.pages) if run is not None else 1
        if pages == 1:
            return say("Trang này chưa rõ của hồ sơ nào")
        return say("{0} trang chưa rõ hồ sơ", pages)
    if reason is Reason.CODE:
        if dossier is None or dossier.id == stack.unsorted:
            return say("Trang mang mã {0}, chưa vào hồ sơ nào", doubt.code)
        here = short_code(dossier)
        return say("Trang mang mã {0} nhưng đang ở hồ sơ {1}", doubt.code, here)
    if reason is Reason.PRINTED:
        return say(
            "«{0}» bắt đầu ở đây chỉ theo chữ in, không đọc được mã trên tờ phân cách", paper
        )
    if reason is Reason.TITLE:
        title = doubt.proposal.title if doubt.proposal is not None else ""
        return say("Có vẻ là «{0}», đang ở «{1}»", title, paper)
    if reason is Reason.BEHIND:
        return say("Xếp sau {0} trang đã gửi của «{1}», cả tệp sẽ gửi lại", doubt.behind, paper)
    if reason is Reason.TWIN:
        return say("Tờ này có thể đã được quét hai lần")
    if reason is Reason.DOUBLE_FEED:
        return say("Sau trang này hai tờ vào cùng lúc: xem có thiếu tờ nào không")
    return say("Không rõ chiều giấy")


def where(stack: Stack, page_id: str) -> str:
    """Say where a page lies that nothing is wrong with."""
    run = stack.run_of(page_id)
    if run is None:
        return ""
    number = next(at for at, page in enumerate(stack.pages, start=1) if page.id == page_id)
    told = page_told(number, stack.pages[number - 1], None)
    return " · ".join((told, run.paper.name, whose(run.dossier, stack.unsorted)))


def not_ready(stack: Stack) -> str:
    """Say why a stack cannot be accepted yet; empty: it can."""
    if stack.accepted_at is not None:
        return say("Lô này đã nhận")
    if not stack.pages:
        return say("Lô này chưa có trang nào")
    if stack.running:
        return say("Lô này đang quét")
    return say("Còn đang đọc {0} trang", stack.unread) if stack.unread else ""


def cannot_accept(stack: Stack) -> Notice:
    """Say why the key that accepts does nothing yet."""
    hint = say("Nhận được khi đã quét và đọc xong cả lô.") if stack.pages else ""
    title = say("Chưa nhận được: {0}", wording.lower(not_ready(stack)))
    return Notice(Tone.INFO, title, hint)


BROKE_OFF = "Chưa quét hết lô: F5 quét tiếp"
ACCEPTS_PART = "Chưa quét hết lô. Nhận bây giờ thì phần giấy còn lại thành lô mới."


def left(stack: Stack, *, on: bool = False) -> str:
    """Say what is left to do before a stack is accepted; ``on``: the rest of it first."""
    if on and not stack.running:
        return say(BROKE_OFF)
    waits = not_ready(stack)
    if waits:
        return waits
    if not stack.doubts:
        return say("Đã xem hết, có thể nhận")
    return say("Còn {0}", places(len(stack.doubts)))


def accepted(
    stack: Stack,
    finished: Collection[str],
    lacking: Sequence[Dossier] = (),
    *,
    called: str,
    server: bool,
) -> Notice:
    """Say that a stack was accepted, how many places nobody looked at, and what happens now.
    ``finished``: the ids of the dossiers that this finished; ``lacking``: those of them that lack
    papers they have to have."""
    dossiers = sum(group.dossier.id != stack.unsorted for group in stack.groups)
    said = [say("Sẽ tự gửi.") if server else say("Chưa khai báo nơi gửi nên chưa gửi.")]
    if stack.doubts:
        said.insert(0, say("{0} chỗ chưa xem.", len(stack.doubts)))
    if stack.broke_off:
        said.insert(0, say("Lô chưa quét hết."))
    if stack.unclaimed:
        said.append(say("{0} trang để lại trong {1}.", stack.unclaimed, say(UNSORTED)))
    begun = [
        group.dossier
        for group in stack.groups
        if group.dossier.id not in (stack.unsorted, *finished) and not group.dossier.finished_at
    ]
    if begun:
        said.append(say("{0} hồ sơ đang làm dở tại quầy chưa gửi: {1}.", len(begun), _named(begun)))
    if lacking:
        said.append(say("{0} hồ sơ còn thiếu giấy tờ: {1}.", len(lacking), _named(lacking)))
    wants = stack.doubts or stack.unclaimed or stack.broke_off or begun or lacking
    tone = Tone.WARN if wants else Tone.GOOD
    title = say("Đã nhận {0}: {1} hồ sơ", called, dossiers)
    return Notice(tone, title, " ".join(said), Act.TAKE_BACK)


def _named(dossiers: Sequence[Dossier]) -> str:
    """Name them, as many as a banner has room for."""
    names = ", ".join(one.holder or one.name for one in dossiers[:_NAMES_AT_MOST])
    more = len(dossiers) - _NAMES_AT_MOST
    return names if more <= 0 else say("{0} và {1} hồ sơ khác", names, more)


NOTHING_BEFORE = Notice(Tone.INFO, "Trước trang này không có giấy tờ nào để nối vào", passing=True)
TOO_LATE = Notice(
    Tone.WARN,
    "Không lấy lại được lô này: đã bắt đầu gửi",
    "Mở từng hồ sơ tại quầy để sửa; giấy tờ sửa rồi sẽ được gửi lại.",
)
"""Something of an accepted stack is on its way."""
