"""Blank or not: is there anything on this side that somebody put there, and if not, why not.

PURE. Called by reading. Built to err towards "not blank": a page number, a lone stamp or a faint
line of a pencil is content; specks, punch holes, staples, shadows of the edge, streaks of a dirty
glass and what shines through from the other side are not.
"""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from msgspec import Struct
from PIL import Image, ImageFilter

from digitizer.model import BlankReason
from digitizer.pages import dots, marks
from digitizer.pages.ink import Levels, Mask
from digitizer.pages.marks import Mark

FIRM = 0.30
"""The contrast of plain ink; strokes thinner than a pixel have less."""
_MARGIN_MM = 4.0
_PLAINLY_WRITTEN = 0.006

_FAINT, _NOISES = 0.10, 5.0
_PENCIL, _PENCIL_SHARPNESS = 0.12, 0.075
_FAINTEST, _CRISP, _DRAWN_MM = 0.045, 0.45, 6.0
_STEPS, _MOST_GRAINS = (1.0, 1.5, 2.25), 200
_STROKE_MM = 0.5
_SHINES = 0.035
_MANY_SOFT, _SHINES_AT_MOST = 12, 0.22
_EDGE_MM, _EDGE_SHADOW_MM = 3.0, 8.0
_MARK_MM, _MARK_AREA_MM2 = 1.4, 0.35
_TWO_SPECKS_MM, _SIDE_BY_SIDE = 1.9, 0.1
_CROWD_CELL_MM, _CROWD, _CROWD_AREA_MM2 = 8.0, 8, 0.04
_HOLE_MM = (4.0, 8.5)
_HOLE_ZONE_MM = 20.0
_FULL = 0.68
_HOLE_APART_MM = (60.0, 130.0)
_STAPLE_MM, _STAPLE_WIDTH_MM, _STAPLE_ZONE_MM = (6.0, 17.0), 1.6, 35.0
_STREAK_WIDTH_MM, _STREAK_PIECE_MM, _STREAK_LENGTH_MM = 0.9, 3.0, 60.0


class Emptiness(Struct, frozen=True):
    """``reason``: why the side is blank; None where it is not."""

    reason: BlankReason | None


def ink_fraction(contrast: Levels, dpi: float) -> float:
    """Return the fraction of a page inside its margins that is inked, 0 to 1."""
    return round(float((_inside(contrast, dpi) >= FIRM).mean()), 5)


def plainly_written(contrast: Levels, dpi: float) -> bool:
    """Tell whether a page (at about 100 dpi) is so full that no closer look is needed.

    Ink lies in many places then, as writing does, not in one dark border.
    """
    firm = _inside(contrast, dpi) >= FIRM
    if firm.mean() <= _PLAINLY_WRITTEN:
        return False
    rows = np.array_split(firm, 24, axis=0)
    inked = [float(row.mean()) for row in rows if row.size]
    return sum(0.002 < share < 0.6 for share in inked) >= 6


