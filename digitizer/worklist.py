"""The day's work: what waits at the procedure system, and what was begun here today.

The sync's way down keeps the list as it was fetched; the window reads it. Both go by indexes: a
home holds thousands of dossiers that are done.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from digitizer.model import Dossier
from digitizer.storage import changes, queries
from digitizer.storage.begun import LEFT_AGAIN
from digitizer.storage.store import Store, now, stamp


class Stage(StrEnum):
    """How far the work on a dossier has come here."""

    UNSCANNED = "unscanned"  # no page yet
    BEGUN = "begun"  # pages, and the clerk is not done
    WAITING = "waiting"  # done, and not wholly sent
    SENT = "sent"  # everything there is was received


class Stays(StrEnum):
    """Why nothing of a dossier that waits goes out by itself."""

    HELD = "held"  # its pages are of a stack that nobody accepted
    WITHHELD = "withheld"  # somebody left it here


class Task(Struct, frozen=True):
    """One dossier of the day (its head alone).

    Attributes:
        pages: Live pages.
        no_result: Whether its procedure has a result on paper that has no page yet.
        listed: Whether the procedure system's list names it.
        stays: Why none of it goes out by itself, where it waits for that; None: it goes.
    """

    dossier: Dossier
    stage: Stage
    pages: int
    no_result: bool
    listed: bool
    stays: Stays | None = None


class Day(Struct, frozen=True):
    """The first tasks, what is due before the rest; how many there are; when the list was
    fetched, or None."""

    tasks: tuple[Task, ...]
    total: int
    fetched_at: datetime | None


# CROSS JOIN: in this order, by the index of what happened since.
# What was scanned for a web page is nobody's task: the page has it.
# A dossier without work left, all of whose papers have a receipt, is sent: the table of work
# holds what the plan says is left to do.
_TODAY = f"""
WITH today (id) AS (
    SELECT dossier_id FROM waiting WHERE server = ?2
    UNION SELECT paper.dossier_id FROM batch CROSS JOIN page ON page.batch_id = batch.id
        JOIN paper ON paper.id = page.paper_id
        WHERE batch.started_at >= ?1 AND page.deleted_at IS NULL
    UNION SELECT id FROM dossier WHERE opened_at >= ?1 AND (server_ref = '' OR code IS NULL)
        AND merged_into IS NULL AND NOT {LEFT_AGAIN}
),
busy (id) AS (
    SELECT paper.dossier_id FROM batch CROSS JOIN page ON page.batch_id = batch.id
        JOIN paper ON paper.id = page.paper_id
        WHERE batch.ended_at IS NULL AND page.deleted_at IS NULL
),
those AS (SELECT dossier.* FROM today CROSS JOIN dossier ON dossier.id = today.id
    WHERE dossier.id IS NOT ?3 AND NOT (dossier.code IS NULL AND EXISTS (
        SELECT 1 FROM paper JOIN web_scan ON web_scan.paper_id = paper.id
        WHERE paper.dossier_id = dossier.id)))
"""  # noqa: S608 - put together from the store's own words
_BEGUN = """
EXISTS (SELECT 1 FROM paper JOIN page ON page.paper_id = paper.id
    WHERE paper.dossier_id = those.id AND page.deleted_at IS NULL)
"""
_UNSENT = """
(those.id IN busy OR EXISTS (SELECT 1 FROM work WHERE work.dossier_id = those.id)
    OR EXISTS (SELECT 1 FROM paper WHERE paper.dossier_id = those.id
        AND EXISTS (SELECT 1 FROM page
            WHERE page.paper_id = paper.id AND page.deleted_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM receipt
            WHERE receipt.paper_id = paper.id AND receipt.server = ?2)
        AND NOT EXISTS (SELECT 1 FROM conflict JOIN decision ON decision.conflict_id = conflict.id
            WHERE conflict.paper_id = paper.id AND conflict.server = ?2 AND decision.id =
                (SELECT max(id) FROM decision WHERE conflict_id = conflict.id)
            AND decision.choice = 'theirs')))
"""
_GOING = "(SELECT 1 FROM work WHERE work.dossier_id = those.id AND work.kind IN ('upload', 'sign'))"
# A paper is left here until somebody lets it go; where nothing else of its dossier is left to be
# done, nothing of that goes.
_STAYS = f"""
CASE WHEN EXISTS {_GOING} THEN NULL
    WHEN EXISTS (SELECT 1 FROM paper JOIN page ON page.paper_id = paper.id
        JOIN batch ON batch.id = page.batch_id JOIN stack ON stack.id = batch.stack
        WHERE paper.dossier_id = those.id AND page.deleted_at IS NULL
        AND stack.accepted_at IS NULL) THEN 'held'
    WHEN NOT EXISTS (SELECT 1 FROM work WHERE work.dossier_id = those.id)
        AND EXISTS (SELECT 1 FROM paper JOIN way ON way.paper_id = paper.id
            WHERE paper.dossier_id = those.id AND way.withheld_at IS NOT NULL AND EXISTS
                (SELECT 1 FROM page WHERE page.paper_id = paper.id AND page.deleted_at IS NULL))
        THEN 'withheld' END
