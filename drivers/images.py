"""Turn a raster that a back end delivered into the bytes of a page file.

Used by ``drivers.sane``, ``drivers.sane_feed`` and ``drivers.escl_pages`` inside the worker. Colour
and grey become JPEG, black-and-white becomes a TIFF with CCITT G4; both carry their resolution. The
file is the original from here on: nothing encodes it again.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from digitizer.scanning import Mode

_JPEG_QUALITY = 92
_CHROMA_HALVED = "4:2:0"
_BLOCK_ROWS = 8


def filled_up(image: Image.Image, level: int) -> bool:
    """Tell whether the last rows of a page are of one ``level`` to the pixel, as no paper is.

    A decoder that misses the end of a JPEG fills it up so, by rows of its blocks.
    """
    rows = np.asarray(image.crop((0, max(0, image.height - _BLOCK_ROWS), *image.size)))
    return bool(rows.size and (rows == level).all())


def encode(image: Image.Image, mode: Mode, dpi: int) -> tuple[str, bytes]:
    """Return a file suffix and the encoded page.

    Args:
        image: ``RGB`` or ``L``; reduced here where ``mode`` asks for less than it holds.
        mode: What the profile asked for.
        dpi: Dots per inch, both ways, written into the file.
    """
    out = io.BytesIO()
    if mode is Mode.LINEART:
        _two_levels(image).save(out, "TIFF", compression="group4", dpi=(dpi, dpi))
        return ".tif", out.getvalue()
    if mode is Mode.GRAY and image.mode != "L":
        image = image.convert("L")
    image.save(
        out,
        "JPEG",
        quality=_JPEG_QUALITY,
        optimize=True,
        subsampling=_CHROMA_HALVED,
        dpi=(dpi, dpi),
    )
    return ".jpg", out.getvalue()


def _two_levels(image: Image.Image) -> Image.Image:
    """Cut at the level that best parts ink from paper (Otsu 1979)."""
    counts = np.asarray(image.convert("L").histogram(), dtype=np.float64)
    levels = np.arange(256, dtype=np.float64)
    below = np.cumsum(counts)
    above = below[-1] - below
    mass = np.cumsum(counts * levels)
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = mass / below - (mass[-1] - mass) / above
        apart = np.nan_to_num(below * above * gap * gap)
    # one flat tone has no two classes: middle grey then tells black from white
    cut = int(np.argmax(apart)) if apart.max() > 0 else 127
    return (
        image.convert("L")
        .point([0] * (cut + 1) + [255] * (255 - cut))
        .convert("1", dither=Image.Dither.NONE)
    )
