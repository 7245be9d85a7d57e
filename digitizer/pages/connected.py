"""Marked pixels that touch each other: a frame apart from what stands in it.

PURE. Called by the look for stamps; ``clusters`` is for what only stands close together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.pages.ink import Mask

Points = NDArray[np.float64]
"""Pixels as rows of across and down, from the top left."""


def find(mask: Mask, least: int) -> list[Points]:
    """Return the pixels of each part of ``mask`` (indexed [row, column]) whose pixels touch, also
    at their corners, and that reaches over at least ``least`` pixels across or down.

    Runs along the rows are joined, each with those of the row above that it touches, all at once.
    """
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    edges = np.diff(padded, axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    if rows.size == 0:
        return []
    parts = _joined(rows, starts, ends, mask.shape[1] + 2)
    out = []
    for members in _by_part(parts):
        across = ends[members].max() - starts[members].min()
        down = rows[members].max() - rows[members].min() + 1
        if max(across, down) >= least:
            out.append(_pixels(rows[members], starts[members], ends[members]))
    return out


def _joined(
    rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64], width: int
) -> NDArray[np.int64]:
    """Return for each run the number of its part."""
    # Those of the row above that begin before this one's end and end after its start.
    first = np.searchsorted(rows * width + ends, (rows - 1) * width + starts, side="left")
    last = np.searchsorted(rows * width + starts, (rows - 1) * width + ends, side="right")
    counts = np.maximum(last - first, 0)
    below = np.repeat(np.arange(rows.size), counts)
    above = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    above += np.repeat(first, counts)
    parts = np.arange(rows.size)
    while True:
        before = parts.copy()
        low = np.minimum(parts[below], parts[above])
        np.minimum.at(parts, below, low)
        np.minimum.at(parts, above, low)
        parts = parts[parts]
        if np.array_equal(parts, before):
            return parts


def _by_part(parts: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    order = np.argsort(parts, kind="stable")
    return np.split(order, np.nonzero(np.diff(parts[order]))[0] + 1)


def _pixels(rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Points:
    lengths = ends - starts
    across = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths - starts, lengths)
    return np.column_stack([across, np.repeat(rows, lengths)]).astype(np.float64)
