"""PDFs of one page that is one image, packed in every way that scanners and programs do."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image, ImageChops, ImageDraw, TiffImagePlugin

SIZE = (621, 877)
POINTS = (SIZE[0] * 72 / 150, SIZE[1] * 72 / 150)
N = pikepdf.Name


def drawing(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """Noise with one dark corner, so that no turn of it looks like another."""
    pixels = np.random.default_rng(7).integers(0, 255, (size[1] // 10, size[0] // 10, 3))
    image = Image.fromarray(pixels.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 3, size[1] // 4), fill="black")
    return image.convert(mode)


def negative(image: Image.Image) -> Image.Image:
    return ImageChops.invert(image)


def group4(image: Image.Image) -> bytes:
    """The packed rows of a two-level image, black being 0."""
    file = io.BytesIO()
    negative(image).save(
        file,
        "TIFF",
        compression="group4",
        tiffinfo={TiffImagePlugin.ROWSPERSTRIP: image.height},
    )
    with Image.open(file) as packed:
        assert isinstance(packed, TiffImagePlugin.TiffImageFile)
        tags = packed.tag_v2
        assert tags[TiffImagePlugin.PHOTOMETRIC_INTERPRETATION] == 1  # Pillow's ones are black runs
        (offset,), (length,) = (
            tags[TiffImagePlugin.STRIPOFFSETS],
            tags[TiffImagePlugin.STRIPBYTECOUNTS],
        )
    return file.getvalue()[offset : offset + length]


def jbig2(image: Image.Image) -> bytes:
    """A page of JBIG2 (ITU-T T.88, 7.4) that is one generic region packed as MMR."""
    width, height = image.size
    info = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 1) + group4(image)
    return (
        struct.pack(">IBBBI", 0, 48, 0, 1, len(info))
        + info
        + struct.pack(">IBBBI", 1, 38, 0, 1, len(region))
        + region
    )


@dataclass(frozen=True)
class Shown:
    """An image as a PDF holds it, and the pixels it shows."""

    data: bytes
    pixels: Image.Image
    head: dict[str, object] = field(default_factory=dict)


def fax(image: Image.Image | None = None) -> Shown:
    image = image or drawing("1")
    parms = pikepdf.Dictionary(K=-1, Columns=image.width, Rows=image.height)
    return Shown(
        group4(image),
        image,
        {
            "Filter": N.CCITTFaxDecode,
            "DecodeParms": parms,
            "BitsPerComponent": 1,
            "ColorSpace": N.DeviceGray,
        },
    )


def fax_of_black_ones() -> Shown:
    image = drawing("1")
    shown = fax(negative(image))
    parms = pikepdf.Dictionary(K=-1, Columns=image.width, Rows=image.height, BlackIs1=True)
    return Shown(shown.data, image, {**shown.head, "DecodeParms": parms})


def stencil() -> Shown:
    shown = fax()
    head = {key: value for key, value in shown.head.items() if key != "ColorSpace"}
    return Shown(shown.data, shown.pixels, {**head, "ImageMask": True})


def bilevel_jbig2() -> Shown:
    image = drawing("1")
    head = {"Filter": N.JBIG2Decode, "BitsPerComponent": 1, "ColorSpace": N.DeviceGray}
    return Shown(jbig2(image), image, head)


def flate(mode: str = "L", **more: object) -> Shown:
    image = drawing(mode)
    head = {
        "Filter": N.FlateDecode,
        "BitsPerComponent": 1 if mode == "1" else 8,
        "ColorSpace": N.DeviceRGB if mode == "RGB" else N.DeviceGray,
    }
    return Shown(zlib.compress(image.tobytes()), image, {**head, **more})


def bits() -> Shown:
    return flate("1")


def colour() -> Shown:
    return flate("RGB")


def inverted_bits() -> Shown:
    shown = flate("1", Decode=[1, 0])
    return Shown(zlib.compress(negative(shown.pixels).tobytes()), shown.pixels, shown.head)


def two_level_palette() -> Shown:
    shown = flate("1")
    space = pikepdf.Array([N.Indexed, N.DeviceRGB, 1, pikepdf.String(bytes([0] * 3 + [255] * 3))])
    return Shown(shown.data, shown.pixels, {**shown.head, "ColorSpace": space})


def palette() -> Shown:
    image = drawing().quantize(200)
    colours = bytes(image.getpalette("RGB") or [])
    space = pikepdf.Array([N.Indexed, N.DeviceRGB, 199, pikepdf.String(colours[:600])])
    return Shown(
        zlib.compress(image.tobytes()), image.convert("RGB"), {**flate().head, "ColorSpace": space}
    )


def four_bits() -> Shown:
    levels = np.asarray(drawing("L")) >> 4
    padded = np.pad(levels, ((0, 0), (0, levels.shape[1] % 2)))
    packed = (padded[:, ::2] << 4) | padded[:, 1::2]
    pixels = Image.fromarray((levels * 17).astype(np.uint8))
    head = {**flate().head, "BitsPerComponent": 4}
    return Shown(zlib.compress(packed.astype(np.uint8).tobytes()), pixels, head)


def predicted() -> Shown:
    """PNG's "up" before every row."""
    image = drawing("RGB")
    rows = np.asarray(image).reshape(image.height, -1)
    above = np.vstack((np.zeros_like(rows[:1]), rows[:-1]))
    data = np.hstack((np.full((image.height, 1), 2, np.uint8), rows - above)).astype(np.uint8)
    parms = pikepdf.Dictionary(Predictor=15, Colors=3, Columns=image.width, BitsPerComponent=8)
    return Shown(zlib.compress(data.tobytes()), image, {**flate("RGB").head, "DecodeParms": parms})


