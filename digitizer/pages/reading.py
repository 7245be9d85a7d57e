"""Reads one page image: size, resolution, blank, turn, skew, codes.

A program (``python -m digitizer.pages.reading FILE``) run by the local lane and by ``inspect``;
it prints its ``Reading`` as JSON. Knows no dossier and no identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from digitizer import programs
from digitizer.boxes import Box
from digitizer.model import BlankReason, Reading
from digitizer.pages import blank, codes, ink, look, pose, raster, resolution

_MEASURE_DPI = 100.0
_CLOSE_DPI = 150.0
_CODES_DPI = 300.0
_DRAFT_SLACK = 1.02


@dataclass(frozen=True, slots=True)
class Scan:
    """A page image decoded once, for every measure and for OCR.

    Attributes:
        page: 8-bit grey; may be smaller than the image where that was larger than needed.
        width, height: Pixels of the image as stored.
        resolution: Of the image as stored.
        exif_turn: Degrees clockwise by the file's EXIF.
    """

    page: Image.Image
    width: int
    height: int
    resolution: resolution.Resolution
    exif_turn: int


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
        return Scan(raster.grey(image, enough), width, height, found, turn)


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
    why = _blank_reason(scan, contrast)
    lies, seen = pose.Pose(scan.exif_turn, 0.0, 0.0), ""
    if why is None:
        inked = contrast >= pose.INK
        lies = pose.find(lambda dpi: _at(scan, dpi), scan.exif_turn, inked, _MEASURE_DPI)
        seen = look.of(raster.levelled(_at(scan, _MEASURE_DPI), lies.turn, lies.skew))
    return Reading(
        width=scan.width,
        height=scan.height,
        dpi_x=scan.resolution.x,
        dpi_y=scan.resolution.y,
        blank=why is not None,
        ink=blank.ink_fraction(contrast, _MEASURE_DPI),
        turn=lies.turn,
        skew=lies.skew,
        codes=codes.find(scan.page),
        look=seen,
        blank_reason=why,
        turn_confidence=lies.confidence,
    )


def _blank_reason(scan: Scan, contrast: ink.Levels) -> BlankReason | None:
    if blank.plainly_written(contrast, _MEASURE_DPI):
        return None
    fine = ink.contrast(_at(scan, _CLOSE_DPI))
    return blank.judge(fine, np.zeros(fine.shape, dtype=np.bool_), _CLOSE_DPI).reason


def _at(scan: Scan, dpi: float) -> Image.Image:
    """Return the page at ``dpi`` both ways."""
    size = (
        max(8, round(scan.width * dpi / scan.resolution.x)),
        max(8, round(scan.height * dpi / scan.resolution.y)),
    )
    return scan.page.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def levelled(scan: Scan, turn: int, skew: float, box: Box | None, dpi: float) -> Image.Image:
    """Return the page upright, level and cropped, 8-bit grey at ``dpi`` both ways.

    Args:
        scan: The page.
        turn: 0, 90, 180 or 270 degrees clockwise.
        skew: Further degrees clockwise.
        box: The part of the level image that is the page; None: all of it.
        dpi: Dots per inch wanted.
    """
    if box is None:
        across, down = scan.width / scan.resolution.x, scan.height / scan.resolution.y
        across, down = (across, down) if turn in (0, 180) else (down, across)
        size = (max(8, round(across * dpi)), max(8, round(down * dpi)))
        return raster.levelled(scan.page, turn, skew, size)
    page = _at(scan, dpi)
    scale = (page.width / scan.width, page.height / scan.height)
    return raster.cropped(page, turn, skew, box, scale)


def main(argv: list[str]) -> Any:
    """Run the program: ``FILE`` → the reading as JSON."""
    (file,) = argv
    return read(Path(file)).to_json()


if __name__ == "__main__":
    programs.serve(main)
