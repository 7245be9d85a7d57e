"""Facts about local dossiers: bound to a code, merged into another, to be begun at the server.

What writes runs inside the caller's transaction and commits nothing. Called by
``digitizer.binding``.
"""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from digitizer.storage.store import Store, now


class Creation(Struct, frozen=True):
    """What the server is asked to begin a dossier with, besides what is known of the dossier."""

    holder_kind: str = "citizen"
    holder_id: str = ""
    address: str = ""
    phone: str = ""


def ask(tx: sqlite3.Connection, dossier_id: str, wish: Creation) -> None:
    """Record that a dossier is to be begun at the server."""
    tx.execute(
        "INSERT OR REPLACE INTO creation VALUES (?, ?, ?, ?, ?, ?)",
        (dossier_id, wish.holder_kind, wish.holder_id, wish.address, wish.phone, now()),
    )


def wish_of(store: Store, dossier_id: str) -> Creation | None:
    """Return what a dossier is to be begun with, or None: nobody asked."""
    rows = store.rows("SELECT * FROM creation WHERE dossier_id = ?", dossier_id)
    if not rows:
        return None
    row = rows[0]
    return Creation(row["holder_kind"], row["holder_id"], row["address"], row["phone"])


def asked(store: Store) -> list[str]:
    """Return the ids of dossiers that are to be begun, or were and have no code yet."""
    rows = store.rows(
        "SELECT creation.dossier_id FROM creation JOIN dossier ON dossier.id = creation.dossier_id "
        "WHERE dossier.code IS NULL AND dossier.merged_into IS NULL ORDER BY asked_at"
    )
    return [str(row[0]) for row in rows]


def take_back(tx: sqlite3.Connection, dossier_id: str) -> None:
    """Record that a dossier is not to be begun any more."""
    tx.execute("DELETE FROM creation WHERE dossier_id = ?", (dossier_id,))


def put_code(tx: sqlite3.Connection, dossier_id: str, code: str | None) -> None:
    """Give a dossier its mã hồ sơ, or take it back (None)."""
    tx.execute("UPDATE dossier SET code = ? WHERE id = ?", (code, dossier_id))


def put_ref(tx: sqlite3.Connection, dossier_id: str, ref: str, status: str) -> None:
    """Record under which key the server has begun a dossier."""
    tx.execute(
        "UPDATE dossier SET server_ref = ?, status = ? WHERE id = ?", (ref, status, dossier_id)
    )


def merge(tx: sqlite3.Connection, dossier_id: str, into: str) -> None:
    """Record that a dossier's pages went to another; scans under way go there too."""
    tx.execute("UPDATE dossier SET merged_into = ? WHERE id = ?", (into, dossier_id))


def redirect(tx: sqlite3.Connection, paper_id: str, into: str) -> None:
    """Let the pages of scans that run into a paper come into another."""
    tx.execute(
        "UPDATE batch SET paper_id = ? WHERE paper_id = ? AND ended_at IS NULL", (into, paper_id)
    )


def anything_sent(tx: sqlite3.Connection, dossier_id: str) -> bool:
    """Tell whether a paper of a dossier may have reached a server."""
    row = tx.execute(
        "SELECT 1 FROM sending JOIN paper ON paper.id = sending.paper_id "
        "WHERE paper.dossier_id = ? LIMIT 1",
        (dossier_id,),
    ).fetchone()
    return row is not None


def agency_of(store: Store, procedure: str, server: str) -> str:
    """Return the office that takes a procedure's dossiers in, as the server writes it; where that
    is not known, the one that takes in others."""
    rows = store.rows(
        "SELECT agency FROM procedure WHERE server = ? AND agency <> '' "
        "ORDER BY code <> ?, fetched_at DESC LIMIT 1",
        server,
        procedure,
    )
    return str(rows[0][0]) if rows else ""
