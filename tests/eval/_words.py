"""Word recall, and what a post-check mended or harmed. PURE.

Words are compared as bags, in NFC, with the tone mark in its traditional place (``hoà`` and
``hòa`` are one word): a page's columns have no one order to read them in.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OPEN_RHYMES = ("oa", "oe", "uy")
_ENDS = ".,;:!?)]”’\"'/"


@dataclass(frozen=True, slots=True)
class Recall:
    """``found`` of ``all`` words of the truth."""

    found: int
    all: int

    @property
    def rate(self) -> float:
        """The part that was found."""
        return self.found / max(1, self.all)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the changed words: right now and wrong before, the other way round, or
    neither (wrong before and after, or not printed on the page)."""

    mended: int
    harmed: int
    neither: int


def recall(truths: Iterable[str], founds: Iterable[str]) -> Recall:
    """Return how many words of the truths were found on the same page."""
    hit = total = 0
    for truth, found in zip(truths, founds, strict=True):
        wanted, got = Counter(_words(truth)), Counter(_words(found))
        hit += (wanted & got).total()
        total += wanted.total()
    return Recall(hit, total)


def changed(one: Verdict) -> int:
    """Return how many words were changed."""
    return one.mended + one.harmed + one.neither


def verdict(truth: str, raw: list[str], mended: list[str]) -> Verdict:
    """Judge the words that differ between ``raw`` and ``mended``, word for word the same page.

    A word is compared with the one of the truth that stands in the same surroundings; where the
    reading order differs too much for that, with all words of the page.
    """
    wanted = _words(truth)
    places = _places([bare(word) for word in wanted], [bare(word) for word in raw])
    bag = Counter(wanted)
    found = Counter[str]()
    for index, (before, after) in enumerate(zip(raw, mended, strict=True)):
        old, new = normal(before), normal(after)
        if old == new:
            continue
        if index in places:
            right = wanted[places[index]]
            was, now = old == right, new == right
        else:
            was, now = bag[old] > 0, bag[new] > 0
        found["neither" if was == now else "mended" if now else "harmed"] += 1
    return Verdict(found["mended"], found["harmed"], found["neither"])


def normal(word: str) -> str:
    """Return a word in NFC with its tone mark in the traditional place."""
    word = unicodedata.normalize("NFC", word)
    core = word.rstrip(_ENDS)
    letters = list(unicodedata.normalize("NFD", core))
    if len(letters) < 3 or letters[-1] not in _TONES:
        return word
    rhyme = (letters[-3] + letters[-2]).lower()
    if rhyme not in _OPEN_RHYMES or (letters[-3] in "uU" and letters[-4:-3] in (["q"], ["Q"])):
        return word
    moved = [*letters[:-2], letters[-1], letters[-2]]
    return unicodedata.normalize("NFC", "".join(moved)) + word[len(core) :]


def bare(word: str) -> str:
    """Return a word without any mark."""
    letters = unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _words(text: str) -> list[str]:
    return [normal(word) for word in text.split()]


def _places(wanted: list[str], found: list[str]) -> dict[int, int]:
    """Return for words found their place in the truth, where their surroundings tell."""
    places: dict[int, int] = {}
    for block in SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks():
        if block.size >= 2:
            places.update((block.b + step, block.a + step) for step in range(block.size))
    return places
