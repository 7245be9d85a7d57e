"""The pages of a PDF from outside as page images.

Called by intake. A page that is nothing but one JPEG gives that JPEG; any other is rendered, and
brings its own words along where it has any (``pages.ownwords``).
"""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from digitizer.errors import FileLocked, FileUnreadable, FormUnsupported, ImageTooLarge
from digitizer.pages import jpeg, ownwords, pdftext, raster, resolution, signing
from digitizer.pages.landing import MAX_PAGES, Landing
from digitizer.pages.ownwords import OwnWord

_RENDER_DPI, _LOWEST_DPI = 300.0, 75.0
_MAX_RENDER_PIXELS = 72_000_000
_QUALITY = 90
_GREY_SPREAD = 6
_PASSWORD_ERROR = 4
_TAIL = 4096
_WHOLE_PAGE = 0.97
_STRANGE = (
    pikepdf.PdfError,
    AttributeError,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    RecursionError,
    OverflowError,
)
"""What reading a PDF of an unforeseen build may end in."""
_SAME_SIZE = 0.02
_INVISIBLE = 3
_HARMLESS_NAMES = """
    q Q cm gs w J j M d i ri W W* n re  BT ET Tf Tr Td TD Tm T* Tj TJ Tz Tc Tw TL Ts ' "
    BMC BDC EMC MP DP  g G rg RG k K cs CS sc SC scn SCN
"""
_HARMLESS = frozenset(_HARMLESS_NAMES.split())
_SHOWS_TEXT = frozenset(("Tj", "TJ", "'", '"'))


def land(path: Path, landing: Landing) -> None:
    """Land every page of the PDF at ``path``, in order.

    Raises:
        FileLocked: It wants a password.
        FileUnreadable: It is damaged or cut short.
        FormUnsupported: It is a form that only some programs can show.
        ImageTooLarge: A page or their number is beyond any paper.
    """
    _check_end(path)
    with contextlib.ExitStack() as stack:
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            if error.err_code == _PASSWORD_ERROR:
                raise FileLocked(path.name) from error
            raise FileUnreadable(path.name) from error
        stack.callback(document.close)
        document.init_forms()
        count = len(document)
        if count == 0:
            raise FileUnreadable(path.name)
        if count > MAX_PAGES:
            raise ImageTooLarge(f"{path.name}, {count} pages")
        for index, found in enumerate(_jpegs(path, count)):
            if found is not None:
                data = found
                landing.land(".jpg", lambda file, data=data: file.write(data))  # type: ignore[misc]
            else:
                _land_rendered(document, index, path, landing)
    if _signed_and_harmless(path):
        with path.open("rb") as source:
            landing.keep_original(lambda target: shutil.copyfileobj(source, target))


def _signed_and_harmless(path: Path) -> bool:
    """Tell whether a PDF is one to be passed on as it is: signed, and free of scripts.

    Raises:
        FormUnsupported: It is a form that only some programs can show.
    """
    try:
        with pikepdf.open(path) as pdf:
            form = pdf.Root.get("/AcroForm")
            dynamic = isinstance(form, pikepdf.Dictionary) and "/XFA" in form
            if dynamic and pdf.Root.get("/NeedsRendering", False):
                raise FormUnsupported(path.name)
            return signing.is_signed(pdf) and not signing.acts(pdf)
    except _STRANGE:
        return False


def _check_end(path: Path) -> None:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        if b"%%EOF" not in file.read():
            raise FileUnreadable(path.name)


def _land_rendered(
    document: pypdfium2.PdfDocument, index: int, path: Path, landing: Landing
) -> None:
    try:
        page = document[index]
        try:
            across, down = page.get_size()
            dpi = _render_dpi(across, down, path)
            image = page.render(scale=dpi / 72.0).to_pil().convert("RGB")
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


def _own_words(document: pypdfium2.PdfDocument, index: int, shown: Image.Image) -> list[OwnWord]:
    """Return the words that a page has of itself, those of its forms and notes included."""
    page = document[index]
    try:
        flattened = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        if flattened == pdfium.FLATTEN_SUCCESS:  # seen by whoever opens the page anew
            page.close()
            page = document[index]
        return pdftext.words(page, shown)
    finally:
        page.close()


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


