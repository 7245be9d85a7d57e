"""The pages of a PDF from outside as page images.

Called by intake. A page that is nothing but one image gives that image (``pages.pdfimage``); any
other is rendered, and brings its own words along where it has any (``pages.ownwords``).
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO

import numpy as np
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from digitizer.errors import (
    DigitizerError,
    FileUnreadable,
    FormUnsupported,
    ImageTooLarge,
    TooManyPages,
)
from digitizer.pages import (
    ownwords,
    pdfdocument,
    pdfend,
    pdfimage,
    pdftext,
    pdfweight,
    signing,
)
from digitizer.pages.landing import MAX_PAGES, Landing
from digitizer.pages.ownwords import OwnWord
from digitizer.pages.pdfimage import STRANGE, Pixels

_RENDER_DPI, _LOWEST_DPI = 300.0, 75.0
_MAX_RENDER_PIXELS = 72_000_000
_QUALITY = 90
_WHITE = (255, 255, 255, 255)
_GREY_SPREAD = 6
_MOST_CONTENT = 1 << 20
_WHOLE_PAGE = 0.97
_DEEPEST_TREE = 64


def land(path: Path, landing: Landing, *, whole: bool = False) -> None:
    """Land every page of the PDF at ``path``, in order, and a signed PDF itself beside them.

    Args:
        path: The PDF.
        landing: Where to.
        whole: Keep one that is not signed as well: it is a bundle of another desk.

    Raises:
        FileLocked: It wants a password.
        FileUnreadable: It is damaged or cut short.
        FormUnsupported: It is a form that only some programs can show.
        ImageTooLarge: A page is beyond any paper.
        TooManyPages: Their number is.
        PdfOverfull: It would take a program minutes and gigabytes to draw.
    """
    lacks = pdfend.lacking(path)
    if not lacks:
        _land_whole(path, landing, whole=whole)
        return
    with landing.aside() as mended:
        with path.open("rb") as source, mended.open("wb") as target:
            shutil.copyfileobj(source, target)
            target.write(lacks)
        try:
            if _is_signed(mended):
                raise FileUnreadable(path.name)  # a signature covers the very bytes that it lacks
            _land_whole(mended, landing, whole=False)
        except DigitizerError as error:
            raise type(error)(error.detail.replace(mended.name, path.name)) from error


def _land_whole(path: Path, landing: Landing, *, whole: bool) -> None:
    """Land a PDF that is not cut short, as ``land`` does."""
    _check_weight(path)
    with pdfdocument.opened(path) as document:
        document.init_forms()
        count = len(document)
        if count == 0:
            raise FileUnreadable(path.name)
        if count > MAX_PAGES:
            raise TooManyPages(f"{path.name}, {count} pages")
        for index, found in enumerate(_images(path, count)):
            if isinstance(found, Pixels):
                landing.land_pixels(found.image, found.dpi)
            elif found is not None:
                data = found
                landing.land(".jpg", lambda file, data=data: file.write(data))  # type: ignore[misc]
            else:
                _land_rendered(document, index, path, landing)
    if _to_be_passed_on(path, whole=whole):
        with path.open("rb") as source:
            landing.keep_original(lambda target: shutil.copyfileobj(source, target))


def _to_be_passed_on(path: Path, *, whole: bool) -> bool:
    """Tell whether a PDF is one to be passed on as it is: signed (or ``whole``), and free of
    scripts.

    Raises:
        FormUnsupported: It is a form that only some programs can show.
    """
    try:
        with pikepdf.open(path) as pdf:
            form = pdf.Root.get("/AcroForm")
            dynamic = isinstance(form, pikepdf.Dictionary) and "/XFA" in form
            if dynamic and pdf.Root.get("/NeedsRendering", False):
                raise FormUnsupported(path.name)
            return (whole or signing.is_signed(pdf)) and not signing.acts(pdf)
    except STRANGE:
        return False


def _is_signed(path: Path) -> bool:
    try:
        with pikepdf.open(path) as pdf:
            return signing.is_signed(pdf)
    except (pikepdf.PasswordError, *STRANGE):
        return False


def _check_weight(path: Path) -> None:
    """Refuse a PDF that unpacks to too much. What qpdf cannot read is PDFium's to say."""
    try:
        with pikepdf.open(path) as pdf:
            pdfweight.check(pdf, path.name)
    except (pikepdf.PasswordError, *STRANGE):
        return


