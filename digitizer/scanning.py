"""PORT Scanner: what the core asks of anything that gives pages.

Implemented by ``drivers.host`` (which runs the real drivers in a child process) and by the
drivers themselves inside that child; called by ``digitizer.capture``. Knows no driver.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from msgspec import Struct


class Source(StrEnum):
    """Where the paper lies."""

    FLATBED = "flatbed"
    ADF = "adf"
    ADF_DUPLEX = "adf-duplex"


class Mode(StrEnum):
    """What a pixel holds."""

    COLOR = "color"
    GRAY = "gray"
    LINEART = "lineart"


class EndReason(StrEnum):
    """How a batch ended. ``EMPTY`` and ``COUNT`` are the good ends."""

    EMPTY = "empty"
    COUNT = "count"
    JAM = "jam"
    COVER = "cover"
    DOUBLE_FEED = "double-feed"
    CANCELLED = "cancelled"
    LOST = "lost"
    CRASHED = "crashed"
    REFUSED = "refused"
    DISK_FULL = "disk-full"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Size(Struct, frozen=True):
    """A sheet, upright: millimetres."""

    width: float
    height: float


A4 = Size(210.0, 297.0)
FLOOR_DPI = 200
"""NĐ 30/2020/NĐ-CP and TT 02/2019/TT-BNV: at least 200 dpi, in colour."""


KEPT_WHOLE = ("keep", "whole")
"""An option for the folder driver: its files are bundles that another desk made and placed. Each
is kept as it is beside its pages, and no code in it leads them anywhere."""


class Device(Struct, frozen=True):
    """A scanner that can be opened: ``id`` is what ``scan --device`` takes."""

    id: str
    driver: str
    name: str


class Capabilities(Struct, frozen=True):
    """What one device can do.

    Attributes:
        device: Which one.
        sources: Where it scans from.
        resolutions: In dpi, ascending; a range is sampled.
        modes: What its pixels can hold, or be reduced to.
        sizes: The largest sheet of each of ``sources``, in their order; zero by zero where the
            device does not tell. Empty where the driver asks for no sizes.
        double_feed: It notices sheets that stick together, if asked to.
        can_wait: ``Profile.wait`` makes it wait for paper.
    """

    device: Device
    sources: tuple[Source, ...]
    resolutions: tuple[int, ...]
    modes: tuple[Mode, ...]
    sizes: tuple[Size, ...] = ()
    double_feed: bool = False
    can_wait: bool = False


class Profile(Struct, frozen=True):
    """One wish to scan (*mẫu quét*).

    Attributes:
        device: The device's id.
        source: Where to scan from; None lets the driver take a feeder before a flatbed.
        both_sides: Where ``source`` is None: take a feeder that scans both sides before others.
        dpi: Dots per inch, both ways. TT 02/2019 asks for 200 at least.
        mode: Colour by default (NĐ 30/2020).
        pages: Stop after so many pages; None feeds until the feeder is empty.
        options: Back-end options by name, passed through as they are.
        files: For the folder driver: the files to take, in order.
        size: The sheet; None asks for the largest that the source takes.
        double_feed: Ask the device to notice sheets that stick together, where it can.
        wait: With an empty feeder, wait for paper instead of ending (*chờ giấy*).
        first: The sequence number of the first page.
        pace: Seconds that a page took on this device before, where that is known. A driver that
            is silent for many times that long is given up.
        below_floor: Why less than ``FLOOR_DPI`` or no colour is asked for; recorded.
    """

    device: str
    source: Source | None = None
    dpi: int = 300
    mode: Mode = Mode.COLOR
    pages: int | None = None
    options: tuple[tuple[str, str], ...] = ()
    files: tuple[Path, ...] = ()
    size: Size | None = None
    double_feed: bool = True
    wait: bool = False
    first: int = 1
    pace: float | None = None
    below_floor: str = ""
    both_sides: bool = False

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources that will do, the best first."""
        if self.source is not None:
            return (self.source,)
        feeders = (Source.ADF, Source.ADF_DUPLEX)
        return (*(feeders[::-1] if self.both_sides else feeders), Source.FLATBED)

    @property
    def legal(self) -> bool:
        """True where what it gives meets the legal floor of digitized papers."""
        return self.dpi >= FLOOR_DPI and self.mode is Mode.COLOR


class Progress(Struct, frozen=True):
    """How far the page that is coming has got.

    Attributes:
        seq: Its number.
        fraction: 0–1 of it; None where the device does not tell.
        waiting: Nothing moves until somebody puts paper in.
    """

    seq: int
    fraction: float | None = None
    waiting: bool = False


def unheard(_progress: Progress) -> None:
    """Take no notice of a scan's progress."""


class ScannedPage(Struct, frozen=True):
    """One captured side, complete and durable in the batch's incoming folder.

    Attributes:
        seq: 1, 2, 3 … within the batch, in feeding order.
        file: ``<into>/<seq:04d>.<ext>``; written to a ``.part`` name, fsynced, renamed,
            folder fsynced, before it is yielded.
        origin: The file it was taken from, for the folder driver.
        last_of_origin: True where ``origin`` holds no further page, so that its batch may
            let go of it once this page is safe.
        source: Where the paper lay, where the driver knows: a profile may leave that to it.
    """

    seq: int
    file: Path
    origin: Path | None = None
    last_of_origin: bool = True
    source: Source | None = None


class Scanner(Protocol):
    """A source of pages. All methods may block; call them off the UI thread."""

    def devices(self) -> list[Device]:
        """Return what is connected now."""
        ...

    def capabilities(self, device: str) -> Capabilities:
        """Return what ``device`` can do. Raises ``ScannerNotFound``, ``ScannerBusy``."""
        ...

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        """Yield pages one by one as they land in ``into``; closing it ends the scan.

        ``told`` hears how the next page comes along, on any thread, and returns at once; calling
        it is also the driver's sign of life.

        Ends quietly when the feeder is empty after at least one page, or the asked number is
        reached. Otherwise pages come first, **then** a ``ScannerError`` is raised:
        ``FeederEmpty`` before any page, ``FeederJam``, ``CoverOpen``, ``ScannerLost``,
        ``ScannerCrashed``, ``ScanCancelled`` once ``stop`` is set … For the folder driver
        also an ``InputError``.
        """
        ...
