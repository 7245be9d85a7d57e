"""Papers that lie at the procedure system and have no page here any more: they were sent, then
their pages were moved or taken out. Nothing is deleted there by this program (decision 16), so
somebody has to.

No index names them: all are gone through once, and from then on only the dossiers that changed.
Told to the window; ``work.there`` looks whether the server has let go of them.
"""

from __future__ import annotations

import json
import threading

from msgspec import Struct

from digitizer.model import Dossier
from digitizer.storage import queries
from digitizer.storage.store import Store

# Receipts first, and of each whether its paper has a page: an index knows that.
_ALL = """
SELECT dossier.*, paper.id AS paper_id, paper.title, paper.copy
FROM receipt CROSS JOIN paper ON paper.id = receipt.paper_id
JOIN dossier ON dossier.id = paper.dossier_id
WHERE receipt.server = ?1 AND paper.removed_at IS NULL AND NOT EXISTS
    (SELECT 1 FROM page WHERE page.paper_id = receipt.paper_id AND page.deleted_at IS NULL)
GROUP BY paper.id ORDER BY dossier.opened_at, paper.position, paper.copy
"""
_SOME = """
SELECT dossier.*, paper.id AS paper_id, paper.title, paper.copy
FROM json_each(?2) AS touched CROSS JOIN dossier ON dossier.id = touched.value
JOIN paper ON paper.dossier_id = dossier.id
WHERE EXISTS (SELECT 1 FROM receipt WHERE receipt.paper_id = paper.id AND receipt.server = ?1)
AND paper.removed_at IS NULL AND NOT EXISTS
    (SELECT 1 FROM page WHERE page.paper_id = paper.id AND page.deleted_at IS NULL)
ORDER BY dossier.opened_at, paper.position, paper.copy
"""


class Remnant(Struct, frozen=True):
    """A paper of a dossier (its head alone) that only the server still has, and its name."""

    dossier: Dossier
    paper_id: str
    title: str


class LeftBehind:
    """Knows them for one server at a time. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._server: str | None = None
        self._found: dict[str, tuple[Remnant, ...]] = {}
        self._finding = threading.Lock()
        self._touching = threading.Lock()
        self._touched: set[str] = set()

    def touch(self, dossiers: frozenset[str]) -> None:
        """Know that facts of these dossiers changed."""
        with self._touching:
            self._touched |= dossiers

    def find(self, server: str | None) -> tuple[Remnant, ...]:
        """Return what ``server`` holds without need, by dossier. Takes a while the first time."""
        with self._finding:
            with self._touching:
                touched, self._touched = self._touched, set()
            if server != self._server:
                self._found = self._read(_ALL, server) if server is not None else {}
                self._server = server
            elif touched and server is not None:
                there = self._read(_SOME, server, json.dumps(sorted(touched)))
                self._found = {k: v for k, v in self._found.items() if k not in touched} | there
            return tuple(one for ones in self._found.values() for one in ones)

    def known(self, server: str | None) -> tuple[Remnant, ...]:
        """Return the same at once; nothing as long as nobody has gone through all of them."""
        return self.find(server) if server == self._server else ()

    def _read(self, sql: str, *asked: object) -> dict[str, tuple[Remnant, ...]]:
        found: dict[str, tuple[Remnant, ...]] = {}
        for row in self._store.rows(sql, *asked):
            title = row["title"] if row["copy"] == 1 else f"{row['title']} ({row['copy']})"
            one = Remnant(queries.head_of(row), row["paper_id"], title)
            found[one.dossier.id] = (*found.get(one.dossier.id, ()), one)
        return found
