"""The Vietnamese post-check: mends the marks of words that OCR misread, where their neighbours
leave no doubt.

PURE. Called by OCR. More than half of the words that Tesseract misses on issued Vietnamese papers
differ from the truth in tone or diacritic marks alone (``thành phó``, ``quyét định``). For every
clause all readings that differ in marks alone are weighed together: how likely Tesseract, as sure
as it was, misread the one as the other, and how often law texts have each beside its neighbours
(a hidden Markov model, summed forward and backward). A word is changed only where what is left of
doubt is small and a neighbour was really met beside the new word.

Never changed: numbers, codes, abbreviations, and what looks like a person's name.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from digitizer.pages import naming, slips, syllables
from digitizer.pages.syllables import EDGE, NUMBER, OTHER, Ids, Syllables
from digitizer.pages.wordtable import Word

_SURE, _SURER, _SUREST = 0.975, 0.99, 0.997
"""What the new word must be worth of all readings together."""
_READ_SURELY, _BEYOND_DOUBT = 90.0, 96.5
_WELL_KNOWN = 4
_NEW, _NONE = -1, -2
"""In place of a syllable's number: never met, and letters that are no syllable."""
_IMPOSSIBLE = 0.002
"""How much less likely than a syllable that was never met letters are that can be none."""
_MISREAD = (
    (96.5, 0.003),
    (96.0, 0.012),
    (95.0, 0.03),
    (92.0, 0.035),
    (90.0, 0.08),
    (85.0, 0.15),
    (0.0, 0.25),
)
"""How often a word's marks are wrong at least at such a confidence of Tesseract's: as counted on
worn pages, issued ones and rendered ones alike."""
_BEFORE, _AFTER = "(“\"'‘[-–", ".,;:!?)”\"'’]…/"
_CLAUSE_ENDS = '.,;:!?)(“”"…/'

Weights = NDArray[np.float64]


class Change(Struct, frozen=True):
    """``index``: which word was changed; ``mended``: what it is now, whole."""

    index: int
    mended: str


class _Place(Struct, frozen=True):
    """A word within a clause: its number, core and what the core may be."""

    index: int
    core: str
    key: str
    confidence: float
    free: bool


def mend(words: Sequence[Word], table: Syllables) -> list[Change]:
    """Return the changes to a page's ``words``, in their order."""
    kept = naming.names(words)
    return [
        change
        for clause in _clauses(words, kept)
        if any(place.free for place in clause)
        for change in _mended(clause, words, table)
    ]


def _clauses(words: Sequence[Word], kept: frozenset[int]) -> Iterator[list[_Place]]:
    """Yield runs of words between stops; a paragraph's lines belong together."""
    clause: list[_Place] = []
    paragraph: tuple[int, int] | None = None
    for index, word in enumerate(words):
        if clause and (word.line[:2] != paragraph or word.text[0] in _CLAUSE_ENDS):
            yield clause
            clause = []
        paragraph = word.line[:2]
        core = word.text.lstrip(_BEFORE).rstrip(_AFTER)
        if not core:
            if clause:
                yield clause
                clause = []
            continue
        free = index not in kept and core.isalpha() and not naming.is_acronym(words, index, core)
        clause.append(_Place(index, core, _key(core), word.confidence, free))
        if word.text[-1] in _CLAUSE_ENDS:
            yield clause
            clause = []
    if clause:
        yield clause


def _key(core: str) -> str:
    if core[0].isdigit():
        return NUMBER
    return syllables.normal(core) if core.isalpha() else OTHER


def _mended(clause: list[_Place], words: Sequence[Word], table: Syllables) -> Iterator[Change]:
    weighed = [_choices(place, table) for place in clause]
    for start, end in _open(weighed):
        choices = [found for found, _ in weighed[start:end]]
        worth = _worth(choices, [cost for _, cost in weighed[start:end]], table)
        for at, place in enumerate(clause[start:end]):
            best = int(np.argmax(worth[at]))
            # A word that exists and was read surely has to be outvoted by both its neighbours, or
            # by one that leaves nothing to doubt.
            firm = place.confidence >= _READ_SURELY and choices[at][0] != _NONE
            if best == 0 or worth[at][best] < (_SURER if firm else _SURE):
                continue
            voices = 2 if firm and worth[at][best] < _SUREST else 1
            if _agreeing(choices, worth, at, table) < voices:
                continue
            syllable = table.words[int(choices[at][best])]
            mended = _cased(syllables.placed_like(syllable, place.core), place.core)
            yield Change(place.index, words[place.index].text.replace(place.core, mended, 1))


def _open(weighed: Sequence[tuple[Ids, Weights]]) -> Iterator[tuple[int, int]]:
    """Yield the runs of places with a choice, each with its neighbours that have none: what lies
    beyond those cannot matter."""
    start = 0
    for at in range(len(weighed) + 1):
        if at < len(weighed) and weighed[at][0].size > 1:
            continue
        if at > start:
            yield max(0, start - 1), min(len(weighed), at + 1)
        start = at + 1


