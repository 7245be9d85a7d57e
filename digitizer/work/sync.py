"""What the sync lane does: put a bundle into the procedure system and keep its receipt; and the
way down: bring its waiting dossiers here.

Works against the port alone; knows no HTTP.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from digitizer import worklist
from digitizer.dossiers import Dossiers
from digitizer.errors import (
    DigitizerError,
    DossierNotAtServer,
    HomeDamaged,
    ReceiptMismatch,
    ServerTrouble,
)
from digitizer.events import Events
from digitizer.model import Bundle, Dossier, Paper
from digitizer.procedure.port import RequiredPaper, Stored, Upload
from digitizer.servers import Connection
from digitizer.storage import bundles, queries, stacks
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault
from digitizer.work.queue import Claim

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Going:
    """The paper that is being sent now, and how many of its bytes have gone out. All of them:
    it is being read back."""

    dossier_id: str
    paper_id: str
    title: str
    size: int
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """Bytes of files: ``sent`` went out, ``useful`` of them, or of an earlier run's, arrived and
    were confirmed."""

    useful: int = 0
    sent: int = 0


class SyncWork:
    """The sync lane's runner for one home and one procedure system."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        events: Events,
        dossiers: Dossiers,
        connect: Callable[[], Connection],
    ) -> None:
        """``connect`` connects anew or raises ``ServerNotSet``."""
        self._store = store
        self._vault = vault
        self._events = events
        self._dossiers = dossiers
        self._connect = connect
        self._confirmed: set[str] = set()
        self._going: Going | None = None
        self._moved = Moved()

    @property
    def going(self) -> Going | None:
        """What is being sent now, or None; may be asked from any thread and does not wait."""
        return self._going

    @property
    def sent(self) -> int:
        """How many papers were sent and confirmed since this was made."""
        return len(self._confirmed)

    @property
    def moved(self) -> Moved:
        """The bytes that went since this was made."""
        return self._moved

    def run(self, claim: Claim, stop: threading.Event) -> None:
        """Upload one paper's bundle and keep the receipt; a ``lane.Runner``."""
        to = self._connect()  # before the dossier is read: its key there goes with a change of it
        dossier = queries.dossier(self._store, claim.dossier_id)
        paper = dossier.paper_by_id(claim.subject) if dossier else None
        bundle = dossier.bundle(paper) if dossier and paper else None
        if dossier is None or paper is None or bundle is None or bundle.sha256 != claim.version:
            return  # the facts moved on; the plan did too
        if stop.is_set():
            return
        known_there = bool(dossier.server_ref)
        if not known_there:
            dossier = self._bind(to, dossier)
            named = dossier.paper_by_id(paper.id)
            if named is None or dossier.bundle(named) != bundle:
                return  # it is called otherwise there: its bundle is made anew first
        if not self._vault.sound(bundle.sha256):
            raise HomeDamaged(f"bundle {bundle.sha256[:12]}")
        try:
            stored = self._put(to, dossier, paper, bundle)
        except DossierNotAtServer as error:
            bound = self._bind(to, dossier) if known_there else dossier
            if bound.server_ref == dossier.server_ref:
                raise ServerTrouble("it lists a dossier, and denies it") from error
            stored = self._put(to, bound, paper, bundle)
        if stored is None:
            return
        with self._store.transaction() as tx:
            bundles.put_receipt(tx, paper.id, bundle, to.server, stored.ref)
        self._confirmed.add(paper.id)
        self._moved = replace(self._moved, useful=self._moved.useful + bundle.bytes)
        self._events.publish(dossier.id)

    def _put(self, to: Connection, dossier: Dossier, paper: Paper, bundle: Bundle) -> Stored | None:
        """Put a bundle there; None where its pages are not to be sent, or not any more."""
        known = bundles.known_versions(self._store, paper.id, to.server)
        going = Going(dossier.id, paper.id, paper.name, bundle.bytes)

        def told(sent: int) -> None:
            before = self._going.sent if self._going else 0
            more = sent - before if sent >= before else sent  # from the beginning again
            self._moved = replace(self._moved, sent=self._moved.sent + more)
            self._going = replace(going, sent=min(sent, going.size))

        with self._store.transaction() as tx:
            if stacks.holds(tx, paper.id):
                return None
            fresh = bundles.put_sending(tx, paper.id, bundle.sha256, to.server)
        upload = Upload(
            key=paper.id,
            dossier_ref=dossier.server_ref,
            code=dossier.name,
            template=dossier.template,
            part=paper.part,
            file_template=paper.file_template,
            file=self._vault.path(bundle.sha256),
            sha256=bundle.sha256,
            name=upload_name(dossier, paper),
            title=paper.title,
            known=known | {bundle.sha256},
            tried=bool(known) or not fresh,
            told=told,
        )
        self._going = going
        try:
            return to.system.put(upload)
        except ReceiptMismatch as error:
            if error.found:  # what we sent, broken there: ours to replace at the next try
                with self._store.transaction() as tx:
                    bundles.put_sending(tx, paper.id, error.found, to.server)
            raise
        finally:
            self._going = None

    def down(
        self, stop: threading.Event, met: Callable[[DigitizerError], None] = lambda _error: None
    ) -> int:
        """Bring the dossiers that wait at the server here, with their papers, and bind ours.

        Returns how many were new or changed. Trouble with one dossier or one list of papers is
        logged and told to ``met``; the others come all the same.

        Raises:
            Offline and the other rows that would meet every dossier (``pauses_lane``).
        """

        def go_on(error: DigitizerError) -> None:
            if error.pauses_lane:
                raise error
            log.warning("bringing dossiers down: %s", error.code)
            met(error)

        there = self._connect()
        papers: dict[str, tuple[RequiredPaper, ...] | None] = {}
        changed = 0
        listed: list[str] = []
        try:
            for found in there.system.waiting():
                if stop.is_set():
                    break
                listed.append(found.code)
                try:
                    if found.template not in papers:
                        papers[found.template] = None  # of a list that makes trouble, told once
                        papers[found.template] = there.system.papers(found.template)
                    known = papers[found.template]
                    if known is not None:
                        changed += self._dossiers.take_from_server(found, known, there.server)
                except DigitizerError as error:
                    go_on(error)
            else:  # only a list that was read to its end says what waits no more
                moved = worklist.keep(self._store, listed, there.server)
                self._events.publish_progress(*moved)
        except DigitizerError as error:
            go_on(error)
        for head in self._dossiers.heads():
            if stop.is_set():
                break
            if head.code is not None and not head.server_ref:
                try:
                    here = self._dossiers.get(head.id)
                    bound = self._bind(there, here)
                    changed += replace(here, server_ref=bound.server_ref) != bound
                except DossierNotAtServer:
                    log.info("a dossier of ours is not at the server (yet)")
                except DigitizerError as error:
                    go_on(error)
        return changed

    def _bind(self, to: Connection, dossier: Dossier) -> Dossier:
        """Find one of our dossiers at the server by its code and take over what it knows of it."""
        found = to.system.find(dossier.name)
        self._dossiers.take_from_server(found, to.system.papers(found.template), to.server)
        return self._dossiers.get(dossier.id)


def upload_name(dossier: Dossier, paper: Paper) -> str:
    """Return the ASCII file name ``<mã hồ sơ>.<STT>.pdf`` (TT 02/2019); ``.<STT>-2.pdf`` for the
    second paper of a component."""
    number = "" if paper.copy == 1 else f"-{paper.copy}"
    return f"{dossier.name}.{paper.position:02d}{number}.pdf"
