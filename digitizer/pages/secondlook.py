"""What Tesseract passed over: inked regions of a page in which it saw no words.

PURE. Called by OCR, which reads such a region once more as one block of text. A seal or a
signature across a heading makes Tesseract take heading, seal and name for one picture and read
none of it: on issued papers that is where the signer's name stands.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from digitizer.pages import clusters, wordtable
from digitizer.pages.clusters import Patch
from digitizer.pages.ink import Mask
from digitizer.pages.wordtable import Box, Word

_CELL_MM = 1.5
_INKED_CELL = 0.05
_WIDE_MM, _HIGH_MM, _HIGHEST_MM = 22.0, 5.0, 90.0
_FEWEST_CELLS = 24
_MOST_REGIONS, _MARGIN_MM = 3, 2.0
_BELIEVED = 30.0
"""A word read less surely than this covers nothing."""
_TRUSTED, _FEWEST_LETTERS = 70.0, 2


def regions(letters: Mask, words: Sequence[Word], dpi: float) -> list[Box]:
    """Return the regions worth another look, the largest first, at most three.

    Args:
        letters: The level page's ink without its rules.
        words: What Tesseract read there.
        dpi: Resolution of both.
    """
    inked = letters.copy()
    rim = max(1, round(0.5 / 25.4 * dpi))
    for word in words:
        if word.confidence >= _BELIEVED:
            box = word.box
            inked[
                max(0, box.top - rim) : box.top + box.height + rim,
                max(0, box.left - rim) : box.left + box.width + rim,
            ] = False
    cell = max(2, round(_CELL_MM / 25.4 * dpi))
    margin = round(_MARGIN_MM / 25.4 * dpi)
    found = [
        _grown(patch, margin, (inked.shape[1], inked.shape[0]))
        for patch in clusters.find(inked, cell, _INKED_CELL)
        if patch.cells >= _FEWEST_CELLS
        and patch.width >= _WIDE_MM / 25.4 * dpi
        and _HIGH_MM / 25.4 * dpi <= patch.height <= _HIGHEST_MM / 25.4 * dpi
    ]
    found.sort(key=lambda box: box.width * box.height, reverse=True)
    return found[:_MOST_REGIONS]


def joined(covered: Sequence[Word], words: Sequence[Word], region: Box) -> list[Word]:
    """Return the words of a page with what a second look at ``region`` adds: words read surely,
    where none stood, each line before the first that stands below it.

    Args:
        covered: What the page has already.
        words: As read from the region alone.
        region: Where it lies.
    """
    block = max((word.line[0] for word in covered), default=0) + 1
    added = [
        _moved(word, region, block)
        for word in words
        if word.confidence >= _TRUSTED
        and sum(letter.isalnum() for letter in word.text) >= _FEWEST_LETTERS
    ]
    page = list(covered)
    for line in wordtable.lines(added):
        new = [word for word in line if not any(_meet(word.box, old.box) for old in covered)]
        if new:
            at = _place(page, new)
            page[at:at] = new
    return page


def _moved(word: Word, region: Box, block: int) -> Word:
    box = word.box
    box = Box(box.left + region.left, box.top + region.top, box.width, box.height)
    return replace(word, box=box, line=(block, *word.line[1:]))


def _place(page: Sequence[Word], line: Sequence[Word]) -> int:
    """Return where in reading order a line belongs."""
    top = min(word.box.top for word in line)
    left, right = line[0].box.left, line[-1].box.left + line[-1].box.width
    at = 0
    for other in wordtable.lines(page):
        above = min(word.box.top for word in other) <= top
        beside = other[0].box.left >= right or other[-1].box.left + other[-1].box.width <= left
        if not above and not beside:
            return at
        at += len(other)
    return at


def _meet(one: Box, other: Box) -> bool:
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    return across > 0 and down > 0 and 3 * across * down > one.width * one.height


def _grown(box: Patch, margin: int, size: tuple[int, int]) -> Box:
    left, top = max(0, box.left - margin), max(0, box.top - margin)
    right = min(size[0], box.left + box.width + margin)
    bottom = min(size[1], box.top + box.height + margin)
    return Box(left, top, right - left, bottom - top)
