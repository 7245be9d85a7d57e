"""A page image as PDF image streams: passed through where possible, else packed losslessly.

Called by the container writer. Faithful: a JPEG's bytes go in as they are, two-level images as
CCITT group 4, everything else as Flate. Compact: what ``bundle.layers`` parts a page into, or one
smaller JPEG where that is less or the page is mostly a picture. Knows nothing of pages.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from PIL import Image, ImageFile, TiffImagePlugin

from digitizer.bundle import layers
from digitizer.bundle.request import BundlePage, Style
from digitizer.pages import jpeg, raster

_JPEG = ("JPEG", "MPO")
_BACKGROUND_QUALITY, _PICTURE_QUALITY = 65, 70
_MOSTLY_A_PICTURE = 0.35
_SMALL_ENOUGH = 0.04
"""Bytes a pixel at 200 dpi: no plain JPEG of a page with anything on it is smaller."""
_CONVERTED_QUALITY = 95
_BAND_ROWS = 256
_PASSED_SOF = {0xC0, 0xC1, 0xC2}

Filter = Literal["/DCTDecode", "/CCITTFaxDecode", "/FlateDecode", "[/FlateDecode /DCTDecode]"]


class Picture(Struct, frozen=True):
    """An image stream ready to be copied into a PDF.

    Attributes:
        width, height: Pixels.
        grey: True for one component, False for red, green and blue.
        bits: Bits per component.
        filter: How ``stream`` is packed.
        parameters: The PDF dictionary of the filter's parameters, or empty.
        stream: Open for reading, at the start of the packed bytes.
        length: How many bytes of it belong to the image.
        paint: For a stencil: what is painted where it is black, one value for grey or three for
            red, green and blue, 0 to 255. None for an image.
    """

    width: int
    height: int
    grey: bool
    bits: int
    filter: Filter
    parameters: str
    stream: IO[bytes]
    length: int
    paint: tuple[int, ...] | None = None


@contextmanager
def pictures(page: BundlePage, style: Style, scratch: Path) -> Iterator[list[Picture]]:
    """Open the image of ``page`` as PDF image streams, each drawn upon the one before it.

    Args:
        page: The page.
        style: Whether it may be made smaller.
        scratch: A folder that may be written into and stays the caller's to delete.

    Raises:
        FileMissing, FileEmpty, FileUnreadable, ImageTooLarge: from the file.
    """
    packed = scratch / "image"
    with raster.opened(page.image) as image:
        if image.mode == "1":
            made = [_group4(image, packed)]
        elif style is Style.COMPACT:
            made = _compact(image, page, scratch)
        elif image.format in _JPEG:
            made = [_jpeg(image, page.image, packed)]
        else:
            made = [_flate(image, packed)]
    try:
        yield made
    finally:
        _close(made)


def _jpeg(image: ImageFile.ImageFile, path: Path, scratch: Path) -> Picture:
    """Pass a grey or colour JPEG through; convert what PDF/A's sRGB intent cannot hold."""
    with path.open("rb") as file:
        frame = jpeg.frame(file)
    passable = frame is not None and frame.kind in _PASSED_SOF and frame.bits == 8
    if frame is None or not passable or frame.components not in (1, 3):
        return _encoded(raster.plain(image), scratch, _CONVERTED_QUALITY)
    return Picture(
        width=image.width,
        height=image.height,
        grey=frame.components == 1,
        bits=8,
        filter="/DCTDecode",
        parameters="",
        stream=path.open("rb"),
        length=path.stat().st_size,
    )


def _compact(image: ImageFile.ImageFile, page: BundlePage, scratch: Path) -> list[Picture]:
    """Return the image in layers, as one JPEG at 200 dpi, or as it is: what is smallest."""
    as_it_is = page.image.stat().st_size if image.format in _JPEG else None
    if as_it_is is not None and image.mode in ("L", "RGB"):
        image.draft(image.mode, layers.stencil_size(*image.size, page.dpi_x, page.dpi_y))
    flat = raster.plain(image)
    dpi = page.dpi_x * flat.width / page.width, page.dpi_y * flat.height / page.height
    parted = layers.part(flat, *dpi)
    made: list[Picture] = []
    only_pictures = parted.pictured > 0 and not parted.stencils
    if parted.pictured < _MOSTLY_A_PICTURE and not only_pictures:
        background = _encoded(parted.background, scratch / "background", _BACKGROUND_QUALITY)
        made.append(_deflated(background, scratch / "deflated"))
        for number, stencil in enumerate(parted.stencils):
            packed = _group4(stencil.shape, scratch / f"stencil{number}")
            made.append(replace(packed, paint=stencil.colour))
    size = layers.background_size(*flat.size, *dpi)
    if not made or _length(made) > _SMALL_ENOUGH * size[0] * size[1]:
        smaller = flat.resize(size, Image.Resampling.BOX)
        plain = _encoded(smaller, scratch / "plain", _PICTURE_QUALITY)
        if made and _length(made) < plain.length:
            plain.stream.close()
        else:
            _close(made)
            made = [plain]
    if as_it_is is None or _length(made) < as_it_is:
        return made
    _close(made)
    with raster.opened(page.image) as original:
        return [_jpeg(original, page.image, scratch / "image")]


