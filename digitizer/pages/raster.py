"""One image file as pixels, opened with care: the door every page program goes through.

Called by the programs of this package and by the bundle's. Refuses what is too large before
decoding a pixel, and turns everything Pillow can say about a bad file into a row of the error
table. Knows nothing of what the pixels mean.
"""

from __future__ import annotations

import contextlib
import errno
import io
import math
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import (
    Image,
    ImageFile,
    ImageStat,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from digitizer.boxes import Box
from digitizer.errors import (
    FileEmpty,
    FileForbidden,
    FileIsFolder,
    FileMissing,
    FileUnreadable,
    ImageTooLarge,
    ImageTooSmall,
)

MAX_PIXELS = 150_000_000
"""A4 at 1200 dpi, A3 at 600 dpi and a margin: no desk scanner gives a larger page."""
MAX_SIDE = 40_000
LEAST_SIDE, NARROWEST = 16, 100
"""Fewest pixels of a page's shorter side, and how many times longer the other may be: a 1 mm strip
at 400 dpi, and ten metres of A4's width from a feeder."""
FORMATS = (
    "JPEG",
    "PNG",
    "BMP",
    "PPM",
    TiffImagePlugin.TiffImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
)
"""What pages come in. Pillow knows more, some of which start other programs."""

_GRAIN, _LIGHT = 12, 128
"""Grey levels below the paper's that are its grain; the darkest paper that is told from it."""
_EXIF_ORIENTATION = 0x0112
_EXIF_TURN = {3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}
_BAD_FILE = (UnidentifiedImageError, SyntaxError, ValueError, EOFError, IndexError, KeyError)


def check_present(path: Path) -> None:
    """Make sure that ``path`` holds bytes that can be read.

    Raises:
        FileMissing, FileIsFolder, FileEmpty, FileForbidden: as they say.
        FileUnreadable: it is a pipe or a device.
    """
    try:
        size = path.stat().st_size
    except PermissionError as error:
        raise FileForbidden(path.name) from error
    except OSError as error:
        raise FileMissing(path.name) from error
    if path.is_dir():
        raise FileIsFolder(path.name)
    if not path.is_file():
        raise FileUnreadable(path.name)
    if size == 0:
        raise FileEmpty(path.name)
    if not os.access(path, os.R_OK):
        raise FileForbidden(path.name)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[ImageFile.ImageFile]:
    """Open ``path`` as an image for the length of a ``with`` block; decode nothing yet.

    Whatever goes wrong inside the block while pixels are read is converted as well.

    Raises:
        FileMissing, FileEmpty, FileUnreadable: as they say.
        ImageTooLarge: by the header alone.
    """
    check_present(path)
    try:
        with warnings.catch_warnings():
            # Pillow's own limit warns at half of ours; ours is checked right below. What it says
            # of odd metadata is no reason to refuse the pixels.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=FORMATS) as image:
                check_size(image.size, path)
                yield image
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(path.name) from error
    except _BAD_FILE as error:
        raise FileUnreadable(path.name) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        raise FileUnreadable(path.name) from error
    except MemoryError:
        raise
    except Exception as error:
        if not _is_pillows(error):
            raise
        raise FileUnreadable(path.name) from error


def _is_pillows(error: Exception) -> bool:
    """Tell whether Pillow itself stumbled, over a file so damaged that it did not foresee it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and str(trace.tb_frame.f_globals.get("__name__")).startswith("PIL.")


@contextlib.contextmanager
def opened_bytes(data: bytes) -> Iterator[ImageFile.ImageFile]:
    """Open an image that is in memory already, such as one taken out of a PDF.

    Raises:
        FileUnreadable, ImageTooLarge: as ``opened``.
    """
    inside = Path("embedded image")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            check_size(image.size, inside)
            yield image
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(inside.name) from error
    except (*_BAD_FILE, OSError) as error:
        raise FileUnreadable(inside.name) from error
    except MemoryError:
        raise
    except Exception as error:
        if not _is_pillows(error):
            raise
        raise FileUnreadable(inside.name) from error


def check_size(size: tuple[int, int], path: Path) -> None:
    """Raise ``ImageTooLarge`` where ``size`` (width, height in pixels) is beyond any page."""
    width, height = size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise ImageTooLarge(f"{path.name}, {width} x {height} pixels")


def check_page(size: tuple[int, int], path: Path) -> None:
    """Raise ``ImageTooSmall`` where ``size`` (width, height in pixels) can be no page's."""
    short, long = sorted(size)
    if short < LEAST_SIDE or long > NARROWEST * short:
        raise ImageTooSmall(f"{path.name}, {size[0]} x {size[1]} pixels")


def exif_turn(image: Image.Image) -> int:
    """Return the degrees clockwise that the file's EXIF says the pixels must be turned."""
    try:
        return _EXIF_TURN.get(int(image.getexif().get(_EXIF_ORIENTATION, 1)), 0)
    except (ValueError, TypeError, SyntaxError):
        return 0


def grey(image: Image.Image, limit: tuple[int, int] | None = None) -> Image.Image:
    """Decode ``image`` to 8-bit grey, white where it is transparent.

    Args:
        image: As ``opened`` gave it; a JPEG is decoded straight to grey.
        limit: Width and height in pixels that suffice: a larger JPEG is decoded to a half, a
            quarter or an eighth, never below it.
    """
    if image.format in ("JPEG", "MPO") and image.mode in ("RGB", "L"):
        image.draft("L", limit or image.size)
    image.load()
    if image.mode == "L":
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("L")
    return image.convert("L")


def _from_deep(image: Image.Image) -> Image.Image:
    """Return a 16- or 32-bit image as 8-bit grey, its highest eight bits."""
    deep = np.asarray(image, dtype=np.float32)
    scale = 255.0 / (65535.0 if deep.max() > 255 else 255.0)
    return Image.fromarray(np.clip(deep * scale, 0, 255).astype(np.uint8))


def plain(image: Image.Image) -> Image.Image:
    """Return the image as 8-bit grey or RGB, white where it is transparent."""
    image.load()
    if image.mode in ("L", "RGB"):
        return image
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        white = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(white, layered).convert("RGB")
    if image.mode == "1" or image.mode == "F" or image.mode.startswith("I"):
        return grey(image)
    if image.mode == "P" and all(r == g == b for r, g, b in _colours(image)):
        return image.convert("L")
    return image.convert("RGB")


def _colours(image: Image.Image) -> list[tuple[int, int, int]]:
    palette = image.getpalette("RGB") or []
    return [(palette[i], palette[i + 1], palette[i + 2]) for i in range(0, len(palette) - 2, 3)]


def levelled(page: Image.Image, turn: int, skew: float) -> Image.Image:
    """Return the grey ``page`` upright and level.

    The canvas stays that of the upright page: what a rotation pushes over its edge is the
    scanner's lid, never the paper, for the paper was the canvas's size before it lay askew.

    Args:
        page: 8-bit grey pixels as scanned.
        turn: 0, 90, 180 or 270 degrees clockwise.
        skew: Further degrees clockwise, within ±15.
    """
    upright = turned(page, turn)
    if abs(skew) < 0.05:
        return upright
    return upright.rotate(-skew, Image.Resampling.BICUBIC, fillcolor=255)


def cropped(
    page: Image.Image, turn: int, skew: float, box: Box, scale: tuple[float, float]
) -> Image.Image:
    """Return a part of the grey ``page``, upright and level; white beyond the page.

    Args:
        page: 8-bit grey pixels as scanned, at the same resolution across and down.
        turn: 0, 90, 180 or 270 degrees clockwise.
        skew: Further degrees clockwise, within ±15.
        box: The part, in pixels of the image as stored.
        scale: Pixels of ``page`` to a pixel of the image as stored, across and down.
    """
    size = (max(8, round(box.width * scale[0])), max(8, round(box.height * scale[1])))
    cos, sin = math.cos(math.radians(skew)), math.sin(math.radians(skew))
    middle_x, middle_y = page.width / 2, page.height / 2
    # From the centre of the page to the corner of the part; each pixel is looked up where it was
    # before the page was rotated clockwise about that centre.
    x, y = box.left * scale[0] - middle_x, box.top * scale[1] - middle_y
    back = (
        cos, sin, middle_x + x * cos + y * sin,
        -sin, cos, middle_y - x * sin + y * cos,
    )  # fmt: skip
    part = page.transform(
        size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC, fillcolor=255
    )
    return turned(part, turn)


def turned(page: Image.Image, turn: int) -> Image.Image:
    """Return ``page`` turned by 0, 90, 180 or 270 degrees clockwise, pixel for pixel."""
    turns = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }
    return page.transpose(turns[turn]) if turn in turns else page


def whitened(page: Image.Image) -> Image.Image:
    """Return a grey ``page`` lightened so much that its paper is white, without grain; itself where
    it is dark.

    Tesseract packs and unpacks the image of every line, and grain makes that a twelfth of all its
    time; where nothing else is on the page it takes the grain for letters.
    """
    paper = ImageStat.Stat(page).median[0]
    white = paper - _GRAIN
    if paper < _LIGHT:
        return page
    return page.point([min(255, round(level * 255 / white)) for level in range(256)])
