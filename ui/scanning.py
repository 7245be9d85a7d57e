"""One scan at a time, from the press of *Quét* to its end, off the UI thread.

The target is fixed when it begins: what the clerk opens meanwhile changes nothing about it.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from digitizer.app import App
from digitizer.capture import BatchEnd, SavedPage
from digitizer.chain import Door
from digitizer.choosing import best
from digitizer.errors import DigitizerError, ScanCancelled, ScannerLost, ScannerNotFound
from digitizer.flatbed import PageByPage
from digitizer.scanning import Capabilities, Profile, Progress, Scanner, Source
from digitizer.storage import audit
from digitizer.watchkeeper import Watch
from ui import reads, scan_words
from ui.bridge import Bridge, Pool
from ui.scan_words import Doing
from ui.target import Ended, Target

_LOOK_SECONDS = 0.1
"""How late a stop is noticed while the glass waits."""


class Scanners(Struct, frozen=True):
    """The drivers, as the composition root hands them in. All calls block.

    Attributes:
        scanner_for: A device's id → the scanner and the device's name for it.
        devices: Everything that is connected.
        watch: Makes a watch of folders; None where none are watched.
        troubles: Each driver's trouble on this machine, or None where it can run.
        web_port: Where web pages may ask for scans (0: at a free port); None: nowhere.
    """

    scanner_for: Callable[[str], tuple[Scanner, str]]
    devices: Callable[[], list[Capabilities]]
    watch: Watch | None = None
    troubles: Callable[[], Mapping[str, DigitizerError | None]] = dict
    web_port: int | None = None


class Scanning(QObject):
    """Runs scans.

    Attributes:
        target: Where pages go now; None while nothing is scanned.
        searching: No page can come yet, a scanner is still being looked for.
        progress: How the page that is coming gets on, where the scanner tells.
        turning: The glass is free for the page of this number; 0 while it is not.

    Signals:
        changed: A scan began or ended, or what can be told about it.
        saved: The first page is safe: dossier id and batch id.
        ended: How (``Ended``).
    """

    changed = Signal()
    saved = Signal(str, str)
    ended = Signal(object)

    def __init__(self, bridge: Bridge, scanners: Scanners, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._scanners = scanners
        self._found = ""
        self._stop = threading.Event()
        self._more: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self.target: Target | None = None
        self.searching = False
        self.progress: Progress | None = None
        self.turning = 0
        self._landed = 0

    def start(self, app: App, target: Target, profile: Profile) -> None:
        """Begin to scan into ``target``; does nothing while a scan runs.

        A ``profile`` without a device takes the one that suits it best (``digitizer.choosing``).
        """
        if self.target is not None:
            return
        self.target, self._stop, self._more = target, threading.Event(), queue.SimpleQueue()
        self.progress, self.turning, self._landed = None, 0, 0
        stop, more, known = self._stop, self._more, profile.device or self._found
        self.searching = not known
        self._bridge.ask(
            lambda: self._run(app, target, profile, known, stop, more),
            self._done,
            lambda error: self._done(Ended(target, 0, error)),
            pool=Pool.LONG,
        )
        self.changed.emit()

    def stop(self) -> None:
        """End the scan within two seconds; its pages stay. Where the glass waits for its next
        page, there is none: that is a good end."""
        if self.turning:
            self._answer(False)
        else:
            self._stop.set()

    def doing(self, here: str) -> Doing:
        """Say what is being scanned, to who has this dossier or stack (its id) in front."""
        return scan_words.doing(
            self.target, self.progress, self.turning, searching=self.searching, here=here
        )

    def next_page(self) -> bool:
        """The next page lies on the glass; False where none is waited for."""
        waited_for = bool(self.turning)
        if waited_for:
            self._answer(True)
        return waited_for

    def _answer(self, more: bool) -> None:
        self.turning = 0
        self._more.put(more)
        self.changed.emit()

    def _run(
        self,
        app: App,
        target: Target,
        profile: Profile,
        device: str,
        stop: threading.Event,
        more: queue.SimpleQueue[bool],
    ) -> Ended:
        if not device:
            device = best(self._scanners.devices(), profile).device.id
            self._bridge.post(lambda: self._scanner_found(device))
            if stop.is_set():
                return Ended(target, 0, ScanCancelled())
        paper_id = target.paper_id
        if paper_id is None:
            dossiers = app.dossiers
            into = dossiers.unsorted() if target.stack else dossiers.get(target.dossier_id)
            paper_id = dossiers.paper_for(into, None)
        after = target.after
        if target.goes_on and after is not None and reads.is_last(app, after):
            after = None
        scanner, name = self._scanners.scanner_for(device)

        def landed(page: SavedPage) -> None:
            self._bridge.post(lambda: self._safe(target, page))

        def asked(seq: int) -> bool:
            self._bridge.post(lambda: self._turning(target, seq))
            while not stop.is_set():
                with contextlib.suppress(queue.Empty):
                    return more.get(timeout=_LOOK_SECONDS)
            return False

        wish = replace(profile, device=name)
        if target.glass:
            wish = replace(wish, source=Source.FLATBED)
        elif target.replaces is not None:
            wish = replace(wish, pages=1)
        with audit.through(Door.WEB if target.web else Door.WINDOW):
            end: BatchEnd = app.capture.run(
                PageByPage(scanner, asked) if target.glass else scanner,
                wish,
                paper_id,
                stop,
                landed,
                after=after,
                replaces=target.replaces,
                continues=target.continues,
                stack=target.stack or None,
                told=lambda progress: self._bridge.post(lambda: self._told(target, progress)),
            )
        half = end.source is Source.ADF_DUPLEX and end.pages % 2 == 1
        last = reads.last_page(app, end.batch, paper_id)
        there = replace(target, paper_id=paper_id)
        return Ended(there, end.pages, end.error, half, last, end.fronts_only, end.batch)

    def _scanner_found(self, device: str) -> None:
        self._found, self.searching = device, False
        self.changed.emit()

    def _safe(self, target: Target, page: SavedPage) -> None:
        """Nothing more is coming of a page that is safe."""
        if page.seq == 1:
            self.saved.emit(target.dossier_id, page.batch)
        if self.target is target:
            self._landed = page.seq
            if self.progress is not None and self.progress.seq <= page.seq:
                self.progress = None
                self.changed.emit()

    def _told(self, target: Target, progress: Progress) -> None:
        if self.target is target and progress.seq > self._landed:
            self.progress = progress
            self.changed.emit()

    def _turning(self, target: Target, seq: int) -> None:
        if self.target is target:
            self.turning = seq
            self.changed.emit()

    def _done(self, ended: Ended) -> None:
        if isinstance(ended.error, ScannerNotFound | ScannerLost):
            self._found = ""  # another one may be there next time
        self.target, self.searching = None, False
        self.progress, self.turning = None, 0
        self.changed.emit()
        self.ended.emit(ended)
