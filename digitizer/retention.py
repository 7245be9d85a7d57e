"""Copies of what was sent do not stay on this machine for good: the rules, and the verbs.

A dossier goes when somebody is done with it, the procedure system proved to hold every paper as
it is now, the days that are set have passed, nothing about it is open, and the system gives every
file back once more (``digitizer.work.proving``). First the facts say so, in one transaction that
also forgets what rows tell of persons; then the files go; a kill in between is made good at the
next start (``finish``). What stays: code, papers, counts, hashes, receipts, times.

Called by the command line, the window, recovery and ``digitizer.work.sweeping``. Knows no network.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from digitizer import shelflife
from digitizer.errors import CopyRemoved, DossierBusy, DossierUnknown, from_os
from digitizer.events import Events
from digitizer.model import Dossier
from digitizer.policy import Policy
from digitizer.shelflife import GRACE, ShelfLife
from digitizer.storage import changes, queries, removals
from digitizer.storage.removals import Around, Removal, Why
from digitizer.storage.store import Store, now, stamp
from digitizer.storage.vault import Vault

log = logging.getLogger(__name__)

_FILES_AT_ONCE = 8
"""The store's lock is held for so many: a page that was just scanned waits for no more."""

Still = Callable[[], AbstractContextManager[bool]]
"""Holds back whoever would take up work; tells whether none is in hand."""


class Obstacle(StrEnum):
    """Why the copies of a dossier stay here for now; the first of these that holds."""

    NOTHING = "nothing"  # there is nothing (left) to remove
    NO_SERVER = "no-server"  # no procedure system is set that could have it
    LOCAL = "local"  # it has no mã hồ sơ
    KEPT = "kept"  # somebody wants it kept
    OPEN = "open"  # the clerk is not done with it
    BUSY = "busy"  # pages are coming
    WORK = "work"  # something is left to do
    HELD = "held"  # its stack was not accepted
    CONFLICT = "conflict"  # two versions met, and theirs was taken or nothing was decided
    UNSENT = "unsent"  # the system has not proved to hold a paper as it is now
    LISTED = "listed"  # the system's list names it: somebody has to see to it
    OFF = "off"  # nothing is removed by its age
    YOUNG = "young"  # its days have not passed


class Verdict(Struct, frozen=True):
    """Whether the copies of a dossier may go.

    Attributes:
        obstacle: Why not now; None: they may.
        due_at: When they are old enough, where that is known.
    """

    obstacle: Obstacle | None
    due_at: datetime | None = None


def judge(
    dossier: Dossier, server: str | None, around: Around, life: ShelfLife, moment: datetime
) -> Verdict:
    """Tell whether the copies of a dossier may go at ``moment``. PURE."""
    held = _held(dossier, server, around)
    done = _done_at(dossier, server)
    due_at = life.due(done) if done else None
    if held is not None:
        return Verdict(held, due_at)
    if due_at is None:
        return Verdict(Obstacle.OFF)
    return Verdict(Obstacle.YOUNG if due_at > moment else None, due_at)


def _held(dossier: Dossier, server: str | None, around: Around) -> Obstacle | None:
    if not around.filled:
        return Obstacle.NOTHING
    here = [paper for paper in dossier.papers if paper.removed_at is None]
    filled = [paper for paper in here if paper.live_pages]
    found = {
        Obstacle.NO_SERVER: server is None,
        Obstacle.LOCAL: dossier.code is None,
        Obstacle.KEPT: around.kept,
        Obstacle.OPEN: dossier.finished_at is None and not dossier.ended,
        Obstacle.BUSY: around.busy,
        Obstacle.WORK: around.work,
        Obstacle.HELD: any(paper.held for paper in filled),
        Obstacle.CONFLICT: any(
            dossier.undecided(paper) and dossier.receipt(paper, server) is None for paper in filled
        ),
        Obstacle.UNSENT: not filled
        or any(dossier.receipt(paper, server) is None for paper in filled),
        Obstacle.LISTED: around.listed,
    }
    return next((obstacle for obstacle, holds in found.items() if holds), None)


