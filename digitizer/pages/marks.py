"""Marks: the connected patches of ink on a page, with what tells one kind from another.

PURE. Called by blank. Nothing here knows what a mark means.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from digitizer.pages.ink import Levels, Mask


class Mark(Struct, frozen=True):
    """A connected patch of ink. Lengths in pixels, places from the top left.

    Attributes:
        top, left: Its first row and column.
        bottom, right: The row and column after its last.
        area: Its pixels.
        peak: The strongest value of it.
        sharpest: The strongest value of it in the second picture that ``found`` was given.
        crispness: What the second picture has of it, as a share of the first.
    """

    top: int
    left: int
    bottom: int
    right: int
    area: int
    peak: float
    sharpest: float
    crispness: float

    @property
    def height(self) -> int:
        """Rows it spans."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Columns it spans."""
        return self.right - self.left


def found(mask: Mask, levels: Levels, sharpness: Levels) -> list[Mark]:
    """Return the 8-connected patches of ``mask``.

    Args:
        mask: Which pixels count.
        levels, sharpness: Two values of each pixel, whose peaks a mark keeps.
    """
    rows, starts, ends = _runs(mask)
    if rows.size == 0:
        return []
    label = _labels(mask.shape[0], rows, starts, ends)
    count = int(label.max()) + 1
    tops, lefts = np.full(count, mask.shape[0]), np.full(count, mask.shape[1])
    bottoms, rights, areas = (np.zeros(count, np.int64) for _ in range(3))
    peaks, sharpest = np.zeros(count), np.zeros(count)
    np.minimum.at(tops, label, rows)
    np.minimum.at(lefts, label, starts)
    np.maximum.at(bottoms, label, rows + 1)
    np.maximum.at(rights, label, ends)
    np.add.at(areas, label, ends - starts)
    pixels = np.repeat(label, ends - starts)  # one for each set pixel, in the mask's own order
    np.maximum.at(peaks, pixels, levels[mask])
    np.maximum.at(sharpest, pixels, sharpness[mask])
    crisp = np.bincount(pixels, sharpness[mask], count) / np.bincount(pixels, levels[mask], count)
    return [
        Mark(int(t), int(le), int(b), int(r), int(a), float(p), float(s), float(c))
        for t, le, b, r, a, p, s, c in zip(
            tops, lefts, bottoms, rights, areas, peaks, sharpest, crisp, strict=True
        )
    ]


def _labels(
    height: int, rows: NDArray[np.intp], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return the number of its patch, from 0, for every run."""
    parent = list(range(rows.size))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    bounds = np.searchsorted(rows, np.arange(height + 1)).tolist()
    first, last = starts.tolist(), ends.tolist()
    for row in range(1, height):
        above, above_end = bounds[row - 1], bounds[row]
        for index in range(above_end, bounds[row + 1]):
            while above < above_end and last[above] < first[index]:
                above += 1
            probe = above
            while probe < above_end and first[probe] <= last[index]:
                parent[root(index)] = root(probe)
                probe += 1
    roots = np.array([root(index) for index in range(rows.size)])
    numbered: NDArray[np.intp] = np.unique(roots, return_inverse=True)[1]
    return numbered


def _runs(mask: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return row, first column and column after the last of every horizontal run."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    return rows, starts, ends
