"""Keeps the word index up with the facts, on a thread of its own, a few pages at a time.

Whoever keeps a home open for long starts an ``Indexer`` (the window); the command line brings the
index up before it searches (``index_all``). A home of an older version is indexed the same way,
behind everything else: until then a search finds what is indexed already.
"""

from __future__ import annotations

import logging
import threading

from digitizer.errors import DigitizerError
from digitizer.events import Changed
from digitizer.storage import wordindex
from digitizer.storage.store import Store

log = logging.getLogger(__name__)

_PAGES_AT_ONCE = 16
"""The store's lock is held for so many: a page that was just scanned waits for no more."""
_MANY_AT_ONCE = 200
_GATHER_SECONDS = 0.3
_PAUSE_SECONDS = 0.02


class Indexer:
    """Indexes what changes. Start it once; ``close`` ends it for good."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)

    def start(self) -> None:
        """Begin with what is not indexed yet."""
        self._wake.set()
        self._thread.start()

    def on_change(self, change: Changed) -> None:
        """Note that something changed; returns at once. To be subscribed to ``Events``."""
        if change.facts:
            self._wake.set()

    def close(self) -> None:
        """End within some milliseconds; what is left is done after the next start."""
        self._stop.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait()
            self._stop.wait(_GATHER_SECONDS)
            self._wake.clear()
            try:
                self._catch_up()
            except DigitizerError as error:
                log.warning("indexing was put off: %s", error.code)
            except Exception:
                log.exception("a bug in indexing; it goes on with the next change")

    def _catch_up(self) -> None:
        if not self._stop.is_set() and wordindex.is_bloated(self._store):
            wordindex.empty(self._store)
        while not self._stop.is_set() and wordindex.catch_up(self._store, _PAGES_AT_ONCE):
            self._stop.wait(_PAUSE_SECONDS)


def index_all(store: Store, stop: threading.Event) -> None:
    """Index everything that is not yet, or until ``stop`` is set.

    Raises:
        DiskFull and the other rows of the store; what was indexed until then stays.
    """
    while not stop.is_set() and wordindex.catch_up(store, _MANY_AT_ONCE):
        pass
