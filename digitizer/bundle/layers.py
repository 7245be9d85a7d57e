"""A page image parted into stencils of ink and a background: mixed raster content.

PURE but for Pillow. Called by ``bundle.picture``. Text and lines become two-level stencils at their
own resolution, pixel by pixel: no shape is ever taken for another. What has a colour of its own
(seals, pen, highlighter) or is no line work (photos, stains) stays in the background as it is.
Arrays are indexed [row, column].
"""

from __future__ import annotations

import functools
from typing import Any, overload

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from digitizer.bundle import cards

Mask = NDArray[np.bool_]
Grey = NDArray[np.uint8]
Real = NDArray[np.floating[Any]]

STENCIL_DPI, BACKGROUND_DPI = 300.0, 200.0
"""The background's is the legal least for a colour scan (NĐ 30/2020, TT 02/2019)."""
_SHARPENED_DPI, _MOST_ENLARGED = 400.0, 2.0
"""A coarse scan tells in greys where within a pixel an edge runs: two levels need more pixels."""
_FINE_ENOUGH, _FINER_THAN_NEEDED = 250.0, 450.0
_CELL_INCHES = 16 / 300
_FAINTEST, _HALFWAY = 0.22, 0.52
_NEARBY, _LEANING = 3, 0.67
_UNLESS_INKED = [255] + [0] * 255
_COLOURED, _BLACK = 0.13, 0.24
_MIDTONE, _DARK = 0.82, 0.45
_LIKE_A_PHOTO, _LIKE_A_TINT, _SOLID = 0.45, 0.38, 0.75
_LIKE_A_CARD, _PATTERN = 0.3, 6
_TONES, _TONE_STEP, _FEW = 6, 30, 0.01
_SOFT, _NEAR = (8, 16, 64, 256), (3, 6, 12, 48, 192)
_HALF, _INSIDE, _SAMPLES, _THICK, _ENOUGH = 128, 250, 100_000, 4, 8.0
_GRAIN_AFTER_BLUR = 0.44
_LEAST_NOISE, _MOST_NOISE = 0.8, 4.0
_DEVIATION = 2.0


class Stencil(Struct, frozen=True):
    """Ink of one tone. ``shape``: two levels, black where there is ink; ``colour``: 8-bit, one
    value for grey or three for red, green and blue."""

    shape: Image.Image
    colour: tuple[int, ...]


class Layers(Struct, frozen=True):
    """A page: ``background`` (8-bit grey or RGB) first, then each stencil painted upon it, all
    stretched over the same rectangle. ``pictured``: what part of the page is no line work, 0–1."""

    background: Image.Image
    stencils: tuple[Stencil, ...]
    pictured: float


class _Grid(Struct, frozen=True):
    """What the page is like around each cell of about 1.4 mm. ``paper``: per channel; ``light``:
    the paper's brightness; ``ink``: of the darkest thing near; all 0 to 255."""

    paper: Image.Image
    light: Real
    ink: Real


def stencil_size(width: int, height: int, dpi_x: float, dpi_y: float) -> tuple[int, int]:
    """Return the pixels that a stencil of a page has: its own, those of 300 dpi where it is finer
    than needed, those of 400 dpi but at most twice its own where it is coarse."""

    def side(pixels: int, dpi: float) -> int:
        if dpi < _FINE_ENOUGH:
            return round(pixels * min(_SHARPENED_DPI / dpi, _MOST_ENLARGED))
        if dpi <= _FINER_THAN_NEEDED:
            return pixels
        return max(1, round(pixels * STENCIL_DPI / dpi))

    return side(width, dpi_x), side(height, dpi_y)


def background_size(width: int, height: int, dpi_x: float, dpi_y: float) -> tuple[int, int]:
    """Return the pixels that a background has: those of 200 dpi, or its own if fewer."""
    return (
        max(1, round(width * min(1.0, BACKGROUND_DPI / dpi_x))),
        max(1, round(height * min(1.0, BACKGROUND_DPI / dpi_y))),
    )


