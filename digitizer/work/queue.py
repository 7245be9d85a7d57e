"""The work table: kept equal to the plan, claimed from by lanes, with retry bookkeeping.

Attempts are counted before they are made, so that work which takes the program down with it is
parked in the end. Knows no program and no network.
"""

from __future__ import annotations

import logging
import random
import sqlite3
import threading
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from digitizer.errors import DigitizerError, ProgramCrashed, Remedy
from digitizer.errors import kind as kind_of_error
from digitizer.plan import Work, WorkKind, plan
from digitizer.storage import queries, signings, stacks, ways
from digitizer.storage.store import Store, now, stamp

log = logging.getLogger(__name__)

LOCAL_ATTEMPTS = 4
"""Local work that failed so often is parked; the sync lane never gives up on ``LATER``."""

_FINISHED = " AND dossier.finished_at IS NOT NULL"
_FIRST_WAIT_SECONDS = 2.0
_LONGEST_WAIT_SECONDS = 900.0
_MOST_DOUBLINGS = 16
_SOON_SECONDS = 2 * _LONGEST_WAIT_SECONDS
"""Work is never put off for longer: where it seems to be, the clock was put back since."""
_DUE = "(not_before <= ? OR not_before > ?)"
_PUT_OFF = "(not_before > ? AND not_before <= ?)"


class Claim(Struct, frozen=True):
    """A piece of work somebody is doing. ``attempts`` counts this one. ``place``: of an upload;
    one that is wanted anew meanwhile has another, and is not settled by what becomes of this."""

    dossier_id: str
    kind: WorkKind
    subject: str
    version: str
    attempts: int
    place: int = 0


class Parked(Struct, frozen=True):
    """Work that waits for a hand, or for its time."""

    dossier_id: str
    kind: WorkKind
    subject: str
    attempts: int
    parked: bool
    error: str
    detail: str
    not_before: str


class Outbox(Struct, frozen=True):
    """Finished dossiers that are not wholly sent: on their way by themselves, or stuck.
    ``unsigned``: papers of finished dossiers that wait for a signature; ``held``: finished
    dossiers with pages of a stack that nobody accepted."""

    waiting: int = 0
    stuck: int = 0
    unsigned: int = 0
    held: int = 0


def wait_seconds(attempts: int, asked: float = 0.0) -> float:
    """Return the capped exponential back-off after ``attempts`` failures, with ±25 % jitter; a
    server that ``asked`` for so many seconds gets them, and up to half as many more."""
    doublings = min(attempts - 1, _MOST_DOUBLINGS)
    wait = min(_FIRST_WAIT_SECONDS * 2.0**doublings, _LONGEST_WAIT_SECONDS)
    wait *= random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, hides nothing
    return max(wait, asked * random.uniform(1.0, 1.5))  # noqa: S311


