"""A sheet of paper to write on: A4 at 300 dpi, Vietnamese type, stamps, codes, scanner's noise.

Called by ``sandbox.stack``. Keeps the truth of what was written beside the pixels. Needs a system
font with Vietnamese letters.
"""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import zxingcpp
from msgspec import Struct
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from digitizer.errors import ToolMissing

DPI = 300
WIDTH, HEIGHT = 2480, 3508
_PAPER = (251, 249, 243)
_INK, _PEN, _STAMP = (28, 27, 30), (32, 52, 140), (202, 30, 44)
_FAMILIES = ("Times New Roman", "Noto Serif", "DejaVu Serif")
_NEEDED = "ếỗặỰỳđ"
_DOT_POINTS = 72.0
_LEADING = 1.45


class Style(Struct, frozen=True):
    """How letters look: ``points`` their size."""

    points: float = 13.0
    bold: bool = False
    italic: bool = False
    pen: bool = False
    """Filled in by hand: blue, slanted."""


class Press(Struct, frozen=True):
    """How a stamp is pressed: its ink, with its frame or without, and how much of the ink is
    missing (0 to 1)."""

    ink: tuple[int, int, int] = _STAMP
    framed: bool = True
    faded: float = 0.0


BODY, STRONG, SMALL = Style(), Style(bold=True), Style(11.0)
SLANTED, FILLED = Style(italic=True), Style(13.0, italic=True, pen=True)
PRESSED = Press()


