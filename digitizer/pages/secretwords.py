"""Which of a page's words are the marking of a state secret: *MẬT*, *TỐI MẬT*, *TUYỆT MẬT*.

PURE. Called by the look at a page (``pages.secretlook``) with what OCR read, and with what was read
of a stamp that was cut out. The same letters are in many ordinary words (*bí mật*, *mật khẩu*, *bảo
mật*, *mật ong*, names), so what counts is where a word stands: in capitals, in a line or a
letterhead's column of its own, outside running text. OCR loses the marks of capitals, so *MAT*,
*MẶT* and their like are taken for it too where a marking stands, in the upper part of a page.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from digitizer.pages import wordtable
from digitizer.pages.syllables import bare
from digitizer.pages.wordtable import Box, Word
from digitizer.secrecy import Level

_PATTERNS = {"MAT": Level.MAT, "TOIMAT": Level.TOI_MAT, "TUYETMAT": Level.TUYET_MAT}
_EXACT = {"MẬT", "TỐI", "TUYỆT"}
_LOOKALIKES = str.maketrans("01|!4", "OIIIA")
_LEADS = (("DO", "MAT"), ("MUC", "DO", "MAT"), ("DAU", "DO", "MAT"))
"""*Độ mật: …* of a form: what stands behind it is one, in any case."""
_HEADS = (("TAI", "LIEU"), ("VAN", "BAN"), ("HO", "SO"))
"""*TÀI LIỆU MẬT* and its like."""
_BEFORE = {"BI", "BAO", "CO", "KIN", "HU", "CAN", "GIU", "VE", "THONG", "DUONG", "NUOC"}
_BEHIND = {
    *("KHAU", "MA", "DO", "ONG", "VU", "THU", "NGHI", "GAU", "CA", "HIEU", "LENH", "THIET", "PHU"),
    *("HOA", "MIA", "TAP", "BAO", "PHAM", "THAM", "DANH", "THAT", "TIEP", "NHA"),
}
"""Words of capitals in the line above or below that make an ordinary word of it."""
_HEADING, _UPPER, _FOOT = 0.45, 0.4, 0.88
_COLUMN_GAP = 2.0
_AS_LARGE, _LINE_GAP = 0.85, 1.8
_LEAST_CONFIDENCE, _LEAST_FOR_SLIP = 8.0, 25.0
_RUNNING_WORDS, _FULL_LINE = 5, 0.75
_FEWEST_CAPITALS = 0.75
_SURE, _ELSEWHERE, _SLIP = 0.95, 0.75, 0.6


class Found(Struct, frozen=True):
    """A marking among words: where it stands, what was read, how sure it is, 0 to 1."""

    level: Level
    read: str
    sure: float
    box: Box


class _Piece(Struct, frozen=True):
    """Words side by side: a line, or what stands in one column of it (one of ``beside``)."""

    words: tuple[Word, ...]
    box: Box
    beside: int

    @property
    def texts(self) -> tuple[str, ...]:
        """Its words without what is no letter."""
        found = (re.sub(r"[\W_]+", "", word.text) for word in self.words)
        return tuple(text for text in found if text)

    @property
    def capitals(self) -> bool:
        """Whether nearly all of its letters are capitals."""
        return _in_capitals("".join(self.texts))

    @property
    def middle(self) -> float:
        """How far down its middle is."""
        return self.box.top + self.box.height / 2


def find(words: Sequence[Word], size: tuple[int, int]) -> list[Found]:
    """Return the markings among the words of a page.

    Args:
        words: In reading order.
        size: Width and height of the raster that they were read from, upright.
    """
    pieces = [piece for line in wordtable.lines(words) for piece in _pieces(line)]
    if not pieces:
        return []
    usual = median(word.box.height for word in words)
    left = min(piece.box.left for piece in pieces)
    right = max(piece.box.left + piece.box.width for piece in pieces)
    found = []
    for piece in pieces:
        meant = meant_by(piece.texts)
        if meant is None or not _stands_alone(piece, pieces, (left, right)):
            continue
        sure = _sure(piece, meant[1], size[1], usual)
        if sure:
            level, all_read = _with_line_above(piece, meant[0], pieces)
            read = " ".join(word.text for word in all_read)
            found.append(Found(level, read, sure, wordtable.around(all_read)))
    return found


def meant_by(texts: Sequence[str]) -> tuple[Level, bool] | None:
    """Return which marking some words are, and whether exactly that; None where they are none.

    Args:
        texts: Words without signs, all that stands together.
    """
    folded = [bare(text).upper() for text in texts]
    for lead in _LEADS:
        if tuple(folded[: len(lead)]) == lead and len(texts) > len(lead):
            level = _PATTERNS.get("".join(folded[len(lead) :]))
            return None if level is None else (level, True)
    while len(texts) > 1 and len(texts[0]) == 1 and folded[0] not in "MT":
        texts, folded = texts[1:], folded[1:]  # what OCR made of a frame
    while len(texts) > 1 and len(texts[-1]) == 1 and folded[-1] != "T":
        texts, folded = texts[:-1], folded[:-1]
    if tuple(folded[:2]) in _HEADS and len(texts) > 2:
        texts, folded = texts[2:], folded[2:]
    if not texts or not _in_capitals("".join(texts)):
        return None
    return _level("".join(folded).translate(_LOOKALIKES), exact=set(texts) <= _EXACT)


def is_ordinary(texts: Sequence[str]) -> bool:
    """Tell whether words that stand in one line, without signs, are ordinary ones: *BẢO MẬT*."""
    folded = [bare(text).upper() for text in texts]
    return any(
        (one in _BEFORE and other == "MAT") or (one == "MAT" and other in _BEHIND)
        for one, other in itertools.pairwise(folded)
    )


def _level(letters: str, *, exact: bool) -> tuple[Level, bool] | None:
    if letters in _PATTERNS:
        return _PATTERNS[letters], exact
    for pattern, slips in (("TUYETMAT", 2), ("TOIMAT", 1)):
        if abs(len(letters) - len(pattern)) <= slips and distance(letters, pattern) <= slips:
            return _PATTERNS[pattern], False
    return None


def distance(one: str, other: str) -> int:
    """Return how many letters have to be put in, left out or changed to make one of the other."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        before, row[0] = row[0], at
        for to, wanted in enumerate(other, start=1):
            before, row[to] = (
                row[to],
                min(row[to] + 1, row[to - 1] + 1, before + (letter != wanted)),
            )
    return row[-1]