def part(page: Image.Image, dpi_x: float, dpi_y: float) -> Layers:
    """Part ``page`` (8-bit grey or RGB, upright or not) into stencils and background.

    Args:
        page: All its pixels.
        dpi_x, dpi_y: Its resolution.
    """
    fine = stencil_size(*page.size, dpi_x, dpi_y)
    coarse = background_size(*page.size, dpi_x, dpi_y)
    colours = page if page.size == coarse else page.resize(coarse, Image.Resampling.BOX)
    bright = page.convert("L")
    if fine[0] < page.width:
        bright = bright.resize(fine, Image.Resampling.BICUBIC)
    cells = (
        max(1, round(page.width / dpi_x / _CELL_INCHES)),
        max(1, round(page.height / dpi_y / _CELL_INCHES)),
    )
    grid = _grid(colours, bright, cells)
    ink = _inked(bright, _stretched(_threshold(grid), bright.size), fine)
    tinted = _coloured(colours, grid) if page.mode == "RGB" else np.zeros(coarse[::-1], np.bool_)
    if tinted.any():
        ink &= ~_enlarged(tinted, fine)
    share = _share(ink, coarse)
    photos = _photos(colours, share, tinted, grid)
    if photos.any():
        ink &= ~_enlarged(photos, fine)
        share = _share(ink, coarse)
    # Beside black letters a seal stays: only what the letters cover is filled in.
    holes = _holes(share) & ~(tinted & (share < _HALF))
    return Layers(
        _background(colours, holes),
        tuple(_stencils(ink, share, colours, grid)),
        float(photos.mean()),
    )


def _grid(colours: Image.Image, bright: Image.Image, cells: tuple[int, int]) -> _Grid:
    paper = colours.resize(cells, Image.Resampling.BOX).filter(ImageFilter.MaxFilter(5))
    paper = paper.filter(ImageFilter.GaussianBlur(2))
    pixels = np.asarray(bright.reduce(2))
    rows = np.linspace(0, pixels.shape[0], cells[1] + 1).astype(int)[:-1]
    columns = np.linspace(0, pixels.shape[1], cells[0] + 1).astype(int)[:-1]
    darkest = np.minimum.reduceat(np.minimum.reduceat(pixels, rows, axis=0), columns, axis=1)
    around = Image.fromarray(darkest).filter(ImageFilter.MinFilter(3))
    return _Grid(
        paper,
        np.asarray(paper.convert("L"), dtype=np.float32),
        np.asarray(around, dtype=np.float32),
    )


def _threshold(grid: _Grid) -> Grey:
    """Return the brightness below which a pixel is ink: halfway between the ink and the paper
    around it, so that strokes keep their weight; 0 where there is none."""
    clear = grid.light - grid.ink >= _FAINTEST * grid.light
    level = grid.ink + _HALFWAY * (grid.light - grid.ink)
    return np.where(clear, level, 0).astype(np.uint8)


def _inked(bright: Image.Image, level: Image.Image, size: tuple[int, int]) -> Mask:
    """Mark what is darker than ``level``, at a stencil's ``size``.

    Where that has more pixels, the level leans on what is right around: in a coarse scan the gap
    between a letter and its mark is a grey not much lighter than the mark itself.
    """
    if bright.size == size:
        return np.asarray(bright) < np.asarray(level)
    nearby = Image.blend(level, bright.filter(ImageFilter.BoxBlur(_NEARBY)), _LEANING)
    nearby.paste(0, mask=level.point(_UNLESS_INKED))
    # What they differ by, so that one image is enlarged, not two; half of 255 is nothing.
    above = ImageChops.subtract(bright, nearby, offset=_HALF)
    return np.asarray(above.resize(size, Image.Resampling.BICUBIC)) < _HALF


def _coloured(colours: Image.Image, grid: _Grid) -> Mask:
    """Mark the pixels (of the background's) whose ink is coloured, and those beside them."""
    planes = []
    for plane, paper in zip(colours.split(), grid.paper.split(), strict=True):
        # What of the paper's own colour comes back, in 255ths: yellowed paper is white here.
        gain = 64.0 * 255.0 / np.maximum(np.asarray(paper, dtype=np.float32), 64.0)
        wide = np.asarray(_stretched(gain.astype(np.uint8), colours.size), dtype=np.uint16)
        planes.append((np.asarray(plane) * wide) >> 6)
    red, green, blue = planes
    most = np.maximum(np.maximum(red, green), blue)
    least = np.minimum(np.minimum(red, green), blue)
    found = (most - least > round(_COLOURED * 255)) & (most > round(_BLACK * 255))
    return _grown(_thick(found))


def _thick(found: Mask) -> Mask:
    """Leave out single pixels: the fringes that a scanner draws along black edges."""
    count = found.astype(np.uint8)
    count[1:] += found[:-1]
    count[:-1] += found[1:]
    across = count.copy()
    across[:, 1:] += count[:, :-1]
    across[:, :-1] += count[:, 1:]
    kept: Mask = found & (across >= _THICK)
    return kept


