"""Facts about how papers go out: left here, in a style of their own, reused; and how fast the
line was. Order and due time of uploads, in SQL.

Functions that take ``tx`` run inside the caller's transaction and commit nothing. Called by the
verbs, the sync lane and what lists the outbox. Knows no rule of the domain.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from digitizer.storage.store import Store
from digitizer.ways import PLAIN, Reuse, Style, Way

BYTES_A_PLACE = 20_000
"""A paper of so many bytes lets one other go first that came after it, one of ten times as many
ten: small things go first, and no big one waits for ever."""

SIZE = """coalesce(
    (SELECT max(bundle.bytes) FROM bundle
        WHERE bundle.paper_id = work.subject AND bundle.sha256 = work.version),
    (SELECT max(bytes) FROM signed_version WHERE sha256 = work.version), 0)"""
TURN = f"work.place + {SIZE} * 1.0 / {BYTES_A_PLACE}"
"""Bytes of an upload, and when it is its turn, in SQL over ``work``. By the order in which uploads
came, not by a clock: those jump."""

_SPEEDS = 10


def of_dossier(store: Store, dossier_id: str) -> dict[str, Way]:
    """Return by paper id what was said of how a dossier's papers go; nothing said: not there."""
    rows = store.rows(
        "SELECT paper.id, way.withheld_at, way.style, reuse.code, reuse.source, reuse.batch "
        "FROM paper LEFT JOIN way ON way.paper_id = paper.id "
        "LEFT JOIN reuse ON reuse.paper_id = paper.id WHERE paper.dossier_id = ? "
        "AND (way.paper_id IS NOT NULL OR reuse.paper_id IS NOT NULL)",
        dossier_id,
    )
    return {row["id"]: _way(row) for row in rows}


def _way(row: sqlite3.Row) -> Way:
    reuse = None
    if row["code"] is not None:
        reuse = Reuse(row["code"], row["source"], row["batch"])
    found = Way(
        row["withheld_at"] is not None, Style(row["style"]) if row["style"] else None, reuse
    )
    return found if found != PLAIN else PLAIN


def withhold(tx: sqlite3.Connection, paper_ids: Iterable[str], at: str | None) -> None:
    """Record that papers are left here since then, or (None) that they may go."""
    tx.executemany(
        "INSERT INTO way (paper_id, withheld_at) VALUES (?, ?) "
        "ON CONFLICT (paper_id) DO UPDATE SET withheld_at = excluded.withheld_at",
        [(paper_id, at) for paper_id in paper_ids],
    )


def withholds(tx: sqlite3.Connection, paper_id: str) -> bool:
    """Tell whether a paper is left here."""
    row = tx.execute(
        "SELECT 1 FROM way WHERE paper_id = ? AND withheld_at IS NOT NULL", (paper_id,)
    )
    return row.fetchone() is not None


def restyle(tx: sqlite3.Connection, paper_ids: Iterable[str], style: Style | None) -> None:
    """Record the style of papers; None: the home's."""
    tx.executemany(
        "INSERT INTO way (paper_id, style) VALUES (?, ?) "
        "ON CONFLICT (paper_id) DO UPDATE SET style = excluded.style",
        [(paper_id, style.value if style else "") for paper_id in paper_ids],
    )


def reuse_of(tx: sqlite3.Connection, paper_id: str) -> dict[str, str] | None:
    """Return what a paper is reused from, as ``put_reuse`` takes it."""
    row = tx.execute(
        "SELECT code, source, batch FROM reuse WHERE paper_id = ?", (paper_id,)
    ).fetchone()
    return None if row is None else dict(row)


def put_reuse(tx: sqlite3.Connection, reuses: Mapping[str, Any]) -> None:
    """Record by paper id what papers are reused from (``code``, ``source``, ``batch``; None: they
    are not). What a server knows of them is not proven any more: those receipts go."""
    for paper_id, reuse in reuses.items():
        tx.execute("DELETE FROM reuse WHERE paper_id = ?", (paper_id,))
        if reuse is not None:
            tx.execute(
                "INSERT INTO reuse (paper_id, code, source, batch) VALUES (?, ?, ?, ?)",
                (paper_id, reuse["code"], reuse["source"], reuse["batch"]),
            )
        tx.execute("DELETE FROM receipt WHERE paper_id = ?", (paper_id,))


def note_speed(tx: sqlite3.Connection, server: str, size: int, seconds: float) -> None:
    """Remember how long ``size`` bytes took to a server; the newest few are kept."""
    tx.execute(
        "INSERT INTO line_speed (server, bytes, seconds) VALUES (?, ?, ?)", (server, size, seconds)
    )
    tx.execute(
        "DELETE FROM line_speed WHERE server = ?1 AND id NOT IN "
        "(SELECT id FROM line_speed WHERE server = ?1 ORDER BY id DESC LIMIT ?2)",
        (server, _SPEEDS),
    )


def speed(store: Store, server: str | None) -> float | None:
    """Return the bytes a second that the last uploads to a server had, or None."""
    rows = store.rows(
        "SELECT sum(bytes) AS bytes, sum(seconds) AS seconds FROM line_speed WHERE server = ?",
        server,
    )
    seconds = rows[0]["seconds"]
    return float(rows[0]["bytes"]) / seconds if seconds else None
