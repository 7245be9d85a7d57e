"""PURE: what somebody looks for, as words, and where a text says them.

One rule everywhere: a word typed with diacritics means just that word, one without means any.
Called by the index (``digitizer.storage.wordindex``), by the search and by the window.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache

from msgspec import Struct

_WORD = re.compile(r"[^\W_]+")
_REST = r"[^\W_]*"
_NUMBER = re.compile(r"(?<![^\W_])[0-9]{1,4}(?:[ .][0-9]{1,12}){1,4}(?![^\W_])")
_NUMBER_LENGTHS = (9, 12)  # số CMND, số định danh
_MOST_LETTERS, _MOST_WORDS = 200, 12
_SHORTEST_BEGINNING = 2
_BEFORE, _BEHIND = 24, 96
"""Letters shown before and behind the place found: it stands near the start of its line."""
_LATE_TONES = dict(
    zip(
        ["oà", "oá", "oã", "oả", "oạ", "oè", "oé", "oẽ", "oẻ", "oẹ", "uỳ", "uý", "uỹ", "uỷ", "uỵ"],
        ["òa", "óa", "õa", "ỏa", "ọa", "òe", "óe", "õe", "ỏe", "ọe", "ùy", "úy", "ũy", "ủy", "ụy"],
        strict=True,
    )
)
_LATE_TONE = re.compile(rf"(?<!q)(?:{'|'.join(_LATE_TONES)})(?![^\W_])")


def fold(text: str) -> str:
    """Return ``text`` in lower case without diacritics (``Đặng Quốc`` is ``dang quoc``)."""
    apart = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def plain(text: str) -> str:
    """Return ``text`` in NFC and lower case, ``hoà`` as ``hòa``: both are in use."""
    lower = unicodedata.normalize("NFC", text).casefold()
    return _LATE_TONE.sub(lambda found: _LATE_TONES[found[0]], lower)


@lru_cache(maxsize=20_000)
def forms(word: str) -> tuple[str, str]:
    """Return a word plain, and folded."""
    exact = plain(word)
    return exact, fold(exact)


def words_of(text: str) -> list[tuple[str, str]]:
    """Return the words of ``text`` in their order, each as ``forms`` does."""
    return [forms(word) for word in _WORD.findall(unicodedata.normalize("NFC", text))]


def numbers_in(text: str) -> list[str]:
    """Return the digits of persons' numbers that ``text`` has in groups: ``001 085 012 345``."""
    found = ("".join(filter(str.isdecimal, one)) for one in _NUMBER.findall(text))
    return [number for number in found if len(number) in _NUMBER_LENGTHS]


class Word(Struct, frozen=True):
    """One word that is looked for.

    Attributes:
        text: In lower case; without diacritics where ``exact`` is False.
        exact: It was typed with diacritics: only that word will do.
        begins: It may still be being typed: words that begin so will do.
    """

    text: str
    exact: bool
    begins: bool

    def is_said(self, exact: str, folded: str) -> bool:
        """Tell whether a word, in its two ``forms``, is this one."""
        said = exact if self.exact else folded
        return said.startswith(self.text) if self.begins else said == self.text


class Sought(Struct, frozen=True):
    """What was typed.

    Attributes:
        pieces: Its parts between spaces, plain: to be found anywhere in code, name or procedure.
        words: Its words: to be found in the text of pages.
        typed: All of it, plain, with single spaces.
    """

    pieces: tuple[str, ...]
    words: tuple[Word, ...]
    typed: str

    @classmethod
    def parse(cls, typed: str) -> Sought:
        """Take apart what was typed, in a search field or on the command line."""
        text = unicodedata.normalize("NFC", typed)[:_MOST_LETTERS]
        if _NUMBER.fullmatch(text.strip()) and (joined := numbers_in(text)):
            text = joined[0]
        pieces = tuple(plain(piece) for piece in text.split())[:_MOST_WORDS]
        found = words_of(text)[:_MOST_WORDS]
        ended = not text[-1:].isalnum()
        words = [
            Word(
                folded if exact == folded else exact,
                exact != folded,
                not ended and at == len(found) and len(exact) >= _SHORTEST_BEGINNING,
            )
            for at, (exact, folded) in enumerate(found, start=1)
        ]
        return cls(pieces, tuple(words), " ".join(pieces))


