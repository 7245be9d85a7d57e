"""What the sync lane does: put a bundle into the procedure system and keep its receipt; and the
way down: bring its waiting dossiers here.

Works against the port alone; knows no HTTP.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from digitizer import catalogue, worklist
from digitizer.binding import Binding
from digitizer.chain import Door
from digitizer.dossiers import Dossiers
from digitizer.errors import (
    DigitizerError,
    DossierNotAtServer,
    HomeDamaged,
    ReceiptMismatch,
    ServerTrouble,
    Stopped,
    UploadConflict,
    UploadRefused,
)
from digitizer.events import Events
from digitizer.limits import Compacting, Limits
from digitizer.model import Bundle, Dossier, Paper, Style
from digitizer.procedure.passage import Passage
from digitizer.procedure.port import PaperList, ServerDossier, Stored, Upload
from digitizer.senders import Senders
from digitizer.sending import may_be_compact, too_big
from digitizer.servers import Connection
from digitizer.storage import audit, bundles, queries, recorded, secrecy, stacks, ways
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault
from digitizer.versions import replaceable
from digitizer.work import marking, queue
from digitizer.work.queue import Claim
from digitizer.work.there import There

log = logging.getLogger(__name__)

_MORE = """
SELECT 1 FROM work WHERE dossier_id = ? AND kind = 'upload' AND subject <> ? AND parked = 0 LIMIT 1
"""

_TELL_SECONDS = 1.0
"""How often whoever listens is told that an upload moved on."""
_TELLING_BYTES, _TELLING_PART = 64 * 1024, 512 * 1024
"""How long less than this took says nothing of the line; of an upload that broke off, less than
that, for a part of it was only taken to be sent."""


class Going(Struct, frozen=True):
    """The paper that is being sent now, and how many of its bytes have gone out. All of them:
    it is being read back."""

    dossier_id: str
    paper_id: str
    title: str
    size: int
    sent: int = 0


class Moved(Struct, frozen=True):
    """Bytes of files: ``sent`` went out, ``useful`` of them, or of an earlier run's, arrived and
    were confirmed."""

    useful: int = 0
    sent: int = 0


class SyncWork:
    """The sync lane's runner for one home and one procedure system.

    Attributes:
        there: Looks at what is at the server.
    """

    def __init__(
        self,
        store: Store,
        vault: Vault,
        events: Events,
        dossiers: Dossiers,
        binding: Binding,
        there: There,
        senders: Senders,
        limits: Callable[[], Limits] = Limits,
    ) -> None:
        """``senders`` connect anew each time, in the name of whom it is about; ``limits``: how the
        line may be used now."""
        self._store = store
        self._vault = vault
        self._events = events
        self._dossiers = dossiers
        self._binding = binding
        self.there = there
        self._senders = senders
        self._limits = limits
        self._confirmed: set[str] = set()
        self._going: Going | None = None
        self._moved = Moved()
        self._passage: tuple[str, Passage] | None = None
        self._open: list[Connection] = []

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

    def break_off(self, paper_ids: Container[str] | None = None) -> None:
        """Break off what is being sent now, if it is one of these papers (None: whichever it is,
        and what is being brought down). Any thread; the work is given back."""
        there = self._passage
        if there is not None and (paper_ids is None or there[0] in paper_ids):
            there[1].break_off()
        for to in tuple(self._open) if paper_ids is None else ():
            to.system.break_off()

    def run(self, claim: Claim, stop: threading.Event) -> None:
        """Upload one paper's bundle and keep the receipt; a ``lane.Runner``."""
        # before the dossier is read: its key there goes with a change of the system
        with self._senders.sending(claim.dossier_id, claim.subject) as to, self._known(to):
            self._send(to, claim, stop)

    @contextmanager
    def _known(self, to: Connection) -> Iterator[None]:
        """Have ``break_off`` reach a connection while the block uses it."""
        self._open.append(to)
        try:
            yield
        finally:
            self._open.remove(to)

    def _send(self, to: Connection, claim: Claim, stop: threading.Event) -> None:
        dossier = queries.dossier(self._store, claim.dossier_id)
        paper = dossier.paper_by_id(claim.subject) if dossier else None
        bundle = dossier.outgoing(paper) if dossier and paper else None
        if dossier is None or paper is None or bundle is None or bundle.sha256 != claim.version:
            return  # the facts moved on; the plan did too
        if dossier.awaited(paper) is not None:
            return  # so did what the office wants signed
        if stop.is_set():
            raise Stopped
        limits, speed = self._limits(), ways.speed(self._store, to.server)
        smaller = limits.compact is Compacting.AUTO and may_be_compact(dossier, paper)
        if smaller and too_big(bundle.bytes, limits, speed):
            with self._store.transaction() as tx:
                ways.restyle(tx, [paper.id], Style.COMPACT)
            self._events.publish(dossier.id)
            return  # it comes again, smaller
        passage = Passage(limits.rate, speed)
        self._passage = (paper.id, passage)
        try:
            self._deliver(to, dossier, paper, bundle, passage, stop)
        except DigitizerError as error:
            if passage.broken_off and not isinstance(error, Stopped):
                raise Stopped from error  # what a cut connection looks like
            raise
        finally:
            self._passage = None

    def _deliver(
        self,
        to: Connection,
        dossier: Dossier,
        paper: Paper,
        bundle: Bundle,
        passage: Passage,
        stop: threading.Event,
    ) -> None:
        ready = self.there.ready(to, dossier, paper, bundle)
        if ready is None:
            return  # it met something there; the plan knows
        if not self._vault.sound(bundle.sha256):
            raise HomeDamaged(f"bundle {bundle.sha256[:12]}")
        if stop.is_set():  # since it could be broken off
            raise Stopped
        try:
            stored = self._put_where_it_is(to, ready, paper, bundle, passage)
        except UploadConflict:
            self.there.changed(to, ready, paper, bundle)
            return
        except UploadRefused:
            if not self.there.dropped(to, ready, paper, bundle):
                raise
            return
        finally:
            self._note_speed(to.server, passage)
        if stored is None:
            return
        with self._store.transaction() as tx:
            bundles.put_receipt(tx, paper.id, bundle, to.server, stored.ref, to.by)
            queue.arrived(tx, paper.id, bundle.sha256)
        self._confirmed.add(paper.id)
        self._moved = replace(self._moved, useful=self._moved.useful + bundle.bytes)
        self._events.publish(dossier.id)
        if not self._store.rows(_MORE, dossier.id, paper.id):  # else the last one's sees to all
            self.there.sent(to, ready, paper, bundle)
            marking.tell(self._store, to, dossier.id, stopped=stop.is_set)

    def _put_where_it_is(
        self, to: Connection, dossier: Dossier, paper: Paper, bundle: Bundle, passage: Passage
    ) -> Stored | None:
        """Put a bundle there, found anew where the server knows its dossier under another key."""
        with self._vault.lent(bundle.sha256) as file:
            try:
                return self._put(to, dossier, paper, bundle, file, passage)
            except DossierNotAtServer as error:
                bound = self.there.bind(to, dossier)
                if bound.server_ref == dossier.server_ref:
                    raise ServerTrouble("it lists a dossier, and denies it") from error
                return self._put(to, bound, paper, bundle, file, passage)

    def _note_speed(self, server: str, passage: Passage) -> None:
        """Remember how fast the line was, for what is sent next."""
        told = [
            trip
            for trip in passage.trips
            if trip.seconds and trip.bytes >= (_TELLING_BYTES if trip.whole else _TELLING_PART)
        ]
        if told:
            with self._store.transaction() as tx:
                for trip in told:
                    ways.note_speed(tx, server, trip.bytes, trip.seconds)

    def _put(
        self, to: Connection, dossier: Dossier, paper: Paper, bundle: Bundle, file: Path,
        passage: Passage,
    ) -> Stored | None:  # fmt: skip
        """Put a bundle there; None where its pages are not to be sent, or not any more."""
        known = bundles.known_versions(self._store, paper.id, to.server)
        key = paper.key(to.server)
        going = Going(dossier.id, paper.id, paper.name, bundle.bytes)

        said = time.monotonic()

        def told(sent: int) -> None:
            nonlocal said
            before = self._going.sent if self._going else 0
            more = sent - before if sent >= before else sent  # from the beginning again
            self._moved = replace(self._moved, sent=self._moved.sent + more)
            self._going = replace(going, sent=min(sent, going.size))
            if time.monotonic() - said >= _TELL_SECONDS:
                said = time.monotonic()
                self._events.publish_progress(dossier.id)
                if secrecy.barred(self._store, dossier.id):
                    passage.break_off()  # a page of it was just found to bear a marking

        with self._store.transaction() as tx:
            if stacks.holds(tx, paper.id) or ways.withholds(tx, paper.id):
                return None
            if secrecy.bars(tx, dossier.id):
                recorded.check(tx, dossier.id, dossier.name)
                log.warning("an upload was stopped at the last moment: a state secret, or unseen")
                return None
            fresh = bundles.put_sending(tx, paper.id, bundle.sha256, to.server, to.by)
        upload = Upload(
            key=key,
            dossier_ref=dossier.server_ref,
            code=dossier.name,
            template=dossier.template,
            part=paper.part,
            file_template=paper.file_template,
            file=file,
            sha256=bundle.sha256,
            name=upload_name(dossier, paper),
            title=paper.title,
            kind=paper.kind,
            procedure=dossier.procedure_code,
            procedure_name=dossier.procedure_name,
            known=known | {bundle.sha256} | replaceable(paper.conflicts, to.server),
            tried=bool(known) or not fresh or key != paper.id or self.there.lists(dossier.id, key),
            by=to.by.name,
            told=told,
            reused=paper.reuse.flag if paper.reuse else "0",
            result_code=paper.reuse.code if paper.reuse else "",
            passage=passage,
        )
        self._going = going
        try:
            return to.system.put(upload)
        except ReceiptMismatch as error:
            if error.found:  # what we sent, broken there: ours to replace at the next try
                with self._store.transaction() as tx:
                    bundles.put_sending(tx, paper.id, error.found, to.server, to.by)
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
            Offline and the other rows that would meet every dossier (``pauses_lane``);
            ClerkRefused, ClerkPasswordMissing: who is at the desk cannot sign in.
        """
        with (
            audit.through(Door.SERVER),
            self._senders.at_desk() as there,
            self._known(there),
        ):
            return self._bring(there, stop, met)

    def _bring(
        self, there: Connection, stop: threading.Event, met: Callable[[DigitizerError], None]
    ) -> int:
        def go_on(error: DigitizerError) -> None:
            if error.pauses_lane:
                raise error
            log.warning("bringing dossiers down: %s", error.code)
            met(error)

        lists: dict[str, PaperList | None] = {}
        changed = 0
        listed: list[str] = []
        moved: frozenset[str] = frozenset()
        whole = False
        changed += self._binding.go_on_creating(there, stop, go_on)  # before the list names them
        try:
            for found in there.system.waiting():
                if stop.is_set():
                    break
                listed.append(found.code)
                try:
                    if found.template not in lists:
                        lists[found.template] = None  # of a list that makes trouble, told once
                        lists[found.template] = self._list(there, found)
                    known = lists[found.template]
                    if known is not None:
                        changed += self._take(there, found, known)
                except DigitizerError as error:
                    go_on(error)
            else:  # only a list that was read to its end says what waits no more
                moved, whole = worklist.keep(self._store, listed, there.server), True
                self._events.publish_progress(*moved)
        except DigitizerError as error:
            go_on(error)
        true = [(template, known.version) for template, known in lists.items() if known]
        catalogue.found_true(self._store, there.server, true)
        for dossier_id in queries.unbound(self._store):
            if stop.is_set():
                break
            try:
                here = self._dossiers.get(dossier_id)
                bound = self.there.bind(there, here)
                changed += replace(here, server_ref=bound.server_ref) != bound
            except DossierNotAtServer:
                log.info("a dossier of ours is not at the server (yet)")
            except DigitizerError as error:
                go_on(error)
        if whole:
            self.there.check(there, json.dumps(sorted(moved)), stop, go_on)
        marking.tell(self._store, there, stopped=stop.is_set, met=go_on)
        return changed

    def _list(self, there: Connection, found: ServerDossier) -> PaperList:
        """Ask for the list of a dossier's procedure; one that is new is kept with its tag."""
        kept = catalogue.kept_list(self._store, there.server, found.template)
        listed = catalogue.list_now(self._store, there.system, there.server, found.template)
        if listed != kept:
            with self._store.transaction() as tx:
                catalogue.remember(tx, found, listed.papers, there.server, listed.version)
        return listed

    def _take(self, there: Connection, found: ServerDossier, known: PaperList) -> bool:
        return self._dossiers.take_from_server(found, known.papers, there.server, known.version)


def upload_name(dossier: Dossier, paper: Paper) -> str:
    """Return the ASCII file name ``<mã hồ sơ>.<STT>.pdf`` (TT 02/2019); ``.<STT>-2.pdf`` for the
    second paper of a component."""
    number = "" if paper.copy == 1 else f"-{paper.copy}"
    return f"{dossier.name}.{paper.position:02d}{number}.pdf"
