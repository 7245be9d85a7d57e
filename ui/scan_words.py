"""PURE: what a scan is doing and how it ended → Vietnamese sentences, with what to do next.

Used by the counter. Words as an office writes them, never a code number, never blame.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from digitizer import errors
from digitizer.errors import DigitizerError
from digitizer.model import Dossier, Page
from digitizer.proposing import Suggestion
from digitizer.scanning import Progress
from digitizer.seams import Twin
from ui import wording
from ui.language import say
from ui.target import Ended, Target
from ui.wording import SETTINGS_ERRORS, Act, Notice, Tone

_GOES_ON = (
    errors.FeederJam,
    errors.CoverOpen,
    errors.DoubleFeed,
    errors.FeederStopped,
    errors.ScanCancelled,
)
"""After these a scan goes on, though no page of it was saved yet."""
_FIRST: dict[type[DigitizerError], str] = {
    errors.FeederJam: "mở nắp, lấy tờ giấy bị kẹt ra,",
    errors.CoverOpen: "đóng nắp,",
    errors.DoubleFeed: "tách hai tờ dính nhau ra,",
    errors.FeederStopped: "xem hai tờ có dính nhau hay giấy có kẹt không,",
    errors.ScannerLost: "kiểm tra cáp và nguồn của máy quét,",
    errors.ScannerCrashed: "",
}
"""What to do before the sheets are put back."""
_NO_SCANNER = "Bật máy quét, cắm cáp rồi bấm Tìm máy quét trong Cài đặt."


class Front(Enum):
    """What is in front of the clerk, seen from a scan that ended."""

    LAST_PAGE = "last-page"  # the last page that is safe
    PAPER = "paper"  # its paper, but not that page
    DOSSIER = "dossier"  # its dossier, but not that paper
    ELSEWHERE = "elsewhere"  # another dossier, or none


def scan_ended(ended: Ended, front: Front) -> Notice:
    """Say how a batch came to a bad end, that its pages are safe, and where its button goes on.

    Where the clerk looks at something else, the words name what it goes on with. A scan that the
    clerk stopped, or for which there was no paper, has no button in another dossier: nothing is
    to be mended there.

    Args:
        ended: The scan. Its ``error`` is not None.
        front: Where the clerk is now.
    """
    error, target = ended.error or errors.Bug(), ended.target
    tone, act = _tone_and_act(error, ended.pages)
    title = say(error.title)
    if front is Front.ELSEWHERE:
        title += say(" · hồ sơ {0}", target.dossier_name)
    going_on = act is not Act.SETTINGS
    kept = _kept(ended, front)
    first = next((say(text) for kind, text in _FIRST.items() if isinstance(error, kind)), None)
    if not going_on:
        hint = say(_NO_SCANNER if isinstance(error, errors.ScannerNotFound) else error.hint)
    elif front is Front.LAST_PAGE and first is not None:
        sheet = say("chính tờ này vì mặt sau chưa quét") if ended.half else say("tờ sau trang này")
        hint = _sentence(say("{0} đặt lại từ {1} rồi bấm Quét tiếp.", first, sheet))
    elif front in (Front.LAST_PAGE, Front.PAPER):
        hint = say(error.hint)
    elif front is Front.ELSEWHERE and tone is Tone.INFO:
        act, going_on = Act.NONE, False
        hint = say("Mở lại hồ sơ đó để quét vào {0}.", target.paper_title)
    else:
        back = say("quay lại") if front is Front.DOSSIER else say("mở lại hồ sơ đó, về")
        hint = say("Nút {0} {1} {2} và quét vào đó.", say(act.value), back, target.paper_title)
        if first:
            hint = f"{_sentence(first.rstrip(','))}. {hint}"
    hint = f"{kept}. {hint}" if kept else hint
    return Notice(tone, title, hint, act, ended=ended if going_on else None)


def _kept(ended: Ended, front: Front) -> str:
    """Say what is safe. How many pages of a stack are is said in its bar, as they count there:
    without separator sheets, and from before the jam as well."""
    if not ended.pages:
        return ""
    shown = front is Front.LAST_PAGE and isinstance(ended.error, tuple(_FIRST))
    if ended.target.stack:
        return say("Trang cuối đã lưu đang hiện") if shown else say("Mọi trang đã quét đều đã lưu")
    kept = say("{0} của lượt này", wording.saved(ended.pages))
    return kept + say(", trang cuối đang hiện") if shown else kept


def _tone_and_act(error: DigitizerError, pages: int) -> tuple[Tone, Act]:
    if isinstance(error, errors.FeederEmpty | errors.ScanCancelled):
        return Tone.INFO, Act.SCAN_ON if pages else Act.SCAN
    if isinstance(error, SETTINGS_ERRORS):
        return Tone.BAD, Act.SETTINGS
    if isinstance(error, errors.ScannerNotFound) and not error.detail:
        return Tone.BAD, Act.SETTINGS
    goes_on = pages or isinstance(error, _GOES_ON)
    return Tone.BAD, Act.SCAN_ON if goes_on else Act.SCAN_AGAIN


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]


def fronts_only(pages: int, elsewhere: str = "") -> Notice:
    """Say that a feeder gave one side only though the profile prefers both.

    ``elsewhere`` names the dossier the pages went to where that is not the open one.
    """
    title = say("{0}: máy này chỉ quét được một mặt", wording.saved(pages))
    if elsewhere:
        title += say(" · hồ sơ {0}", elsewhere)
    hint = say("Giấy có mặt sau thì lật cả tập, quét tiếp, rồi chọn Ghép mặt trước với mặt sau.")
    return Notice(Tone.INFO, title, hint)


def twins(dossier: Dossier, found: tuple[Twin, ...]) -> Notice:
    """Say which pages look as if their sheet had been scanned twice."""
    number = {
        page.id: (paper, at)
        for paper in dossier.papers
        for at, page in enumerate(paper.live_pages, start=1)
    }
    paper, at = number[found[0].page.id]
    _, first = number[found[0].first.id]
    title = say("Trang {0} giống trang {1}", at, first)
    if len(found) > 1:
        title = say("{0} trang có thể đã quét hai lần", len(found))
    hint = say(
        "{0}: có thể tờ giấy đã được quét hai lần. Trang bỏ đi lấy lại bằng Ctrl+Z.", paper.name
    )
    return Notice(Tone.WARN, title, hint, Act.REMOVE, pages=tuple(twin.page.id for twin in found))


def suggested(dossier: Dossier, found: Suggestion) -> Notice:
    """Ask quietly whether pages among *giấy tờ khác* are the paper that they seem to be."""
    goal = dossier.paper(found.proposal.part)
    first = found.pages[0]
    paper = dossier.paper_by_id(first.paper_id)
    at = [page.id for page in paper.live_pages].index(first.id) + 1 if paper else 0
    count = len(found.pages)
    which = say("Trang {0}", at) if count == 1 else say("Trang {0}–{1}", at, at + count - 1)
    return Notice(
        Tone.INFO,
        say("Có vẻ là «{0}»", found.proposal.title),
        say("{0} của {1}. Phím C để chuyển, Ctrl+Z để bỏ.", which, paper.name if paper else ""),
        Act.FILE,
        pages=tuple(page.id for page in found.pages),
        paper_id=goal.id if goal else "",
    )


def unreadable(dossier: Dossier, pages: tuple[Page, ...]) -> Notice:
    """Say which pages have no words to search for, because reading them failed."""
    (paper, at), *_ = [
        (paper, at)
        for paper in dossier.papers
        for at, page in enumerate(paper.live_pages, start=1)
        if page.id == pages[0].id
    ]
    title = say("Trang {0} không đọc được chữ", at)
    if len(pages) > 1:
        title = say("{0} trang không đọc được chữ", len(pages))
    hint = say(
        "{0}: ảnh vẫn được lưu và gửi đủ, nhưng không tìm kiếm được theo nội dung.", paper.name
    )
    return Notice(Tone.WARN, title, hint, Act.READ_AGAIN)


def woven(backs: int) -> Notice:
    """Say that backs were put between their fronts."""
    hint = say(
        "Xem vài trang: nếu mặt sau bị ngược thứ tự thì bấm nút bên phải. Ctrl+Z để bỏ ghép."
    )
    title = say("Đã ghép {0} mặt sau vào giữa các mặt trước", backs)
    return Notice(Tone.INFO, title, hint, Act.TURN_OVER)


def coming(into: str, progress: Progress | None) -> str:
    """Say what a scan is doing: ``Đang quét vào: Tờ khai · trang 4 của lượt này, 60 %``.

    Pages are counted within the batch: what number they get in the paper is known once they are
    there.
    """
    if progress is not None and progress.waiting:
        return say("Chờ giấy: đặt giấy vào khay. Esc để dừng.")
    said = say("Đang quét vào: {0}", into)
    if progress is None:
        return said
    said += say(" · trang {0} của lượt này", progress.seq)
    return said if progress.fraction is None else f"{said}, {round(100 * progress.fraction)} %"


def next_from_glass(into: str) -> str:
    """Say that the glass is free for the next page of a paper."""
    return say("Lật trang rồi bấm F6 để quét tiếp vào: {0}. Esc khi đã hết.", into)


SEARCHING = "Đang tìm máy quét… có thể mất nửa phút"


class Doing(Struct, frozen=True):
    """What a scan is doing, and the name in it of what it scans into."""

    text: str = ""
    name: str = ""


def doing(
    target: Target | None, progress: Progress | None, turning: int, *, searching: bool, here: str
) -> Doing:
    """Say what a scan is doing; nothing where none runs.

    Args:
        target: Where its pages go.
        progress: Of the page that is coming, where that is told.
        turning: The page that the glass waits for, or 0.
        searching: Its scanner is still looked for.
        here: The dossier, or stack, in front of the clerk (an id): it is not named.
    """
    if target is None:
        return Doing()
    if searching:
        return Doing(say(SEARCHING))
    into = f"{target.paper_title} · {target.dossier_name}"
    if target.stack:
        into = say("lô này") if target.stack == here else say("Quét lô")
    elif target.dossier_id == here:
        into = target.paper_title
    return Doing(next_from_glass(into) if turning else coming(into, progress), into)


def busy(target: Target) -> Notice:
    """Say that the scanner still scans elsewhere."""
    where = say("Máy đang quét vào {0} ({1})", target.paper_title, target.dossier_name)
    stack = say("Máy đang quét một lô giấy")
    title, hint = stack if target.stack else where, say("Quét xong rồi bấm lại F5.")
    return Notice(Tone.INFO, title, hint, passing=True)


def busy_here(target: Target) -> str:
    """Say the same in the place of a paper's first page."""
    told = busy(target)
    return f"{told.title}.\n{told.hint}"


def open_first(step: Notice | None) -> Notice:
    """Say that nothing can be scanned before a dossier is open; ``step``: what the clerk was told
    to do meanwhile, which still is what to do."""
    if step is not None:
        return replace(step, hint=say("Chưa mở hồ sơ nên chưa quét được. {0}", say(step.hint)))
    return Notice(
        Tone.INFO,
        say("Mở hồ sơ trước khi quét"),
        say("Quét mã vạch trên giấy tiếp nhận, hoặc tìm hồ sơ, rồi bấm F5."),
        passing=True,
    )
