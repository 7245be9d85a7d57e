"""The words that a page of a born-digital PDF brings along, kept inside its rendered image.

Written by ``pages.pdfpages`` as segments of the JPEG, so that they go wherever the image goes;
read by OCR, which takes them in place of its own. What a file says is checked like any other
input: too many, too long or misplaced words are none at all. PURE but for ``of`` and ``write``.
"""

from __future__ import annotations

import io
import json
import math
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import IO

from msgspec import Struct

from digitizer.boxes import Box
from digitizer.pages import glyphless, jpeg
from digitizer.pages.glyphless import Placed

_APP15 = 0xEF
_MARK = b"digitizer words\0"
_VERSION = 1
_PART_BYTES = 65_000
_MOST_WORDS, _MOST_LETTERS, _MOST_BYTES = 20_000, 500, 8_000_000
_SURE = 100.0
DPI = 300.0
"""Dots per inch of the raster that their table is for."""
_HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


class OwnWord(Struct, frozen=True):
    """A word as its document spells it.

    Attributes:
        text: NFC, without white space.
        left, top, right, bottom: Its box in parts of the image's width and height, from the top
            left.
        paragraph, line: From 1; lines count within their paragraph.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    paragraph: int
    line: int


def embedded(data: bytes, words: Sequence[OwnWord]) -> bytes:
    """Return the JPEG ``data`` with ``words`` in segments of its own behind its header."""
    rows = [
        [w.text, *(round(v, 5) for v in (w.left, w.top, w.right, w.bottom)), w.paragraph, w.line]
        for w in words
    ]
    text = json.dumps({"version": _VERSION, "words": rows}, ensure_ascii=False)
    packed = zlib.compress(text.encode(), 9)
    place = len(jpeg.SOI)
    for segment in jpeg.segments(io.BytesIO(data)):
        if segment.kind == jpeg.APP0:
            place = segment.start + segment.length
        break
    parts = b"".join(
        bytes((0xFF, _APP15)) + (2 + len(_MARK) + len(part)).to_bytes(2, "big") + _MARK + part
        for part in (packed[at : at + _PART_BYTES] for at in range(0, len(packed), _PART_BYTES))
    )
    return data[:place] + parts + data[place:]


def of(path: Path) -> tuple[OwnWord, ...] | None:
    """Return the words that the image at ``path`` brings along, or None where it brings none."""
    with path.open("rb") as file:
        return _words(b"".join(_parts(file)))


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    for segment in list(jpeg.segments(file)):
        if segment.kind == _APP15 and segment.head.startswith(_MARK[: len(segment.head)]):
            file.seek(segment.start + 4)
            body = file.read(segment.length - 4)
            if body.startswith(_MARK):
                yield body[len(_MARK) :]


def _words(packed: bytes) -> tuple[OwnWord, ...] | None:
    if not packed:
        return None
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, _MOST_BYTES)
        if unpacker.unconsumed_tail:
            return None
        value = json.loads(text)
        if value["version"] != _VERSION or len(value["words"]) > _MOST_WORDS:
            return None
        found = tuple(_word(*row) for row in value["words"])
    except (zlib.error, ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None
    return found or None


def _word(
    text: str, left: float, top: float, right: float, bottom: float, paragraph: int, line: int
) -> OwnWord:
    """Return a word that makes sense. Raises ``ValueError`` or ``TypeError`` for any other."""
    if not 0 < len(text) <= _MOST_LETTERS or not all(c.isprintable() and c != " " for c in text):
        raise ValueError(text)
    sides = tuple(float(side) for side in (left, top, right, bottom))
    if not all(-0.01 <= side <= 1.01 for side in sides) or left > right or top > bottom:
        raise ValueError(sides)
    if not (0 < int(paragraph) <= _MOST_WORDS and 0 < int(line) <= _MOST_WORDS):
        raise ValueError(line)
    normal = unicodedata.normalize("NFC", text)
    return OwnWord(normal, left, top, right, bottom, int(paragraph), int(line))


class Place(Struct, frozen=True):
    """How a page lies in its image.

    Attributes:
        size: Pixels of the image as stored, across and down.
        dpi: Its dots per inch across and down.
        turn: 0, 90, 180 or 270: degrees clockwise to be upright.
        skew: Further degrees clockwise to be level.
        box: The part of the level image that is the page; None: all of it.
    """

    size: tuple[int, int]
    dpi: tuple[float, float]
    turn: int
    skew: float
    box: Box | None = None


def write(words: Sequence[OwnWord], place: Place, prefix: Path) -> tuple[int, int]:
    """Write ``<prefix>.tsv`` and ``<prefix>.pdf`` as Tesseract would have of the level page.

    Returns the width and height of the raster they are for, in pixels at ``DPI``.
    """
    box = place.box or Box(0, 0, *place.size)
    sides = (box.width * DPI / place.dpi[0], box.height * DPI / place.dpi[1])
    across, down = sides if place.turn in (0, 180) else sides[::-1]
    size = (max(8, round(across)), max(8, round(down)))
    pairs = [(word, _placed(word, place, box, size)) for word in words]
    rows = [_HEAD, f"1\t1\t0\t0\t0\t0\t0\t0\t{size[0]}\t{size[1]}\t-1\t"]
    lines: list[list[Placed]] = []
    kept = [(word, found) for word, found in pairs if found is not None]
    for (paragraph, line), group in groupby(kept, key=lambda p: (p[0].paragraph, p[0].line)):
        lines.append([])
        for number, (word, found) in enumerate(group, start=1):
            lines[-1].append(found)
            edges = f"{found.left:.0f}\t{found.top:.0f}\t{found.width:.0f}\t{found.height:.0f}"
            rows.append(f"5\t1\t1\t{paragraph}\t{line}\t{number}\t{edges}\t{_SURE}\t{word.text}")
    table, pdf = (prefix.with_name(prefix.name + suffix) for suffix in (".tsv", ".pdf"))
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    glyphless.write(pdf, lines, size, DPI)
    return size


def _placed(word: OwnWord, place: Place, box: Box, size: tuple[int, int]) -> Placed | None:
    """Return where a word stands on the upright page, in its pixels; None beside the page."""
    inches = place.size[0] / place.dpi[0], place.size[1] / place.dpi[1]
    x = ((word.left + word.right) / 2 - 0.5) * inches[0]
    y = ((word.top + word.bottom) / 2 - 0.5) * inches[1]
    cos, sin = math.cos(math.radians(place.skew)), math.sin(math.radians(place.skew))
    x, y = x * cos - y * sin + inches[0] / 2, x * sin + y * cos + inches[1] / 2
    across, down = box.width / place.dpi[0], box.height / place.dpi[1]
    x, y = (x - box.left / place.dpi[0]) / across, (y - box.top / place.dpi[1]) / down
    if not (0 <= x <= 1 and 0 <= y <= 1):
        return None
    width = (word.right - word.left) * inches[0] / across / 2
    height = (word.bottom - word.top) * inches[1] / down / 2
    sides = (x - width, y - height, x + width, y + height)
    for _ in range(place.turn // 90):
        left, top, right, bottom = sides
        sides = (1 - bottom, left, 1 - top, right)
    left, top, right, bottom = sides
    return Placed(
        word.text,
        min(max(left * size[0], 0.0), size[0] - 1.0),
        min(max(top * size[1], 0.0), size[1] - 1.0),
        max((right - left) * size[0], 1.0),
        max((bottom - top) * size[1], 1.0),
    )