class WorkQueue:
    """The work of one home. Thread-safe."""

    def __init__(self, store: Store, server: str | None) -> None:
        """``server`` names the procedure system that dossiers go to, or is None."""
        self._store = store
        self.server = server
        self._claimed: set[tuple[str, str, str]] = set()
        self._lock = threading.Lock()

    def replan(self, dossier_id: str) -> bool:
        """Make the dossier's rows equal to its plan; rows that stay keep their bookkeeping.
        Returns whether any did not."""
        # The rows before the facts: work done in between is then still among the rows, and is not
        # taken for new because the facts read were those from before it.
        have = {
            (row["kind"], row["subject"]): row["version"]
            for row in self._store.rows(
                "SELECT kind, subject, version FROM work WHERE dossier_id = ?", dossier_id
            )
        }
        facts = queries.dossier(self._store, dossier_id)
        wanted = () if facts is None else plan(facts, self.server)
        new = [w for w in wanted if have.pop((w.kind.value, w.subject), None) != w.version]
        if not new and not have:
            return False
        with self._store.transaction() as tx:
            for work in new:
                _insert(tx, dossier_id, work)
            for kind, subject in have:
                tx.execute(
                    "DELETE FROM work WHERE dossier_id = ? AND kind = ? AND subject = ?",
                    (dossier_id, kind, subject),
                )
        return True

    def dossiers(self) -> list[str]:
        """Return the ids of all dossiers, those first on which work is likeliest: unfinished
        ones, then the newest."""
        rows = self._store.rows(
            "SELECT id FROM dossier ORDER BY finished_at IS NOT NULL, opened_at DESC"
        )
        return [str(row[0]) for row in rows]

    def claim(self, kinds: Sequence[WorkKind], *, finished_only: bool = False) -> Claim | None:
        """Take the next due work and count the attempt; None where nothing is due.

        Args:
            kinds: What the asking lane does.
            finished_only: Leave dossiers alone that the clerk has not finished.
        """
        with self._lock:
            with self._store.transaction() as tx:
                claim = self._claim(tx, kinds, finished_only=finished_only)
            if claim is not None:
                self._claimed.add(_key(claim))
        return claim

    def _claim(
        self, tx: sqlite3.Connection, kinds: Sequence[WorkKind], *, finished_only: bool
    ) -> Claim | None:
        while (row := self._next(tx, kinds, finished_only=finished_only)) is not None:
            if row["kind"] != WorkKind.UPLOAD and row["attempts"] >= LOCAL_ATTEMPTS:
                # Counted, but never settled: each attempt took the program down.
                tx.execute(
                    "UPDATE work SET parked = 1, error = ? WHERE rowid = ?",
                    (ProgramCrashed.code, row["rowid"]),
                )
                continue
            tx.execute("UPDATE work SET attempts = attempts + 1 WHERE rowid = ?", (row["rowid"],))
            return Claim(
                row["dossier_id"],
                WorkKind(row["kind"]),
                row["subject"],
                row["version"],
                row["attempts"] + 1,
                row["place"],
            )
        return None

    def _next(
        self, tx: sqlite3.Connection, kinds: Sequence[WorkKind], *, finished_only: bool
    ) -> sqlite3.Row | None:
        marks = ",".join("?" * len(kinds))
        condition = _FINISHED if finished_only else ""
        rows = tx.execute(
            "SELECT work.rowid, work.* FROM work "  # noqa: S608
            "JOIN dossier ON dossier.id = work.dossier_id "
            f"WHERE kind IN ({marks}) AND parked = 0 AND {_DUE}{condition} "
            "ORDER BY CASE kind WHEN 'bundle' THEN 0 WHEN 'read' THEN 1 WHEN 'look' THEN 3 "
            "ELSE 2 END, "
            f"CASE kind WHEN 'upload' THEN {ways.TURN} ELSE work.rowid END, work.rowid "
            "LIMIT ?",
            (*(kind.value for kind in kinds), *_bounds(), len(self._claimed) + 1),
        ).fetchall()
        return next(
            (r for r in rows if (r["kind"], r["subject"], r["version"]) not in self._claimed), None
        )

    @contextmanager
    def still(self) -> Iterator[bool]:
        """Let nobody take up work while the block runs; tells whether none is in hand."""
        with self._lock:
            yield not self._claimed

    def done(self, claim: Claim) -> None:
        """Forget work whose facts are committed."""
        self._settle(claim, "DELETE FROM work WHERE {key}", ())

    def give_back(self, claim: Claim) -> None:
        """Give work back as if it had not been tried: the lane paused or is stopping."""
        self._settle(claim, "UPDATE work SET attempts = max(attempts - 1, 0) WHERE {key}", ())

    def failed(self, claim: Claim, error: DigitizerError) -> bool:
        """Put work off, or park it where time alone does not help. Returns whether parked."""
        tired = claim.kind is not WorkKind.UPLOAD and claim.attempts >= LOCAL_ATTEMPTS
        parked = error.remedy is not Remedy.LATER or tired
        wait = wait_seconds(claim.attempts, error.after)
        due = datetime.now(UTC) + timedelta(seconds=wait)
        self._settle(
            claim,
            "UPDATE work SET parked = ?, error = ?, detail = ?, not_before = ?, "
            "attempts = max(attempts - ?, 0) WHERE {key}",
            (
                parked,
                error.code,
                error.detail,
                due.isoformat(timespec="microseconds"),
                error.spares_attempt,
            ),
        )
        return parked

    def drop(self, claim: Claim) -> None:
        """Let go of work without settling it, so that it can be claimed again."""
        with self._lock:
            self._claimed.discard(_key(claim))

    def retry(
        self, kinds: Sequence[WorkKind], *, parked: Container[Remedy], dossier_id: str | None = None
    ) -> None:
        """Take work up again at once, with its attempts forgotten: put-off work, and work that
        is parked for one of the remedies ``parked``; of one dossier or of all."""
        with self._store.transaction() as tx:
            rows = tx.execute(
                "SELECT rowid, kind, parked, error FROM work WHERE error <> '' "
                "AND (?1 IS NULL OR dossier_id = ?1)",
                (dossier_id,),
            ).fetchall()
            for row in rows:
                if row["kind"] in kinds and (
                    not row["parked"] or kind_of_error(row["error"]).remedy in parked
                ):
                    tx.execute(
                        "UPDATE work SET parked = 0, attempts = 0, not_before = '', error = '', "
                        "detail = '' WHERE rowid = ?",
                        (row["rowid"],),
                    )

    def left(self, kinds: Sequence[WorkKind], *, parked: bool, finished_only: bool = False) -> int:
        """Count work of these kinds that is (not) parked, done by somebody or not."""
        marks = ",".join("?" * len(kinds))
        rows = self._store.rows(
            "SELECT count(*) FROM work JOIN dossier ON dossier.id = work.dossier_id "  # noqa: S608
            f"WHERE parked = ? AND kind IN ({marks}){_FINISHED if finished_only else ''}",
            parked,
            *(kind.value for kind in kinds),
        )
        return int(rows[0][0])

    def put_off(self, kinds: Sequence[WorkKind]) -> int:
        """Count work of these kinds that waits for its time."""
        marks = ",".join("?" * len(kinds))
        rows = self._store.rows(
            f"SELECT count(*) FROM work WHERE parked = 0 AND {_PUT_OFF} "  # noqa: S608
            f"AND kind IN ({marks})",
            *_bounds(),
            *(kind.value for kind in kinds),
        )
        return int(rows[0][0])

    def next_due_seconds(self, kinds: Sequence[WorkKind]) -> float | None:
        """Return how long until put-off work is due again, or None where none is put off."""
        marks = ",".join("?" * len(kinds))
        rows = self._store.rows(
            f"SELECT min(not_before) FROM work WHERE parked = 0 AND {_PUT_OFF} "  # noqa: S608
            f"AND kind IN ({marks})",
            *_bounds(),
            *(kind.value for kind in kinds),
        )
        if rows[0][0] is None:
            return None
        due = datetime.fromisoformat(rows[0][0])
        return max(0.0, (due - datetime.now(UTC)).total_seconds())

    def _settle(self, claim: Claim, sql: str, values: tuple[object, ...]) -> None:
        key = "dossier_id = ? AND kind = ? AND subject = ? AND version = ? AND place = ?"
        mine = (claim.dossier_id, claim.kind, claim.subject, claim.version, claim.place)
        with self._lock:
            try:
                with self._store.transaction() as tx:
                    tx.execute(sql.format(key=key), (*values, *mine))
            finally:
                self._claimed.discard(_key(claim))


