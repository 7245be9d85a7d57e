"""The one image that a page of a PDF is nothing but, with every pixel as it is in the file.

Called by ``pages.pdfpages``. Pixels other than a JPEG's are unpacked by pdfium, row by row, so that
a stream that unfolds without end costs no more than the size its image states. Knows nothing of
folders and page files.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
from msgspec import Struct
from PIL import Image

from digitizer.errors import FileUnreadable, ImageTooLarge
from digitizer.pages import jpeg, pdfdrawing, raster, resolution
from digitizer.pages.pdfdrawing import Drawn, Placed

_SAME_SIZE = 0.02
_TWO_LEVEL = frozenset(("/CCITTFaxDecode", "/JBIG2Decode"))
_LOSSLESS = _TWO_LEVEL | frozenset(
    ("/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode")
)
_BITS = (1, 2, 4, 8)
_MASKS = ("/SMask", "/Mask", "/SMaskInData", "/OC")
_GREY, _RGB = pikepdf.Name.DeviceGray, pikepdf.Name.DeviceRGB
_SPACES = {"/DeviceGray": _GREY, "/CalGray": _GREY, "/DeviceRGB": _RGB, "/CalRGB": _RGB}
_PROFILED = {1: _GREY, 3: _RGB}

STRANGE = (
    pikepdf.PdfError,
    pypdfium2.PdfiumError,
    AttributeError,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    RecursionError,
    OverflowError,
    NotImplementedError,
)
"""What reading a PDF of an unforeseen build may end in; pikepdf says ``NotImplementedError`` of
images whose colours it does not know."""


class Pixels(Struct, frozen=True):
    """A page's pixels, upright.

    Attributes:
        image: Two levels, 8-bit grey or RGB.
        dpi: Dots per inch across and down.
    """

    image: Image.Image
    dpi: tuple[float, float]


def of_page(page: pikepdf.Page) -> bytes | Pixels | None:
    """Return what ``page`` is nothing but: the bytes of a JPEG, or the pixels of another image.

    None where it shows anything else, or where its image cannot be had without a loss or a guess:
    rendering shows what there is to see.

    Raises:
        Any of ``STRANGE``: the PDF is of an unforeseen build.
    """
    drawn = pdfdrawing.only_image(page)
    if drawn is None:
        return None
    image = page.resources.XObject[drawn.name]
    if image.get("/Subtype") != "/Image" or any(key in image for key in _MASKS):
        return None
    placed = pdfdrawing.place(page, image, drawn.matrix)
    if placed is None:
        return None
    try:
        if _is_jpeg(image):
            return _jpeg(image, placed)
        return _pixels(image, drawn, placed)
    except (FileUnreadable, ImageTooLarge):
        return None


def _filters(image: pikepdf.Object) -> list[str]:
    found = image.get("/Filter", ())
    return [str(name) for name in found] if isinstance(found, pikepdf.Array) else [str(found)]


def _is_jpeg(image: pikepdf.Object) -> bool:
    """Tell whether an image is a JPEG of grey or RGB shown just as it is."""
    if _filters(image) != ["/DCTDecode"] or "/DecodeParms" in image or "/Decode" in image:
        return False
    space = image.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and str(space[0]) == "/ICCBased":
        return int(space[1].N) in (1, 3)
    return space in ("/DeviceRGB", "/DeviceGray")


def _jpeg(image: pikepdf.Object, placed: Placed) -> bytes | None:
    """Return a JPEG that states its page's resolution and turn; no pixel is touched."""
    data = image.read_raw_bytes()
    if placed.mirrored or not jpeg.ends(io.BytesIO(data)):
        return None  # cut short: rendering shows what is left of it, and makes it whole
    with raster.opened_bytes(data) as opened:
        if opened.size != (int(image.Width), int(image.Height)):
            return None
        states = raster.exif_turn(opened) == placed.turn and _states(opened, placed.dpi)
    return data if states else jpeg.with_facts(data, placed.dpi, placed.turn)


