"""Scans made up for the evaluation: sheets on a scanner's lid, with their truth.

Called by the tasks of this package. Everything comes from seeds: the same scenes every time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from digitizer.pages import raster, reading, resolution
from digitizer.sandbox import stack

A4, A5, CARD = (210.0, 297.0), (148.0, 210.0), (85.6, 53.98)
_IMAGES = (".png", ".jpg", ".tif")


@dataclass(frozen=True, slots=True)
class Scene:
    """A scan.

    Attributes:
        name: What it shows.
        image: Its pixels, RGB, grey or bilevel.
        dpi: Its resolution both ways.
        corners: The sheet's corners, (x, y) in pixels from the top left; empty: the whole image.
    """

    name: str
    image: Image.Image
    dpi: float
    corners: tuple[tuple[float, float], ...] = ()


def scan_of(image: Image.Image, dpi: float) -> reading.Scan:
    """Return an image as the reading program gets it; without a file, whose codes nobody asks."""
    found = resolution.Resolution(dpi, dpi)
    return reading.Scan(raster.grey(image), image.width, image.height, found, 0, Path())


@cache
def stack_page(name: str) -> Image.Image:
    """Return a page of the sandbox's stack at 300 dpi."""
    pages = stack.demo_stack("000.00.20.H02-261122-0007", "Nguyễn Thị Hạnh Dung")
    return next(page.image for page in pages if page.name == name)


def real_pages(data: Path) -> Iterator[tuple[str, Image.Image, float]]:
    """Yield name, pixels and dpi of every page image under ``data`` in its page folders."""
    for folder in ("vn-pages", "skew", "turn"):
        for file in sorted((data / folder).glob("*")) if (data / folder).is_dir() else ():
            if file.suffix.lower() in _IMAGES:
                with raster.opened(file) as image:
                    dpi = resolution.of_image(image)
                    yield f"{folder}/{file.name}", raster.plain(image).copy(), dpi.x


def laid(
    sheet: Image.Image,
    sheet_mm: tuple[float, float],
    canvas_mm: tuple[float, float],
    lid: int,
    *,
    dpi: float,
    askew: float,
    at: tuple[float, float],
    seed: int,
    noise: float = 2.5,
    shadow: float = 0.0,
) -> Scene:
    """Lay a sheet on a lid and scan it.

    Args:
        sheet: RGB pixels of the sheet, of any resolution.
        sheet_mm, canvas_mm: Width and height of the sheet and of the scan.
        lid: The lid's grey level.
        dpi: The scan's resolution.
        askew: Degrees clockwise that the sheet lies askew.
        at: Its centre, as shares of what room there is: 0 touches the left or top end.
        seed: Of the noise.
        noise: Its standard deviation in levels.
        shadow: How dark the shadow at two of its edges is, in levels.
    """
    chance = np.random.default_rng(seed)
    px = dpi / 25.4
    size = (round(sheet_mm[0] * px), round(sheet_mm[1] * px))
    canvas_size = (round(canvas_mm[0] * px), round(canvas_mm[1] * px))
    sized = sheet.convert("RGB").resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    rim = 8
    framed = Image.new("RGBA", (size[0] + 2 * rim, size[1] + 2 * rim), (lid, lid, lid, 0))
    framed.paste(sized.convert("RGBA"), (rim, rim))
    turned = framed.rotate(-askew, Image.Resampling.BICUBIC, expand=True)
    radians = math.radians(askew)
    reach = (
        abs(size[0] * math.cos(radians)) + abs(size[1] * math.sin(radians)),
        abs(size[0] * math.sin(radians)) + abs(size[1] * math.cos(radians)),
    )
    centre = tuple(
        r / 2 + share * max(0.0, c - r) for r, share, c in zip(reach, at, canvas_size, strict=True)
    )
    canvas = Image.new("RGB", canvas_size, (lid, lid, lid))
    place = (round(centre[0] - turned.width / 2), round(centre[1] - turned.height / 2))
    if shadow:
        mask = turned.getchannel("A").filter(ImageFilter.GaussianBlur(0.5 * px))
        dark = max(0, round(lid - shadow))
        canvas.paste((dark,) * 3, (place[0] + round(0.6 * px), place[1] + round(0.8 * px)), mask)
    canvas.paste(turned, place, turned)
    middle = (place[0] + turned.width / 2, place[1] + turned.height / 2)
    corners = tuple(
        (
            middle[0] + x * math.cos(radians) - y * math.sin(radians),
            middle[1] + x * math.sin(radians) + y * math.cos(radians),
        )
        for x in (-size[0] / 2, size[0] / 2)
        for y in (-size[1] / 2, size[1] / 2)
    )
    pixels = np.asarray(canvas.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.int16)
    grain = chance.normal(0.0, noise, pixels.shape[:2]).astype(np.int16)[..., None]
    shade = np.linspace(0, -float(chance.uniform(0, 7)), pixels.shape[1]).astype(np.int16)
    noisy = np.clip(pixels + grain + shade[None, :, None], 0, 255).astype(np.uint8)
    return Scene("", Image.fromarray(noisy), dpi, corners)


def card(seed: int) -> Image.Image:
    """Return an identity card's front: tinted, with a photo and lines of text."""
    chance = np.random.default_rng(seed)
    width, height = 1011, 638
    tint = np.linspace((214, 230, 222), (236, 214, 206), width).astype(np.uint8)
    image = Image.fromarray(np.broadcast_to(tint, (height, width, 3)).copy())
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 200, 290, 540), fill=(120, 140, 170))
    draw.ellipse((100, 240, 230, 400), fill=(205, 170, 150))
    letters = stack_page("to-khai").crop((340, 420, 2300, 1480))
    lines = letters.resize((680, 368), Image.Resampling.LANCZOS)
    shade = Image.fromarray(np.asarray(lines.convert("L")) < 150)
    image.paste((30, 30, 40), (310, 180), shade)
    draw.rectangle((40, 30, 150, 140), fill=(200, 40, 40))
    draw.text((330, 60), f"{int(chance.integers(10**11, 10**12))}", fill=(150, 20, 30))
    return image


def receipt_roll(length_mm: float) -> Image.Image:
    """Return a till receipt 80 mm wide: narrow lines on white paper."""
    image = Image.new("RGB", (945, round(length_mm / 25.4 * 300)), (247, 247, 245))
    letters = stack_page("giay-tiep-nhan").crop((340, 900, 1700, 2500)).resize((830, 976))
    y = 90
    while y + 976 < image.height - 60:
        image.paste(letters, (60, y))
        y += 990
    image.paste(letters.crop((0, 0, 830, max(1, min(976, image.height - 60 - y)))), (60, y))
    return image
