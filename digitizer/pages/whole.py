"""Reads and OCRs a few pages in one process, decoding each once.

A program (``python -m digitizer.pages.whole IMAGE OUT_PREFIX [IMAGE OUT_PREFIX]…``) run by
``inspect`` and ``bundle``, which know no turn by hand, and by the local lane, which has words read
again (``pages.ocr``) where one differs; its answer is ``{"pages": [{"reading":
…, "words": …, "text", "seconds"}]}``, where ``words`` is null for a blank page. Knows no dossier.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitizer import programs
from digitizer.errors import FileUnreadable
from digitizer.model import Reading
from digitizer.pages import jpeg, ocr, raster, reading
from digitizer.pages.ocr import Words


@dataclass(frozen=True, slots=True)
class WholePage:
    """A page's reading, its words (None where blank), their plain text and the time it took."""

    reading: Reading
    words: Words | None
    text: str
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return the JSON value that ``from_json`` takes back."""
        return {
            "reading": self.reading.to_json(),
            "words": self.words.to_json() if self.words else None,
            "text": self.text,
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> WholePage:
        """Return what ``to_json`` wrote."""
        return cls(
            reading=Reading.from_json(value["reading"]),
            words=Words.from_json(value["words"]) if value["words"] else None,
            text=str(value["text"]),
            seconds=float(value["seconds"]),
        )


def work(image: Path, prefix: Path) -> WholePage:
    """Read ``image`` and, unless it is blank, OCR it into ``<prefix>.tsv`` and ``.pdf``.

    Raises:
        FileMissing, FileEmpty, FileUnreadable, ImageTooLarge: from the file.
        ToolMissing, ProgramTimeout, ProgramCrashed: from Tesseract.
    """
    began = time.monotonic()
    _check_end(image)
    scan = reading.decode(image)
    found = reading.measure(scan)
    words = None if found.blank else ocr.recognise(scan, found.turn, found.skew, prefix)
    text = words.said.text if words else ""
    return WholePage(found, words, text, round(time.monotonic() - began, 3))


def _check_end(image: Path) -> None:
    """Refuse a JPEG from outside that was cut short where decoding would not tell."""
    raster.check_present(image)
    with image.open("rb") as file:
        if file.read(len(jpeg.SOI)) == jpeg.SOI and not jpeg.ends(file):
            raise FileUnreadable(image.name)


def main(argv: list[str]) -> Any:
    """Run the program."""
    pairs = zip(argv[::2], argv[1::2], strict=True)
    return {"pages": [work(Path(i), Path(prefix).absolute()).to_json() for i, prefix in pairs]}


if __name__ == "__main__":
    programs.serve(main)
