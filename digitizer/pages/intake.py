"""Takes one file from outside apart into page images.

A program (``python -m digitizer.pages.intake FILE INTO_DIR [FIRST_SEQ [whole]]``) run by the folder
driver and by ``inspect`` and ``bundle``; its answer is ``{"files": [...], "original"}``, pages in
order; the original is a copy of a signed PDF (with ``whole``: of any PDF), else null. The file is
hostile until proven whole: it must parse to its very end, or none of its pages stay.
JPEG and PNG pages are copied byte for byte.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from PIL import ImageFile, ImageOps

from digitizer import programs
from digitizer.confinement import Rights
from digitizer.errors import FileUnreadable
from digitizer.pages import jpeg, raster, resolution
from digitizer.pages.landing import Landing

WHOLE = "whole"
_PDF_MAGIC, _MAGIC_WITHIN = b"%PDF-", 1024
_COPIED = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png"}
_JPEG_IN_TIFF = "jpeg"
_JPEG_QUALITY = 95
_SMALL = (64, 64)


def take(path: Path, into: Path, first: int = 1) -> list[Path]:
    """Write the pages of ``path`` into ``into`` as ``<first>.jpg`` …; return them in order."""
    return landed(path, into, first).files


def landed(path: Path, into: Path, first: int = 1, *, whole: bool = False) -> Landing:
    """Write the pages of ``path`` into ``into``, and a signed PDF itself beside them (``whole``:
    any PDF).

    Raises:
        FileMissing, FileEmpty, FileUnreadable, FileLocked, ImageTooLarge, ImageTooSmall,
            PdfOverfull, FormUnsupported, TooManyPages: nothing was left.
        OSError: ``into`` cannot be written.
    """
    raster.check_present(path)
    landing = Landing(into, first)
    try:
        if _is_pdf(path):
            # Two PDF libraries: half of this program's start, and most files are images.
            from digitizer.pages import pdfpages

            pdfpages.land(path, landing, whole=whole)
        else:
            _land_image(path, landing)
    except BaseException:
        landing.take_back()
        raise
    return landing


def _is_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _PDF_MAGIC in file.read(_MAGIC_WITHIN)
    except OSError as error:
        raise FileUnreadable(path.name) from error


def _land_image(path: Path, landing: Landing) -> None:
    with raster.opened(path) as image:
        kind = image.format or ""
        if getattr(image, "n_frames", 1) == 1:
            raster.check_page(image.size, path)
    if kind in _COPIED:
        _check_whole(path, kind)
        with path.open("rb") as source:
            landing.land(_COPIED[kind], lambda target: shutil.copyfileobj(source, target))
        return
    with raster.opened(path) as image:
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            raster.check_size(image.size, path)
            _land_frame(image, landing)


def _check_whole(path: Path, kind: str) -> None:
    """Read a file that will be copied to its end.

    Raises:
        FileUnreadable: It is cut short or damaged.
    """
    if kind == "PNG":
        with raster.opened(path) as image:
            image.verify()  # every chunk's checksum; the image is spent after it
    else:
        with path.open("rb") as file:
            if not jpeg.ends(file):
                raise FileUnreadable(path.name)
    with raster.opened(path) as image:
        if image.mode in ("L", "RGB"):
            image.draft("L", _SMALL)  # every bit is still read, few pixels are made
        image.load()


def _land_frame(image: ImageFile.ImageFile, landing: Landing) -> None:
    """Land the current frame: two levels as group 4, the rest as PNG, JPEG stays JPEG."""
    found = resolution.of_image(image)
    dpi = (found.x, found.y)
    packed_as_jpeg = image.info.get("compression") == _JPEG_IN_TIFF
    image.load()
    page = ImageOps.exif_transpose(image)
    if page.size != image.size:
        dpi = (found.y, found.x)
    if packed_as_jpeg and page.mode != "1":
        flat, whole = raster.plain(page), (round(dpi[0]), round(dpi[1]))
        landing.land(".jpg", lambda file: flat.save(file, "JPEG", quality=_JPEG_QUALITY, dpi=whole))
    else:
        landing.land_pixels(page if page.mode == "1" else raster.plain(page), dpi)


def rights(argv: list[str]) -> Rights:
    """Return what the program needs: the file, and the folder of its pages."""
    return Rights(reads=tuple(argv[:1]), writes=tuple(argv[1:2]))


def main(argv: list[str]) -> Any:
    """Run the program."""
    file, into, *more = argv
    first = int(more[0]) if more else 1
    found = landed(Path(file), Path(into), first, whole=WHOLE in more[1:])
    return {
        "files": [str(page) for page in found.files],
        "original": str(found.original) if found.original else None,
    }


if __name__ == "__main__":
    programs.serve(main, rights)