class Sheet:
    """One page being written, from the top down. Positions and lengths in millimetres."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self.image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
        self._draw = ImageDraw.Draw(self.image)
        self._lines: list[str] = []
        self.left, self.right, self.y = 30.0, 195.0, 20.0

    @property
    def text(self) -> str:
        """What was written, line by line, in reading order."""
        return "\n".join(self._lines)

    def line(self, text: str, style: Style = BODY, *, align: str = "left") -> None:
        """Write one line and go on to the next."""
        self._write(text, style, self.left, self.right, align)
        self._lines.append(text)
        self.y += self._height(style)

    def pair(self, one: str, other: str, style: Style = BODY, *, parting: float = 95.0) -> None:
        """Write two columns' centred lines side by side, as letterheads do."""
        self._write(one, style, self.left - 8, parting, "centre")
        self._write(other, style, parting, self.right + 3, "centre")
        self._lines.append(f"{one} {other}".strip())
        self.y += self._height(style)

    def field(self, label: str, value: str) -> None:
        """Write a form's field: a printed label, dots, a value filled in above them."""
        start = self.left + self._width(f"{label} ", BODY)
        dots = _font(BODY, _pixels(BODY.points))
        count = int((self.right - start) / self._mm(dots.getlength(".")))
        self._write(label, BODY, self.left, self.right, "left")
        self.y += 0.9
        self._write("." * count, BODY, start, self.right, "left", (150, 150, 150))
        self.y -= 0.9
        self._write(value, FILLED, start + 3, self.right, "left")
        self._lines.append(f"{label} {value}")
        self.y += self._height(BODY) * 1.12

    def paragraph(self, text: str, style: Style = BODY, *, indent: float = 10.0) -> None:
        """Write running text in justified lines."""
        words, first = text.split(), True
        while words:
            start = self.left + (indent if first else 0.0)
            taken = self._fitting(words, style, self.right - start)
            line, words = words[:taken], words[taken:]
            if words and len(line) > 1:
                self._justify(line, style, start)
            else:
                self._write(" ".join(line), style, start, self.right, "left")
            self._lines.append(" ".join(line))
            self.y += self._height(style)
            first = False
        self.y += 1.2

    def space(self, height: float) -> None:
        """Leave ``height`` millimetres free."""
        self.y += height

    def code(
        self, kind: zxingcpp.BarcodeFormat, text: str, left: float, top: float, module: float
    ) -> float:
        """Print a code with modules of about ``module`` millimetres; return its width."""
        scale = max(1, round(module / 25.4 * DPI))
        printed = Image.fromarray(np.array(zxingcpp.create_barcode(text, kind).to_image(scale)))
        if kind == zxingcpp.BarcodeFormat.Code128:
            printed = printed.resize((printed.width, _px(11.0)))
        self.image.paste(printed.convert("RGB"), (_px(left), _px(top)))
        return self._mm(printed.width)

    def stamp(self, x: float, y: float, text: str, turn: float) -> None:
        """Press a round red seal with its centre at ``x``, ``y``, a little askew."""
        size = _px(36.0)
        seal = Image.new("RGBA", (size, size), (0, 0, 0, 0))
        draw = ImageDraw.Draw(seal)
        for inset, thick in ((0.02, 9), (0.2, 4)):
            edge = size * inset
            draw.ellipse(
                (edge, edge, size - edge, size - edge), outline=(*_STAMP, 215), width=thick
            )
        draw.regular_polygon((size / 2, size / 2, size * 0.11), 3, rotation=0, fill=(*_STAMP, 215))
        self._around(seal, text)
        seal = seal.rotate(turn, Image.Resampling.BICUBIC)
        self.image.paste(seal, (_px(x) - size // 2, _px(y) - size // 2), seal)

    def marking(self, x: float, y: float, text: str, tilt: float, press: Press = PRESSED) -> None:
        """Press a stamp, of one line 8 mm high, with its centre at ``x``, ``y``, ``tilt`` degrees
        clockwise: such as *MẬT* (TT 24/2020/TT-BCA)."""
        font = _font(Style(bold=True), _px(5.0))
        lines = text.split("\n")
        size = (
            round(max(font.getlength(line) for line in lines)) + _px(8.0),
            _px(8.0) + 2 * _px(1.0) + (len(lines) - 1) * _px(7.0),
        )
        ink = Image.new("L", size, 0)
        draw = ImageDraw.Draw(ink)
        rim = _px(1.0)
        if press.framed:
            frame = (rim, rim, size[0] - rim, size[1] - rim)
            draw.rectangle(frame, outline=255, width=_px(0.5))
        middle = size[0] / 2, size[1] / 2
        draw.text(middle, text, font=font, fill=255, anchor="mm", align="center")
        worn = self._random.random((size[1] // 8 + 1, size[0] // 8 + 1))
        worn = np.asarray(Image.fromarray((255 * worn).astype(np.uint8)).resize(size)) / 255.0
        left = np.clip(1.0 - press.faded * (0.5 + worn), 0.0, 1.0)
        ink = Image.fromarray((np.asarray(ink) * left).astype(np.uint8))
        ink = ink.rotate(-tilt, Image.Resampling.BICUBIC, expand=True)
        place = (_px(x) - ink.width // 2, _px(y) - ink.height // 2)
        below = self.image.crop((*place, place[0] + ink.width, place[1] + ink.height))
        pressed = ImageChops.multiply(below, Image.new("RGB", below.size, press.ink))
        self.image.paste(pressed, place, ink)

    def signature(self, x: float, y: float) -> None:
        """Sign at ``x``, ``y``: a scribble of a blue pen."""
        steps = np.linspace(0, 1, 60)
        phase = self._random.uniform(0, 6.28, 3)
        across = x + 28 * steps + 3 * np.sin(9 * steps + phase[0])
        down = (
            y + 5 * np.sin(17 * steps + phase[1]) * (1 - steps) + 2 * np.sin(5 * steps + phase[2])
        )
        points = [(_px(a), _px(b)) for a, b in zip(across, down, strict=True)]
        self._draw.line(points, fill=_PEN, width=5, joint="curve")

    def scanned(self, *, askew: float = 0.0) -> Image.Image:
        """Return the sheet as a scanner gives it: softened, noisy, ``askew`` degrees clockwise."""
        image = self.image
        if askew:
            image = image.rotate(-askew, Image.Resampling.BICUBIC, fillcolor=(238, 238, 236))
        image = image.filter(ImageFilter.GaussianBlur(0.7))
        pixels = np.asarray(image, dtype=np.int16)
        grain = self._random.normal(0.0, 2.6, pixels.shape[:2]).astype(np.int16)[..., None]
        shade = np.linspace(0, -7, pixels.shape[1]).astype(np.int16)[None, :, None]
        return Image.fromarray(np.clip(pixels + grain + shade, 0, 255).astype(np.uint8))

    def _around(self, seal: Image.Image, text: str) -> None:
        """Write ``text`` along the upper rim of a seal."""
        font = _font(Style(bold=True), 40)
        size = seal.width
        for index, letter in enumerate(text):
            angle = -115 + 230 * (index + 0.5) / len(text)
            tile = Image.new("RGBA", (size, size), (0, 0, 0, 0))
            ImageDraw.Draw(tile).text(
                (size / 2, size * 0.115), letter, font=font, fill=(*_STAMP, 215), anchor="mm"
            )
            seal.alpha_composite(tile.rotate(-angle, Image.Resampling.BICUBIC))

    def _justify(self, words: list[str], style: Style, start: float) -> None:
        widths = [self._width(word, style) for word in words]
        gap = (self.right - start - sum(widths)) / (len(words) - 1)
        x = start
        for word, width in zip(words, widths, strict=True):
            self._write(word, style, x, self.right, "left")
            x += width + gap

    def _fitting(self, words: list[str], style: Style, width: float) -> int:
        count = 1
        while count < len(words) and self._width(" ".join(words[: count + 1]), style) <= width:
            count += 1
        return count

    def _write(
        self,
        text: str,
        style: Style,
        left: float,
        right: float,
        align: str,
        colour: tuple[int, int, int] | None = None,
    ) -> None:
        font = _font(style, _pixels(style.points))
        x = {"left": left, "centre": (left + right) / 2, "right": right}[align]
        anchor = {"left": "ls", "centre": "ms", "right": "rs"}[align]
        baseline = _px(self.y) + _pixels(style.points)
        ink = colour or (_PEN if style.pen else _INK)
        self._draw.text((_px(x), baseline), text, font=font, fill=ink, anchor=anchor)

    def _width(self, text: str, style: Style) -> float:
        return self._mm(_font(style, _pixels(style.points)).getlength(text))

    def _height(self, style: Style) -> float:
        return self._mm(_pixels(style.points) * _LEADING)

    @staticmethod
    def _mm(pixels: float) -> float:
        return pixels * 25.4 / DPI


def _px(millimetres: float) -> int:
    return round(millimetres / 25.4 * DPI)


def _pixels(points: float) -> int:
    return round(points * DPI / _DOT_POINTS)


@cache
def _font(style: Style, pixels: int) -> ImageFont.FreeTypeFont:
    weight = (":bold" if style.bold else "") + (":italic" if style.italic else "")
    return ImageFont.truetype(str(_file(weight)), pixels)


@cache
def _file(weight: str) -> Path:
    """Return a system font's file that has Vietnamese letters; ``weight`` as fontconfig says it.

    Raises:
        ToolMissing: There is none, or no fontconfig to ask.
    """
    if shutil.which("fc-match"):
        for family in _FAMILIES:
            asked = subprocess.run(
                ["fc-match", "-f", "%{file}", f"{family}:lang=vi{weight}"],
                capture_output=True,
                text=True,
                check=False,
            )
            file = Path(asked.stdout.strip())
            if file.suffix.lower() in (".ttf", ".otf") and _has_letters(file):
                return file
    raise ToolMissing("a font with Vietnamese letters (package fonts-noto-core)")


def _has_letters(file: Path) -> bool:
    font = ImageFont.truetype(str(file), 40)
    absent = bytes(font.getmask("\uffff"))
    return all(bytes(font.getmask(letter)) != absent for letter in _NEEDED)
