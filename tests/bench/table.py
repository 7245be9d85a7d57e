"""Figures as a table, on the screen and in ``docs/figures.md``."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

DOCUMENT = Path("docs/figures.md")
_NAMES = {"ocrmypdf": "OCRmyPDF", "simple-scan": "GNOME Document Scanner"}
_DISPLAY = {"simple-scan": ("xvfb-run", "--auto-servernum")}
"""What says its version only on a display."""
_ENGINE, _ONCE = "\n## The page engine\n\n", "\n## Measured once\n"
_TASK = "\n### "


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        name: What was measured, with its unit.
        ours: Our value.
        other: OCRmyPDF's value, or what ours is compared with; empty where there is nothing.
        ratio: Ours against the other, or empty.
        target: What the ratio or value shall be, or empty.
        met: Whether it is; None where there is no target.
    """

    name: str
    ours: str
    other: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None


def render(figures: list[Figure]) -> str:
    """Return the figures as a Markdown table."""
    verdicts = {True: "yes", False: "**no**", None: ""}
    head = ("figure", "ours", "compared with", "ratio", "target", "met")
    rows = [head, *((f.name, f.ours, f.other, f.ratio, f.target, verdicts[f.met]) for f in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def machine() -> str:
    """Say what the figures were measured on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{model}, {cores} cores, {memory:.0f} GB, {platform.system()} {platform.release()}"


def versions(others: Sequence[str] = ()) -> str:
    """Say which programs took part: Python, Tesseract, and ``others``, by their commands."""
    tesseract = subprocess.run(
        ["tesseract", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[1]
    said = [f"Python {platform.python_version()}", f"Tesseract {tesseract}"]
    for other in others:
        told = subprocess.run(
            [*_DISPLAY.get(other, ()), other, "--version"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
            env=path_env(),
        ).stdout
        said.append(f"{_NAMES.get(other, other)} {told.split()[-1]}")
    return ", ".join(said)


def path_env() -> dict[str, str]:
    """Return an environment in which this interpreter's own programs come first."""
    own = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": f"{own}{os.pathsep}{os.environ.get('PATH', '')}"}


def write(figures: list[Figure], versions: str) -> None:
    """Replace the bench's table in ``docs/figures.md`` by today's; what stands below it stays."""
    _, _, below = _document().partition(_ENGINE)
    DOCUMENT.write_text(
        "# Figures\n\n"
        "What `make bench` measured last; written by it, not by hand "
        "(`make bench BENCH=--write`). The pages are rendered by `digitizer.sandbox.stack`: "
        "colour A4 at 300 dpi with Vietnamese text, seals and noise. OCRmyPDF reads the very same "
        "JPEG files, wrapped by img2pdf, with the same Tesseract and all cores "
        "(`-l vie --output-type pdfa`). Memory is the largest sum over all processes of a run, "
        "shared pages counted once. Other work on the machine moves seconds; the ratios of one "
        "run move less.\n\n"
        f"{_stamp()} · {versions}\n\n"
        f"{render(figures)}\n"
        f"{_ENGINE}{below}",
        encoding="utf-8",
    )


def write_engine(task: str, figures: list[Figure]) -> None:
    """Replace the table of one task of the page engine's evaluation by today's; those of other
    tasks, each with the day it was measured, and all else stay."""
    above, _, rest = _document().partition(_ENGINE)
    engine, _, below = rest.partition(_ONCE)
    _, *sections = f"\n{engine}".split(_TASK)
    tables = dict(_section(section) for section in sections)
    tables[task] = f"{_stamp()}\n\n{render(figures)}"
    told = "\n".join(f"{_TASK}{name}\n\n{table}" for name, table in sorted(tables.items()))
    DOCUMENT.write_text(
        f"{above}{_ENGINE}"
        "What `make eval` measured last, by task (`make eval DATA=folder TASKS=--write`; of tasks "
        "that are not named the tables stay). *Real* pages are issued papers of others, "
        "*generated* ones imitate them, *rendered* ones are drawn by the evaluation itself; they "
        f"are never mixed in one figure.\n{told}\n{_ONCE}{below}",
        encoding="utf-8",
    )


def _section(section: str) -> tuple[str, str]:
    name, _, table = section.partition("\n")
    return name.strip(), table.strip()


def _document() -> str:
    return DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d} · {machine()}"
