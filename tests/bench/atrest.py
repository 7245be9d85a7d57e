"""What an encrypted home costs: each figure against a plain home, measured in the same call, in
turns, so that whatever else the machine does meets both.
"""

from __future__ import annotations

import shutil
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from digitizer import homekeys
from digitizer.app import App
from digitizer.capture import SavedPage
from digitizer.config import Home
from digitizer.finding import find
from digitizer.homekeys import Custody
from digitizer.policy import FREE
from digitizer.scanning import Profile, Source
from digitizer.unlocking import by_passphrase
from drivers import virtual
from drivers.host import scanner_for
from tests.bench import bighome, ingest
from tests.bench.capture import Clocked
from tests.bench.table import Figure
from tests.sealedhome import PASSPHRASE, encrypt, keyring_in

COUNT, QUICK_COUNT = 200, 10
DOSSIERS, QUICK_DOSSIERS = 5000, 50
_CODE = "000.00.20.H02-261122-0001"
_ROUNDS, _STARTS = 40, 9
_TYPED = ("nguyen van", "Hương Trầm", "thôn đồng tâm", "00042")
_MB = 1e6


@dataclass(frozen=True, slots=True)
class Ingested:
    """A stack that was scanned: each page's milliseconds from hand-over to safe; pages a minute."""

    waits: list[float]
    a_minute: float


def measure(folder: Path, *, count: int = COUNT, dossiers: int = DOSSIERS) -> list[Figure]:
    """Scan ``count`` pages into a home of each kind; search and open homes of ``dossiers``."""
    with keyring_in(folder / "ring.json"):
        return [*_ingested(folder, count), *_large(folder / "large", dossiers), _passphrase(folder)]


def _ingested(folder: Path, count: int) -> list[Figure]:
    stack = ingest.stack(folder, count)
    homes = {"encrypted": folder / "encrypted", "plain": folder / "plain"}
    for home in homes.values():
        with App(home, "bench", policy=FREE) as app:
            app.dossiers.open_new(code=_CODE)
    encrypt(homes["encrypted"])
    found = {name: _scan(stack, home, count) for name, home in homes.items()}
    ours, other = found["encrypted"], found["plain"]
    began = time.monotonic()
    size = sum(file.stat().st_size for file in homes["plain"].glob("vault/??/*"))
    encrypt(homes["plain"])
    took = time.monotonic() - began
    return [
        _against(
            f"milliseconds from hand-over to page safe, OCR behind, encrypted ({count} pages)",
            statistics.median(ours.waits),
            statistics.median(other.waits),
        ),
        _against("the same, 95th percentile", _late(ours.waits), _late(other.waits)),
        _against("pages taken in a minute meanwhile, encrypted", ours.a_minute, other.a_minute),
        Figure(
            "megabytes a second while a home is being encrypted, each file read back",
            f"{size / _MB / took:.0f}",
        ),
    ]


def _scan(stack: Path, home: Path, count: int) -> Ingested:
    with virtual.running(stack) as url, App(home, "bench", policy=FREE) as app:
        paper = app.dossiers.paper_for(app.dossiers.get(app.dossiers.heads()[0].id), "TP01")
        app.local.start()
        scanner, name = scanner_for(f"escl:{url}", app.home.scanners)
        clocked = Clocked(scanner)
        safe: list[float] = []

        def saved(_page: SavedPage) -> None:
            safe.append(time.monotonic())

        began = time.monotonic()
        profile = Profile(name, Source.ADF)
        end = app.capture.run(clocked, profile, paper, threading.Event(), saved)
        if end.pages != count:
            raise RuntimeError(f"the bench's own scan went wrong: {end}")
    waits = [(b - a) * 1000 for a, b in zip(clocked.handed, safe, strict=True)]
    return Ingested(waits, 60 * count / (safe[-1] - began))


def _large(plain: Path, dossiers: int) -> list[Figure]:
    made = bighome.make(plain, dossiers, pictures=False)
    encrypted = plain.with_name("large-encrypted")
    shutil.copytree(plain, encrypted)
    encrypt(encrypted)

    def search(home: Path) -> Callable[[], object]:
        app = App(home, "bench", policy=FREE)
        opened.append(app)
        return lambda: [find(app.store, typed) for typed in _TYPED]

    opened: list[App] = []
    try:
        ours, other = _in_turns(_ROUNDS, search(encrypted), search(plain))
    finally:
        for app in opened:
            app.close()
    start, start_plain = _in_turns(
        _STARTS,
        lambda: App(encrypted, "bench", policy=FREE).close(),
        lambda: App(plain, "bench", policy=FREE).close(),
    )
    return [
        _against(
            f"milliseconds to search, encrypted ({made.pages} pages)",
            ours * 1000 / len(_TYPED),
            other * 1000 / len(_TYPED),
            digits=1,
        ),
        _against(
            "milliseconds to open and close that home, encrypted", start * 1000, start_plain * 1000
        ),
    ]


def _in_turns(
    rounds: int, ours: Callable[[], object], other: Callable[[], object]
) -> tuple[float, float]:
    """Return the median seconds of each; the first round warms up."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for times, act in zip(taken, (ours, other), strict=True):
            began = time.perf_counter()
            act()
            if number:
                times.append(time.perf_counter() - began)
    return statistics.median(taken[0]), statistics.median(taken[1])


def _passphrase(folder: Path) -> Figure:
    home = folder / "passphrase"
    with App(home, "bench", policy=FREE) as app:
        app.encryption.prepare(Custody.PASSPHRASE, PASSPHRASE)
    began = time.perf_counter()
    by_passphrase(Home(home), PASSPHRASE)
    took = time.perf_counter() - began
    homekeys.clear(Home(home))
    return Figure("seconds that a passphrase takes to open a home", f"{took:.1f}")


def _late(waits: list[float]) -> float:
    return sorted(waits)[int(0.95 * (len(waits) - 1))]


def _against(name: str, ours: float, plain: float, digits: int = 0) -> Figure:
    return Figure(name, f"{ours:.{digits}f}", f"plain {plain:.{digits}f}", f"{ours / plain:.2f}")
