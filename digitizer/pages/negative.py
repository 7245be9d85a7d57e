"""Light print on a dark ground, turned into dark print on a light one.

PURE. Called by reading for the look at how a page lies, and by OCR: both go by ink that is darker
than its paper. A folder's blue cover and a negative are turned about; of white slips on a dark lid
only the lid is. The page image stays as it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

_DARK = 128
"""The grey level below which a page's middle level, and the ground of a place on it, is dark."""
_APART = 40
"""Grey levels that print differs from its ground at least."""
_CLEARLY = 3
"""So many times as much print is darker than its dark ground where that is only brown paper."""
_CELL_MM, _AROUND_CELLS = 1.5, 7
_LEAST_LIGHT = 0.0004
"""The share of a dark page that is light where there is anything on it: two lines of print."""


def bears_light(page: Image.Image) -> bool:
    """Tell whether there is anything lighter on a dark ``page`` (8-bit grey, its paper alone)."""
    levels = np.asarray(page)
    return float((levels >= np.median(levels) + _APART).mean()) >= _LEAST_LIGHT


def righted(page: Image.Image, dpi: float) -> Image.Image:
    """Return ``page`` (8-bit grey) with light print on its dark ground inverted.

    It is returned itself where most of it is light, and where print on the dark is darker still.
    """
    levels = np.asarray(page)
    if np.median(levels) >= _DARK:
        return page
    cell = max(1.0, _CELL_MM / 25.4 * dpi)
    cells = (max(1, round(page.width / cell)), max(1, round(page.height / cell)))
    ground = page.resize(cells, Image.Resampling.BOX).filter(
        ImageFilter.MedianFilter(_AROUND_CELLS)
    )
    around = _enlarged(ground, page)
    # What lies at the end of a light sheet tells nothing about print on the dark beside it.
    within = _enlarged(ground.filter(ImageFilter.MaxFilter(_AROUND_CELLS)), page) < _DARK
    apart = (levels - around)[within]
    darker, lighter = np.count_nonzero(apart <= -_APART), np.count_nonzero(apart >= _APART)
    if darker > _CLEARLY * lighter + _LEAST_LIGHT * levels.size:
        return page
    return Image.fromarray(np.where(around < _DARK, 255 - levels, levels))


def _enlarged(cells: Image.Image, page: Image.Image) -> NDArray[np.int16]:
    return np.asarray(cells.resize(page.size, Image.Resampling.BILINEAR), dtype=np.int16)
