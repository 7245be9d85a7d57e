"""Reads one page image: size, resolution, blank, turn, skew, codes.

A program (``python -m digitizer.pages.reading FILE``) run by the local lane and by ``inspect``;
it prints its ``Reading`` as JSON. Knows no dossier and no identifier.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, ImageFilter

from digitizer import programs
from digitizer.boxes import Box
from digitizer.confinement import Rights
from digitizer.model import BlankReason, Reading
from digitizer.pages import (
    blank,
    codes,
    ink,
    look,
    negative,
    paper,
    pose,
    raster,
    resolution,
    tesseract,
)
from digitizer.pages.pose import Pose

_MEASURE_DPI = 100.0
_CLOSE_DPI = 150.0
_CODES_DPI = 300.0
_DRAFT_SLACK = 1.02
_EDGE_MM, _QUIET_MM = 1.5, 2.0
_DARK = 60
"""Grey level below which no paper is, not even a dark blue folder's cover."""


class Scan(Struct, frozen=True):
    """A page image decoded once, for every measure and for OCR.

    Attributes:
        page: 8-bit grey; may be smaller than the image where that was larger than needed.
        width, height: Pixels of the image as stored.
        resolution: Of the image as stored.
        exif_turn: Degrees clockwise by the file's EXIF.
        file: Where it came from.
    """

    page: Image.Image
    width: int
    height: int
    resolution: resolution.Resolution
    exif_turn: int
    file: Path


def decode(path: Path) -> Scan:
    """Decode the image at ``path`` once. Raises what ``raster.opened`` raises."""
    with raster.opened(path) as image:
        width, height = image.size
        found = resolution.of_image(image)
        enough = (
            round(width * min(1.0, _CODES_DPI / found.x) / _DRAFT_SLACK),
            round(height * min(1.0, _CODES_DPI / found.y) / _DRAFT_SLACK),
        )
        turn = raster.exif_turn(image)
        return Scan(raster.grey(image, enough), width, height, found, turn, path)


def read(path: Path) -> Reading:
    """Read the page image at ``path``.

    Raises:
        FileMissing, FileEmpty, FileUnreadable, ImageTooLarge: from the file.
        ToolMissing, ProgramTimeout, ProgramCrashed: from Tesseract, asked only in doubt.
    """
    return measure(decode(path))


def measure(scan: Scan) -> Reading:
    """Measure a decoded page."""
    return measured(scan).reading


class Measured(Struct, frozen=True):
    """A page's reading, and whether it is black or bears codes and nothing else: then there is no
    word on it, and no line to tell how it lies. ``hurried``: a time limit was met before it was
    known how it lies."""

    reading: Reading
    wordless: bool
    hurried: bool


def measured(scan: Scan) -> Measured:
    """Measure a decoded page, and tell whether OCR would find anything on it."""
    looked = _looked(scan)
    found = codes.locate(scan.page, looked.contrast, _MEASURE_DPI, scan.file)
    wordless = _nothing_else(scan, looked, found) if found else _black(looked)
    page = _geometry(scan, looked, Pose(scan.exif_turn, 0.0, 0.0) if wordless else None)
    return replace(page, reading=replace(page.reading, codes=codes.each(found)))


def _nothing_else(scan: Scan, looked: _Looked, found: Sequence[codes.Located]) -> bool:
    """Tell whether the page would be blank without its codes."""

    def without(levels: ink.Levels, dpi: float) -> ink.Levels:
        scale, quiet = levels.shape[1] / scan.page.width, _QUIET_MM / 25.4 * dpi
        rest = levels.copy()
        for one in found:
            left, top, right, bottom = (side * scale for side in one.box.sides)
            rows = slice(max(0, round(top - quiet)), max(0, round(bottom + quiet)))
            rest[rows, max(0, round(left - quiet)) : max(0, round(right + quiet))] = 0.0
        return rest

    if blank.plainly_written(without(looked.contrast, _MEASURE_DPI), _MEASURE_DPI):
        return False
    close = without(ink.contrast(looked.at(_CLOSE_DPI)), _CLOSE_DPI)
    outside = _off_paper(looked.view, close.shape, _CLOSE_DPI)
    return blank.judge(close, outside, _CLOSE_DPI).reason is not None


