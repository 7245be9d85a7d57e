"""Skew: how far the lines of a page lean, to a tenth of a degree within ±15.

PURE. Called by ``pose``. After Postl's projection profiles: where the columns
of a profile follow the text lines, their sum of squared steps is largest.
"""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from digitizer.pages.ink import Mask

LIMIT = 15.0
"""Degrees either way."""
_LOOKED = 24.0
"""Further than is told, lest the nearest angle within the limit is taken for the right one."""
_COARSE_STEP, _FINE_STEP = 0.5, 0.05
_COARSE_POINTS, _FINE_POINTS = 20_000, 80_000
_FEWEST_POINTS = 60
_LONGEST_STEPS, _MANY_POINTS = 10, 5_000
_SEED = 7

_Points = tuple[NDArray[np.float32], NDArray[np.float32]]


class Lean(Struct, frozen=True):
    """How the lines of a page lean.

    Attributes:
        angle: Degrees the page must be rotated clockwise to be level.
        strength: How line-like the page is at that angle, comparable between a page and the
            same page turned by 90 degrees.
        sharpness: ``strength`` over its median over all angles: near 1 where there are no lines.
    """

    angle: float
    strength: float
    sharpness: float


def lean(ink: Mask) -> Lean:
    """Measure how the text lines of ``ink`` (at about 100 dpi, rules included) lean."""
    # Lower edges: baselines are the sharpest line in running text, rules count once.
    edges = ink[:-1] & ~ink[1:]
    rows, columns = np.divmod(np.flatnonzero(edges), edges.shape[1])
    if rows.size < _FEWEST_POINTS:
        return Lean(0.0, 0.0, 1.0)
    points = _centred(rows, columns, ink.shape)
    angles = np.arange(-_LOOKED, _LOOKED + _COARSE_STEP / 2, _COARSE_STEP)
    scores = _scores(_sample(points, _COARSE_POINTS), angles, bin_pixels=2.0)
    best = float(angles[int(np.argmax(scores))])
    if abs(best) > LIMIT + _COARSE_STEP:
        return Lean(
            0.0, 0.0, 1.0
        )  # it leans more than is told: no angle is better than a wrong one
    sharpness = float(scores.max() / max(float(np.median(scores)), 1e-6))
    fine = np.arange(best - 0.6, best + 0.6 + _FINE_STEP / 2, _FINE_STEP)
    points = _sample(points, _FINE_POINTS)
    fine_scores = _scores(points, fine, bin_pixels=1.0)
    top = int(np.argmax(fine_scores))
    angle = float(fine[top]) + _FINE_STEP * _peak_offset(fine_scores, top)
    strength = float(fine_scores[top]) / points[0].size
    return Lean(round(-angle, 2) + 0.0, strength, sharpness)


def _centred(rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, ...]) -> _Points:
    return (
        rows.astype(np.float32) - shape[0] / 2,
        columns.astype(np.float32) - shape[1] / 2,
    )


def _sample(points: _Points, most: int) -> _Points:
    """Take at most ``most`` of the points, always the same ones."""
    rows, columns = points
    if rows.size <= most:
        return points
    chosen = np.random.default_rng(_SEED).choice(rows.size, most, replace=False)
    return rows[chosen], columns[chosen]


def _scores(
    points: _Points, angles: NDArray[np.float64], *, bin_pixels: float
) -> NDArray[np.float64]:
    rows, columns = (places / np.float32(bin_pixels) for places in points)
    scores = np.empty(angles.size)
    for index, angle in enumerate(np.radians(angles).tolist()):
        # A line leaning by `angle` (downwards to the right) falls into one bin.
        offsets = rows * math.cos(angle)
        offsets -= columns * math.sin(angle)
        offsets -= offsets.min()
        profile = np.bincount(offsets.astype(np.int32)).astype(np.float64)
        steps = np.abs(np.diff(profile, prepend=0.0, append=0.0))
        # A page has many lines of text; the few longest lines may be its edges or a rule. Where
        # there is little text, its few lines are the longest.
        if rows.size >= _MANY_POINTS and steps.size > _LONGEST_STEPS:
            steps = np.minimum(steps, np.partition(steps, -_LONGEST_STEPS)[-_LONGEST_STEPS])
        scores[index] = float(np.sum(np.square(steps)))
    return scores


def _peak_offset(scores: NDArray[np.float64], top: int) -> float:
    """Return where between its neighbours the peak at ``top`` really is, -0.5 to 0.5."""
    if not 0 < top < scores.size - 1:
        return 0.0
    left, middle, right = scores[top - 1 : top + 2]
    bend = left - 2 * middle + right
    return 0.0 if bend == 0 else float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5))
