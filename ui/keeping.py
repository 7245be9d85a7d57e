"""How many finished dossiers nothing is going to send: without mã hồ sơ, or without a server.

Those without a code are found by an index. Without a server it may be any of them: all are gone
through once, and from then on only those that changed. Used by what sums the outbox up. Its counts
block; knows no Qt.
"""

from __future__ import annotations

import json
import threading

from digitizer.storage.store import Store

_UNSENT = """
EXISTS (SELECT 1 FROM paper WHERE paper.dossier_id = dossier.id
    AND NOT EXISTS (SELECT 1 FROM receipt WHERE receipt.paper_id = paper.id)
    AND EXISTS (SELECT 1 FROM page WHERE page.paper_id = paper.id AND page.deleted_at IS NULL))
"""
# Put together from the piece above alone.
_ALL = f"SELECT id FROM dossier WHERE finished_at IS NOT NULL AND {_UNSENT}"  # noqa: S608
_CODELESS = _ALL + " AND code IS NULL"
_SOME = f"{_ALL} AND id IN (SELECT value FROM json_each(?))"  # noqa: S608


class Keeping:
    """Counts them. ``touch`` may be called from any thread, ``count`` by one at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: set[str] | None = None
        self._lock = threading.Lock()
        self._touched: set[str] = set()

    def touch(self, dossiers: frozenset[str]) -> None:
        """Know that facts of these dossiers changed."""
        with self._lock:
            self._touched |= dossiers

    def count(self, *, server: bool) -> int:
        """Return how many there are; ``server``: there is one to send to."""
        with self._lock:
            touched, self._touched = self._touched, set()
        if server:
            self._kept = None
            return len(self._store.rows(_CODELESS))
        if self._kept is None:
            self._kept = {str(row[0]) for row in self._store.rows(_ALL)}
        elif touched:
            found = self._store.rows(_SOME, json.dumps(sorted(touched)))
            self._kept = (self._kept - touched) | {str(row[0]) for row in found}
        return len(self._kept)
