"""The SANE driver, on python-sane. Runs inside ``drivers.worker`` alone: back ends crash.

``drivers.sane_setup`` sets a device up, ``drivers.sane_feed`` gets its sheets,
``drivers.images`` makes files of them; the sheets feed on a thread of their own, so that the
next one comes while the last one is made safe.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

from digitizer.errors import ProfileUnsupported, ScannerLost, ScannerNotFound, ToolMissing
from digitizer.scanning import Capabilities, Device, Profile, Progress, ScannedPage, unheard
from drivers import images, sane_setup
from drivers.ahead import ahead
from drivers.landing import land_bytes
from drivers.sane_feed import Feed, Halt, patiently
from drivers.sane_setup import Ready
from drivers.sane_table import OpenTable, converted

_NAME = "sane"
_CLOSE_SECONDS = 30.0
"""Lamps are parked on closing, which takes time; longer than this means that it hangs."""


def scanner(state: Path | None) -> SaneScanner:
    """Return the driver. Raises ``ToolMissing`` where SANE or python-sane is not installed."""
    try:
        import sane  # only the worker may load it
    except ImportError as error:
        raise ToolMissing("python-sane") from error
    sane.init()
    return SaneScanner(sane)


class SaneScanner:
    """What SANE lists. Devices are named as SANE names them, such as ``test:0``."""

    def __init__(self, sane: Any) -> None:
        self._sane = sane

    def devices(self) -> list[Device]:
        """Return SANE's scanners; its cameras are left out."""
        with converted(self._sane, "devices"):
            found = self._sane.get_devices()
        return [
            Device(name, _NAME, f"{vendor} {model}".strip())
            for name, vendor, model, kind in found
            if "camera" not in kind
        ]

    def capabilities(self, device: str) -> Capabilities:
        """Open ``device`` and read its options. It is named by its id: only ``devices`` asks."""
        with self._opened(device, Halt(threading.Event(), threading.Event())) as opened:
            return sane_setup.capabilities(OpenTable(self._sane, opened))

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        """Scan page by page; see ``Scanner.scan``."""
        if profile.pages is not None and profile.pages < 1:
            raise ProfileUnsupported("no pages asked for")
        over = threading.Event()
        feeding = self._fed(profile, Halt(stop, over), told)
        with contextlib.closing(ahead(feeding, over)) as fed:
            for seq, image, ready in fed:
                suffix, content = images.encode(image, profile.mode, ready.dpi)
                del image
                file = land_bytes(into, seq, suffix, content)
                yield ScannedPage(seq, file, source=ready.source)

    def _fed(
        self, profile: Profile, halt: Halt, told: Callable[[Progress], None]
    ) -> Generator[tuple[int, Any, Ready], None, None]:
        """Yield each side's sequence number and Pillow image, and how the device was set up."""
        with self._opened(profile.device, halt) as opened:
            ready = sane_setup.prepare(OpenTable(self._sane, opened), profile)
            feed = Feed(self._sane, opened, ready, profile, halt, told)
            with contextlib.closing(feed.images()) as images:
                for seq, image in images:
                    yield seq, image, ready
                    del image

    @contextlib.contextmanager
    def _opened(self, device: str, halt: Halt) -> Iterator[Any]:
        opened = patiently(lambda: self._open(device), halt, device)
        try:
            yield opened
        finally:
            self._close(opened)

    def _close(self, opened: Any) -> None:
        """Close a device. One that hangs in it is left behind: how the scan ended is known."""

        def close() -> None:
            # python-sane cancels nothing by itself after the last page of a feeder
            with contextlib.suppress(self._sane._sane.error):
                opened.cancel()
            opened.close()

        closing = threading.Thread(target=close, name="close", daemon=True)
        closing.start()
        closing.join(_CLOSE_SECONDS)

    def _open(self, device: str) -> Any:
        try:
            with converted(self._sane, device):
                return self._sane.open(device)
        except (ProfileUnsupported, ScannerLost) as error:
            # "Invalid argument" is how an unknown name is told
            raise ScannerNotFound(device) from error
