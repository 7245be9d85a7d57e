"""Sustained ingest: a thousand colour pages from a network scanner by our own eSCL driver, while
the local lane reads and OCRs behind.

The virtual scanner gives pages as fast as they are taken, so what is measured is our side: the
driver's child, the hand-over, the store, the planner, and the memory of the process the clerk
looks at.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path

from digitizer.app import App
from digitizer.capture import SavedPage
from digitizer.scanning import Profile, Source
from drivers import virtual
from drivers.host import scanner_for
from tests.bench import pages
from tests.bench.capture import Clocked
from tests.bench.table import Figure

COUNT, QUICK_COUNT = 1000, 60
_RENDERED = 10
_SETTLED = 0.1
"""The part of the pages after which memory should not grow any more."""
_TARGET_A_MINUTE, _TARGET_GROWTH = 120.0, 1.3
_CODE = "000.00.20.H02-261122-0001"
_MB = 1e6
_JPEG_START, _COMMENT = b"\xff\xd8", b"\xff\xfe\x00\x08"


def measure(folder: Path, *, count: int = COUNT) -> list[Figure]:
    """Scan ``count`` pages into one paper."""
    paper_stack = stack(folder, count)
    with virtual.running(paper_stack) as url, App(folder / "home", "bench") as app:
        dossier = app.dossiers.open_new(code=_CODE)
        paper = app.dossiers.paper_for(dossier, "TP01")
        app.local.start()
        scanner, name = scanner_for(f"escl:{url}", app.home.scanners)
        clocked = Clocked(scanner)
        safe: list[float] = []
        memory: list[int] = []

        def saved(page: SavedPage) -> None:
            safe.append(time.monotonic())
            memory.append(_own_bytes())

        began = time.monotonic()
        profile = Profile(name, Source.ADF)
        end = app.capture.run(clocked, profile, paper, threading.Event(), saved)
        if end.pages != count:
            raise RuntimeError(f"the bench's own scan went wrong: {end}")
    a_minute = 60 * count / (safe[-1] - began)
    waits = sorted((b - a) * 1000 for a, b in zip(clocked.handed, safe, strict=True))
    settled, most = memory[round(count * _SETTLED) - 1], max(memory)
    return [
        Figure(
            f"pages taken in a minute, 300 dpi A4 colour, OCR behind ({count} pages)",
            f"{a_minute:.0f}",
            target=f"≥ {_TARGET_A_MINUTE:g}",
            met=a_minute >= _TARGET_A_MINUTE,
        ),
        Figure(
            "milliseconds from hand-over to page safe meanwhile, 95th percentile",
            f"{waits[int(0.95 * (len(waits) - 1))]:.0f}",
        ),
        Figure(
            f"memory of the main process, at most in {count} pages against page "
            f"{round(count * _SETTLED)}, MB",
            f"{most / _MB:.0f}",
            f"{settled / _MB:.0f}",
            f"{most / settled:.2f}",
            f"≤ {_TARGET_GROWTH:g}",
            most <= _TARGET_GROWTH * settled,
        ),
    ]


def stack(folder: Path, count: int) -> Path:
    """Write ``count`` different files: a few rendered pages, each copy with its number in it."""
    rendered = [file.read_bytes() for file in pages.short(folder / "drawn", _RENDERED)]
    made = folder / "stack"
    made.mkdir()
    for number in range(1, count + 1):
        page = rendered[number % _RENDERED]
        marked = _JPEG_START + _COMMENT + b"%06d" % number + page[len(_JPEG_START) :]
        (made / f"{number:05d}.jpg").write_bytes(marked)
    return made


def _own_bytes() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this system does not tell a process's memory")
