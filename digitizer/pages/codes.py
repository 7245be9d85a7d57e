"""Bar codes, QR codes and patch codes on a page, all turns. Called by reading; knows no
identifiers.

The whole page is searched once. Where it looks like a code that was not read (small, worn, on grey
paper, under a stamp), that piece alone is searched again, larger and cleaned, and in the end
without its colours: a red stamp or a blue pen over a black code is gone then.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import zxingcpp
from msgspec import Struct
from PIL import Image, ImageChops, ImageFilter, ImageOps

from digitizer.model import Code
from digitizer.pages import patches, raster, textures
from digitizer.pages.ink import Levels
from digitizer.pages.textures import Box

_FORMATS = {
    "QRCode": zxingcpp.BarcodeFormat.QRCode,
    "Code128": zxingcpp.BarcodeFormat.Code128,
    "Code39": zxingcpp.BarcodeFormat.Code39,
    "PDF417": zxingcpp.BarcodeFormat.PDF417,
    "DataMatrix": zxingcpp.BarcodeFormat.DataMatrix,
}
_WANTED = zxingcpp.BarcodeFormats(list(_FORMATS.values()))
PATCH = "PatchCode"
PATCH_T = "PATCHT"
"""What a Kodak patch code T is said to hold: what sheets with a bar code for it hold in full."""

_SMALL_PIXELS, _PHOTO_PIXELS = 500_000, 3_000_000
_PAGE_SHAPES = ((1.37, 1.46), (1.25, 1.32))
"""What is too small for a page, or has a camera's shape and not that of A4, A5 or letter, is
searched again as a whole."""
_SLACK, _MARGIN = 0.5, 0.15
_LARGEST_SIDE, _FEWEST_PIXELS = 2400, 8
_BUDGET_PIXELS = 8_000_000
"""What looking again at a page may cost: as much as its first search."""
_FEWEST_SIGNS = {"Code39": 4, "Code128": 2}
"""A bar code of fewer signs is more often a table's rules than a code: Code 39 has no check."""
_SQUARE = ("QRCode", "DataMatrix")
"""What failed to be read and may be one of these is looked at again; bars and dotted lines are
too often taken for the others."""
_MOST_PIECES = 12


class Located(Struct, frozen=True):
    """A code and the box around it, in pixels of the page."""

    code: Code
    box: Box


def find(
    page: Image.Image,
    levels: Levels | None = None,
    dpi: float = 100.0,
    file: Path | None = None,
) -> tuple[Code, ...]:
    """Return what ``locate`` finds from top to bottom, each code once."""
    return each(locate(page, levels, dpi, file))


def each(found: Iterable[Located]) -> tuple[Code, ...]:
    """Return codes from top to bottom, each once."""
    placed = sorted(found, key=lambda one: (one.box.top, one.box.left))
    return tuple(dict.fromkeys(one.code for one in placed))


def locate(
    page: Image.Image,
    levels: Levels | None = None,
    dpi: float = 100.0,
    file: Path | None = None,
) -> list[Located]:
    """Return the codes of an 8-bit grey page and where they are.

    A code that cannot be read is left out and hides no other.

    Args:
        page: At 300 dpi or less.
        levels: The contrast of the whole page (``ink.contrast``), by which is told where to look
            again and where a patch code is; without it only a small picture is looked at twice.
        dpi: The resolution of ``levels``.
        file: The image file that ``page`` was decoded from, for its colours.
    """
    found, unread = _search(page, try_invert=False)
    if levels is not None:
        scale = page.width / levels.shape[1]
        like = [box.scaled(scale) for box in textures.code_like(levels, dpi)]
        likely = [box.within(page.width, page.height) for box in like]
        unread += [box for box in likely if textures.patterned(page.crop(box.sides), dpi * scale)]
        found += [
            Located(Code(PATCH, PATCH_T), box.scaled(scale)) for box in patches.find(levels, dpi)
        ]
    if not found and _picture(page):
        unread = [Box(0, 0, page.width, page.height)]
    return found + _look_again(page, _left(unread, found), file)


def _picture(page: Image.Image) -> bool:
    """Tell whether an image is a photograph of a code rather than a page."""
    pixels, (short, long) = page.width * page.height, sorted(page.size)
    shaped = any(least <= long / short <= most for least, most in _PAGE_SHAPES)
    return pixels <= _SMALL_PIXELS or (pixels <= _PHOTO_PIXELS and not shaped)


def _search(
    picture: Image.Image,
    binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage,
    *,
    try_invert: bool = True,
) -> tuple[list[Located], list[Box]]:
    """Search a picture once: its codes, and where there is one that could not be read."""
    found, unread = [], []
    for one in zxingcpp.read_barcodes(
        picture,
        formats=_WANTED,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=binarizer,
        try_invert=try_invert,
        return_errors=True,
    ):
        box = _around(one.position)
        name = _name(one)
        if one.valid and len(one.text) >= _FEWEST_SIGNS.get(name, 1):
            found.append(Located(Code(name, unicodedata.normalize("NFC", one.text)), box))
        elif not one.valid and name in _SQUARE and box.squarish:
            unread.append(box)
    return found, unread