def _land_rendered(
    document: pypdfium2.PdfDocument, index: int, path: Path, landing: Landing
) -> None:
    try:
        page = document[index]
        try:
            _check_box(page, f"{path.name}, page {index + 1}")
            across, down = page.get_size()
            dpi = _render_dpi(across, down, path)
            image = _rendered(document, page, dpi)
        finally:
            page.close()
        own = _own_words(document, index, image)
    except pypdfium2.PdfiumError as error:
        raise FileUnreadable(f"{path.name}, page {index + 1}") from error

    def write(file: IO[bytes]) -> None:
        flat = image.convert("L") if _is_grey(image) else image
        made = io.BytesIO()
        flat.save(made, "JPEG", quality=_QUALITY, subsampling=0, dpi=(round(dpi), round(dpi)))
        file.write(ownwords.embedded(made.getvalue(), own) if own else made.getvalue())

    landing.land(".jpg", write)


def _rendered(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, dpi: float) -> Image.Image:
    """Return the page as RGB, forms and notes included.

    The nearest whole number of pixels: pypdfium2's own ``render`` takes the next higher one, and a
    page of 2480 pixels that its points state as 2480.0001 came out one pixel wider.
    """
    width, height = (max(1, round(points * dpi / 72.0)) for points in page.get_size())
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, format=pdfium.FPDFBitmap_BGR)
    bitmap.fill_rect(_WHITE, 0, 0, width, height)
    area = (bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT)
    pdfium.FPDF_RenderPageBitmap(*area)
    if document.formenv is not None:
        pdfium.FPDF_FFLDraw(document.formenv, *area)
    shown: Image.Image = bitmap.to_pil()
    return shown.convert("RGB")


def _own_words(document: pypdfium2.PdfDocument, index: int, shown: Image.Image) -> list[OwnWord]:
    """Return the words that a page has of itself, those of its forms and notes included."""
    page = document[index]
    try:
        fields = pdftext.field_areas(page)
        flattened = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        if flattened == pdfium.FLATTEN_SUCCESS:  # seen by whoever opens the page anew
            page.close()
            page = document[index]
        return pdftext.words(page, shown, fields)
    finally:
        page.close()


def _check_box(page: pypdfium2.PdfPage, name: str) -> None:
    """Refuse a page whose own size is none, such as 1e9 points (no number in a PDF), or one that
    overflows: PDFium takes Letter in its place and says nothing. Raises ``FileUnreadable``."""
    box = page.get_mediabox(fallback_ok=False)
    if box is not None and (box[0] == box[2] or box[1] == box[3]):
        raise FileUnreadable(f"{name}: it states no size that a page can have")


def _check_inherited_box(page: pikepdf.Page, name: str) -> None:
    """Refuse a page whose size stands further up in the file and is none, of which PDFium tells
    nothing (see ``_check_box``). Raises ``FileUnreadable``."""
    node: pikepdf.Object = page.obj
    for _ in range(_DEEPEST_TREE):
        if "/MediaBox" in node or "/Parent" not in node:
            break
        node = node.Parent
    stated = node.get("/MediaBox")
    if stated is not None and not _spans_an_area(stated):
        raise FileUnreadable(f"{name}: it states no size that a page can have")


def _spans_an_area(box: pikepdf.Object) -> bool:
    if not isinstance(box, pikepdf.Array) or len(box) != 4:
        return False
    sides = list(box)
    if not all(isinstance(side, int | Decimal) for side in sides):
        return False
    return bool(sides[0] != sides[2] and sides[1] != sides[3])


def _render_dpi(across: float, down: float, path: Path) -> float:
    """Return 300, or what keeps a huge page within bounds (points in, dpi out)."""
    if across < 1 or down < 1:
        raise FileUnreadable(path.name)
    most = (_MAX_RENDER_PIXELS * 72.0 * 72.0 / (across * down)) ** 0.5
    if most < _LOWEST_DPI:
        raise ImageTooLarge(f"{path.name}, {across:.0f} x {down:.0f} points")
    return float(int(min(_RENDER_DPI, most)))


def _is_grey(image: Image.Image) -> bool:
    pixels = np.asarray(image.reduce(4), dtype=np.int16)
    return int((pixels.max(axis=2) - pixels.min(axis=2)).max()) <= _GREY_SPREAD


def _images(path: Path, count: int) -> Iterator[bytes | Pixels | None]:
    """Yield for every page the image that it is, or None where it must be rendered."""
    try:
        pdf = pikepdf.open(path)
    except pikepdf.PdfError:
        yield from [None] * count
        return
    with pdf:
        for index in range(count):
            try:
                found = pdfimage.of_page(pdf.pages[index])
            except STRANGE:
                # A page of an unforeseen build: rendering shows what there is to see.
                found = None
            if found is None and index < len(pdf.pages):
                _check_inherited_box(pdf.pages[index], f"{path.name}, page {index + 1}")
            yield found
