"""Removes copies whose time is over: behind all other work, a little at a time.

The window keeps a ``Sweeper`` running; the command line sweeps once (``sync``, ``work``,
``retention run``). Each dossier is asked for at the procedure system right before it goes
(``digitizer.work.proving``); what cannot be asked for stays.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from msgspec import Struct

from digitizer import ballast, housekeeping
from digitizer.chain import Door
from digitizer.config import Home
from digitizer.errors import DigitizerError, from_os
from digitizer.retention import Retention
from digitizer.senders import Senders
from digitizer.servers import Connection
from digitizer.storage import audit, forgetting, queries, wordindex
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault
from digitizer.work.gate import Gate
from digitizer.work.proving import proves
from digitizer.work.there import There

log = logging.getLogger(__name__)

_FIRST_SECONDS = 120.0
_EVERY_SECONDS = 3600.0
_AGAIN_SECONDS = 60.0
_PAUSE_SECONDS = 0.2
_MOST_FAILURES = 3


class Swept(Struct, frozen=True):
    """What one sweep did.

    Attributes:
        dossiers: Whose copies were removed.
        files: Files that went, of dossiers and others.
        unproven: Dossiers that the server did not give back as they were.
        trouble: What kept it from going on; what is left waits for the next sweep.
        broken_off: Other work came first.
    """

    dossiers: int = 0
    files: int = 0
    unproven: int = 0
    trouble: DigitizerError | None = None
    broken_off: bool = False


class Sweeper:
    """Sweeps one home. ``once`` may be called from one thread at a time."""

    def __init__(
        self,
        home: Home,
        store: Store,
        vault: Vault,
        retention: Retention,
        senders: Senders,
        there: There,
        gate: Gate,
        server: Callable[[], str | None],
        idle: Callable[[], bool],
    ) -> None:
        """``gate``: the hours of the line; ``server``: where dossiers go now; ``idle``: tells
        whether nobody is at work beside it."""
        self._home = home
        self._store = store
        self._vault = vault
        self._retention = retention
        self._senders = senders
        self._there = there
        self._gate = gate
        self._server = server
        self._idle = idle
        self._to: Connection | None = None
        self._after = _FIRST_SECONDS
        self._stop = threading.Event()
        self._sweeping = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self, after: float = _FIRST_SECONDS) -> None:
        """Sweep now and then, from so many seconds after now on."""
        self._after = after
        self._thread.start()

    def close(self) -> None:
        """End soon; a removal that has begun is finished at the next start."""
        self._stop.set()
        self.break_off()
        if self._thread.ident is not None:
            self._thread.join()

    def break_off(self) -> None:
        """Let go at once of what waits for the network. Any thread."""
        to = self._to
        if to is not None:
            to.system.break_off()

    def once(
        self,
        stop: threading.Event,
        *,
        moment: datetime | None = None,
        network: bool = True,
        patient: bool = False,
    ) -> Swept:
        """Do everything that is due, and return what was done; never raises a known trouble.

        Args:
            stop: Ends it early.
            moment: Now.
            network: Whether the server may be asked; else only what was decided before goes on.
            patient: Break off where other work comes up.
        """
        with self._sweeping:
            moment = moment or datetime.now(UTC)
            done = _Done()
            try:
                life = self._retention.notice(moment)
                done.dossiers += self._retention.begin_due(moment)
                done.files += self._retention.finish(stop)
                if life.days is not None:
                    if network:
                        self._remove_sent(stop, moment, done, patient=patient)
                    self._clear(life.days, moment, stop, done)
                self._forget_words()
            except (DigitizerError, OSError) as error:
                done.trouble = from_os(error) if isinstance(error, OSError) else error
                log.warning("sweeping was put off: %s", done.trouble.code)
            return Swept(done.dossiers, done.files, done.unproven, done.trouble, done.broken_off)

    def _remove_sent(
        self, stop: threading.Event, moment: datetime, done: _Done, *, patient: bool
    ) -> None:
        server = self._server()
        due = self._retention.due(server, moment)
        if server is None or not due or self._gate.closed_until() is not None:
            return
        with self._senders.at_desk() as to:
            self._to = to
            try:
                for dossier_id in due:
                    if stop.is_set() or (patient and not self._idle()):
                        done.broken_off = not stop.is_set()
                        return
                    self._remove_one(to, dossier_id, stop, moment, done)
                    if patient:
                        stop.wait(_PAUSE_SECONDS)
            finally:
                self._to = None

    def _remove_one(
        self, to: Connection, dossier_id: str, stop: threading.Event, moment: datetime, done: _Done
    ) -> None:
        dossier = queries.dossier(self._store, dossier_id)
        if dossier is None:
            return
        try:
            proven = proves(to, self._there, self._vault.scratch, dossier, stop)
        except DigitizerError as error:
            done.failures += 1
            if error.pauses_lane or error.rests_lane or done.failures > _MOST_FAILURES:
                raise
            log.warning("a dossier could not be asked for: %s", error.code)
            proven = False  # the others may
        if not proven:
            done.unproven += not stop.is_set()
            return
        done.dossiers += self._retention.remove_sent(dossier, to.server, moment)
        done.files += self._retention.finish(stop)

    def _clear(self, days: int, moment: datetime, stop: threading.Event, done: _Done) -> None:
        done.files += housekeeping.clear_old(self._home, self._store, days, moment, stop)
        done.files += housekeeping.clear_strays(
            self._home, self._store, self._vault, days, moment, stop
        )

    def _forget_words(self) -> None:
        """An index of words cannot forget one page: it grows anew without those that are gone."""
        forgetting.forget_again(self._store)
        if forgetting.words_linger(self._store):
            wordindex.empty(self._store)
            with self._store.transaction() as tx:
                forgetting.words_are_gone(tx)

    def _run(self) -> None:
        with audit.through(Door.LANE):
            self._sweep_on()

    def _sweep_on(self) -> None:
        wait = self._after
        while not self._stop.wait(wait):
            if not self._idle():
                wait = _AGAIN_SECONDS
                continue
            ballast.keep(self._home)
            try:
                swept = self.once(self._stop, patient=True)
                wait = _AGAIN_SECONDS if swept.broken_off else _EVERY_SECONDS
            except Exception:
                log.exception("a bug in sweeping; it goes on with the next sweep")
                wait = _EVERY_SECONDS


@dataclass(slots=True)
class _Done:
    failures: int = 0
    dossiers: int = 0
    files: int = 0
    unproven: int = 0
    trouble: DigitizerError | None = None
    broken_off: bool = False
