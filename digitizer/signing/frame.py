"""A page as it is seen, and as its PDF counts: turned, cropped, in units of its own. PURE.

Seen: from the top left corner of what is shown, across and down, in points. Counted: from the
origin of the page's own coordinates, in its own units, before it is turned.
"""

from __future__ import annotations

from msgspec import Struct

from digitizer.signing.model import Rectangle


class Frame(Struct, frozen=True):
    """How a page is seen.

    Attributes:
        shown: What is shown of it, as counted.
        turn: 0, 90, 180 or 270 degrees clockwise from counted to seen.
        unit: Points in one of its units.
    """

    shown: Rectangle
    turn: int
    unit: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as seen, in points."""
        left, bottom, right, top = self.shown
        across, down = (right - left) * self.unit, (top - bottom) * self.unit
        return (across, down) if self.turn in (0, 180) else (down, across)

    def seen(self, counted: Rectangle) -> Rectangle:
        """Return a counted rectangle as it is seen: left, top, right, bottom."""
        left, bottom, right, top = self.shown
        a, b = counted[0] - left, counted[2] - left
        c, d = top - counted[3], top - counted[1]  # down from the top
        wide, high = right - left, top - bottom
        if self.turn == 90:
            a, b, c, d = high - d, high - c, a, b
        elif self.turn == 180:
            a, b, c, d = wide - b, wide - a, high - d, high - c
        elif self.turn == 270:
            a, b, c, d = c, d, wide - b, wide - a
        return (a * self.unit, c * self.unit, b * self.unit, d * self.unit)

    def counted(self, seen: Rectangle) -> Rectangle:
        """Return a seen rectangle (left, top, right, bottom) as the PDF counts it."""
        left, bottom, right, top = self.shown
        a, c, b, d = (side / self.unit for side in seen)
        wide, high = right - left, top - bottom
        if self.turn == 90:
            a, b, c, d = c, d, high - b, high - a
        elif self.turn == 180:
            a, b, c, d = wide - b, wide - a, high - d, high - c
        elif self.turn == 270:
            a, b, c, d = wide - d, wide - c, a, b
        return (left + a, top - d, left + b, top - c)
