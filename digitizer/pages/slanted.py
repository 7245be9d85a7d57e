"""Rectangles that lie askew: found around marked pixels, and cut out level.

PURE. Called by the look for stamps, which are put on paper by hand.
"""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from PIL import Image

from digitizer.pages.connected import Points

_MOST_POINTS = 1500
_COARSE, _FINE, _WITHIN = 3.0, 1.0, 2.0
_OUTLIERS = 4.0
"""Per cent of the pixels that may stand out above and below: the marks of letters do."""


class Slanted(Struct, frozen=True):
    """A rectangle.

    Attributes:
        x, y: Its middle.
        length, breadth: Its longer and its shorter side.
        angle: Degrees clockwise from level to its longer side, within ±90.
    """

    x: float
    y: float
    length: float
    breadth: float
    angle: float

    def scaled(self, by: float) -> Slanted:
        """Return it where each unit is ``by`` of another."""
        return Slanted(self.x * by, self.y * by, self.length * by, self.breadth * by, self.angle)

    @property
    def sides(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the level box around it."""
        cos, sin = abs(math.cos(math.radians(self.angle))), abs(math.sin(math.radians(self.angle)))
        across = (self.length * cos + self.breadth * sin) / 2
        down = (self.length * sin + self.breadth * cos) / 2
        return self.x - across, self.y - down, self.x + across, self.y + down


def around(points: Points) -> Slanted:
    """Return the smallest rectangle around pixels; a few may stand out of its longer sides."""
    step = max(1, len(points) // _MOST_POINTS)
    some = points[::step] + 0.5
    best = min((_at(some, angle) for angle in np.arange(0.0, 180.0, _COARSE)), key=_area)
    near = np.arange(best.angle - _WITHIN, best.angle + _WITHIN + _FINE / 2, _FINE)
    found = min((_at(some, angle) for angle in near), key=_area)
    angle = (found.angle + 90.0) % 180.0 - 90.0
    return Slanted(found.x, found.y, found.length, found.breadth, angle)


def _area(one: Slanted) -> float:
    # Of a square any side may be the longer; what is read along is.
    return one.length * one.breadth + (1e9 if one.breadth > one.length else 0.0)


def _at(points: Points, angle: float) -> Slanted:
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    along = points[:, 0] * cos + points[:, 1] * sin
    beside = points[:, 1] * cos - points[:, 0] * sin
    low, high = along.min(), along.max()
    top, bottom = np.percentile(beside, (_OUTLIERS, 100.0 - _OUTLIERS))
    middle, depth = (low + high) / 2, (top + bottom) / 2
    return Slanted(
        float(middle * cos - depth * sin),
        float(middle * sin + depth * cos),
        float(high - low) + 1.0,
        float(bottom - top) + 1.0,
        float(angle),
    )


def cut(page: Image.Image, part: Slanted, margin: float, scale: float) -> Image.Image:
    """Return what lies in ``part``, level.

    Args:
        page: 8-bit grey or RGB.
        part: In pixels of ``page``.
        margin: How many more of these on all sides.
        scale: Pixels of the result to one of them.
    """
    size = (
        max(8, round((part.length + 2 * margin) * scale)),
        max(8, round((part.breadth + 2 * margin) * scale)),
    )
    cos = math.cos(math.radians(part.angle)) / scale
    sin = math.sin(math.radians(part.angle)) / scale
    half = size[0] / 2, size[1] / 2
    back = (
        cos, -sin, part.x - half[0] * cos + half[1] * sin,
        sin, cos, part.y - half[0] * sin - half[1] * cos,
    )  # fmt: skip
    white = 255 if page.mode == "L" else (255, 255, 255)
    return page.transform(
        size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC, fillcolor=white
    )
