"""Facts about bundles: made, on their way, received.

What writes runs inside the caller's transaction and commits nothing. Called by the lanes.
"""

from __future__ import annotations

import sqlite3

from digitizer.model import Bundle
from digitizer.storage.clerks import NOBODY, Sender
from digitizer.storage.store import Store, now


def put_bundle(tx: sqlite3.Connection, paper_id: str, bundle: Bundle) -> None:
    """Record a bundle that was made and found valid."""
    tx.execute(
        "INSERT OR REPLACE INTO bundle VALUES (?, ?, ?, ?, ?, ?)",
        (
            paper_id,
            bundle.fingerprint,
            bundle.sha256,
            bundle.pages,
            bundle.bytes,
            bundle.made_at.isoformat(timespec="microseconds"),
        ),
    )


def put_sending(
    tx: sqlite3.Connection, paper_id: str, sha256: str, server: str, by: Sender = NOBODY
) -> bool:
    """Record, before sending, that this version may arrive, and in whose name; False where it was
    known already.

    What it may take the place of there is not proven any more: those receipts go.
    """
    tx.execute(
        "DELETE FROM receipt WHERE paper_id = ? AND server = ? AND sha256 <> ?",
        (paper_id, server, sha256),
    )
    added = tx.execute(
        "INSERT INTO sending (paper_id, sha256, server, clerk, account, at) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (paper_id, sha256, server, by.clerk, by.account, now()),
    )
    return added.rowcount == 1


def put_receipt(
    tx: sqlite3.Connection,
    paper_id: str,
    bundle: Bundle,
    server: str,
    ref: str,
    by: Sender = NOBODY,
) -> None:
    """Record that the server gave a bundle's bytes back, and in whose name they went there."""
    tx.execute(
        "INSERT OR REPLACE INTO receipt "
        "(paper_id, fingerprint, sha256, server, ref, at, clerk, account) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            paper_id,
            bundle.fingerprint,
            bundle.sha256,
            server,
            ref,
            now(),
            by.clerk,
            by.account,
        ),
    )
    tx.execute("UPDATE paper SET sent_title = '' WHERE id = ?", (paper_id,))


def put_mark(tx: sqlite3.Connection, paper_id: str, server: str, sha256: str, mark: str) -> None:
    """Record what the server says of a file that is known to hold these bytes."""
    tx.execute(
        "UPDATE receipt SET mark = ? WHERE paper_id = ? AND server = ? AND sha256 = ?",
        (mark, paper_id, server, sha256),
    )


def marks(store: Store, dossier_id: str, server: str) -> dict[str, str]:
    """Return by paper what ``server`` said of the files that it gave a receipt for."""
    rows = store.rows(
        "SELECT paper_id, mark FROM receipt JOIN paper ON paper.id = receipt.paper_id "
        "WHERE paper.dossier_id = ? AND server = ? ORDER BY at",
        dossier_id,
        server,
    )
    return {str(row["paper_id"]): str(row["mark"]) for row in rows}


def take_receipt_back(tx: sqlite3.Connection, paper_id: str, server: str, sha256: str) -> None:
    """Record that ``server`` does not hold any more what it once proved to hold."""
    tx.execute(
        "DELETE FROM receipt WHERE paper_id = ? AND server = ? AND sha256 = ?",
        (paper_id, server, sha256),
    )


def known_versions(store: Store, paper_id: str, server: str) -> frozenset[str]:
    """Return the hashes of every version of a paper that may have reached this server."""
    rows = store.rows(
        "SELECT sha256 FROM sending WHERE paper_id = ? AND server = ?", paper_id, server
    )
    return frozenset(str(row[0]) for row in rows)