def _jpegs(path: Path, count: int) -> Iterator[bytes | None]:
    """Yield for every page the JPEG that it is, or None where it must be rendered."""
    try:
        pdf = pikepdf.open(path)
    except pikepdf.PdfError:
        yield from [None] * count
        return
    with pdf:
        for index in range(count):
            try:
                yield _jpeg_of(pdf.pages[index])
            except _STRANGE:
                # A page of an unforeseen build: rendering shows what there is to see.
                yield None


@dataclass(frozen=True, slots=True)
class _Placed:
    """An image drawn on a page; ``matrix`` maps its unit square to points."""

    name: str
    matrix: pikepdf.Matrix


def _jpeg_of(page: pikepdf.Page) -> bytes | None:
    placed = _only_image(page)
    if placed is None or "/Annots" in page.obj:
        return None
    image = page.obj.Resources.XObject[placed.name]
    if not _plain(image):
        return None
    box = [float(side) for side in page.cropbox.as_list()]
    across, down = box[2] - box[0], box[3] - box[1]
    matrix = placed.matrix
    upright = matrix.a > 0 and matrix.d > 0 and abs(matrix.b) + abs(matrix.c) < 0.01
    if not upright or matrix.a < _WHOLE_PAGE * across or matrix.d < _WHOLE_PAGE * down:
        return None
    if matrix.a > across / _WHOLE_PAGE or matrix.d > down / _WHOLE_PAGE:
        return None  # the page shows a part of it
    unit = float(page.obj.get("/UserUnit", 1))
    width, height = int(image.Width), int(image.Height)
    dpi = (width * 72.0 / (matrix.a * unit), height * 72.0 / (matrix.d * unit))
    data = image.read_raw_bytes()
    if not jpeg.ends(io.BytesIO(data)):
        return None  # cut short: rendering shows what is left of it, and makes it whole
    turn = int(page.obj.get("/Rotate", 0)) % 360
    return data if turn == 0 and _states(data, dpi) else jpeg.with_facts(data, dpi, turn)


def _only_image(page: pikepdf.Page) -> _Placed | None:
    """Return the single image of a page that shows nothing else, or None."""
    stack: list[tuple[pikepdf.Matrix, int]] = []
    matrix, mode = pikepdf.Matrix(), 0
    placed: list[_Placed] = []
    for instruction in pikepdf.parse_content_stream(page):
        operands, name = instruction.operands, str(instruction.operator)
        if name == "Do":
            placed.append(_Placed(str(operands[0]), matrix))
        elif name not in _HARMLESS:
            return None
        elif name == "q":
            stack.append((matrix, mode))
        elif name == "Q" and stack:
            matrix, mode = stack.pop()
        elif name == "cm":
            matrix = pikepdf.Matrix(*(float(value) for value in operands)) @ matrix
        elif name == "Tr":
            mode = int(operands[0])
        elif name in _SHOWS_TEXT and mode != _INVISIBLE:
            return None
    return placed[0] if len(placed) == 1 else None


def _plain(image: pikepdf.Object) -> bool:
    """Tell whether an image is a JPEG of grey or RGB shown just as it is."""
    if image.get("/Subtype") != "/Image":
        return False
    filters = image.get("/Filter")
    if isinstance(filters, pikepdf.Array) and len(filters) == 1:
        filters = filters[0]
    if filters != "/DCTDecode" or "/DecodeParms" in image:
        return False
    if any(key in image for key in ("/SMask", "/Mask", "/Decode", "/SMaskInData")):
        return False
    space = image.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and str(space[0]) == "/ICCBased":
        return int(space[1].N) in (1, 3)
    return space in ("/DeviceRGB", "/DeviceGray")


def _states(data: bytes, dpi: tuple[float, float]) -> bool:
    """Tell whether a JPEG gives by itself the size that its PDF page has."""
    with raster.opened_bytes(data) as image:
        own = resolution.of_image(image)
    return abs(own.x / dpi[0] - 1) <= _SAME_SIZE and abs(own.y / dpi[1] - 1) <= _SAME_SIZE