def _length(made: list[Picture]) -> int:
    return sum(each.length for each in made)


def _close(made: list[Picture]) -> None:
    for each in made:
        each.stream.close()


def _encoded(image: Image.Image, scratch: Path, quality: int) -> Picture:
    # Progressive: an even background takes a third of what it does otherwise.
    image.save(scratch, "JPEG", quality=quality, optimize=True, progressive=True)
    return Picture(
        width=image.width,
        height=image.height,
        grey=image.mode == "L",
        bits=8,
        filter="/DCTDecode",
        parameters="",
        stream=scratch.open("rb"),
        length=scratch.stat().st_size,
    )


def _deflated(made: Picture, scratch: Path) -> Picture:
    """Pack a JPEG once more: each of its blocks costs three bits at least, the empty ones too, 24
    kB on bare A4. Not for a page's only image, which an importer takes out as the file it is."""
    with made.stream:
        packed = zlib.compress(made.stream.read(), 9)
    scratch.write_bytes(packed)
    return replace(
        made, filter="[/FlateDecode /DCTDecode]", stream=scratch.open("rb"), length=len(packed)
    )


def _group4(image: Image.Image, scratch: Path) -> Picture:
    """Pack a two-level image as CCITT group 4: one strip, taken out of a TIFF."""
    image.save(
        scratch,
        "TIFF",
        compression="group4",
        tiffinfo={TiffImagePlugin.ROWSPERSTRIP: image.height},
    )
    with Image.open(scratch) as packed:
        if not isinstance(packed, TiffImagePlugin.TiffImageFile):
            raise TypeError(type(packed))
        tags = packed.tag_v2
        offsets, lengths = (
            tags[TiffImagePlugin.STRIPOFFSETS],
            tags[TiffImagePlugin.STRIPBYTECOUNTS],
        )
        white_is_zero = tags[TiffImagePlugin.PHOTOMETRIC_INTERPRETATION] == 0
    if len(offsets) != 1:
        raise ValueError(len(offsets))
    stream = scratch.open("rb")
    stream.seek(offsets[0])
    black_is_1 = "false" if white_is_zero else "true"
    return Picture(
        width=image.width,
        height=image.height,
        grey=True,
        bits=1,
        filter="/CCITTFaxDecode",
        parameters=(
            f"<< /K -1 /Columns {image.width} /Rows {image.height} /BlackIs1 {black_is_1} >>"
        ),
        stream=stream,
        length=lengths[0],
    )


def _flate(image: ImageFile.ImageFile, scratch: Path) -> Picture:
    """Pack any other image without loss, band by band, with PNG's "up" prediction."""
    flat = raster.plain(image)
    colours = 1 if flat.mode == "L" else 3
    packer = zlib.compressobj(6)
    above = np.zeros(flat.width * colours, dtype=np.uint8)
    with scratch.open("wb") as out:
        for top in range(0, flat.height, _BAND_ROWS):
            bottom = min(top + _BAND_ROWS, flat.height)
            band = np.asarray(flat.crop((0, top, flat.width, bottom))).reshape(bottom - top, -1)
            shifted = np.vstack((above, band[:-1]))
            rows = np.full((band.shape[0], band.shape[1] + 1), 2, dtype=np.uint8)
            rows[:, 1:] = band - shifted
            above = band[-1]
            out.write(packer.compress(rows.tobytes()))
        out.write(packer.flush())
    return Picture(
        width=flat.width,
        height=flat.height,
        grey=colours == 1,
        bits=8,
        filter="/FlateDecode",
        parameters=f"<< /Predictor 15 /Colors {colours} /Columns {flat.width} >>",
        stream=scratch.open("rb"),
        length=scratch.stat().st_size,
    )


def copy(source: Picture, target: IO[bytes]) -> None:
    """Copy the packed bytes of ``source`` to ``target`` in pieces."""
    left = source.length
    while left > 0:
        piece = source.stream.read(min(left, 1 << 20))
        if not piece:
            raise EOFError(source.filter)
        target.write(piece)
        left -= len(piece)
