"""The one door to Tesseract: orientation, and words with their text layer.

Called by reading and OCR. Passes files, never arrays, one thread each; converts its troubles to
rows of the error table.
"""

from __future__ import annotations

import csv
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from pytesseract import pytesseract

from digitizer.errors import ProgramCrashed, ProgramTimeout, ToolMissing

_LEGIBLE = 75.0
LANGUAGE = "vie"
"""Alone: a second language drops Vietnamese diacritics (OCRmyPDF issue 1595)."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """``turn``: degrees clockwise to upright; ``confidence``: Tesseract's own, 0 for none."""

    turn: int
    confidence: float


def orientation(page: Image.Image, dpi: float, timeout: float) -> Orientation:
    """Ask Tesseract which way up an 8-bit grey ``page`` is.

    A page with too few characters, or one that brings it down, gives confidence 0.
    """
    with tempfile.TemporaryDirectory(prefix="digitizer-osd-") as folder:
        image = Path(folder, "page.pgm")
        page.save(image)
        try:
            _run(image, Path(folder, "page"), "osd", f"--psm 0 --dpi {round(dpi)}", "osd", timeout)
        except (_TooFewCharacters, ProgramCrashed, ProgramTimeout):
            return Orientation(0, 0.0)
        answer = Path(folder, "page.osd").read_text(encoding="utf-8")
    fields = dict(line.split(": ", 1) for line in answer.splitlines() if ": " in line)
    return Orientation(
        int(fields.get("Rotate", "0")), float(fields.get("Orientation confidence", "0"))
    )


def words(image: Path, prefix: Path, dpi: float, timeout: float) -> None:
    """Read the levelled grey ``image``: one run writes ``<prefix>.tsv`` and ``<prefix>.pdf``.

    The PDF holds invisible text only; its page is exactly the image at ``dpi``.

    Raises:
        ToolMissing: Tesseract or its Vietnamese data is not installed.
        ProgramTimeout, ProgramCrashed: as they say.
    """
    _run(image, prefix, "tsv pdf", f"{_settings(dpi)} -c textonly_pdf=1", LANGUAGE, timeout)


def block(image: Path, prefix: Path, dpi: float, timeout: float) -> None:
    """Read ``image`` as one block of lines into ``<prefix>.tsv``; raises as ``words`` does."""
    _run(image, prefix, "tsv", f"--psm 6 {_settings(dpi)}", LANGUAGE, timeout)


def _settings(dpi: float) -> str:
    # Without the last, every line it is unsure of is read again as white on black.
    return f"--dpi {round(dpi)} -c tessedit_create_tsv=1 -c invert_threshold=0"


def legible_letters(page: Image.Image, dpi: float, timeout: float) -> int:
    """Return how many letters of an 8-bit grey ``page`` are read with some confidence, in words
    of more than one letter: many where it is upright, next to none where it is not.

    Raises:
        ToolMissing: Tesseract or its Vietnamese data is not installed.
        ProgramTimeout, ProgramCrashed: as they say.
    """
    with tempfile.TemporaryDirectory(prefix="digitizer-legible-") as folder:
        image, prefix = Path(folder, "page.pgm"), Path(folder, "page")
        page.save(image)
        settings = f"--dpi {round(dpi)} -c tessedit_create_tsv=1"
        _run(image, prefix, "tsv", settings, LANGUAGE, timeout)
        table = prefix.with_suffix(".tsv").read_text(encoding="utf-8")
    letters = 0
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        word = (row["text"] or "").strip()
        if float(row["conf"]) >= _LEGIBLE and len(word) > 1 and word.isalpha():
            letters += len(word)
    return letters


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
