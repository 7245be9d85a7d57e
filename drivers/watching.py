"""Look at a folder that another program fills: which files are whole, in order, and which wait.

The Lookout (``digitizer.arrivals``) that composition roots give to ``digitizer.watching``. Hot
folders are where pages get lost elsewhere: half-written files, 0-byte placeholders, locked files,
page 2 before page 1. What happens to a file that is whole is somebody else's.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from pathlib import Path

from msgspec.structs import replace
from watchdog.events import (
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from digitizer.arrivals import Arrived, Held, Place, Sight, Why
from digitizer.errors import FolderUnreadable
from drivers.listing import DONE_FOLDER, listed, natural, surveyed
from drivers.watch_state import Watched, seen_first

log = logging.getLogger(__name__)

QUIET_SECONDS = 1.0
PATIENCE_SECONDS = 20.0
_RESCAN_SECONDS = 2.0
_SOON_SECONDS = 0.1
_TIMES_ITS_COST = 5.0
"""A look is followed by a pause so many times as long: a big folder must not eat a processor."""
_TELLING = [FileCreatedEvent, FileMovedEvent, FileModifiedEvent, FileClosedEvent]


class FolderLookout:
    """Looks at one folder and its sub-folders, except ``done``.

    A file is whole when its size and time have not changed for a while, nobody holds it, and it
    has an end. One that is not yet whole holds back those after it (and a burst of new files
    all of them, so that they come in the order of their names) for ``patience_seconds`` at most.
    What bears a file's name and is none (a pipe, a link to elsewhere) holds back nobody, is never
    opened, and is told of once it has lain there for ``quiet_seconds``.

    Args:
        place: The folder.
        wake: Set when the system tells of a change; where it does not, looking again must do.
        quiet_seconds: How long a file must lie unchanged.
        patience_seconds: How long a file may hold back others, and is not spoken of.
        rescan_seconds: When to look again where nothing was told.

    Raises:
        FolderUnreadable: there is no such folder now. One that vanishes later is waited for.
    """

    def __init__(
        self,
        place: Place,
        wake: threading.Event,
        *,
        quiet_seconds: float = QUIET_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
        rescan_seconds: float = _RESCAN_SECONDS,
    ) -> None:
        listed(place.folder)
        self._place = place
        self._wake = wake
        self._quiet = quiet_seconds
        self._patience = patience_seconds
        self._rescan = rescan_seconds
        self._files: dict[Path, Watched] = {}
        self._in_order: list[Watched] = []
        self._odd: dict[Path, float] = {}
        self._came_at = self._burst_since = -float("inf")
        self._changed_at = time.monotonic()
        self._reachable = True
        self._observer: BaseObserver | None = None
        self._listen()

    def look(self) -> Sight:
        """Return what lies in the folder now."""
        began = time.monotonic()
        try:
            self._update(began)
        except FolderUnreadable as error:
            if self._reachable:
                log.warning("watched folder: %s", error.code)
                self._reachable = False
                self.close()
            self._files, self._in_order, self._odd = {}, [], {}
            return Sight(reachable=False, quiet=False, pause=self._rescan)
        if not self._reachable:
            log.warning("the watched folder is there again")
            self._reachable = True
            self._listen()
        sight = self._sight(began)
        rest = (time.monotonic() - began) * _TIMES_ITS_COST
        soon = _SOON_SECONDS if sight.coming or not sight.quiet else self._rescan
        return replace(sight, pause=max(rest, soon), rest=rest)

    def put_off(self, file: Path) -> None:
        """Learn that a ready file could not be opened after all: somebody holds it."""
        if (known := self._files.get(file)) is not None:
            known.put_off(Why.LOCKED, time.monotonic())

    def close(self) -> None:
        """Stop listening for changes."""
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join()

    def _update(self, at: float) -> None:
        plain, odd = surveyed(self._place.folder)
        self._note_odd(odd, at)
        found = {one.path: one for one in plain}
        fresh = found.keys() - self._files.keys()
        gone = self._files.keys() - found.keys()
        for path in gone:
            del self._files[path]
        for path, known in self._files.items():
            if known.see(found[path], at):
                self._changed_at = at
        if fresh:
            self._changed_at = at
            if at - self._came_at >= self._quiet:
                self._burst_since = at
            self._came_at = at
            self._files.update((path, seen_first(found[path], at)) for path in fresh)
        if fresh or gone:
            self._in_order = sorted(self._files.values(), key=lambda one: one.order)

    def _note_odd(self, found: list[Path], at: float) -> None:
        """Note since when what is no plain file lies there: a file that goes away while it is
        looked at is taken for one. ``done`` may be a link."""
        odd = sorted((one for one in found if one.name.lower() != DONE_FOLDER), key=natural)
        if any(path not in self._odd for path in odd):
            self._changed_at = at
        self._odd = {path: self._odd.get(path, at) for path in odd}

    def _sight(self, at: float) -> Sight:
        ready: list[Arrived] = []
        held: list[Held] = []
        coming: set[Path] = set()
        wait = at - self._came_at < self._quiet and at - self._burst_since < self._patience
        for one in self._in_order:
            file = one.now
            still = at - one.since >= self._quiet
            if still:
                one.examine(at)
            if still and one.whole:
                if wait:
                    coming.add(file.path.parent)
                else:
                    ready.append(Arrived(file.path, file.size, file.changed_ns))
            elif at - one.since >= self._patience and one.doubtful:
                ready.append(Arrived(file.path, file.size, file.changed_ns, unended=True))
            elif at - one.since >= self._patience:
                held.append(Held(file.path, one.why or Why.PARTIAL))
            else:
                coming.add(file.path.parent)
                wait = wait or at - one.born < self._patience
        held += [
            Held(path, Why.NOT_PLAIN)
            for path, since in self._odd.items()
            if at - since >= self._quiet
        ]
        quiet = at - self._changed_at >= self._quiet
        return Sight(tuple(ready), tuple(held), frozenset(coming), quiet=quiet)

    def _listen(self) -> None:
        """Ask the system to tell of changes; where it cannot, looking again must do."""
        if self._place.poll:
            return
        wake = self._wake

        class Waker(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                wake.set()

        observer = Observer()
        try:
            observer.schedule(
                Waker(), str(self._place.folder), recursive=True, event_filter=_TELLING
            )
            observer.start()
        except OSError as error:
            log.info("no change notices for a watched folder: %s", error.strerror)
            with contextlib.suppress(RuntimeError):  # it may not have been started
                observer.stop()
            return
        self._observer = observer
