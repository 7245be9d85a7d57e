"""PURE: facts → Vietnamese sentences. Numbers, states, troubles; nothing is drawn here.

Used by every screen. Words as an office writes them, never a code number, never blame.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from digitizer import errors
from digitizer.errors import DigitizerError, Remedy
from digitizer.model import BlankReason, Dossier, Page, Paper, PaperKind, PaperState, Standing
from digitizer.plan import WorkKind
from digitizer.recovery import Recovered
from digitizer.versions import Conflict, Kind, decided_for_theirs
from digitizer.work.queue import Parked
from ui.language import say
from ui.reads import Desk, Moved
from ui.target import Ended


class Act(Enum):
    """What the one button of a banner does."""

    NONE = ""
    SCAN = "Quét"
    SCAN_ON = "Quét tiếp"
    SCAN_AGAIN = "Quét lại"
    TRY_AGAIN = "Thử lại"
    SETTINGS = "Mở Cài đặt"
    REOPEN = "Mở lại hồ sơ"
    OPEN = "Mở hồ sơ đó"
    REMOVE = "Bỏ trang trùng"
    TURN_OVER = "Đảo thứ tự mặt sau"
    FILE = "Chuyển (C)"
    READ_AGAIN = "Đọc lại chữ"
    LOOK = "Xem"
    TAKE_BACK = "Lấy lại lô"
    BIND = "Gắn mã (Y)"
    MERGE = "Gộp (Y)"
    UNBIND = "Gỡ mã"
    ALLOW_PAGE = "Cho phép (F7)"
    REFUSE_PAGE = "Từ chối"
    STOP_WEB = "Dừng (Esc)"
    SEE_WEB = "Xem bản quét"
    NOTED_WEB = "Đã rõ"


STAYING = (Act.TRY_AGAIN, Act.ALLOW_PAGE, Act.REFUSE_PAGE, Act.STOP_WEB, Act.NOTED_WEB)
"""What is done wherever the clerk is; all else is done at the counter."""


class Tone(Enum):
    """How much a sentence matters. Each has a sign and a word of its own, not only a colour."""

    GOOD = "good"
    INFO = "info"
    WARN = "warn"
    BAD = "bad"


class Mark(Enum):
    """The shape before a paper's name."""

    EMPTY = "empty"  # a ring: required, nothing there
    OPTIONAL = "optional"  # a broken ring: not required
    WORKING = "working"  # half filled
    READY = "ready"  # filled
    SENT = "sent"  # a tick
    TROUBLE = "trouble"  # an exclamation mark


@dataclass(frozen=True, slots=True)
class Notice:
    """What the banner says: a title, a hint, a button, or two where it asks.

    ``dossier_id`` is the one that ``Act.OPEN`` opens, ``pages`` those that ``Act.REMOVE`` removes
    and ``Act.FILE`` moves to ``paper_id``, ``ended`` the scan that the button goes on with. One
    that is ``lasting`` is not about the open dossier. ``code``: what ``Act.BIND`` binds to. ``row``
    is the key of the line of *Cần xử lý* that says the same. ``origin``: the web page that
    ``Act.ALLOW_PAGE`` allows. ``other`` is the second button's.
    """

    tone: Tone
    title: str
    hint: str = ""
    act: Act = Act.NONE
    dossier_id: str = ""
    pages: tuple[str, ...] = ()
    paper_id: str = ""
    ended: Ended | None = None
    lasting: bool = False
    row: str = ""
    code: str = ""
    other: Act = Act.NONE
    origin: str = ""

    @property
    def for_stack(self) -> bool:
        """Whether its button is worked at *Quét lô*."""
        return self.act is Act.TAKE_BACK or bool(self.ended and self.ended.target.stack)

    @property
    def urgent(self) -> bool:
        """Whether it is about something that went wrong or is missing."""
        return self.tone in (Tone.WARN, Tone.BAD)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of the checklist. ``retry``: whether a *Thử lại* button belongs beside it;
    ``conflict``: the number of what is to be decided, in the place of that."""

    mark: Mark
    title: str
    pages: str
    state: str
    retry: bool = False
    conflict: int = 0


NO_CODE = Notice(
    Tone.INFO,
    "Không nhận ra mã hồ sơ trong mã vừa quét",
    "Quét mã vạch có mã hồ sơ, hoặc gõ mã vào ô tìm.",
)
"""What was typed or read holds no mã hồ sơ."""

SETTINGS_ERRORS = (
    errors.ServerNotSet,
    errors.AddressUnusable,
    errors.AccountIncomplete,
    errors.NotSupported,
    errors.SignInRefused,
    errors.ServerUntrusted,
    errors.ProfileUnsupported,
    errors.NotAllowed,
)


def saved(pages: int) -> str:
    """Say how many pages are safe. Never called with one that is not."""
    return say("Đã lưu {0} trang", pages)


def name_of(dossier: Dossier) -> str:
    """Return the large line of the header: whose dossier it is."""
    if dossier.holder:
        return dossier.holder
    return say("Hồ sơ chưa có mã") if dossier.code is None else say("Hồ sơ chưa rõ tên")


def about(dossier: Dossier) -> str:
    """Return the header's second line: the procedure."""
    return dossier.procedure_name or dossier.procedure_code or say("Chưa rõ thủ tục")


