"""Facts about marks: what a procedure system was told of how many papers of a component it has.

Called by ``digitizer.work.marking``. What writes runs inside the caller's transaction and commits
nothing.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from msgspec import Struct

from digitizer.storage.store import Store, now, stamp


class Untold(Struct, frozen=True):
    """A component of which the system holds more papers than it was told of."""

    dossier_id: str
    server_ref: str
    code: str
    part: str
    count: int


# What goes from a dossier here stays at the server, so a count never goes down by itself.
_UNTOLD = """
WITH fresh AS (
    SELECT DISTINCT paper.dossier_id, paper.part
    FROM receipt CROSS JOIN paper ON paper.id = receipt.paper_id
    WHERE receipt.at >= ?2 AND receipt.server = ?1
)
SELECT dossier.id, dossier.server_ref, dossier.code, fresh.part,
    (SELECT count(DISTINCT paper.id) FROM paper JOIN receipt ON receipt.paper_id = paper.id
        WHERE paper.dossier_id = dossier.id AND paper.part = fresh.part
            AND receipt.server = ?1) AS held
FROM fresh JOIN dossier ON dossier.id = fresh.dossier_id
WHERE dossier.code IS NOT NULL AND dossier.server_ref <> '' AND (?3 = '' OR dossier.id = ?3)
    AND held > coalesce((SELECT mark.count FROM mark WHERE mark.dossier_id = dossier.id
        AND mark.part = fresh.part AND mark.server = ?1), 0)
"""


def untold(store: Store, server: str, since: datetime, dossier_id: str = "") -> list[Untold]:
    """Return the components that ``server`` has to be told of, because a paper of theirs was
    received since then; of one dossier or of all (empty)."""
    rows = store.rows(_UNTOLD, server, stamp(since), dossier_id)
    return [Untold(*row) for row in rows]


def put_mark(tx: sqlite3.Connection, told: Untold, server: str) -> None:
    """Record that the system was told."""
    tx.execute(
        "INSERT OR REPLACE INTO mark VALUES (?, ?, ?, ?, ?)",
        (told.dossier_id, told.part, server, told.count, now()),
    )
