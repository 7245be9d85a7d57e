"""What leaves this machine: the finished dossiers in the order they go, and what was sent.

Read by the window; the sending itself is the sync lane's. What is planned and not done stands in
the table of work, so a restart changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from digitizer.model import Dossier
from digitizer.storage import queries, ways
from digitizer.storage.store import Store, now, stamp


class Leaving(Struct, frozen=True):
    """A finished dossier (its head alone) that goes out by itself.

    Attributes:
        papers: Papers that are ready and not sent.
        bytes: Their size.
        unready: Pieces of work to be done before more of it is ready.
        error: Code of the error that its last attempt met; empty: none yet.
        attempts: How often that was tried.
        not_before: When it is tried again by itself; None: as soon as it is its turn.
        biggest: Bytes of the largest of them.
    """

    dossier: Dossier
    papers: int
    bytes: int
    unready: int
    error: str = ""
    attempts: int = 0
    not_before: datetime | None = None
    biggest: int = 0


class Withheld(Struct, frozen=True):
    """A paper of a finished dossier (its head alone) that the clerk left here, and its name."""

    dossier: Dossier
    paper_id: str
    title: str


class Left(Struct, frozen=True):
    """A dossier (its head alone) of which papers were received, the last one at ``at``."""

    dossier: Dossier
    papers: int
    at: datetime


# A dossier with parked work needs a hand: it stands with what hangs (``digitizer.hanging``).
_LEAVING = f"""
WITH going AS (
    SELECT dossier_id, min(iif(kind = 'upload', {ways.TURN}, NULL)) AS turn,
        sum(kind = 'upload') AS papers, sum(kind <> 'upload') AS unready,
        max(iif(kind = 'upload', error, '')) AS error,
        max(iif(kind = 'upload' AND error <> '', attempts, 0)) AS attempts,
        min(iif(kind = 'upload', not_before, NULL)) AS not_before,
        sum(iif(kind = 'upload', {ways.SIZE}, 0)) AS bytes,
        max(iif(kind = 'upload', {ways.SIZE}, 0)) AS biggest
    FROM work WHERE kind <> 'sign' GROUP BY dossier_id HAVING max(parked) = 0
)
SELECT dossier.*, going.* FROM going JOIN dossier ON dossier.id = going.dossier_id
WHERE dossier.finished_at IS NOT NULL
ORDER BY turn IS NULL, not_before > ?1, iif(not_before > ?1, not_before, ''), turn,
    dossier.finished_at, dossier.id
LIMIT ?2
"""  # noqa: S608 - of names of ours
_WITHHELD = """FROM way
JOIN paper ON paper.id = way.paper_id JOIN dossier ON dossier.id = paper.dossier_id
WHERE way.withheld_at IS NOT NULL AND dossier.finished_at IS NOT NULL AND EXISTS
    (SELECT 1 FROM page WHERE page.paper_id = paper.id AND page.deleted_at IS NULL)
AND NOT EXISTS (SELECT 1 FROM receipt WHERE receipt.paper_id = paper.id AND receipt.server IS ?1)
"""
_WHICH_WITHHELD = f"""
SELECT dossier.*, paper.id AS paper_id, paper.title, paper.copy {_WITHHELD}
ORDER BY way.withheld_at, paper.position, paper.copy LIMIT ?2
"""
_LEFT = """
SELECT dossier.*, count(DISTINCT receipt.paper_id) AS papers, max(receipt.at) AS at
FROM receipt CROSS JOIN paper ON paper.id = receipt.paper_id
JOIN dossier ON dossier.id = paper.dossier_id
WHERE receipt.at >= ? AND receipt.server = ?
GROUP BY dossier.id ORDER BY max(receipt.at) DESC LIMIT ?
"""


def leaving(store: Store, most: int) -> tuple[Leaving, ...]:
    """Return at most so many of the dossiers that go out by themselves, in their order."""
    moment = now()
    return tuple(
        Leaving(
            queries.head_of(row),
            row["papers"],
            row["bytes"],
            row["unready"],
            row["error"],
            row["attempts"],
            _later(row["not_before"], moment),
            row["biggest"],
        )
        for row in store.rows(_LEAVING, moment, most)
    )


def withheld(store: Store, server: str | None, most: int) -> tuple[Withheld, ...]:
    """Return at most so many of the papers that are left here, those left first before."""
    return tuple(
        Withheld(
            queries.head_of(row),
            row["paper_id"],
            row["title"] if row["copy"] == 1 else f"{row['title']} ({row['copy']})",
        )
        for row in store.rows(_WHICH_WITHHELD, server, most)
    )


def count_withheld(store: Store, server: str | None) -> int:
    """Count the papers that ``withheld`` lists."""
    return int(store.rows(f"SELECT count(*) {_WITHHELD}", server)[0][0])


def left(store: Store, server: str | None, since: datetime, most: int) -> tuple[Left, ...]:
    """Return at most so many of the dossiers of which ``server`` received something since then,
    the last ones first."""
    return tuple(
        Left(queries.head_of(row), row["papers"], datetime.fromisoformat(row["at"]))
        for row in store.rows(_LEFT, stamp(since), server, most)
    )


def _later(stored: str | None, moment: str) -> datetime | None:
    return datetime.fromisoformat(stored) if stored and stored > moment else None
