"""Words that a PDF keeps apart from the lines they stand in: filled-in fields and signatures.

PURE. Called by ``pages.pdftext``. A number and a date that were put in when a paper was signed are
notes upon the page: in its own order they come last, far from *Số:* and *ngày … tháng …*.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from msgspec.structs import replace

from digitizer.pages.ownwords import OwnWord

_MOST_WORDS = 3
_WITHIN, _NEAR_HEIGHTS = 0.5, 4.0

Line = list[OwnWord]


def into_lines(words: Sequence[OwnWord]) -> list[OwnWord]:
    """Return ``words`` with strays moved to where they stand in an earlier line.

    A stray is a word of a short line, or of one whose words stand far apart, that comes after a
    line it stands level with, beside or between that line's words and upon none of them.
    """
    lines = [list(line) for _, line in groupby(words, key=lambda w: (w.paragraph, w.line))]
    if not _upright(lines):
        return list(words)
    kept: list[Line] = []
    for line in lines:
        left: Line = []
        for word in line:
            home = _home(word, kept) if len(line) <= _MOST_WORDS or _apart(line) else None
            if home is None:
                left.append(word)
            else:
                home.append(replace(word, paragraph=home[0].paragraph, line=home[0].line))
                home.sort(key=lambda one: one.left)
        if left:
            kept.append(left)
    return [word for line in kept for word in line]


def _upright(lines: Sequence[Line]) -> bool:
    """Tell whether lines run from left to right as the page is shown."""
    long = [(line[0], line[-1]) for line in lines if len(line) > _MOST_WORDS]
    right = sum(b.left - a.left > abs(b.top - a.top) for a, b in long)
    return right * 2 > len(long)


def _apart(line: Line) -> bool:
    """Tell whether the words of a line stand far apart, as fields filled in one by one do."""
    return all(
        abs(b.left - a.right) > 2 * _height(a) or b.top > a.bottom for a, b in pairwise(line)
    )


def _height(word: OwnWord) -> float:
    return max(word.bottom - word.top, 1e-4)


def _home(word: OwnWord, lines: Sequence[Line]) -> Line | None:
    """Return the line in which a word stands, the nearest of several, or None."""
    found = [(gap, number) for number, line in enumerate(lines) if (gap := _gap(word, line)) >= 0]
    return lines[min(found)[1]] if found else None


def _gap(word: OwnWord, line: Line) -> float:
    """Return how far a word is from the nearest of a line's that it stands level with, in parts of
    the page; negative where it does not stand in the line."""
    gaps = []
    for other in line:
        shared = min(word.bottom, other.bottom) - max(word.top, other.top)
        if shared < _WITHIN * min(_height(word), _height(other)):
            continue
        gap = max(other.left - word.right, word.left - other.right)
        if gap < -0.3 * min(word.right - word.left, other.right - other.left):
            return -1.0  # upon it
        gaps.append(max(gap, 0.0))
    near = min(gaps, default=-1.0)
    return near if near <= _NEAR_HEIGHTS * _height(word) else -1.0
