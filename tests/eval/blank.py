"""Blank sides: is every bare side marked, and no side with anything on it?

Rendered: bare sides of many papers with all that scanning adds, and the same sides with the least
that a person puts on one. The folder's pages all have content; mirrored and faded they are what
shines through from the other side of a blank one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from digitizer.pages import reading
from tests.bench.table import Figure
from tests.eval import _scene

SIDES = 200
_A4_INCHES = (8.27, 11.69)
_PAPERS = (
    (252, 251, 248), (246, 243, 232), (238, 228, 200), (222, 208, 172), (205, 228, 208),
    (250, 214, 214), (206, 220, 240), (250, 240, 170), (228, 226, 222), (200, 196, 188),
)  # fmt: skip
_DPIS = (150, 200, 150, 300, 150)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet as scanned; ``kind`` says what is on it."""

    kind: str
    image: Image.Image
    dpi: float


def measure(data: Path) -> list[Figure]:
    """Measure blank sides."""
    others = [_thumbnail(image) for _, image, _ in _scene.real_pages(data)]
    shining = others or [_thumbnail(_scene.stack_page("cong-van"))]
    missed = Counter(side.kind for side in bare_sides(shining) if not _is_blank(side))
    lost = Counter(side.kind for side in written_sides() if _is_blank(side))
    figures = [
        Figure(
            f"rendered: bare sides marked blank, of {SIDES}",
            f"{1 - missed.total() / SIDES:.1%} {_told(missed)}",
            target="≥ 98 %",
            met=missed.total() <= 0.02 * SIDES,
        ),
        Figure(
            f"rendered: sides with little on them marked blank, of {SIDES}",
            f"{lost.total()} {_told(lost)}",
            target="0",
            met=not lost,
        ),
    ]
    real = list(_scene.real_pages(data))
    if real:
        wrong = [name for name, image, dpi in real if _is_blank(Side(name, image, dpi))]
        figures.append(
            Figure(
                f"the folder's pages marked blank, of {len(real)}",
                f"{len(wrong)} {' '.join(wrong)}",
                target="0",
                met=not wrong,
            )
        )
    return figures


def _told(kinds: Counter[str]) -> str:
    return f"({', '.join(f'{kind} {count}' for kind, count in kinds.most_common())})" * bool(kinds)


def _is_blank(side: Side) -> bool:
    return reading.why_blank(_scene.scan_of(side.image, side.dpi)) is not None


def _thumbnail(page: Image.Image) -> Image.Image:
    return page.convert("L").resize((1240, 1754), Image.Resampling.BOX, reducing_gap=2.0)


