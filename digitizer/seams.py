"""PURE: where a batch broke off and another went on in the same paper, and which sheets were
probably scanned twice there.

After a jam the clerk puts the sheets back from memory, and the last one that was safe is often
fed again. Decides nothing: what is found is offered. Called by ``digitizer.twins``.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from msgspec import Struct

from digitizer.looks import likeness
from digitizer.model import Page, Paper

BROKEN = frozenset(
    {"jam", "cover", "double-feed", "cancelled", "lost", "crashed", "disk-full", "failed",
     "interrupted"}
)  # fmt: skip
"""Ends of a batch (``scanning.EndReason``) after which sheets are put back."""

_ACROSS = 2
"""Pages on either side of a seam that are compared: a sheet has two sides."""
_ENOUGH_WORDS = 20
_SAME_TEXT, _SAME_LOOK = 0.5, 0.7
_LONG_NUMBER, _MISREAD = 9, 2
"""Digits of a number that tells a sheet from another; so many of them OCR may misread."""


class Twin(Struct, frozen=True):
    """``page`` shows the sheet side that ``first`` shows, scanned before a batch broke off."""

    page: Page
    first: Page


class Seen(Struct, frozen=True):
    """What an image shows: its look (``digitizer.looks``) and its words in reading order."""

    look: str
    words: tuple[str, ...]


def pairs(paper: Paper) -> tuple[Twin, ...]:
    """Return the pages of a paper that may show a side a second time, each with every page it may
    repeat, nearest first.

    Only pages whose images are read and OCRed are compared. Blank ones look all alike and are
    left out (``blank_backs`` finds them by their sheet), and so are pages that the clerk keeps.
    """
    pages = paper.live_pages
    found: list[Twin] = []
    for at in range(1, len(pages)):
        before, after = pages[at - 1], pages[at]
        if before.batch_id == after.batch_id or before.batch_reason not in BROKEN:
            continue
        earlier = [p for p in pages[max(0, at - _ACROSS) : at] if p.batch_id == before.batch_id]
        later = [p for p in pages[at : at + _ACROSS] if p.batch_id == after.batch_id]
        found += [
            Twin(page, first)
            for page in later
            for first in reversed(earlier)
            if _comparable(page) and _comparable(first) and not page.kept
        ]
    return tuple(found)


def same_side(one: Seen, other: Seen) -> bool:
    """Tell whether two images probably show the same side of the same sheet.

    Words decide where there are enough: pages full of text all look alike from afar. Two papers
    of one form share most of their words: what tells them is a number.
    """
    if apart(one, other):
        return False
    if min(len(one.words), len(other.words)) >= _ENOUGH_WORDS:
        return _shared(_runs(one.words), _runs(other.words)) >= _SAME_TEXT
    return likeness(one.look, other.look) >= _SAME_LOOK


def apart(one: Seen, other: Seen) -> bool:
    """Tell whether two images are of different sheets for certain: each holds a long number (such
    as a CCCD's), and no number of the one could be one of the other, misread in a digit or two."""
    compared = [
        sum(a != b for a, b in zip(mine, theirs, strict=True))
        for mine in _numbers(one.words)
        for theirs in _numbers(other.words)
        if len(mine) == len(theirs)
    ]
    return bool(compared) and min(compared) > _MISREAD


def other_sides(paper: Paper, twin: Twin) -> Twin | None:
    """Return the other sides of a twin's two sheets, where both show something and are read; only
    for batches that hold both sides of every sheet."""
    at = {(page.batch_id, page.batch_seq): page for page in paper.pages}
    page, first = at.get(_other_side(twin.page)), at.get(_other_side(twin.first))
    if page is None or first is None or not (_comparable(page) and _comparable(first)):
        return None
    return Twin(page, first)


def blank_backs(paper: Paper, found: Sequence[Twin]) -> tuple[Twin, ...]:
    """Return the blank sides that were fed again with the sheets of ``found``, each with the
    blank one of the first time.

    All blank sides look alike: what tells this one is the other side of its sheet. Only for twins
    both of whose batches hold both sides of every sheet, front and back by turns. A sheet that was
    put back the other way up is the same sheet.
    """
    at = {(page.batch_id, page.batch_seq): page for page in paper.live_pages}
    backs = [(at.get(_other_side(one.page)), at.get(_other_side(one.first))) for one in found]
    return tuple(
        Twin(page, first)
        for page, first in backs
        if page is not None and first is not None and _blank(page) and _blank(first)
        if not page.kept
    )


def _other_side(page: Page) -> tuple[str, int]:
    """Return batch and number of the side behind a page, in a batch of both sides."""
    return page.batch_id, page.batch_seq + (1 if page.batch_seq % 2 else -1)


def _blank(page: Page) -> bool:
    return page.reading is not None and page.reading.blank


def _comparable(page: Page) -> bool:
    return page.read and not _blank(page)


def _numbers(words: Sequence[str]) -> set[str]:
    bare = (word.strip(".,:;()") for word in words)
    return {word for word in bare if len(word) >= _LONG_NUMBER and word.isdecimal()}


def _runs(words: Sequence[str]) -> set[tuple[str, str]]:
    return set(itertools.pairwise(words))


def _shared(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> float:
    return len(one & other) / max(1, len(one | other))
