"""PURE: what is done to pages → Vietnamese sentences, for the quiet line of the bar.

Used by the page work of the counter. Numbers of pages, never of codes. The
constants are said (``say``) where they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.model import Dossier, Page
from digitizer.storage.edits import Step
from ui.language import say
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
    "bind": "gộp hồ sơ tạm,",
    "insert": "quét chèn",
    "replace": "quét lại",
    "reuse": "dùng lại",
    "no-reuse": "bỏ dùng lại",
}


def taken_out(pages: int) -> str:
    """Return what the last cell of the strip says."""
    return say("{0} trang đã bỏ", pages)


def bin_hint(pages: int, *, opened: bool) -> str:
    """Say what Enter does on the last cell."""
    does = say("cất đi") if opened else say("xem và lấy lại")
    return say("{0}. Bấm Enter để {1}.", taken_out(pages), does)


def taken_out_hint(page: Page) -> str:
    """Say what a page in the bin is."""
    what = say("Tờ phân cách, đã bỏ") if page.separator else say("Trang đã bỏ")
    return say("{0}. Bấm Enter để lấy lại.", what)


def undone(step: Step | None) -> str:
    """Say what was taken back."""
    return NOTHING_TO_UNDO if step is None else say("Đã hoàn tác: {0}.", _done(step))


def redone(step: Step | None) -> str:
    """Say what was done again."""
    return NOTHING_TO_REDO if step is None else say("Đã làm lại: {0}.", _done(step))


def _done(step: Step) -> str:
    verb = say(_VERBS.get(step.verb, "sửa"))
    return say("{0} {1} trang", verb, len(step.pages)) if step.pages else verb


def asks_where(pages: int, dossier: Dossier, *, other: bool) -> str:
    """Say which keys move pages; ``other``: there is no *giấy tờ khác* in the list yet."""
    ways = [say("bấm số giấy tờ") if dossier.listed else ""]
    ways += [say("0: giấy tờ khác") if other else "", say("F: hồ sơ khác"), "Esc"]
    return say("Chuyển {0} trang tới: {1}", pages, " · ".join(way for way in ways if way))


def asks_rest(pages: int, number: int, name: str) -> str:
    """Say that another digit may follow ``number``, or Enter, which chooses that paper."""
    return say("Chuyển {0} trang tới: {1}… bấm thêm số, hoặc Enter: {2}", pages, number, name)


def asks_which(pages: int) -> str:
    """Say what a dossier is looked for."""
    return say("Chuyển {0} trang sang hồ sơ nào?", pages)


def no_such_paper(number: int) -> str:
    """Say that no paper has this number."""
    return say("Không có giấy tờ số {0}.", number)


GOES_AGAIN = "Giấy tờ này đã gửi: bản vừa sửa sẽ tự gửi lại. Ctrl+Z để trả như cũ."
"""Of an edit that can be seen, where nothing else waits for anybody."""


def moved_to(pages: int, name: str) -> str:
    """Say where pages went, for that cannot be seen."""
    return say("Đã chuyển {0} trang sang {1}. Ctrl+Z để lấy lại.", pages, name)


def split(pages: int, name: str) -> str:
    """Say which paper pages are in now."""
    return say("Đã tách {0} trang thành {1}.", pages, name)


def cannot_crop(pages: Sequence[Page]) -> Notice:
    """Say that there is nothing to crop pages to."""
    title = say("Không thấy mép giấy trong ảnh của trang này")
    if len(pages) > 1:
        title = say("Không thấy mép giấy trong ảnh của {0} trang này", len(pages))
    hint = say("Giấy vừa khít ảnh, hoặc nắp máy quét cùng màu với giấy.")
    return Notice(Tone.INFO, title, hint)


def not_here(code: str) -> Notice:
    """Say that pages cannot go to a dossier that is not on this machine."""
    hint = say("Mở hồ sơ đó một lần để đưa về máy này, rồi chuyển trang.")
    return Notice(Tone.INFO, say("Hồ sơ {0} chưa có trên máy này", code), hint)


def picked(pages: int) -> str:
    """Say how many pages the next key is for."""
    return say("Đang chọn {0} trang · Esc: bỏ chọn", pages)


def about_word(text: str, raw: str, confidence: float) -> str:
    """Say how a word was read."""
    said = say("Đọc được: {0}", text)
    if raw:
        said = say("Đọc được: {0} → sửa thành: {1}", raw, text)
    return say("{0} (chắc {1}%)", said, round(confidence))


def legend(words: int, doubtful: int, mended: int, *, read: bool) -> str:
    """Say what stands over a page."""
    if not words:
        return say("Trang này không có chữ.") if read else say("Trang này chưa đọc xong.")
    parts = [say("{0} chữ đã đọc", words)]
    parts += [say("▲ {0} chữ chưa chắc", doubtful)] if doubtful else []
    parts += [say("◆ {0} chữ đã sửa", mended)] if mended else []
    return " · ".join(parts)


def place_of(at: int, places: int) -> str:
    """Say which of the places found is looked at, and what leads to the next."""
    return f"{at}/{places} · F3" if places > 1 else f"{at}/{places}"


def found(typed: str, places: int, unread: int) -> str:
    """Say how often a text is in the paper; ``unread``: pages that may hold it, too."""
    if not typed.strip():
        return ""
    said = say("{0} chỗ", places) if places else say("Không thấy")
    return say("{0}, {1} trang chưa đọc", said, unread) if unread else said
