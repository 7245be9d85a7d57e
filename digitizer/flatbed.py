"""Many pages from the glass in one batch: one page, then *lật trang, bấm tiếp*.

A Scanner around a Scanner. The device is let go of between two pages, so that nothing times out
while somebody turns the sheet. Used by the command line and the window.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from pathlib import Path

from msgspec.structs import replace

from digitizer.errors import ScanCancelled
from digitizer.scanning import (
    Capabilities,
    Device,
    Profile,
    Progress,
    ScannedPage,
    Scanner,
    unheard,
)

More = Callable[[int], bool]
"""Asked after each page, with the number of the next; blocks until somebody decides, or the scan is
stopped. False ends the batch: well, unless it was stopped."""


class PageByPage:
    """Scans one page, asks, scans the next."""

    def __init__(self, scanner: Scanner, more: More) -> None:
        self._scanner = scanner
        self._more = more

    def devices(self) -> list[Device]:
        """Return what the scanner inside finds."""
        return self._scanner.devices()

    def capabilities(self, device: str) -> Capabilities:
        """Return what the scanner inside can do."""
        return self._scanner.capabilities(device)

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        """Scan page by page until ``more`` says no or the asked number is reached.

        Raises:
            ScanCancelled: ``stop`` was set while somebody was to decide.
        """
        seq = profile.first
        while True:
            yield from self._scanner.scan(replace(profile, pages=1, first=seq), into, stop, told)
            seq += 1
            if profile.pages is not None and seq - profile.first >= profile.pages:
                return
            told(Progress(seq, waiting=True))
            more = self._more(seq)
            if stop.is_set():
                raise ScanCancelled(profile.device)
            if not more:
                return
