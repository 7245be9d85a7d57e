"""Words read with doubt, read once more from closer.

PURE. Called by OCR. Worn strokes, a seal's ink or a pen across a line leave Tesseract unsure of a
word; another raster of the same place, finer and cut to that place alone, is often read surely. The
doubtful places of a page are set below each other on one sheet, so that one run reads them all.
What is read there takes the place of what was read before only where it is much surer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from digitizer.pages import wordtable
from digitizer.pages.syllables import bare
from digitizer.pages.wordtable import Box, Word

_DOUBTFUL, _TRUSTED, _SURER = 75.0, 80.0, 15.0
_DISPUTED = 80.0
_FEWEST, _MOST = 3, 16
"""Fewer doubtful words are not worth a run; of more places the most doubtful are read."""
_BESIDE = 1
"""Neighbours shown beside a doubtful word: Tesseract reads lines better than words."""
_RIM, _GAP = 0.05, 1.0
"""White kept around a place and set between two, in heights of it."""
_SAME_PLACE = 0.5
_WHITE = 255


class Place(Struct, frozen=True):
    """Part of a line: words ``first`` to ``last``, where they stand on the page, and how far down
    the sheet; ``box`` in pixels of the words, ``top`` in those of the sheet."""

    first: int
    last: int
    box: Box
    top: int


class Sheet(Struct, frozen=True):
    """The places below each other; ``scale``: pixels of the sheet to one of the words'."""

    image: Image.Image
    places: tuple[Place, ...]
    scale: float


def spans(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the first and last number of the words of each place worth another look."""
    if sum(map(_doubtful, words)) < _FEWEST:
        return []
    found: list[tuple[int, int]] = []
    start = 0
    for line in wordtable.lines(words):
        end = start + len(line)
        for at in range(start, end):
            if _doubtful(words[at]):
                first, last = max(start, at - _BESIDE), min(end - 1, at + _BESIDE)
                if found and first <= found[-1][1]:
                    found[-1] = (found[-1][0], last)
                else:
                    found.append((first, last))
        start = end
    found.sort(key=lambda span: min(word.confidence for word in words[span[0] : span[1] + 1]))
    return sorted(found[:_MOST])


def laid(
    page: Image.Image, words: Sequence[Word], chosen: Sequence[tuple[int, int]], scale: float
) -> Sheet:
    """Return ``chosen`` spans of ``words``, cut from ``page``.

    Args:
        page: The page again, ``scale`` times as fine as the raster of the words.
        words: What was read.
        chosen: At least one, as ``spans`` told.
        scale: Pixels of ``page`` to one of the words'.
    """
    pieces = []
    places = []
    top = 0
    for first, last in chosen:
        box = wordtable.around(words[first : last + 1])
        rim = box.height * _RIM
        edges = (
            max(0, round((box.left - rim) * scale)),
            max(0, round((box.top - rim) * scale)),
            min(page.width, round((box.left + box.width + rim) * scale)),
            min(page.height, round((box.top + box.height + rim) * scale)),
        )
        piece = page.crop(edges)
        top += round(piece.height * _GAP)
        left, above, right, below = (round(edge / scale) for edge in edges)
        places.append(Place(first, last, Box(left, above, right - left, below - above), top))
        pieces.append(piece)
        top += piece.height
    width = max(piece.width for piece in pieces)
    margin = max(piece.height for piece in pieces)
    sheet = Image.new("L", (width + 2 * margin, top + margin), _WHITE)
    for piece, place in zip(pieces, places, strict=True):
        sheet.paste(piece, (margin, place.top))
    moved = tuple(
        replace(place, box=replace(place.box, left=round(place.box.left - margin / scale)))
        for place in places
    )
    return Sheet(sheet, moved, scale)


def surer(words: Sequence[Word], sheet: Sheet, found: Iterable[Word]) -> list[Word]:
    """Return the page's ``words`` with what was ``found`` on the ``sheet`` in place of what was
    read with doubt there."""
    again: dict[Place, list[Word]] = {place: [] for place in sheet.places}
    for word in found:
        middle = word.box.top + word.box.height / 2
        for place in sheet.places:
            if 0.25 <= (middle - place.top) / (place.box.height * sheet.scale) <= 0.75:
                again[place].append(_back(word, place, sheet.scale))
    out = list(words)
    for place in reversed(sheet.places):
        out[place.first : place.last + 1] = _chosen(
            words[place.first : place.last + 1],
            sorted(again[place], key=lambda word: word.box.left),
        )
    return out


def _chosen(old: Sequence[Word], new: Sequence[Word]) -> Iterator[Word]:
    """Yield the old words, where they were doubtful and the new ones are much surer the new."""
    for before, after in _groups(old, new):
        better = (
            any(map(_doubtful, before))
            and bool(after)
            and _letters(after) != _letters(before)
            and min(word.confidence for word in after) >= _TRUSTED
            and _mean(after) >= _mean(before) + _SURER
        )
        if better:
            # Two readings that differ leave some doubt, which the post-check is to know of.
            yield from (
                replace(word, line=before[0].line, confidence=min(word.confidence, _DISPUTED))
                for word in after
            )
        else:
            yield from before


def _groups(old: Sequence[Word], new: Sequence[Word]) -> Iterator[tuple[list[Word], list[Word]]]:
    """Yield the old words of each stretch of the line with the new ones of the same stretch: as
    few of each as cover each other."""
    before: list[Word] = []
    after: list[Word] = []
    rest = list(new)
    for word in old:
        if before and not any(_meet(word, other) for other in after):
            yield before, after
            before, after = [], []
        before.append(word)
        while rest and (_meet(word, rest[0]) or rest[0].box.left < word.box.left):
            one = rest.pop(0)
            if _meet(word, one):
                after.append(one)
    if before:
        yield before, after


def _meet(one: Word, other: Word) -> bool:
    """Tell whether the one stands, by half of the narrower, where the other does."""
    right = min(one.box.left + one.box.width, other.box.left + other.box.width)
    across = right - max(one.box.left, other.box.left)
    return across >= _SAME_PLACE * max(1, min(one.box.width, other.box.width))


def _back(word: Word, place: Place, scale: float) -> Word:
    box = word.box
    return replace(
        word,
        box=Box(
            place.box.left + round(box.left / scale),
            place.box.top + round((box.top - place.top) / scale),
            round(box.width / scale),
            round(box.height / scale),
        ),
    )


def _doubtful(word: Word) -> bool:
    return word.confidence < _DOUBTFUL and any(map(str.isalnum, word.text))


def _letters(words: Sequence[Word]) -> str:
    """Return what is left without marks: of two readings that differ in them alone the first is
    kept, for the post-check knows more of marks than a closer look does."""
    return bare("".join(word.text for word in words)).lower()


def _mean(words: Sequence[Word]) -> float:
    return sum(word.confidence * len(word.text) for word in words) / sum(
        len(word.text) for word in words
    )
