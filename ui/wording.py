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
from digitizer.work.queue import Parked
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
    """What the banner says: a title, a hint, a button.

    ``dossier_id`` is the one that ``Act.OPEN`` opens, ``pages`` those that ``Act.REMOVE`` removes
    and ``Act.FILE`` moves to ``paper_id``, ``ended`` the scan that the button goes on with. One
    that is ``lasting`` is not about the open dossier.
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

    @property
    def urgent(self) -> bool:
        """Whether it is about something that went wrong or is missing."""
        return self.tone in (Tone.WARN, Tone.BAD)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of the checklist. ``retry``: whether a *Thử lại* button belongs beside it."""

    mark: Mark
    title: str
    pages: str
    state: str
    retry: bool = False


NO_CODE = Notice(
    Tone.INFO,
    "Không nhận ra mã hồ sơ trong mã vừa quét",
    "Quét mã vạch có mã hồ sơ, hoặc gõ mã vào ô tìm.",
)
"""What was typed or read holds no mã hồ sơ."""

SETTINGS_ERRORS = (
    errors.ServerNotSet,
    errors.AddressUnusable,
    errors.SignInRefused,
    errors.ServerUntrusted,
    errors.ProfileUnsupported,
    errors.NotAllowed,
)


def saved(pages: int) -> str:
    """Say how many pages are safe. Never called with one that is not."""
    return f"Đã lưu {pages} trang"


def name_of(dossier: Dossier) -> str:
    """Return the large line of the header: whose dossier it is."""
    return dossier.holder or ("Hồ sơ chưa có mã" if dossier.code is None else "Hồ sơ chưa rõ tên")


def about(dossier: Dossier) -> str:
    """Return the header's second line: the procedure."""
    return dossier.procedure_name or dossier.procedure_code or "Chưa rõ thủ tục"


def opened(dossier: Dossier) -> str:
    """Say when the dossier was finished, or that it is open."""
    if dossier.finished_at is None:
        return ""
    return f"Đã xong lúc {clock(dossier.finished_at)}"


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
    count = f"{len(pages)} trang" if pages else ""
    trouble = desk.trouble(paper)
    if trouble is not None:
        return PaperLine(Mark.TROUBLE, paper.name, count, trouble_text(trouble), retry=True)
    state = desk.dossier.state(paper, desk.server)
    if desk.dossier.left_behind(paper, desk.server):
        mark = Mark.EMPTY if paper.required else Mark.OPTIONAL
        return PaperLine(mark, paper.name, "", "Nơi nhận vẫn giữ bản cũ")
    if state is PaperState.MISSING:
        if paper.required:
            said = "Chưa có kết quả" if paper.kind is PaperKind.RESULT else "Còn thiếu"
            return PaperLine(Mark.EMPTY, paper.name, "", said)
        return PaperLine(Mark.OPTIONAL, paper.name, "", "Nếu có")
    if state is PaperState.WORKING:
        return PaperLine(Mark.WORKING, paper.name, count, _progress(paper))
    if state is PaperState.READY:
        return PaperLine(Mark.READY, paper.name, count, _with_signature(_ready(desk, paper), paper))
    receipt = desk.dossier.receipt(paper, desk.server)
    at = f" lúc {clock(receipt.at)}" if receipt else ""
    return PaperLine(Mark.SENT, paper.name, count, _with_signature(f"Đã gửi{at}", paper))


def _with_signature(said: str, paper: Paper) -> str:
    about = signature_text(paper)
    return f"{said} · {about}" if about else said


def signature_text(paper: Paper) -> str:
    """Say what is known of the signatures of a paper that came as a signed PDF; else nothing."""
    if paper.signature_lost:
        return "Trang đã bị sửa hoặc ghép: chữ ký số không còn theo tệp"
    standings = {signature.standing for signature in paper.signatures}
    if not standings:
        return ""
    if Standing.CHANGED in standings:
        return "Chữ ký số: tệp đã bị thay đổi sau khi ký"
    names = ", ".join(dict.fromkeys(s.signer for s in paper.signatures if s.signer))
    whose = f": {names}" if names else ""  # last, for a line may be cut short
    if Standing.UNKNOWN_ISSUER in standings:
        return f"Chữ ký số còn nguyên, chưa rõ nơi cấp{whose}"
    return f"Chữ ký số hợp lệ{whose}"


def _progress(paper: Paper) -> str:
    pages = paper.live_pages
    read = sum(page.read for page in pages)
    if any(page.batch_open for page in pages):
        return f"Đang quét · đọc chữ {read}/{len(pages)}"
    if read < len(pages):
        return f"Đang đọc chữ {read}/{len(pages)}"
    return "Đang đóng tệp PDF"


def _ready(desk: Desk, paper: Paper) -> str:
    if paper.id in desk.sending:
        return "Đang gửi"
    if desk.dossier.finished_at is None:
        return "Đã có"
    if desk.dossier.code is None:
        return "Đã có · chưa có mã hồ sơ để gửi"
    return "Chờ gửi" if desk.server else "Đã có · chưa khai báo nơi gửi"


