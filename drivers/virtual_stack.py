"""The paper in the virtual scanner: a folder's images, each seen at the asked resolution.

Used by ``drivers.virtual``. Knows nothing of eSCL.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from digitizer.errors import FolderUnreadable
from digitizer.scanning import Mode

_SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".bmp")
_A4_WIDTH_INCHES = 210 / 25.4
_JPEG_QUALITY = 92


def images(directory: Path) -> tuple[Path, ...]:
    """Return the folder's images in name order; links that lead out of it are left out.

    Raises:
        FolderUnreadable: no such folder, or it may not be read.
    """
    try:
        inside = directory.resolve(strict=True)
        files = sorted(inside.iterdir(), key=lambda file: file.name)
    except OSError as error:
        raise FolderUnreadable(directory.name) from error
    return tuple(
        file
        for file in files
        if file.suffix.lower() in _SUFFIXES
        and not file.name.startswith(".")
        and file.resolve().is_relative_to(inside)
        and file.is_file()
    )


def scanned(file: Path, dpi: int, mode: Mode) -> bytes:
    """Return ``file`` as a scanner at ``dpi`` would send it: a JPEG.

    A JPEG that fits already is passed through as it is. An image that does not tell its
    resolution is taken for an A4 page.
    """
    with Image.open(file) as image:
        own = _dpi(image)
        wanted = "L" if mode is Mode.GRAY else "RGB"
        if image.format == "JPEG" and image.mode == wanted and round(own) == dpi:
            return file.read_bytes()
        seen = image.convert(wanted)
        if round(own) != dpi:
            size = (round(seen.width * dpi / own), round(seen.height * dpi / own))
            seen = seen.resize(size, Image.Resampling.BICUBIC)
        out = io.BytesIO()
        seen.save(out, "JPEG", quality=_JPEG_QUALITY, dpi=(dpi, dpi))
        return out.getvalue()


def _dpi(image: Image.Image) -> float:
    told = image.info.get("dpi")
    if told is not None and float(told[0]) >= 50:
        return float(told[0])
    return min(image.width, image.height) / _A4_WIDTH_INCHES
