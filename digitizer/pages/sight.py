"""Pictures of a few pages of a file, small enough to look at.

A program (``python -m digitizer.pages.sight FILE INTO_DIR FIRST COUNT WIDTH HEIGHT``) run by the
window to show two versions of a paper side by side: one of them comes from another desk and is
hostile until proven otherwise. Its answer is ``{"pages": n, "files": [...]}``: how many pages the
file has, and the pictures of those from FIRST (1 …) on, each fitted into WIDTH × HEIGHT pixels.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from digitizer import programs
from digitizer.confinement import Rights
from digitizer.pages import pdfdocument, raster

_QUALITY = 88
_PDF_MAGIC, _MAGIC_WITHIN = b"%PDF-", 1024


def seen(
    path: Path, into: Path, first: int, count: int, box: tuple[int, int]
) -> tuple[int, list[Path]]:
    """Write pictures of up to ``count`` pages; return how many the file has, and the pictures.

    Raises:
        FileMissing, FileEmpty, FileUnreadable, FileLocked, ImageTooLarge.
    """
    raster.check_present(path)
    with path.open("rb") as file:
        is_pdf = _PDF_MAGIC in file.read(_MAGIC_WITHIN)
    if is_pdf:
        return _of_pdf(path, into, first, count, box)
    with raster.opened(path) as image:
        picture = raster.plain(image)
        picture.thumbnail(box)
        return 1, [_kept(picture, into, 1)] if first == 1 else []


def _of_pdf(
    path: Path, into: Path, first: int, count: int, box: tuple[int, int]
) -> tuple[int, list[Path]]:
    with pdfdocument.opened(path) as document:
        document.init_forms()  # what is filled in, and what a signature shows, is part of a page
        last = min(len(document), first + count - 1)
        found = [_page(document, at, into, box) for at in range(first, last + 1)]
        return len(document), found


def _page(document: pypdfium2.PdfDocument, number: int, into: Path, box: tuple[int, int]) -> Path:
    page = document[number - 1]
    try:
        across, down = page.get_size()
        scale = min(box[0] / max(across, 1.0), box[1] / max(down, 1.0))
        bitmap = page.render(scale=scale)
        picture = bitmap.to_pil().convert("RGB")
        bitmap.close()
    finally:
        page.close()
    return _kept(picture, into, number)


def _kept(picture: Image.Image, into: Path, number: int) -> Path:
    file = into / f"{number:04d}.jpg"
    picture.convert("RGB").save(file, quality=_QUALITY)
    return file


def rights(argv: list[str]) -> Rights:
    """Return what the program needs: the file, and the folder of its pictures."""
    return Rights(reads=tuple(argv[:1]), writes=tuple(argv[1:2]))


def main(argv: list[str]) -> Any:
    """Run the program."""
    file, into, *numbers = argv
    first, count, width, height = (int(number) for number in numbers)
    pages, files = seen(Path(file), Path(into), first, count, (width, height))
    return {"pages": pages, "files": [str(one) for one in files]}


if __name__ == "__main__":
    programs.serve(main, rights)