def _left(boxes: Iterable[Box], found: Iterable[Located]) -> list[Box]:
    """Return the pieces in which nothing was found, largest first, each once."""
    read = [one.box.grown(_MARGIN * max(one.box.width, one.box.height)) for one in found]
    left: list[Box] = []
    for box in boxes:
        if any(box.overlap(other) > _SLACK for other in read):
            continue
        same = [other for other in left if box.overlap(other) > _SLACK]
        left = [other for other in left if other not in same]
        left.append(functools.reduce(Box.joined, same, box))
    left.sort(key=lambda box: -box.width * box.height)
    return left[:_MOST_PIECES]


class _Way(Struct, frozen=True):
    """A way to look at a piece: ``scale`` times its size, changed, parted into black and white."""

    scale: float
    change: Callable[[Image.Image], Image.Image]
    binarizer: zxingcpp.Binarizer
    colours: bool = True


def _look_again(page: Image.Image, boxes: Sequence[Box], file: Path | None) -> list[Located]:
    """Search pieces of the page in one way after the other until something is found in each.

    What it may cost is fixed beforehand, in pixels: the likeliest ways come first, for all pieces.
    """
    found: list[Located] = []
    margins = [box.grown(_MARGIN * max(box.width, box.height) + 8) for box in boxes]
    left = [margin.within(page.width, page.height) for margin in margins]
    left = [piece for piece in left if piece.width >= _FEWEST_PIXELS <= piece.height]
    colourless = _Colourless(file, page.size)
    budget = _BUDGET_PIXELS
    for way in _WAYS:
        for piece in list(left):
            picture = page.crop(piece.sides) if way.colours else colourless.crop(piece)
            if picture is None:
                continue
            scale = min(way.scale, _LARGEST_SIDE / max(picture.size))
            size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
            if size[0] * size[1] > budget:
                continue
            budget -= size[0] * size[1]
            if scale != 1.0:
                picture = picture.resize(size, Image.Resampling.BICUBIC)
            here, _ = _search(way.change(picture), way.binarizer)
            if here:
                left.remove(piece)
                found += [Located(one.code, _placed(one.box, scale, piece)) for one in here]
    return found


def _placed(box: Box, scale: float, piece: Box) -> Box:
    """Return where a box of a piece's picture lies on the page."""
    return box.scaled(1.0 / scale).moved(piece.left, piece.top)


def _as_it_is(picture: Image.Image) -> Image.Image:
    return picture


def _smooth(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(1.0))


def _sharp(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(3, 200, 0))


def _clean(picture: Image.Image) -> Image.Image:
    return ImageOps.autocontrast(picture.filter(ImageFilter.MedianFilter(3)), cutoff=2)


_LOCAL, _WHOLE = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
_WAYS = (
    _Way(2.0, _as_it_is, _LOCAL),
    _Way(2.0, _as_it_is, _LOCAL, colours=False),
    _Way(1.0, _smooth, _WHOLE),
    _Way(2.0, _smooth, _LOCAL),
    _Way(1.0, _clean, _LOCAL),
    _Way(2.0, _as_it_is, _WHOLE),
    _Way(1.0, _smooth, _WHOLE, colours=False),
    _Way(3.0, _sharp, _LOCAL),
    _Way(3.0, _sharp, _LOCAL, colours=False),
    _Way(0.5, _as_it_is, _LOCAL),
    _Way(0.5, _as_it_is, _WHOLE),
)


class _Colourless:
    """The page with every colour as light as its lightest channel: red and blue ink turn white,
    black stays. Decoded once, and only where it is asked for."""

    def __init__(self, file: Path | None, size: tuple[int, int]) -> None:
        self._file = file
        self._size = size
        self._page: Image.Image | None = None

    def crop(self, piece: Box) -> Image.Image | None:
        """Return a piece of the page, given in pixels of the page of ``size``; None where the
        file has no colours."""
        if self._file is not None:
            self._page = _coloured(self._file, self._size)
            self._file = None
        if self._page is None:
            return None
        across, down = self._page.width / self._size[0], self._page.height / self._size[1]
        left, right = round(piece.left * across), round(piece.right * across)
        top, bottom = round(piece.top * down), round(piece.bottom * down)
        red, green, blue = self._page.crop((left, top, right, bottom)).split()
        lightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
        return lightest.resize((piece.width, piece.height), Image.Resampling.BICUBIC)


def _coloured(file: Path, size: tuple[int, int]) -> Image.Image | None:
    with raster.opened(file) as image:
        if image.mode in ("1", "L"):
            return None
        if image.format in ("JPEG", "MPO"):
            image.draft("RGB", size)
        plain = raster.plain(image)
    return plain if plain.mode == "RGB" else None


def _around(position: zxingcpp.Position) -> Box:
    corners = (
        position.top_left,
        position.top_right,
        position.bottom_left,
        position.bottom_right,
    )
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    return Box(min(across), min(down), max(across) + 1, max(down) + 1)


def _name(code: zxingcpp.Barcode) -> str:
    return next(
        (name for name, kind in _FORMATS.items() if kind in (code.format, code.symbology)),
        str(code.format),
    )
