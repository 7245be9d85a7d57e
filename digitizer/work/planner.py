"""The planner: keeps the work table equal to the plan, on a thread of its own.

What changed is planned at once; everything else, as at start, when there is nothing better to do:
an office's ten thousand dossiers are not waited for by a clerk. Wakes the lanes.
"""

from __future__ import annotations

import logging
import threading
from collections import deque

from digitizer.errors import DigitizerError
from digitizer.events import Changed
from digitizer.work.queue import WorkQueue

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 0.005
"""Between two dossiers that nothing happened to, unless somebody waits for the plan."""


class Planner:
    """Replans dossiers. Its thread runs from the beginning until ``close``.

    Attributes:
        planned: Notified when there may be new work; the lanes' own lock.
    """

    def __init__(self, work: WorkQueue) -> None:
        self._work = work
        self._changed: dict[str, None] = {}
        self._rest: deque[str] = deque()
        self._all = self._busy = self._closing = self._ended = False
        self._waiting = 0
        self._news = threading.Condition()
        self.planned = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="planner", daemon=True)
        self._thread.start()

    def on_change(self, change: Changed) -> None:
        """Note what changed; returns at once. To be subscribed to ``Events``."""
        if change.facts:
            with self._news:
                self._changed |= dict.fromkeys(change.dossiers)
                self._news.notify_all()

    def plan_all(self) -> None:
        """Plan every dossier anew by and by, what changes meanwhile first; returns at once. What
        is left at ``close`` is planned after the next start."""
        with self._news:
            self._all = True
            self._news.notify_all()

    def settle(self) -> None:
        """Wait until all that is noted so far is planned, or the thread has ended."""
        with self._news:
            self._waiting += 1
            self._news.notify_all()
            self._news.wait_for(lambda: self._ended or self._quiet())
            self._waiting -= 1

    def quiet(self) -> bool:
        """Tell whether all that is noted so far is planned."""
        with self._news:
            return self._quiet()

    def close(self) -> None:
        """Plan what changed and end the thread."""
        with self._news:
            self._closing = True
            self._news.notify_all()
        self._thread.join()

    def _quiet(self) -> bool:
        return not (self._changed or self._rest or self._all or self._busy)

    def _run(self) -> None:
        try:
            self._plan_on()
        finally:
            with self._news:
                self._ended = True
                self._news.notify_all()

    def _plan_on(self) -> None:
        while self._wait():
            dossier_id, changed = self._take()
            try:
                wake = self._plan(dossier_id) or changed
            except DigitizerError as error:
                log.warning("planning was put off: %s", error.code)  # grows back at next start
                wake = changed
            except Exception:
                log.exception("a bug in planning one dossier; the others go on")
                wake = changed
            with self._news:
                self._busy = False
                self._news.notify_all()
            if wake:
                with self.planned:
                    self.planned.notify_all()

    def _wait(self) -> bool:
        """Wait for something to plan; False where the thread is to end."""
        with self._news:
            self._news.wait_for(lambda: not self._quiet() or self._closing)
            self._news.wait_for(
                lambda: self._changed or self._closing or self._waiting, _PAUSE_SECONDS
            )
            self._busy = bool(self._changed) or not self._closing
            return self._busy

    def _take(self) -> tuple[str, bool]:
        """Return the next dossier, and whether it changed; an empty id: all are to be noted."""
        with self._news:
            if self._changed:
                dossier_id = next(iter(self._changed))
                del self._changed[dossier_id]
                return dossier_id, True
            if self._all:
                self._all = False
                return "", False
            return self._rest.popleft(), False

    def _plan(self, dossier_id: str) -> bool:
        if dossier_id:
            return self._work.replan(dossier_id)
        rest = deque(self._work.dossiers())
        with self._news:
            self._rest = rest
        return False
