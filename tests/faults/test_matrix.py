"""Every fault × every driver × before the first, a middle and the last page: nothing that was
there before is lost, the batch says how it ended, nothing is left running, and scanning goes on.

``pytest -s tests/faults`` prints the table.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from digitizer.app import App
from digitizer.capture import BatchEnd, SavedPage
from digitizer.errors import (
    CoverOpen,
    DigitizerError,
    DiskFull,
    DoubleFeed,
    FeederJam,
    FeederStopped,
    ScanCancelled,
    ScannerCrashed,
    ScannerLost,
)
from digitizer.scanning import Profile
from drivers import virtual
from drivers.host import HostedScanner

PAGES = 3
PLACES = {"first": 0, "middle": 1, "last": 2}
DRIVERS = ("test", "airscan", "escl", "folder")
CODE = "000.00.20.H02-261122-0001"
_SILENCE_SECONDS, _PATIENCE_SECONDS = 2.5, 30.0
_PAGE_SECONDS = 0.2

DEVICE: dict[str, tuple[type[DigitizerError], ...]] = {
    "jam": (FeederJam,),
    "cover": (CoverOpen,),
    "double": (DoubleFeed, FeederStopped),  # SANE has no status for it: sane-airscan says busy
    "gone": (ScannerLost,),
    "cut": (ScannerLost,),
}
"""Faults of a network scanner, and what each must be called."""
PROCESS: dict[str, tuple[type[DigitizerError], ...]] = {
    "segfault": (ScannerCrashed,),
    "hangs": (ScannerLost,),
    "stopped": (ScanCancelled,),
    "disk full": (DiskFull,),
}
"""Faults that can meet any driver."""
SIGNALS = {"segfault": signal.SIGSEGV, "hangs": signal.SIGSTOP}
CASES = [
    (driver, fault, place)
    for driver in DRIVERS
    for fault in (*(DEVICE if driver in ("airscan", "escl") else ()), *PROCESS)
    for place in PLACES
]


@dataclass
class Table:
    """What came of every case."""

    rows: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    """Collects the rows and prints them."""
    found = Table()
    yield found
    head = f"{'driver':8} {'fault':10} {'place':7} pages safe, how the batch ended"
    sys.stdout.write("\n".join(["", head, *found.rows, ""]))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small pages, all different."""
    folder = tmp_path_factory.mktemp("stack")
    for number in range(1, PAGES + 1):
        page = Image.new("RGB", (827, 1169), "white")
        ImageDraw.Draw(page).text((80, 90 * number), f"Trang {number}", "black", font_size=60)
        page.save(folder / f"{number}.jpg", dpi=(100, 100), quality=80)
    return folder


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As many pages that take the folder driver some time: it would be through before a fault."""
    folder = tmp_path_factory.mktemp("heavy")
    for number in range(1, PAGES + 1):
        page = Image.effect_noise((2480, 3508), 60 + number)
        page.save(folder / f"{number}.png", dpi=(300, 300), compress_level=1)
    return folder


@pytest.fixture(scope="module")
def full_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that, preloaded, lets a folder hold no more than so many bytes."""
    library = tmp_path_factory.mktemp("full") / "full.so"
    source = Path(__file__).parent.parent / "cli" / "full.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with App(tmp_path / "home", "test") as opened:
        opened.dossiers.open_new(code=CODE)
        yield opened


def profile_of(
    driver: str, on: ExitStack, stack: Path, folder: Path, fault: str, at: int
) -> Profile:
    """Set the driver's device up with a fault, if it is the device's."""
    if driver == "test":
        slow = (("read-delay", "yes"), ("read-delay-duration", "20000"))
        return Profile("test:0", dpi=75, pages=PAGES, options=slow)
    if driver == "folder":
        return Profile("folder", files=tuple(sorted(stack.iterdir())))
    place = at + 1 if fault == "cut" else at
    named = {fault: place} if fault in DEVICE else {}
    url = on.enter_context(virtual.running(stack, virtual.Faults(slow=_PAGE_SECONDS, **named)))
    if driver == "escl":
        return Profile(url, dpi=100)
    virtual.sane_config(url, folder / "sane")
    return Profile(f"airscan:e0:{virtual.NAME}", dpi=100)


