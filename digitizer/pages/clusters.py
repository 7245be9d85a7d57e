"""Marked pixels that stand close together, as boxes.

PURE. Called by what looks for regions of a page: a second look, seals.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from digitizer.pages.ink import Mask


class Patch(Struct, frozen=True):
    """The box of a cluster, in pixels from the top left, and how many cells of it are marked."""

    left: int
    top: int
    width: int
    height: int
    cells: int


def find(mask: Mask, cell: int, least: float) -> list[Patch]:
    """Return the clusters of ``mask``.

    Args:
        mask: Pixels, as [row, column].
        cell: Side in pixels of the square cells that are looked at instead; those that stand at
            most one unmarked cell apart belong together.
        least: The part of a cell's pixels that makes it marked.
    """
    rows, columns = mask.shape[0] // cell, mask.shape[1] // cell
    cut = mask[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell)
    labels = _labels(cut.mean(axis=(1, 3)) >= least)
    out = []
    for label in np.unique(labels[labels > 0]):
        down, across = np.nonzero(labels == label)
        top, left = int(down.min()), int(across.min())
        height, width = int(down.max()) - top + 1, int(across.max()) - left + 1
        out.append(Patch(left * cell, top * cell, width * cell, height * cell, down.size))
    return out


def _labels(cells: Mask) -> NDArray[np.int64]:
    """Return a number for every set cell, the same for all of a cluster, 0 elsewhere."""
    labels = np.where(cells, np.arange(1, cells.size + 1).reshape(cells.shape), 0)
    while True:
        spread = labels.copy()
        for _ in range(2):
            for grid in (spread, spread.T):
                before = grid.copy()
                grid[1:] = np.maximum(grid[1:], before[:-1])
                grid[:-1] = np.maximum(grid[:-1], before[1:])
        spread = np.where(cells, spread, 0)
        if np.array_equal(spread, labels):
            return labels
        labels = spread
