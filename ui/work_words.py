"""PURE: what is done to pages → Vietnamese sentences, for the quiet line of the bar.

Used by the page work of the counter. Numbers of pages, never of codes.
"""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.model import Dossier, Page
from digitizer.storage.edits import Step
from ui.wording import Notice, Tone

GET_BACK = "Lấy lại"
NOTHING_TO_UNDO = "Không còn gì để hoàn tác."
NOTHING_TO_REDO = "Không có gì để làm lại."
FIRST_ALREADY = "Trang đã ở đầu giấy tờ."
LAST_ALREADY = "Trang đã ở cuối giấy tờ."
SAME_PAPER = "Trang đang ở giấy tờ này rồi."
SAME_DOSSIER = "Trang đang ở hồ sơ này rồi."
CANNOT_SPLIT = "Trước trang này không còn trang nào để tách."
CANNOT_JOIN = "Trước giấy tờ này không có bản nào để nối vào."
NOT_READ = "Trang này chưa đọc xong. Chờ một lát rồi cắt."
CROPS = "Kéo góc hoặc mũi tên · V: góc khác · Enter: cắt · Esc"
IS_TAKEN_OUT = "Trang này đã bỏ. Bấm Enter để lấy lại."

_VERBS = {
    "turn": "xoay",
    "delete": "bỏ",
    "restore": "lấy lại",
    "move": "chuyển",
    "order": "đổi chỗ",
    "split": "tách",
    "join": "nối",
    "crop": "cắt mép",
    "keep": "giữ",
    "interleave": "ghép mặt trước với mặt sau,",
    "insert": "quét chèn",
    "replace": "quét lại",
}


def taken_out(pages: int) -> str:
    """Return what the last cell of the strip says."""
    return f"{pages} trang đã bỏ"


def bin_hint(pages: int, *, opened: bool) -> str:
    """Say what Enter does on the last cell."""
    does = "cất đi" if opened else "xem và lấy lại"
    return f"{taken_out(pages)}. Bấm Enter để {does}."


def taken_out_hint(page: Page) -> str:
    """Say what a page in the bin is."""
    what = "Tờ phân cách, đã bỏ" if page.separator else "Trang đã bỏ"
    return f"{what}. Bấm Enter để lấy lại."


def undone(step: Step | None) -> str:
    """Say what was taken back."""
    return NOTHING_TO_UNDO if step is None else f"Đã hoàn tác: {_done(step)}."


def redone(step: Step | None) -> str:
    """Say what was done again."""
    return NOTHING_TO_REDO if step is None else f"Đã làm lại: {_done(step)}."


def _done(step: Step) -> str:
    return f"{_VERBS.get(step.verb, 'sửa')} {len(step.pages)} trang"


def asks_where(pages: int, dossier: Dossier, *, other: bool) -> str:
    """Say which keys move pages; ``other``: there is no *giấy tờ khác* in the list yet."""
    ways = ["bấm số giấy tờ" if dossier.listed else ""]
    ways += ["0: giấy tờ khác" if other else "", "F: hồ sơ khác", "Esc"]
    return f"Chuyển {pages} trang tới: " + " · ".join(way for way in ways if way)


def asks_which(pages: int) -> str:
    """Say what a dossier is looked for."""
    return f"Chuyển {pages} trang sang hồ sơ nào?"


def no_such_paper(number: int) -> str:
    """Say that no paper has this number."""
    return f"Không có giấy tờ số {number}."


def moved_to(pages: int, name: str) -> str:
    """Say where pages went, for that cannot be seen."""
    return f"Đã chuyển {pages} trang sang {name}. Ctrl+Z để lấy lại."


def split(pages: int, name: str) -> str:
    """Say which paper pages are in now."""
    return f"Đã tách {pages} trang thành {name}."


def cannot_crop(pages: Sequence[Page]) -> Notice:
    """Say that there is nothing to crop pages to."""
    title = "Không thấy mép giấy trong ảnh của trang này"
    if len(pages) > 1:
        title = f"Không thấy mép giấy trong ảnh của {len(pages)} trang này"
    hint = "Giấy vừa khít ảnh, hoặc nắp máy quét cùng màu với giấy."
    return Notice(Tone.INFO, title, hint)


def not_here(code: str) -> Notice:
    """Say that pages cannot go to a dossier that is not on this machine."""
    hint = "Mở hồ sơ đó một lần để đưa về máy này, rồi chuyển trang."
    return Notice(Tone.INFO, f"Hồ sơ {code} chưa có trên máy này", hint)


def picked(pages: int) -> str:
    """Say how many pages the next key is for."""
    return f"Đang chọn {pages} trang · Esc: bỏ chọn"


def about_word(text: str, raw: str, confidence: float) -> str:
    """Say how a word was read."""
    said = f"Đọc được: {raw} → sửa thành: {text}" if raw else f"Đọc được: {text}"
    return f"{said} (chắc {round(confidence)}%)"


def legend(words: int, doubtful: int, mended: int, *, read: bool) -> str:
    """Say what stands over a page."""
    if not words:
        return "Trang này không có chữ." if read else "Trang này chưa đọc xong."
    parts = [f"{words} chữ đã đọc"]
    parts += [f"▲ {doubtful} chữ chưa chắc"] if doubtful else []
    parts += [f"◆ {mended} chữ đã sửa"] if mended else []
    return " · ".join(parts)


def found(typed: str, places: int, unread: int) -> str:
    """Say how often a text is in the paper; ``unread``: pages that may hold it, too."""
    if not typed.strip():
        return ""
    said = f"{places} chỗ" if places else "Không thấy"
    return f"{said}, {unread} trang chưa đọc" if unread else said