def _sure(piece: _Piece, exact: bool, height: int, usual: float) -> float:
    """Return how sure a piece that stands alone is a marking; 0: it is none."""
    down = piece.middle / max(height, 1)
    confidence = max(word.confidence for word in piece.words)
    if exact and confidence >= _LEAST_CONFIDENCE:
        if down <= _HEADING or down >= _FOOT:
            return _SURE
        # In the body a single word may be a table's: the gravest ones are two.
        return _ELSEWHERE if piece.beside == 1 or len(piece.texts) > 1 else 0.0
    large = piece.box.height >= _AS_LARGE * usual
    slipped = down <= _UPPER and large and confidence >= _LEAST_FOR_SLIP and piece.beside <= 2
    return _SLIP if slipped else 0.0


def _stands_alone(piece: _Piece, pieces: Sequence[_Piece], text: tuple[int, int]) -> bool:
    """Tell whether a piece goes on from no line above, and no line below goes on from it; ``text``:
    where the page's lines begin and end."""
    above = _neighbour(piece, pieces, down=False)
    if above is not None:
        last = bare(above.texts[-1]).upper() if above.texts else ""
        if above.capitals and last in _BEFORE and _alike(piece, above):
            return False
        if len(above.texts) >= _RUNNING_WORDS and _full(above, text) and not above.capitals:
            return False
    below = _neighbour(piece, pieces, down=True)
    if below is not None and below.capitals and _alike(piece, below):
        return not below.texts or bare(below.texts[0]).upper() not in _BEHIND
    return True


def _with_line_above(
    piece: _Piece, level: Level, pieces: Sequence[_Piece]
) -> tuple[Level, tuple[Word, ...]]:
    """Return the level and the words of a marking: those of the line above too, where they make a
    graver one of *MẬT* (*TỐI* over it)."""
    above = _neighbour(piece, pieces, down=False)
    if level is Level.MAT and above is not None and above.capitals:
        both = meant_by((*above.texts, *piece.texts))
        if both is not None and both[0] is not Level.MAT:
            return both[0], (*above.words, *piece.words)
    return level, piece.words


def _full(piece: _Piece, text: tuple[int, int]) -> bool:
    """Tell whether a piece goes from about where lines begin to about where they end. The motto of
    a letterhead, under which a marking may stand, ends there too and begins in the middle."""
    rest = (1 - _FULL_LINE) * (text[1] - text[0])
    return piece.box.left <= text[0] + rest and piece.box.left + piece.box.width >= text[1] - rest


def _neighbour(piece: _Piece, pieces: Sequence[_Piece], *, down: bool) -> _Piece | None:
    """Return the nearest piece above or below that stands as near as the lines of one text do."""
    far = _LINE_GAP * piece.box.height
    near = [
        (abs(other.middle - piece.middle), at)
        for at, other in enumerate(pieces)
        if other is not piece
        and (other.middle > piece.middle) is down
        and 0.5 * piece.box.height < abs(other.middle - piece.middle) <= far
        and _overlap(piece.box, other.box) > 0
    ]
    return pieces[min(near)[1]] if near else None


def _alike(one: _Piece, other: _Piece) -> bool:
    """Tell whether letters are about as large."""
    low, high = sorted((one.box.height, other.box.height))
    return low >= 0.6 * high


def _overlap(one: Box, other: Box) -> int:
    return min(one.left + one.width, other.left + other.width) - max(one.left, other.left)


def _pieces(line: Sequence[Word]) -> list[_Piece]:
    """Part a line where its columns are far from each other."""
    height = median(word.box.height for word in line)
    parts: list[list[Word]] = [[line[0]]]
    for before, word in itertools.pairwise(line):
        if word.box.left - before.box.left - before.box.width > _COLUMN_GAP * height:
            parts.append([])
        parts[-1].append(word)
    return [_Piece(tuple(part), wordtable.around(part), len(parts)) for part in parts]


def _in_capitals(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return bool(letters) and sum(map(str.isupper, letters)) >= _FEWEST_CAPITALS * len(letters)
