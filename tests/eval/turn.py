"""Turn: is every page brought upright, and is what is turned with confidence never wrong?

Every page of the folder and rendered ones (text, forms, tables, receipts, identity cards copied
twice on a page, photos with a caption, two levels), each turned by 0, 90, 180 and 270 degrees.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from PIL import Image, ImageDraw

from digitizer.pages import pose, reading
from digitizer.sandbox import stack
from tests.bench.table import Figure
from tests.eval import _scene

_TURNS = (0, 90, 180, 270)
_KNOWN = {
    "turn/phototest-rotated-180.png": 180,
    "turn/phototest-rotated-L.png": 90,
    "turn/phototest-rotated-R.png": 270,
}
"""Degrees clockwise that pages of the folder want, by their names; all others stand upright."""


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    right: bool
    confident: bool
    seconds: float


def measure(data: Path) -> list[Figure]:
    """Measure turns."""
    figures = []
    for told, pages in (("the folder's pages", _real(data)), ("rendered", rendered())):
        found = [one for page in pages for one in _turned(*page)]
        if found:
            figures += _lines(told, found)
    return figures


def _real(data: Path) -> Iterator[tuple[str, Image.Image, float]]:
    for name, image, dpi in _scene.real_pages(data):
        upright = image.rotate(-_KNOWN.get(name, 0), expand=True)
        yield name, upright, dpi


def _lines(told: str, found: list[_Found]) -> list[Figure]:
    right = mean(one.right for one in found)
    confident = [one for one in found if one.confident]
    wrong = sorted({one.name for one in confident if not one.right})
    unsure = sorted({one.name for one in found if not one.right and not one.confident})
    return [
        Figure(
            f"{told}, at four turns: brought upright, of {len(found)}",
            f"{right:.1%}" + (f" (left as they came: {', '.join(unsure)})" if unsure else ""),
            target="≥ 99 %",
            met=right >= 0.99,
        ),
        Figure(
            f"{told}: wrong ones among the {len(confident)} confident",
            f"{sum(not one.right for one in confident)} {', '.join(wrong)}".strip(),
            target="0",
            met=not wrong,
        ),
        Figure(f"{told}: seconds a page", f"{mean(one.seconds for one in found):.2f}"),
    ]


def _turned(name: str, image: Image.Image, dpi: float) -> Iterator[_Found]:
    for turn in _TURNS:
        scan = _scene.scan_of(image.rotate(turn, expand=True), dpi)
        began = time.perf_counter()
        found = reading.measure(scan)
        seconds = time.perf_counter() - began
        right = found.blank or found.turn == turn
        yield _Found(name, right, found.turn_confidence >= pose.SURE, seconds)


def rendered() -> Iterator[tuple[str, Image.Image, float]]:
    """Yield rendered pages of several kinds at 200 dpi."""
    pages = {
        name: _scene.stack_page(name)
        for name in ("giay-tiep-nhan", "to-khai", "cong-van", "giay-cam-doan")
    }
    pages |= {f"text {number}": stack.text_page(number).image for number in (3, 4, 7)}
    pages |= {"table": table(), "cards": cards(), "photo": photo()}
    for name, page in pages.items():
        yield name, _at_200(page), 200.0
    yield "receipt roll", _at_200(_scene.receipt_roll(170.0)), 200.0
    for name in ("to-khai", "cong-van"):
        yield f"{name}, two levels", _at_200(pages[name]).convert("L").convert("1"), 200.0


def _at_200(page: Image.Image) -> Image.Image:
    size = (page.width * 2 // 3, page.height * 2 // 3)
    return page.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def table() -> Image.Image:
    """Return a page that is one ruled table with words in its cells."""
    page = Image.new("RGB", (2480, 3508), (250, 250, 247))
    words = _scene.stack_page("cong-van").crop((360, 1150, 2300, 1800))
    draw = ImageDraw.Draw(page)
    for row in range(24):
        for column, left in enumerate((200, 420, 1300, 1800)):
            y = 300 + row * 120
            cell = words.crop((column * 300, row % 9 * 72, column * 300 + 420, row % 9 * 72 + 66))
            page.paste(cell.crop((0, 0, 200 if column == 0 else 420, 66)), (left + 10, y + 30))
    for row in range(25):
        draw.line((190, 300 + row * 120, 2290, 300 + row * 120), fill=(40, 40, 40), width=4)
    for x in (190, 410, 1290, 1790, 2290):
        draw.line((x, 300, x, 300 + 24 * 120), fill=(40, 40, 40), width=4)
    return page


def cards() -> Image.Image:
    """Return a page on which an identity card was copied twice."""
    page = Image.new("RGB", (2480, 3508), (250, 250, 250))
    for seed, y in ((1, 500), (2, 1500)):
        page.paste(_scene.card(seed), (700, y))
    return page


def photo() -> Image.Image:
    """Return a page that is mostly a picture, with a few lines below it."""
    page = Image.new("RGB", (2480, 3508), (250, 250, 247))
    picture = Image.radial_gradient("L").resize((1700, 1500)).convert("RGB")
    page.paste(picture, (390, 400))
    page.paste(_scene.stack_page("cong-van").crop((360, 1150, 2400, 1750)), (220, 2100))
    return page
