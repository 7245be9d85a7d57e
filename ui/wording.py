"""PURE: facts → Vietnamese sentences. Numbers, states, troubles; nothing is drawn here.

Used by every screen. Words as an office writes them, never a code number, never blame.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from msgspec import Struct

from digitizer import clearance, errors
from digitizer.errors import DigitizerError, Remedy
from digitizer.model import Dossier, Paper, PaperKind
from digitizer.plan import WorkKind
from digitizer.recovery import Recovered
from digitizer.work.queue import Parked
from ui import clerk_words
from ui.language import say
from ui.reads import Moved
from ui.rows import Part
from ui.target import Ended


class Act(Enum):
    """What the one button of a banner does."""

    NONE = ""
    SCAN = "Quét"
    SCAN_ON = "Quét tiếp"
    SCAN_AGAIN = "Quét lại"
    TRY_AGAIN = "Thử lại"
    SETTINGS = "Mở Cài đặt"
    PASSWORD = "Sửa mật khẩu"  # noqa: S105 - what a button says
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
    SEE_MARKED = "Xem dấu mật"
    DISK = "Xem ổ đĩa"


STAYING = (
    Act.TRY_AGAIN,
    Act.ALLOW_PAGE,
    Act.REFUSE_PAGE,
    Act.STOP_WEB,
    Act.NOTED_WEB,
    Act.DISK,
)
"""What is done wherever the clerk is; all else is done at the counter."""
TAKING_BACK = (Act.REOPEN, Act.TAKE_BACK)
"""What takes back what was just done at a place; a notice with it is that place's."""


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


class Notice(Struct, frozen=True):
    """What the banner says: a title, a hint, a button, or two where it asks.

    ``dossier_id`` is the one that ``Act.OPEN`` opens, ``pages`` those that ``Act.REMOVE`` removes
    and ``Act.FILE`` moves to ``paper_id``, ``ended`` the scan that the button goes on with,
    ``clerk`` whose password ``Act.PASSWORD`` asks for (empty: the office's own). One that is
    ``lasting`` is not about the open dossier. ``code``: what ``Act.BIND`` binds to. ``row`` is the
    key of the line of *Cần xử lý* that says the same. ``origin``: the web page that
    ``Act.ALLOW_PAGE`` allows. ``other`` is the second button's. ``part``: where ``Act.SETTINGS``
    leads to. One that is ``passing`` goes with the next step, or with the end of a scan.
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
    clerk: str = ""
    part: Part = Part.SCANNING
    passing: bool = False

    @property
    def for_stack(self) -> bool:
        """Whether its button is worked at *Quét lô*."""
        return self.act is Act.TAKE_BACK or bool(self.ended and self.ended.target.stack)

    @property
    def urgent(self) -> bool:
        """Whether it is about something that went wrong or is missing."""
        return self.tone in (Tone.WARN, Tone.BAD)


NO_CODE = Notice(
    Tone.INFO,
    "Không nhận ra mã hồ sơ trong mã vừa quét",
    "Quét mã vạch có mã hồ sơ, hoặc gõ mã vào ô tìm.",
)
"""What was typed or read holds no mã hồ sơ."""
KEPT = Notice(Tone.GOOD, "Đã lưu", passing=True)
"""What was typed into a form is a fact."""

SETTINGS_ERRORS = (
    errors.ServerNotSet,
    errors.AddressUnusable,
    errors.AccountIncomplete,
    errors.NotSupported,
    errors.ServerUntrusted,
    errors.ProfileUnsupported,
    errors.NotAllowed,
)
PASSWORD_ERRORS = (errors.SignInRefused, errors.PasswordMissing, errors.ClerkError)


def saved(pages: int) -> str:
    """Say how many pages are safe. Never called with one that is not."""
    return say("Đã lưu {0} trang", pages)


def name_of(dossier: Dossier) -> str:
    """Return the large line of the header: whose dossier it is."""
    if dossier.holder:
        return dossier.holder
    if dossier.removed_at is not None:
        return say("Hồ sơ đã xóa bản trên máy")
    return say("Hồ sơ chưa có mã") if dossier.code is None else say("Hồ sơ chưa rõ tên")


def about(dossier: Dossier) -> str:
    """Return the header's second line: the procedure."""
    return dossier.procedure_name or dossier.procedure_code or say("Chưa rõ thủ tục")


def opened(dossier: Dossier) -> str:
    """Say when the dossier was finished, that the server has closed it, or that its copies here
    are gone; nothing while open."""
    if dossier.removed_at is not None:
        return removed(dossier.removed_at)
    if dossier.ended:
        return say("Đã đóng ở nơi nhận")
    if dossier.finished_at is None:
        return ""
    return say("Đã xong lúc {0}", clock(dossier.finished_at))


def removed(at: datetime) -> str:
    """Say that copies were removed from this machine."""
    return say("Bản trên máy đã xóa ngày {0}", day(at))


def clock(moment: datetime) -> str:
    """Return the time of day here, ``9:40``."""
    local = moment.astimezone()
    return f"{local.hour}:{local.minute:02d}"


def day(moment: datetime) -> str:
    """Return the date here, ``22/11/2026``."""
    return moment.astimezone().strftime("%d/%m/%Y")


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


def lacks(dossier: Dossier) -> bool:
    """Tell whether a paper is missing that was to be handed in."""
    return any(_lacks(paper) for paper in dossier.papers)


