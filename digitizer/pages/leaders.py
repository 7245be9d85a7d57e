"""Dot leaders: the dotted lines of forms, taken out of the raster that OCR sees.

PURE. Called by OCR alone: the page image keeps them. Tesseract takes a dotted line for a picture
or a table and loses the words above it; half of a filled Vietnamese form may go that way.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from digitizer.pages import ink
from digitizer.pages.ink import Levels, Mask

_DOT_MM, _CLEAR_MM = 0.75, 0.4
_WINDOW_MM, _DOTS_IN_WINDOW = 8.0, 6
_INK = 0.12
_RIM = 2
_FEWEST_PIXELS = 300


def erased(page: Image.Image, levels: Levels, dpi: float) -> Image.Image:
    """Return the 8-bit grey, level ``page`` without its dot leaders.

    Args:
        page: At about 150 to 300 dpi. Returned itself where it has none.
        levels: Its contrast.
        dpi: Its resolution.
    """
    inked = levels >= _INK
    largest = max(2, round(_DOT_MM / 25.4 * dpi))
    small = ink.without_rules(inked, largest)
    if not _dense(small, dpi).any():
        return page
    # The round ends of small letters stand as close as dots do, but a letter's body is near.
    small &= ~_grown(inked & ~small, max(1, round(_CLEAR_MM / 25.4 * dpi)))
    dots = _dense(small, dpi)
    if np.count_nonzero(dots) < _FEWEST_PIXELS:
        return page
    mask = Image.fromarray((_grown(dots, _RIM) * 255).astype(np.uint8))
    cleaned = page.copy()
    cleaned.paste(255, (0, 0), mask)
    return cleaned


def _dense(small: Mask, dpi: float) -> Mask:
    """Return the dots that have many others beside them on their row."""
    window = round(_WINDOW_MM / 25.4 * dpi)
    starts = small.copy()
    starts[:, 1:] &= ~small[:, :-1]
    counted = np.cumsum(starts, axis=1, dtype=np.int32)
    width = small.shape[1]
    rows, places = np.nonzero(small)
    here = counted[rows, places]
    left = here - counted[rows, np.maximum(places - window, 0)]
    right = counted[rows, np.minimum(places + window, width - 1)] - here
    enough = np.maximum(left, right) >= _DOTS_IN_WINDOW - 1
    dense = np.zeros_like(small)
    dense[rows[enough], places[enough]] = True
    return dense


def _grown(mask: Mask, reach: int) -> Mask:
    """Return ``mask`` with every pixel spread ``reach`` pixels each way."""
    grown = mask.copy()
    for step in range(1, reach + 1):
        grown[:, step:] |= mask[:, :-step]
        grown[:, :-step] |= mask[:, step:]
    before = grown.copy()
    for step in range(1, reach + 1):
        grown[step:] |= before[:-step]
        grown[:-step] |= before[step:]
    return grown
