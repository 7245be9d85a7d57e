"""The paper in the image: where it ends and the scanner's lid begins.

PURE. Called by reading. A lid is an even level that the ends of the image show. Rays that start
there and run straight inwards stop at the paper; where they stop lie its four edges. What they
find is gone by only where it is a whole rectangle with nothing else beside it: a crop that is not
sure is worse than none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from digitizer.pages.ink import Mask

DPI = 75.0
"""What ``find`` wants its page at."""

_Grid = NDArray[np.float32]
_Numbers = NDArray[np.float64]

_PATCH, _INSET = 9, 2
_EVEN, _ALIKE, _FEWEST_PATCHES = 4.0, 6.0, 4
_LEAST_STEP, _STEP_SHARE, _LARGEST_TOLERANCE = 2.5, 0.4, 30.0
_LEAST_LID, _RAGGED = 0.01, 0.25
_LIMIT, _ANGLE_STEP = 15.0, 0.5
_NEAR = 1.2
_LEAST_EDGE_MM, _LEAST_SHARE, _WHOLE_SHARE = 18.0, 0.45, 0.8
_AGREE_DEGREES = 0.6
_SMALLEST_MM = (80.0, 45.0)
_WORTH_MM = 3.0
_STRAY_MM2, _STRAY_SHARE = 12.0, 0.02
_RIM_MM = (0.8, 2.8)
_DARK, _UNEVEN_LIGHT, _MOST_LID = 205.0, 30.0, 0.6
_SIZES_MM = ((210.0, 297.0), (148.0, 210.0), (105.0, 148.0), (215.9, 279.4), (215.9, 355.6))
_ROLLS_MM = (57.0, 58.0, 80.0)
_SIZE_TOLERANCE_MM = 2.0
_SLACK_MM = 0.15


class Sheet(Struct, frozen=True):
    """A rectangle of paper.

    Attributes:
        angle: Degrees clockwise that make its edges level.
        sides: Left, top, right and bottom on the image levelled by ``angle`` about its centre,
            as fractions of the image's width and height.
        sure: Whether it may be gone by.
    """

    angle: float
    sides: tuple[float, float, float, float]
    sure: bool


class View(Struct, frozen=True):
    """What the ends of an image show: ``lid``, which pixels are no paper, as large as the page
    that was looked at; ``sheet``, the paper, None where it has no edges in the image."""

    lid: Mask
    sheet: Sheet | None


def find(page: Image.Image) -> View:
    """Look for the paper in an image.

    Args:
        page: 8-bit grey, at ``DPI`` both ways.
    """
    levels = np.asarray(page.filter(ImageFilter.BoxBlur(1)), dtype=np.float32)
    lid = np.zeros(levels.shape, dtype=np.bool_)
    unsure: Sheet | None = None
    if min(levels.shape) < 4 * _PATCH:
        return View(lid, None)
    for level in sorted(_even_ends(levels)):
        found = _against(levels, level)
        if found is None:
            continue
        reached, sheet = found
        if sheet is not None and sheet.sure:
            return View(reached, sheet)
        if not lid.any() and _like_a_lid(levels, reached, level):
            lid = reached
        unsure = unsure or sheet
    return View(lid, unsure)


def _like_a_lid(levels: _Grid, reached: Mask, level: float) -> bool:
    """Tell whether what rays reach, though they stop at no rectangle, is a lid nonetheless: dark,
    and well off what is left. Grey paper that lies in uneven light is not."""
    left = levels[~reached]
    if level >= _DARK or reached.mean() >= _MOST_LID or not left.size:
        return False
    return bool(abs(float(np.median(left)) - level) > _UNEVEN_LIGHT)


def _even_ends(levels: _Grid) -> list[float]:
    """Return the even levels that the ends of the image show."""
    found: list[float] = []
    for turns in range(4):
        strip = np.rot90(levels, turns)[_INSET : _INSET + _PATCH]
        patches = strip[:, : strip.shape[1] // _PATCH * _PATCH].reshape(_PATCH, -1, _PATCH)
        even = patches.std(axis=(0, 2)) <= _EVEN
        if even.any():
            found += np.median(patches[:, even], axis=(0, 2)).tolist()
    groups: list[list[float]] = []
    for level in sorted(found):
        if groups and level - groups[-1][-1] <= _ALIKE / 2 and level - groups[-1][0] <= 4 * _ALIKE:
            groups[-1].append(level)
        else:
            groups.append([level])
    return [float(np.median(group)) for group in groups if len(group) >= _FEWEST_PATCHES]


def _against(levels: _Grid, level: float) -> tuple[Mask, Sheet | None] | None:
    """Take ``level`` for the lid: return what rays reach of it, and the sheet they stop at."""
    lid = np.full(levels.shape, np.float32(level))
    other = _off(levels, lid)
    reached = None if other is None else _reached(other)
    if other is None or reached is None or reached.mean() < _LEAST_LID:
        return None
    edges = [edge for _, edge in _edges(other) if edge is not None]
    if any(edge.share < _RAGGED for edge in edges):
        return reached, None  # the rays stop at writing: this is the paper itself
    lid = _plane(levels, reached)
    other = _off(levels, lid)
    if other is None:
        return None
    return _reached(other), _sheet(levels, other, lid, level)


def _off(levels: _Grid, lid: _Grid) -> Mask | None:
    """Return which pixels are not at the lid's level; None where there is no other level."""
    off = np.abs(levels - lid)
    step = _step(off)
    if step < _LEAST_STEP:
        return None
    return _majority(off > min(_STEP_SHARE * step, _LARGEST_TOLERANCE))


