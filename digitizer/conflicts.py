"""The verbs on conflicts: what waits to be decided, and deciding it. Both versions always stay.

Called by the window and the command line; found by ``digitizer.work.there``. Knows no network.
"""

from __future__ import annotations

from msgspec import Struct

from digitizer.errors import (
    ChoiceImpossible,
    ConflictUnknown,
    DigitizerError,
    DossierEnded,
    PaperDropped,
    UploadConflict,
)
from digitizer.events import Events
from digitizer.model import Dossier, Paper
from digitizer.storage import conflicts, queries
from digitizer.storage.store import Store
from digitizer.versions import Choice, Conflict, Kind

MOST = 500
"""So many dossiers with something to decide are read."""


class Met(Struct, frozen=True):
    """A conflict with the paper and the dossier that it is about."""

    dossier: Dossier
    paper: Paper
    conflict: Conflict

    @property
    def current(self) -> bool:
        """Whether it is about the paper as it is now."""
        return self.conflict in self.dossier.conflicts(self.paper)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be decided now; nothing once ours was received, or the paper changed."""
        if not self.current or self.dossier.receipt(self.paper, self.conflict.server) is not None:
            return ()
        return self.conflict.choices(multiple=self.paper.multiple)

    @property
    def error(self) -> type[DigitizerError]:
        """The row of the error table that says it."""
        return error_of(self.conflict.kind)


def error_of(kind: Kind) -> type[DigitizerError]:
    """Return the row of the error table that says what was met."""
    if kind is Kind.CLOSED:
        return DossierEnded
    return PaperDropped if kind is Kind.DROPPED else UploadConflict


def waiting(store: Store, server: str | None) -> list[Met]:
    """Return what has to be decided about papers as they are now, the first of each paper; those
    that wait longest first."""
    found = (queries.dossier(store, one) for one in conflicts.by_dossier(store, MOST))
    return [
        Met(dossier, paper, conflict)
        for dossier in found
        if dossier is not None
        for paper in dossier.papers
        if (conflict := dossier.undecided(paper, server)) is not None
    ]


class Conflicts:
    """The conflicts of one home."""

    def __init__(self, store: Store, events: Events) -> None:
        self._store = store
        self._events = events

    def get(self, conflict_id: int) -> Met:
        """Return a conflict, decided or not. Raises ``ConflictUnknown``."""
        return met(self._store, conflict_id)

    def resolve(self, conflict_id: int, choice: Choice) -> Met:
        """Decide a conflict; of a dossier that was closed, all its papers' at once.

        It may be decided otherwise later, as long as ours was not received.

        Raises:
            ConflictUnknown: there is none, or the paper is another by now.
            ChoiceImpossible: that cannot be chosen (any more).
        """
        found = self.get(conflict_id)
        if not found.current:
            raise ConflictUnknown
        if choice not in found.choices:
            raise ChoiceImpossible
        alike = [found.conflict.id]
        if found.conflict.kind is Kind.CLOSED:
            alike = [
                one.id
                for paper in found.dossier.papers
                for one in found.dossier.conflicts(paper, found.conflict.server)
                if one.kind is Kind.CLOSED and one.choice is found.conflict.choice
            ]
        with self._store.transaction() as tx:
            for one in alike:
                conflicts.decide(tx, one, choice)
        self._events.publish(found.dossier.id)
        return self.get(conflict_id)


def met(store: Store, conflict_id: int) -> Met:
    """Return a conflict of a home, decided or not. Raises ``ConflictUnknown``."""
    where = conflicts.dossier_of(store, conflict_id)
    dossier = queries.dossier(store, where[0]) if where else None
    paper = dossier.paper_by_id(where[1]) if where and dossier else None
    if dossier is None or paper is None:
        raise ConflictUnknown
    conflict = next(one for one in paper.conflicts if one.id == conflict_id)
    return Met(dossier, paper, conflict)
