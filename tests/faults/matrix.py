"""Which faults meet which drivers, how each is made, and what it must be called.

Used by ``test_matrix``.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

from killing import Running
from PIL import Image

from digitizer.app import App
from digitizer.capture import BatchEnd, SavedPage
from digitizer.errors import (
    CoverOpen,
    DigitizerError,
    DiskFull,
    DoubleFeed,
    FeederEmpty,
    FeederJam,
    FeederStopped,
    ScanCancelled,
    ScannerCrashed,
    ScannerLost,
)
from digitizer.scanning import Profile, Source
from drivers import virtual
from drivers.host import HostedScanner

PAGES = 3
PLACES = {"first": 0, "middle": 1, "last": 2}
DRIVERS = ("test", "pnm", "airscan", "escl", "folder")
CODE = "000.00.20.H02-261122-0001"
_SILENCE_SECONDS, _PATIENCE_SECONDS = 2.5, 30.0
_PAGE_SECONDS = 0.2
_BUSY_ANSWERS = 2

DEVICE: dict[str, tuple[type[DigitizerError], ...]] = {
    "jam": (FeederJam,),
    "cover": (CoverOpen,),
    "double": (DoubleFeed, FeederStopped),  # SANE has no status for it: sane-airscan says busy
    "empty": (FeederEmpty,),
    "busy": (
        FeederStopped,
    ),  # SANE's test back end; a scanner that is busy for a while is waited for
    "gone": (ScannerLost,),
    "cut": (ScannerLost,),
}
"""Faults of a device, and what each must be called."""
PROCESS: dict[str, tuple[type[DigitizerError], ...]] = {
    "segfault": (ScannerCrashed,),
    "hangs": (ScannerLost,),
    "floods": (ScannerCrashed,),
    "stopped": (ScanCancelled,),
    "disk full": (DiskFull,),
}
"""Faults that can meet any driver."""
POWER = "power cut"
SIGNALS = {"segfault": signal.SIGSEGV, "hangs": signal.SIGSTOP}
STATUS: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "test": {
        fault: (("read-return-value", f"SANE_STATUS_{status}"),)
        for fault, status in (
            ("jam", "JAMMED"),
            ("cover", "COVER_OPEN"),
            ("empty", "NO_DOCS"),
            ("busy", "DEVICE_BUSY"),
            ("gone", "IO_ERROR"),
        )
    },
    # this back end keeps the last fault it was given only while "status" is switched off
    "pnm": {
        fault: (("status", "no"), (f"status-{status}", "yes"))
        for fault, status in (
            ("jam", "jammed"),
            ("cover", "coveropen"),
            ("empty", "nodocs"),
            ("gone", "ioerror"),
        )
    },
}
"""Options that make SANE's own back ends play a fault."""


def impossible(driver: str, fault: str, place: str) -> str:
    """Say why a driver cannot show a fault at a place, or nothing."""
    if fault in DEVICE and driver == "folder":
        return "files come from no device"
    if fault in DEVICE and driver in STATUS and fault not in STATUS[driver]:
        return "the back end has no such fault"
    if place == "first":
        return ""
    if driver == "pnm":
        return "the back end has one page"
    if fault in DEVICE and driver == "test":
        return "the back end plays it from the start on"
    if fault in ("empty", "busy"):
        return "it can only come before the first page"
    return ""


EVERY = [
    (driver, fault, place)
    for driver in DRIVERS
    for fault in (*DEVICE, *PROCESS, POWER)
    for place in PLACES
]
CASES = [one for one in EVERY if not impossible(*one) and one[1] != POWER]
CUTS = [
    (driver, place)
    for driver, fault, place in EVERY
    if fault == POWER and not impossible(driver, fault, place)
]

FLOOD = """
import os, signal, sys
pages = int(sys.argv[1])
reads, writes = os.pipe()
if os.fork():
    os.dup2(writes, 1)
    os.execv(sys.executable, [sys.executable, "-m", "drivers.worker"])
os.close(writes)
with os.fdopen(reads, "rb") as told:
    while pages and (line := told.readline()):
        os.write(1, line)
        pages -= b'"page"' in line
os.kill(os.getppid(), signal.SIGSTOP)
while True:
    os.write(1, b'{"alive": 1, "fraction": null, "waiting": false}\\n' * 100)
"""
"""A worker that reports so many pages and then talks without end."""


def profile_of(
    driver: str, on: ExitStack, stack: Path, folder: Path, fault: str, at: int
) -> Profile:
    """Set the driver's device up with a fault, if it is the device's."""
    options = STATUS.get(driver, {}).get(fault, ())
    if driver == "test":
        slow = (("read-delay", "yes"), ("read-delay-duration", "20000"))
        return Profile("test:0", dpi=75, pages=PAGES, options=(*slow, *options))
    if driver == "pnm":
        with Image.open(stack / "1.jpg") as page:
            page.save(folder / "page.ppm")
        named = (("filename", str(folder / "page.ppm")),)
        return Profile("pnm:0", Source.FLATBED, dpi=75, options=(*named, *options))
    if driver == "folder":
        return Profile("folder", files=tuple(sorted(stack.iterdir())))
    place = at + 1 if fault == "cut" else at
    if fault == "empty":
        faults = virtual.Faults(slow=_PAGE_SECONDS, empty=True)
    elif fault == "busy":
        faults = virtual.Faults(slow=_PAGE_SECONDS, busy=_BUSY_ANSWERS)
    elif fault in DEVICE:
        faults = virtual.parse_faults([f"{fault}:{place}", f"slow:{_PAGE_SECONDS}"])
    else:
        faults = virtual.Faults(slow=_PAGE_SECONDS)
    url = on.enter_context(virtual.running(stack, faults))
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
    flood = (sys.executable, "-c", FLOOD, str(trouble.at)) if trouble.fault == "floods" else ()
    scanner = HostedScanner(name, silence_seconds=silence, state=app.home.scanners, command=flood)
    early = threading.Thread(target=trouble.strike_at_start)
    if trouble.at == 0 and trouble.fault in (*SIGNALS, "stopped"):
        early.start()
    try:
        return app.capture.run(scanner, profile, paper, trouble.stop, trouble.page)
    finally:
        trouble.stop.set()
        if early.ident is not None:
            early.join()


def goes_on(app: App, stack: Path) -> None:
    """Take one more page into the same paper."""
    rest = Profile("folder", files=(stack / "1.jpg",))
    again = run(app, "folder", rest, Trouble("none", -1))
    assert (again.error, again.pages) == (None, 1), "and scanning goes on"


def row(driver: str, fault: str, place: str, pages: int, ended: str) -> str:
    """Return a line of the table."""
    return f"{driver:8} {fault:10} {place:7} {pages}, {ended}"


def words_for(driver: str, profile: Profile) -> list[str]:
    """Return the command that does what a profile wants."""
    to = ["--dossier", CODE, "--paper", "TP01"]
    if driver == "folder":
        return ["import", *map(str, profile.files), *to]
    prefix = "escl:" if driver == "escl" else ""
    options = [f"--option={name}={value}" for name, value in profile.options]
    pages = ["--pages", str(profile.pages)] if profile.pages else []
    return ["scan", "--device", f"{prefix}{profile.device}", "--dpi", "100", *pages, *options, *to]


def wait_for_batch(incoming: Path, running: Running) -> None:
    """Wait until a batch has begun, or the command is over."""
    while not any(incoming.glob("*")) and not running.over:
        running.wait(0.005)
