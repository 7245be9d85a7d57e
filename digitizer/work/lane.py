"""A lane: threads that take due work, have it done, and keep the books.

Two exist: ``local`` (read, OCR, bundle) and ``sync`` (upload). Trouble that would meet all other
work of the lane too (no line, disk full, wrong password) pauses the lane without burning
attempts; any other is the work's own. Knows no program and no network.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from digitizer.chain import Door
from digitizer.errors import Bug, DigitizerError, Offline, Remedy, Stopped
from digitizer.plan import WorkKind
from digitizer.storage import audit
from digitizer.work.gate import OPEN, Gate
from digitizer.work.linewatch import LineWatch
from digitizer.work.planner import Planner
from digitizer.work.queue import Claim, WorkQueue, wait_seconds

log = logging.getLogger(__name__)

Runner = Callable[[Claim, threading.Event], None]
"""Does one piece of work and commits its facts, or raises. Ends soon once the event is set."""

_IDLE_SECONDS = 30.0
_MISSES = 5
_LONGEST_REST_SECONDS = 60.0
"""After so many pieces of work in a row that failed, each its own way, the lane rests before each
further one: a server that is down is not asked by all of them, one after the other."""


class LaneState(Struct, frozen=True):
    """What a lane is up to, for the screen: work in hand, done and failed since start, the
    trouble that pauses it, and when it tries again by itself (None: it does not, or tries now);
    when its gate opens, where that is closed."""

    working: int
    done: int
    failed: int
    paused: DigitizerError | None
    again_at: datetime | None = None
    closed_until: datetime | None = None


class Lane:
    """Threads that do work of some kinds. Start it once; ``stop`` ends it for good."""

    def __init__(
        self,
        name: str,
        kinds: Sequence[WorkKind],
        run: Runner,
        work: WorkQueue,
        planner: Planner,
        *,
        jobs: int = 1,
        at_once: int | None = None,
        finished_only: bool = False,
        changed: Callable[[str], None] = lambda _dossier: None,
        rest: Callable[[], None] = lambda: None,
        spread: float = 0.0,
        gate: Gate = OPEN,
        watch: LineWatch | None = None,
        break_off: Callable[[], None] = lambda: None,
    ) -> None:
        """Make a lane.

        Args:
            name: For the log.
            kinds: What work it does.
            run: Does it.
            work: The table.
            planner: Fills it.
            jobs: Its threads.
            at_once: How many of them may work at a time; all by default.
            finished_only: Leave work alone whose dossier is not finished.
            changed: Called with a dossier's id when the state of its work changed.
            rest: Called on one of its threads that has had nothing to do for a while, or ends: what
                it keeps for its work can be let go of.
            spread: Seconds within which, at a moment of chance, it begins with what waits from an
                earlier run: all desks of a province may start at once. ``wake`` ends the wait.
            gate: Asked before each piece of work.
            watch: Wakes it when the line that it has lost is back.
            break_off: Called when it is stopped: lets go at once of what waits for the network.
        """
        self._at_once = jobs if at_once is None else at_once
        self._name = name
        self._kinds = tuple(kinds)
        self._run_one = run
        self._work = work
        self._planner = planner
        self._finished_only = finished_only
        self._changed = changed
        self._rest = rest
        self._spread = spread
        self._gate = gate
        self._watch = watch
        self._break_off = break_off
        self._own = threading.local()
        self._stop = threading.Event()
        self._wake = planner.planned
        self._working = self._done = self._failed = 0
        self._paused: DigitizerError | None = None
        self._pauses = 0
        self._again_at: datetime | None = None
        self._retry_now = self._one_round = False
        self._misses = 0
        self._threads = [
            threading.Thread(target=self._loop, name=f"{name}-{index}", daemon=True)
            for index in range(jobs)
        ]

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End within about two seconds: work in hand is broken off and given back."""
        self._stop.set()
        if self._watch is not None:
            self._watch.end()
        self.wake()
        self._break_off()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def wake(self) -> None:
        """Look for work now, also where the lane is paused (the line may be back)."""
        with self._wake:
            self._retry_now = True
            self._wake.notify_all()

    def limit(self, at_once: int) -> None:
        """Let so many pieces of work be done at a time, from the next one on."""
        with self._wake:
            self._at_once = at_once
            self._wake.notify_all()

    def state(self) -> LaneState:
        """Return what the lane is up to."""
        again_at = self._again_at if self._paused is not None else None
        return LaneState(
            self._working,
            self._done,
            self._failed,
            self._paused,
            again_at,
            self._gate.closed_until(),
        )

    def until_idle(self, stop: threading.Event, *, one_round: bool = False) -> None:
        """Wait until no work is left but parked work, or until the lane pauses, its gate is
        closed, or ``stop`` is set.

        ``one_round``: try everything once, without a rest, and do not wait for work that is put
        off.
        """
        self._one_round = one_round
        while not stop.is_set():
            self._planner.settle()
            with self._wake:
                if self._idle(one_round=one_round):
                    break
                self._wake.wait(0.2)  # the timeout only bounds how late ``stop`` is noticed
        self._one_round = False

    def _idle(self, *, one_round: bool) -> bool:
        """With the lane's lock held nobody can claim; so once nobody works and everything is
        planned, the table tells all that is left."""
        if self._working:
            return False
        if self._paused is not None:
            return not self._retry_now
        if not self._planner.quiet():
            return False
        if self._gate.closed_until() is not None:
            return True
        left = self._work.left(self._kinds, parked=False, finished_only=self._finished_only)
        return left == 0 or (one_round and left <= self._work.put_off(self._kinds))

    def _loop(self) -> None:
        with audit.through(Door.LANE):
            self._go_on()

    def _go_on(self) -> None:
        if self._spread:
            self._spread_out()
        while not self._stop.is_set():
            try:
                self._turn()
            except Exception:
                log.exception("%s: a bug in the lane's own books; it goes on", self._name)
                with self._wake:
                    self._pause(Bug(self._name))
        self._rest()

    def _spread_out(self) -> None:
        """Where work waits from an earlier run, begin with it at a moment of chance."""
        try:
            left = self._work.left(self._kinds, parked=False, finished_only=self._finished_only)
        except DigitizerError:  # the first claim meets it too, and keeps the books
            return
        if left:
            seconds = random.uniform(0, self._spread)  # noqa: S311 - spreads load, hides nothing
            with self._wake:
                self._wake.wait_for(lambda: self._retry_now or self._stop.is_set(), seconds)

    def _turn(self) -> None:
        """Wait for work, do one piece, settle it."""
        claim = self._next()
        if claim is None:
            busy: float | None = getattr(self._own, "busy", None)
            if busy is not None and time.monotonic() - busy >= _IDLE_SECONDS:
                self._own.busy = None
                self._rest()
            return
        try:
            self._changed(claim.dossier_id)
            self._do(claim)
        except Exception:
            self._work.drop(claim)
            raise
        finally:
            self._own.busy = time.monotonic()
            with self._wake:
                self._working -= 1
                self._wake.notify_all()
        self._changed(claim.dossier_id)

    def _next(self) -> Claim | None:
        """Claim work, or sleep until there may be some."""
        with self._wake:
            if self._stop.is_set():  # set since the loop looked: its wake-up call is over
                return None
            if self._gate.closed_until() is not None:
                self._retry_now = False
                self._wake.wait(_IDLE_SECONDS)  # then the clock is asked anew
                return None
            if self._paused is not None and not self._retry_now:
                seconds = (
                    None
                    if self._paused.until_woken
                    else wait_seconds(self._pauses, self._paused.after)
                )
                if seconds is not None and not (self._paused.pauses_lane or self._paused.after):
                    seconds = min(seconds, _LONGEST_REST_SECONDS)
                if seconds is not None:
                    self._again_at = datetime.now(UTC) + timedelta(seconds=seconds)
                waited = self._wake.wait_for(
                    lambda: self._retry_now or self._stop.is_set(), seconds
                )
                self._again_at = None
                if not waited:
                    self._retry_now = True
                return None
            if self._working >= self._at_once:
                self._wake.wait(_IDLE_SECONDS)
                return None
            self._retry_now = False
            try:
                # in this order: what becomes due in between is claimed, not slept through
                due = self._work.next_due_seconds(self._kinds)
                claim = self._work.claim(self._kinds, finished_only=self._finished_only)
            except DigitizerError as error:
                self._pause(error)
                return None
            if claim is not None:
                self._working += 1
                return claim
            self._paused = None
            self._gate.drained()
            self._wake.wait(_IDLE_SECONDS if due is None else min(due + 0.01, _IDLE_SECONDS))
            return None

    def _do(self, claim: Claim) -> None:
        try:
            self._run_one(claim, self._stop)
            self._work.done(claim)
            self._done += 1
            self._paused, self._pauses, self._misses = None, 0, 0
            if self._watch is not None:
                self._watch.worked()
        except Stopped:
            self._books(claim, None)
        except DigitizerError as error:
            log.warning("%s %s: %s", self._name, claim.kind, error.code)
            self._books(claim, error)
        except Exception:
            log.exception("%s %s: a bug; the work is parked", self._name, claim.kind)
            self._books(claim, Bug())

    def _books(self, claim: Claim, error: DigitizerError | None) -> None:
        try:
            if error is None:
                self._work.give_back(claim)
            elif error.pauses_lane:
                self._work.give_back(claim)
                self._pause(error)
            else:
                self._failed += self._work.failed(claim, error)
                self._misses += error.remedy is Remedy.LATER
                rests = error.rests_lane or self._misses >= _MISSES
                if rests and not self._one_round:
                    self._pause(error)
        except DigitizerError as worse:  # the disk is full: the attempt stays counted
            self._pause(worse)

    def _pause(self, error: DigitizerError) -> None:
        self._paused = error
        self._pauses += 1
        if self._watch is not None and isinstance(error, Offline):
            self._watch.begin(self.wake)
