"""The lines of a page that may be its title: capitals or large letters in its upper part.

PURE but for reading the table. Called by the local lane on Tesseract's table of words; what they
mean is for routing and proposing to say.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

from msgspec import Struct

from digitizer.pages import wordtable
from digitizer.pages.wordtable import Word

_UPPER_PART = 0.65
_CAPITALS = 0.7
_LARGER = 1.2
_FEWEST_LETTERS = 4
_COLUMN_GAP = 2.5
_LINE_GAP, _LIKE = 1.6, 0.75
_LONGEST, _MOST_SIGNS = 24, 200
_LEAST_CONFIDENCE = 20.0
_MOST_PIECES = 500


class _Piece(Struct, frozen=True):
    """Words side by side. Pixels of the levelled raster; ``height`` of its letters."""

    text: str
    left: int
    top: int
    right: int
    height: float

    @property
    def capitals(self) -> bool:
        letters = [sign for sign in self.text if sign.isalpha()]
        upper = sum(sign.isupper() for sign in letters)
        return len(letters) >= _FEWEST_LETTERS and upper >= _CAPITALS * len(letters)


def of_table(tsv: Path) -> tuple[str, ...]:
    """Return the likely title lines of a page from top to bottom, NFC; a title of two lines comes
    as a whole, then in its lines.

    Raises ``OSError``.
    """
    _, page_height = wordtable.size(tsv) or (0, 0)
    pieces = [piece for line in _lines(wordtable.read(tsv)) for piece in _columns(line)]
    if not pieces:
        return ()
    usual = median(piece.height for piece in pieces)
    likely = [
        piece
        for piece in pieces
        if piece.top <= _UPPER_PART * page_height
        and (piece.capitals or piece.height >= _LARGER * usual)
        and sum(sign.isalnum() for sign in piece.text) >= _FEWEST_LETTERS
    ]
    groups = _groups(likely[:_MOST_PIECES])
    found = dict.fromkeys(text for group in groups for text in _told(group))
    return tuple(found)[:_LONGEST]


def _lines(words: Iterable[Word]) -> list[list[Word]]:
    lines: dict[tuple[int, int, int], list[Word]] = {}
    for word in words:
        if word.confidence >= _LEAST_CONFIDENCE:
            lines.setdefault(word.line, []).append(word)
    return list(lines.values())


def _columns(words: Sequence[Word]) -> list[_Piece]:
    """Part a line where a letterhead's columns are far from each other."""
    height = median(word.box.height for word in words)
    parts: list[list[Word]] = [[words[0]]]
    for before, word in itertools.pairwise(words):
        gap = word.box.left - before.box.left - before.box.width
        if gap > _COLUMN_GAP * height:
            parts.append([])
        parts[-1].append(word)
    return [_piece(part) for part in parts]


def _piece(words: Sequence[Word]) -> _Piece:
    boxes = [word.box for word in words]
    return _Piece(
        " ".join(word.text for word in words)[:_MOST_SIGNS],
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.left + box.width for box in boxes),
        median(box.height for box in boxes),
    )


def _groups(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Put lines together that follow each other as the lines of one title do."""
    groups: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda one: (one.top, one.left)):
        for group in groups:
            if _goes_on(group[-1], piece):
                group.append(piece)
                break
        else:
            groups.append([piece])
    return groups


def _goes_on(above: _Piece, below: _Piece) -> bool:
    low, high = sorted((above.height, below.height))
    near = 0 < below.top - above.top <= (1.0 + _LINE_GAP) * high
    overlap = min(above.right, below.right) - max(above.left, below.left)
    beside = overlap >= 0.5 * min(above.right - above.left, below.right - below.left)
    return near and beside and low >= _LIKE * high and above.capitals == below.capitals


def _told(group: Sequence[_Piece]) -> list[str]:
    lines = [piece.text for piece in group]
    return [" ".join(lines), *lines] if len(lines) > 1 else lines