def _bounds() -> tuple[str, str]:
    """Return now, and until when work may be put off, as ``_DUE`` and ``_PUT_OFF`` take them."""
    return now(), stamp(datetime.now(UTC) + timedelta(seconds=_SOON_SECONDS))


def _key(claim: Claim) -> tuple[str, str, str]:
    return (claim.kind.value, claim.subject, claim.version)


def troubles(store: Store, dossier_id: str | None = None) -> list[Parked]:
    """Return work that failed at least once and is not done, of one dossier or of all."""
    rows = store.rows(
        "SELECT * FROM work WHERE error <> '' AND (?1 IS NULL OR dossier_id = ?1) "
        "ORDER BY parked DESC, rowid",
        dossier_id,
    )
    return [
        Parked(
            row["dossier_id"],
            WorkKind(row["kind"]),
            row["subject"],
            row["attempts"],
            bool(row["parked"]),
            row["error"],
            row["detail"],
            row["not_before"],
        )
        for row in rows
    ]


def outbox(store: Store) -> Outbox:
    """Count the finished dossiers that work is left on; one piece parked makes a dossier stuck."""
    rows = store.rows(
        "SELECT max(work.parked) AS stuck FROM work JOIN dossier ON dossier.id = work.dossier_id "
        "WHERE dossier.finished_at IS NOT NULL AND work.kind <> 'sign' GROUP BY work.dossier_id"
    )
    stuck = sum(row["stuck"] for row in rows)
    unsigned, _ = signings.count(store, finished_only=True)
    return Outbox(len(rows) - stuck, stuck, unsigned, stacks.finished_held(store))


def sending(store: Store, dossier_id: str) -> frozenset[str]:
    """Return the ids of a dossier's papers whose upload is being tried now."""
    rows = store.rows(
        "SELECT subject FROM work WHERE dossier_id = ? AND kind = ? AND parked = 0 "
        "AND attempts > 0 AND error = ''",
        dossier_id,
        WorkKind.UPLOAD.value,
    )
    return frozenset(str(row["subject"]) for row in rows)


def arrived(tx: sqlite3.Connection, paper_id: str, sha256: str) -> None:
    """Forget the upload of one version of a paper, along with its receipt: should that be taken
    back before the lane is through with it, the upload comes anew."""
    tx.execute(
        "DELETE FROM work WHERE kind = 'upload' AND subject = ? AND version = ?", (paper_id, sha256)
    )


def _insert(tx: sqlite3.Connection, dossier_id: str, work: Work) -> None:
    tx.execute(
        "INSERT OR REPLACE INTO work (dossier_id, kind, subject, version) VALUES (?, ?, ?, ?)",
        (dossier_id, work.kind.value, work.subject, work.version),
    )
