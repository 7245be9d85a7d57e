"""Stamps that may be the marking of a state secret, found on the raw page, cut out and read.

Called by the look at a page (``pages.secretlook``). OCR does not see them: coloured seals are faded
in its raster, and what is stamped by hand lies askew and across other lines. The stamps are 20 to
40 mm long and 8 mm high, framed, in red (TT 24/2020/TT-BCA); copies have them in black. What has
about that size and shape is levelled by its own tilt and read by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from digitizer.pages import (
    clusters,
    connected,
    ink,
    reading,
    secretwords,
    slanted,
    stamps,
    tesseract,
)
from digitizer.pages.connected import Points
from digitizer.pages.ink import Mask
from digitizer.pages.ocrraster import Raster
from digitizer.pages.slanted import Slanted
from digitizer.pages.stamps import Colours
from digitizer.pages.wordtable import Word
from digitizer.secrecy import Level

LOOK_DPI, _READ_DPI = 75.0, 200.0
_RED = 40.0
"""How much redder than the paper around it ink is; faded stamps are at 60, pink forms at 10."""
_PAPER_CELL = 12
_CELL_MM, _INKED_CELL = 1.5, 0.08
_LONG_MM, _BROAD_MM = (9.0, 62.0), (2.8, 22.0)
_FLATTEST, _SQUARE, _SQUARE_MM = 12.0, 1.5, 30.0
"""What is less than ``_SQUARE`` times as long as broad may be of two lines (*TỐI* over *MẬT*), that
broad, and read along either side."""
_MARGIN_MM = 1.0
_WORD = 3.5
"""How long a word of three letters and the gap before it are, in heights of letters."""
_RULE_MM, _STROKE_MM = 9.0, 6.4
"""Strokes longer than that, along and across, are the frame's: no letter has them."""
_FRAME_MM, _SIDE, _BORDER_MM = 1.2, 0.5, 4.0
"""How far in a frame reaches, how much of each side of a worn one is there at least, and the white
around what is read."""
_DARK, _FAINT, _WHITE = 128, 190, 255
_MOST = 10
_HIGH_MM, _ALIKE = 8.0, 0.25
_COVERED = 60.0
_UPPER = 0.55
_SECONDS = 20.0
_STRAIGHT = 45.0
_FRAMED_SURE, _SURE, _SLIP = 0.95, 0.9, 0.7


class Stamp(Struct, frozen=True):
    """A marking that was read: where it lies, in parts of the image that was looked at."""

    level: Level
    read: str
    sure: float
    sides: tuple[float, float, float, float]


def coloured(scan: reading.Scan, image: Path, turn: int) -> list[Stamp]:
    """Return the red markings of an image; the parts are those of the image as stored.

    Args:
        scan: The page.
        image: Its file.
        turn: 0, 90, 180 or 270: degrees clockwise that make it upright.

    Raises:
        What ``raster.opened`` and ``tesseract.block`` raise.
    """
    coarse = stamps.colours(image, scan, LOOK_DPI)
    if coarse is None:
        return []
    found = list(_shapes(_reddened(coarse), LOOK_DPI))
    if not found:
        return []
    fine = stamps.colours(image, scan, _READ_DPI)
    if fine is None:
        return []
    redness = Image.fromarray(255 - np.clip(_redness(fine), 0, 255).astype(np.uint8))
    scale = fine.shape[1] / coarse.shape[1]
    size = coarse.shape[1], coarse.shape[0]
    return _stamps(
        _likeliest(found, LOOK_DPI), size, lambda part: _whole(redness, part.scaled(scale), turn)
    )


def black(page: Raster, words: Sequence[Word]) -> list[Stamp]:
    """Return the markings among what was not read in the upper part of a page; the parts are
    those of the raster that OCR saw."""
    left_over = page.inked.copy()
    left_over[round(_UPPER * left_over.shape[0]) :] = False
    rim = max(1, round(0.5 / 25.4 * page.dpi))
    for word in words:
        if word.confidence >= _COVERED and len(word.text) > 1:
            box = word.box
            left_over[
                max(0, box.top - rim) : box.top + box.height + rim,
                max(0, box.left - rim) : box.left + box.width + rim,
            ] = False
    found = _likeliest(_shapes(left_over, page.dpi), page.dpi)
    return _stamps(found, page.image.size, lambda part: _whole(page.image, part, 0, page.dpi))


def _stamps(
    parts: Iterable[Slanted],
    size: tuple[int, int],
    read: Callable[[Slanted], tuple[Level, str, float] | None],
) -> list[Stamp]:
    """Return what can be read as a marking, each place once; ``size`` of what they are parts of."""
    out: list[Stamp] = []
    places: list[Slanted] = []
    for part in parts:
        if any(_within(part, other) for other in places):
            continue
        found = read(part)
        if found is not None:
            left, top, right, bottom = part.sides
            sides = (left / size[0], top / size[1], right / size[0], bottom / size[1])
            places.append(part)
            out.append(Stamp(*found, sides))
    return out


