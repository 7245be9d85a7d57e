"""Tells whoever listens that facts changed. Carries no facts: listeners read them anew.

Published by verbs, capture and lanes on their own threads; the window's bridge carries it over
to the UI thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from msgspec import Struct


class Changed(Struct, frozen=True):
    """Something about these dossiers changed (empty: about something that is in none).

    ``facts`` is False where only the work on them moved on, so that there is nothing to replan.
    """

    dossiers: frozenset[str] = frozenset()
    facts: bool = True


Listener = Callable[[Changed], None]


class Events:
    """A list of listeners. Thread-safe; listeners run on the publisher's thread, briefly."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` for every change from now on; returns how to stop that."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def publish(self, *dossiers: str) -> None:
        """Tell every listener that facts of these dossiers changed."""
        self._tell(Changed(frozenset(dossiers)))

    def publish_progress(self, *dossiers: str) -> None:
        """Tell every listener that work on these dossiers moved on."""
        self._tell(Changed(frozenset(dossiers), facts=False))

    def _tell(self, change: Changed) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(change)