def _states(image: Image.Image, dpi: tuple[float, float]) -> bool:
    """Tell whether an image gives by itself the size that its PDF page has."""
    own = resolution.of_image(image)
    return abs(own.x / dpi[0] - 1) <= _SAME_SIZE and abs(own.y / dpi[1] - 1) <= _SAME_SIZE


def _pixels(image: pikepdf.Object, drawn: Drawn, placed: Placed) -> Pixels | None:
    """Return the pixels of an image packed without loss, or None where they are not such."""
    stencil = bool(image.get("/ImageMask", False))
    filters = _filters(image)
    if not filters or not _LOSSLESS.issuperset(filters) or (stencil and not drawn.black):
        return None
    bits = 1 if stencil or filters[-1] in _TWO_LEVEL else int(image.BitsPerComponent)
    size = int(image.Width), int(image.Height)
    raster.check_size(size, Path("page"))
    if bits not in _BITS or min(size) < 1:
        return None
    unpacked = _unpacked(image, size, bits)
    if unpacked is None:
        return None
    if placed.mirrored:
        unpacked = unpacked.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    upright = raster.turned(unpacked, placed.turn)
    dpi = placed.dpi if placed.turn % 180 == 0 else (placed.dpi[1], placed.dpi[0])
    upright.info["dpi"] = dpi
    return Pixels(upright, dpi) if _states(upright, dpi) else None


def _unpacked(image: pikepdf.Object, size: tuple[int, int], bits: int) -> Image.Image | None:
    """Return the pixels of ``image`` as stored."""
    alone = _alone(image, bits)
    if alone is None:
        return None
    with pypdfium2.PdfDocument(alone) as document:
        page = document[0]
        try:
            (only,) = page.get_objects()
            bitmap = only.get_bitmap()
            shown = bitmap.to_pil()
            found = shown.convert("L" if shown.mode == "L" else "RGB").copy()
        finally:
            page.close()
    if found.size != size:
        return None
    return _fewest(found, bits)


def _alone(image: pikepdf.Object, bits: int) -> bytes | None:
    """Return a PDF that shows ``image`` alone, its samples taken as the screen's own colours.

    That is how a JPEG's are taken: a profile is not applied, for a bundle's pages are all sRGB.
    """
    with pikepdf.new() as pdf:
        copy = pdf.copy_foreign(image)
        if image.get("/ImageMask", False) or "/ColorSpace" not in image:
            space: pikepdf.Object | None = _GREY if bits == 1 else None
        else:
            space = _space(copy.ColorSpace)
        if space is None:
            return None
        if "/ImageMask" in copy:
            del copy["/ImageMask"]
        copy.ColorSpace, copy.BitsPerComponent = space, bits
        page = pdf.add_blank_page(page_size=(72, 72))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Image=copy))
        page.Contents = pdf.make_stream(b"72 0 0 72 0 0 cm /Image Do")
        file = io.BytesIO()
        pdf.save(file, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return file.getvalue()


def _space(space: pikepdf.Object) -> pikepdf.Object | None:
    """Return the colours of ``space`` without their profile; None where they are no grey or RGB."""
    if not isinstance(space, pikepdf.Array):
        return _SPACES.get(str(space))
    kind = str(space[0])
    if kind == "/ICCBased":
        return _PROFILED.get(int(space[1].N))
    if kind == "/Indexed":
        base = _space(space[1])
        return None if base is None else pikepdf.Array([space[0], base, space[2], space[3]])
    return _SPACES.get(kind)


def _fewest(image: Image.Image, bits: int) -> Image.Image:
    """Return the same pixels as two levels or as grey, where they are no more than that."""
    if image.mode == "RGB":
        pixels = np.asarray(image)
        if bool((pixels == pixels[:, :, :1]).all()):
            image = image.getchannel(0)
    if bits == 1 and image.mode == "L":
        levels = image.getcolors(2)
        if levels is not None and {value for _, value in levels} <= {0, 255}:
            return image.convert("1", dither=Image.Dither.NONE)
    return image
