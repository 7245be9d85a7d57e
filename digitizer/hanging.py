"""What hangs: everything on this machine that needs a hand or a decision, grouped by its cause.

Read by the window. Found by indexes, so that it can be looked at every few seconds beside
thousands of dossiers that are well.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from digitizer import clearing
from digitizer.clearing import Suspect
from digitizer.conflicts import Met, waiting
from digitizer.errors import ClerkPasswordMissing, ClerkRefused
from digitizer.model import Dossier
from digitizer.plan import WorkKind
from digitizer.servers import server_of
from digitizer.storage import changes, queries
from digitizer.storage.store import Store

MOST = 500
"""So many of each are read."""


class Stuck(Struct, frozen=True):
    """Work on a dossier (its head alone) that is parked for one error.

    Attributes:
        error: Its code.
        uploads: Whether sending failed; else reading or bundling did.
        papers: Titles of the papers it is about.
        paper_id, page_id: Where the first of it can be seen; empty where that is not known.
        pieces: Pieces of work.
    """

    dossier: Dossier
    error: str
    uploads: bool
    papers: tuple[str, ...]
    paper_id: str
    page_id: str
    pieces: int = 1


class Held(Struct, frozen=True):
    """Dossiers that wait because one account cannot sign in.

    Attributes:
        clerk: The id of whose it is; empty: the office's own.
        who: Their name.
        error: The code of the trouble.
        dossiers: How many wait.
    """

    clerk: str
    who: str
    error: str
    dossiers: int


class Doubt(Struct, frozen=True):
    """Pages of a dossier (its head alone) to be looked at, and the first of them.

    ``at``: when their batch began, where that matters.
    """

    dossier: Dossier
    pages: int
    paper: str
    paper_id: str
    page_id: str
    at: datetime | None = None


class Hanging(Struct, frozen=True):
    """What hangs.

    Attributes:
        conflicts: Papers that met another version at the server; somebody has to decide.
        stuck: Parked work, by dossier and error; not what ``held`` tells.
        unread: Pages without words in papers that are not sent.
        interrupted: Batches that broke off and nothing went on with, by a jam or a power cut, in
            dossiers nobody is done with, or was when it happened.
        codeless: Finished dossiers without a mã hồ sơ (their heads), whose pages stay here.
        unsorted: The id of *Chưa phân loại* and how many pages it holds.
        held: What waits for the password of one account of several.
        suspects: Pages that stop their dossier, for they are state secrets or may be.
    """

    stuck: tuple[Stuck, ...] = ()
    unread: tuple[Doubt, ...] = ()
    interrupted: tuple[Doubt, ...] = ()
    codeless: tuple[Dossier, ...] = ()
    unsorted: tuple[str, int] = ("", 0)
    conflicts: tuple[Met, ...] = ()
    held: tuple[Held, ...] = ()
    suspects: tuple[Suspect, ...] = ()


_ACCOUNTS = f"('{ClerkRefused.code}', '{ClerkPasswordMissing.code}')"
_STUCK = f"""
SELECT dossier.*, work.kind, work.error, paper.id AS paper_id, paper.title, page.id AS page_id
FROM work JOIN dossier ON dossier.id = work.dossier_id
LEFT JOIN page ON work.kind IN ('read', 'ocr', 'look') AND page.id = (
    SELECT page.id FROM page JOIN paper ON paper.id = page.paper_id
    WHERE page.sha256 = substr(work.subject, 1, 64) AND paper.dossier_id = work.dossier_id
    AND page.deleted_at IS NULL ORDER BY paper.position, page.rank LIMIT 1)
LEFT JOIN paper ON paper.id = coalesce(page.paper_id, work.subject)
WHERE work.parked = 1 AND work.error NOT IN {_ACCOUNTS} ORDER BY work.rowid LIMIT ?
"""  # noqa: S608 - codes of our own
_HELD = f"""
SELECT work.detail, work.error, coalesce(clerk.name, '') AS who,
       count(DISTINCT work.dossier_id) AS dossiers