def opened(dossier: Dossier) -> str:
    """Say when the dossier was finished, or that the server has closed it; nothing while open."""
    if dossier.ended:
        return say("Đã đóng ở nơi nhận")
    if dossier.finished_at is None:
        return ""
    return say("Đã xong lúc {0}", clock(dossier.finished_at))


def clock(moment: datetime) -> str:
    """Return the time of day here, ``9:40``."""
    local = moment.astimezone()
    return f"{local.hour}:{local.minute:02d}"


def day(moment: datetime) -> str:
    """Return the date here, ``22/11/2026``."""
    return moment.astimezone().strftime("%d/%m/%Y")


def paper_line(desk: Desk, paper: Paper) -> PaperLine:
    """Say how a paper stands."""
    pages = paper.live_pages
    count = say("{0} trang", len(pages)) if pages else ""
    conflict = desk.dossier.undecided(paper, desk.server)
    if conflict is not None:
        said = conflict_text(conflict)
        return PaperLine(Mark.TROUBLE, paper.name, count, said, conflict=conflict.id)
    trouble = desk.trouble(paper)
    if trouble is not None:
        return PaperLine(Mark.TROUBLE, paper.name, count, trouble_text(trouble), retry=True)
    state = desk.dossier.state(paper, desk.server)
    if desk.dossier.left_behind(paper, desk.server):
        mark = Mark.EMPTY if paper.required else Mark.OPTIONAL
        return PaperLine(mark, paper.name, "", say("Nơi nhận vẫn giữ bản cũ"))
    if state is PaperState.MISSING and paper.reuse is not None:
        return PaperLine(Mark.READY, paper.name, "", reused(paper))
    if state is PaperState.MISSING:
        if paper.elsewhere:
            return PaperLine(Mark.SENT, paper.name, "", say("Bàn khác đã gửi"))
        if paper.required:
            said = say("Chưa có kết quả") if paper.kind is PaperKind.RESULT else say("Còn thiếu")
            return PaperLine(Mark.EMPTY, paper.name, "", said)
        return PaperLine(Mark.OPTIONAL, paper.name, "", say("Nếu có"))
    if state is PaperState.WORKING:
        return PaperLine(Mark.WORKING, paper.name, count, _progress(paper))
    if paper.dropped and state is PaperState.READY:
        return PaperLine(Mark.READY, paper.name, count, say("Thủ tục không còn giấy tờ này"))
    if state is PaperState.READY:
        return PaperLine(Mark.READY, paper.name, count, _with_signature(_ready(desk, paper), paper))
    receipt = desk.dossier.receipt(paper, desk.server)
    at = say(" lúc {0}", clock(receipt.at)) if receipt else ""
    return PaperLine(Mark.SENT, paper.name, count, _with_signature(say("Đã gửi{0}", at), paper))


def conflict_text(conflict: Conflict) -> str:
    """Say what a paper met at the server, as its state."""
    return say(_MET[conflict.kind])