def _redness(colours: Colours) -> NDArray[np.float32]:
    """Return how red each pixel is beyond its other colours; black print is not at all."""
    red, green, blue = (colours[:, :, channel].astype(np.float32) for channel in range(3))
    out: NDArray[np.float32] = np.maximum(red - np.maximum(green, blue), 0.0)
    return out


def _reddened(colours: Colours) -> Mask:
    """Return which pixels are redder than the paper around them."""
    redness = _redness(colours)
    if not (redness >= _RED).any():
        return np.zeros(redness.shape, dtype=bool)
    page = Image.fromarray(redness.astype(np.uint8))
    cells = (max(1, page.width // _PAPER_CELL), max(1, page.height // _PAPER_CELL))
    paper = page.resize(cells, Image.Resampling.BOX).filter(ImageFilter.MinFilter(5))
    paper = paper.resize(page.size, Image.Resampling.BILINEAR)
    out: Mask = redness - np.asarray(paper, dtype=np.float32) >= _RED
    return out


def _shapes(mask: Mask, dpi: float) -> Iterator[Slanted]:
    """Yield what has the size and shape of a stamp, in pixels of ``mask``: what touches, and what
    stands together."""
    if not mask.any():
        return
    touching = connected.find(mask, round(_LONG_MM[0] / 25.4 * dpi))
    for points in (*touching, *_together(mask, dpi)):
        part = slanted.around(points)
        if _fits(part, dpi):
            yield part


def _together(mask: Mask, dpi: float) -> Iterator[Points]:
    cell = max(2, round(_CELL_MM / 25.4 * dpi))
    longest = _LONG_MM[1] / 25.4 * dpi
    for patch in clusters.find(mask, cell, _INKED_CELL):
        if max(patch.width, patch.height) <= longest * 1.1:
            down, across = np.nonzero(
                mask[patch.top : patch.top + patch.height, patch.left : patch.left + patch.width]
            )
            yield np.column_stack([across + patch.left, down + patch.top]).astype(np.float64)


def _fits(part: Slanted, dpi: float) -> bool:
    length, breadth = (side / dpi * 25.4 for side in (part.length, part.breadth))
    broadest = _SQUARE_MM if _is_square(part) else _BROAD_MM[1]
    return (
        _LONG_MM[0] <= length <= _LONG_MM[1]
        and _BROAD_MM[0] <= breadth <= broadest
        and length <= _FLATTEST * breadth
    )


def _likeliest(parts: Iterable[Slanted], dpi: float) -> list[Slanted]:
    """Return those that are about as high as the stamps are first, each once, and not too many;
    then those that may be of two lines."""
    parts = list(parts)
    out: list[Slanted] = []
    for square, high in ((False, _HIGH_MM), (True, 2 * _HIGH_MM)):
        alike = [part for part in parts if _is_square(part) is square]
        once: list[Slanted] = []
        for part in sorted(alike, key=lambda one: abs(one.breadth / dpi * 25.4 - high)):
            if not any(_same(part, other) for other in once):
                once.append(part)
        out += once[:_MOST]
    return out


def _is_square(part: Slanted) -> bool:
    return part.length < _SQUARE * part.breadth


def _within(part: Slanted, other: Slanted) -> bool:
    """Tell whether the middle of one lies in the other, or the other way round."""
    left, top, right, bottom = other.sides
    inside = left <= part.x <= right and top <= part.y <= bottom
    left, top, right, bottom = part.sides
    return inside or (left <= other.x <= right and top <= other.y <= bottom)


def _same(one: Slanted, other: Slanted) -> bool:
    near = max(abs(one.x - other.x), abs(one.y - other.y)) < _ALIKE * other.breadth
    return near and abs(one.length - other.length) < _ALIKE * other.length


def _whole(
    page: Image.Image, part: Slanted, turn: int, dpi: float = _READ_DPI
) -> tuple[Level, str, float] | None:
    """Read a part of ``page`` as a marking, and what stands beside it too: *MẬT* alone may be the
    end of a graver one, or of ordinary words (*BẢO MẬT*), that fell apart."""
    found = _read(page, part, turn, dpi)
    if found is None or found[0] is not Level.MAT:
        return found
    longer = replace(part, length=part.length + 2 * _WORD * part.breadth)
    for words, framed in _readings(page, longer, turn, dpi):
        if secretwords.is_ordinary(_texts(words)):
            return None
        if (more := _meant(words, framed=framed)) is not None and more[0] is not Level.MAT:
            return more
    return found


def _read(
    page: Image.Image, part: Slanted, turn: int, dpi: float
) -> tuple[Level, str, float] | None:
    """Read a part of ``page`` as a marking; None where it is none."""
    readings = _readings(page, part, turn, dpi)
    all_meant = (_meant(words, framed=framed) for words, framed in readings)
    return next((meant for meant in all_meant if meant is not None), None)


def _readings(
    page: Image.Image, part: Slanted, turn: int, dpi: float
) -> Iterator[tuple[Sequence[Word], bool]]:
    """Yield what is read of a part of ``page``, levelled and without its frame, whether it had one,
    in each way that may be right."""
    for level in _levelled(part, turn):
        margin = _MARGIN_MM / 25.4 * dpi
        cropped = _darkened(slanted.cut(page, level, margin, _READ_DPI / dpi))
        for clean, framed in _unframed(cropped):
            yield tesseract.block(clean, _READ_DPI, _SECONDS), framed


def _levelled(part: Slanted, turn: int) -> Iterator[Slanted]:
    """Yield a part by each of its sides that it may be read along, the least tilted first."""
    sides = [(part.length, part.breadth, part.angle)]
    if _is_square(part):
        sides.append((part.breadth, part.length, part.angle + 90.0))
    # as it lies on the upright page
    tilted = [((angle + turn + 90.0) % 180.0 - 90.0, *size) for *size, angle in sides]
    for tilt, length, breadth in sorted(tilted, key=lambda one: abs(one[0])):
        yield Slanted(part.x, part.y, length, breadth, tilt - turn)
        if abs(tilt) > _STRAIGHT:
            yield Slanted(part.x, part.y, length, breadth, tilt - turn + 180.0)


def _texts(words: Sequence[Word]) -> list[str]:
    texts = ("".join(filter(str.isalnum, word.text)) for word in words)
    return [text for text in texts if text]


def _meant(words: Sequence[Word], *, framed: bool) -> tuple[Level, str, float] | None:
    texts = _texts(words)
    meant = secretwords.meant_by(texts) if texts else None
    if meant is None:
        return None
    sure = _SLIP if not meant[1] else _FRAMED_SURE if framed else _SURE
    return meant[0], " ".join(word.text for word in words), sure


def _darkened(page: Image.Image) -> Image.Image:
    """Return a faded part as dark as print."""
    levels = np.asarray(page, dtype=np.float32)
    light, dark = np.percentile(levels, (80.0, 2.0))
    if light - dark < 1.0:
        return page
    out = (levels - dark) * (255.0 / (light - dark))
    return Image.fromarray(np.clip(out, 0, 255).astype(np.uint8))


def _unframed(page: Image.Image) -> Iterator[tuple[Image.Image, bool]]:
    """Yield a levelled stamp without its frame, in white, and whether it had one: first without
    long strokes, then, where something worn is around it, what is inside alone."""
    dark = np.asarray(page) < _DARK
    along = ink.runs(dark.T, round(_RULE_MM / 25.4 * _READ_DPI)).T
    across = ink.runs(dark, round(_STROKE_MM / 25.4 * _READ_DPI))
    rules = along | across
    clean = page
    if rules.any():
        grown = Image.fromarray((rules * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(5))
        levels = np.asarray(page).copy()
        levels[np.asarray(grown) > 0] = _WHITE
        clean = Image.fromarray(levels)
    if (np.asarray(clean) < _DARK).any():
        yield _bordered(clean), bool(along.any())
    inset = round((_MARGIN_MM + _FRAME_MM) / 25.4 * _READ_DPI)
    if min(page.size) > 3 * inset and _worn_frame(page):
        inner = page.crop((inset, inset, page.width - inset, page.height - inset))
        yield _bordered(inner), True


def _worn_frame(page: Image.Image) -> bool:
    """Tell whether something is all along the edges of a levelled stamp."""
    dark = np.asarray(page) < _FAINT
    band = round((_MARGIN_MM + _FRAME_MM / 2) / 25.4 * _READ_DPI)
    sides = (
        dark[:band].any(axis=0), dark[-band:].any(axis=0),
        dark[:, :band].any(axis=1), dark[:, -band:].any(axis=1),
    )  # fmt: skip
    return all(side.mean() >= _SIDE for side in sides)


def _bordered(page: Image.Image) -> Image.Image:
    """Return it on a larger sheet: what stands at an edge is not read."""
    border = round(_BORDER_MM / 25.4 * _READ_DPI)
    sheet = Image.new("L", (page.width + 2 * border, page.height + 2 * border), _WHITE)
    sheet.paste(page, (border, border))
    return sheet
