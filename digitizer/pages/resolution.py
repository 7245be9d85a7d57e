"""How large a page is on paper: dots per inch from a file's metadata, or a sane guess.

PURE but for the Pillow image it is asked about. Called by reading and intake.
"""

from __future__ import annotations

from msgspec import Struct
from PIL import Image

_LOWEST, _HIGHEST = 50.0, 2450.0
_LONGEST_INCHES, _LONGEST_SURE_INCHES = 60.0, 18.0
_SCREEN_DPI = 97.0
_USUAL = (300, 200, 150, 600, 400, 240, 100, 75, 1200)
_PAPERS_MM = ((210.0, 297.0), (148.0, 210.0), (215.9, 279.4), (297.0, 420.0), (85.6, 53.98))
_A4_LONG_INCHES = 297.0 / 25.4
_TOLERANCE = 0.02


class Resolution(Struct, frozen=True):
    """Dots per inch across and down."""

    x: float
    y: float


def of_image(image: Image.Image) -> Resolution:
    """Return the resolution that ``image`` states, or guess it where it is missing or absurd."""
    width, height = image.size
    stated = image.info.get("dpi")
    try:
        x, y = (float(stated[0]), float(stated[1])) if stated else (0.0, 0.0)
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        x = y = 0.0
    # Formats that count dots per metre or centimetre state 199.9996 for 200.
    x, y = (float(round(v)) if abs(v - round(v)) < 0.03 else v for v in (x, y))
    if _plausible(width, height, x, y):
        return Resolution(x, y)
    return guess(width, height)


def _plausible(width: int, height: int, x: float, y: float) -> bool:
    if not (_LOWEST <= x <= _HIGHEST and _LOWEST <= y <= _HIGHEST and 0.4 <= x / y <= 2.5):
        return False
    longest = max(width / x, height / y)
    # Cameras and editors write 72 or 96 into everything: believed only for a page-sized page.
    return longest <= (_LONGEST_SURE_INCHES if max(x, y) < _SCREEN_DPI else _LONGEST_INCHES)


def guess(width: int, height: int) -> Resolution:
    """Guess from the pixels alone: a known paper at a usual resolution, else an A4's length."""
    short, long = sorted((width, height))
    for dpi in _USUAL:
        for paper in _PAPERS_MM:
            paper_short, paper_long = (side / 25.4 * dpi for side in sorted(paper))
            if (
                abs(short / paper_short - 1) <= _TOLERANCE
                and abs(long / paper_long - 1) <= _TOLERANCE
            ):
                return Resolution(float(dpi), float(dpi))
    dpi_a4 = min(max(long / _A4_LONG_INCHES, _LOWEST), 1200.0)
    return Resolution(round(dpi_a4, 2), round(dpi_a4, 2))