FROM work LEFT JOIN clerk ON clerk.id = work.detail
WHERE work.parked = 1 AND work.error IN {_ACCOUNTS}
GROUP BY work.detail, work.error ORDER BY who, work.error
"""  # noqa: S608 - codes of our own
# CROSS JOIN: from the few that an index names to their pages, never the other way.
_UNREAD = f"""
SELECT dossier.*, paper.id AS paper_id, paper.title, page.id AS page_id
FROM words CROSS JOIN page ON page.sha256 = words.sha256
JOIN paper ON paper.id = page.paper_id JOIN dossier ON dossier.id = paper.dossier_id
JOIN reading ON reading.sha256 = page.sha256
WHERE words.failed <> '' AND page.deleted_at IS NULL
AND words.turn = {queries.TURN_NOW} AND words.crop = {queries.CROP_NOW}
AND NOT EXISTS (SELECT 1 FROM receipt WHERE receipt.paper_id = paper.id)
AND dossier.id IS NOT ?1 ORDER BY dossier.opened_at, paper.position, page.rank LIMIT ?2
"""  # noqa: S608 - how a page lies now, in words of ours
_INTERRUPTED = f"""
SELECT dossier.*, paper.id AS paper_id, paper.title, page.id AS page_id, batch.started_at
FROM batch CROSS JOIN page ON page.batch_id = batch.id
JOIN paper ON paper.id = page.paper_id JOIN dossier ON dossier.id = paper.dossier_id
WHERE {queries.BROKE_OFF} AND page.deleted_at IS NULL
AND (batch.reason = 'interrupted' OR {queries.LEFT_OFF})
AND (dossier.finished_at IS NULL OR batch.ended_at > dossier.finished_at)
AND NOT EXISTS (SELECT 1 FROM batch AS later WHERE later.continues = batch.id)
AND dossier.id IS NOT ?1 ORDER BY batch.started_at, page.batch_seq DESC LIMIT ?2
"""  # noqa: S608 - words of ours
_CODELESS = """
SELECT * FROM dossier WHERE code IS NULL AND finished_at IS NOT NULL AND id IS NOT ?1
AND EXISTS (SELECT 1 FROM paper JOIN page ON page.paper_id = paper.id
    WHERE paper.dossier_id = dossier.id AND page.deleted_at IS NULL)
ORDER BY finished_at LIMIT ?2
"""
_UNSORTED = """
SELECT count(*) FROM paper JOIN page ON page.paper_id = paper.id
JOIN batch ON batch.id = page.batch_id LEFT JOIN stack ON stack.id = batch.stack
WHERE paper.dossier_id = ? AND page.deleted_at IS NULL
AND (stack.id IS NULL OR stack.accepted_at IS NOT NULL)
"""
"""Pages of a stack that is being looked through are its own place's business."""


def hanging(store: Store) -> Hanging:
    """Read everything that hangs."""
    to = server_of(store)
    unsorted = queries.setting(store, changes.UNSORTED)
    pages = int(store.rows(_UNSORTED, unsorted)[0][0]) if unsorted else 0
    return Hanging(
        _stuck(store),
        _by_dossier(
            Doubt(queries.head_of(row), 1, row["title"], row["paper_id"], row["page_id"])
            for row in store.rows(_UNREAD, unsorted, MOST)
        ),
        _by_dossier(
            Doubt(
                queries.head_of(row),
                1,
                row["title"],
                row["paper_id"],
                row["page_id"],
                datetime.fromisoformat(row["started_at"]),
            )
            for row in store.rows(_INTERRUPTED, unsorted, MOST)
        ),
        tuple(queries.head_of(row) for row in store.rows(_CODELESS, unsorted, MOST)),
        (unsorted or "", pages),
        tuple(waiting(store, to.name if to else None)),
        held(store),
        tuple(clearing.waiting(store)[:MOST]),
    )


def unsendable(store: Store) -> frozenset[str]:
    """Return the ids of dossiers of which sending has failed and waits for a hand."""
    rows = store.rows(
        "SELECT DISTINCT dossier_id FROM work WHERE parked = 1 AND kind = ?", WorkKind.UPLOAD.value
    )
    return frozenset(str(row[0]) for row in rows)


def held(store: Store) -> tuple[Held, ...]:
    """Read whose accounts cannot sign in, and how many dossiers wait for each."""
    return tuple(
        Held(row["detail"], row["who"], row["error"], row["dossiers"]) for row in store.rows(_HELD)
    )


def _stuck(store: Store) -> tuple[Stuck, ...]:
    found: dict[tuple[str, str, bool], Stuck] = {}
    for row in store.rows(_STUCK, MOST):
        uploads = row["kind"] == WorkKind.UPLOAD
        title = row["title"] or ""
        key = (row["id"], row["error"], uploads)
        if (before := found.get(key)) is None:
            found[key] = Stuck(
                queries.head_of(row),
                row["error"],
                uploads,
                (title,) if title else (),
                row["paper_id"] or "",
                row["page_id"] or "",
            )
        else:
            papers = dict.fromkeys((*before.papers, title) if title else before.papers)
            found[key] = replace(before, papers=tuple(papers), pieces=before.pieces + 1)
    return tuple(found.values())


def _by_dossier(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Make one of those about one dossier: the first, with the pages of all."""
    found: dict[str, Doubt] = {}
    for doubt in doubts:
        before = found.get(doubt.dossier.id)
        found[doubt.dossier.id] = (
            replace(before, pages=before.pages + 1) if before is not None else doubt
        )
    return tuple(found.values())
