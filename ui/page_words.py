"""PURE: what stands under a page's picture. Used by the strip of a paper, and
by the filmstrip of a stack."""

from __future__ import annotations

from digitizer.model import BlankReason, Page
from ui.language import say

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
    if why := blank(page):
        return f"{number} · {why}"
    if page.words is None:
        return say("{0} · đang đọc", number)
    if page.words.failed:
        return say("{0} · không rõ chữ", number)
    return str(number)


def blank(page: Page) -> str:
    """Say that a page is blank and why it looks otherwise; nothing of one that is not."""
    if page.reading is None or not page.reading.blank:
        return ""
    return say(_BLANK[page.reading.blank_reason])


def doubtful(page: Page) -> bool:
    """Tell whether the clerk should look at a page: blank, or without words."""
    if page.reading is None:
        return False
    return page.reading.blank or (page.words is not None and bool(page.words.failed))
