"""OCR of one page: words as TSV and an invisible text layer as PDF, in one run of Tesseract.

A program (``python -m digitizer.pages.ocr IMAGE TURN SKEW OUT_PREFIX [BOX]``) run by the local lane
on a page's final geometry; blank pages are not given to it. Knows no dossier.
"""

from __future__ import annotations

import csv
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from digitizer import programs
from digitizer.boxes import Box
from digitizer.pages import ink, leaders, ownwords, reading, tesseract, upright
from digitizer.pages.ownwords import OwnWord

_PLAIN_DPI, _FORM_DPI, _FINEST_DPI = 150.0, 200.0, 300.0
_WELL_READ_PIXELS = 10.5
"""Small letters of this height read as well as larger ones, and a third faster than at twice it.
Measured on real and rendered pages: 150 dpi is enough for 12 points, 8 points want 220."""
_INK, _RULE_INCHES = 0.25, 0.5
SECONDS = 120.0
_WORD_LEVEL = "5"


@dataclass(frozen=True, slots=True)
class Words:
    """What OCR of a page gave.

    Attributes:
        tsv: Tesseract's table of words, boxes in pixels of the levelled raster.
        text_pdf: One page of invisible text, as large as the upright page.
        count: Words found.
        confidence: Their mean confidence, 0 to 100; 0 where there is none.
        seconds: Wall-clock time it took.
    """

    tsv: Path
    text_pdf: Path
    count: int
    confidence: float
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return the JSON value that ``from_json`` takes back."""
        return {
            "tsv": str(self.tsv),
            "text_pdf": str(self.text_pdf),
            "words": self.count,
            "confidence": self.confidence,
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Words:
        """Return the words that ``to_json`` wrote."""
        return cls(
            tsv=Path(value["tsv"]),
            text_pdf=Path(value["text_pdf"]),
            count=int(value["words"]),
            confidence=float(value["confidence"]),
            seconds=float(value["seconds"]),
        )


def recognise(
    scan: reading.Scan,
    turn: int,
    skew: float,
    prefix: Path,
    box: Box | None = None,
    own: Sequence[OwnWord] | None = None,
) -> Words:
    """OCR a decoded page into ``<prefix>.tsv`` and ``<prefix>.pdf``.

    Args:
        scan: The page.
        turn: 0, 90, 180 or 270 degrees clockwise.
        skew: Further degrees clockwise.
        prefix: Where the files go; its folder exists.
        box: The part of the level image that is the page; None: all of it.
        own: Words that the page brought along, taken in place of OCR's.

    Raises:
        ToolMissing, ProgramTimeout, ProgramCrashed: from Tesseract.
    """
    began = time.monotonic()
    if own is not None:
        size, dpi = (scan.width, scan.height), (scan.resolution.x, scan.resolution.y)
        ownwords.write(own, ownwords.Place(size, dpi, turn, skew, box), prefix)
    else:
        raster_page = ocr_raster(scan, turn, skew, box)
        image = prefix.with_name(prefix.name + ".pgm")
        try:
            raster_page.image.save(image)
            tesseract.words(image, prefix, raster_page.dpi, SECONDS)
        finally:
            image.unlink(missing_ok=True)
    tsv = prefix.with_name(prefix.name + ".tsv")
    confidences = [float(row["conf"]) for row in _word_rows(tsv)]
    return Words(
        tsv=tsv,
        text_pdf=prefix.with_name(prefix.name + ".pdf"),
        count=len(confidences),
        confidence=round(sum(confidences) / len(confidences), 1) if confidences else 0.0,
        seconds=round(time.monotonic() - began, 3),
    )


@dataclass(frozen=True, slots=True)
class Raster:
    """What Tesseract sees of a page: 8-bit grey, upright and level, without dot leaders."""

    image: Image.Image
    dpi: float


def ocr_raster(scan: reading.Scan, turn: int, skew: float, box: Box | None = None) -> Raster:
    """Return the page at the lowest resolution at which its letters read well."""
    image = reading.levelled(scan, turn, skew, box, _PLAIN_DPI)
    levels = ink.contrast(image)
    text = ink.without_rules(levels >= _INK, round(_RULE_INCHES * _PLAIN_DPI))
    height = upright.letter_height(text, _PLAIN_DPI) or _WELL_READ_PIXELS
    cleaned = leaders.erased(image, levels, _PLAIN_DPI)
    dpi = min(max(_PLAIN_DPI * _WELL_READ_PIXELS / height, _PLAIN_DPI), _FINEST_DPI)
    if cleaned is not image:
        dpi = max(dpi, _FORM_DPI)
    if round(dpi) <= _PLAIN_DPI:
        return Raster(cleaned, _PLAIN_DPI)
    dpi = float(round(dpi))
    image = reading.levelled(scan, turn, skew, box, dpi)
    return Raster(leaders.erased(image, ink.contrast(image), dpi), dpi)


def text_of(tsv: Path) -> str:
    """Return the plain text of a page's table of words, NFC: lines, an empty line between
    paragraphs."""
    lines: list[str] = []
    last_line: tuple[str, ...] = ()
    for row in _word_rows(tsv):
        line = (row["block_num"], row["par_num"], row["line_num"])
        if line != last_line:
            if last_line and line[:2] != last_line[:2]:
                lines.append("")
            lines.append(row["text"])
            last_line = line
        else:
            lines[-1] += " " + row["text"]
    return unicodedata.normalize("NFC", "\n".join(lines))


def _word_rows(tsv: Path) -> list[dict[str, str]]:
    with tsv.open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in rows if row["level"] == _WORD_LEVEL and (row["text"] or "").strip()]


def main(argv: list[str]) -> Any:
    """Run the program: ``IMAGE TURN SKEW OUT_PREFIX [BOX]`` → what it found as JSON."""
    image, turn, skew, prefix, *boxes = argv
    box = Box.parse(boxes[0]) if boxes else None
    scan, own = reading.decode(Path(image)), ownwords.of(Path(image))
    found = recognise(scan, int(turn), float(skew), Path(prefix).absolute(), box, own)
    return found.to_json()


if __name__ == "__main__":
    programs.serve(main)
