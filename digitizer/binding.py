"""The verbs of local dossiers: bound to a real mã hồ sơ, or begun at the server, never given an
invented code.

Called by the window, the command line and the way down. Works against the port alone.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable

from msgspec import Struct

from digitizer import catalogue, clearance
from digitizer.dossiers import Dossiers
from digitizer.errors import (
    BadIdentifier,
    BindingKept,
    CreationLacks,
    DigitizerError,
    DossierHasCode,
    DossiersOverlap,
    SecrecyError,
)
from digitizer.events import Events
from digitizer.identifiers import (
    citizen_card,
    dossier_codes,
    is_dossier_code,
    normal_code,
    one_line,
)
from digitizer.model import OTHER_PART, Dossier, Paper, PlacedBy
from digitizer.procedure.port import NewDossier
from digitizer.servers import Connection
from digitizer.storage import changes, creations, edits, forgetting, queries, secrecy
from digitizer.storage.components import open_paper
from digitizer.storage.creations import Creation
from digitizer.storage.edits import PageFacts
from digitizer.storage.store import Store

log = logging.getLogger(__name__)


class Bound(Struct, frozen=True):
    """What became of a local dossier.

    Attributes:
        dossier: The one with the code.
        merged: Whether that was here already, and took over the pages.
    """

    dossier: Dossier
    merged: bool


class Binding:
    """The local dossiers of one home."""

    def __init__(self, store: Store, events: Events, dossiers: Dossiers) -> None:
        self._store = store
        self._events = events
        self._dossiers = dossiers

    def bind(self, dossier_id: str, code: str, *, merge: bool = False) -> Bound:
        """Give a local dossier its mã hồ sơ.

        Where a dossier with that code is here already, the pages go to its papers; one step of
        undo there takes them back.

        Args:
            dossier_id: The local dossier.
            code: Mã hồ sơ.
            merge: Put pages behind those that the same paper has there, instead of refusing.

        Raises:
            BadIdentifier: ``code`` is not of the shape of a mã hồ sơ.
            DossierHasCode: it is no local dossier, or *Chưa phân loại*.
            DossiersOverlap: both have pages in a paper that takes one file; nothing was changed.
        """
        code = normal_code(code)
        if not is_dossier_code(code):
            raise BadIdentifier(code[:60])
        local = self._local(dossier_id)
        there = queries.dossier_id_of(self._store, code)
        if there is None:
            with self._store.transaction() as tx:
                creations.take_back(tx, local.id)
                creations.put_code(tx, local.id, code)
                tx.execute("UPDATE dossier SET server_ref = '' WHERE id = ?", (local.id,))
            self._events.publish(local.id)
            return Bound(self._dossiers.get(local.id), merged=False)
        real = self._dossiers.get(there)
        doubled = overlapping(local, real)
        if doubled and not merge:
            raise DossiersOverlap(", ".join(paper.part for paper in doubled))
        with self._store.transaction() as tx:
            creations.take_back(tx, local.id)
            creations.merge(tx, local.id, real.id)
            _merge_pages(tx, local, real)
            _tell_head(tx, local, real)
        self._events.publish(local.id, real.id)
        return Bound(self._dossiers.get(real.id), merged=True)

    def unbind(self, dossier_id: str) -> Dossier:
        """Take a code back: a dossier that was begun here has its local number again, one that
        was opened by a code no server knows gets one.

        Raises:
            DossierHasCode: the server knows it, and it was not begun here; or it has no code.
            BindingKept: a paper of it was sent under the code.
        """
        dossier = self._dossiers.get(dossier_id)
        known = dossier.server_ref and dossier.local_number is None
        if dossier.code is None or known:
            raise DossierHasCode(dossier.name)
        with self._store.transaction() as tx:
            if creations.anything_sent(tx, dossier.id):
                raise BindingKept(dossier.name)
            changes.give_number(tx, dossier.id)
            creations.put_code(tx, dossier.id, None)
            tx.execute(
                "UPDATE dossier SET server_ref = '', status = '', ended = 0 WHERE id = ?",
                (dossier.id,),
            )
            tx.execute("DELETE FROM elsewhere WHERE dossier_id = ?", (dossier.id,))
        self._events.publish(dossier.id)
        return self._dossiers.get(dossier.id)

    def describe(self, dossier_id: str, *, procedure: str = "", holder: str = "") -> Dossier:
        """Say of a local dossier what its procedure is and whose it is; empty: as it is. The
        papers of a known procedure come along, and those that have pages stay.

        Raises:
            DossierHasCode: the server says that of it.
        """
        local = self._local(dossier_id)
        with self._store.transaction() as tx:
            known = catalogue.known_procedure(tx, procedure) if procedure else None
            if known is not None:
                tx.execute(
                    "UPDATE dossier SET procedure_code = ?, procedure_name = ?, template = ? "
                    "WHERE id = ?",
                    (known["code"], known["name"], known["template"], local.id),
                )
                catalogue.change_papers(tx, local.id, known["code"])
            tx.execute(
                "UPDATE dossier SET holder = coalesce(nullif(?, ''), holder) WHERE id = ?",
                (one_line(holder), local.id),
            )
        self._events.publish(local.id)
        return self._dossiers.get(local.id)

    # --- begun at the server ------------------------------------------------------------------

    def ask(self, dossier_id: str, wish: Creation) -> Dossier:
        """Record that the server is to begin a local dossier: at once where there is a line,
        else on the next way down.

        Raises:
            DossierHasCode: it has a code.
            CreationLacks: its procedure is not known here, or it has no holder.
        """
        local = self._local(dossier_id)
        if not local.template or not local.holder:
            raise CreationLacks(local.name)
        with self._store.transaction() as tx:
            creations.ask(tx, local.id, wish)
        self._events.publish(local.id)
        return self._dossiers.get(local.id)

    def create(self, dossier_id: str, to: Connection) -> Dossier:
        """Have the server begin a dossier that it was asked for, and take over its code.

        May be called again after any interruption: the server knows it by our key. Without a
        code yet it stays local, with the server's key. Blocks.

        Raises:
            SecrecyError: nothing about it may leave (yet).
            CodesNotGiven, CreationRefused, Offline and the other rows of the network.
        """
        local = self._local(dossier_id)
        clearance.of(local).check(local.name)
        secrecy.check(self._store, local.id, local.name)
        wish = creations.wish_of(self._store, local.id)
        if wish is None:
            raise CreationLacks(local.name)
        made = to.system.create(
            NewDossier(
                key=local.id,
                procedure_code=local.procedure_code,
                template=local.template,
                agency=creations.agency_of(self._store, local.procedure_code, to.server),
                holder=local.holder,
                holder_kind=wish.holder_kind,
                holder_id=wish.holder_id,
                address=wish.address,
                phone=wish.phone,
            )
        )
        code = normal_code(made.code)
        if code and queries.dossier_id_of(self._store, code) is not None:
            return self.bind(local.id, code, merge=True).dossier
        if (made.ref, made.status, bool(code)) != (local.server_ref, local.status, False):
            with self._store.transaction() as tx:
                creations.put_ref(tx, local.id, made.ref, made.status)
                if code:
                    creations.put_code(tx, local.id, code)
            self._events.publish(local.id)
        return self._dossiers.get(local.id)

    def go_on_creating(
        self, to: Connection, stop: threading.Event, met: Callable[[DigitizerError], None]
    ) -> int:
        """Have the server begin what it was asked for, and ask for codes that were to come later.
        Returns how many have theirs now. ``met``: as in ``SyncWork.down``."""
        done = 0
        for dossier_id in creations.asked(self._store):
            if stop.is_set():
                break
            try:
                done += self.create(dossier_id, to).code is not None
            except SecrecyError as error:  # told where somebody decides about its pages
                log.info("a dossier is not begun at the server: %s", error.code)
            except DigitizerError as error:
                met(error)
        return done

    def _local(self, dossier_id: str) -> Dossier:
        dossier = self._dossiers.get(dossier_id)
        unsorted = queries.setting(self._store, changes.UNSORTED)
        if dossier.code is not None or dossier.id == unsorted:
            raise DossierHasCode(dossier.name)
        return dossier


def code_on_pages(dossier: Dossier) -> str:
    """Return the one mã hồ sơ that the codes on a dossier's pages name; empty: none, or several.
    PURE."""
    named = {
        code
        for paper in dossier.papers
        for page in paper.live_pages
        if page.reading is not None
        for one in page.reading.codes
        for code in dossier_codes(one.text)
    }
    return next(iter(named)) if len(named) == 1 else ""


def wish_from_pages(dossier: Dossier) -> Creation:
    """Return what a citizen's card among a dossier's pages says of its holder. PURE."""
    for paper in dossier.papers:
        for page in paper.live_pages:
            for one in page.reading.codes if page.reading else ():
                card = citizen_card(one.text)
                if card is not None and card.name.casefold() == dossier.holder.casefold():
                    return Creation("citizen", card.number, card.address)
    return Creation()


def overlapping(local: Dossier, real: Dossier) -> tuple[Paper, ...]:
    """Return the papers of ``real`` that have pages where ``local`` has some too, and that take
    one file. PURE."""
    filled = {paper.part for paper in local.papers if paper.live_pages}
    return tuple(
        paper
        for paper in real.papers
        if paper.part in filled and paper.live_pages and not paper.multiple
    )


def _merge_pages(tx: sqlite3.Connection, local: Dossier, real: Dossier) -> None:
    """Put the pages of a local dossier into the papers of another, as one edit of that."""
    before: PageFacts = {}
    after: PageFacts = {}
    for paper in local.papers:
        target = _target(tx, paper, real)
        if target is None:
            continue
        target = open_paper(tx, target)
        creations.redirect(tx, paper.id, target)
        moving = [page.id for page in paper.pages]
        facts = edits.page_facts(tx, moving)
        rank = edits.end_rank(tx, target)
        before |= facts
        after |= {
            page_id: {
                **facts[page_id],
                "paper_id": target,
                "rank": rank + at,
                "placed_by": PlacedBy.CLERK.value,
            }
            for at, page_id in enumerate(moving)
        }
        edits.set_page_facts(tx, {page_id: after[page_id] for page_id in moving})
    if before:
        edits.record_edit(tx, real.id, "bind", before, after)


def _target(tx: sqlite3.Connection, paper: Paper, real: Dossier) -> str | None:
    """Return the paper of ``real`` that pages of a paper go to; None where it has none."""
    if not paper.pages and not _running(tx, paper.id):
        return None
    same = [one for one in real.papers if one.part == paper.part]
    if paper.part == OTHER_PART and not same:
        return changes.other_paper(tx, real.id)
    if not same:
        return changes.add_paper(
            tx, real.id, paper.part, paper.title, kind=paper.kind, copy=paper.copy
        )
    empty = [one.id for one in same if not _filled(tx, one.id)]
    if empty or not same[0].multiple:
        return empty[0] if empty else same[0].id
    return changes.another_paper(tx, real.id, paper.part, paper.title)


def _filled(tx: sqlite3.Connection, paper_id: str) -> bool:
    row = tx.execute(
        "SELECT 1 FROM page WHERE paper_id = ? AND deleted_at IS NULL LIMIT 1", (paper_id,)
    ).fetchone()
    return row is not None


def _running(tx: sqlite3.Connection, paper_id: str) -> bool:
    row = tx.execute(
        "SELECT 1 FROM batch WHERE paper_id = ? AND ended_at IS NULL LIMIT 1", (paper_id,)
    ).fetchone()
    return row is not None


def _tell_head(tx: sqlite3.Connection, local: Dossier, real: Dossier) -> None:
    """Let the dossier with the code know what only the local one knew; not whose it is where it
    was removed and no page came with the local one."""
    if not forgetting.forgotten(tx, real.id):
        tx.execute(
            "UPDATE dossier SET holder = coalesce(nullif(holder, ''), ?) WHERE id = ?",
            (local.holder, real.id),
        )
    if local.finished_at is not None and real.finished_at is None:
        tx.execute(
            "UPDATE dossier SET finished_at = ? WHERE id = ?",
            (local.finished_at.isoformat(timespec="microseconds"), real.id),
        )
