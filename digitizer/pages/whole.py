"""Reads and OCRs a few pages in one process, decoding each once.

A program (``python -m digitizer.pages.whole IMAGE OUT_PREFIX [IMAGE OUT_PREFIX]…``) run by
``inspect`` and ``bundle``, which know no turn by hand, and by the local lane, which has words read
again (``pages.ocr``) where one differs; its answer is ``{"pages": [{"reading":
…, "words": …, "failed", "seconds", "marks": …}]}``, where ``words`` is null for a blank page and
for one that OCR could not read. Knows no dossier.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from digitizer import programs
from digitizer.confinement import Rights
from digitizer.errors import FileUnreadable, ProgramCrashed, ProgramTimeout
from digitizer.model import Reading
from digitizer.pages import jpeg, ocr, ownwords, raster, reading, secretlook, tesseract
from digitizer.pages.ocr import Words
from digitizer.secrecy import Mark


class WholePage(Struct, frozen=True):
    """A page read and OCRed.

    Attributes:
        reading: What it is.
        words: What it says; None where it is blank or OCR failed.
        failed: The error's code where OCR failed: the page has no text, and that is to be said.
        marks: Markings of state secrets on it; None where nobody could look.
        seconds: Wall-clock time it took.
    """

    reading: Reading
    words: Words | None
    failed: str
    seconds: float
    marks: tuple[Mark, ...] | None = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON value that ``from_json`` takes back."""
        return {
            "reading": self.reading.to_json(),
            "words": self.words.to_json() if self.words else None,
            "failed": self.failed,
            "seconds": self.seconds,
            "marks": None if self.marks is None else [one.to_json() for one in self.marks],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> WholePage:
        """Return what ``to_json`` wrote."""
        marks = value["marks"]
        return cls(
            reading=Reading.from_json(value["reading"]),
            words=Words.from_json(value["words"]) if value["words"] else None,
            failed=str(value["failed"]),
            seconds=float(value["seconds"]),
            marks=None if marks is None else tuple(Mark.from_json(one) for one in marks),
        )


def work(image: Path, prefix: Path) -> WholePage:
    """Read ``image`` and, unless it is blank, OCR it into ``<prefix>.tsv`` and ``.pdf``.

    Raises:
        FileMissing, FileEmpty, FileUnreadable, ImageTooLarge: from the file.
        ToolMissing: Tesseract or its language is not installed.
    """
    began = time.monotonic()
    _check_end(image)
    scan = reading.decode(image)
    measured = reading.measured(scan)
    found = measured.reading
    words, failed = None, ""
    marks: tuple[Mark, ...] | None = None
    if found.blank:
        marks = secretlook.stamped(scan, image, found.turn)
    else:
        own = () if measured.wordless else ownwords.of(image)
        try:
            words = ocr.recognise(scan, image, found.turn, found.skew, prefix, found.own_box, own)
            marks = words.marks
            if measured.hurried and not words.count:  # it may lie another way, and have words
                words, failed = None, ProgramTimeout.code
        except (ProgramTimeout, ProgramCrashed) as error:  # costs this page its text, no more
            failed = error.code
    return WholePage(found, words, failed, round(time.monotonic() - began, 3), marks)


def _check_end(image: Path) -> None:
    """Refuse a JPEG from outside that was cut short where decoding would not tell."""
    raster.check_present(image)
    with image.open("rb") as file:
        if file.read(len(jpeg.SOI)) == jpeg.SOI and not jpeg.ends(file):
            raise FileUnreadable(image.name)


def rights(argv: list[str]) -> Rights:
    """Return what the program needs: its images, the folders of what it makes, and Tesseract."""
    made = tuple(Path(prefix).absolute().parent for prefix in argv[1::2])
    return Rights(reads=tuple(argv[::2]), writes=made, runs=tesseract.PROGRAMS)


def main(argv: list[str]) -> Any:
    """Run the program."""
    pairs = zip(argv[::2], argv[1::2], strict=True)
    return {"pages": [work(Path(i), Path(prefix).absolute()).to_json() for i, prefix in pairs]}


if __name__ == "__main__":
    programs.serve(main, rights)