_MET = {
    Kind.CHANGED: "Bị sửa ở nơi nhận",
    Kind.OTHER: "Bàn khác đã gửi tệp khác",
    Kind.CLOSED: "Hồ sơ đã đóng ở nơi nhận",
    Kind.DROPPED: "Thủ tục không còn giấy tờ này",
}


def _with_signature(said: str, paper: Paper) -> str:
    parts = (said, reused(paper) if paper.reuse else "", signature_text(paper))
    return " · ".join(part for part in parts if part)


def reused(paper: Paper) -> str:
    """Say what a paper is reused from."""
    code = paper.reuse.code if paper.reuse else ""
    return say("Dùng lại kết quả {0}", code) if code else say("Dùng lại từ hồ sơ khác")


def signature_text(paper: Paper) -> str:
    """Say what is known of the signatures of a paper that came as a signed PDF; else nothing."""
    if paper.signature_lost:
        return say("Trang đã bị sửa hoặc ghép: chữ ký số không còn theo tệp")
    standings = {signature.standing for signature in paper.signatures}
    if not standings:
        return ""
    if Standing.CHANGED in standings:
        return say("Chữ ký số: tệp đã bị thay đổi sau khi ký")
    names = ", ".join(dict.fromkeys(s.signer for s in paper.signatures if s.signer))
    whose = f": {names}" if names else ""  # last, for a line may be cut short
    if Standing.UNKNOWN_ISSUER in standings:
        return say("Chữ ký số còn nguyên, chưa rõ nơi cấp{0}", whose)
    return say("Chữ ký số hợp lệ{0}", whose)


def _progress(paper: Paper) -> str:
    pages = paper.live_pages
    read = sum(page.read for page in pages)
    if any(page.batch_open for page in pages):
        return say("Đang quét · đọc chữ {0}/{1}", read, len(pages))
    if read < len(pages):
        return say("Đang đọc chữ {0}/{1}", read, len(pages))
    return say("Đang đóng tệp PDF")


def _ready(desk: Desk, paper: Paper) -> str:
    if paper.id in desk.sending:
        return say("Đang gửi")
    if paper.held:
        return say("Đã có · chờ nhận lô")
    if paper.way.withheld:
        return say("Để lại, không gửi")
    if desk.dossier.finished_at is None:
        return say("Đã có")
    if desk.dossier.code is None:
        return say("Đã có · chưa có mã hồ sơ để gửi")
    if decided_for_theirs(desk.dossier.conflicts(paper, desk.server)):
        return say("Giữ ở máy này, không gửi")
    return say("Chờ gửi") if desk.server else say("Đã có · chưa khai báo nơi gửi")


def trouble_text(trouble: Parked) -> str:
    """Say what went wrong with a piece of work, and whether it mends itself."""
    kind = errors.kind(trouble.error)
    what = say("Chưa gửi được") if trouble.kind is WorkKind.UPLOAD else say("Chưa xử lý được")
    reason = lower(say(kind.title))
    if trouble.parked:
        return f"{what}: {reason}"
    again = say("gửi") if trouble.kind is WorkKind.UPLOAD else say("thử")
    return say("{0}: {1}. Sẽ tự {2} lại.", what, reason, again)


def missing(dossier: Dossier) -> str:
    """Say what the dossier still lacks, in the order of the procedure."""
    lacking = [paper for paper in dossier.papers if _lacks(paper)]
    result = any(
        paper.required and not paper.there and paper.kind is PaperKind.RESULT
        for paper in dossier.papers
    )
    if not any(paper.required for paper in dossier.papers):
        return say("Chưa có danh sách giấy tờ") if not dossier.template else ""
    if not lacking:
        return say("Đủ giấy tờ, chưa có kết quả") if result else say("Đủ giấy tờ")
    if len(lacking) == 1:
        return say("Còn thiếu: {0}", lacking[0].name)
    return say("Còn thiếu {0} giấy tờ", len(lacking)) + (say(" và kết quả") if result else "")


def _lacks(paper: Paper) -> bool:
    """Tell whether a component is missing that has to be there."""
    return paper.required and not paper.there and paper.kind is not PaperKind.RESULT