def _share(ink: Mask, size: tuple[int, int]) -> Grey:
    """Return how much of each of the background's pixels is ink, 0 to 255."""
    shown = Image.fromarray(ink.view(np.uint8) * np.uint8(255))
    if shown.size == (2 * size[0], 2 * size[1]):
        shown = shown.reduce(2)
    return np.asarray(shown if shown.size == size else shown.resize(size, Image.Resampling.BOX))


def _photos(colours: Image.Image, share: Grey, tinted: Mask, grid: _Grid) -> Mask:
    """Mark the cells where most is neither paper nor thin dark strokes: photos, filled areas;
    and identity cards."""
    light = np.asarray(colours.convert("L"))
    shade = np.asarray(_stretched((grid.light * _MIDTONE).astype(np.uint8), colours.size))
    dark = np.asarray(_stretched((grid.light * _DARK).astype(np.uint8), colours.size))
    strokes = _holes(share)
    middle = (light < shade) & ~strokes
    pale = (light < shade) & (light > dark) & (~strokes | (share >= _INSIDE)) & ~tinted
    wide = _crowded(middle, grid, 2) > _LIKE_A_PHOTO
    wide |= _crowded(share >= _HALF, grid, 2) > _SOLID
    wide |= _crowded(_textured(colours, strokes), grid, 2) > _LIKE_A_CARD
    wide |= (_crowded(pale, grid, 1) > _LIKE_A_TINT) | (_crowded(pale, grid, 0) > _SOLID)
    wide |= cards.find(grid.paper, _CELL_INCHES * 25.4)
    return _grown(_grown(wide))


def _textured(colours: Image.Image, strokes: Mask) -> Mask:
    """Mark, at half the resolution, where paper has a pattern: identity cards, banknotes."""
    half = np.asarray(colours.convert("L").reduce(2), dtype=np.int16)
    step = np.zeros(half.shape, dtype=np.int16)
    np.abs(half[:, 2:] - half[:, :-2], out=step[:, 1:-1])
    free = np.asarray(Image.fromarray(strokes.view(np.uint8) * np.uint8(255)).reduce(2)) == 0
    found: Mask = (step > max(_PATTERN, _PATTERN * _noise(colours, strokes))) & free
    return found


def _crowded(found: Mask, grid: _Grid, reach: int) -> Real:
    """Return what part of each cell and of ``reach`` cells around it is marked, 0 to 1."""
    shown = Image.fromarray(found.view(np.uint8) * np.uint8(255))
    cells = shown.resize(grid.paper.size, Image.Resampling.BOX).filter(ImageFilter.BoxBlur(reach))
    return np.asarray(cells, dtype=np.float32) / np.float32(255)


