"""Draws separator sheets and writes them as one PDF/A-2b to print: two pages a sheet, front and
back alike, black on white.

A program (``python -m digitizer.bundle.sheets REQUEST.json``), started by
``digitizer.separating``; it prints what it made as JSON. What stands on a sheet comes with the
request; knows no dossier.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import zxingcpp
from msgspec import Struct
from msgspec.structs import asdict
from PIL import Image, ImageDraw

from digitizer import programs
from digitizer.bundle import lettering, making
from digitizer.bundle.request import BundlePage, BundleRequest
from digitizer.confinement import Rights

_DPI = 300
_WIDTH, _HEIGHT = 2480, 3508
_MARGIN_MM = 15.0
_LARGE_QR_MM, _SMALL_QR_MM = 88.0, 42.0
_POINT = _DPI / 72.0
_LEADING = 1.35


class Sheet(Struct, frozen=True):
    """One separator sheet.

    Attributes:
        headline: What kind of sheet it is, in capitals: OCR tells it by this.
        begins: A line before the name.
        name: What begins behind it, as large as fits.
        more: Smaller lines about it.
        payload: What its codes hold; printed as text too.
        foot: What to do with it.
    """

    headline: str
    begins: str
    name: str
    more: str
    payload: str
    foot: str


def request(sheets: list[Sheet], out: Path, title: str) -> dict[str, Any]:
    """Return the JSON value that the program takes."""
    return {"out": str(out), "title": title, "sheets": [asdict(sheet) for sheet in sheets]}


def drawn(sheet: Sheet) -> Image.Image:
    """Return a sheet as a black and white A4 page at 300 dpi.

    Raises:
        ToolMissing: There is no font with Vietnamese letters.
    """
    page = Image.new("L", (_WIDTH, _HEIGHT), 255)
    pen = ImageDraw.Draw(page)
    width = _WIDTH - 2 * _px(_MARGIN_MM)
    y = _px(16)
    y = _centred(pen, y, sheet.headline, 40, width)
    y += _px(3)
    pen.rectangle((_px(_MARGIN_MM), y, _WIDTH - _px(_MARGIN_MM), y + _px(1.2)), fill=0)
    y += _px(7)
    y = _centred(pen, y, sheet.begins, 20, width)
    for line in _wrapped(sheet.name, 44, width, 3):
        y = _centred(pen, y, line, 44, width)
    for line in _wrapped(sheet.more, 16, width, 3):
        y = _centred(pen, y, line, 16, width)
    code = _code(sheet.payload, _LARGE_QR_MM)
    y = max(y + _px(3), _px(105))
    y = _centred(pen, y, sheet.payload, 20, width)
    page.paste(code, ((_WIDTH - code.width) // 2, y + _px(3)))
    small = _code(sheet.payload, _SMALL_QR_MM)
    page.paste(small, (_WIDTH - _px(_MARGIN_MM) - small.width, _HEIGHT - _px(12) - small.height))
    beside = width - small.width - _px(8)
    y = _HEIGHT - _px(12) - small.height
    for line in _wrapped(sheet.foot, 13, beside, 6):
        pen.text((_px(_MARGIN_MM), y), line, font=_font(13), fill=0)
        y += round(13 * _POINT * _LEADING)
    return page.point(lambda grey: 255 if grey >= 128 else 0).convert("1")


def _code(payload: str, side_mm: float) -> Image.Image:
    """Return a QR of about ``side_mm``, its white rim included; printed modules are whole dots."""
    made = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    dots = Image.fromarray(np.array(made.to_image(1)))
    scale = max(1, _px(side_mm) // dots.width)
    return dots.resize((dots.width * scale, dots.height * scale), Image.Resampling.NEAREST)


def _centred(pen: ImageDraw.ImageDraw, y: int, text: str, points: float, width: int) -> int:
    """Write a line in the middle, smaller where it does not fit; return where the next begins."""
    if not text:
        return y
    while points > 8 and _font(points).getlength(text) > width:
        points -= 1
    pen.text((_WIDTH / 2, y), text, font=_font(points), fill=0, anchor="ma")
    return y + round(points * _POINT * _LEADING)


def _wrapped(text: str, points: float, width: int, most: int) -> list[str]:
    """Break a text into lines of at most ``width`` pixels; what is over is cut off."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _font(points).getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
    return lines


def _font(points: float) -> Any:
    return lettering.font(round(points * _POINT))


def _px(millimetres: float) -> int:
    return round(millimetres / 25.4 * _DPI)


def make(value: Mapping[str, Any]) -> Any:
    """Make the PDF that a request asks for.

    Raises:
        ToolMissing: There is no font with Vietnamese letters.
        OutputUnwritable, DiskFull, BundleInvalid: as ``making.make``.
    """
    with tempfile.TemporaryDirectory() as scratch:
        pages = []
        for number, fields in enumerate(value["sheets"]):
            image = Path(scratch) / f"{number:05d}.png"
            drawn(Sheet(**fields)).save(image, dpi=(_DPI, _DPI))
            page = BundlePage(image, 0, 0.0, _WIDTH, _HEIGHT, float(_DPI), float(_DPI))
            pages += [page, page]
        return making.make(
            BundleRequest(out=Path(value["out"]), pages=tuple(pages), title=value["title"])
        ).to_json()


def rights(argv: list[str]) -> Rights:
    """Return what the program needs: the folder of its PDF, and whoever knows the fonts."""
    (file,) = argv
    out = Path(json.loads(Path(file).read_text(encoding="utf-8"))["out"])
    return Rights(reads=(file,), writes=(out.parent,), runs=lettering.PROGRAMS)


def main(argv: list[str]) -> Any:
    """Run the program."""
    (file,) = argv
    return make(json.loads(Path(file).read_text(encoding="utf-8")))


if __name__ == "__main__":
    programs.serve(main, rights)
