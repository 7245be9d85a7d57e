"""The look for markings of state secrets on one page: among its words, and as stamps on the image.

Called by OCR on what it has just read; a program too (``python -m digitizer.pages.secretlook IMAGE
TURN SKEW BOX TSV``; BOX and TSV may be empty), run by the local lane on pages that an older version
read. Its answer is ``{"marks": [...]}``, as ``digitizer.secrecy.Mark`` has them. Raise
``readings.LOOKED`` when it would find more. Knows no dossier.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from digitizer import programs
from digitizer.boxes import Box
from digitizer.confinement import Rights
from digitizer.errors import ProgramCrashed, ProgramTimeout
from digitizer.pages import (
    ocrraster,
    reading,
    secretstamps,
    secretwords,
    stamps,
    tesseract,
    wordtable,
)
from digitizer.pages.ocrraster import Raster
from digitizer.pages.ownwords import Place
from digitizer.pages.secretstamps import Stamp
from digitizer.pages.wordtable import Word
from digitizer.secrecy import How, Mark

_Sides = tuple[float, float, float, float]


class Seen(Struct, frozen=True):
    """What OCR saw of a page: the words on it, the size of the raster they are of, and that raster
    (None: the page brought its words along)."""

    words: Sequence[Word]
    size: tuple[int, int]
    page: Raster | None = None


def look(scan: reading.Scan, image: Path, place: Place, seen: Seen) -> tuple[Mark, ...]:
    """Return the markings on a page that is not blank, the surest of each level.

    Raises:
        What ``raster.opened`` and ``tesseract.block`` raise.
    """
    lines = [
        Mark(
            one.level,
            How.LINE,
            one.read,
            one.sure,
            stored(_parts(one.box, seen.size), place),
        )
        for one in secretwords.find(seen.words, seen.size)
    ]
    found = [*lines, *stamped(scan, image, place.turn)]
    if seen.page is not None:
        found += [
            _mark(one, stored(one.sides, place))
            for one in secretstamps.black(seen.page, seen.words)
        ]
    return _surest(found)


def tried(scan: reading.Scan, image: Path, place: Place, seen: Seen) -> tuple[Mark, ...] | None:
    """Return what ``look`` does; None where a program failed on it: it has to be taken again."""
    try:
        return look(scan, image, place, seen)
    except (ProgramTimeout, ProgramCrashed):
        return None


def stamped(scan: reading.Scan, image: Path, turn: int) -> tuple[Mark, ...]:
    """Return the red markings of an image, also one that is blank else. Raises as ``look``."""
    return _surest(
        [
            _mark(one, _box(one.sides, (scan.width, scan.height)))
            for one in secretstamps.coloured(scan, image, turn)
        ]
    )


def _mark(one: Stamp, box: Box) -> Mark:
    return Mark(one.level, How.STAMP, one.read, one.sure, box)


def _surest(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Return the surest of each level, the gravest first; of what was read twice in one place, the
    gravest alone."""
    found: dict[str, Mark] = {}
    for one in sorted(marks, key=lambda mark: mark.sure):
        found[one.level] = one
    out: list[Mark] = []
    for one in sorted(found.values(), key=lambda mark: -mark.level.rank):
        if not any(_meet(one.box, other.box) for other in out):
            out.append(one)
    return tuple(out)


def _meet(one: Box | None, other: Box | None) -> bool:
    if one is None or other is None:
        return False
    across = min(one.right, other.right) - max(one.left, other.left)
    return across > 0 and min(one.bottom, other.bottom) > max(one.top, other.top)


def _parts(box: wordtable.Box, size: tuple[int, int]) -> _Sides:
    return (
        box.left / size[0],
        box.top / size[1],
        (box.left + box.width) / size[0],
        (box.top + box.height) / size[1],
    )


def stored(sides: _Sides, place: Place) -> Box:
    """Return where a part of the upright, level page lies in the image as stored.

    Args:
        sides: Left, top, right and bottom in parts of the page.
        place: How the page lies in its image.
    """
    whole = place.box or Box(0, 0, *place.size)
    cos, sin = math.cos(math.radians(place.skew)), math.sin(math.radians(place.skew))
    points = []
    for x, y in ((sides[0], sides[1]), (sides[2], sides[1]), (sides[0], sides[3]), sides[2:]):
        for _ in range(place.turn // 90):
            x, y = y, 1.0 - x
        across = (whole.left + x * whole.width) / place.dpi[0] - place.size[0] / place.dpi[0] / 2
        down = (whole.top + y * whole.height) / place.dpi[1] - place.size[1] / place.dpi[1] / 2
        points.append(
            (
                (across * cos + down * sin) * place.dpi[0] / place.size[0] + 0.5,
                (down * cos - across * sin) * place.dpi[1] / place.size[1] + 0.5,
            )
        )
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return _box((min(xs), min(ys), max(xs), max(ys)), place.size)


def _box(sides: _Sides, size: tuple[int, int]) -> Box:
    left, top, right, bottom = (
        min(max(round(side * size[at % 2]), 0), size[at % 2]) for at, side in enumerate(sides)
    )
    return Box(left, top, right, bottom)


def rights(argv: list[str]) -> Rights:
    """Return what the program needs: its image, the words that were read, and Tesseract."""
    return Rights(reads=(*argv[:1], *argv[4:5]), runs=tesseract.PROGRAMS)


def main(argv: list[str]) -> Any:
    """Run the program."""
    file, turn, skew, box, tsv = argv
    image = Path(file)
    scan = reading.decode(image)
    if not tsv:
        return {"marks": [one.to_json() for one in stamped(scan, image, int(turn))]}
    place = Place(
        (scan.width, scan.height),
        (scan.resolution.x, scan.resolution.y),
        int(turn),
        float(skew),
        Box.parse(box),
    )
    page = ocrraster.of(stamps.faded(scan, image), place.turn, place.skew, place.box)
    words, size = wordtable.read(Path(tsv)), wordtable.size(Path(tsv))
    same = size == page.image.size  # a page that brought its words along was not read by OCR
    seen = Seen(words, size or page.image.size, page if same else None)
    return {"marks": [one.to_json() for one in look(scan, image, place, seen)]}


if __name__ == "__main__":
    programs.serve(main, rights)
