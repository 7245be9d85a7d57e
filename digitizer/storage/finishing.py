"""Writes that a dossier is done, and by whom; and takes that back.

Each function runs inside the caller's transaction and commits nothing. Called by the verbs.
"""

from __future__ import annotations

import sqlite3

from digitizer.errors import ClerkPasswordMissing, ClerkRefused
from digitizer.storage.clerks import CLERK_NOW
from digitizer.storage.queries import LEFT_OFF
from digitizer.storage.store import now

_BROKE_OFF_SINCE = f"""EXISTS (SELECT 1 FROM paper JOIN page ON page.paper_id = paper.id
JOIN batch ON batch.id = page.batch_id WHERE paper.dossier_id = dossier.id
AND page.deleted_at IS NULL AND batch.ended_at > dossier.finished_at AND {LEFT_OFF})"""  # noqa: S608 - a condition of ours
_FINISH = f"""UPDATE dossier SET finished_at = ?, finished_by = {CLERK_NOW}
WHERE id = ? AND """  # noqa: S608 - who is at the desk, in words of ours


def finish(tx: sqlite3.Connection, dossier_id: str) -> bool:
    """Record that a dossier is done, by who is at the desk; False where it was so already.

    What waited for the password of whoever had finished it before is taken up again: it may go
    in another name now.
    """
    done = tx.execute(_FINISH + "finished_at IS NULL", (now(), dossier_id))
    tx.execute(
        "UPDATE work SET parked = 0, not_before = '', error = '', detail = '' "
        "WHERE dossier_id = ? AND error IN (?, ?)",
        (dossier_id, ClerkRefused.code, ClerkPasswordMissing.code),
    )
    return done.rowcount == 1


def finish_again(tx: sqlite3.Connection, dossier_id: str) -> None:
    """Record that a dossier is done though a scan into it broke off after it was."""
    tx.execute(_FINISH + _BROKE_OFF_SINCE, (now(), dossier_id))


def at_work(tx: sqlite3.Connection, dossier_id: str) -> bool:
    """Tell whether somebody began a dossier at the counter and has not said that it is done. What
    came in stacks is their reviews' business."""
    row = tx.execute(
        "SELECT 1 FROM dossier JOIN paper ON paper.dossier_id = dossier.id "
        "JOIN page ON page.paper_id = paper.id JOIN batch ON batch.id = page.batch_id "
        "WHERE dossier.id = ? AND dossier.finished_at IS NULL AND paper.removed_at IS NULL "
        "AND page.deleted_at IS NULL AND batch.stack IS NULL",
        (dossier_id,),
    )
    return row.fetchone() is not None


def reopen(tx: sqlite3.Connection, dossier_id: str) -> None:
    """Take ``finish`` back."""
    tx.execute(
        "UPDATE dossier SET finished_at = NULL, finished_by = NULL WHERE id = ?", (dossier_id,)
    )
