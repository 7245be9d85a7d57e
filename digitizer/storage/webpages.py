"""What was said about web pages that want to scan, and what they asked for, in the store.

Called by ``digitizer.bridge`` and, for where pages go, by ``digitizer.placing``. What writes runs
inside the caller's transaction and commits nothing. Knows no rule.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from msgspec import Struct

from digitizer.model import OTHER_PART, PaperKind
from digitizer.storage import changes
from digitizer.storage.store import Store, now

TITLE = "Quét từ trang web"
"""What the papers that web pages ask for are called."""

_NEWEST = """
SELECT consent.* FROM consent
JOIN (SELECT max(id) AS id FROM consent GROUP BY origin) AS newest ON newest.id = consent.id
"""


class Said(Struct, frozen=True):
    """The newest of what was said about an origin: ``allowed``, ``refused`` or ``withdrawn``; by
    which account, and when (as stored)."""

    origin: str
    answer: str
    by: str
    at: str


class WebScan(Struct, frozen=True):
    """A paper that a web page asked for, with the pages it has now. ``given_at`` is empty where
    the web page got nothing."""

    origin: str
    dossier_id: str
    asked_at: str
    pages: int
    given_at: str


def say(tx: sqlite3.Connection, origin: str, answer: str, by: str) -> None:
    """Record what somebody said about an origin."""
    tx.execute(
        "INSERT INTO consent (origin, answer, said_by, said_at) VALUES (?, ?, ?, ?)",
        (origin, answer, by, now()),
    )


def said_of(store: Store, origin: str) -> Said | None:
    """Return what was said last about an origin, or None."""
    rows = store.rows("SELECT * FROM consent WHERE origin = ? ORDER BY id DESC LIMIT 1", origin)
    return _said(rows[0]) if rows else None


def all_said(store: Store) -> list[Said]:
    """Return what was said last about each origin, the newest first."""
    return [_said(row) for row in store.rows(f"{_NEWEST} ORDER BY consent.id DESC")]


def _said(row: sqlite3.Row) -> Said:
    return Said(row["origin"], row["answer"], row["said_by"], row["said_at"])


def dossier_since(tx: sqlite3.Connection, origin: str, since: str) -> str | None:
    """Return the id of the local dossier that what this origin asks for goes to, where one was
    begun since a moment and nobody has finished it or given it a mã hồ sơ."""
    row = tx.execute(
        "SELECT dossier.id FROM web_scan JOIN paper ON paper.id = web_scan.paper_id "
        "JOIN dossier ON dossier.id = paper.dossier_id "
        "WHERE web_scan.origin = ? AND web_scan.asked_at >= ? AND dossier.opened_at >= ? "
        "AND dossier.code IS NULL AND dossier.finished_at IS NULL "
        "ORDER BY web_scan.asked_at DESC LIMIT 1",
        (origin, since, since),
    ).fetchone()
    return str(row[0]) if row is not None else None


def begin(tx: sqlite3.Connection, dossier_id: str, origin: str) -> str:
    """Return the id of a paper of its own for what an origin asks for now. One that was asked for
    before and has no page, nor gave a file, is used again."""
    unused = tx.execute(
        "SELECT paper.id FROM paper JOIN web_scan ON web_scan.paper_id = paper.id "
        "WHERE paper.dossier_id = ? AND web_scan.given = '' "
        "AND NOT EXISTS (SELECT 1 FROM page WHERE page.paper_id = paper.id) LIMIT 1",
        (dossier_id,),
    ).fetchone()
    paper_id = str(unused[0]) if unused is not None else _added(tx, dossier_id)
    tx.execute(
        "INSERT OR REPLACE INTO web_scan (paper_id, origin, asked_at) VALUES (?, ?, ?)",
        (paper_id, origin, now()),
    )
    return paper_id


def _added(tx: sqlite3.Connection, dossier_id: str) -> str:
    there = tx.execute(
        "SELECT 1 FROM paper WHERE dossier_id = ? AND part = ?", (dossier_id, OTHER_PART)
    ).fetchone()
    if there is not None:
        return changes.another_paper(tx, dossier_id, OTHER_PART, TITLE)
    return changes.add_paper(
        tx, dossier_id, OTHER_PART, TITLE, kind=PaperKind.OTHER, multiple=True, position=999
    )


def note_given(tx: sqlite3.Connection, paper_id: str, sha256: str) -> None:
    """Record that the page has got the file it asked for."""
    tx.execute(
        "UPDATE web_scan SET given = ?, given_at = ? WHERE paper_id = ?", (sha256, now(), paper_id)
    )


def is_asked_for(store: Store, batches: Sequence[str]) -> bool:
    """Tell whether any of these batches was scanned into a paper that a web page asked for."""
    return bool(
        store.rows(
            "SELECT 1 FROM batch JOIN web_scan ON web_scan.paper_id = batch.paper_id "
            "WHERE batch.id IN (SELECT value FROM json_each(?)) LIMIT 1",
            json.dumps(list(batches)),
        )
    )


def latest(store: Store, most: int) -> list[WebScan]:
    """Return what web pages asked for last and what has pages, the newest first."""
    rows = store.rows(
        "SELECT web_scan.*, paper.dossier_id, (SELECT count(*) FROM page "
        "WHERE page.paper_id = paper.id AND page.deleted_at IS NULL) AS pages "
        "FROM web_scan JOIN paper ON paper.id = web_scan.paper_id "
        "WHERE pages > 0 ORDER BY web_scan.asked_at DESC LIMIT ?",
        most,
    )
    return [
        WebScan(r["origin"], r["dossier_id"], r["asked_at"], r["pages"], r["given_at"] or "")
        for r in rows
    ]