class _Bare:
    """A bare sheet being scanned: paper, its shading and grain."""

    def __init__(self, seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        self.dpi = _DPIS[seed % len(_DPIS)]
        self.size = tuple(round(inches * self.dpi) for inches in _A4_INCHES)
        self.colour = _PAPERS[seed % len(_PAPERS)]
        self.image = Image.new("RGB", (self.size[0], self.size[1]), self.colour)
        self.draw = ImageDraw.Draw(self.image)

    def px(self, mm: float) -> int:
        return round(mm / 25.4 * self.dpi)

    def place(self, margin_mm: float = 25.0) -> tuple[int, int]:
        margin = self.px(margin_mm)
        return (
            int(self.chance.integers(margin, self.size[0] - margin)),
            int(self.chance.integers(margin, self.size[1] - margin)),
        )

    def darker(self, share: float) -> tuple[int, int, int]:
        """Return the paper's colour with ``share`` of its light taken away."""
        red, green, blue = (round(part * (1 - share)) for part in self.colour)
        return red, green, blue

    def scanned(self, mode: str) -> Image.Image:
        soft = self.image.filter(ImageFilter.GaussianBlur(0.25 * self.dpi / 100))
        pixels = np.asarray(soft, dtype=np.float32)
        height, width = pixels.shape[:2]
        grain = self.chance.normal(0.0, float(self.chance.uniform(1.0, 5.0)), (height, width, 1))
        fall = np.linspace(0, float(self.chance.uniform(-14, 14)), width)[None, :, None]
        noisy = np.clip(pixels + grain + fall, 0, 255).astype(np.uint8)
        image = Image.fromarray(noisy)
        if mode == "L":
            return image.convert("L")
        if mode == "1":
            return image.convert("L").point(lambda level: 255 * (level > 128)).convert("1")
        return image


def _mode(seed: int) -> str:
    return ("RGB", "RGB", "L", "RGB", "1")[seed % 5]


# --- bare sides -----------------------------------------------------------------------------


def _nothing(_bare: _Bare, _others: list[Image.Image]) -> None:
    """Leave the paper as it is."""


def _dust(bare: _Bare, _others: list[Image.Image]) -> None:
    for _ in range(int(bare.chance.integers(10, 120))):
        x, y = bare.place(2.0)
        r = bare.px(float(bare.chance.uniform(0.1, 0.45)))
        bare.draw.ellipse((x - r, y - r, x + r, y + r), fill=bare.darker(0.7))


def _punched(bare: _Bare, _others: list[Image.Image]) -> None:
    x, r = bare.px(float(bare.chance.uniform(9, 14))), bare.px(3.0)
    apart = bare.px(float(bare.chance.choice([80.0, 108.0])))
    for y in (bare.size[1] // 2 - apart // 2, bare.size[1] // 2 + apart // 2):
        fill = bare.darker(0.85) if bare.chance.random() < 0.6 else bare.darker(0.2)
        bare.draw.ellipse((x - r, y - r, x + r, y + r), fill=fill, outline=bare.darker(0.6))


def _stapled(bare: _Bare, _others: list[Image.Image]) -> None:
    x, y = bare.px(float(bare.chance.uniform(8, 16))), bare.px(float(bare.chance.uniform(8, 16)))
    angle = math.radians(float(bare.chance.uniform(-60, 60)))
    end = x + bare.px(11 * math.cos(angle)), y + bare.px(11 * math.sin(angle))
    bare.draw.line((x, y, *end), fill=bare.darker(0.6), width=max(1, bare.px(0.6)))


def _streaked(bare: _Bare, _others: list[Image.Image]) -> None:
    for _ in range(int(bare.chance.integers(1, 3))):
        x = bare.place()[0]
        bare.draw.line((x, 0, x, bare.size[1]), fill=bare.darker(0.45), width=bare.px(0.25) or 1)


def _shadowed(bare: _Bare, _others: list[Image.Image]) -> None:
    width, height = bare.size[0], bare.size[1]
    deep = bare.px(float(bare.chance.uniform(0.5, 4)))
    bare.draw.rectangle((0, 0, deep, height), fill=bare.darker(0.6))
    bare.draw.rectangle((0, height - deep // 2, width, height), fill=bare.darker(0.4))


def _lidded(bare: _Bare, _others: list[Image.Image]) -> None:
    """Lay it askew on a dark lid, as a feeder does with a shorter sheet."""
    askew, dark = float(bare.chance.uniform(-4, 4)), int(bare.chance.integers(8, 70))
    lower = round(bare.size[1] * float(bare.chance.uniform(0.7, 0.97)))
    sheet = bare.image.crop((0, 0, bare.size[0], lower)).rotate(
        askew, Image.Resampling.BICUBIC, expand=True, fillcolor=(dark,) * 3
    )
    bare.image.paste((dark,) * 3, (0, 0, *bare.image.size))
    bare.image.paste(sheet, (0, -bare.px(2)))


def _bled_through(bare: _Bare, others: list[Image.Image]) -> None:
    """Show the other side through the paper: mirrored, faded and softened by the paper."""
    back = others[int(bare.chance.integers(len(others)))].transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    soft = back.resize(bare.image.size).filter(
        ImageFilter.GaussianBlur(float(bare.chance.uniform(0.25, 0.6)) / 25.4 * bare.dpi)
    )
    share = float(bare.chance.uniform(0.04, 0.16))
    dark = 1 - share * (255 - np.asarray(soft, dtype=np.float32)) / 255
    pixels = np.asarray(bare.image, dtype=np.float32) * dark[..., None]
    bare.image.paste(Image.fromarray(pixels.astype(np.uint8)), (0, 0))


_BARE: dict[str, Callable[[_Bare, list[Image.Image]], None]] = {
    "bare": _nothing,
    "dust": _dust,
    "holes": _punched,
    "staple": _stapled,
    "streaks": _streaked,
    "shadows": _shadowed,
    "lid": _lidded,
    "bleed-through": _bled_through,
}


def bare_sides(others: list[Image.Image]) -> Iterator[Side]:
    """Yield sides that nobody put anything on; ``others`` shine through some of them."""
    kinds = list(_BARE)
    for seed in range(SIDES):
        kind = kinds[seed % len(kinds)]
        bare = _Bare(seed // len(kinds) * 7 + seed)
        _BARE[kind](bare, others)
        if seed % 4 == 3 and kind != "lid":
            _dust(bare, others)
        yield Side(kind, bare.scanned(_mode(seed // len(kinds))), bare.dpi)


# --- sides with little on them --------------------------------------------------------------


def _font(bare: _Bare, points: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(points / 72 * bare.dpi)


def _number(bare: _Bare) -> None:
    x = bare.size[0] // 2 if bare.chance.random() < 0.5 else bare.size[0] - bare.px(20)
    y = bare.px(12) if bare.chance.random() < 0.4 else bare.size[1] - bare.px(15)
    text = str(int(bare.chance.integers(1, 99)))
    bare.draw.text((x, y), text, font=_font(bare, 11), fill=(40, 40, 44), anchor="mm")


def _pencil(bare: _Bare) -> None:
    fill = bare.darker(float(bare.chance.uniform(0.28, 0.42)))
    text = ("da nhan 3 trang", "xem lai", "ok, 12/6", "luu HS")[int(bare.chance.integers(4))]
    x, y = bare.place(45.0)
    bare.draw.text((x, y), text, font=_font(bare, 18), fill=fill, anchor="mm")


def _scribbled(bare: _Bare) -> None:
    fill = bare.darker(float(bare.chance.uniform(0.3, 0.45)))
    x, y = bare.place(45.0)
    steps = np.linspace(0, 1, 50)
    points = [
        (x + bare.px(30 * s), y + bare.px(4 * math.sin(19 * s) + 2 * math.sin(7 * s)))
        for s in steps
    ]
    bare.draw.line(points, fill=fill, width=max(1, bare.px(0.45)))


def _seal(bare: _Bare) -> None:
    x, y = bare.place(30.0)
    r = bare.px(float(bare.chance.uniform(11, 18)))
    fill = (214, 84, 96) if bare.chance.random() < 0.5 else (228, 130, 138)
    bare.draw.ellipse((x - r, y - r, x + r, y + r), outline=fill, width=max(2, bare.px(0.7)))
    bare.draw.regular_polygon((x, y, r // 4), 3, fill=fill)


def _signed(bare: _Bare) -> None:
    x, y = bare.place(45.0)
    steps = np.linspace(0, 1, 60)
    points = [(x + bare.px(28 * s), y + bare.px(6 * math.sin(17 * s) * (1 - s))) for s in steps]
    bare.draw.line(points, fill=(50, 70, 150), width=max(1, bare.px(0.4)))


def _line(bare: _Bare) -> None:
    x, y = bare.place(50.0)
    bare.draw.text(
        (x, y), "Trang nay de trong", font=_font(bare, 11), fill=bare.darker(0.75), anchor="mm"
    )


def _copied(bare: _Bare) -> None:
    """A pale copy, as of a worn ribbon or a till receipt."""
    x, y = bare.place(50.0)
    for row in range(4):
        bare.draw.text(
            (x, y + bare.px(6 * row)),
            "Cong hoa xa hoi",
            font=_font(bare, 10),
            fill=bare.darker(0.38),
            anchor="mm",
        )


def _dotted(bare: _Bare) -> None:
    """The line of a form on which nobody has written."""
    x, y = bare.px(25), bare.place(40.0)[1]
    r = max(1, bare.px(float(bare.chance.uniform(0.17, 0.3))))
    step, length = float(bare.chance.uniform(1.0, 2.2)), float(bare.chance.uniform(40, 150))
    for number in range(round(length / step)):
        at = x + bare.px(number * step)
        bare.draw.ellipse((at - r, y - r, at + r, y + r), fill=bare.darker(0.75))


_WRITTEN: dict[str, Callable[[_Bare], None]] = {
    "page number": _number,
    "pencil": _pencil,
    "pencil line": _scribbled,
    "seal": _seal,
    "signature": _signed,
    "line": _line,
    "pale copy": _copied,
    "dotted line": _dotted,
}


def written_sides() -> Iterator[Side]:
    """Yield sides with the least that a person puts on one, and much that scanning adds."""
    kinds, dirt = list(_WRITTEN), [_nothing, _dust, _punched, _shadowed]
    for seed in range(SIDES):
        kind = kinds[seed % len(kinds)]
        bare = _Bare(5000 + seed // len(kinds) * 7 + seed)
        _WRITTEN[kind](bare)
        dirt[seed % len(dirt)](bare, [])
        pale = kind in ("pencil", "pencil line", "pale copy", "seal")
        mode = _mode(seed // len(kinds))
        # Two levels keep nothing of pale strokes: there is no page left to judge.
        yield Side(kind, bare.scanned("L" if pale and mode == "1" else mode), bare.dpi)
