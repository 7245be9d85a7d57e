"""The bridge between the UI thread and the core: the only file that knows threads.

The core blocks (SQLite, files, scanners, network); the window must not. The bridge runs calls on
worker threads and hands results back on the UI thread, and carries the core's ``Changed`` over,
many of them as one. Used by the window and its controllers. Knows no fact of a dossier.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from digitizer.errors import Bug, DigitizerError, from_os
from digitizer.events import Changed, Events

log = logging.getLogger(__name__)

T = TypeVar("T")

_GATHER_MS = 40
"""How long changes are gathered: a screen redrawn 25 times a second looks immediate."""


_PATIENCE_SECONDS = 2.0
"""How long ``close`` waits for long calls; a scan that is told to stop ends sooner,
and a page it was just saving is in the redo log."""


_TURN_SECONDS = 0.001
"""How long a busy worker keeps the interpreter from the UI thread, which asks for it many times
while it paints. Python's own 5 ms would add up to a stall."""


class Pool(Enum):
    """Which threads do a call."""

    FACTS = "facts"  # one: reads and verbs, in the order they were asked for
    PICTURES = "pictures"  # two: decoding
    LONG = "long"  # as many as need be: scans, searches for scanners, the network


class Bridge(QObject):
    """Runs core calls off the UI thread. Make it, use it and close it on the UI thread.

    Signals:
        changed: Ids of dossiers whose facts or work changed (a frozenset; empty: others).
    """

    changed = Signal(object)
    _arrived = Signal(object)
    _noted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(_TURN_SECONDS)
        self._pools = {
            Pool.FACTS: ThreadPoolExecutor(1, thread_name_prefix="ui-facts"),
            Pool.PICTURES: ThreadPoolExecutor(2, thread_name_prefix="ui-pictures"),
        }
        self._long: list[threading.Thread] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._touched: set[str] = set()
        self._gathering = False
        self._timer = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._timer.timeout.connect(self._tell)
        self._arrived.connect(self._deliver)
        self._noted.connect(self._gather)
        self._unsubscribe: Callable[[], None] | None = None

    def ask(
        self,
        work: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[DigitizerError], None] | None = None,
        *,
        pool: Pool = Pool.FACTS,
    ) -> None:
        """Run ``work`` on a worker thread, then ``done`` with its result on the UI thread.

        A row of the error table goes to ``failed``; anything else is logged with its traceback
        and goes there as ``Bug``. After ``close`` nothing is delivered any more.
        """
        if self.closing.is_set():
            return
        if pool is Pool.LONG:
            thread = threading.Thread(
                target=self._run, args=(work, done, failed), name="ui-long", daemon=True
            )
            self._long = [one for one in self._long if one.is_alive()] + [thread]
            thread.start()
        else:
            self._pools[pool].submit(self._run, work, done, failed)

    def post(self, call: Callable[[], None]) -> None:
        """Run ``call`` on the UI thread soon; may be called from any thread."""
        if not self.closing.is_set():
            self._arrived.emit(call)

    def watch(self, events: Events) -> None:
        """Pass on what changes from now on."""
        self._unsubscribe = events.subscribe(self._on_change)

    def close(self) -> None:
        """Deliver nothing more, wait for what runs (set its stop event first).

        What the clerk did last is still written. A network call that hangs is not waited for:
        its thread ends with the process.
        """
        self.closing.set()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        for kind, pool in self._pools.items():
            pool.shutdown(wait=True, cancel_futures=kind is Pool.PICTURES)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        for thread in self._long:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None,
        failed: Callable[[DigitizerError], None] | None,
    ) -> None:
        try:
            result = work()
        except DigitizerError as error:
            self._report(error, failed)
        except OSError as error:
            log.exception("the file system refused a call of the window")
            self._report(from_os(error), failed)
        except Exception:
            log.exception("a bug in a call of the window")
            self._report(Bug(), failed)
        else:
            if done is not None:
                self.post(lambda: done(result))

    def _report(
        self, error: DigitizerError, failed: Callable[[DigitizerError], None] | None
    ) -> None:
        if failed is not None:
            self.post(lambda: failed(error))
        else:
            log.warning("a call of the window failed: %s", error.code)

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        if not self.closing.is_set():
            call()

    def _on_change(self, change: Changed) -> None:
        """Runs on the publisher's thread: note it and be gone."""
        with self._lock:
            self._touched |= change.dossiers
            if self._gathering:
                return
            self._gathering = True
        if not self.closing.is_set():
            self._noted.emit()

    @Slot()
    def _gather(self) -> None:
        self._timer.start()

    def _tell(self) -> None:
        with self._lock:
            touched, self._touched = frozenset(self._touched), set()
            self._gathering = False
        self.changed.emit(touched)


class Latest(Generic[T]):
    """Reads one thing anew whenever it is asked to, never twice at a time, and shows the result."""

    def __init__(self, bridge: Bridge, read: Callable[[], T], show: Callable[[T], None]) -> None:
        self._bridge = bridge
        self._read = read
        self._show = show
        self._reading = self._again = False

    def __call__(self) -> None:
        """Read now, or once more after the reading under way."""
        if self._reading:
            self._again = True
            return
        self._reading = True
        self._bridge.ask(self._read, self._done, self._failed)

    def _done(self, result: T) -> None:
        self._next()
        self._show(result)

    def _failed(self, error: DigitizerError) -> None:
        log.warning("reading for the screen failed: %s", error.code)
        self._next()

    def _next(self) -> None:
        self._reading = False
        if self._again:
            self._again = False
            self()
