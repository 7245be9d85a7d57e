"""Papers to sign: bundles as the program makes them, and odd pages."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from digitizer.bundle import making
from digitizer.bundle.request import BundlePage, BundleRequest, Style
from digitizer.signing import face

A4 = (595.0, 842.0)


def bundle(file: Path, *images: Path) -> Path:
    """Make the PDF/A-2b of a paper whose pages are ``images``, at 100 dpi."""
    pages = []
    for image in images:
        with Image.open(image) as opened:
            width, height = opened.size
        pages.append(BundlePage(image, 0, 0.0, width, height, 100.0, 100.0))
    created = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)
    making.make(
        BundleRequest(file, tuple(pages), "Giấy", "H02-1", "Thủ tục", Style.FAITHFUL, created)
    )
    return file


def page(file: Path, *, top: int = 120, size: tuple[int, int] = (827, 1169)) -> Path:
    """Draw a page of text at 100 dpi whose first line is ``top`` pixels from its upper edge."""
    picture = Image.new("RGB", size, (250, 248, 240))
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(face.FILE), 18)
    for at in range(top, size[1] - 60, 26):
        draw.text((60, at), "Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập " * 3, "black", font)
    picture.save(file, quality=85, dpi=(100, 100))
    return file


def plain(
    file: Path,
    *,
    size: tuple[float, float] = A4,
    turn: int = 0,
    crop: tuple[float, ...] | None = None,
    unit: float = 1.0,
    black: tuple[tuple[float, float, float, float], ...] = (),
) -> Path:
    """Make a PDF of one page with black rectangles (left, bottom, width, height as counted)."""
    pdf = pikepdf.new()
    made = pdf.add_blank_page(page_size=size)
    if turn:
        made.obj.Rotate = turn
    if crop:
        made.obj.CropBox = pikepdf.Array(list(crop))
    if unit != 1.0:
        made.obj.UserUnit = unit
    drawn = "".join("{} {} {} {} re f ".format(*one) for one in black)
    made.obj.Contents = pdf.make_stream(b"0 g " + drawn.encode("ascii"))
    pdf.save(file)
    return file


def seen(file: Path, dpi: int = 72, page: int = 1) -> NDArray[np.uint8]:
    """Return page 1 as poppler draws it: grey, one cell a point."""
    command = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-gray"]
    made = subprocess.run([*command, "-cropbox", str(file)], capture_output=True, check=True)
    return np.asarray(Image.open(io.BytesIO(made.stdout)).convert("L"))


def text(file: Path, page: int = 1) -> str:
    """Return the text of a page as poppler reads it."""
    command = ["pdftotext", "-f", str(page), "-l", str(page), "-raw", str(file), "-"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def pdfsig(file: Path) -> str:
    """Return what poppler says of a file's signatures."""
    command = ["pdfsig", "-nocert", str(file)]
    return subprocess.run(command, capture_output=True, check=False, text=True).stdout
