"""Blank or not: is there anything on this side that somebody put there.

PURE. Called by reading. Built to err towards "not blank": a page number, a lone stamp or a faint
line of a pencil is content; specks, the outer margin, punch holes, streaks of a dirty glass and
what shines through from the other side are not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer.pages.ink import Levels, Mask

FAINT, FIRM = 0.16, 0.30
_MARGIN_MM = 4.0
_PLAINLY_WRITTEN = 0.006
_MARK_MM, _MARK_AREA_MM2 = 1.4, 0.35
_HOLE_MM = (4.0, 8.5)
_HOLE_ZONE_MM = 20.0
_STREAK_WIDTH_MM, _STREAK_LENGTH_MM = 0.8, 60.0


@dataclass(frozen=True, slots=True)
class Emptiness:
    """``ink``: the fraction of the page inside its margins that is inked, 0 to 1."""

    blank: bool
    ink: float


def judge(contrast: Levels, dpi: float) -> Emptiness:
    """Judge a page by its contrast (at about 100 dpi)."""
    margin = round(_MARGIN_MM / 25.4 * dpi)
    inside = contrast[margin:-margin, margin:-margin]
    if min(inside.shape, default=0) < 2 * margin or inside.size == 0:
        inside = contrast
    firm = inside >= FIRM
    fraction = round(float(firm.mean()), 5)
    if fraction > _PLAINLY_WRITTEN and _spread(firm):
        return Emptiness(False, fraction)
    faint = inside >= FAINT
    marks = _components(faint, firm)
    written = any(_is_content(mark, inside.shape, dpi) for mark in marks)
    return Emptiness(not written, fraction)


def _spread(firm: Mask) -> bool:
    """Tell whether the ink lies in many places, as writing does, not in one dark border."""
    rows = np.array_split(firm, 24, axis=0)
    return sum(bool(row.mean() > 0.002 and row.mean() < 0.6) for row in rows) >= 6


@dataclass(frozen=True, slots=True)
class _Mark:
    """A connected patch of ink: bounding box in pixels, number of pixels, its firm pixels."""

    top: int
    left: int
    bottom: int
    right: int
    area: int
    firm: int


def _is_content(mark: _Mark, shape: tuple[int, ...], dpi: float) -> bool:
    mm = 25.4 / dpi
    height, width = (mark.bottom - mark.top) * mm, (mark.right - mark.left) * mm
    area = mark.area * mm * mm
    if mark.firm < max(2, mark.area * 0.05):
        return False  # shines through, or a stain
    if max(height, width) < _MARK_MM or area < _MARK_AREA_MM2:
        return False  # a speck
    if min(height, width) <= _STREAK_WIDTH_MM and max(height, width) >= _STREAK_LENGTH_MM:
        return False  # dirt on the feeder's glass
    low, high = _HOLE_MM
    round_and_full = (
        low <= height <= high
        and low <= width <= high
        and abs(height - width) < 1.5
        and area / (height * width) > 0.68
    )
    to_edge = min(mark.top, mark.left, shape[0] - mark.bottom, shape[1] - mark.right) * mm
    touches = mark.top == 0 or mark.left == 0 or mark.bottom == shape[0] or mark.right == shape[1]
    if touches and min(height, width) < 8.0:
        return False  # a shadow of the paper's edge
    return not (round_and_full and to_edge + _MARGIN_MM + low < _HOLE_ZONE_MM)


def _components(faint: Mask, firm: Mask) -> list[_Mark]:
    """Return the 8-connected patches of ``faint``, built from its horizontal runs."""
    rows, starts, ends = _runs(faint)
    parent = list(range(rows.size))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    bounds = np.searchsorted(rows, np.arange(faint.shape[0] + 1))
    for row in range(1, faint.shape[0]):
        above, above_end = int(bounds[row - 1]), int(bounds[row])
        for index in range(above_end, int(bounds[row + 1])):
            while above < above_end and ends[above] < starts[index]:
                above += 1
            probe = above
            while probe < above_end and starts[probe] <= ends[index]:
                parent[root(index)] = root(probe)
                probe += 1
    running = np.concatenate((np.zeros((faint.shape[0], 1), np.int32), firm.cumsum(1)), axis=1)
    firm_in_run = running[rows, ends] - running[rows, starts]
    boxes: dict[int, _Mark] = {}
    for index in range(rows.size):
        row, start, end = int(rows[index]), int(starts[index]), int(ends[index])
        key = root(index)
        was = boxes.get(key, _Mark(row, start, row, end, 0, 0))
        boxes[key] = _Mark(
            min(was.top, row),
            min(was.left, start),
            max(was.bottom, row + 1),
            max(was.right, end),
            was.area + end - start,
            was.firm + int(firm_in_run[index]),
        )
    return list(boxes.values())


def _runs(mask: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return row, first column and column after the last of every horizontal run."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    return rows, starts, ends