class Excerpt(Struct, frozen=True):
    """Words of a page around what was found, on one line.

    Attributes:
        text: The line.
        marks: Where the words that were looked for stand in it: first letter, letter behind.
    """

    text: str
    marks: tuple[tuple[int, int], ...]


def excerpt(text: str, sought: Sought) -> Excerpt | None:
    """Return the place of ``text`` that says most of the words, or None where it says none."""
    if not sought.words:
        return None
    line = " ".join(unicodedata.normalize("NFC", text).split())
    spots: list[tuple[int, int, int]] = []
    enough = len(line)
    for found in _any_of(sought.words).finditer(line.translate(_letters())):
        if found.start() > enough:
            break
        exact, folded = forms(line[found.start() : found.end()])
        said = (n for n, word in enumerate(sought.words) if word.is_said(exact, folded))
        if (number := next(said, None)) is not None:
            spots.append((found.start(), found.end(), number))
            row = spots[-len(sought.words) :]
            if [spot[2] for spot in row] == list(range(len(sought.words))):
                enough = min(enough, row[0][0] + _BEHIND)  # it cannot be said better
    if not spots:
        return None
    anchor = _fullest(spots)
    begin = max(0, spots[anchor][0] - _BEFORE)
    end = min(len(line), spots[anchor][0] + _BEHIND)
    if begin:
        begin = line.find(" ", begin, spots[anchor][0]) + 1 or spots[anchor][0]
    if end < len(line):
        end = max(line.rfind(" ", begin, end), spots[anchor][1])
    before, behind = "… " * (begin > 0), " …" * (end < len(line))
    shift = len(before) - begin
    marks = [(a + shift, b + shift) for a, b, _ in spots if begin <= a and b <= end]
    return Excerpt(f"{before}{line[begin:end]}{behind}", _merged(marks, line, shift))


@lru_cache(maxsize=8)
def _any_of(words: tuple[Word, ...]) -> re.Pattern[str]:
    """Return what finds the words in a folded line, whatever their diacritics."""
    each = [fold(word.text) + _REST * word.begins for word in words]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(each)})(?![^\W_])")


@lru_cache(maxsize=1)
def _letters() -> dict[int, str]:
    """Return what folds a line letter by letter, so that places in it stay what they are."""
    latin = (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    folded = {code: fold(chr(code)) for code in latin}
    return {code: letter for code, letter in folded.items() if len(letter) == 1}


def _fullest(spots: list[tuple[int, int, int]]) -> int:
    """Return the spot behind which, as far as is shown, most of the words stand; of several the
    one that they follow at once, in their order."""
    best, most = 0, (0, 0, 0)
    last = 0
    for first, (start, _, _) in enumerate(spots):
        last = max(last, first)
        while last < len(spots) and spots[last][1] <= start + _BEHIND:
            last += 1
        near = [number for _, _, number in spots[first:last]]
        follows = [b == a + 1 for a, b in itertools.pairwise(near)]
        at_once = len(list(itertools.takewhile(bool, follows)))
        if (said := (len(set(near)), sum(follows), at_once)) > most:
            best, most = first, said
    return best


def _merged(marks: list[tuple[int, int]], line: str, shift: int) -> tuple[tuple[int, int], ...]:
    """Join marks that only a space parts."""
    whole: list[tuple[int, int]] = []
    for start, end in marks:
        if whole and line[whole[-1][1] - shift : start - shift] == " ":
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return tuple(whole)
