"""The clerks of a desk: facts read and written, and who did what.

Reading functions take the store; writing ones run inside the caller's transaction and commit
nothing. Called by the verbs (``digitizer.clerks``), by whatever records who did something, and by
what sends. Knows no rule of the domain.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Mapping

from msgspec import Struct

from digitizer.storage.store import Store, now

AT_DESK = "clerk.now"
"""The setting that names who is at the desk now."""
CLERK_NOW = """(SELECT clerk.id FROM setting JOIN clerk ON clerk.id = setting.value
    WHERE setting.name = 'clerk.now' AND clerk.removed_at IS NULL)"""
"""In SQL: the id of who is at the desk now, or NULL."""


class Clerk(Struct, frozen=True):
    """Somebody who works at this desk. ``account``: their own at the procedure system, or empty.
    ``gone``: they were taken off the list."""

    id: str
    name: str
    account: str
    gone: bool = False


class Sender(Struct, frozen=True):
    """Whose name a paper goes in.

    Attributes:
        clerk: The id of who answers for it, or None where nobody is named.
        name: Their name, or empty.
        account: The user name at the procedure system that it goes under.
        owner: The id of the clerk whose account that is; empty: it is the office's own.
    """

    clerk: str | None = None
    name: str = ""
    account: str = ""
    owner: str = ""


NOBODY = Sender()
"""Where nobody is named."""


class Done(Struct, frozen=True):
    """Who did what to a dossier: names, by what was done.

    Attributes:
        batches: Batch → who scanned it.
        receipts: Paper, fingerprint and server → who answers for it.
        accounts: The same → under which account it went.
        finished: Who finished the dossier, or empty.
    """

    batches: Mapping[str, str]
    receipts: Mapping[tuple[str, str, str], str]
    accounts: Mapping[tuple[str, str, str], str]
    finished: str = ""


NOTHING = Done({}, {}, {})
"""Where nothing is known of who did it."""


def on_list(store: Store) -> list[Clerk]:
    """Return who works here, in the order they were added."""
    rows = store.rows("SELECT * FROM clerk WHERE removed_at IS NULL ORDER BY added_at, id")
    return [_clerk(row) for row in rows]


def at_desk(store: Store) -> Clerk | None:
    """Return who is at the desk now, or None."""
    rows = store.rows(f"SELECT * FROM clerk WHERE id = {CLERK_NOW}")  # noqa: S608 - our own words
    return _clerk(rows[0]) if rows else None


def clerk(store: Store, clerk_id: str) -> Clerk | None:
    """Return one, on the list or not, or None."""
    rows = store.rows("SELECT * FROM clerk WHERE id = ?", clerk_id)
    return _clerk(rows[0]) if rows else None


def responsible(store: Store, dossier_id: str, paper_id: str) -> Clerk | None:
    """Return who answers for a paper: who finished its dossier, else who scanned its newest page;
    None where nobody is named."""
    rows = store.rows(
        "SELECT clerk.* FROM clerk WHERE id = coalesce("
        "(SELECT finished_by FROM dossier WHERE id = ?1), "
        "(SELECT batch.clerk FROM page JOIN batch ON batch.id = page.batch_id "
        "WHERE page.paper_id = ?2 AND page.deleted_at IS NULL "
        "ORDER BY page.saved_at DESC, page.rank DESC LIMIT 1))",
        dossier_id,
        paper_id,
    )
    return _clerk(rows[0]) if rows else None


def done(store: Store, dossier_id: str) -> Done:
    """Return who did what to a dossier."""
    batches = store.rows(
        "SELECT DISTINCT batch.id, clerk.name FROM page JOIN paper ON paper.id = page.paper_id "
        "JOIN batch ON batch.id = page.batch_id JOIN clerk ON clerk.id = batch.clerk "
        "WHERE paper.dossier_id = ?",
        dossier_id,
    )
    receipts = store.rows(
        "SELECT receipt.*, coalesce(clerk.name, '') AS name FROM receipt "
        "JOIN paper ON paper.id = receipt.paper_id LEFT JOIN clerk ON clerk.id = receipt.clerk "
        "WHERE paper.dossier_id = ?",
        dossier_id,
    )
    finished = store.rows(
        "SELECT clerk.name FROM dossier JOIN clerk ON clerk.id = dossier.finished_by "
        "WHERE dossier.id = ? AND dossier.finished_at IS NOT NULL",
        dossier_id,
    )
    keys = [(row["paper_id"], row["fingerprint"], row["server"]) for row in receipts]
    return Done(
        {row["id"]: row["name"] for row in batches},
        {key: row["name"] for key, row in zip(keys, receipts, strict=True)},
        {key: row["account"] for key, row in zip(keys, receipts, strict=True)},
        finished[0]["name"] if finished else "",
    )


def put(tx: sqlite3.Connection, name: str, account: str, clerk_id: str = "") -> str:
    """Add somebody, or change who is there under ``clerk_id``; return the id."""
    if clerk_id:
        tx.execute("UPDATE clerk SET name = ?, account = ? WHERE id = ?", (name, account, clerk_id))
        return clerk_id
    made = str(uuid.uuid4())
    tx.execute(
        "INSERT INTO clerk (id, name, account, added_at) VALUES (?, ?, ?, ?)",
        (made, name, account, now()),
    )
    return made


def remove(tx: sqlite3.Connection, clerk_id: str) -> None:
    """Take somebody off the list; who is at the desk and goes leaves nobody there."""
    tx.execute("UPDATE clerk SET removed_at = ? WHERE id = ?", (now(), clerk_id))
    tx.execute("DELETE FROM setting WHERE name = ? AND value = ?", (AT_DESK, clerk_id))


def seat(tx: sqlite3.Connection, clerk_id: str) -> None:
    """Record who is at the desk from now on; empty: nobody that is named."""
    if clerk_id:
        tx.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (AT_DESK, clerk_id))
    else:
        tx.execute("DELETE FROM setting WHERE name = ?", (AT_DESK,))


def _clerk(row: sqlite3.Row) -> Clerk:
    return Clerk(row["id"], row["name"], row["account"], row["removed_at"] is not None)