def tiff_predicted() -> Shown:
    """Every sample less the one to its left."""
    image = drawing("L")
    rows = np.asarray(image)
    left = np.hstack((np.zeros_like(rows[:, :1]), rows[:, :-1]))
    parms = pikepdf.Dictionary(Predictor=2, Colors=1, Columns=image.width, BitsPerComponent=8)
    data = zlib.compress((rows - left).astype(np.uint8).tobytes())
    return Shown(data, image, {**flate().head, "DecodeParms": parms})


def runs() -> Shown:
    image = drawing("L")
    raw = image.tobytes()
    parts = [raw[start : start + 128] for start in range(0, len(raw), 128)]
    data = b"".join(bytes([len(part) - 1]) + part for part in parts) + b"\x80"
    return Shown(data, image, {**flate().head, "Filter": N.RunLengthDecode})


def lzw() -> Shown:
    """LZW that clears its table before it grows: every code has nine bits."""
    image = drawing("L")
    codes: list[int] = []
    for start in range(0, len(raw := image.tobytes()), 250):
        codes += [256, *raw[start : start + 250]]
    bits = "".join(f"{code:09b}" for code in [*codes, 257])
    bits += "0" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return Shown(data, image, {**flate().head, "Filter": N.LZWDecode})


def hexadecimal() -> Shown:
    shown = flate()
    filters = pikepdf.Array([N.ASCIIHexDecode, N.FlateDecode])
    return Shown(shown.data.hex().encode() + b">", shown.pixels, {**shown.head, "Filter": filters})


def calibrated() -> Shown:
    space = pikepdf.Array([N.CalGray, pikepdf.Dictionary(WhitePoint=[0.95, 1, 1.09], Gamma=2.2)])
    return flate("L", ColorSpace=space)


Make = Callable[[], Shown]


def broken(make: Make, data: bytes | None = None, **head: object) -> Shown:
    shown = make()
    return Shown(shown.data if data is None else data, shown.pixels, {**shown.head, **head})


def write(
    path: Path,
    shown: Shown,
    *,
    points: tuple[float, float] = POINTS,
    matrix: tuple[float, ...] | None = None,
    before: str = "",
    rotate: int = 0,
) -> Path:
    """Write a PDF of one page that shows one image."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=points)
    page = pdf.pages[0]
    size = {"Width": shown.pixels.width, "Height": shown.pixels.height}
    stream = pikepdf.Stream(
        pdf, shown.data, **{"Type": N.XObject, "Subtype": N.Image, **size, **shown.head}
    )
    states = {"Faint": pikepdf.Dictionary(ca=0.5), "Whole": pikepdf.Dictionary(ca=1, LW=2)}
    page.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Im0=stream), ExtGState=pikepdf.Dictionary(**states)
    )
    drawn = " ".join(f"{value:.6f}" for value in matrix or (points[0], 0, 0, points[1], 0, 0))
    page.Contents = pdf.make_stream(f"q {before} {drawn} cm /Im0 Do Q".encode())
    if rotate:
        page.Rotate = rotate
    pdf.save(path)
    return path
