"""What Tesseract sees of a page: 8-bit grey, upright and level, no finer than its letters need.

PURE. Called by OCR alone: the page image and what a bundle holds of it stay as they are.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from PIL import Image, ImageFilter

from digitizer.boxes import Box
from digitizer.pages import ink, leaders, negative, raster, reading, upright
from digitizer.pages.ink import Mask

_PLAIN_DPI, _FORM_DPI, _FINEST_DPI = 150.0, 200.0, 300.0
_WELL_READ_PIXELS = 10.5
"""Small letters of this height read as well as larger ones, and a third faster than at twice it.
Measured on real and rendered pages: 150 dpi is enough for 12 points, 8 points want 220."""
_INK, _RULE_INCHES = 0.25, 0.5
_SOFTENED_INCHES = 0.0025
_WHITE = 255
_SKEW_THAT_MATTERS = 0.05
"""Degrees; turning by less would only blur the letters."""


class Raster(Struct, frozen=True):
    """The pixels, without dot leaders, their resolution, and which of them are ink of letters:
    neither paper nor rule."""

    image: Image.Image
    dpi: float
    inked: Mask


def of(scan: reading.Scan, turn: int, skew: float, box: Box | None = None) -> Raster:
    """Return the page at the lowest resolution at which its letters read well.

    Args:
        scan: The page.
        turn: 0, 90, 180 or 270 degrees clockwise.
        skew: Further degrees clockwise.
        box: The part of the level image that is the page; None: all of it.
    """
    image = _levelled(scan, turn, skew, box, _PLAIN_DPI)
    levels = ink.contrast(image)
    text = ink.without_rules(levels >= _INK, round(_RULE_INCHES * _PLAIN_DPI))
    height = upright.letter_height(text, _PLAIN_DPI) or _WELL_READ_PIXELS
    cleaned = leaders.erased(image, levels, _PLAIN_DPI)
    dpi = min(max(_PLAIN_DPI * _WELL_READ_PIXELS / height, _PLAIN_DPI), _FINEST_DPI)
    if cleaned is not image:
        dpi = max(dpi, _FORM_DPI)
    if round(dpi) <= _PLAIN_DPI:
        return _cleared(cleaned, _PLAIN_DPI, text)
    dpi = float(round(dpi))
    image = _levelled(scan, turn, skew, box, dpi)
    levels = ink.contrast(image)
    text = ink.without_rules(levels >= _INK, round(_RULE_INCHES * dpi))
    return _cleared(leaders.erased(image, levels, dpi), dpi, text)


def _cleared(image: Image.Image, dpi: float, inked: Mask) -> Raster:
    """Return the raster, its ink without what was erased: that is white, as no ink is."""
    return Raster(raster.whitened(image), dpi, inked & (np.asarray(image) < _WHITE))


def _levelled(
    scan: reading.Scan, turn: int, skew: float, box: Box | None, dpi: float
) -> Image.Image:
    """Return the page at ``dpi``. Softened first: black-and-white scans have hard stairs at their
    edges, and Tesseract was taught on grey."""
    page = scan.page
    pixels_an_inch = page.width / (scan.width / scan.resolution.x)
    if _two_toned(page):
        page = page.filter(ImageFilter.GaussianBlur(_SOFTENED_INCHES * pixels_an_inch))
    size = (
        max(8, round(scan.width / scan.resolution.x * dpi)),
        max(8, round(scan.height / scan.resolution.y * dpi)),
    )
    if size != page.size:
        page = page.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    if box is None:
        return negative.righted(raster.levelled(page, turn, skew), dpi)
    scale = (page.width / scan.width, page.height / scan.height)
    level = skew if abs(skew) >= _SKEW_THAT_MATTERS else 0.0
    return negative.righted(raster.cropped(page, turn, level, box, scale), dpi)


def _two_toned(page: Image.Image) -> bool:
    """Tell whether nearly all pixels are black or white: a scan in lineart."""
    counts = page.histogram()
    return sum(counts[:8]) + sum(counts[-8:]) >= 0.97 * sum(counts)
