"""What a stamp says, and the shapes its lines can take. PURE.

Called by ``looking``, which picks the shape that fits the page. NĐ 30/2020/NĐ-CP: form of copy,
agency, time with zone after ISO 8601, upright Times New Roman, 10 points, black.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from digitizer.signing.model import CopyKind, Look, Stamp

SIZE = 10.0
"""Points."""
LEADING = 1.15
"""From line to line, in sizes."""
PADDING = 2.0
"""Clear space around the text, in points."""

_KINDS = {CopyKind.SAO_Y: "Sao y", CopyKind.SAO_LUC: "Sao lục", CopyKind.TRICH_SAO: "Trích sao"}
_WIDTHS = (230.0, 150.0, 110.0)
_SMALLEST = 4.0

Measure = Callable[[str, float], float]
"""Tells how wide a text is at a size."""


class Shape(Struct, frozen=True):
    """Lines of one size; ``width`` and ``height`` with the clear space, in points."""

    lines: tuple[str, ...]
    size: float
    width: float
    height: float


def words(stamp: Stamp) -> tuple[str, ...]:
    """Return what a stamp says, one thing each."""
    moment = stamp.at.isoformat(timespec="seconds")
    if stamp.look is Look.PERSONAL:
        return (f"Người ký: {stamp.name}", f"Thời gian ký: {moment}")
    return (_KINDS[stamp.copy or CopyKind.SAO_Y], stamp.agency, moment)


def shapes(said: tuple[str, ...], measure: Measure, most: float) -> tuple[Shape, ...]:
    """Return the shapes to try, the best looking first.

    Args:
        said: What the stamp says, as the face can set it; empty parts are left out.
        measure: Widths of text.
        most: The width there is, in points.
    """
    parts = tuple(part for part in said if part)
    found = [_shape(_broken(parts, measure, min(width, most)), measure) for width in _WIDTHS]
    found.append(_shape(("; ".join(parts),), measure))
    fitting = {shape.lines: shape for shape in found if shape.width <= most}
    return tuple(fitting.values()) or (_squeezed(parts, measure, most),)


def _shape(lines: tuple[str, ...], measure: Measure, size: float = SIZE) -> Shape:
    width = max((measure(line, size) for line in lines), default=0.0)
    height = (len(lines) - 1) * LEADING * size + 1.2 * size
    return Shape(lines, size, width + 2 * PADDING, height + 2 * PADDING)


def _squeezed(parts: tuple[str, ...], measure: Measure, most: float) -> Shape:
    """A page narrower than a word: whatever size makes it fit, down to one that can be read."""
    size = SIZE
    while True:
        shape = _shape(_broken(parts, measure, most, size), measure, size)
        if shape.width <= most or size <= _SMALLEST:
            return shape
        size -= 0.5


def _broken(
    parts: tuple[str, ...], measure: Measure, most: float, size: float = SIZE
) -> tuple[str, ...]:
    return tuple(line for part in parts for line in _lines(part, measure, most, size))


def _lines(part: str, measure: Measure, most: float, size: float) -> Iterator[str]:
    """Break one part between its words."""
    line = ""
    for word in part.split(" "):
        longer = f"{line} {word}" if line else word
        if line and measure(longer, size) + 2 * PADDING > most:
            yield line
            longer = word
        line = longer
    yield line
