"""Reads one page image: size, resolution, blank, turn, skew, codes.

A program (``python -m digitizer.pages.reading FILE``) run by the local lane and by ``inspect``;
it prints its ``Reading`` as JSON. Knows no dossier and no identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from digitizer import programs
from digitizer.errors import ToolMissing
from digitizer.model import Reading
from digitizer.pages import blank, codes, ink, level, look, raster, resolution, tesseract, upright

_MEASURE_DPI = 100.0
_BALANCE_DPI = (100.0, 150.0)
_CODES_DPI = 300.0
_INK = 0.25
_RULE_INCHES = 0.5
_LINES_EITHER_WAY = 1.6
_SHARP = 3.0
_UPRIGHT_CERTAINTY, _TURNED_CERTAINTY, _SOME_CERTAINTY = 2.5, 3.5, 1.0
_LEAN_THAT_MATTERS = 0.4
_OSD_DPI = 300.0
_OSD_CONFIDENCE, _OSD_CONFIDENCE_AGREEING = 3.0, 1.0
_OSD_SECONDS = 30.0
_DRAFT_SLACK = 1.02


@dataclass(frozen=True, slots=True)
class Scan:
    """A page image decoded once, for every measure and for OCR.

    Attributes:
        page: 8-bit grey; may be smaller than the image where that was larger than needed.
        width, height: Pixels of the image as stored.
        resolution: Of the image as stored.
        exif_turn: Degrees clockwise by the file's EXIF.
        file: Where it came from.
    """

    page: Image.Image
    width: int
    height: int
    resolution: resolution.Resolution
    exif_turn: int
    file: Path


def decode(path: Path) -> Scan:
    """Decode the image at ``path`` once. Raises what ``raster.opened`` raises."""
    with raster.opened(path) as image:
        width, height = image.size
        found = resolution.of_image(image)
        enough = (
            round(width * min(1.0, _CODES_DPI / found.x) / _DRAFT_SLACK),
            round(height * min(1.0, _CODES_DPI / found.y) / _DRAFT_SLACK),
        )
        turn = raster.exif_turn(image)
        return Scan(raster.grey(image, enough), width, height, found, turn, path)


def read(path: Path) -> Reading:
    """Read the page image at ``path``.

    Raises:
        FileMissing, FileEmpty, FileUnreadable, ImageTooLarge: from the file.
        ToolMissing, ProgramTimeout, ProgramCrashed: from Tesseract, asked only in doubt.
    """
    return measure(decode(path))


def measure(scan: Scan) -> Reading:
    """Measure a decoded page."""
    contrast = ink.contrast(_at(scan, _MEASURE_DPI))
    emptiness = blank.judge(contrast, _MEASURE_DPI)
    turn, skew, seen = scan.exif_turn, 0.0, ""
    if not emptiness.blank:
        turn, skew = _geometry(scan, contrast >= _INK)
        seen = look.of(raster.levelled(_at(scan, _MEASURE_DPI), turn, skew))
    return Reading(
        width=scan.width,
        height=scan.height,
        dpi_x=scan.resolution.x,
        dpi_y=scan.resolution.y,
        blank=emptiness.blank,
        ink=emptiness.ink,
        turn=turn,
        skew=skew,
        codes=codes.find(scan.page, contrast, _MEASURE_DPI, scan.file),
        look=seen,
    )


def _at(scan: Scan, dpi: float) -> Image.Image:
    """Return the page at ``dpi`` both ways."""
    size = (
        max(8, round(scan.width * dpi / scan.resolution.x)),
        max(8, round(scan.height * dpi / scan.resolution.y)),
    )
    return scan.page.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def _geometry(scan: Scan, inked: ink.Mask) -> tuple[int, float]:
    """Return turn and skew of a page that is not blank."""
    text = ink.without_rules(inked, round(_RULE_INCHES * _MEASURE_DPI))
    across, down = level.lean(text), level.lean(text.T)
    best = max(across, down, key=lambda lean: lean.strength)
    if best.sharpness < _SHARP:
        return _asked(scan, (0, 90, 180, 270)), 0.0
    clear = best.strength >= _LINES_EITHER_WAY * min(across.strength, down.strength)
    # Lines that run down the stored image run across the image turned by 90 degrees, and lean
    # the other way, because transposing mirrors.
    sideways = best is down
    skew = -down.angle if sideways else across.angle
    if not clear:
        turn = _asked(scan, (0, 90, 180, 270))
        return turn, -down.angle if turn in (90, 270) else across.angle
    choices = (90, 270) if sideways else (0, 180)
    certainty = _certainty(scan, choices[0], skew)
    if certainty >= (_TURNED_CERTAINTY if choices[0] else _UPRIGHT_CERTAINTY):
        return choices[0], skew
    if certainty <= -_TURNED_CERTAINTY:
        return choices[1], skew
    leaning = choices[0] if certainty > 0 else choices[1]
    return _asked(scan, choices, leaning if abs(certainty) >= _SOME_CERTAINTY else None), skew


def _certainty(scan: Scan, turn: int, skew: float) -> float:
    """Return how surely the page is upright after ``turn``, in standard errors."""
    # Short pieces of lines are weighed, so that a small lean does not matter.
    lean = skew if abs(skew) >= _LEAN_THAT_MATTERS else 0.0
    found = []
    for dpi in _BALANCE_DPI:
        inked = ink.contrast(raster.levelled(_at(scan, dpi), turn, lean)) >= _INK
        text = ink.without_rules(inked, round(_RULE_INCHES * dpi))
        found.append(upright.balance(text, dpi).certainty)
    return sum(found) / len(found)


def _asked(scan: Scan, choices: tuple[int, ...], leaning: int | None = None) -> int:
    """Ask Tesseract; below its confidence believe the file's EXIF, which mostly says 0.

    Args:
        scan: The page.
        choices: What may be answered.
        leaning: What the lines themselves say, not surely enough: two weak voices that agree
            are enough.
    """
    try:
        said = tesseract.orientation(_at(scan, _OSD_DPI), _OSD_DPI, _OSD_SECONDS)
    except ToolMissing:
        return scan.exif_turn
    enough = _OSD_CONFIDENCE_AGREEING if said.turn == leaning else _OSD_CONFIDENCE
    if said.confidence >= enough and said.turn in choices:
        return said.turn
    return scan.exif_turn


def main(argv: list[str]) -> Any:
    """Run the program: ``FILE`` → the reading as JSON."""
    (file,) = argv
    return read(Path(file)).to_json()


if __name__ == "__main__":
    programs.serve(main)