def _done_at(dossier: Dossier, server: str | None) -> datetime | None:
    """Return when the last thing happened to a dossier that counts; None: it is not done."""
    moments = [
        receipt.at
        for paper in dossier.papers
        if paper.removed_at is None and (receipt := dossier.receipt(paper, server)) is not None
    ]
    if not moments:
        return None
    return max(*moments, dossier.finished_at or moments[0])


class Retention:
    """The verbs on one home's copies.

    Each is one transaction, says what changed through ``Events``, and may be called from any
    thread that may block.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        events: Events,
        policy: Policy,
        still: Still = lambda: nullcontext(True),
    ) -> None:
        """``still``: of whoever does work beside it."""
        self._store = store
        self._vault = vault
        self._events = events
        self._policy = policy
        self._still = still

    # --- what is set ----------------------------------------------------------------------

    def life(self) -> ShelfLife:
        """Return what is set."""
        return life_of(self._store)

    def set(self, days: int | None) -> ShelfLife:
        """Let copies stay for so many days after the last receipt; None: for good.

        Raises:
            ByAdministrator: it is locked to something else.
        """
        text = ShelfLife(days).text
        self._policy.check(shelflife.DAYS, text)
        with self._store.transaction() as tx:
            changes.set_setting(tx, shelflife.DAYS, text)
        return self.notice()

    def notice(self, moment: datetime | None = None) -> ShelfLife:
        """Note when the rule came into force and when it was changed, whoever did that; copies
        are not removed by a rule that nobody had the time to see."""
        life = self.life()
        if life.since is not None and life.noticed:
            return life
        at = stamp(moment or datetime.now(UTC))
        with self._store.transaction() as tx:
            if life.since is None:
                changes.set_setting(tx, shelflife.SINCE, at)
            changes.set_setting(tx, shelflife.SEEN, life.text)
            changes.set_setting(tx, shelflife.CHANGED, at)
        return self.life()

    # --- what goes by its age -------------------------------------------------------------

    def due(self, server: str | None, moment: datetime) -> list[str]:
        """Return the ids of dossiers whose copies may go, those received first before."""
        days = self.life().days
        if server is None or days is None:
            return []
        found = removals.done_before(self._store, server, stamp(moment - timedelta(days=days)))
        judged = ((one, verdict_of(self._store, one, server, moment)) for one in found)
        return [one for one, told in judged if told is not None and told[1].obstacle is None]

    def remove_sent(self, proven: Dossier, server: str, moment: datetime) -> bool:
        """Let the facts say that a dossier's copies are removed, where they may still go and are
        those that were ``proven``: what came since keeps them. The files go with ``finish``.

        Raises:
            DiskFull and the other rows of the store: nothing was changed.
        """
        with self._still() as still, self._store.transaction() as tx:
            told = verdict_of(self._store, proven.id, server, moment)
            if not still or told is None or told[1].obstacle is not None:
                return False
            if [p.receipts for p in told[0].papers] != [p.receipts for p in proven.papers]:
                return False
            removal = removals.ask(tx, proven.id, Why.SENT, "", now())
            removals.begin(tx, removal, self._vault.size)
        self._removed(proven.id)
        return True

    # --- what goes by hand ----------------------------------------------------------------

    def discard(self, dossier_id: str, reason: str, *, grace: bool = True) -> Removal:
        """Have the copies of a dossier removed, sent or not; not before ``GRACE`` has passed,
        unless somebody wants it at once.

        Raises:
            DossierUnknown, CopyRemoved (nothing of it is here).
            DossierBusy: it is to go at once, and pages are coming or work is in hand.
        """
        moment = datetime.now(UTC)
        due = moment + GRACE if grace else moment
        with self._store.transaction() as tx:
            if queries.dossier(self._store, dossier_id) is None:
                raise DossierUnknown
            if not removals.around(tx, dossier_id, None).filled:
                raise CopyRemoved
            removals.let_go(tx, dossier_id)
            asked = removals.ask(tx, dossier_id, Why.DISCARDED, reason, stamp(due))
        self._events.publish(dossier_id)
        if not grace:
            self._begin(removals.find(self._store, asked))  # unless a sweep did, just now
            found = removals.find(self._store, asked)
            if found.begun_at is None:
                raise DossierBusy(found.code)
            self.finish(threading.Event())
        return removals.find(self._store, asked)

    def begin_due(self, moment: datetime) -> int:
        """Begin the removals by hand whose time has come; return how many."""
        due = [one for one in removals.open_removals(self._store) if one.due_at <= moment]
        return sum(self._begin(one) for one in due)

    def _begin(self, one: Removal) -> bool:
        with self._still() as still, self._store.transaction() as tx:
            current = {r.id for r in removals.open_removals(self._store, one.dossier_id)}
            if not still or one.id not in current:
                return False
            if removals.around(tx, one.dossier_id, None).busy:
                return False
            removals.begin(tx, one.id, self._vault.size)
        self._removed(one.dossier_id)
        return True

    def keep(self, dossier_id: str) -> None:
        """Keep the copies of a dossier here, however old; a removal that waits is taken back.

        Raises:
            CopyRemoved: nothing of it is here any more.
        """
        with self._store.transaction() as tx:
            if not removals.around(tx, dossier_id, None).filled:
                raise CopyRemoved
            removals.take_back(tx, dossier_id)
            removals.keep(tx, dossier_id)
        self._events.publish(dossier_id)

    def take_back(self, dossier_id: str) -> bool:
        """Take a removal by hand back that has not begun; False where there is none (any more)."""
        with self._store.transaction() as tx:
            changed = removals.take_back(tx, dossier_id)
        self._events.publish(dossier_id)
        return changed

    def let_go(self, dossier_id: str) -> bool:
        """Take ``keep`` back: they go when their time comes. False where nobody had said so."""
        with self._store.transaction() as tx:
            changed = removals.let_go(tx, dossier_id)
        self._events.publish(dossier_id)
        return changed

    # --- the files ------------------------------------------------------------------------

    def finish(self, stop: threading.Event) -> int:
        """Remove the files of what is removed, a few at a time; return how many went.

        Raises:
            DiskFull, HomeReadOnly: what is left is tried again; nothing is lost by that.
        """
        return finish(self._store, self._vault, stop)

    def _removed(self, dossier_id: str) -> None:
        """The one place that every removal passes once its facts are committed."""
        log.info("the copies of a dossier were removed")
        self._events.publish(dossier_id)


def verdict_of(
    store: Store, dossier_id: str, server: str | None, moment: datetime
) -> tuple[Dossier, Verdict] | None:
    """Tell whether the copies of a dossier may go by their age; None: there is no such dossier."""
    dossier = queries.dossier(store, dossier_id)
    if dossier is None:
        return None
    around = removals.around(store.reader, dossier_id, server)
    return dossier, judge(dossier, server, around, life_of(store), moment)


def life_of(store: Store) -> ShelfLife:
    """Return how long copies stay."""
    names = (shelflife.DAYS, shelflife.SINCE, shelflife.CHANGED, shelflife.SEEN)
    found = {name: queries.setting(store, name) for name in names}
    return ShelfLife.of({name: value for name, value in found.items() if value is not None})


def finish(store: Store, vault: Vault, stop: threading.Event) -> int:
    """Remove the files of removals that have begun. Safe to be interrupted and run again.

    A file goes inside a write transaction in which nothing that is kept names it; it is noted as
    gone once that is durable. Raises as ``Retention.finish``.
    """
    went, left = 0, removals.pending(store)
    while not stop.is_set():
        wanted, left = left[:_FILES_AT_ONCE], left[_FILES_AT_ONCE:]
        with store.transaction() as tx:
            shared = removals.are_shared(tx, wanted)
            try:
                gone = vault.remove(one for one in wanted if one not in shared)
            except OSError as error:
                raise from_os(error) from error
            removals.are_gone(tx, gone)
        went += len(gone)
        if not left:
            break
    return went
