"""PURE: where on a page the words stand that a search of everything found it by.

Used by ``ui.screens.reading_desk``. The rule for a word is ``digitizer.sought``'s, the one that the
search itself goes by.
"""

from __future__ import annotations

from collections.abc import Sequence

from digitizer.sought import Sought, Word
from ui.seen_words import PageWords, Said, SeenWord, said_in

Span = tuple[int, int]
"""The first word and the one after the last, in reading order."""

_GROUPS = 5
"""A person's number is printed in so many groups of digits at most."""
_SHORTEST_NUMBER = 9


def mark(words: PageWords, sought: Sought) -> list[Span]:
    """Return where a page says what was looked for, in reading order.

    Where the words stand one behind the other, as they were typed, these places; else every row
    of words of which each is one that was looked for. Words as they were read count where none
    that was mended says it.
    """
    if not sought.words:
        return []
    found = _spans(words.said, sought.words)
    if found or not any(word.raw for word in words.words):
        return found
    return _spans(said_in(word.raw or word.text for word in words.words), sought.words)


def fullest(spans: Sequence[Span]) -> int:
    """Return which of these places says most: the first of the longest."""
    longest = max(end - start for start, end in spans)
    return next(at for at, (start, end) in enumerate(spans) if end - start == longest)


def lines_of(words: Sequence[SeenWord]) -> list[list[SeenWord]]:
    """Part words that follow each other into the lines that they stand on."""
    lines: list[list[SeenWord]] = []
    for word in words:
        if lines and _same_line(lines[-1][-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _same_line(one: SeenWord, other: SeenWord) -> bool:
    left, top, _, height = one.part
    middle = other.part[1] + other.part[3] / 2
    return other.part[0] >= left and top <= middle <= top + height


def _spans(said: Sequence[Said], wanted: Sequence[Word]) -> list[Span]:
    return _in_a_row(said, wanted) or _numbers(said, wanted) or _any(said, wanted)


def _in_a_row(said: Sequence[Said], wanted: Sequence[Word]) -> list[Span]:
    found: list[Span] = []
    free = 0
    for begin in _of(said, wanted[0]):
        row = said[begin : begin + len(wanted)]
        whole = len(row) == len(wanted) and begin >= free
        if whole and all(_is(one, word) for one, word in zip(row, wanted, strict=True)):
            found.append((row[0].at, row[-1].at + 1))
            free = begin + len(wanted)
    return found


def _of(said: Sequence[Said], word: Word) -> list[int]:
    """Return which are this word, by its own rule (``Word.is_said``) without asking it each time:
    a paper may have a hundred pages, and the window waits."""
    text = word.text
    spoken = [one.exact for one in said] if word.exact else [one.folded for one in said]
    if word.begins:
        return [at for at, one in enumerate(spoken) if one.startswith(text)]
    return [at for at, one in enumerate(spoken) if one == text]


def _is(one: Said, word: Word) -> bool:
    return word.is_said(one.exact, one.folded)


def _numbers(said: Sequence[Said], wanted: Sequence[Word]) -> list[Span]:
    """Find a person's number that was typed in one piece where it is printed in groups."""
    if len(wanted) > 1 or not wanted[0].text.isdecimal() or len(wanted[0].text) < _SHORTEST_NUMBER:
        return []
    found: list[Span] = []
    digits = (at for at, one in enumerate(said) if one.exact.isdecimal())
    for begin in digits:
        joined = ""
        for one in said[begin : begin + _GROUPS]:
            joined += one.exact
            if joined == wanted[0].text:
                found.append((said[begin].at, one.at + 1))
            if not one.exact.isdecimal() or len(joined) >= len(wanted[0].text):
                break
    return found


def _any(said: Sequence[Said], wanted: Sequence[Word]) -> list[Span]:
    found: list[Span] = []
    for at in sorted({said[one].at for word in wanted for one in _of(said, word)}):
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found
