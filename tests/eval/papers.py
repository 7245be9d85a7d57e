"""Which paper is this: titles of Vietnamese papers, printed, worn, read by Tesseract, proposed.

Rendered papers of six procedures in three states of wear. Of the folder, the pages of ``vn-pages``
whose kind is plain from their text (``_KINDS``) are asked about against a list that has that kind
among others, and against one that has none of it.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from digitizer import programs
from digitizer.pages import headings
from digitizer.proposing import SURE, Listed, propose
from digitizer.sandbox.sheet import DPI, STRONG, Sheet, Style
from tests.bench.table import Figure
from tests.eval._titles import LISTS, PAPERS, Titled

_WEAR = {"clean, 200 dpi": (0.67, 0.7, 3.0), "worn, 200 dpi": (0.67, 1.6, 16.0)}
"""By name: how much smaller than 300 dpi, blur in pixels, grain in grey levels."""
_TOP1 = 0.9
_SECONDS = 300.0
_LIST = (
    Listed("TP01", "Hợp đồng"),
    Listed("TP02", "Đơn xin nghỉ phép"),
    Listed("TP03", "Quyết định"),
    Listed("TP04", "Thông báo"),
    Listed("TP05", "Thông tư"),
)
_OTHERS = LISTS["khai sinh"]
_KINDS = {"QUYẾT ĐỊNH": "TP03", "THÔNG BÁO": "TP04", "THÔNG TƯ": "TP05"}
"""A line of the truth that is the page's title, and its component in ``_LIST``."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page image, its list and the component it is; empty where the list has none."""

    image: Path
    papers: tuple[Listed, ...]
    part: str


def measure(data: Path) -> list[Figure]:
    """Return the lines of the table."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for wear, (scale, blur, grain) in _WEAR.items():
            into = Path(folder) / wear.split(",")[0]
            into.mkdir()
            asked = [
                _Asked(
                    _rendered(paper, number, into, scale, blur, grain),
                    LISTS[paper.list_name],
                    paper.part,
                )
                for number, paper in enumerate(PAPERS)
            ]
            figures += _told(f"rendered titles, {wear}", asked, Path(folder), _TOP1)
        real = list(_of_folder(data / "vn-pages"))
        if real:
            figures += _told("pages of the folder", real, Path(folder), None)
    return figures


def _of_folder(folder: Path) -> Iterator[_Asked]:
    index = folder / "index.json"
    for entry in json.loads(index.read_text("utf-8")) if index.is_file() else ():
        image = folder / str(entry.get("image", ""))
        truth = image.with_suffix(".txt")
        if not image.is_file() or not truth.is_file():
            continue
        lines = {line.strip().upper() for line in truth.read_text("utf-8").splitlines()[:12]}
        part = next((part for title, part in _KINDS.items() if title in lines), "")
        if part:
            yield _Asked(image, _LIST, part)
        yield _Asked(image, _OTHERS, "")


def _told(name: str, asked: list[_Asked], scratch: Path, target: float | None) -> list[Figure]:
    images = sorted({one.image for one in asked})
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        read = list(pool.map(lambda image: _headings(image, scratch), images))
    lines = dict(zip(images, read, strict=True))
    right = sure = wrong = wanted = 0
    for one in asked:
        found = propose(lines[one.image], (), one.papers)
        certain = found is not None and found.confidence >= SURE
        wanted += bool(one.part)
        right += found is not None and bool(one.part) and found.part == one.part
        sure += certain and found is not None and found.part == one.part
        wrong += certain and found is not None and found.part != one.part
    share = right / wanted if wanted else 1.0
    return [
        Figure(
            f"{name}: right, of papers in the list",
            f"{right}/{wanted}",
            target="" if target is None else f"≥ {target:.0%}",
            met=None if target is None else share >= target,
        ),
        Figure(
            f"{name}: sure and right; sure and wrong, of {len(asked)}",
            f"{sure}; {wrong}",
            target="0 wrong",
            met=wrong == 0,
        ),
    ]


def _headings(image: Path, scratch: Path) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory(dir=scratch) as own:
        prefix = Path(own) / "words"
        programs.run_module("digitizer.pages.whole", str(image), str(prefix), timeout=_SECONDS)
        table = prefix.with_suffix(".tsv")
        return headings.of_table(table) if table.exists() else ()


def _rendered(
    paper: Titled, number: int, folder: Path, scale: float, blur: float, grain: float
) -> Path:
    """Print a paper with its title, wear it, save it; only its upper part bears text."""
    sheet = Sheet(500 + number)
    sheet.pair("ỦY BAN NHÂN DÂN XÃ TÂN LẬP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", STRONG)
    sheet.pair("Số: 12/UBND", "Độc lập - Tự do - Hạnh phúc", STRONG)
    sheet.space(8)
    for at, line in enumerate(paper.lines):
        style = Style(15.0, bold=True) if at == 0 or line.isupper() else Style(13.0, bold=True)
        sheet.line(line, style, align="centre")
    sheet.space(5)
    for label, value in (
        ("Họ, chữ đệm, tên:", "Nguyễn Khánh Vân"),
        ("Giấy tờ tùy thân:", "Căn cước công dân số 024199000011"),
        ("Nơi cư trú:", "Thôn Đông Hòa, xã Tân Lập"),
    ):
        sheet.field(label, value)
    image = sheet.image.convert("L").crop((0, 0, sheet.image.width, sheet.image.height // 2))
    image = image.resize((round(image.width * scale), round(image.height * scale)))
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(blur)), dtype=np.float32)
    pixels = pixels + np.random.default_rng(number).normal(0, grain, pixels.shape)
    file = folder / f"{number:02d}.jpg"
    dpi = DPI * scale
    Image.fromarray(pixels.clip(0, 255).astype("u1")).save(file, quality=60, dpi=(dpi, dpi))
    return file
