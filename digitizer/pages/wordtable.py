"""Tesseract's table of words: what it read, how surely, and where.

Called by OCR and whatever looks at its words. Knows nothing of what they mean.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

_PAGE_LEVEL, _WORD_LEVEL = "1", "5"
_HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


@dataclass(frozen=True, slots=True)
class Box:
    """Where a word stands, in pixels of the raster that was read, from its top left."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Word:
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


def read(tsv: Path) -> list[Word]:
    """Return the words of Tesseract's ``tsv`` in its reading order."""
    with tsv.open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Word(
                unicodedata.normalize("NFC", row["text"].strip()),
                float(row["conf"]),
                Box(*(int(row[side]) for side in ("left", "top", "width", "height"))),
                (int(row["block_num"]), int(row["par_num"]), int(row["line_num"])),
            )
            for row in rows
            if row["level"] == _WORD_LEVEL and (row["text"] or "").strip()
        ]


def size(tsv: Path) -> tuple[int, int] | None:
    """Return the width and height of the raster that was read, in pixels; None where the table
    does not say."""
    with tsv.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["level"] == _PAGE_LEVEL:
                return int(row["width"]), int(row["height"])
    return None


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