class Trouble:
    """Does something to the worker once so many pages are safe."""

    def __init__(self, fault: str, at: int) -> None:
        self.fault = fault
        self.at = at
        self.stop = threading.Event()
        self.saved: list[str] = []

    def page(self, page: SavedPage) -> None:
        self.saved.append(page.sha256)
        self.strike()

    def strike(self) -> None:
        if len(self.saved) != self.at:
            return
        if self.fault == "stopped":
            self.stop.set()
        elif self.fault in SIGNALS:
            (worker,) = workers()
            os.kill(worker, SIGNALS[self.fault])

    def strike_at_start(self) -> None:
        """Strike as soon as there is a worker."""
        while not workers() and not self.stop.wait(0.01):
            continue
        self.strike()


def workers() -> list[int]:
    """Return the process numbers of this process's scanner workers."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            words = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and b"drivers.worker" in words and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def run(app: App, driver: str, profile: Profile, trouble: Trouble) -> BatchEnd:
    """Scan one batch into the paper while trouble waits."""
    paper = app.dossiers.paper_for(app.dossiers.find(CODE), "TP01")
    name = driver if driver in ("escl", "folder") else "sane"
    silent = trouble.fault in ("hangs", "gone")
    silence = _SILENCE_SECONDS if silent else _PATIENCE_SECONDS
    scanner = HostedScanner(name, silence_seconds=silence, state=app.home.scanners)
    early = threading.Thread(target=trouble.strike_at_start)
    if trouble.at == 0 and trouble.fault in (*SIGNALS, "stopped"):
        early.start()
    try:
        return app.capture.run(scanner, profile, paper, trouble.stop, trouble.page)
    finally:
        trouble.stop.set()
        if early.ident is not None:
            early.join()


@pytest.mark.parametrize(("driver", "fault", "place"), CASES)
def test_nothing_is_lost_and_nothing_hangs(
    driver: str,
    fault: str,
    place: str,
    app: App,
    stack: Path,
    heavy: Path,
    full_disk: Path,
    table: Table,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = PLACES[place]
    sane = tmp_path / "sane"
    sane.mkdir()
    (sane / "dll.conf").write_text("test\n")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(sane))
    with ExitStack() as on:
        sheets = heavy if driver == "folder" else stack
        profile = profile_of(driver, on, sheets, tmp_path, fault, at)
        if fault == "disk full":
            on.enter_context(_little_space(monkeypatch, full_disk, app, driver, profile, at))
        trouble = Trouble(fault, at)
        end = run(app, driver, profile, trouble)
    wanted = DEVICE.get(fault) or PROCESS[fault]
    through = fault == "stopped" and end.pages == PAGES  # the last page was on its way already
    assert through or isinstance(end.error, wanted), (end, wanted)
    paper = app.dossiers.find(CODE).paper("TP01")
    assert paper is not None
    kept = [page.sha256 for page in paper.pages]
    assert kept == trouble.saved, "what was told is there, in its order, and nothing besides"
    assert at <= len(kept) <= at + (fault not in DEVICE), "pages before the fault are safe"
    assert {page.batch_reason for page in paper.pages} <= {end.reason.value}
    assert workers() == []
    assert list(app.home.incoming.glob("*/????.???")) == [], "no whole page waits to be adopted"
    rest = Profile("folder", files=(stack / "1.jpg",))
    again = run(app, "folder", rest, Trouble("none", -1))
    assert (again.error, again.pages) == (None, 1), "and scanning goes on"
    table.rows.append(f"{driver:8} {fault:10} {place:7} {len(kept)}, {end.reason.value}")


class _little_space:  # noqa: N801 - reads as a verb where it is used
    """Lets the worker land so many pages and half of the next."""

    def __init__(
        self,
        patch: pytest.MonkeyPatch,
        library: Path,
        app: App,
        driver: str,
        profile: Profile,
        at: int,
    ) -> None:
        self._patch = patch
        sizes = self._sizes(app, driver, profile)
        patch.setenv("FULL_UNDER", str(app.home.incoming))
        patch.setenv("FULL_COUNT", str(app.home.root.with_name("count")))
        patch.setenv("FULL_BYTES", str(sum(sizes[:at]) + sizes[at] // 2))
        patch.setenv("LD_PRELOAD", str(library))

    def _sizes(self, app: App, driver: str, profile: Profile) -> list[int]:
        """Scan once without trouble to learn how large the pages are; forget them again."""
        end = run(app, driver, profile, Trouble("none", -1))
        assert end.error is None
        rows = app.store.rows("SELECT bytes FROM page ORDER BY batch_seq")
        with app.store.transaction() as tx:
            tx.execute("DELETE FROM work")
            tx.execute("DELETE FROM page")
        return [int(row["bytes"]) for row in rows]

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        self._patch.delenv("LD_PRELOAD")
