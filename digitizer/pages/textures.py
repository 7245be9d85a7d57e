"""Where a page looks like a code: ink so close together, both ways, as no text is.

PURE. Called by ``pages.codes`` to tell where to look twice. A few pieces too many cost some
milliseconds each; a piece too few costs a code.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from PIL import Image, ImageFilter

from digitizer.pages.ink import Levels, Mask

_INK = 0.18
_CELL_MM = 2.0
_FEWEST_CELLS = 2
"""Across and down: a line of heavy capitals is thinner."""
_FILLED = 0.3
_INKED, _SOLID = 0.65, 0.9
"""How much of a cell is inked, and how dark it is where it holds no pattern."""
_LARGEST_SHARE = 0.35
_DARKER = 10
"""Grey levels below what is around: seen under a stamp too."""
_BUSY_LINES = 75
_CHANGES, _CHANGES_MM, _CHANGES_ACROSS = 9.0, 0.4, 5.0
"""A line of a code has so many, and so many to a millimetre; and so many the other way, unless it
is bars, which are longer than a heavy word."""
_SHORTEST_BARS_MM = 12.0
_REACH_CELLS = 2
"""A wide space between bars does not part a code in two."""


class Box(Struct, frozen=True):
    """A piece of a page: pixels, right and bottom not included."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def sides(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom, as Pillow takes them."""
        return self.left, self.top, self.right, self.bottom

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.bottom - self.top

    @property
    def squarish(self) -> bool:
        """True where it is at most twice as long as wide."""
        return max(self.width, self.height) <= 2 * min(self.width, self.height)

    def scaled(self, by: float) -> Box:
        """Return it in a page ``by`` times as large."""
        return Box(*(round(side * by) for side in self.sides))

    def moved(self, across: int, down: int) -> Box:
        """Return it moved."""
        return Box(self.left + across, self.top + down, self.right + across, self.bottom + down)

    def grown(self, by: float) -> Box:
        """Return it ``by`` pixels larger on every side."""
        more = round(by)
        return Box(self.left - more, self.top - more, self.right + more, self.bottom + more)

    def within(self, width: int, height: int) -> Box:
        """Return what of it lies on a page of that size."""
        return Box(
            max(0, self.left), max(0, self.top), min(width, self.right), min(height, self.bottom)
        )

    def joined(self, other: Box) -> Box:
        """Return the smallest box around two."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def overlap(self, other: Box) -> float:
        """Return how much of the smaller of two boxes lies in the other, 0 to 1."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        smaller = min(self.width * self.height, other.width * other.height)
        return max(0, across) * max(0, down) / smaller if smaller > 0 else 0.0


def code_like(levels: Levels, dpi: float) -> list[Box]:
    """Return the pieces of a page that may hold a code, largest first.

    Args:
        levels: The contrast of a page at about 100 dpi.
        dpi: Its resolution.
    """
    side = max(2, round(_CELL_MM / 25.4 * dpi))
    rows, columns = levels.shape[0] // side, levels.shape[1] // side
    if not rows or not columns:
        return []
    here = levels[: rows * side, : columns * side]
    shape = (rows, side, columns, side)
    inked = _share((here >= _INK).reshape(shape)) >= _INKED
    cells = inked & (_share((here >= _SOLID).reshape(shape)) <= _INKED)
    largest = _LARGEST_SHARE * rows * columns
    found = []
    for box in _islands(cells):
        area = box.width * box.height
        filled = np.count_nonzero(cells[box.top : box.bottom, box.left : box.right])
        thick = min(box.width, box.height) >= _FEWEST_CELLS
        if thick and filled >= _FILLED * area and area <= largest:
            found.append(box)
    found.sort(key=lambda box: -box.width * box.height)
    return [box.scaled(side) for box in found]


def _share(grid: Mask) -> Levels:
    """Return the share of each cell that is set; ``grid`` is [row, y, column, x]."""
    cell = grid.shape[1] * grid.shape[3]
    counted = grid.sum(axis=3, dtype=np.uint8).sum(axis=1, dtype=np.uint16)
    share: Levels = counted.astype(np.float32) / cell
    return share


def patterned(piece: Image.Image, dpi: float) -> bool:
    """Tell whether a piece of a page changes between dark and light as often as a code does, one
    way at least; a seal's star, a photo and heavy letters do not.

    Args:
        piece: 8-bit grey.
        dpi: Its resolution.
    """
    pixels_mm = dpi / 25.4
    here = np.asarray(piece.filter(ImageFilter.BoxBlur(0.5)), dtype=np.int16)
    around = np.asarray(piece.filter(ImageFilter.BoxBlur(pixels_mm)), dtype=np.int16)
    dark = here < around - _DARKER
    sides_mm = piece.width / pixels_mm, piece.height / pixels_mm
    usual = [
        float(np.percentile(np.count_nonzero(np.diff(lines, axis=1), axis=1), _BUSY_LINES))
        for lines in (dark, dark.T)
    ]
    busy = max((0, 1), key=lambda way: usual[way])
    if usual[busy] < max(_CHANGES, _CHANGES_MM * sides_mm[busy]):
        return False
    return usual[1 - busy] >= _CHANGES_ACROSS or sides_mm[busy] >= _SHORTEST_BARS_MM


def _islands(cells: Mask) -> list[Box]:
    """Return the boxes around cells that lie close together."""
    left = {(int(row), int(column)) for row, column in np.argwhere(cells)}
    found = []
    while left:
        border = [left.pop()]
        island = []
        while border:
            row, column = border.pop()
            island.append((row, column))
            for near in _around(row, column):
                if near in left:
                    left.discard(near)
                    border.append(near)
        down, across = [row for row, _ in island], [column for _, column in island]
        found.append(Box(min(across), min(down), max(across) + 1, max(down) + 1))
    return found


def _around(row: int, column: int) -> list[tuple[int, int]]:
    steps = range(-_REACH_CELLS, _REACH_CELLS + 1)
    return [(row + down, column + across) for down in steps for across in steps if down or across]
