"""Crop as data: which part of an image is the page.

PURE. Called by the model, the page programs, the bundle and the window. A box is in pixels of the
image as stored, on the image made level: rotated by its skew about its centre, its canvas as large
as before and not yet turned. So a turn by hand does not change a box, and whoever knows the box,
the skew and the turn knows exactly where each pixel goes. Across and down are scaled by the
image's own dots per inch, which may differ.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from msgspec import Struct

SMALLEST_MM = 5.0


class Cropping(StrEnum):
    """What becomes of a page that has no box of the clerk's own."""

    AUTO = ""  # what the reading says, where it is sure
    WHOLE = "whole"  # all of the image


class Box(Struct, frozen=True):
    """A rectangle; ``right`` and ``bottom`` are the pixels after its last. May reach beyond the
    image where the page lay askew."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.bottom - self.top

    def text(self) -> str:
        """Return the box as it is stored: ``left,top,right,bottom``."""
        return f"{self.left},{self.top},{self.right},{self.bottom}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the box that ``text`` gave, None for an empty text. Raises ``ValueError``."""
        if not text:
            return None
        left, top, right, bottom = (int(side) for side in text.split(","))
        return cls(left, top, right, bottom)

    def to_json(self) -> list[int]:
        """Return left, top, right and bottom."""
        return [self.left, self.top, self.right, self.bottom]


def text_of(box: Box | None) -> str:
    """Return a box as it is stored, empty for the whole image."""
    return box.text() if box else ""


def stored(wanted: Box | Cropping) -> str:
    """Return what the clerk wants of a page as it is stored; ``cropping`` takes it back."""
    return wanted.text() if isinstance(wanted, Box) else wanted.value


def cropping(text: str) -> Box | Cropping:
    """Return what a page's stored ``crop`` says. Raises ``ValueError``."""
    if text in (Cropping.AUTO, Cropping.WHOLE):
        return Cropping(text)
    return Box.parse(text) or Cropping.AUTO


class Canvas(Struct, frozen=True):
    """An image: its pixels across and down, and its dots per inch each way."""

    width: int
    height: int
    dpi_x: float
    dpi_y: float

    def box(self, left: float, top: float, width: float, height: float, turn: int) -> Box | None:
        """Return a box that is given in millimetres of the upright, level page.

        Args:
            left, top: From the top left corner of the whole page as it is read.
            width, height: Its sides. What lies beyond the page is left off.
            turn: 0, 90, 180 or 270 degrees clockwise that make the image upright.

        Returns:
            None where less than 5 mm of the page would be left either way.
        """
        across, down = self.width / self.dpi_x * 25.4, self.height / self.dpi_y * 25.4
        x0, x1, y0, y1 = left, left + width, top, top + height
        if turn == 90:
            x0, x1, y0, y1 = y0, y1, down - x1, down - x0
        elif turn == 180:
            x0, x1, y0, y1 = across - x1, across - x0, down - y1, down - y0
        elif turn == 270:
            x0, x1, y0, y1 = across - y1, across - y0, x0, x1
        x0, x1, y0, y1 = max(x0, 0.0), min(x1, across), max(y0, 0.0), min(y1, down)
        if x1 - x0 < SMALLEST_MM or y1 - y0 < SMALLEST_MM:
            return None
        x, y = self.dpi_x / 25.4, self.dpi_y / 25.4
        return Box(round(x0 * x), round(y0 * y), round(x1 * x), round(y1 * y))

    def size_mm(self, box: Box | None, turn: int) -> tuple[float, float]:
        """Return the width and height of the upright page on paper, in millimetres."""
        width, height = (box.width, box.height) if box else (self.width, self.height)
        across, down = width / self.dpi_x * 25.4, height / self.dpi_y * 25.4
        return (across, down) if turn in (0, 180) else (down, across)
