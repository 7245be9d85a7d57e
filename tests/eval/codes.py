"""Codes: how many are read, and whether anything is read that is not there.

Of the folder: ``codes/zxing-cpp/<format>-<n>/`` holds pictures with the truth in a ``.txt`` beside
each, ``falsepositives-*`` pictures without a code; ``codes/separators`` holds PDFs of separator and
number sheets, named after what is on them. Besides, pages rendered here as hard as desks see them.
"""

from __future__ import annotations

import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
from PIL import Image

from digitizer.model import Code
from digitizer.pages import codes, ink, raster, reading
from tests.bench.table import Figure
from tests.eval import _codepages

_PICTURES = (".png", ".webp", ".jpg")
_RECALL = 0.95
_SHEET_DPI = (200, 300)
_SHEETS = {
    "barcode-128-custom": (["CUSTOM BARCODE"],),
    "barcode-39-custom": (["CUSTOM BARCODE"],),
    "many-qr-codes": ([], ["ADAR-NEXTDOC"], []),
    "patch-code-t": (["PATCHT"],),
    "patch-code-t-qr": (["PATCHT"],),
    "patch-code-t-middle": ([], ["PATCHT"], []),
    "patch-code-t-middle-fuzzy": ([], ["PATCHT"], []),
    "patch-code-t-middle-reverse": ([], ["PATCHT"], []),
    "several-patcht-codes": ([], [], ["PATCHT"], [], [], ["PATCHT"], []),
    "split-by-asn-1": (
        ["ASN00123"], [], ["ASN00124"], ["ASN00125"], [], [], ["ASN00126"], [], ["ASN00127"], [],
    ),
}  # fmt: skip
"""What the sheets' pages hold, seen by eye."""


@dataclass(slots=True)
class _Tally:
    read: int = 0
    all: int = 0
    wrong: int = 0
    times: list[float] = field(default_factory=list)

    def add(self, truth: set[str], found: set[str]) -> None:
        """Count a page: its codes, those that were read, and what is not on it."""
        self.all += len(truth)
        self.read += len(truth & found)
        self.wrong += len(found - truth)

    def figure(self, name: str, target: float | None = _RECALL) -> Figure:
        """Return its line."""
        share = self.read / self.all if self.all else 1.0
        return Figure(
            f"{name}: read, wrong",
            f"{self.read}/{self.all}, {self.wrong}",
            target="" if target is None else f"≥ {target:.0%}, 0",
            met=None if target is None else share >= target and not self.wrong,
        )


def measure(data: Path) -> list[Figure]:
    """Return the lines of the table."""
    return [
        *_photographs(data / "codes" / "zxing-cpp"),
        *_sheets(data / "codes" / "separators"),
        *_hard_pages(),
    ]


def _photographs(folder: Path) -> Iterator[Figure]:
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    nothing = _Tally()
    for file in sorted(folder.glob("*/*")) if folder.is_dir() else ():
        kind = file.parent.name.rpartition("-")[0]
        truth = file.with_name(f"{file.stem}.txt")
        if file.suffix not in _PICTURES or not (truth.exists() or kind == "falsepositives"):
            continue
        with Image.open(file) as opened:
            found = {_plain(code.text) for code in codes.find(raster.plain(opened).convert("L"))}
        if kind == "falsepositives":
            nothing.all += 1
            nothing.wrong += len(found)
        else:
            wanted = {_plain(truth.read_text("utf-8", "replace"))}
            # a picture may show a further code than the one it is there for
            tallies[kind].add(wanted, found & wanted or found)
    for kind, tally in sorted(tallies.items()):
        yield tally.figure(f"photographs, {kind}")
    if nothing.all:
        met = nothing.wrong == 0
        yield Figure(
            "pictures without a code: pictures, codes read",
            f"{nothing.all}, {nothing.wrong}", target="0", met=met,
        )  # fmt: skip


def _sheets(folder: Path) -> Iterator[Figure]:
    for dpi in _SHEET_DPI if folder.is_dir() else ():
        tally = _Tally()
        for name, truths in _SHEETS.items():
            if not (folder / f"{name}.pdf").is_file():
                continue
            with pypdfium2.PdfDocument(folder / f"{name}.pdf") as pdf:
                for page, truth in zip(pdf, truths, strict=True):
                    image = page.render(scale=dpi / 72).to_pil().convert("L")
                    found, _ = _timed(image, dpi, None)
                    tally.add(set(truth), {code.text for code in found})
        yield tally.figure(f"separator and number sheets at {dpi} dpi")


def _hard_pages() -> Iterator[Figure]:
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    slowest = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "page.jpg"
        for page in _codepages.pages():
            file.write_bytes(page.data)
            scan = reading.decode(file)
            found, seconds = _timed(scan.page, scan.resolution.x, file)
            slowest = max(slowest, seconds)
            tallies[page.hardship].add(set(page.truth), {code.text for code in found})
    for hardship, tally in tallies.items():
        yield tally.figure(f"rendered, {hardship}")
    yield Figure("rendered: slowest page, seconds", f"{slowest:.2f}")


def _timed(page: Image.Image, dpi: float, file: Path | None) -> tuple[tuple[Code, ...], float]:
    small = page.resize((round(page.width * 100 / dpi), round(page.height * 100 / dpi)))
    levels = ink.contrast(small)
    began = time.monotonic()
    return codes.find(page, levels, 100.0, file), time.monotonic() - began


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())