def judge(contrast: Levels, outside: Mask, dpi: float) -> Emptiness:
    """Look closely at a page that is not plainly written.

    Args:
        contrast: Its contrast, at about 150 dpi.
        outside: What of the image is no paper, of the same shape.
        dpi: The resolution of both.
    """
    paper = float(np.median(contrast))
    noise = 1.48 * float(np.median(np.abs(contrast - paper)))
    levels = np.clip(np.where(outside, np.float32(0.0), contrast - paper), 0.0, 1.0)
    seen = levels >= max(_FAINT, _NOISES * noise)
    sharpness = levels - _blurred(levels, _STROKE_MM / 25.4 * dpi)
    sheet = _Sheet.of(outside, dpi)
    shadows = _edge_shadows(seen, round(_EDGE_SHADOW_MM / sheet.mm))
    seen &= ~shadows
    kinds: Counter[BlankReason] = Counter()
    kinds[BlankReason.EDGES] = int(shadows.any())
    specks, candidates = [], []
    for mark in marks.found(seen, levels, sharpness):
        kind = _kind(mark, sheet)
        if kind is None:
            candidates.append(mark)
        elif kind is BlankReason.SPECKS:
            specks.append(mark)
        else:
            kinds[kind] += 1
    if _crowded(specks, sheet) or _dotted(specks, sheet):
        return Emptiness(None)
    kinds[BlankReason.SPECKS] = len(specks)
    # In so much dust a few specks lie side by side; a figure of 8 points is 2 mm high.
    pairs = [m for m in candidates if max(m.height, m.width) * sheet.mm < _TWO_SPECKS_MM]
    if len(pairs) <= len(specks) * _SIDE_BY_SIDE:
        candidates = [mark for mark in candidates if mark not in pairs]
    if kinds[BlankReason.BLEED_THROUGH] >= _MANY_SOFT:
        # Among so many soft marks the sharpest of the pale ones shine through too, also where a
        # dark speck lies on one.
        darker = marks.found(seen & (levels >= _SHINES_AT_MOST), levels, sharpness)
        dark = [mark for mark in darker if _kind(mark, sheet) is None]
        pale = [mark for mark in candidates if not any(_holds(mark, one) for one in dark)]
        if len(pale) <= kinds[BlankReason.BLEED_THROUGH]:
            candidates = [mark for mark in candidates if mark not in pale]
    for explain in (_streaks, _holes, _staples):
        explained, kind = explain(candidates, sheet)
        kinds[kind] += len(explained)
        candidates = [mark for mark in candidates if mark not in explained]
    if candidates or _faintly_drawn(levels, sharpness, max(_FAINTEST, _NOISES * noise), sheet):
        return Emptiness(None)
    if _shines_through(levels):
        return Emptiness(BlankReason.BLEED_THROUGH)
    told = [kind for kind, count in kinds.most_common() if count]
    return Emptiness(told[0] if told else BlankReason.EMPTY)


def _inside(contrast: Levels, dpi: float) -> Levels:
    margin = round(_MARGIN_MM / 25.4 * dpi)
    inside = contrast[margin:-margin, margin:-margin]
    return contrast if min(inside.shape, default=0) < 2 * margin else inside


def _blurred(levels: Levels, radius: float) -> Levels:
    scaled = Image.fromarray((levels * 255).astype(np.uint8))
    blurred = scaled.filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(blurred, dtype=np.float32) / np.float32(255)


class _Sheet(Struct, frozen=True):
    """The paper in the image: its bounds in pixels, and millimetres to a pixel."""

    outside: Mask
    top: int
    left: int
    bottom: int
    right: int
    mm: float

    @classmethod
    def of(cls, outside: Mask, dpi: float) -> _Sheet:
        rows, columns = np.flatnonzero(~outside.all(1)), np.flatnonzero(~outside.all(0))
        if not rows.size or not columns.size:
            height, width = outside.shape
            return cls(outside, 0, 0, height, width, 25.4 / dpi)
        return cls(
            outside,
            int(rows[0]),
            int(columns[0]),
            int(rows[-1]) + 1,
            int(columns[-1]) + 1,
            25.4 / dpi,
        )

    def gaps(self, mark: Mark) -> tuple[float, float, float, float]:
        """Return how far a mark is from the top, left, bottom and right of the paper, in mm."""
        return (
            (mark.top - self.top) * self.mm,
            (mark.left - self.left) * self.mm,
            (self.bottom - mark.bottom) * self.mm,
            (self.right - mark.right) * self.mm,
        )

    def touches(self, mark: Mark) -> bool:
        """Tell whether a mark reaches the end of the paper or of the image."""
        if min(self.gaps(mark)) <= 0:
            return True
        around = self.outside[
            max(0, mark.top - 1) : mark.bottom + 1, max(0, mark.left - 1) : mark.right + 1
        ]
        return bool(around.any())


