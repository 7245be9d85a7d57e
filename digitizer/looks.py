"""PURE: how much alike two pages look from afar.

A look is a grid of cells over the level page, each inked or not, row by row as hexadecimal digits
(made by ``pages.look``). Two looks are compared over small shifts, because paper never lies twice
at the same place. Used by ``digitizer.seams``.
"""

from __future__ import annotations

COLUMNS, ROWS = 48, 64
"""Cells: about 4.4 by 4.6 mm of an A4 page, a line of text apart."""
DIGITS = COLUMNS * ROWS // 4

_SHIFT = 2
_ALL = (1 << COLUMNS * ROWS) - 1


def likeness(one: str, other: str) -> float:
    """Return the inked cells that two looks share among all inked cells, 0 to 1, at the shift
    where most fall together; 0 where either is not known or empty."""
    if len(one) != DIGITS or len(other) != DIGITS:
        return 0.0
    a, b = int(one, 16), int(other, 16)
    best = 0.0
    for across in range(-_SHIFT, _SHIFT + 1):
        sideways = _across(b, across)
        for down in range(-_SHIFT, _SHIFT + 1):
            moved = _down(sideways, down)
            union = (a | moved).bit_count()
            if union:
                best = max(best, (a & moved).bit_count() / union)
    return best


def _down(cells: int, rows: int) -> int:
    return cells >> rows * COLUMNS if rows >= 0 else cells << -rows * COLUMNS & _ALL


def _across(cells: int, columns: int) -> int:
    """Move every row by ``columns``; what leaves it on one side does not come back."""
    row = (1 << COLUMNS) - 1
    kept = row >> columns if columns >= 0 else row << -columns & row
    mask = sum(kept << COLUMNS * number for number in range(ROWS))
    return (cells >> columns if columns >= 0 else cells << -columns) & mask