_BLANK = {
    None: "trang trắng",
    BlankReason.EMPTY: "trang trắng",
    BlankReason.SPECKS: "trắng, có bụi",
    BlankReason.STREAKS: "trắng, vệt máy quét",
    BlankReason.HOLES: "trắng, lỗ ghim",
    BlankReason.EDGES: "trắng, bóng mép giấy",
    BlankReason.BLEED_THROUGH: "trắng, hằn mặt kia",
}


def page_label(number: int, page: Page, *, doubled: bool = False) -> str:
    """Return what stands under a thumbnail; ``doubled``: it was probably scanned twice."""
    if doubled:
        return say("{0} · quét trùng?", number)
    if page.reading is None:
        return say("{0} · đang đọc", number)
    if page.reading.blank:
        return f"{number} · {say(_BLANK[page.reading.blank_reason])}"
    if page.words is None:
        return say("{0} · đang đọc", number)
    if page.words.failed:
        return say("{0} · không rõ chữ", number)
    return str(number)


def doubtful(page: Page) -> bool:
    """Tell whether the clerk should look at a page: blank, or without words."""
    if page.reading is None:
        return False
    return page.reading.blank or (page.words is not None and bool(page.words.failed))


def moved(to: tuple[Moved, ...]) -> Notice:
    """Say which pages a code led to another dossier; the newest of ``to`` last."""
    *others, newest = to
    title = say("{0} trang đã chuyển sang hồ sơ {1}", len(newest.pages), _whose(newest.dossier))
    hint = say("Theo mã {0} trên giấy.", newest.dossier.name)
    for other in others:
        hint += say(" Cả {0} trang sang hồ sơ {1}.", len(other.pages), _whose(other.dossier))
    return Notice(Tone.INFO, title, hint, Act.OPEN, newest.dossier.id)


def _whose(dossier: Dossier) -> str:
    return dossier.holder or dossier.name


def lane_paused(error: DigitizerError) -> Notice | None:
    """Say why a lane stands still, where somebody has to do something about it."""
    if error.remedy is Remedy.LATER or isinstance(error, errors.ServerNotSet):
        return None
    act = Act.SETTINGS if isinstance(error, SETTINGS_ERRORS) else Act.TRY_AGAIN
    return Notice(Tone.BAD, error.title, error.hint, act, row=row_of(error.code))


def row_of(error: str) -> str:
    """Return the key of the line of *Cần xử lý* that tells of an error (its code) which stops all
    work of a kind."""
    return f"lane {error}"


def failed(error: DigitizerError) -> Notice:
    """Say that something the clerk asked for could not be done."""
    act = Act.SETTINGS if isinstance(error, SETTINGS_ERRORS) else Act.NONE
    return Notice(Tone.BAD, error.title, error.hint, act, row=row_of(error.code))


def finished(dossier: Dossier, *, server: bool) -> Notice:
    """Say that a dossier is done, and what happens to it now."""
    pages = sum(len(paper.live_pages) for paper in dossier.papers)
    if dossier.code is None:
        then = say("Chưa có mã hồ sơ nên chưa gửi.")
    elif not server:
        then = say("Chưa khai báo nơi gửi nên chưa gửi.")
    else:
        then = say("Sẽ tự gửi.")
    lacks = missing(dossier)
    short = any(_lacks(paper) for paper in dossier.papers)
    return Notice(
        Tone.WARN if short else Tone.GOOD,
        say("Đã xong hồ sơ {0}", dossier.holder or dossier.name),
        say("{0} trang. {1}", pages, then) + (f" {lacks}." if short else ""),
        Act.REOPEN,
    )


def recovered(done: Recovered) -> Notice | None:
    """Say what was brought back at start, or None after a clean end."""
    if done.nothing:
        return None
    parts = []
    if done.pages:
        parts.append(say("Đã khôi phục {0} trang", done.pages))
    else:
        parts.append(say("Lần trước phần mềm dừng đột ngột"))
    hint = say("Lần trước phần mềm dừng đột ngột. ") if done.pages else ""
    hint += say("Không mất trang nào đã lưu.")
    if done.set_aside:
        hint += say(" {0} tệp dở dang được giữ riêng trong thư mục rescued.", done.set_aside)
    return Notice(Tone.INFO, parts[0], hint)


def lower(text: str) -> str:
    """Return a sentence as it stands within another."""
    return text[:1].lower() + text[1:]
