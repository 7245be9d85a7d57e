"""Facts about other versions at the server: met, decided, and what other desks have put there.

What writes runs inside the caller's transaction and commits nothing. Called by the verbs
(``digitizer.conflicts``) and by the sync lane.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from digitizer.storage import forgetting
from digitizer.storage.store import Store, now
from digitizer.versions import Choice, Conflict, Kind

_NEWEST = (
    "SELECT conflict.*, decision.choice, decision.at AS decided_at FROM conflict "
    "LEFT JOIN decision ON decision.id = "
    "(SELECT max(id) FROM decision WHERE conflict_id = conflict.id) "
)


class Elsewhere(Struct, frozen=True):
    """A file that another desk has put at the server. ``key``: what names it there."""

    key: str
    part: str
    title: str


def of_dossier(store: Store, dossier_id: str) -> dict[str, list[Conflict]]:
    """Return by paper the conflicts of a dossier, oldest first."""
    found: dict[str, list[Conflict]] = defaultdict(list)
    for row in store.rows(
        f"{_NEWEST}JOIN paper ON paper.id = conflict.paper_id WHERE paper.dossier_id = ? "
        "ORDER BY conflict.id",
        dossier_id,
    ):
        found[row["paper_id"]].append(_conflict(row))
    return found


def by_dossier(store: Store, most: int) -> list[str]:
    """Return the ids of dossiers in which somebody has to decide something, or had to before the
    paper changed; those that wait longest first."""
    rows = store.rows(
        "SELECT paper.dossier_id, min(conflict.id) AS first FROM conflict "
        "JOIN paper ON paper.id = conflict.paper_id "
        "WHERE NOT EXISTS (SELECT 1 FROM decision WHERE conflict_id = conflict.id) "
        "GROUP BY paper.dossier_id ORDER BY first LIMIT ?",
        most,
    )
    return [str(row["dossier_id"]) for row in rows]


def dossier_of(store: Store, conflict_id: int) -> tuple[str, str] | None:
    """Return the ids of the dossier and the paper that a conflict is about, or None."""
    rows = store.rows(
        "SELECT paper.dossier_id, paper.id FROM conflict "
        "JOIN paper ON paper.id = conflict.paper_id WHERE conflict.id = ?",
        conflict_id,
    )
    return (str(rows[0][0]), str(rows[0][1])) if rows else None


def put(
    tx: sqlite3.Connection,
    paper_id: str,
    kind: Kind,
    server: str,
    ours: str,
    *,
    theirs: str = "",
    ref: str = "",
    word: str = "",
) -> None:
    """Record that a version of a paper met something else; known already, nothing is written."""
    tx.execute(
        "INSERT INTO conflict (paper_id, kind, server, ours, theirs, ref, word, found_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (paper_id, kind.value, server, ours, theirs, ref, word, now()),
    )


def decide(tx: sqlite3.Connection, conflict_id: int, choice: Choice) -> None:
    """Record what the clerk decided."""
    tx.execute(
        "INSERT INTO decision (conflict_id, choice, at) VALUES (?, ?, ?)",
        (conflict_id, choice.value, now()),
    )


def counted(store: Store, dossier_id: str) -> dict[str, int]:
    """Count by component the files that other desks have put at the server of the home."""
    rows = store.rows(
        "SELECT part, count(*) AS files FROM elsewhere WHERE dossier_id = ? GROUP BY part",
        dossier_id,
    )
    return {str(row["part"]): int(row["files"]) for row in rows}


def elsewhere(store: Store, dossier_id: str, server: str) -> tuple[Elsewhere, ...]:
    """Return the files that other desks have put into a dossier at ``server``."""
    rows = store.rows(
        "SELECT * FROM elsewhere WHERE dossier_id = ? AND server = ? ORDER BY part, key",
        dossier_id,
        server,
    )
    return tuple(Elsewhere(row["key"], row["part"], row["title"]) for row in rows)


def keep_elsewhere(
    tx: sqlite3.Connection, dossier_id: str, server: str, files: Iterable[Elsewhere]
) -> None:
    """Record that these are what other desks have put into a dossier at ``server``; without their
    titles where it is forgotten."""
    untitled = forgetting.forgotten(tx, dossier_id)
    tx.execute("DELETE FROM elsewhere WHERE dossier_id = ?", (dossier_id,))
    tx.executemany(
        "INSERT INTO elsewhere (server, dossier_id, key, part, title) VALUES (?, ?, ?, ?, ?)",
        [
            (server, dossier_id, file.key, file.part, "" if untitled else file.title)
            for file in files
        ],
    )


def _conflict(row: sqlite3.Row) -> Conflict:
    return Conflict(
        row["id"],
        Kind(row["kind"]),
        row["server"],
        row["ours"],
        row["theirs"],
        row["ref"],
        row["word"],
        datetime.fromisoformat(row["found_at"]),
        Choice(row["choice"]) if row["choice"] else None,
        datetime.fromisoformat(row["decided_at"]) if row["decided_at"] else None,
    )
