"""Two figures of capture: the hand-over of a page, and the wait for the PDF/A after the last one.

Both through the real stack: virtual scanner, sane-airscan, python-sane in a child, the store, and
the local lane reading and OCRing meanwhile.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from digitizer.app import App
from digitizer.capture import SavedPage
from digitizer.events import Changed
from digitizer.scanning import (
    Capabilities,
    Device,
    Profile,
    Progress,
    ScannedPage,
    Scanner,
    Source,
    unheard,
)
from drivers import virtual
from drivers.host import HostedScanner
from tests.bench import pages
from tests.bench.table import Figure

COUNT, QUICK_COUNT = 20, 4
_PAGE_SECONDS = 3.0
_TARGET_PAGE_TIMES = 1.5
_DEVICE = "airscan:e0:Virtual"
_CODE = "000.00.20.H02-261122-0001"


class Clocked:
    """A scanner that notes when each page was handed over."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self.handed: list[float] = []

    def devices(self) -> list[Device]:
        """As the scanner says."""
        return self._scanner.devices()

    def capabilities(self, device: str) -> Capabilities:
        """As the scanner says."""
        return self._scanner.capabilities(device)

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        """As the scanner does, with a glance at the clock."""
        for page in self._scanner.scan(profile, into, stop, told):
            self.handed.append(time.monotonic())
            yield page


def measure(folder: Path, *, count: int = COUNT) -> list[Figure]:
    """Scan ``count`` pages at 3 seconds a page into one paper and wait for its bundle."""
    sample = pages.mixed(folder / "stack", count)
    stack = sample.files[0].parent
    with _scanner(stack, folder), App(folder / "home", "bench") as app:
        made = threading.Event()
        dossier = app.dossiers.open_new(code=_CODE)
        paper = app.dossiers.paper_for(dossier, "TP01")

        def look(change: Changed) -> None:
            if app.store.rows("SELECT 1 FROM bundle"):
                made.set()

        app.events.subscribe(look)
        app.local.start()
        clocked = Clocked(HostedScanner("sane"))
        safe: list[float] = []

        def saved(page: SavedPage) -> None:
            safe.append(time.monotonic())

        profile = Profile(_DEVICE, Source.ADF)
        end = app.capture.run(clocked, profile, paper, threading.Event(), saved)
        if end.pages != count or not made.wait(300):
            raise RuntimeError(f"the bench's own scan went wrong: {end}")
        ready = time.monotonic() - safe[-1]
    waits = sorted((b - a) * 1000 for a, b in zip(clocked.handed, safe, strict=True))
    return [
        Figure(
            f"seconds from the last page to its PDF/A ({count} pages, {_PAGE_SECONDS:g} s a page)",
            f"{ready:.2f}",
            f"{_PAGE_SECONDS:g} s a page",
            f"{ready / _PAGE_SECONDS:.2f}",
            f"≤ {_TARGET_PAGE_TIMES:g}",
            ready <= _TARGET_PAGE_TIMES * _PAGE_SECONDS,
        ),
        Figure(
            "milliseconds from hand-over to page safe, median (95th percentile)",
            f"{statistics.median(waits):.0f} ({waits[int(0.95 * (len(waits) - 1))]:.0f})",
        ),
    ]


@contextmanager
def _scanner(stack: Path, folder: Path) -> Iterator[None]:
    """A virtual scanner that feeds the stack, as SANE's only device."""
    before = os.environ.get("SANE_CONFIG_DIR")
    with virtual.running(stack, virtual.Faults(slow=_PAGE_SECONDS)) as url:
        os.environ["SANE_CONFIG_DIR"] = str(virtual.sane_config(url, folder))
        try:
            yield
        finally:
            if before is None:
                del os.environ["SANE_CONFIG_DIR"]
            else:
                os.environ["SANE_CONFIG_DIR"] = before
