"""Pages with codes as hard as desks see them, rendered with the truth beside them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from digitizer.sandbox import sheet as paper
from digitizer.sandbox.sheet import SMALL, Sheet

_MODULE_MM = 0.25
_LEFT, _TOP = 120.0, 90.0
KINDS = {
    "QRCode": (zxingcpp.BarcodeFormat.QRCode, "000.00.20.H02-261122-{:04d}|1.001193|Khai sinh"),
    "Code128": (zxingcpp.BarcodeFormat.Code128, "000.00.20.H02-261122-{:04d}"),
    "Code39": (zxingcpp.BarcodeFormat.Code39, "H02-261122-{:04d}"),
    "PDF417": (zxingcpp.BarcodeFormat.PDF417, "000.00.20.H02-261122-{:04d};GT"),
    "DataMatrix": (zxingcpp.BarcodeFormat.DataMatrix, "000.00.20.H02-261122-{:04d}"),
}


@dataclass(frozen=True, slots=True)
class CodePage:
    """A page image, JPEG with its resolution, and the texts of its readable codes."""

    hardship: str
    data: bytes
    truth: frozenset[str]


def pages() -> Iterator[CodePage]:
    """Yield every kind of code in every hardship, then several codes on one page."""
    for number, (name, (kind, text)) in enumerate(KINDS.items()):
        said = text.format(number + 1)
        printed = _printed(kind, said, number)
        for hardship, (spoil, dpi) in _HARDSHIPS.items():
            image = spoil(printed.copy(), np.random.default_rng(number))
            yield CodePage(f"{hardship}", _scanned(image, dpi, name, number), frozenset({said}))
    for seed in range(3):
        yield _several(seed)


def _text(seed: int) -> Sheet:
    made = Sheet(seed)
    made.line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", SMALL, align="centre")
    made.y = 150
    for _ in range(12):
        made.line("Nội dung của giấy tờ này được ghi theo quy định hiện hành.")
    return made


def _printed(kind: zxingcpp.BarcodeFormat, text: str, seed: int) -> Image.Image:
    made = _text(seed)
    made.code(kind, text, _LEFT - 30, _TOP, _MODULE_MM)
    return made.image


def _several(seed: int) -> CodePage:
    """Five codes on one page, one of them blotted out."""
    made = _text(100 + seed)
    texts = [f"H02-26112{seed}-000{number}" for number in range(5)]
    formats = list(KINDS.values())
    for number, text in enumerate(texts):
        made.code(formats[number][0], text, 20 + 90 * (number % 2), 35 + 32 * (number // 2), 0.3)
    draw = ImageDraw.Draw(made.image)
    left, top = _px(20), _px(35)
    draw.rectangle((left, top, left + _px(6), top + _px(6)), fill="black")
    data = _scanned(made.image, 300, "several", seed)
    return CodePage("several, one broken", data, frozenset(texts[1:]))


def _px(millimetres: float) -> int:
    return round(millimetres / 25.4 * paper.DPI)


def _grey_paper(image: Image.Image, chance: np.random.Generator) -> Image.Image:
    pixels = np.asarray(image, dtype=np.float32) * np.array([0.66, 0.64, 0.6], dtype=np.float32)
    return Image.fromarray((pixels + chance.normal(0, 4, pixels.shape)).clip(0, 255).astype("u1"))


def _inked(image: Image.Image, ink: Image.Image) -> Image.Image:
    """Lay translucent ink over print: black stays black."""
    return ImageChops.multiply(image, ink)


def _under_stamp(image: Image.Image, chance: np.random.Generator) -> Image.Image:
    ink = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(ink)
    middle = (_px(_LEFT - 30 + chance.uniform(2, 8)), _px(_TOP + chance.uniform(2, 8)))
    red = (206, 38, 52)
    for radius, width in ((17.0, 14), (12.0, 6)):
        reach = _px(radius)
        x, y = middle
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), outline=red, width=width)
    draw.regular_polygon((*middle, _px(6)), 5, fill=red)
    return _inked(image, ink)


def _under_pen(image: Image.Image, chance: np.random.Generator) -> Image.Image:
    ink = Image.new("RGB", image.size, "white")
    start = _px(_LEFT - 34), _px(_TOP + chance.uniform(1, 4))
    ImageDraw.Draw(ink).line(
        (*start, start[0] + _px(40), start[1] + _px(9)), fill=(48, 70, 170), width=9
    )
    return _inked(image, ink)


def _noisy(image: Image.Image, chance: np.random.Generator) -> Image.Image:
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(1.0)), dtype=np.float32)
    pixels = pixels + chance.normal(0, 16, pixels.shape[:2])[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype("u1"))


def _turned(degrees: float) -> Callable[[Image.Image, np.random.Generator], Image.Image]:
    def turn(image: Image.Image, _chance: np.random.Generator) -> Image.Image:
        return image.rotate(
            -degrees, Image.Resampling.BICUBIC, expand=degrees % 90 == 0, fillcolor=(240, 240, 240)
        )

    return turn


def _as_printed(image: Image.Image, _chance: np.random.Generator) -> Image.Image:
    return image


_HARDSHIPS = {
    "0.25 mm at 300 dpi": (_as_printed, 300),
    "0.25 mm at 200 dpi": (_as_printed, 200),
    "grey paper, 200 dpi": (_grey_paper, 200),
    "under a red stamp": (_under_stamp, 300),
    "under a blue pen": (_under_pen, 300),
    "upside down": (_turned(180.0), 300),
    "on its side, 200 dpi": (_turned(90.0), 200),
    "4 degrees askew": (_turned(4.0), 300),
    "noisy": (_noisy, 300),
}


def _scanned(image: Image.Image, dpi: int, name: str, seed: int) -> bytes:
    """Return the sheet as a scanner gives it: soft, grained, JPEG."""
    if dpi != paper.DPI:
        size = (round(image.width * dpi / paper.DPI), round(image.height * dpi / paper.DPI))
        image = image.resize(size, Image.Resampling.BICUBIC)
    image = image.filter(ImageFilter.GaussianBlur(0.6))
    chance = np.random.default_rng([seed, len(name)])
    pixels = np.asarray(image, dtype=np.float32) + chance.normal(
        0, 3, (image.height, image.width, 1)
    )
    out = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype("u1")).save(out, "JPEG", quality=80, dpi=(dpi, dpi))
    return out.getvalue()
