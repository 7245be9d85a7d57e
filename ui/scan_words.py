"""PURE: what a scan is doing and how it ended → Vietnamese sentences, with what to do next.

Used by the counter. Words as an office writes them, never a code number, never blame.
"""

from __future__ import annotations

from digitizer import errors
from digitizer.errors import DigitizerError
from digitizer.model import Dossier, Page
from digitizer.scanning import Progress
from digitizer.seams import Twin
from ui import wording
from ui.wording import SETTINGS_ERRORS, Act, Notice, Tone

_PAGES_BEFORE = (errors.FeederJam, errors.CoverOpen, errors.DoubleFeed, errors.ScanCancelled)
_FIRST: dict[type[DigitizerError], str] = {
    errors.FeederJam: "mở nắp, lấy tờ giấy bị kẹt ra,",
    errors.CoverOpen: "đóng nắp,",
    errors.DoubleFeed: "tách hai tờ dính nhau ra,",
    errors.ScannerLost: "kiểm tra cáp và nguồn của máy quét,",
    errors.ScannerCrashed: "",
}
"""What to do before the sheets are put back."""
_NO_SCANNER = "Bật máy quét, cắm cáp rồi bấm Tìm máy quét trong Cài đặt."


def scan_ended(
    error: DigitizerError,
    pages: int,
    elsewhere: str = "",
    *,
    shown: bool = False,
    half: bool = False,
) -> Notice:
    """Say how a batch came to a bad end, that its pages are safe, and where to go on.

    Args:
        error: The trouble.
        pages: How many pages of the batch are safe.
        elsewhere: Names the dossier it went to where that is not the open one: then no button
            scans on, for it would scan into the wrong one.
        shown: The last safe page is in front of the clerk.
        half: Of the last sheet only the front was scanned, though both sides were asked for.
    """
    if elsewhere:
        told = scan_ended(error, pages)
        return Notice(told.tone, f"{told.title} · hồ sơ {elsewhere}", told.hint)
    kept = f"{wording.saved(pages)} của lượt này. " if pages else ""
    tone = Tone.BAD
    act = Act.SCAN_ON if pages else Act.SCAN_AGAIN
    hint = error.hint
    first = next((text for kind, text in _FIRST.items() if isinstance(error, kind)), None)
    if shown and pages and first is not None:
        kept = f"{wording.saved(pages)} của lượt này, trang cuối đang hiện. "
        sheet = "chính tờ này vì mặt sau chưa quét" if half else "tờ sau trang này"
        hint = f"{first} đặt lại từ {sheet} rồi bấm Quét tiếp.".strip()
        hint = hint[:1].upper() + hint[1:]
    if isinstance(error, errors.FeederEmpty | errors.ScanCancelled):
        tone, act = Tone.INFO, Act.SCAN_ON if pages else Act.SCAN
    elif isinstance(error, SETTINGS_ERRORS):
        act = Act.SETTINGS
    elif isinstance(error, errors.ScannerNotFound) and not error.detail:
        act, hint = Act.SETTINGS, _NO_SCANNER
    elif isinstance(error, _PAGES_BEFORE):
        act = Act.SCAN_ON
    return Notice(tone, error.title, kept + hint, act)


def twins(dossier: Dossier, found: tuple[Twin, ...]) -> Notice:
    """Say which pages look as if their sheet had been scanned twice."""
    number = {
        page.id: (paper, at)
        for paper in dossier.papers
        for at, page in enumerate(paper.live_pages, start=1)
    }
    paper, at = number[found[0].page.id]
    _, first = number[found[0].first.id]
    title = f"Trang {at} giống trang {first}"
    if len(found) > 1:
        title = f"{len(found)} trang có thể đã quét hai lần"
    hint = f"{paper.name}: có thể tờ giấy đã được quét hai lần. Trang bỏ đi lấy lại bằng Ctrl+Z."
    return Notice(Tone.WARN, title, hint, Act.REMOVE, pages=tuple(twin.page.id for twin in found))


def unreadable(dossier: Dossier, pages: tuple[Page, ...]) -> Notice:
    """Say which pages have no words to search for, because reading them failed."""
    (paper, at), *_ = [
        (paper, at)
        for paper in dossier.papers
        for at, page in enumerate(paper.live_pages, start=1)
        if page.id == pages[0].id
    ]
    title = f"Trang {at} không đọc được chữ"
    if len(pages) > 1:
        title = f"{len(pages)} trang không đọc được chữ"
    hint = f"{paper.name}: ảnh vẫn được lưu và gửi đủ, nhưng không tìm kiếm được theo nội dung."
    return Notice(Tone.WARN, title, hint, Act.READ_AGAIN)


def woven(backs: int) -> Notice:
    """Say that backs were put between their fronts."""
    hint = "Xem vài trang: nếu mặt sau bị ngược thứ tự thì bấm nút bên phải. Ctrl+Z để bỏ ghép."
    return Notice(Tone.INFO, f"Đã ghép {backs} mặt sau vào giữa các mặt trước", hint, Act.TURN_OVER)


def coming(into: str, progress: Progress | None) -> str:
    """Say what a scan is doing: ``Đang quét vào: Tờ khai · trang 4, 60 %``."""
    if progress is not None and progress.waiting:
        return f"Chờ giấy cho trang {progress.seq}: đặt giấy vào khay. Esc để dừng."
    said = f"Đang quét vào: {into}"
    if progress is None:
        return said
    said += f" · trang {progress.seq}"
    return said if progress.fraction is None else f"{said}, {round(100 * progress.fraction)} %"


def next_from_glass(seq: int) -> str:
    """Say that the glass is free for the next page."""
    return f"Lật trang rồi bấm F6 để quét trang {seq}. Esc khi đã hết."
