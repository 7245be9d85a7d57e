"""The verbs on pages that may be state secrets: what waits to be decided, and deciding it.

Called by the window and the command line; what follows of a decision is ``clearance``'s to say.
Nothing is removed here: what becomes of a secret dossier's pages is for whoever is in charge of
state secrets (decision 23).
"""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from digitizer.errors import DigitizerError, PageUnknown, StateSecret, StateSecretSuspected
from digitizer.events import Events
from digitizer.model import Dossier, Page, Paper
from digitizer.secrecy import Level
from digitizer.storage import queries, secrecy
from digitizer.storage.store import Store


class Suspect(Struct, frozen=True):
    """A page that stops its dossier: it bears a marking, or somebody said that it is a secret.

    Attributes:
        dossier: All facts of it.
        paper: Where the page lies in it.
        page: The page.
        sent: Papers of the dossier that some system had confirmed before that was known.
    """

    dossier: Dossier
    paper: Paper
    page: Page
    sent: tuple[Paper, ...]

    @property
    def number(self) -> int:
        """The page's number in its paper, from 1, deleted ones counted too."""
        return 1 + [page.id for page in self.paper.pages].index(self.page.id)

    @property
    def level(self) -> Level:
        """The gravest marking on it; unknown where it was only said."""
        worst = self.page.secrecy.worst
        return worst.level if worst is not None else Level.UNKNOWN

    @property
    def error(self) -> type[DigitizerError]:
        """The row of the error table that says why nothing leaves."""
        return StateSecret if self.page.secrecy.confirmed else StateSecretSuspected


def waiting(store: Store) -> list[Suspect]:
    """Return every page that stops a dossier, those first about which somebody has to decide."""
    found = [one for dossier_id in secrecy.dossiers(store) for one in in_dossier(store, dossier_id)]
    return sorted(found, key=lambda one: one.page.secrecy.confirmed)


def in_dossier(store: Store, dossier_id: str) -> list[Suspect]:
    """Return the pages that stop a dossier, in its order."""
    dossier = queries.dossier(store, dossier_id)
    if dossier is None:
        return []
    sent = tuple(paper for paper in dossier.papers if paper.receipts)
    return [
        Suspect(dossier, paper, page, sent)
        for paper in dossier.papers
        for page in paper.pages
        if page.secrecy.stops
    ]


class Clearing:
    """The decisions of one home."""

    def __init__(self, store: Store, events: Events) -> None:
        self._store = store
        self._events = events

    def find_ordinary(self, dossier_id: str, page_id: str) -> Dossier:
        """Record that a page is no state secret, whatever is known to stand on it; of all dossiers
        that hold this image. Its dossier goes on unless another page stops it.

        Raises:
            PageUnknown: the dossier has no such page.
        """
        return self._decide(dossier_id, page_id, secret=False)

    def find_secret(self, dossier_id: str, page_id: str) -> Dossier:
        """Record that a page is a state secret, also one on which nothing was found: nothing of
        its dossier leaves this machine, and nothing more is done to it.

        Raises:
            PageUnknown: the dossier has no such page.
        """
        return self._decide(dossier_id, page_id, secret=True)

    def _decide(self, dossier_id: str, page_id: str, *, secret: bool) -> Dossier:
        dossier = queries.dossier(self._store, dossier_id)
        pages = [page for paper in dossier.papers for page in paper.pages] if dossier else []
        page = next((one for one in pages if one.id == page_id), None)
        if page is None:
            raise PageUnknown
        with self._store.transaction() as tx:
            _record_decision(tx, dossier_id, page, secret=secret)
        self._events.publish(*queries.dossiers_with(self._store, page.sha256))
        found = queries.dossier(self._store, dossier_id)
        assert found is not None  # noqa: S101 - it was there, and dossiers stay
        return found


def _record_decision(tx: sqlite3.Connection, dossier_id: str, page: Page, *, secret: bool) -> None:
    """Write one decision: the act of whoever is at the desk."""
    levels = {mark.level for mark in page.secrecy.marks}
    secrecy.decide(tx, page.sha256, dossier_id, secret=secret, levels=levels)
