"""Kodak patch codes T: four bars of two widths, as wide as a hand, on sheets that part papers.

PURE. Called by ``pages.codes``. After Kodak's "Patch Code Information" (A-61599): narrow bars and
spaces of 0.08 inch, wide bars of 0.20, at least 0.75 long; T is narrow, wide, narrow, wide. Read
from the other end, T is patch 3, which is therefore taken for a T that lies upside down.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitizer.pages.ink import Levels, Mask
from digitizer.pages.textures import Box

_INK = 0.45
_STEP_MM = 1.5
_LENGTH_MM = 15.0
_UNIT_MM = (1.5, 2.6)
"""What a narrow bar may measure: a copy is often printed a little smaller."""
_WIDTHS = np.array([1.0, 1.0, 2.5, 1.0, 1.0, 1.0, 2.5])
"""Of T's bars and spaces, in narrow bars."""
_UNITS, _WIDEST = float(_WIDTHS.sum()), float(_WIDTHS.max())
_SLACK = 0.4
_QUIET_UNITS = 0.6
_DRIFT = 0.35


def find(levels: Levels, dpi: float) -> list[Box]:
    """Return where patch codes T lie on a page, bars across or down.

    Args:
        levels: The contrast of a page at about 100 dpi.
        dpi: Its resolution.
    """
    mask = levels >= _INK
    upright = [Box(*sides) for sides in _along_columns(mask, dpi)]
    lying = [
        Box(top, left, bottom, right) for left, top, right, bottom in _along_columns(mask.T, dpi)
    ]
    return upright + lying


def _along_columns(mask: Mask, dpi: float) -> list[tuple[int, int, int, int]]:
    """Return left, top, right, bottom of patches whose bars run across ``mask``."""
    pixels_mm = dpi / 25.4
    step = max(1, round(_STEP_MM * pixels_mm))
    wanted = round(_LENGTH_MM / _STEP_MM)
    growing: list[_Run] = []
    found: list[tuple[int, int, int, int]] = []
    some = mask[:, ::step]
    wide = round(_WIDEST * _UNIT_MM[0] * pixels_mm)
    barred = _has_runs(some, wide)
    for number in range(some.shape[1]):
        ended, growing = growing, []
        column = number * step
        for top, bottom in _in_column(some[:, number], pixels_mm) if barred[number] else ():
            run = next((r for r in ended if abs(r[-1][1] - top) <= _DRIFT * step + 1), [])
            growing.append([*run, (column, top, bottom)])
            ended = [other for other in ended if other is not run]
        found += [_box(run) for run in ended if len(run) >= wanted]
    return found + [_box(run) for run in growing if len(run) >= wanted]


def _has_runs(mask: Mask, length: int) -> NDArray[np.bool_]:
    """Tell of each column whether ``length`` pixels in a row are set somewhere."""
    counted = np.cumsum(mask, axis=0, dtype=np.int32)
    found: NDArray[np.bool_] = (counted[length:] - counted[:-length] == length).any(axis=0)
    return found


_Run = list[tuple[int, int, int]]
"""A patch in neighbouring columns: column, top, bottom."""


def _box(run: _Run) -> tuple[int, int, int, int]:
    tops, bottoms = [top for _, top, _ in run], [bottom for _, _, bottom in run]
    return run[0][0], min(tops), run[-1][0] + 1, max(bottoms)


def _in_column(column: NDArray[np.bool_], pixels_mm: float) -> list[tuple[int, int]]:
    """Return top and bottom of every patch T that one column crosses, either way round."""
    edges = np.flatnonzero(np.diff(column.astype(np.int8), prepend=0, append=0))
    if len(edges) < 8:
        return []
    lengths = np.diff(edges).astype(float)  # bar, space, bar …
    found = []
    for start in range(0, len(lengths) - 6, 2):
        seven = lengths[start : start + 7]
        unit = float(seven.sum()) / _UNITS
        if not _UNIT_MM[0] <= unit / pixels_mm <= _UNIT_MM[1]:
            continue
        before = lengths[start - 1] if start else np.inf
        after = lengths[start + 7] if start + 7 < len(lengths) else np.inf
        if min(before, after) < _QUIET_UNITS * unit:
            continue
        off = [np.abs(seven / unit - widths).max() for widths in (_WIDTHS, _WIDTHS[::-1])]
        if min(off) <= _SLACK:
            found.append((int(edges[start]), int(edges[start + 7])))
    return found
