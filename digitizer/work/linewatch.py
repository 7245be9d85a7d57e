"""Watches for the line to come back while a lane has none, so that nothing waits for its next try.

Started and ended by a lane. One question every ten to thirty seconds (``procedure.reach``), at
moments of its own on each machine: a hundred desks of a province whose line is back do not call
in the same second. An answer that was followed by no success (something answers, but not the
server) makes it ask ever more rarely.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

_SECONDS = (10.0, 30.0)
_MOST_DOUBLINGS = 5


class LineWatch:
    """Asks whether the line is back, on a thread of its own, while it is wanted to."""

    def __init__(
        self, answers: Callable[[], bool], seconds: tuple[float, float] = _SECONDS
    ) -> None:
        """``answers``: tells whether something is there; may block for some seconds."""
        self._answers = answers
        self._seconds = seconds
        self._lock = threading.Lock()
        self._wanted: threading.Event | None = None
        self._in_vain = 0

    def begin(self, found: Callable[[], None]) -> None:
        """Call ``found`` once the line is back; does nothing where that is waited for already."""
        with self._lock:
            if self._wanted is not None:
                return
            self._wanted = ended = threading.Event()
        threading.Thread(
            target=self._watch, args=(ended, found), name="linewatch", daemon=True
        ).start()

    def end(self) -> None:
        """Ask no more: there is no need, or the lane ends. Waits for nothing."""
        with self._lock:
            if self._wanted is not None:
                self._wanted.set()
                self._wanted = None

    def worked(self) -> None:
        """The line is up for certain: something went through."""
        self.end()
        with self._lock:
            self._in_vain = 0

    def _watch(self, ended: threading.Event, found: Callable[[], None]) -> None:
        with self._lock:
            times = 2.0 ** min(self._in_vain, _MOST_DOUBLINGS)
        while not ended.wait(times * random.uniform(*self._seconds)):  # noqa: S311 - spreads load
            if self._answers():
                with self._lock:
                    if self._wanted is not ended:
                        return
                    self._wanted = None
                    self._in_vain += 1
                log.info("the line seems to be back")
                found()
                return
