"""Identity cards on a page: tinted paper as large as a card, on paper of another colour.

PURE. Called by ``bundle.layers``: a card has print over a tint and a portrait, whose dark parts are
no line work. It stays a picture as a whole.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitizer.pages import clusters

_TINTED = 10
"""Levels, of 255, that a card's ground differs from the page's at least, in any colour."""
_AREA_MM2 = (3800.0, 5400.0)
"""A card has 85.6 x 54 mm, and what is seen of it may be half a cell more or less all around."""
_SIDES_MM = (48.0, 105.0)
_FILLED = 0.65
"""Of the box around one that lies askew."""


def find(paper: Image.Image, cell_mm: float) -> NDArray[np.bool_]:
    """Mark the cells of a page that belong to a card.

    Args:
        paper: The colour of the paper in each cell, 8-bit grey or RGB.
        cell_mm: How wide and high a cell is.
    """
    levels = np.asarray(paper, dtype=np.int16).reshape(paper.height, paper.width, -1)
    tinted = np.abs(levels - np.median(levels, axis=(0, 1))).max(axis=2) >= _TINTED
    found = np.zeros(tinted.shape, dtype=np.bool_)
    for patch in clusters.find(tinted, 1, 1.0):
        across, down = patch.width * cell_mm, patch.height * cell_mm
        sized = _SIDES_MM[0] <= min(across, down) and max(across, down) <= _SIDES_MM[1]
        area = patch.cells * cell_mm**2
        filled = patch.cells >= _FILLED * patch.width * patch.height
        if sized and filled and _AREA_MM2[0] <= area <= _AREA_MM2[1]:
            rows = slice(patch.top, patch.top + patch.height)
            found[rows, patch.left : patch.left + patch.width] = True
    return found