def trouble_text(trouble: Parked) -> str:
    """Say what went wrong with a piece of work, and whether it mends itself."""
    kind = errors.kind(trouble.error)
    what = "Chưa gửi được" if trouble.kind is WorkKind.UPLOAD else "Chưa xử lý được"
    reason = lower(kind.title)
    if trouble.parked:
        return f"{what}: {reason}"
    again = "gửi" if trouble.kind is WorkKind.UPLOAD else "thử"
    return f"{what}: {reason}. Sẽ tự {again} lại."


def missing(dossier: Dossier) -> str:
    """Say what the dossier still lacks, in the order of the procedure."""
    lacking = [
        paper
        for paper in dossier.papers
        if paper.required and not paper.live_pages and paper.kind is not PaperKind.RESULT
    ]
    result = any(
        paper.required and not paper.live_pages and paper.kind is PaperKind.RESULT
        for paper in dossier.papers
    )
    if not any(paper.required for paper in dossier.papers):
        return "Chưa có danh sách giấy tờ" if not dossier.template else ""
    if not lacking:
        return "Đủ giấy tờ, chưa có kết quả" if result else "Đủ giấy tờ"
    if len(lacking) == 1:
        return f"Còn thiếu: {lacking[0].name}"
    return f"Còn thiếu {len(lacking)} giấy tờ" + (" và kết quả" if result else "")


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
        return f"{number} · quét trùng?"
    if page.reading is None:
        return f"{number} · đang đọc"
    if page.reading.blank:
        return f"{number} · {_BLANK[page.reading.blank_reason]}"
    if page.words is None:
        return f"{number} · đang đọc"
    if page.words.failed:
        return f"{number} · không rõ chữ"
    return str(number)


def doubtful(page: Page) -> bool:
    """Tell whether the clerk should look at a page: blank, or without words."""
    if page.reading is None:
        return False
    return page.reading.blank or (page.words is not None and bool(page.words.failed))


def moved(to: tuple[Moved, ...]) -> Notice:
    """Say which pages a code led to another dossier; the newest of ``to`` last."""
    *others, newest = to
    title = f"{len(newest.pages)} trang đã chuyển sang hồ sơ {_whose(newest.dossier)}"
    hint = f"Theo mã {newest.dossier.name} trên giấy."
    for other in others:
        hint += f" Cả {len(other.pages)} trang sang hồ sơ {_whose(other.dossier)}."
    return Notice(Tone.INFO, title, hint, Act.OPEN, newest.dossier.id)


def _whose(dossier: Dossier) -> str:
    return dossier.holder or dossier.name


def lane_paused(error: DigitizerError) -> Notice | None:
    """Say why a lane stands still, where somebody has to do something about it."""
    if error.remedy is Remedy.LATER or isinstance(error, errors.ServerNotSet):
        return None
    act = Act.SETTINGS if isinstance(error, SETTINGS_ERRORS) else Act.TRY_AGAIN
    return Notice(Tone.BAD, error.title, error.hint, act)


def failed(error: DigitizerError) -> Notice:
    """Say that something the clerk asked for could not be done."""
    act = Act.SETTINGS if isinstance(error, SETTINGS_ERRORS) else Act.NONE
    return Notice(Tone.BAD, error.title, error.hint, act)


def finished(dossier: Dossier, *, server: bool) -> Notice:
    """Say that a dossier is done, and what happens to it now."""
    pages = sum(len(paper.live_pages) for paper in dossier.papers)
    if dossier.code is None:
        then = "Chưa có mã hồ sơ nên chưa gửi."
    elif not server:
        then = "Chưa khai báo nơi gửi nên chưa gửi."
    else:
        then = "Sẽ tự gửi."
    lacks = missing(dossier)
    short = lacks.startswith("Còn thiếu")
    return Notice(
        Tone.WARN if short else Tone.GOOD,
        f"Đã xong hồ sơ {dossier.holder or dossier.name}",
        f"{pages} trang. {then}" + (f" {lacks}." if short else ""),
        Act.REOPEN,
    )


def recovered(done: Recovered) -> Notice | None:
    """Say what was brought back at start, or None after a clean end."""
    if done.nothing:
        return None
    parts = []
    if done.pages:
        parts.append(f"Đã khôi phục {done.pages} trang")
    else:
        parts.append("Lần trước phần mềm dừng đột ngột")
    hint = "Lần trước phần mềm dừng đột ngột. " if done.pages else ""
    hint += "Không mất trang nào đã lưu."
    if done.set_aside:
        hint += f" {done.set_aside} tệp dở dang được giữ riêng trong thư mục rescued."
    return Notice(Tone.INFO, parts[0], hint)


def lower(text: str) -> str:
    """Return a sentence as it stands within another."""
    return text[:1].lower() + text[1:]