def _lacks(paper: Paper) -> bool:
    """Tell whether a component is missing that has to be there."""
    return paper.required and not paper.there and paper.kind is not PaperKind.RESULT


def moved(to: tuple[Moved, ...]) -> Notice:
    """Say which pages a code led to another dossier; the newest of ``to`` last."""
    *others, newest = to
    if newest.unsorted:
        title = say("{0} trang đã để riêng ở Chưa phân loại", len(newest.pages))
        hint = say("Mã trên giấy là của hồ sơ chưa có ở máy này. Mở ra, M rồi F: về hồ sơ đúng.")
    else:
        title = say("{0} trang đã chuyển sang hồ sơ {1}", len(newest.pages), _whose(newest.dossier))
        hint = say("Theo mã {0} trên giấy.", newest.dossier.name)
    for other in others:
        pages, whose = len(other.pages), _whose(other.dossier)
        hint += say(" Ngoài ra {0} trang đã chuyển sang hồ sơ {1}.", pages, whose)
    return Notice(Tone.INFO, title, hint, Act.OPEN, newest.dossier.id)


def _whose(dossier: Dossier) -> str:
    return dossier.holder or dossier.name


def lane_paused(error: DigitizerError) -> Notice | None:
    """Say why a lane stands still, where somebody has to do something about it."""
    if error.remedy is Remedy.LATER or isinstance(error, errors.ServerNotSet):
        return None
    act, row = way_out(type(error)), row_of(error.code)
    return Notice(Tone.BAD, error.title, error.hint, act, row=row, part=part_of(type(error)))


def row_of(error: str) -> str:
    """Return the key of the line of *Cần xử lý* that tells of an error (its code) which stops all
    work of a kind."""
    return f"lane {error}"


def failed(error: DigitizerError) -> Notice:
    """Say that something the clerk asked for could not be done."""
    if isinstance(error, errors.ClerkError):
        return held(type(error), error.detail, error.who)
    act = way_out(type(error))
    act = Act.NONE if act is Act.TRY_AGAIN else act
    row, part = row_of(error.code), part_of(type(error))
    return Notice(Tone.BAD, error.title, error.hint, act, row=row, part=part)


def held(kind: type[DigitizerError], clerk: str, who: str) -> Notice:
    """Say whose account cannot sign in."""
    return Notice(
        Tone.BAD,
        clerk_words.title(kind, who),
        kind.hint,
        Act.PASSWORD,
        lasting=True,
        row=f"clerk {clerk} {kind.code}",
        clerk=clerk,
    )


def way_out(kind: type[DigitizerError]) -> Act:
    """Return the button of what somebody has to do about a trouble."""
    if issubclass(kind, PASSWORD_ERRORS):
        return Act.PASSWORD
    if issubclass(kind, errors.ServerExpired | errors.ClockWrong):
        return Act.TRY_AGAIN  # not to be mended in here
    return Act.SETTINGS if issubclass(kind, SETTINGS_ERRORS) else Act.TRY_AGAIN


def part_of(kind: type[DigitizerError]) -> Part:
    """Return the part of *Cài đặt* where a trouble is mended that is mended there."""
    if issubclass(kind, errors.NotSupported):
        return Part.CARRYING
    return Part.SERVER if issubclass(kind, errors.ServerError) else Part.SCANNING


def finished(dossier: Dossier, *, server: bool) -> Notice:
    """Say that a dossier is done, and what happens to it now."""
    scanned = [page for paper in dossier.papers for page in paper.live_pages]
    half = [p.name for p in dossier.papers if any(page.left_off for page in p.live_pages)]
    then = _after_finishing(dossier, server=server)
    if not scanned:
        then = say("Chưa có trang nào nên không có gì để gửi.")
    if half:
        then += say(" Lượt quét vào {0} bị ngắt: xem còn thiếu tờ nào không.", half[0])
    lacking = missing(dossier)
    short = lacks(dossier)
    return Notice(
        Tone.WARN if short or half or not scanned else Tone.GOOD,
        say("Đã xong hồ sơ {0}", dossier.holder or dossier.name),
        (say("{0} trang. {1}", len(scanned), then) if scanned else then)
        + (f" {lacking}." if short else ""),
        Act.REOPEN,
    )


def _after_finishing(dossier: Dossier, *, server: bool) -> str:
    there = [paper for paper in dossier.papers if paper.live_pages]
    left = [paper for paper in there if dossier.receipt(paper) is None]
    if clearance.of(dossier).stopped:
        return say("Có dấu mật nên chưa gửi.")
    if dossier.code is None:
        return say("Chưa có mã hồ sơ nên chưa gửi.")
    if not server:
        return say("Chưa khai báo nơi gửi nên chưa gửi.")
    if left and all(paper.way.withheld for paper in left):
        return say("Đã để lại máy này, không gửi.")
    if left and all(paper.held or paper.way.withheld for paper in left):
        return say("Trang của lô chưa nhận nên chưa gửi; nhận lô (Alt+2) xong sẽ tự gửi.")
    if dossier.sign_first is not None:
        return say("Chờ ký số (F4) rồi tự gửi.")
    if any(page.batch_open for paper in there for page in paper.live_pages):
        return say("Máy còn đang quét vào hồ sơ này, quét xong sẽ tự gửi.")
    if any(paper.held for paper in left):
        return say("Sẽ tự gửi, trừ trang của lô chưa nhận (Alt+2).")
    return say("Sẽ tự gửi.")


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
