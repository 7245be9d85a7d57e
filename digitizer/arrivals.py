"""PORT Lookout: what the core asks of whoever looks at a folder that another program fills.

Implemented by ``drivers.watching``, called by ``digitizer.watching``, brought together by the
composition roots. Knows neither driver nor store.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from digitizer.errors import FolderUnreadable


class Why(StrEnum):
    """Why a file lies where it is."""

    EMPTY = "empty"  # no bytes yet
    PARTIAL = "partial"  # it has no end yet
    LOCKED = "locked"  # it cannot be opened, or another program holds it
    REFUSED = "refused"  # it is whole, but no image or PDF that can be taken
    TAKEN_BEFORE = "taken-before"  # the same bytes were taken already; somebody has to say
    UNMOVABLE = "unmovable"  # its pages are safe, but it cannot be moved or removed
    NOT_PLAIN = "not-plain"  # a link that leads out of the folder or nowhere, a pipe, a device
    FOLDER_GONE = "folder-gone"  # the watched folder itself cannot be read


class Arrived(Struct, frozen=True):
    """A file to be taken.

    Attributes:
        path: Where it lies.
        size: With ``changed_ns``, tells whether it is still the one that was seen.
        changed_ns: When it was changed last.
        unended: No end was seen in it; it has lain still for long, and taking it will tell.
    """

    path: Path
    size: int
    changed_ns: int
    unended: bool = False


class Held(Struct, frozen=True):
    """A file that cannot be taken as it is now."""

    path: Path
    why: Why


class Sight(Struct, frozen=True):
    """What one look at a folder found.

    Attributes:
        ready: Whole files, in natural name order, that nothing before them holds back.
        held: Files that have been waiting for longer than anybody's patience, and what bears a
            file's name and is none.
        coming: Folders in which files are still on their way.
        reachable: False while the folder cannot be read.
        quiet: Nothing came or changed for a while.
        pause: Seconds until the next look, unless a change is told.
        rest: Seconds until then in any case: a look at a big folder has its cost.
    """

    ready: tuple[Arrived, ...] = ()
    held: tuple[Held, ...] = ()
    coming: frozenset[Path] = frozenset()
    reachable: bool = True
    quiet: bool = True
    pause: float = 0.0
    rest: float = 0.0


class Lookout(Protocol):
    """Looks at one folder. Not thread-safe, but for ``wake``, which it sets at changes."""

    def look(self) -> Sight:
        """Return what lies in the folder now. Never raises for what may mend itself."""
        ...

    def put_off(self, file: Path) -> None:
        """Learn that a ready file could not be opened after all."""
        ...

    def close(self) -> None:
        """Stop listening for changes."""
        ...


class Place(Struct, frozen=True):
    """A folder to look at. ``poll``: never rely on the system to tell of changes."""

    folder: Path
    poll: bool = False


Lookouts = Callable[[Place, threading.Event], Lookout]
"""Makes the lookout of a folder; the event is set whenever looking is worth while.

Raises ``FolderUnreadable`` where there is no such folder at the start.
"""


_AWAY_SECONDS = 5.0


class AwaitedLookout:
    """Looks at a folder that may not be there yet, such as a network share after the start of
    the computer; from then on through the lookout made for it."""

    def __init__(self, lookouts: Lookouts, place: Place, wake: threading.Event) -> None:
        self._make = lookouts
        self._place = place
        self._wake = wake
        self._lookout: Lookout | None = None

    def look(self) -> Sight:
        """Return what lies in the folder, once it is there."""
        if self._lookout is None:
            try:
                self._lookout = self._make(self._place, self._wake)
            except FolderUnreadable:
                return Sight(reachable=False, quiet=False, pause=_AWAY_SECONDS)
        return self._lookout.look()

    def put_off(self, file: Path) -> None:
        """Learn that a ready file could not be opened after all."""
        if self._lookout is not None:
            self._lookout.put_off(file)

    def close(self) -> None:
        """Stop listening for changes."""
        if self._lookout is not None:
            self._lookout.close()
