"""The one door to Tesseract: orientation, and words.

Called by reading and OCR. Words come from its library, loaded once (``tesslibrary``), or where
there is none from the program, as all else does: files, never arrays. One thread each; converts
its troubles to rows of the error table.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from msgspec import Struct
from PIL import Image
from pytesseract import pytesseract

from digitizer.errors import ProgramCrashed, ProgramTimeout, ToolMissing
from digitizer.pages import tesslibrary, wordtable
from digitizer.pages.wordtable import Word

_LEGIBLE = 75.0
_ANY_LAYOUT, _ONE_BLOCK = 3, 6
"""Page segmentation modes."""
_SETTINGS = {"invert_threshold": "0"}
"""Else every line it is unsure of is read again as white on black."""
PROGRAMS = ("tesseract",)
"""What is started."""
LANGUAGE = "vie"
"""Alone: a second language drops Vietnamese diacritics (OCRmyPDF issue 1595)."""


class Orientation(Struct, frozen=True):
    """``turn``: degrees clockwise to upright; ``confidence``: Tesseract's own, 0 for none."""

    turn: int
    confidence: float


def orientation(page: Image.Image, dpi: float, timeout: float) -> Orientation:
    """Ask Tesseract which way up an 8-bit grey ``page`` is.

    A page with too few characters, or one that brings it down, gives confidence 0.

    Raises:
        ToolMissing: Tesseract is not installed.
        ProgramTimeout: it took longer than ``timeout`` seconds.
    """
    with tempfile.TemporaryDirectory(prefix="digitizer-osd-") as folder:
        image = Path(folder, "page.pgm")
        page.save(image)
        try:
            _run(image, Path(folder, "page"), "osd", f"--psm 0 --dpi {round(dpi)}", "osd", timeout)
        except (_TooFewCharacters, ProgramCrashed):
            return Orientation(0, 0.0)
        answer = Path(folder, "page.osd").read_text(encoding="utf-8")
    fields = dict(line.split(": ", 1) for line in answer.splitlines() if ": " in line)
    return Orientation(
        int(fields.get("Rotate", "0")), float(fields.get("Orientation confidence", "0"))
    )


def words(page: Image.Image, dpi: float, timeout: float) -> list[Word]:
    """Return the words of an 8-bit grey, level ``page``, in reading order.

    Raises:
        ToolMissing: Tesseract or its Vietnamese data is not installed.
        ProgramTimeout, ProgramCrashed: as they say.
    """
    return _read(page, dpi, _ANY_LAYOUT, timeout)


def block(page: Image.Image, dpi: float, timeout: float) -> list[Word]:
    """Return the words of ``page`` read as one block of lines; raises as ``words`` does."""
    return _read(page, dpi, _ONE_BLOCK, timeout)


def _read(page: Image.Image, dpi: float, segmentation: int, timeout: float) -> list[Word]:
    library = tesslibrary.opened(LANGUAGE)
    if library is None:
        return words_of_program(page, dpi, segmentation, timeout)
    return library.read(page, dpi, segmentation, timeout, **_SETTINGS)


def words_of_program(
    page: Image.Image, dpi: float, segmentation: int, timeout: float
) -> list[Word]:
    """Return what the program reads, in a page segmentation mode of its; raises as ``words``."""
    settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    with tempfile.TemporaryDirectory(prefix="digitizer-words-") as folder:
        image, prefix = Path(folder, "page.pgm"), Path(folder, "page")
        page.save(image)
        settings = f"--psm {segmentation} --dpi {round(dpi)} -c tessedit_create_tsv=1 {settings}"
        _run(image, prefix, "tsv", settings, LANGUAGE, timeout)
        return wordtable.read(prefix.with_suffix(".tsv"))


def legible_letters(page: Image.Image, dpi: float, timeout: float) -> int:
    """Return how many letters of an 8-bit grey ``page`` are read with some confidence, in words
    of more than one letter: many where it is upright, next to none where it is not.

    Read as one block: a layout of its own finds text that runs down the page, and turns it.

    Raises:
        ToolMissing: Tesseract or its Vietnamese data is not installed.
        ProgramTimeout, ProgramCrashed: as they say.
    """
    found = (word for word in block(page, dpi, timeout) if word.confidence >= _LEGIBLE)
    return sum(len(word.text) for word in found if len(word.text) > 1 and word.text.isalpha())


class _TooFewCharacters(Exception):
    """Tesseract saw too little to tell an orientation."""


def _run(
    image: Path, prefix: Path, outputs: str, settings: str, language: str, timeout: float
) -> None:
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        pytesseract.run_tesseract(
            str(image), str(prefix), outputs, language, settings, timeout=timeout
        )
    except pytesseract.TesseractNotFoundError as error:
        raise ToolMissing("tesseract") from error
    except pytesseract.TesseractError as error:
        # The words are Tesseract's, met here at the edge and nowhere else.
        if "Too few characters" in error.message:
            raise _TooFewCharacters from error
        if "loading" in error.message and "tessdata" in error.message:
            raise ToolMissing(f"tesseract language data '{language}'") from error
        raise ProgramCrashed(f"tesseract, exit {error.status}") from error
    except RuntimeError as error:
        raise ProgramTimeout("tesseract") from error
    except OSError as error:
        raise ProgramCrashed("tesseract, not started") from error
