"""Feed a SANE device that is set up: sheet after sheet, until the end it really has.

Used by ``drivers.sane`` inside the worker, on one thread. Decides what NO_DOCS, a busy device and
an empty feeder mean now; knows nothing of files.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Generator
from typing import Any, Self

from digitizer.errors import (
    FeederEmpty,
    FeederEndless,
    FeederJam,
    FeederStopped,
    ScanCancelled,
    ScannerBusy,
    ScannerError,
    ScannerLost,
)
from digitizer.scanning import Profile, Progress
from drivers import images, sane_setup
from drivers.sane_setup import Ready
from drivers.sane_table import OpenTable, converted

BUSY_SECONDS = 5.0
"""Devices stay busy for a moment after their last job."""

_BUSY_PAUSE_SECONDS = 0.5
_WAIT_PAUSE_SECONDS = 1.0
_WATCH_SECONDS = 0.1
_LINE_SECONDS = 0.2
"""How long the next line may take to notice a stop; then the back end is cancelled from beside."""


class Halt:
    """Why to stop: the clerk said so, or nobody takes pages any more.

    Args:
        stop: The clerk's.
        over: Set by whoever took the pages.
    """

    def __init__(self, stop: threading.Event, over: threading.Event) -> None:
        self._stop = stop
        self._over = over

    def is_set(self) -> bool:
        """True from the moment either is."""
        return self._stop.is_set() or self._over.is_set()

    def pause(self, seconds: float, device: str) -> None:
        """Do nothing for a while. Raises ``ScanCancelled`` as soon as the clerk stops."""
        self._stop.wait(seconds)
        self.check(device)

    def check(self, device: str) -> None:
        """Raise ``ScanCancelled`` where there is a reason to stop."""
        if self.is_set():
            raise ScanCancelled(device)


class Canceller:
    """Calls ``sane_cancel`` once when there is a reason to halt.

    Between two lines where lines are coming, on the scanning thread; from beside where the back
    end blocks, as SANE allows (standard 1.06, §4.3.10).
    """

    def __init__(self, opened: Any, halt: Halt) -> None:
        self._opened = opened
        self._halt = halt
        self._once = threading.Lock()
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watcher.join()  # never cancels what is closed

    def between_lines(self) -> None:
        """Cancel now if there is a reason to; the next read then ends the page."""
        if self._halt.is_set():
            self._cancel()

    def _cancel(self) -> None:
        if self._once.acquire(blocking=False):  # kept for good: once is enough
            self._opened.cancel()

    def _watch(self) -> None:
        while not self._over.wait(_WATCH_SECONDS):
            if self._halt.is_set():
                if not self._over.wait(_LINE_SECONDS):
                    self._cancel()
                return


def patiently(
    attempt: Callable[[], Any], halt: Halt, device: str, seconds: float = BUSY_SECONDS
) -> Any:
    """Return what ``attempt`` returns, trying for so many seconds while the device is busy.

    Raises:
        ScannerBusy: it stayed busy.
        ScanCancelled: there was a reason to stop.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except ScannerBusy:
            if time.monotonic() >= until:
                raise
        halt.pause(_BUSY_PAUSE_SECONDS, device)


class Feed:
    """The sheets of one scan.

    Args:
        sane: The binding.
        opened: The device, set up.
        ready: How it was set up.
        profile: What was asked for.
        halt: Why to stop.
        told: Hears how the next page comes along.
    """

    def __init__(
        self,
        sane: Any,
        opened: Any,
        ready: Ready,
        profile: Profile,
        halt: Halt,
        told: Callable[[Progress], None],
    ) -> None:
        self._sane = sane
        self._opened = opened
        self._ready = ready
        self._profile = profile
        self._halt = halt
        self._told = told
        self._table = OpenTable(sane, opened)
        self._device: str = opened.devname

    def images(self) -> Generator[tuple[int, Any], None, None]:
        """Yield each side's sequence number and Pillow image.

        Ends quietly when the feeder is empty after a page, or as many came as were asked for.

        Raises:
            FeederEmpty: there was no page at all.
            FeederEndless: a feeder gave all it may of itself; nobody asked for that number.
            ScannerError: trouble; the pages before it were yielded.
        """
        seq, last = self._profile.first, self._ready.pages
        with Canceller(self._opened, self._halt) as canceller:
            while last is None or seq < self._profile.first + last:
                try:
                    image = self._side(canceller, seq)
                except ScannerError as error:
                    if self._halt.is_set():
                        raise ScanCancelled(self._device) from error
                    if isinstance(error, FeederEmpty) and seq > self._profile.first:
                        return
                    raise
                yield seq, image
                del image
                seq += 1
        if self._ready.feeds and self._profile.pages is None:
            raise FeederEndless(f"{self._device}: {seq - self._profile.first} pages")

    def _side(self, canceller: Canceller, seq: int) -> Any:
        """Return the next side. Before the first one, devices may need time and people too."""
        if seq > self._profile.first:
            with self._once_begun():
                self._start(self._ready.ends)
            return self._read(canceller, seq)
        again = self._ready.again
        while True:
            started = False
            try:
                self._wait_for_paper(seq)
                patiently(self._start, self._halt, self._device)
                started = True
                return self._read(canceller, seq)
            except FeederEmpty:
                if self._ready.feeds and self._profile.wait:
                    self._told(Progress(seq, waiting=True))
                elif again:
                    again -= 1
                else:
                    raise
            if started:
                self._opened.cancel()  # what ended before it began; no other starts before
            self._halt.pause(_WAIT_PAUSE_SECONDS, self._device)

    def _wait_for_paper(self, seq: int) -> None:
        """Wait until a sensor sees paper; devices without one find out by trying."""
        if not (self._ready.feeds and self._profile.wait):
            return
        while sane_setup.paper_there(self._table) is False:
            self._told(Progress(seq, waiting=True))
            self._halt.pause(_WAIT_PAUSE_SECONDS, self._device)

    def _start(self, ends: tuple[str, ...] = ()) -> None:
        """Feed the next side."""
        self._halt.check(self._device)
        try:
            with converted(self._sane, self._device, ends):
                self._opened.start()
        except FeederJam as jam:
            raise sane_setup.jam_or_double(self._table, jam) from jam

    @contextlib.contextmanager
    def _once_begun(self) -> Generator[None, None, None]:
        """Tell "busy" of a feeder that has begun as what it is: nobody else took the scanner.

        sane-airscan says so of sheets that stick together, for which SANE has no status.
        """
        try:
            yield
        except ScannerBusy as busy:
            if not self._ready.feeds:
                raise
            raise FeederStopped(self._device) from busy

    def _read(self, canceller: Canceller, seq: int) -> Any:
        """Return the side that feeds as a Pillow image."""

        def progress(line: int, lines: int) -> None:
            canceller.between_lines()  # must not raise: python-sane 2.9.2 crashes on it
            self._told(Progress(seq, line / lines if lines > 0 else None))

        try:
            with self._once_begun(), converted(self._sane, self._device):
                self._told(Progress(seq))
                image = self._opened.snap(no_cancel=True, progress=progress)
        except FeederJam as jam:
            raise sane_setup.jam_or_double(self._table, jam) from jam
        except RuntimeError as error:  # python-sane's own: the page ended before it began
            raise ScannerLost(f"{self._device}: {error}") from error
        if self._ready.padding is not None and images.filled_up(image, self._ready.padding):
            raise ScannerLost(f"page {seq}: cut short")
        return image