"""  # noqa: S608 - put together from the piece above alone
_ORDER = "ORDER BY due_at IS NULL, due_at, opened_at DESC, id"
_COUNT = f"{_TODAY} SELECT count(*) FROM those"  # noqa: S608 - put together from the pieces above alone
_OPEN = f"{_COUNT} WHERE NOT {_BEGUN} OR (finished_at IS NULL AND {_UNSENT})"
_TASKS = f"""
{_TODAY}
SELECT *, CASE WHEN NOT {_BEGUN} THEN 'unscanned' WHEN NOT {_UNSENT} THEN 'sent'
        WHEN finished_at IS NULL THEN 'begun' ELSE 'waiting' END AS stage,
    (SELECT count(*) FROM paper JOIN page ON page.paper_id = paper.id
        WHERE paper.dossier_id = those.id AND page.deleted_at IS NULL) AS pages,
    EXISTS (SELECT 1 FROM waiting WHERE server = ?2 AND dossier_id = those.id) AS listed,
    EXISTS (SELECT 1 FROM paper WHERE paper.dossier_id = those.id AND paper.kind = 'result'
        AND NOT EXISTS (SELECT 1 FROM page
            WHERE page.paper_id = paper.id AND page.deleted_at IS NULL)) AS no_result,
    {_STAYS} AS stays
FROM (SELECT * FROM those {_ORDER} LIMIT ?4) AS those {_ORDER}
"""  # noqa: S608 - the same


def day(store: Store, server: str | None, since: datetime, most: int) -> Day:
    """Read the day's work.

    Args:
        store: The facts.
        server: The procedure system that dossiers go to, or None.
        since: When the day began.
        most: So many tasks are read.
    """
    asked = _asked(store, server, since)
    rows = store.rows(_TASKS, *asked, most)
    total = len(rows) if len(rows) < most else int(store.rows(_COUNT, *asked)[0][0])
    return Day(
        tuple(
            Task(
                queries.head_of(row),
                Stage(row["stage"]),
                row["pages"],
                bool(row["no_result"]),
                bool(row["listed"]),
                _stays(row["stage"], row["stays"]),
            )
            for row in rows
        ),
        total,
        fetched_at(store, server),
    )


def _stays(stage: str, stays: str | None) -> Stays | None:
    return Stays(stays) if stays and stage == Stage.WAITING else None


def fetched_at(store: Store, server: str | None) -> datetime | None:
    """Return when the list of ``server`` was last fetched to its end, or None."""
    rows = store.rows("SELECT fetched_at FROM worklist WHERE server = ?", server)
    return datetime.fromisoformat(rows[0][0]) if rows else None


def told_at(store: Store, dossier_id: str, server: str | None) -> datetime | None:
    """Return when ``server`` last named a dossier in its list, or None: it does not, or never
    did."""
    rows = store.rows(
        "SELECT fetched_at FROM waiting JOIN worklist USING (server) "
        "WHERE waiting.dossier_id = ? AND server = ?",
        dossier_id,
        server,
    )
    return datetime.fromisoformat(rows[0][0]) if rows else None


def open_tasks(store: Store, server: str | None, since: datetime) -> int:
    """Count the day's dossiers that nobody is done with."""
    return int(store.rows(_OPEN, *_asked(store, server, since))[0][0])


def keep(store: Store, codes: Collection[str], server: str) -> frozenset[str]:
    """Record that these dossiers (by their mã hồ sơ) are what waits at ``server`` now; return the
    ids of those that joined or left its list."""
    listed = "SELECT dossier_id FROM waiting WHERE server = ?"
    with store.transaction() as tx:
        before = {str(row[0]) for row in tx.execute(listed, (server,))}
        tx.execute("DELETE FROM waiting WHERE server = ?", (server,))
        tx.executemany(
            "INSERT OR IGNORE INTO waiting SELECT ?, id FROM dossier WHERE code = ?",
            [(server, code) for code in codes],
        )
        after = {str(row[0]) for row in tx.execute(listed, (server,))}
        tx.execute("INSERT OR REPLACE INTO worklist VALUES (?, ?)", (server, now()))
    return frozenset(before ^ after)


def _asked(store: Store, server: str | None, since: datetime) -> tuple[object, ...]:
    return stamp(since), server, queries.setting(store, changes.UNSORTED)
