"""Where a stamp goes: the white space nearest to its corner of the page. PURE.

Called by ``looking`` with what covers page 1. Everything is as seen, from the top left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from digitizer.signing.lines import Shape
from digitizer.signing.model import Look, Rectangle

Cover = NDArray[np.float32]
Mask = NDArray[np.bool_]

_MARGIN = (24.0, 18.0)
"""Where a stamp stands on an empty page: so far from the side and from the top, in points."""
_EDGE = 6.0
"""Nearer to the edge than this printers print nothing."""
_SPECKS = 0.001
"""A place is white while no more of it is covered than this: dust."""
_CORNER, _HALF = 1 / 3, 1 / 2
"""How far down the corner goes, and how far white space is still nearby; parts of the height."""
_NEARBY = 420.0
"""On a small page what is no further down than this is nearby as well, in points."""
_ANYWHERE = 2.0
_NICER = 20.0
"""A better looking shape may stand so much further from the corner, in points."""
_COVERING = 2.0
"""Points of distance that are worth going to cover one square point less."""


class Ground(Struct, frozen=True):
    """What covers a page.

    Attributes:
        ink: How much of each cell is ink or text, 0 to 1; [row, column].
        taken: 1 where another signature or form field is.
        scale: Cells a point.
    """

    ink: Cover
    taken: Cover
    scale: float


class Place(Struct, frozen=True):
    """A shape's place as seen: left, top, right, bottom in points. ``white``: it covers nothing."""

    shape: Shape
    box: Rectangle
    white: bool


class _Search(Struct, frozen=True):
    """Every place that one shape could have: arrays are indexed by its top left cell.

    Attributes:
        shape: The shape.
        covered: How much of each place is covered, in square points.
        distance: How far each is from where it would stand on an empty page, in points.
        usable: Which are on the right side, away from the edge, on no other signature.
        bottom: Where each ends, as a part of the page's height; a column.
    """

    shape: Shape
    covered: Cover
    distance: Cover
    usable: Mask
    bottom: Cover


def place(ground: Ground, shapes: Sequence[Shape], look: Look) -> Place:
    """Return the best place for the best of ``shapes``.

    White space in the corner is best, then a little further down. Where there is none the stamp
    covers as little as can be; another signature only where it leaves no room at all.
    """
    searches = [_searched(ground, shape, look) for shape in shapes]

    def away(at: int, search: _Search) -> Cover:
        return search.distance + np.float32(at * _NICER)

    def harm(at: int, search: _Search) -> Cover:
        return search.covered * np.float32(_COVERING) + away(at, search)

    tops = (_CORNER, max(_HALF, _NEARBY * ground.scale / ground.ink.shape[0]))
    for top in tops:
        if found := _best(searches, away, partial(_white_above, top)):
            return _placed(ground, *found)
    for top in (*tops, _ANYWHERE):
        if found := _best(searches, harm, partial(_usable_above, top)):
            return _placed(ground, *found)
    found = _best(searches, harm, lambda one: np.ones_like(one.usable))
    assert found is not None  # noqa: S101 - every shape was given some place
    return _placed(ground, *found)


def _white_above(top: float, search: _Search) -> Mask:
    return _white(search) & _usable_above(top, search)


def _usable_above(top: float, search: _Search) -> Mask:
    usable: Mask = search.usable & (search.bottom <= top)
    return usable


def _white(search: _Search) -> Mask:
    most = search.shape.width * search.shape.height * _SPECKS
    white: Mask = search.usable & (search.covered <= most)
    return white


def _best(
    searches: Sequence[_Search],
    cost: Callable[[int, _Search], Cover],
    allowed: Callable[[_Search], Mask],
) -> tuple[_Search, int, int] | None:
    """Return the cheapest allowed place of all: the shape's search, row and column."""
    best, found = np.inf, None
    for at, search in enumerate(searches):
        costs = np.where(allowed(search), cost(at, search), np.inf)
        row, column = divmod(int(costs.argmin()), costs.shape[1])
        if costs[row, column] < best:
            best, found = float(costs[row, column]), (search, row, column)
    return found


def _placed(ground: Ground, search: _Search, row: int, column: int) -> Place:
    left, top = column / ground.scale, row / ground.scale
    box = (left, top, left + search.shape.width, top + search.shape.height)
    return Place(search.shape, box, bool(_white(search)[row, column]))


def _searched(ground: Ground, shape: Shape, look: Look) -> _Search:
    rows, columns = ground.ink.shape
    scale = ground.scale
    wide = min(columns, max(1, int(np.ceil(shape.width * scale))))
    high = min(rows, max(1, int(np.ceil(shape.height * scale))))
    down, across = np.arange(rows - high + 1), np.arange(columns - wide + 1)
    # Where the page is hardly larger than the stamp, the margins shrink with it.
    side = min(_MARGIN[0] * scale, (columns - wide) / 2)
    top = min(_MARGIN[1] * scale, (rows - high) / 2)
    edge_x, edge_y = min(_EDGE * scale, side), min(_EDGE * scale, top)
    left = side if look is Look.PERSONAL else columns - wide - side
    distance = np.hypot(down[:, None] - top, across[None, :] - left) / scale
    inside = (across >= np.floor(edge_x)) & (across <= np.ceil(columns - wide - edge_x))
    if wide <= columns / 2:
        middle = across + wide / 2
        inside &= middle <= columns / 2 if look is Look.PERSONAL else middle >= columns / 2
    usable = inside[None, :] & (down >= np.floor(edge_y))[:, None]
    usable &= _sums(ground.taken, high, wide) < 0.5
    covered = _sums(ground.ink, high, wide) / np.float32(scale * scale)
    bottom = ((down + high) / rows).astype(np.float32)[:, None]
    return _Search(shape, covered, distance.astype(np.float32), usable, bottom)


def _sums(cells: Cover, high: int, wide: int) -> Cover:
    """Return the sum of each ``high`` × ``wide`` window, by its top left cell."""
    table = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1))
    table[1:, 1:] = cells.cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    sums = table[high:, wide:] - table[:-high, wide:] - table[high:, :-wide] + table[:-high, :-wide]
    counted: Cover = np.maximum(sums, 0.0).astype(np.float32)
    return counted
