"""What is known about each file of a watched folder: since when it lies still, whether it is whole.

Used by ``drivers.watching``. Opens files only once they have lain still, and again only after a
change or, where that failed, at growing intervals: it must cost nothing to look at thousands.
"""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct

from digitizer.arrivals import Why
from drivers import endings
from drivers.listing import Listed, natural

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0


class Obstacle(Struct, frozen=True):
    """What keeps a file from being taken; ``why`` is None where nothing does."""

    why: Why | None
    repairable: bool = False


@dataclass(slots=True)
class Watched:
    """One file. Times are of a monotonic clock, in seconds.

    Attributes:
        now: How it was seen last.
        since: When it was first seen like that.
        order: Its place among the others, by name.
        born: Since when it has been on its way.
        examined: Whether it was opened since.
        why: What that showed; None where it is whole.
        repairable: One cut short could pass for a whole one with fewer pages: a PDF.
        retry_at: When to open it again.
        wait: How long to put that off next time.
    """

    now: Listed
    since: float
    order: list[tuple[int, int, str]]
    born: float
    examined: bool = False
    why: Why | None = None
    repairable: bool = False
    retry_at: float = 0.0
    wait: float = field(default=FIRST_WAIT_SECONDS)

    @property
    def whole(self) -> bool:
        """Whether it may be taken."""
        return self.examined and self.why is None

    @property
    def doubtful(self) -> bool:
        """Whether it has no end that is easily seen, and trying to take it does no harm."""
        return self.examined and self.why is Why.PARTIAL and not self.repairable

    def see(self, found: Listed, at: float) -> bool:
        """Note how it is now; tell whether that is news."""
        if found == self.now:
            return False
        if self.whole:
            self.born = at
        self.now, self.since, self.examined, self.why = found, at, False, None
        self.wait = FIRST_WAIT_SECONDS
        return True

    def examine(self, at: float) -> None:
        """Open it, where that is due, to see whether it is whole."""
        if self.whole or (self.examined and at < self.retry_at):
            return
        found = obstacle(self.now.path, self.now.size)
        self.why, self.repairable = found.why, found.repairable
        self.examined = True
        if self.why is not None:
            self.put_off(self.why, at)

    def put_off(self, why: Why, at: float) -> None:
        """Do not open it again for a while, each time for longer."""
        self.examined, self.why, self.retry_at = True, why, at + self.wait
        self.wait = min(self.wait * 2, LONGEST_WAIT_SECONDS)


def seen_first(found: Listed, at: float) -> Watched:
    """Begin to know a file."""
    return Watched(found, at, natural(found.path), at)


def obstacle(file: Path, size: int) -> Obstacle:
    """Say why a file that lies still cannot be taken.

    Cheap: its lock, a few of its bytes. The intake program proves it for good.
    """
    try:
        with file.open("rb") as stream:
            if _held_by_another(stream.fileno()):
                return Obstacle(Why.LOCKED)
            head = stream.read(8)
            ended = endings.ended(stream, size)
    except FileNotFoundError:
        return Obstacle(Why.PARTIAL)  # gone; the next look no longer finds it
    except OSError:
        return Obstacle(Why.LOCKED)
    if not head:
        return Obstacle(Why.EMPTY)
    return Obstacle(None) if ended else Obstacle(Why.PARTIAL, repairable=endings.is_pdf(head))


def _held_by_another(descriptor: int) -> bool:
    """Tell whether another process holds an exclusive lock (of either of POSIX's two kinds).

    Elsewhere such a file cannot be opened in the first place. A file system without locks has
    none that anybody could hold.
    """
    if sys.platform == "win32":
        return False
    import fcntl

    for take, release in ((fcntl.flock, fcntl.LOCK_UN), (fcntl.lockf, fcntl.LOCK_UN)):
        try:
            take(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            return True
        except OSError:
            continue
        with contextlib.suppress(OSError):
            take(descriptor, release)
    return False
