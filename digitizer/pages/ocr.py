"""OCR of one page: its words as TSV and as an invisible text layer, mended, and what they say.

A program (``python -m digitizer.pages.ocr IMAGE TURN SKEW OUT_PREFIX [BOX]``) run by the local lane
on a page's final geometry; blank pages are not given to it. The TSV keeps the words as they were
read; the text layer carries them mended. Knows no dossier.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple, replace
from PIL import Image

from digitizer import pagetext, programs
from digitizer.boxes import Box
from digitizer.confinement import Rights
from digitizer.pages import (
    closelook,
    fields,
    glyphless,
    negative,
    ocrraster,
    ownwords,
    patterns,
    postcheck,
    reading,
    secondlook,
    secretlook,
    stamps,
    syllables,
    tesseract,
    wordtable,
)
from digitizer.pages.glyphless import Placed
from digitizer.pages.ocrraster import Raster
from digitizer.pages.ownwords import OwnWord, Place
from digitizer.pages.wordtable import Word
from digitizer.pagetext import PageText
from digitizer.secrecy import Mark

SECONDS = 120.0
_CLOSER, _CLOSEST_DPI = 4 / 3, 300.0


class Words(Struct, frozen=True):
    """What OCR of a page gave.

    Attributes:
        tsv: The table of words as read, boxes in pixels of the levelled raster.
        text_pdf: One page of invisible text as mended, as large as the upright page.
        count: Words found.
        confidence: Their mean confidence, 0 to 100; 0 where there is none.
        said: Their text, what was mended, key fields.
        seconds: Wall-clock time it took.
        marks: Markings of state secrets on the page; None where nobody could look.
    """

    tsv: Path
    text_pdf: Path
    count: int
    confidence: float
    said: PageText
    seconds: float
    marks: tuple[Mark, ...] | None = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON value that ``from_json`` takes back."""
        return {
            "tsv": str(self.tsv),
            "text_pdf": str(self.text_pdf),
            "words": self.count,
            "confidence": self.confidence,
            "said": self.said.to_json(),
            "seconds": self.seconds,
            "marks": None if self.marks is None else [one.to_json() for one in self.marks],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Words:
        """Return the words that ``to_json`` wrote."""
        marks = value["marks"]
        return cls(
            tsv=Path(value["tsv"]),
            text_pdf=Path(value["text_pdf"]),
            count=int(value["words"]),
            confidence=float(value["confidence"]),
            said=PageText.from_json(value["said"]),
            seconds=float(value["seconds"]),
            marks=None if marks is None else tuple(Mark.from_json(one) for one in marks),
        )


def recognise(
    scan: reading.Scan,
    image: Path,
    turn: int,
    skew: float,
    prefix: Path,
    box: Box | None = None,
    own: Sequence[OwnWord] | None = None,
) -> Words:
    """OCR a decoded page into ``<prefix>.tsv`` and ``<prefix>.pdf``.

    Args:
        scan: The page.
        image: Its file, for its colours.
        turn: 0, 90, 180 or 270 degrees clockwise.
        skew: Further degrees clockwise.
        prefix: Where the files go; its folder exists.
        box: The part of the level image that is the page; None: all of it.
        own: Words that the page brought along, taken in place of OCR's.

    Raises:
        ToolMissing, ProgramTimeout, ProgramCrashed: from Tesseract.
    """
    began = time.monotonic()
    place = Place(
        (scan.width, scan.height), (scan.resolution.x, scan.resolution.y), turn, skew, box
    )
    tsv, text_pdf = (prefix.with_name(prefix.name + suffix) for suffix in (".tsv", ".pdf"))
    if own is not None:
        size = ownwords.write(own, place, prefix)
        words = wordtable.read(tsv)
        said = _said(words, {}, ownwords.DPI, size[1])
        seen = secretlook.Seen(words, size)
    else:
        faded = stamps.faded(scan, image)
        page = ocrraster.of(faded, turn, skew, box)

        def closer(dpi: float) -> Image.Image:
            return negative.righted(reading.levelled(faded, turn, skew, box, dpi), dpi)

        words = _looked_closer(page, closer, _read(page))
        wordtable.write(words, page.image.size, tsv)
        changes = {change.index: change.mended for change in postcheck.mend(words, _table())}
        changes.update((change.index, change.mended) for change in patterns.repairs(words))
        _lay(_mended(words, changes), page, text_pdf)
        said = _said(words, changes, page.dpi, page.image.height)
        seen = secretlook.Seen(words, page.image.size, page)
    marks = secretlook.tried(scan, image, place, seen)
    seconds = round(time.monotonic() - began, 3)
    return Words(tsv, text_pdf, len(words), wordtable.confidence(words), said, seconds, marks)


def _mended(words: Sequence[Word], changes: Mapping[int, str]) -> list[Word]:
    return [
        replace(word, text=changes[index]) if index in changes else word
        for index, word in enumerate(words)
    ]


def _said(words: Sequence[Word], changes: Mapping[int, str], dpi: float, height: int) -> PageText:
    """Return what words on a raster of ``height`` pixels say, with ``changes`` of some by place."""
    mended = _mended(words, changes)
    return PageText(
        wordtable.text(mended),
        wordtable.text(words),
        tuple(
            pagetext.Change(words[at].text, changes[at], _points(words[at].box, dpi))
            for at in sorted(changes)
        ),
        tuple(
            pagetext.Field(
                found.name, found.value, found.confidence, found.check, _points(found.box, dpi)
            )
            for found in fields.find(mended, height, datetime.now().astimezone().date())
        ),
    )


def _read(page: Raster) -> list[Word]:
    """Read the page, and what was passed over once more."""
    words = tesseract.words(page.image, page.dpi, SECONDS)
    for region in secondlook.regions(page.inked, words, page.dpi):
        edges = (
            region.left,
            region.top,
            region.left + region.width,
            region.top + region.height,
        )
        found = tesseract.block(page.image.crop(edges), page.dpi, SECONDS)
        words = secondlook.joined(words, found, region)
    return words


def _lay(words: Sequence[Word], page: Raster, pdf: Path) -> None:
    """Write the text layer: each word stretched over its box."""
    lines = [
        [Placed(word.text, *astuple(word.box)) for word in line] for line in wordtable.lines(words)
    ]
    glyphless.write(pdf, lines, page.image.size, page.dpi)


def _looked_closer(
    page: Raster, closer: Callable[[float], Image.Image], words: list[Word]
) -> list[Word]:
    """Return the words, the doubtful read once more; ``closer`` gives the page at so many dpi."""
    dpi = min(page.dpi * _CLOSER, _CLOSEST_DPI)
    spans = closelook.spans(words)
    if not spans or dpi <= page.dpi:
        return words
    sheet = closelook.laid(closer(dpi), words, spans, dpi / page.dpi)
    return closelook.surer(words, sheet, tesseract.block(sheet.image, dpi, SECONDS))


@functools.cache
def _table() -> syllables.Syllables:
    return syllables.load()


def _points(box: wordtable.Box, dpi: float) -> pagetext.Box:
    scale = 72.0 / dpi
    left, top, width, height = (
        round(side * scale, 1) for side in (box.left, box.top, box.width, box.height)
    )
    return left, top, width, height


def rights(argv: list[str]) -> Rights:
    """Return what the program needs: its image, the folder of what it makes, and Tesseract."""
    made = tuple(Path(prefix).absolute().parent for prefix in argv[3:4])
    return Rights(reads=tuple(argv[:1]), writes=made, runs=tesseract.PROGRAMS)


def main(argv: list[str]) -> Any:
    """Run the program: ``IMAGE TURN SKEW OUT_PREFIX [BOX]`` → what it found as JSON."""
    image, turn, skew, prefix, *boxes = argv
    box = Box.parse(boxes[0]) if boxes else None
    scan, own = reading.decode(Path(image)), ownwords.of(Path(image))
    found = recognise(scan, Path(image), int(turn), float(skew), Path(prefix).absolute(), box, own)
    return found.to_json()


if __name__ == "__main__":
    programs.serve(main, rights)
