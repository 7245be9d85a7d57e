"""The gate before a lane: may it take up work now, or not before some hour?

Asked by the lane before each piece of work. What is on its way when the gate closes goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from digitizer.limits import Hours


def _now() -> datetime:
    return datetime.now(UTC)


class Gate:
    """Open in the given hours. Thread-safe. Asks the clock each time, so that one that is put
    forward or back does no harm."""

    def __init__(
        self, hours: Callable[[], Hours | None], clock: Callable[[], datetime] = _now
    ) -> None:
        """``hours``: tells them as they are now; None: at any time."""
        self._hours = hours
        self._clock = clock
        self._once = threading.Event()

    def closed_until(self) -> datetime | None:
        """Return when it opens; None where it is open."""
        hours = self._hours()
        if hours is None or self._once.is_set():
            return None
        moment = self._clock()
        return None if hours.has(moment) else hours.opens(moment)

    def open_once(self) -> None:
        """Let through what waits now, whatever the hour: until ``drained``."""
        self._once.set()

    def drained(self) -> None:
        """Nothing waits before it any more: the hours count again."""
        self._once.clear()


OPEN = Gate(lambda: None)
"""Always open."""