def _edge_shadows(seen: Mask, deepest: int) -> Mask:
    """Return the ink that begins at an end of the image and is at most ``deepest`` pixels deep."""
    out = np.zeros_like(seen)
    for turns in range(4):
        side, into = np.rot90(seen, turns), np.rot90(out, turns)
        first = side[:, : deepest + 1]
        depth = np.where(first.all(1), deepest + 1, first.argmin(1))
        shallow = depth <= deepest
        into |= (np.arange(side.shape[1]) < depth[:, None]) & shallow[:, None]
    return out


def _kind(mark: Mark, sheet: _Sheet) -> BlankReason | None:
    """Return what harmless thing a mark is by itself, or None."""
    height, width = mark.height * sheet.mm, mark.width * sheet.mm
    area = mark.area * sheet.mm**2
    gaps = sheet.gaps(mark)
    if sheet.touches(mark) and min(height, width) < _EDGE_SHADOW_MM:
        return BlankReason.EDGES
    if min(gaps) < _EDGE_MM and _beyond(mark, sheet, _EDGE_MM):
        return BlankReason.EDGES
    if max(height, width) < _MARK_MM or area < _MARK_AREA_MM2:
        return BlankReason.SPECKS
    if mark.peak < FIRM and (mark.peak < _PENCIL or mark.sharpest < _PENCIL_SHARPNESS):
        return BlankReason.BLEED_THROUGH  # soft and faint, as a stain is too
    return None


def _holds(mark: Mark, other: Mark) -> bool:
    """Tell whether ``other`` lies within the bounds of a mark."""
    return (
        mark.top <= other.top
        and mark.left <= other.left
        and other.bottom <= mark.bottom
        and other.right <= mark.right
    )


def _beyond(mark: Mark, sheet: _Sheet, depth_mm: float) -> bool:
    """Tell whether a mark lies wholly in the outermost ``depth_mm`` of the paper."""
    top, left, bottom, right = sheet.gaps(mark)
    height, width = mark.height * sheet.mm, mark.width * sheet.mm
    return min(top + height, bottom + height, left + width, right + width) <= depth_mm


def _crowded(specks: list[Mark], sheet: _Sheet) -> bool:
    """Tell whether specks stand together as the pieces of thin writing do; dust scatters."""
    cell = _CROWD_CELL_MM / sheet.mm
    places = Counter(
        (int(mark.top / cell), int(mark.left / cell))
        for mark in specks
        if mark.area * sheet.mm**2 >= _CROWD_AREA_MM2 and mark.sharpest >= _PENCIL_SHARPNESS
    )
    if not places:
        return False
    height, width = sheet.outside.shape
    usual = sum(places.values()) / max(1.0, height * width / cell**2)
    return bool(max(places.values()) >= _CROWD + 6 * usual)


def _dotted(specks: list[Mark], sheet: _Sheet) -> bool:
    """Tell whether specks follow one another as the dots of a form's line do."""
    middles = [
        ((mark.left + mark.right) / 2 * sheet.mm, (mark.top + mark.bottom) / 2 * sheet.mm)
        for mark in specks
        if mark.sharpest >= _PENCIL_SHARPNESS
    ]
    across = (sheet.right - sheet.left) * sheet.mm
    return dots.make_a_line(middles, across, (sheet.bottom - sheet.top) * sheet.mm)


_Explained = tuple[list[Mark], BlankReason]


def _streaks(found: list[Mark], sheet: _Sheet) -> _Explained:
    """Return the pieces of thin lines that run along the whole feed: dirt on the glass."""

    def explained(pieces: list[tuple[Mark, int, int, int]]) -> list[Mark]:
        """Take marks with their place across, thickness and length in pixels."""
        thin = [
            (mark, place, length)
            for mark, place, thickness, length in pieces
            if thickness * sheet.mm <= _STREAK_WIDTH_MM
        ]
        long = [
            (place, length) for _, place, length in thin if length * sheet.mm >= _STREAK_PIECE_MM
        ]

        def along(place: int) -> float:
            """Return how many millimetres of a line run here, in pieces of some length."""
            near = (length for other, length in long if abs(other - place) * sheet.mm <= 1.0)
            return sum(near) * sheet.mm

        return [mark for mark, place, _ in thin if along(place) >= _STREAK_LENGTH_MM]

    down = explained([(mark, mark.left, mark.width, mark.height) for mark in found])
    across = explained([(mark, mark.top, mark.height, mark.width) for mark in found])
    return down + across, BlankReason.STREAKS


