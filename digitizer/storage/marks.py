"""Facts about marks: what a procedure system was told of how many papers of a component it has.

Called by ``digitizer.work.marking``. What writes runs inside the caller's transaction and commits
nothing.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from digitizer.storage.store import Store, now


@dataclass(frozen=True, slots=True)
class Untold:
    """A component of which the system holds more papers than it was told of."""

    dossier_id: str
    server_ref: str
    code: str
    part: str
    count: int


# What goes from a dossier here stays at the server, so a count never goes down by itself.
_UNTOLD = """
SELECT paper.dossier_id, dossier.server_ref, dossier.code, paper.part,
    count(DISTINCT paper.id) AS held
FROM receipt JOIN paper ON paper.id = receipt.paper_id
JOIN dossier ON dossier.id = paper.dossier_id
WHERE receipt.server = ?1 AND (?2 IS NULL OR dossier.id = ?2)
    AND dossier.code IS NOT NULL AND dossier.server_ref <> ''
GROUP BY paper.dossier_id, paper.part
HAVING held > coalesce((SELECT mark.count FROM mark WHERE mark.dossier_id = paper.dossier_id
    AND mark.part = paper.part AND mark.server = ?1), 0)
ORDER BY max(receipt.at)
"""


def untold(store: Store, server: str, dossier_id: str | None = None) -> list[Untold]:
    """Return the components that ``server`` has to be told of, of one dossier or of all."""
    rows = store.rows(_UNTOLD, server, dossier_id)
    return [Untold(*row) for row in rows]


def put_mark(tx: sqlite3.Connection, told: Untold, server: str) -> None:
    """Record that the system was told."""
    tx.execute(
        "INSERT OR REPLACE INTO mark VALUES (?, ?, ?, ?, ?)",
        (told.dossier_id, told.part, server, told.count, now()),
    )