def why_blank(scan: Scan) -> BlankReason | None:
    """Return why a decoded page is blank, None where it is not; all else costs more."""
    looked = _looked(scan)
    return _blank_reason(looked)


def geometry(scan: Scan) -> Reading:
    """Measure all of a decoded page but its codes."""
    return _geometry(scan, _looked(scan), None).reading


class _Looked(Struct, frozen=True):
    """A page at any resolution, where its paper lies in it, and its contrast on the paper."""

    at: pose.At
    view: paper.View
    contrast: ink.Levels


def _looked(scan: Scan) -> _Looked:
    at = functools.cache(lambda dpi: _at(scan, dpi))
    view = paper.find(at(paper.DPI))
    return _Looked(at, view, _on_paper(ink.contrast(at(_MEASURE_DPI)), view))


def _geometry(scan: Scan, looked: _Looked, known: Pose | None) -> Measured:
    """Measure a page; ``known``: how it lies, where there is nothing on it to tell."""
    view, contrast = looked.view, looked.contrast
    why = _blank_reason(looked)
    edges = view.sheet.angle if view.sheet and view.sheet.sure else 0.0
    lies = known or Pose(scan.exif_turn, edges, 0.0)
    if why is None and known is None:
        at = functools.cache(lambda dpi: negative.righted(looked.at(dpi), dpi))
        plain = at(_MEASURE_DPI) is looked.at(_MEASURE_DPI)
        printed = contrast if plain else _on_paper(ink.contrast(at(_MEASURE_DPI)), view)
        lies = pose.find(at, scan.exif_turn, printed >= pose.INK, _MEASURE_DPI, edges)
    box = _box(scan, view.sheet, lies.skew)
    sure = box is not None and view.sheet is not None and view.sheet.sure
    page = looked.at(_MEASURE_DPI)
    seen = _levelled(scan, page, lies.turn, lies.skew, box if sure else None)
    found = Reading(
        width=scan.width,
        height=scan.height,
        dpi_x=scan.resolution.x,
        dpi_y=scan.resolution.y,
        blank=why is not None,
        ink=blank.ink_fraction(contrast, _MEASURE_DPI),
        turn=lies.turn,
        skew=lies.skew,
        look=look.of(seen) if why is None else "",
        blank_reason=why,
        turn_confidence=lies.confidence,
        crop=box,
        crop_sure=sure,
    )
    return Measured(found, wordless=known is not None, hurried=lies.hurried)


def _on_paper(contrast: ink.Levels, view: paper.View) -> ink.Levels:
    """Return the contrast without what is the lid's, and the paper's edge on it."""
    if not view.lid.any():
        return contrast
    return np.where(_off_paper(view, contrast.shape, _MEASURE_DPI), np.float32(0.0), contrast)


def _off_paper(view: paper.View, shape: tuple[int, ...], dpi: float) -> ink.Mask:
    """Return which pixels are no paper, or its very edge."""
    lid = Image.fromarray((view.lid * 255).astype(np.uint8))
    grown = lid.filter(ImageFilter.MaxFilter(2 * round(_EDGE_MM / 25.4 * paper.DPI) + 1))
    sized = grown.resize((shape[1], shape[0]), Image.Resampling.NEAREST)
    return np.asarray(sized) > 0


def _blank_reason(looked: _Looked) -> BlankReason | None:
    if blank.plainly_written(looked.contrast, _MEASURE_DPI) or _dark(looked):
        return None
    close = ink.contrast(looked.at(_CLOSE_DPI))
    outside = _off_paper(looked.view, close.shape, _CLOSE_DPI)
    return blank.judge(close, outside, _CLOSE_DPI).reason