def _holes(found: list[Mark], sheet: _Sheet) -> _Explained:
    """Return round marks at the edge that are full, or have a like at a punch's distance."""
    low, high = _HOLE_MM

    def round_at_edge(mark: Mark) -> bool:
        height, width = mark.height * sheet.mm, mark.width * sheet.mm
        sized = low <= height <= high and low <= width <= high and abs(height - width) < 1.5
        return sized and min(sheet.gaps(mark)) + low < _HOLE_ZONE_MM

    def full(mark: Mark) -> bool:
        return mark.area / (mark.height * mark.width) > _FULL

    def paired(one: Mark, other: Mark) -> bool:
        down, across = abs(one.top - other.top) * sheet.mm, abs(one.left - other.left) * sheet.mm
        near, far = _HOLE_APART_MM
        return min(down, across) < 4.0 and near <= max(down, across) <= far

    rounds = [mark for mark in found if round_at_edge(mark)]
    explained = [a for a in rounds if full(a) or any(paired(a, b) for b in rounds)]
    return explained, BlankReason.HOLES


def _staples(found: list[Mark], sheet: _Sheet) -> _Explained:
    """Return short thin bars in the corners, where nothing else is there."""

    def bar_in_corner(mark: Mark) -> bool:
        length = math.hypot(mark.height, mark.width) * sheet.mm
        thickness = mark.area * sheet.mm**2 / length
        top, left, bottom, right = sheet.gaps(mark)
        return (
            _STAPLE_MM[0] <= length <= _STAPLE_MM[1]
            and thickness <= _STAPLE_WIDTH_MM
            and mark.area >= 0.6 * math.hypot(mark.height, mark.width)
            and min(top, bottom) <= _STAPLE_ZONE_MM
            and min(left, right) <= _STAPLE_ZONE_MM
        )

    bars = [mark for mark in found if bar_in_corner(mark)]
    return (bars if len(bars) <= 2 and len(bars) == len(found) else []), BlankReason.HOLES


def _faintly_drawn(levels: Levels, sharpness: Levels, least: float, sheet: _Sheet) -> bool:
    """Tell whether strokes are there too pale to count one by one, as of a hard pencil or a stamp
    without ink: they are crisp all along, which nothing is that the paper has softened."""
    seen = next(
        (each for each in (levels >= least * by for by in _STEPS) if not _grainy(each)), None
    )
    if seen is None:
        return False
    seen &= ~_edge_shadows(seen, round(_EDGE_SHADOW_MM / sheet.mm))
    strokes = [
        mark
        for mark in marks.found(seen, levels, sharpness)
        if mark.peak < FIRM
        and mark.crispness >= _CRISP
        and _kind(mark, sheet) in (None, BlankReason.BLEED_THROUGH)
    ]
    along_the_feed, _ = _streaks(strokes, sheet)
    drawn = sum(max(m.height, m.width) for m in strokes if m not in along_the_feed)
    return drawn * sheet.mm >= _DRAWN_MM


def _grainy(seen: Mask) -> bool:
    """Tell whether so many single pixels are seen that they are the grain of the scan."""
    alone = seen[1:-1, 1:-1] & ~(seen[:-2, 1:-1] | seen[2:, 1:-1])
    alone &= ~(seen[1:-1, :-2] | seen[1:-1, 2:])
    return int(np.count_nonzero(alone)) > _MOST_GRAINS


def _shines_through(levels: Levels) -> bool:
    """Tell whether soft, faint ink lies on the page."""
    return float((_blurred(levels, 2.0) >= _SHINES).mean()) > 0.005
