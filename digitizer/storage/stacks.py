"""Stacks that wait to be accepted: facts read and written.

Reading functions take the store; writing ones run inside the caller's transaction and commit
nothing. Called by ``digitizer.stacks``, by what begins a batch and by the sync lane. Knows no rule
of the domain.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from digitizer.model import Dossier, Paper, PaperKind
from digitizer.storage import queries
from digitizer.storage.clerks import CLERK_NOW
from digitizer.storage.openings import PaperThere
from digitizer.storage.store import Store, now


class StackHead(Struct, frozen=True):
    """A stack without its pages: when it was begun and accepted, how many pages of it count,
    whether it is being scanned, and the how manieth it is (from 1) of those begun in its minute."""

    id: str
    opened_at: datetime
    accepted_at: datetime | None
    pages: int
    running: bool
    nth: int = 1


_NTH = (
    "(SELECT 1 + count(*) FROM stack AS other WHERE other.opened_at < stack.opened_at "
    "AND other.opened_at >= substr(stack.opened_at, 1, 16) AND EXISTS (SELECT 1 FROM page "
    "JOIN batch ON batch.id = page.batch_id WHERE batch.stack = other.id)) AS nth"
)
"""Accepted ones count too, so that no stack is called otherwise after its neighbour went; one that
came to nothing does not."""


def begin(tx: sqlite3.Connection, stack_id: str, batch_id: str) -> None:
    """Record that a batch is of a stack, which begins with it or goes on; one that goes on after
    it was accepted waits again."""
    tx.execute(
        "INSERT INTO stack (id, opened_at) VALUES (?, ?) "
        "ON CONFLICT (id) DO UPDATE SET accepted_at = NULL",
        (stack_id, now()),
    )
    tx.execute("UPDATE batch SET stack = ? WHERE id = ?", (stack_id, batch_id))


def accept(tx: sqlite3.Connection, stack_id: str, finished: Sequence[str]) -> None:
    """Record that a stack was accepted, and which dossiers that finished."""
    tx.execute(
        f"UPDATE stack SET accepted_at = ?, finished = ?, accepted_by = {CLERK_NOW} WHERE id = ?",  # noqa: S608
        (now(), json.dumps(list(finished)), stack_id),
    )


def take_back(tx: sqlite3.Connection, stack_id: str) -> list[str]:
    """Have a stack wait again; return the dossiers that accepting it had finished."""
    row = tx.execute("SELECT finished FROM stack WHERE id = ?", (stack_id,)).fetchone()
    tx.execute(
        "UPDATE stack SET accepted_at = NULL, accepted_by = NULL, finished = '[]' WHERE id = ?",
        (stack_id,),
    )
    return [str(one) for one in json.loads(row["finished"])] if row is not None else []


def accepted_at(tx: sqlite3.Connection, stack_id: str) -> str | None:
    """Return when a stack was accepted, or None."""
    row = tx.execute("SELECT accepted_at FROM stack WHERE id = ?", (stack_id,)).fetchone()
    return None if row is None else row["accepted_at"]


def running(tx: sqlite3.Connection, stack_id: str) -> bool:
    """Tell whether a batch of a stack has not ended."""
    row = tx.execute("SELECT 1 FROM batch WHERE stack = ? AND ended_at IS NULL", (stack_id,))
    return row.fetchone() is not None


def holds(tx: sqlite3.Connection, paper_id: str) -> bool:
    """Tell whether a page of a paper is of a stack that is not accepted."""
    row = tx.execute(
        "SELECT 1 FROM page JOIN batch ON batch.id = page.batch_id "
        "JOIN stack ON stack.id = batch.stack "
        "WHERE page.paper_id = ? AND page.deleted_at IS NULL AND stack.accepted_at IS NULL",
        (paper_id,),
    )
    return row.fetchone() is not None


def may_be_there(tx: sqlite3.Connection, paper_id: str, sha256: str) -> bool:
    """Tell whether a version of a paper was, or is being, sent anywhere."""
    row = tx.execute("SELECT 1 FROM sending WHERE paper_id = ? AND sha256 = ?", (paper_id, sha256))
    return row.fetchone() is not None


def heads(store: Store) -> list[StackHead]:
    """Return the stacks that wait and have pages, newest first."""
    rows = store.rows(
        f"SELECT stack.*, {_NTH}, sum(page.deleted_at IS NULL) AS pages, "  # noqa: S608 - a column of ours
        "max(batch.ended_at IS NULL) AS running FROM stack "
        "JOIN batch ON batch.stack = stack.id JOIN page ON page.batch_id = batch.id "
        "WHERE stack.accepted_at IS NULL GROUP BY stack.id ORDER BY opened_at DESC, stack.id"
    )
    return [_head(row) for row in rows]


def finished_held(store: Store) -> int:
    """Count the finished dossiers that have pages of a stack that is not accepted."""
    rows = store.rows(
        "SELECT count(DISTINCT dossier.id) FROM stack CROSS JOIN batch ON batch.stack = stack.id "
        "CROSS JOIN page ON page.batch_id = batch.id JOIN paper ON paper.id = page.paper_id "
        "JOIN dossier ON dossier.id = paper.dossier_id WHERE stack.accepted_at IS NULL "
        "AND page.deleted_at IS NULL AND dossier.finished_at IS NOT NULL"
    )
    return int(rows[0][0])


def head(store: Store, stack_id: str) -> StackHead | None:
    """Return a stack, whether it waits or not, or None."""
    rows = store.rows(
        f"SELECT stack.*, {_NTH}, "  # noqa: S608 - a column of ours
        "count(page.id) FILTER (WHERE page.deleted_at IS NULL) AS pages, "
        "coalesce(max(batch.ended_at IS NULL), 0) AS running FROM stack "
        "LEFT JOIN batch ON batch.stack = stack.id LEFT JOIN page ON page.batch_id = batch.id "
        "WHERE stack.id = ? GROUP BY stack.id",
        stack_id,
    )
    return _head(rows[0]) if rows else None


def _head(row: sqlite3.Row) -> StackHead:
    accepted = row["accepted_at"]
    return StackHead(
        row["id"],
        datetime.fromisoformat(row["opened_at"]),
        datetime.fromisoformat(accepted) if accepted else None,
        row["pages"],
        bool(row["running"]),
        row["nth"],
    )


def sent_before(store: Store, stack_id: str) -> dict[str, int]:
    """Return the papers that pages of a stack lie in and that a server has received, each with
    how many other pages stand there before those."""
    rows = store.rows(
        "WITH mine AS (SELECT page.paper_id, min(page.rank) AS rank FROM batch "
        "JOIN page ON page.batch_id = batch.id "
        "WHERE batch.stack = ?1 AND page.deleted_at IS NULL GROUP BY page.paper_id) "
        "SELECT page.paper_id, count(*) AS pages FROM mine CROSS JOIN page "
        "ON page.paper_id = mine.paper_id AND page.rank < mine.rank AND page.deleted_at IS NULL "
        "WHERE EXISTS (SELECT 1 FROM receipt WHERE receipt.paper_id = mine.paper_id) "
        "GROUP BY page.paper_id",
        stack_id,
    )
    return {str(row["paper_id"]): int(row["pages"]) for row in rows}


def dossiers(store: Store, dossier_ids: Iterable[str]) -> dict[str, Dossier]:
    """Return dossiers with their papers, but these without pages, bundles and receipts."""
    wanted = json.dumps(sorted(dossier_ids))
    papers: dict[str, list[Paper]] = {}
    for row in store.rows(
        "SELECT * FROM paper WHERE dossier_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY position, part, copy",
        wanted,
    ):
        papers.setdefault(row["dossier_id"], []).append(
            Paper(
                row["id"],
                row["part"],
                row["title"],
                PaperKind(row["kind"]),
                bool(row["required"]),
                bool(row["multiple"]),
                row["file_template"],
                row["position"],
                copy=row["copy"],
            )
        )
    style = queries.bundle_style(store)
    return {
        row["id"]: queries.head_of(row, tuple(papers.get(row["id"], ())), style)
        for row in store.rows(
            "SELECT * FROM dossier WHERE id IN (SELECT value FROM json_each(?))", wanted
        )
    }


def dossiers_of(store: Store, paper_ids: Iterable[str]) -> set[str]:
    """Return the ids of the dossiers that papers belong to."""
    rows = store.rows(
        "SELECT DISTINCT dossier_id FROM paper WHERE id IN (SELECT value FROM json_each(?))",
        json.dumps(sorted(set(paper_ids))),
    )
    return {str(row[0]) for row in rows}


def printed_codes(store: Store, stack_id: str) -> dict[str, str]:
    """Return by page id the text, as OCR read it, of pages on which a mã hồ sơ may be printed."""
    rows = store.rows(
        "SELECT page.id, page_text.text FROM page JOIN batch ON batch.id = page.batch_id "
        "JOIN page_text USING (sha256) JOIN reading USING (sha256) "
        "WHERE batch.stack = ? AND page.deleted_at IS NULL "
        "AND page_text.turn = (reading.turn + page.turn) % 360 "
        "AND page_text.text GLOB '*[A-Z][0-9][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9]-*'",
        stack_id,
    )
    return {str(row["id"]): str(row["text"]) for row in rows}


def copies(tx: sqlite3.Connection, dossier_id: str, part: str) -> list[PaperThere]:
    """Return the papers of a dossier's component, in their order."""
    rows = tx.execute(
        "SELECT paper.*, EXISTS (SELECT 1 FROM page WHERE page.paper_id = paper.id "
        "AND page.deleted_at IS NULL) AS has_pages FROM paper WHERE dossier_id = ? AND part = ? "
        "ORDER BY copy",
        (dossier_id, part),
    )
    return [
        PaperThere(
            row["id"], row["part"], row["title"], bool(row["multiple"]), bool(row["has_pages"])
        )
        for row in rows
    ]


def pages_of(tx: sqlite3.Connection, paper_id: str) -> list[str]:
    """Return the ids of a paper's pages in their order, those too that do not count."""
    rows = tx.execute(
        "SELECT id FROM page WHERE paper_id = ? ORDER BY rank, batch_id, batch_seq", (paper_id,)
    )
    return [str(row["id"]) for row in rows]
