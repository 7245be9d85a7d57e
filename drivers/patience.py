"""How long a worker may be silent before it is given up: by the device's own speed.

PURE. Used by ``drivers.host``. One limit for all would either kill a slow scanner at work or let
a clerk wait two minutes for one that hangs: a page takes 2 seconds here and 40 there.
"""

from __future__ import annotations

FIRST_SECONDS = 120.0
"""Before the first page of a device nobody knows: lamps warm up, printers wake."""
_WARM_UP_SECONDS = 60.0
_LEAST_SECONDS, _MOST_SECONDS = 15.0, 300.0
_TIMES = 10.0
"""So many times longer than its slowest page so far a device is waited for."""


class Patience:
    """The limit for one scan.

    Args:
        pace: Seconds that a page took on this device before, or None.
        fixed: A limit that never changes, in place of all this.
    """

    def __init__(self, pace: float | None = None, fixed: float | None = None) -> None:
        self._slowest = pace or 0.0
        self._first = 0.0
        self._fixed = fixed
        self._pages = 0

    def page(self, seconds: float) -> None:
        """Learn that a page came so long after the one before, or after the start."""
        self._pages += 1
        if self._pages > 1:
            self._slowest = max(self._slowest, seconds)
        else:
            self._first = seconds

    @property
    def seconds(self) -> float:
        """Silence that lasts so long means that the device hangs."""
        if self._fixed is not None:
            return self._fixed
        if not self._pages and not self._slowest:
            return FIRST_SECONDS
        least = _LEAST_SECONDS if self._pages else _WARM_UP_SECONDS
        usual = min(max(_TIMES * self._slowest, least), _MOST_SECONDS)
        if self._pages != 1:
            return usual
        # the first page's time is mostly warming up: the next takes less, hardly ever more
        most = _WARM_UP_SECONDS if self._slowest else FIRST_SECONDS
        return max(usual, min(_TIMES * self._first, most))
