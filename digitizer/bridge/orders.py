"""What a web page asks for becomes a paper like any other, and its bundle what the page is given.

Decision 19: a local dossier a day for each origin, a paper of it for each press of *Scan*. Called
by the service on its worker threads: every call may block.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime

from msgspec import Struct

from digitizer import clearance, errors
from digitizer.app import App
from digitizer.clearance import Clearance
from digitizer.errors import ProgramTimeout, Remedy, Stopped, WebScanGone
from digitizer.events import Changed
from digitizer.model import Dossier, Paper
from digitizer.origins import site_of
from digitizer.storage import changes, secrecy, webpages
from digitizer.storage.store import stamp
from digitizer.work.queue import troubles

log = logging.getLogger(__name__)

_SLICE_SECONDS = 0.5
"""How late a stop, or trouble of the lane, is noticed."""


class Order(Struct, frozen=True):
    """What a web page asked for, and where its pages go: a paper of a dossier, with their names
    (the dossier's is its local number)."""

    origin: str
    dossier_id: str
    dossier_name: str
    paper_id: str
    paper_title: str


class Made(Struct, frozen=True):
    """The bundle that a page is given: a blob of the vault."""

    sha256: str
    pages: int


class Orders:
    """The orders of one open home, whose local lane works."""

    def __init__(self, app: App) -> None:
        self._app = app

    def begin(self, origin: str) -> Order:
        """Make the paper that the pages of an order go into.

        Raises:
            DiskFull, HomeReadOnly: nothing was made.
        """
        midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        with self._app.store.transaction() as tx:
            dossier_id = webpages.dossier_since(tx, origin, stamp(midnight))
            if dossier_id is None:
                holder = f"Trang web {site_of(origin)}"
                dossier_id = changes.add_dossier(tx, code=None, holder=holder)
            paper_id = webpages.begin(tx, dossier_id, origin)
        self._app.events.publish(dossier_id)
        dossier, paper = self._found(dossier_id, paper_id)
        return Order(origin, dossier_id, dossier.name, paper_id, paper.name)

    def made(self, order: Order, stop: threading.Event, seconds: float) -> Made:
        """Wait for the bundle of an order whose scan has ended, and return it; where a page bears
        the marking of a state secret, also for somebody to say that it is none.

        Raises:
            StateSecret, StateSecretSuspected: it is one, or nobody said so in time.
            WebScanGone: none of its pages is left in its paper.
            ProgramTimeout: it took longer than ``seconds``; it is made all the same.
            Stopped: ``stop`` was set.
            DigitizerError: the row of what hinders its pages from being read or bundled.
        """
        moved = threading.Event()

        def hear(change: Changed) -> None:
            if order.dossier_id in change.dossiers:
                moved.set()

        forget = self._app.events.subscribe(hear)
        until = time.monotonic() + seconds
        try:
            while not stop.is_set():
                moved.clear()
                if (found := self._ready(order)) is not None:
                    return found
                if time.monotonic() > until:
                    self._cleared(order).check(order.dossier_name)
                    raise ProgramTimeout("bundle for a web page")
                moved.wait(_SLICE_SECONDS)
        finally:
            forget()
        raise Stopped

    def content(self, made: Made) -> bytes:
        """Return what is in a bundle that is made. Raises ``OSError``."""
        with self._app.vault.opened(made.sha256) as file:
            return file.read()

    def given(self, order: Order, sha256: str) -> None:
        """Note that the page has got its file. Raises as ``begin``."""
        with self._app.store.transaction() as tx:
            webpages.note_given(tx, order.paper_id, sha256)

    def _ready(self, order: Order) -> Made | None:
        dossier, paper = self._found(order.dossier_id, order.paper_id)
        if not paper.live_pages:
            raise WebScanGone
        bundle = dossier.bundle(paper)
        cleared = clearance.of_paper(paper)
        if cleared.secret:
            cleared.check(order.dossier_name)
        if bundle is not None and cleared.given:
            with self._app.store.transaction() as tx:
                if secrecy.bars_paper(tx, paper.id):
                    return None
            return Made(bundle.sha256, bundle.pages)
        subjects = {page.sha256 for page in paper.live_pages} | {paper.id}
        for one in troubles(self._app.store, order.dossier_id):
            if one.parked and one.subject.partition(":")[0] in subjects:
                raise errors.kind(one.error)(one.detail)
        paused = self._app.local.state().paused
        if paused is not None and paused.remedy is not Remedy.LATER:
            raise paused
        return None

    def _cleared(self, order: Order) -> Clearance:
        return clearance.of_paper(self._found(order.dossier_id, order.paper_id)[1])

    def _found(self, dossier_id: str, paper_id: str) -> tuple[Dossier, Paper]:
        dossier = self._app.dossiers.get(dossier_id)
        paper = dossier.paper_by_id(paper_id)
        if paper is None:
            raise WebScanGone
        return dossier, paper
