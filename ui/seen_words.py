"""The words of a page as they stand on it, and where a text is found among them.

``page_words`` reads the store and the table of words: it blocks, and runs off Qt's thread. The
rest is pure.
"""

from __future__ import annotations

import bisect
import itertools
import unicodedata
from collections.abc import Iterable, Sequence

from msgspec import Struct

from digitizer.model import Page
from digitizer.pages import wordtable
from digitizer.pagetext import Change
from digitizer.sought import fold, words_of
from digitizer.storage import texts
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault

DOUBTFUL = 60.0
"""Words read less surely than this (0 to 100) are worth a look."""
_NEAR = 0.004
"""Parts of the page between a word in the table and where a mended one is said to stand."""
_TALL = 1.8
_NEARLY = 1.6

Part = tuple[float, float, float, float]
"""Left, top, width and height, 0 to 1, of the page as it is seen."""


class SeenWord(Struct, frozen=True):
    """One word.

    Attributes:
        text: As it is kept, mended where it was.
        part: Where it stands.
        confidence: How surely it was read, 0 to 100.
        raw: As it was read, where it was mended; else empty.
        line: Top and height of its line, which its letters are as large as. Lines of the running
            text are all as high, whichever letters with marks and tails they happen to have.
    """

    text: str
    part: Part
    confidence: float
    raw: str = ""
    line: tuple[float, float] = (0.0, 0.0)

    @property
    def doubtful(self) -> bool:
        """Whether it is worth a look."""
        return self.confidence < DOUBTFUL


class Said(Struct, frozen=True):
    """A word as a search knows it, plain and folded, and the number of the seen word that it is
    (a part of)."""

    at: int
    exact: str
    folded: str


class PageWords(Struct, frozen=True):
    """The words of one page in reading order.

    Attributes:
        page_id: The page.
        tsv: Which table of words they are from; empty: none.
        words: The words.
        read: Whether there are none left to come.
        plain, folded: Their texts as they are looked for, with diacritics and without.
        said: Them as the search of everything knows them.
    """

    page_id: str
    tsv: str
    words: tuple[SeenWord, ...] = ()
    read: bool = True
    plain: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()


def table_of(page: Page) -> str:
    """Return which table the words of a page as it is now are in; empty: in none."""
    if page.words is None or page.words.failed or page.reading is None:
        return ""
    return page.words.tsv


def page_words(store: Store, vault: Vault, page: Page) -> PageWords:
    """Return the words of a page; none where it is blank, not read yet, or could not be read."""
    tsv = table_of(page)
    if not tsv or page.reading is None:
        return PageWords(page.id, "", read=page.read)
    table = vault.shown(tsv)
    size = wordtable.size(table)
    if size is None or not all(size):
        return PageWords(page.id, tsv)
    turn = page.full_turn or 0
    told = texts.of_image(store, page.sha256, turn, page.box)
    across, down = page.reading.canvas.size_mm(page.box, turn)
    points = (across / 25.4 * 72, down / 25.4 * 72)
    mended = [(_middle(_scaled(one.box, points)), one) for one in (told.changes if told else ())]
    lines = list(wordtable.lines(wordtable.read(table)))
    places = [
        [_scaled((b.left, b.top, b.width, b.height), size) for b in (w.box for w in line)]
        for line in lines
    ]
    found = []
    for line, parts, level in zip(lines, places, levelled(places), strict=True):
        for word, part in zip(line, parts, strict=True):
            change = _change(word.text, part, mended)
            text, raw = (change.mended, change.raw) if change else (word.text, "")
            found.append(SeenWord(text, part, word.confidence, raw, level))
    plain = tuple(_plain(word.text) for word in found)
    folded = tuple(fold(one) for one in plain)
    return PageWords(page.id, tsv, tuple(found), True, plain, folded, said_in(plain))


def said_in(texts: Iterable[str]) -> tuple[Said, ...]:
    """Return the texts of words, in reading order, as the search of everything knows them."""
    return tuple(
        Said(at, exact, folded) for at, text in enumerate(texts) for exact, folded in words_of(text)
    )


def levelled(lines: Sequence[Sequence[Part]]) -> list[tuple[float, float]]:
    """Return top and height of each line of words (their parts), without what is far taller than
    letters are. One that is nearly as high as most are is exactly as high, about its middle."""
    found = [_band(parts) for parts in lines]
    heights = sorted(height for _, height in found)
    usual = heights[len(heights) // 2] if heights else 0.0
    return [
        (top + height / 2 - usual / 2, usual)
        if usual / _NEARLY <= height <= usual * _NEARLY
        else (top, height)
        for top, height in found
    ]


def _band(parts: Sequence[Part]) -> tuple[float, float]:
    usual = sorted(height for _, _, _, height in parts)[len(parts) // 2]
    words = [one for one in parts if one[3] <= _TALL * usual]
    top = min(one[1] for one in words)
    return top, max(one[1] + one[3] for one in words) - top


def _change(
    text: str, part: Part, mended: Sequence[tuple[tuple[float, float], Change]]
) -> Change | None:
    x, y = _middle(part)
    for (there_x, there_y), change in mended:
        if change.raw == text and abs(there_x - x) <= _NEAR and abs(there_y - y) <= _NEAR:
            return change
    return None


def _scaled(box: tuple[float, float, float, float], size: tuple[float, float]) -> Part:
    left, top, width, height = box
    return (left / size[0], top / size[1], width / size[0], height / size[1])


def _middle(part: Part) -> tuple[float, float]:
    return part[0] + part[2] / 2, part[1] + part[3] / 2


def find(words: PageWords, typed: str) -> list[tuple[int, int]]:
    """Return where a text stands: the first word and the one after the last, in reading order.

    With diacritics it is found with just these, without with any, within words and across them.
    """
    plain = " ".join(_plain(typed).split())
    if not plain:
        return []
    said = words.folded if fold(plain) == plain else words.plain
    starts = list(itertools.accumulate((len(text) + 1 for text in said), initial=0))
    whole, found, begin = " ".join(said), list[tuple[int, int]](), 0
    while (place := whole.find(plain, begin)) >= 0:
        begin = place + len(plain)
        first = bisect.bisect_right(starts, place) - 1
        found.append((first, bisect.bisect_left(starts, begin)))
    return found


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
