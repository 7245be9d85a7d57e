"""The compact style: bytes a page, what OCR reads on it as it is shown, and whether it is PDF/A.

Every page is read, bundled in both styles, rendered again and read anew: at 290, 300 and 310 dpi,
of which the mean is told, because one resolution tells little: the same faithful pages vary by more
between such neighbours than the styles differ. The figures of rendered pages, of generated ones in
the folder (``synth_*``) and of real ones (``real_*``) are kept apart. ``PDFA_REFEREE`` may name a
program that judges PDF/A files by itself (exit 0: valid). Takes about six minutes on two idle
cores.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from pikepdf import pdfa

from digitizer import programs
from digitizer.bundle import making
from digitizer.bundle.request import BundlePage, BundleRequest, Style
from digitizer.model import Reading
from digitizer.pages import ocr
from tests.bench import accuracy, pages, table
from tests.bench.table import Figure

_RENDERED, _GENERATED = 8, 6
_SHOWN_DPI = (290, 300, 310)
_MOST_OF_THEIRS, _MOST_POINTS, _MOST_SECONDS = 6.0, 0.2, 0.6


@dataclass(frozen=True, slots=True)
class _Page:
    """A page image with what is written on it."""

    file: Path
    text: str


def measure(data: Path) -> list[Figure]:
    """Measure rendered pages, then those of ``data/vn-pages``."""
    with tempfile.TemporaryDirectory(prefix="eval-compact-") as name:
        folder = Path(name)
        sample = pages.mixed(folder / "rendered", _RENDERED)
        rendered = [_Page(f, text) for f, text in zip(sample.files, sample.texts, strict=True)]
        figures = _set("rendered, 300 dpi", rendered, folder)
        figures += _set("generated, 200 dpi", _found(data, "synth_*.jpg")[:_GENERATED], folder)
        figures += _set("real, 200 dpi", _found(data, "real_*.png"), folder)
    return figures


def _found(data: Path, pattern: str) -> list[_Page]:
    files = sorted((data / "vn-pages").glob(pattern))
    return [_Page(f, f.with_suffix(".txt").read_text(encoding="utf-8")) for f in files]


def _set(name: str, chosen: list[_Page], folder: Path) -> list[Figure]:
    if not chosen:
        return []
    made, seconds, errors = {}, {}, {}
    asked = tuple(map(_asked, chosen))
    for style in Style:
        made[style] = folder / f"{name[:8].strip(', ')}-{style}.pdf"
        began = time.process_time()
        making.make(BundleRequest(made[style], asked, name, style=style))
        seconds[style] = (time.process_time() - began) / len(chosen)
        errors[style] = [100 * _error_rate(made[style], dpi, chosen, folder) for dpi in _SHOWN_DPI]
    ours = made[Style.COMPACT].stat().st_size / len(chosen)
    theirs, whose = _others_bytes(made[Style.FAITHFUL], chosen, folder)
    real_jpegs = all(page.file.suffix == ".jpg" for page in chosen)
    compact, faithful = (fmean(errors[style]) for style in (Style.COMPACT, Style.FAITHFUL))
    points = compact - faithful
    each = [c - f for c, f in zip(errors[Style.COMPACT], errors[Style.FAITHFUL], strict=True)]
    return [
        Figure(
            f"{name}: bytes a page ({len(chosen)} pages)",
            f"{ours / 1000:.0f} kB",
            f"{theirs / 1000:.0f} kB ({whose})",
            f"1/{theirs / ours:.1f}",
            f"≤ 1/{_MOST_OF_THEIRS:.0f}" if real_jpegs else "",
            theirs / ours >= _MOST_OF_THEIRS if real_jpegs else None,
        ),
        Figure(
            f"{name}: character errors read on the page as shown, mean of {_dpis()} dpi",
            f"{compact:.2f} %",
            f"{faithful:.2f} % (faithful)",
            f"{points:+.2f} points",
            f"≤ +{_MOST_POINTS}",
            points <= _MOST_POINTS,
        ),
        Figure(
            f"{name}: the same at each, points; how far the faithful page varies",
            " ".join(f"{one:+.2f}" for one in each),
            f"{max(errors[Style.FAITHFUL]) - min(errors[Style.FAITHFUL]):.2f}",
        ),
        Figure(
            f"{name}: processor seconds a page to make it",
            f"{seconds[Style.COMPACT]:.2f}",
            f"{seconds[Style.FAITHFUL]:.2f} (faithful)",
            "",
            f"≤ {_MOST_SECONDS}",
            seconds[Style.COMPACT] <= _MOST_SECONDS,
        ),
        *(_verdict(f"{name}, {style}", made[style]) for style in Style),
    ]


def _asked(page: _Page) -> BundlePage:
    found = Reading.from_json(
        programs.run_module("digitizer.pages.reading", str(page.file), timeout=120)
    )
    return BundlePage(
        page.file,
        found.turn,
        found.skew,
        found.width,
        found.height,
        found.dpi_x,
        found.dpi_y,
    )


def _dpis() -> str:
    return f"{', '.join(map(str, _SHOWN_DPI[:-1]))} and {_SHOWN_DPI[-1]}"


def _error_rate(pdf: Path, dpi: int, chosen: list[_Page], folder: Path) -> float:
    """Return edits per character of what OCR reads on the pages shown at ``dpi``."""
    shown = Path(tempfile.mkdtemp(dir=folder))
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(shown / "page")], check=True)

    def read(image: Path) -> str:
        prefix = image.with_suffix("")
        answer = programs.run_module(
            "digitizer.pages.ocr", str(image), "0", "0.0", str(prefix), timeout=120
        )
        return ocr.Words.from_json(answer).said.text

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        texts = list(pool.map(read, sorted(shown.glob("*.png"))))
    shutil.rmtree(shown)
    return accuracy.error_rate([page.text for page in chosen], texts)


def _others_bytes(faithful: Path, chosen: list[_Page], folder: Path) -> tuple[float, str]:
    """Return the bytes a page that OCRmyPDF makes of the same images; where it is not installed,
    those of the images themselves, which it passes through."""
    path = table.path_env()
    if shutil.which("ocrmypdf", path=path["PATH"]) is None:
        return sum(page.file.stat().st_size for page in chosen) / len(chosen), "the images"
    out = folder / "other.pdf"
    subprocess.run(
        ["ocrmypdf", "-q", "--output-type", "pdfa", "--tesseract-timeout", "0", faithful, out],
        check=True,
        env=path,
        stdout=sys.stderr,
    )
    return out.stat().st_size / len(chosen), "OCRmyPDF"


def _verdict(name: str, pdf: Path) -> Figure:
    passed = pdfa.validate_written(pdf, "2b").passed
    referee = os.environ.get("PDFA_REFEREE")
    said = ""
    if referee:
        judged = subprocess.run([referee, str(pdf)], stdout=subprocess.DEVNULL, check=False)
        said = "valid" if judged.returncode == 0 else "not valid"
    return Figure(
        f"{name}: PDF/A-2b",
        "valid" if passed else "not valid",
        f"{said} (referee)" if said else "",
        "",
        "valid",
        passed and said != "not valid",
    )
