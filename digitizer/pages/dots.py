"""Dots that make a line, such as a form has where something is to be written.

PURE. Called by blank, to whom each dot by itself is a speck of dust.
"""

from __future__ import annotations

from collections.abc import Sequence

_APART_MM, _OFF_MM = (0.6, 4.0), 0.4
_LEAST, _LEAST_MM = 12, 15.0
_AT_MOST, _GOES_ON = 0.9, 0.25
_BY_CHANCE = 0.2


def make_a_line(places: Sequence[tuple[float, float]], across: float, down: float) -> bool:
    """Tell whether some of the dots follow one another in a line, across the paper or down it.

    Dust scatters; what dirties the glass runs from one end of the paper to the other. Where so
    many dots lie that one follows another by chance, nothing can be told.

    Args:
        places: Their middles from the left and the top, in millimetres.
        across, down: How large the paper is, in millimetres.
    """
    near, far = _APART_MM
    by_chance = len(places) * 2 * _OFF_MM * (far - near) / max(1.0, across * down)
    if len(places) < _LEAST or by_chance > _BY_CHANCE:
        return False
    standing = [(y, x) for x, y in places]
    return _has_line(places, across) or _has_line(standing, down)


def _has_line(places: Sequence[tuple[float, float]], paper: float) -> bool:
    """Take places along and across a line, and how long the paper is that way."""
    near, far = _APART_MM
    ordered = sorted(places)
    lines: list[tuple[int, float]] = []  # to each place: its dots, and where it begins
    first = 0
    for number, (along, off) in enumerate(ordered):
        while along - ordered[first][0] > far:
            first += 1
        before = [
            lines[other]
            for other in range(first, number)
            if along - ordered[other][0] >= near and abs(off - ordered[other][1]) <= _OFF_MM
        ]
        count, begins = max(before, default=(0, along))
        lines.append((count + 1, begins))
    whole: dict[float, tuple[float, int, float]] = {}  # by where they begin: how long they are
    for (along, off), (count, begins) in zip(ordered, lines, strict=True):
        whole[begins] = max(whole.get(begins, (0.0, 0, 0.0)), (along - begins, count, off))
    return any(
        count >= _LEAST
        and _LEAST_MM <= length < _AT_MOST * paper
        and _goes_on(ordered, off, begins, begins + length) <= _GOES_ON * count
        for begins, (length, count, off) in whole.items()
    )


def _goes_on(places: Sequence[tuple[float, float]], off: float, begins: float, ends: float) -> int:
    """Count the places before and behind a line that lie on it all the same, as the pieces of a
    streak do."""
    return sum(
        not begins <= along <= ends and abs(other - off) <= 2 * _OFF_MM for along, other in places
    )
