"""Tesseract's table of words: what it read, how surely, and where.

Called by OCR and whatever looks at its words. Knows nothing of what they mean.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path

from msgspec import Struct

_PAGE_LEVEL, _WORD_LEVEL = "1", "5"
_HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)
_NUMBERS = ("left", "top", "width", "height", "block_num", "par_num", "line_num")
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_LINE_END = re.compile(r"\r\n|\r|\n")
_MOST_BYTES, _MOST_WORDS, _MOST_LETTERS = 16 << 20, 50_000, 1000


class Box(Struct, frozen=True):
    """Where a word stands, in pixels of the raster that was read, from its top left."""

    left: int
    top: int
    width: int
    height: int


class Word(Struct, frozen=True):
    """One word as read.

    Attributes:
        text: NFC, never empty, without white space.
        confidence: Tesseract's, 0 to 100.
        box: Where it stands.
        line: Its block, paragraph and line, each from 1.
    """

    text: str
    confidence: float
    box: Box
    line: tuple[int, int, int]


def read(tsv: Path | bytes) -> list[Word]:
    """Return the words of Tesseract's ``tsv``, a file or what is in it, in its reading order; rows
    that make no sense are left out, and all beyond ``_MOST_WORDS``. Raises ``OSError``."""
    words = (_word(row) for row in _rows(tsv) if row["level"] == _WORD_LEVEL)
    return list(islice((word for word in words if word is not None), _MOST_WORDS))


def size(tsv: Path | bytes) -> tuple[int, int] | None:
    """Return the width and height of the raster that was read, in pixels; None where the table
    does not say. Raises ``OSError``."""
    for row in _rows(tsv):
        if row["level"] == _PAGE_LEVEL:
            width, height = _whole(row["width"]), _whole(row["height"])
            return None if width is None or height is None else (width, height)
    return None


def _rows(tsv: Path | bytes) -> Iterator[dict[str, str]]:
    """Yield the rows of a table. It was written by a program that had met a file from outside:
    it may be anything."""
    if isinstance(tsv, bytes):
        read = tsv[:_MOST_BYTES]
    else:
        with tsv.open("rb") as table:
            read = table.read(_MOST_BYTES)
    text = read.decode("utf-8", "replace")
    names = _HEAD.split("\t")
    for line in _LINE_END.split(text)[1:]:
        parts = line.split("\t")
        if len(parts) == len(names):
            yield dict(zip(names, parts, strict=True))


def _word(row: dict[str, str]) -> Word | None:
    text = unicodedata.normalize("NFC", row["text"].strip())[:_MOST_LETTERS]
    numbers = [_whole(row[name]) for name in _NUMBERS]
    try:
        sure = float(row["conf"])
    except ValueError:
        return None
    if not text or None in numbers or not math.isfinite(sure):
        return None
    left, top, width, height, block, paragraph, line = (one or 0 for one in numbers)
    return Word(text, sure, Box(left, top, width, height), (block, paragraph, line))


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.fullmatch(text) else None


def write(words: Iterable[Word], size: tuple[int, int], tsv: Path) -> None:
    """Write the words of a page of ``size`` (width, height) as Tesseract does: its row of the page
    and those of words."""
    rows = [_HEAD, f"{_PAGE_LEVEL}\t1\t0\t0\t0\t0\t0\t0\t{size[0]}\t{size[1]}\t-1\t"]
    for word in words:
        box, (block, paragraph, line) = word.box, word.line
        rows.append(
            f"{_WORD_LEVEL}\t1\t{block}\t{paragraph}\t{line}\t{len(rows) - 1}\t"
            f"{box.left}\t{box.top}\t{box.width}\t{box.height}\t{word.confidence:f}\t{word.text}"
        )
    tsv.write_text("\n".join(rows) + "\n", encoding="utf-8")


def lines(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Yield the words line by line, in reading order."""
    for _, line in groupby(words, key=lambda word: word.line):
        yield list(line)


def text(words: Iterable[Word]) -> str:
    """Return the words as plain text: lines, an empty line between paragraphs."""
    out: list[str] = []
    paragraph: tuple[int, int] | None = None
    for line in lines(words):
        here = line[0].line[:2]
        if paragraph is not None and here != paragraph:
            out.append("")
        out.append(" ".join(word.text for word in line))
        paragraph = here
    return "\n".join(out)


def confidence(words: list[Word]) -> float:
    """Return the mean confidence of the words, 0 to 100; 0 where there is none."""
    if not words:
        return 0.0
    return round(sum(word.confidence for word in words) / len(words), 1)


def around(words: Sequence[Word]) -> Box:
    """Return the smallest box that holds some words, of which there is one at least."""
    left = min(word.box.left for word in words)
    top = min(word.box.top for word in words)
    right = max(word.box.left + word.box.width for word in words)
    bottom = max(word.box.top + word.box.height for word in words)
    return Box(left, top, right - left, bottom - top)