def _step(off: _Grid) -> float:
    """Return how far the commonest level that is not the lid's lies off it."""
    counts = np.bincount(off[off > 2.0].astype(np.intp), minlength=256)[2:256]
    smooth = np.convolve(counts, np.ones(5), "same")
    return int(np.argmax(smooth)) + 2.5 if counts.sum() > 50 else 0.0


def _majority(mask: Mask) -> Mask:
    """Return ``mask`` without specks: what most of the 5 by 5 pixels around say."""
    blurred = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(2))
    return np.asarray(blurred) >= 128


def _depths(other: Mask, turns: int) -> NDArray[np.intp]:
    """Return how far rays run in from one end of the image; its whole depth where nothing is."""
    side = np.rot90(other, turns)[_INSET:]
    depths: NDArray[np.intp] = np.where(side.any(0), side.argmax(0), side.shape[0])
    return depths


def _reached(other: Mask) -> Mask:
    """Return the pixels that rays from the four ends reach."""
    out = np.zeros_like(other)
    for turns in range(4):
        part = np.rot90(out, turns)
        rows = np.arange(part.shape[0])[:, None]
        depth = _depths(other, turns)
        part |= (rows < depth + _INSET) & (depth > 0)
    return out


def _plane(levels: _Grid, reached: Mask) -> _Grid:
    """Return the lid's level everywhere, as its light falls off evenly over the image."""
    rows, columns = np.nonzero(reached)
    chosen = slice(None, None, max(1, rows.size // 4000))
    rows, columns = rows[chosen], columns[chosen]
    values = levels[rows, columns].astype(np.float64)
    near = np.abs(values - np.median(values)) <= 2 * _ALIKE
    height, width = levels.shape
    terms = np.stack((np.ones(rows.size), rows / height, columns / width), axis=1)
    constant, down, across = np.linalg.lstsq(terms[near], values[near], rcond=None)[0]
    falls = down * (np.arange(height) / height)[:, None]
    return np.asarray(
        constant + falls + across * (np.arange(width) / width)[None, :], dtype=np.float32
    )


class _Edge(Struct, frozen=True):
    """One edge of the paper.

    Attributes:
        side: 0 top, 1 right, 2 bottom, 3 left.
        angle: Degrees clockwise that make it level.
        rows, columns: The points on it.
        share: Those points among all that this end's rays stopped at.
    """

    side: int
    angle: float
    rows: _Numbers
    columns: _Numbers
    share: float


def _sheet(levels: _Grid, other: Mask, lid: _Grid, level: float) -> Sheet | None:
    """Return the rectangle that the rays stop at, or None where it is none."""
    mm = 25.4 / DPI
    edges = dict(_edges(other))
    seen = [edge for edge in edges.values() if edge is not None]
    if not seen or any(edge.share < _LEAST_SHARE for edge in seen):
        return None
    longest = max(seen, key=lambda edge: edge.rows.size)
    if any(abs(edge.angle - longest.angle) > 2 * _AGREE_DEGREES for edge in seen):
        return None
    weights = np.array([float(edge.rows.size) for edge in seen])
    angle = float(np.average([edge.angle for edge in seen], weights=weights))
    height, width = other.shape
    sides = {0: 0.0, 1: float(width), 2: float(height), 3: 0.0}
    for edge in seen:
        rows, columns = _levelled(edge.rows, edge.columns, angle, other.shape)
        sides[edge.side] = float(np.median(rows if edge.side in (0, 2) else columns))
    left, top, right, bottom = sides[3], sides[0], sides[1], sides[2]
    across, down = (right - left) * mm, (bottom - top) * mm
    small, large = sorted((across, down))
    if large < _SMALLEST_MM[0] or small < _SMALLEST_MM[1]:
        return None
    gaps = (left, top, width - right, height - bottom)
    if max(gaps) * mm < _WORTH_MM:
        return None
    frame = _Frame(angle, left, top, right, bottom)
    rim, stray = _rim_and_stray(other, frame)
    if rim < _WHOLE_SHARE or stray * mm * mm > max(_STRAY_MM2, _STRAY_SHARE * across * down):
        return None
    sure = (
        all(edge.share >= _WHOLE_SHARE for edge in seen)
        and all(abs(edge.angle - angle) <= _AGREE_DEGREES for edge in seen)
        and stray * mm * mm <= _STRAY_MM2
        and (level < _DARK or _usual(across, down, width * mm, height * mm))
        and _inside_is_paper(levels, lid, frame)
    )
    slack = _SLACK_MM / mm
    return Sheet(
        round(angle, 2) + 0.0,
        (
            (left - slack * (left > 0)) / width,
            (top - slack * (top > 0)) / height,
            (right + slack * (right < width)) / width,
            (bottom + slack * (bottom < height)) / height,
        ),
        sure,
    )


def _edges(other: Mask) -> Iterator[tuple[int, _Edge | None]]:
    """Yield the edge that the rays of each end stop at; None where the paper runs out of it."""
    height, width = other.shape
    for side in range(4):
        depth = _depths(other, side)
        places = np.flatnonzero(depth < (height if side % 2 == 0 else width) - _INSET)
        deep = depth[places].astype(np.float64) + _INSET
        if places.size == 0 or np.mean(deep <= _INSET) > 0.5:
            yield side, None
            continue
        inner = deep > _INSET
        places, deep = places[inner], deep[inner]
        # Back from the image turned by quarter turns to its own rows and columns.
        if side == 0:
            rows, columns = deep, places.astype(np.float64)
        elif side == 1:
            rows, columns = places.astype(np.float64), width - deep
        elif side == 2:
            rows, columns = height - deep, (width - 1.0) - places
        else:
            rows, columns = (height - 1.0) - places, deep
        yield side, _edge(side, rows, columns, other.shape)


def _edge(side: int, rows: _Numbers, columns: _Numbers, shape: tuple[int, ...]) -> _Edge:
    """Fit a line to what one end's rays stopped at, most of which may be another edge."""
    angle = _commonest_angle(side, rows, columns, shape)
    near = np.ones(rows.size, dtype=np.bool_)
    for _ in range(3):
        offsets = _offsets(side, rows, columns, angle, shape)
        start = np.round(offsets - offsets.min()).astype(np.int64)
        counts = np.bincount(start)
        middle = offsets.min() + float(np.argmax(counts + np.append(counts[1:], 0))) + 0.5
        near = np.abs(offsets - middle) <= 2 * _NEAR
        along = _along(side, rows, columns, angle, shape)
        slope = np.polyfit(along[near], offsets[near], 1)[0] if near.sum() > 8 else 0.0
        angle += math.degrees(math.atan(float(slope))) * (-1.0 if side in (0, 2) else 1.0)
    return _Edge(side, angle, rows[near], columns[near], float(near.mean()))


def _commonest_angle(side: int, rows: _Numbers, columns: _Numbers, shape: tuple[int, ...]) -> float:
    """Return the angle, to half a degree, at which most points lie on one level line."""
    angles = np.arange(-_LIMIT, _LIMIT + _ANGLE_STEP / 2, _ANGLE_STEP)
    cos, sin = np.cos(np.radians(angles))[:, None], np.sin(np.radians(angles))[:, None]
    x, y = columns - shape[1] / 2, rows - shape[0] / 2
    offsets = x * sin + y * cos if side in (0, 2) else x * cos - y * sin
    places = np.round(offsets - offsets.min(axis=1, keepdims=True)).astype(np.int64)
    width = int(places.max()) + 2
    numbered = places + width * np.arange(angles.size)[:, None]
    counts = np.bincount(numbered.ravel(), minlength=width * angles.size).reshape(-1, width)
    return float(angles[int(np.argmax((counts[:, :-1] + counts[:, 1:]).max(axis=1)))])


def _levelled(
    rows: _Numbers, columns: _Numbers, angle: float, shape: tuple[int, ...]
) -> tuple[_Numbers, _Numbers]:
    """Return where points lie once the image is rotated clockwise about its centre."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    x, y = columns - shape[1] / 2, rows - shape[0] / 2
    return x * sin + y * cos + shape[0] / 2, x * cos - y * sin + shape[1] / 2


def _offsets(
    side: int, rows: _Numbers, columns: _Numbers, angle: float, shape: tuple[int, ...]
) -> _Numbers:
    return _levelled(rows, columns, angle, shape)[0 if side in (0, 2) else 1]


def _along(
    side: int, rows: _Numbers, columns: _Numbers, angle: float, shape: tuple[int, ...]
) -> _Numbers:
    return _levelled(rows, columns, angle, shape)[1 if side in (0, 2) else 0]


class _Frame(Struct, frozen=True):
    """A rectangle on the image levelled by ``angle``, in pixels."""

    angle: float
    left: float
    top: float
    right: float
    bottom: float

    def depth(self, shape: tuple[int, ...]) -> _Grid:
        """Return for every pixel how deep in the rectangle it lies; negative outside."""
        rows, columns = _levelled(
            np.arange(shape[0], dtype=np.float64)[:, None],
            np.arange(shape[1], dtype=np.float64)[None, :],
            self.angle,
            shape,
        )
        # An edge that is an end of the image has nothing beyond it.
        left = columns - self.left if self.left > 0 else np.inf
        top = rows - self.top if self.top > 0 else np.inf
        right = self.right - columns if self.right < shape[1] else np.inf
        bottom = self.bottom - rows if self.bottom < shape[0] else np.inf
        nearest = np.minimum(np.minimum(left, right), np.minimum(top, bottom))
        return np.broadcast_to(nearest, shape).astype(np.float32)


def _rim_and_stray(other: Mask, frame: _Frame) -> tuple[float, float]:
    """Return how much of the band just inside a rectangle is no lid, and how many pixels outside
    it are none either. A printed frame has lid, which is then paper, on both its sides."""
    mm = 25.4 / DPI
    depth = frame.depth(other.shape)
    rim = (depth >= _RIM_MM[0] / mm) & (depth <= _RIM_MM[1] / mm)
    stray = other & (depth < -1.0 / mm)
    stray[:_INSET] = stray[-_INSET:] = stray[:, :_INSET] = stray[:, -_INSET:] = False
    return float(other[rim].mean()) if rim.any() else 0.0, float(stray.sum())


def _inside_is_paper(levels: _Grid, lid: _Grid, frame: _Frame) -> bool:
    """Tell whether the band inside a rectangle is on one side of the lid's level, as paper is."""
    mm = 25.4 / DPI
    depth = frame.depth(levels.shape)
    rim = (depth >= _RIM_MM[0] / mm) & (depth <= _RIM_MM[1] / mm)
    off = (levels - lid)[rim]
    return bool(max((off > 0).mean(), (off < 0).mean()) >= 0.85)


def _usual(across: float, down: float, width: float, height: float) -> bool:
    """Tell whether a sheet on a light lid, which might be a tinted part of a page, has a usual
    size, or the image is larger than any page."""
    small, large = sorted((across, down))
    for short, long in _SIZES_MM:
        if abs(small - short) <= _SIZE_TOLERANCE_MM and abs(large - long) <= _SIZE_TOLERANCE_MM:
            return True
    if any(abs(small - roll) <= _SIZE_TOLERANCE_MM for roll in _ROLLS_MM) and large > 1.2 * small:
        return True
    return max(width, height) > 360.0 and small > 200.0
