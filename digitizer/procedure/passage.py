"""One upload's way out: how fast it may go, how fast it went, and how somebody breaks it off.

Made by the sync lane for each upload, given along with it (``port.Upload``), asked by the adapter
before each further piece of the file. Knows no HTTP.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from msgspec import Struct

from digitizer.errors import Stopped

PIECE_BYTES = 64 * 1024
_LEAST_BYTES = 1024
_PIECES_A_SECOND = 8
_MARGIN, _MOST_SECONDS = 2.0, 3600.0
"""A line may be half as fast as it was lately before an upload counts as stuck; an hour longer than
any line takes is enough for all of them."""


class Meter:
    """PURE: says how long to wait before the next bytes, so that no stretch of time sees more
    than ``rate`` bytes a second and one piece. What a stalled line did not use is not made up."""

    def __init__(self, rate: float) -> None:
        """``rate``: bytes a second; 0: no limit."""
        self._rate = rate
        self._free_at = 0.0

    def wait(self, count: int, now: float) -> float:
        """Return the seconds to wait at ``now`` (monotonic) once ``count`` more bytes went."""
        if not self._rate:
            return 0.0
        self._free_at = max(self._free_at, now) + count / self._rate
        return self._free_at - now


class Trip(Struct, frozen=True):
    """How long so many bytes took on the way out; ``whole``: until the answer, else until the last
    of them were taken, for what was waited for then tells nothing of the line."""

    bytes: int
    seconds: float
    whole: bool = True


class Passage:
    """See the module. Thread-safe where it says so."""

    def __init__(self, rate: float = 0.0, speed: float | None = None) -> None:
        """``rate``: bytes a second at most, 0 as fast as it goes; ``speed``: how many the line did
        lately, None where nobody knows."""
        self._rate, self._speed = rate, speed
        self._meter = Meter(rate)
        self._gone, self._moved = 0, 0.0
        self._broken = threading.Event()
        self._lock = threading.Lock()
        self._cut: Callable[[], None] | None = None
        self.trips: list[Trip] = []

    @property
    def piece(self) -> int:
        """How many bytes to send at a time."""
        if not self._rate:
            return PIECE_BYTES
        return max(_LEAST_BYTES, min(PIECE_BYTES, int(self._rate / _PIECES_A_SECOND)))

    @property
    def broken_off(self) -> bool:
        """Whether somebody broke it off. Any thread."""
        return self._broken.is_set()

    def slack(self, size: int) -> float:
        """Return the seconds that ``size`` bytes may take longer than on any line, because of the
        limit or because this line is known to be slow."""
        limited = size / self._rate if self._rate else 0.0
        slow = _MARGIN * size / self._speed if self._speed else 0.0
        return max(limited, min(slow, _MOST_SECONDS))

    def go_on(self, gone: int) -> None:
        """Wait until more may be sent after ``gone`` bytes of the file; less than before: it is
        sent once more from the beginning.

        Raises:
            Stopped: somebody broke it off.
        """
        fresh = gone - self._gone if gone >= self._gone else gone
        self._gone, self._moved = gone, time.monotonic()
        if self._broken.wait(self._meter.wait(fresh, time.monotonic())):
            raise Stopped

    def break_off(self) -> None:
        """Let it end now, wherever it is. Any thread; may be called twice."""
        with self._lock:
            self._broken.set()
            cut = self._cut
        if cut is not None:
            cut()

    @contextlib.contextmanager
    def over(self, cut: Callable[[], None]) -> Iterator[None]:
        """Know how to cut the connection while the block runs.

        Raises:
            Stopped: it was broken off before.
        """
        with self._lock:
            self._cut = cut
        try:
            if self.broken_off:
                raise Stopped
            yield
        finally:
            with self._lock:
                self._cut = None

    @contextlib.contextmanager
    def timed(self) -> Iterator[None]:
        """Measure the sending of a file, from its first byte to the answer, or as far as it came
        where it broke off: that tells of the line as well."""
        began = self._moved = time.monotonic()
        self._gone, whole = 0, False
        try:
            yield
            whole = True
        finally:
            ended = time.monotonic() if whole else self._moved
            self.trips.append(Trip(self._gone, ended - began, whole))
