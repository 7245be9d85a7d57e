"""Ink: which pixels of a page differ from its paper. The ground that blank, turn and skew stand on.

PURE. Called by the measures of this package. Arrays are indexed [row, column] from the top left.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Mask = NDArray[np.bool_]
Levels = NDArray[np.float32]

_PAPER_CELL = 12


def contrast(page: Image.Image) -> Levels:
    """Return how much darker than the paper around it each pixel is, 0 to 1.

    The paper is followed over the page, so that colour, shadows and yellowing do not count.

    Args:
        page: 8-bit grey, at 75 to 150 dpi.
    """
    width, height = page.size
    cells = (max(1, width // _PAPER_CELL), max(1, height // _PAPER_CELL))
    # The lightest neighbourhood of a cell is paper unless the cell lies in a large dark area.
    paper = page.resize(cells, Image.Resampling.BOX).filter(ImageFilter.MaxFilter(5))
    paper = paper.filter(ImageFilter.GaussianBlur(2)).resize(page.size, Image.Resampling.BILINEAR)
    light = np.asarray(paper, dtype=np.float32)
    dark = np.asarray(page, dtype=np.float32)
    out: Levels = np.clip((light - dark) / np.maximum(light, 32.0), 0.0, 1.0)
    return out


def without_rules(ink: Mask, longest: int) -> Mask:
    """Return ``ink`` without its runs longer than ``longest`` pixels, across or down.

    Form rules, page edges and dark borders go; letters stay.
    """
    return ink & ~_long_runs(ink, longest) & ~_long_runs(ink.T, longest).T


def _long_runs(ink: Mask, longest: int) -> Mask:
    """Mark the pixels of every horizontal run longer than ``longest``."""
    out = np.zeros_like(ink)
    padded = np.zeros((ink.shape[0], ink.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = ink
    # One long line of all rows: the two empty columns keep runs of different rows apart.
    steps = np.diff(padded.ravel())
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    long = ends - starts > longest
    for start, end in zip(starts[long], ends[long], strict=True):
        row, column = divmod(int(start), padded.shape[1])
        out[row, column : column + int(end - start)] = True
    return out