def _edge(table: Syllables) -> Ids:
    return np.array([table.id(EDGE)], dtype=np.int64)


def _agreeing(choices: Sequence[Ids], worth: Sequence[Weights], at: int, table: Syllables) -> int:
    """Return how many neighbours of a place were met beside the best choice for it; 0 where one of
    them was met beside another choice alone.

    A neighbour is silent where it is no word, or where nothing that the place may hold was ever
    met beside it; then the other one must know the new word well.
    """
    best = int(np.argmax(worth[at]))
    met = []
    for beside in (at - 1, at + 1):
        if not 0 <= beside < len(choices):
            continue
        chosen = choices[beside][int(np.argmax(worth[beside]))]
        if table.words[chosen] in (EDGE, OTHER) or chosen < 0:
            continue
        known = (
            _met(np.array([chosen]), choices[at], table)[0]
            if beside < at
            else (_met(choices[at], np.array([chosen]), table)[:, 0])
        )
        if known.any():
            met.append(int(known[best]))
    needed = 1 if len(met) == 2 else _WELL_KNOWN
    return len(met) if met and min(met) >= needed else 0


def _met(left: Ids, right: Ids, table: Syllables) -> Ids:
    """Return how often each left one was met before each right one; 0 for what is not known."""
    met = table.together(np.maximum(left, 0), np.maximum(right, 0))
    met[left < 0, :] = 0
    met[:, right < 0] = 0
    return met


def _choices(place: _Place, table: Syllables) -> tuple[Ids, Weights]:
    """Return what the place may hold, what was read first, and how likely each is to be read like
    that, as logarithms. A known word that was read as surely as any has no choice."""
    own = table.id(place.key)
    if own is None:
        own = _NEW if syllables.is_syllable(place.key) else _NONE
    found = [own]
    likely = [0.0]
    if place.free and (own < 0 or place.confidence < _BEYOND_DOUBT):
        wrong = next(rate for least, rate in _MISREAD if place.confidence >= least)
        likely = [math.log(1 - wrong)]
        for variant in table.variants(place.key):
            if variant != own:
                found.append(variant)
                likely.append(math.log(wrong * _slip(table.words[variant], place.key)))
    return np.array(found, dtype=np.int64), np.array(likely)


def _slip(truth: str, read: str) -> float:
    """Return how likely a misread ``truth`` is read as ``read``: they differ in marks alone."""
    tone = slips.TONES.get((_tone(truth), _tone(read)), slips.RARE)
    letters = [
        slips.LETTERS.get(pair, slips.RARE)
        for pair in zip(_toneless(truth), _toneless(read), strict=True)
        if pair[0] != pair[1]
    ]
    found = letters if _tone(truth) == _tone(read) else [tone, *letters]
    return math.prod(found) * slips.TOGETHER ** (len(found) - 1)


def _tone(word: str) -> str:
    return next((x for x in unicodedata.normalize("NFD", word) if x in syllables.TONES), "")


def _toneless(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(x for x in letters if x not in syllables.TONES))


def _worth(choices: Sequence[Ids], costs: Sequence[Weights], table: Syllables) -> list[Weights]:
    """Return for every place how probable each of its choices is, given the whole clause."""
    edge = _edge(table)
    steps = [
        _steps(left, right, table)
        for left, right in zip([edge, *choices], [*choices, edge], strict=True)
    ]
    ahead = [np.zeros(1)]
    for step, cost in zip(steps, costs, strict=False):
        ahead.append(_summed(ahead[-1][:, None] + step) + cost)
    after = np.zeros(1)
    worth: list[Weights] = []
    for here, step, cost in zip(ahead[:0:-1], steps[:0:-1], costs[::-1], strict=True):
        behind = _summed(step.T + after[:, None])
        both = np.exp(here + behind - (here + behind).max())
        worth.append(both / both.sum())
        after = behind + cost
    return worth[::-1]


def _steps(left: Ids, right: Ids, table: Syllables) -> Weights:
    """Return the logarithm of how often each right one follows each left one: what was counted,
    smoothed after Witten and Bell."""
    unmet = np.where(right == _NEW, table.share_of_new, table.share_of_new * _IMPOSSIBLE)
    shared = np.where(right >= 0, table.share[right], unmet)
    known = left >= 0
    followers = np.where(known, np.maximum(table.followers[left], 1), 1.0)[:, None]
    times = np.where(known, table.times_followed[left], 0.0)[:, None]
    counted = _met(left, right, table) + followers * shared[None, :]
    out: Weights = np.log(counted / (times + followers))
    return out


def _summed(logs: Weights) -> Weights:
    """Return the logarithm of the sums down the columns."""
    most = logs.max(axis=0)
    out: Weights = most + np.log(np.exp(logs - most).sum(axis=0))
    return out


def _cased(syllable: str, model: str) -> str:
    """Return ``syllable`` in the case of ``model``, letter for letter."""
    return "".join(
        letter.upper() if like.isupper() else letter
        for letter, like in zip(syllable, model, strict=True)
    )