def _stencils(ink: Mask, share: Grey, colours: Image.Image, grid: _Grid) -> list[Stencil]:
    """Sort the ink into a few tones, cell by cell, each with the colour its strokes have inside."""
    inside = share >= _INSIDE
    if not inside.any():
        inside = share > 0
    rows, columns = np.nonzero(inside)
    if not rows.size:
        return []
    every = max(1, rows.size // _SAMPLES)
    rows, columns = rows[::every], columns[::every]
    inked = np.asarray(colours).reshape(colours.height, colours.width, -1)[rows, columns]
    local, sure = _local_tone(inside, colours, grid)
    centres = _centres(local[sure] if sure.any() else local.ravel())
    if len(centres) == 1:
        return [Stencil(Image.fromarray(~ink), _tone(inked))]
    own = np.abs(local[..., None] - centres).argmin(axis=2).astype(np.uint8)
    which = _enlarged(own, (ink.shape[1], ink.shape[0]))
    mine = _enlarged(own, colours.size)[rows, columns]
    found = []
    for index in range(len(centres)):
        shape = ink & (which == index)
        if shape.any():
            found.append(Stencil(Image.fromarray(~shape), _tone(inked[mine == index])))
    return found


def _centres(tones: Real) -> Real:
    """Return a few tones of ink, at least a visible step apart."""
    found = [np.median(tones)]
    while len(found) < _TONES and tones.size:
        away = np.abs(tones[:, None] - np.array(found)).min(axis=1)
        tone = tones[away.argmax()]
        near = np.abs(tones - tone) < _TONE_STEP / 2
        if away.max() < _TONE_STEP:
            break
        if near.mean() < _FEW:
            tones = tones[~near]
        else:
            found.append(np.median(tones[near]))
    return np.array(found, dtype=np.float32)


def _tone(inked: Grey) -> tuple[int, ...]:
    """Return what a stencil is painted with: the middle of its strokes, whose edges are lighter."""
    return tuple(int(value) for value in np.percentile(inked, 40, axis=0))


def _local_tone(inside: Mask, colours: Image.Image, grid: _Grid) -> tuple[Real, Mask]:
    """Return the brightness of the ink in each cell, of that nearby where it is too thin, and
    where it is not."""
    size = grid.paper.size
    within = Image.fromarray(inside.view(np.uint8) * np.uint8(255))
    grey = Image.composite(colours.convert("L"), Image.new("L", colours.size), within)
    count, total = (
        np.asarray(
            each.resize(size, Image.Resampling.BOX).filter(ImageFilter.BoxBlur(2)), dtype=np.float32
        )
        for each in (within, grey)
    )
    sure = count >= _ENOUGH
    return np.where(sure, total * 255 / np.maximum(count, 1), grid.ink), sure


def _holes(share: Grey) -> Mask:
    """Mark the background's pixels that ink touches, with the blur around it."""
    return _grown(_grown(share > 0))


def _background(colours: Image.Image, holes: Mask) -> Image.Image:
    """Fill the holes from around them, and let the paper's grain go where nothing else is."""
    hidden = Image.fromarray(holes.view(np.uint8) * np.uint8(255))
    soft = _averaged(colours, hidden, _SOFT)
    filled = Image.composite(_averaged(colours, hidden, _NEAR), colours, hidden)
    blurred = filled.filter(ImageFilter.BoxBlur(1))
    away = ImageChops.difference(blurred, soft).split()
    most = functools.reduce(ImageChops.lighter, away)
    kept = _grown(np.asarray(most) > _DEVIATION * _noise(colours, holes))
    return Image.composite(filled, soft, Image.fromarray(kept.view(np.uint8) * np.uint8(255)))


def _averaged(colours: Image.Image, hidden: Image.Image, steps: tuple[int, ...]) -> Image.Image:
    """Return the page without what is hidden, averaged over ``steps[0]`` pixels, or over one of
    the further ones where that is all hidden."""
    kept = Image.composite(Image.new(colours.mode, colours.size), colours, hidden)
    weight = ImageChops.invert(hidden)
    levels = []
    for step in steps:
        size = (max(1, colours.width // step), max(1, colours.height // step))
        kept, weight = (each.resize(size, Image.Resampling.BOX) for each in (kept, weight))
        known = np.asarray(weight, dtype=np.float32)[..., None]
        mean = np.asarray(kept, dtype=np.float32).reshape(size[1], size[0], -1)
        levels.append((mean * 255.0 / np.maximum(known, 1.0), np.minimum(known / 64.0, 1.0)))
    estimate = levels[-1][0]
    for mean, trust in reversed(levels[:-1]):
        size = (mean.shape[1], mean.shape[0])
        wider = np.asarray(_stretched(_levels(estimate), size), dtype=np.float32)
        estimate = trust * mean + (1 - trust) * wider.reshape(mean.shape)
    return _stretched(_levels(estimate), colours.size)


def _levels(values: Real) -> Grey:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _noise(colours: Image.Image, holes: Mask) -> float:
    """Return the grain of bare paper after a blur, in levels: what neighbours differ by."""
    pixels = np.asarray(colours.getchannel(0), dtype=np.int16)[::3]
    steps = np.abs(pixels[:, 1:] - pixels[:, :-1])[~holes[::3, 1:]]
    grain = float(np.mean(np.minimum(steps, 12))) if steps.size else 0.0
    return min(max(grain * _GRAIN_AFTER_BLUR, _LEAST_NOISE), _MOST_NOISE)


def _grown(mask: Mask) -> Mask:
    """Return ``mask`` with every pixel that shares an edge with one of it."""
    out = mask.copy()
    out[1:] |= mask[:-1]
    out[:-1] |= mask[1:]
    out[:, 1:] |= mask[:, :-1]
    out[:, :-1] |= mask[:, 1:]
    return out


def _stretched(values: Grey, size: tuple[int, int]) -> Image.Image:
    """Return values of cells as an image of ``size``, blending from one to the next."""
    flat = values[..., 0] if values.ndim == 3 and values.shape[2] == 1 else values
    return Image.fromarray(flat).resize(size, Image.Resampling.BILINEAR)


@overload
def _enlarged(values: Mask, size: tuple[int, int]) -> Mask: ...
@overload
def _enlarged(values: Grey, size: tuple[int, int]) -> Grey: ...
def _enlarged(values: Mask | Grey, size: tuple[int, int]) -> Mask | Grey:
    """Return values of cells as an array of ``size`` (width, height), as they are."""
    shown = Image.fromarray(values.view(np.uint8)).resize(size, Image.Resampling.NEAREST)
    plain: Grey = np.asarray(shown)
    return plain.view(np.bool_) if values.dtype == np.bool_ else plain