def _dark(looked: _Looked) -> bool:
    """Tell whether what should be paper is nearly black: a lamp that failed, a lid scanned without
    paper. Somebody has to see that; it is no blank side of a sheet."""
    sheet = np.asarray(looked.at(paper.DPI))[~looked.view.lid]
    return bool(sheet.size == 0 or np.median(sheet) < _DARK)


def _black(looked: _Looked) -> bool:
    """Tell whether a page is dark all over: nothing lighter lies or is printed on it."""
    return _dark(looked) and not negative.bears_light(looked.at(paper.DPI))


def _box(scan: Scan, sheet: paper.Sheet | None, skew: float) -> Box | None:
    """Return the box that holds the whole sheet once the page is level by ``skew``."""
    if sheet is None:
        return None
    across, down = scan.width / scan.resolution.x, scan.height / scan.resolution.y
    left, top, right, bottom = sheet.sides
    turned = math.radians(skew - sheet.angle)
    corners = [
        (
            (x - 0.5) * across * math.cos(turned) - (y - 0.5) * down * math.sin(turned),
            (x - 0.5) * across * math.sin(turned) + (y - 0.5) * down * math.cos(turned),
        )
        for x in (left, right)
        for y in (top, bottom)
    ]
    found = (
        min(x for x, _ in corners) / across + 0.5,
        min(y for _, y in corners) / down + 0.5,
        max(x for x, _ in corners) / across + 0.5,
        max(y for _, y in corners) / down + 0.5,
    )
    # Where the sheet runs out of the image there is no edge to go by: the image's own end is it.
    ends = (0.0, 0.0, 1.0, 1.0)
    sides = [
        end if side == end else place
        for side, end, place in zip(sheet.sides, ends, found, strict=True)
    ]
    return Box(
        math.floor(sides[0] * scan.width),
        math.floor(sides[1] * scan.height),
        math.ceil(sides[2] * scan.width),
        math.ceil(sides[3] * scan.height),
    )


def _at(scan: Scan, dpi: float) -> Image.Image:
    """Return the page at ``dpi`` both ways."""
    page = scan.page
    across = max(8, round(scan.width * dpi / scan.resolution.x))
    down = max(8, round(scan.height * dpi / scan.resolution.y))
    by = max(1, round(page.width / across)), max(1, round(page.height / down))
    # Whole steps are many times cheaper, and the same but for the part of a pixel at the far ends.
    if abs(page.width / by[0] - across) < 1 and abs(page.height / by[1] - down) < 1:
        ends = min(page.width, across * by[0]), min(page.height, down * by[1])
        return page.reduce(by, (0, 0, *ends))
    return page.resize((across, down), Image.Resampling.BOX, reducing_gap=2.0)


def levelled(scan: Scan, turn: int, skew: float, box: Box | None, dpi: float) -> Image.Image:
    """Return the page upright, level and cropped, 8-bit grey at ``dpi`` both ways.

    Args:
        scan: The page.
        turn: 0, 90, 180 or 270 degrees clockwise.
        skew: Further degrees clockwise.
        box: The part of the level image that is the page; None: all of it.
        dpi: Dots per inch wanted.
    """
    return _levelled(scan, _at(scan, dpi), turn, skew, box)


def _levelled(
    scan: Scan, page: Image.Image, turn: int, skew: float, box: Box | None
) -> Image.Image:
    """Return ``page``, the scan at some resolution, upright, level and cropped."""
    if box is None:
        return raster.levelled(page, turn, skew)
    scale = (page.width / scan.width, page.height / scan.height)
    return raster.cropped(page, turn, skew, box, scale)


def rights(argv: list[str]) -> Rights:
    """Return what the program needs: its image, and Tesseract."""
    return Rights(reads=tuple(argv[:1]), runs=tesseract.PROGRAMS)


def main(argv: list[str]) -> Any:
    """Run the program: ``FILE`` → the reading as JSON."""
    (file,) = argv
    return read(Path(file)).to_json()


if __name__ == "__main__":
    programs.serve(main, rights)
