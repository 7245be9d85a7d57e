"""The verbs: everything a person can do to a dossier, from the window or the command line alike.

Each verb is one transaction, says what changed through ``Events``, and every change to pages can
be undone. Called off the UI thread. Knows no scanner and no network.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from digitizer import catalogue, placing
from digitizer.boxes import Box, Cropping, stored, text_of
from digitizer.errors import (
    BadIdentifier,
    DossierExists,
    DossierUnknown,
    PaperUnknown,
    ServerChanged,
    SidesDiffer,
)
from digitizer.events import Events
from digitizer.identifiers import is_dossier_code, normal_code, one_line
from digitizer.model import OTHER_PART, Dossier, PaperKind, PlacedBy, Reading, Words
from digitizer.pagetext import PageText
from digitizer.procedure.port import RequiredPaper, ServerDossier
from digitizer.readings import LOOKED
from digitizer.secrecy import Mark
from digitizer.separators import of_print
from digitizer.servers import server_in
from digitizer.storage import (
    astray,
    changes,
    edits,
    finishing,
    forgetting,
    queries,
    secrecy,
)
from digitizer.storage.store import Store, now

_Change = Callable[[dict[str, object]], dict[str, object]]


class Dossiers:
    """The dossiers of one home."""

    def __init__(self, store: Store, events: Events) -> None:
        self._store = store
        self._events = events
        self._routing = threading.Lock()

    def get(self, dossier_id: str) -> Dossier:
        """Return all facts of a dossier. Raises ``DossierUnknown``."""
        found = queries.dossier(self._store, dossier_id)
        if found is None:
            raise DossierUnknown
        return found

    def find(self, name: str) -> Dossier:
        """Return the dossier with this mã hồ sơ or local number. Raises ``DossierUnknown``."""
        dossier_id = queries.dossier_id_of(self._store, normal_code(name))
        if dossier_id is None:
            raise DossierUnknown(name.strip()[:60])
        return self.get(dossier_id)

    def heads(self) -> list[Dossier]:
        """Return every dossier without its papers, newest first."""
        return queries.dossier_heads(self._store)

    def open_new(self, *, code: str | None, procedure: str = "", holder: str = "") -> Dossier:
        """Begin a dossier; without ``code`` it gets a local number, never an invented code.

        Args:
            code: Mã hồ sơ.
            procedure: Mã TTHC; its papers come along where the catalogue knows it.
            holder: Name of the citizen.

        Raises:
            BadIdentifier: ``code`` is not of the shape of a mã hồ sơ.
            DossierExists: it is here already.
        """
        if code is not None:
            code = normal_code(code)
            if not is_dossier_code(code):
                raise BadIdentifier(code[:60])
            if queries.dossier_id_of(self._store, code) is not None:
                raise DossierExists(code)
        with self._store.transaction() as tx:
            known = catalogue.known_procedure(tx, procedure)
            procedure = known["code"] if known else procedure
            dossier_id = changes.add_dossier(
                tx,
                code=code,
                procedure_code=procedure,
                procedure_name=known["name"] if known else "",
                holder=one_line(holder),
                template=known["template"] if known else "",
            )
            if known is not None:
                catalogue.copy_papers(tx, dossier_id, procedure)
        self._claim(code)
        self._events.publish(dossier_id)
        return self.get(dossier_id)

    def take_from_server(
        self,
        found: ServerDossier,
        papers: Sequence[RequiredPaper],
        server: str = "",
        version: str = "",
    ) -> bool:
        """Bring a dossier and its list of papers up to what the server says.

        Papers already scanned stay, whatever the list says now; what the server does not tell
        stays as it is here. Whose a dossier is that was removed and is forgotten is not learnt
        again. Returns whether anything changed; nothing is written else.

        Args:
            found: What the server says of it.
            papers: The papers of its procedure.
            server: The name of the system that says so; empty where none is set.
            version: The tag of the list of papers there; empty where it has none.

        Raises:
            ServerChanged: dossiers go to another system by now, to which its key would be that
                of somebody else's dossier; nothing was changed.
        """
        before = queries.dossier_id_of(self._store, found.code)
        old = queries.dossier(self._store, before) if before else None
        if old is not None:
            told = _of_nobody(found) if forgetting.forgotten(self._store.reader, old.id) else found
            if catalogue.tells_nothing_new(old, told, papers):
                return False
        with self._store.transaction() as tx:
            current = server_in(tx)
            if (current.name if current else "") != server:
                raise ServerChanged
            # nobody else can add it any more; somebody may have since it was looked for
            known = queries.dossier_id_of(self._store, found.code)
            dossier_id = known or changes.add_dossier(tx, code=found.code)
            if forgetting.forgotten(tx, dossier_id):  # here: it may have been removed just now
                found = _of_nobody(found)
            catalogue.adopt(tx, dossier_id, found, papers)
            catalogue.remember(tx, found, papers, server, version)
        if known is None:
            self._claim(found.code)
        self._events.publish(dossier_id)
        return True

    def paper_for(self, dossier: Dossier, part: str | None) -> str:
        """Return the id of the paper that new pages go into, adding it where that is allowed.

        Without ``part``: *giấy tờ khác*. A dossier whose list of papers is not known yet takes
        any part; later the server's list gives it its title.

        Raises:
            PaperUnknown: the dossier's list is known and has no such part.
        """
        if part is None or part == OTHER_PART:
            with self._store.transaction() as tx:
                return changes.other_paper(tx, dossier.id)
        known = dossier.paper(part)
        if known is not None:
            return known.id
        if dossier.template:
            raise PaperUnknown(part[:60])
        with self._store.transaction() as tx:
            return changes.add_paper(tx, dossier.id, part, part, kind=PaperKind.COMPONENT)

    def note_reading(
        self,
        sha256: str,
        reading: Reading,
        words: Words | None = None,
        headings: tuple[str, ...] = (),
        said: PageText | None = None,
        marks: tuple[Mark, ...] = (),
    ) -> None:
        """Record what a look at an image found (and OCR at the turn it found), with the markings
        of state secrets on it, and in the same breath route its batches."""

        def put(tx: sqlite3.Connection) -> None:
            changes.put_reading(tx, sha256, reading)
            if words is not None:
                changes.put_words(tx, sha256, reading.turn, words, reading.own_box, said)
                changes.put_headings(tx, sha256, reading.turn, headings)
            secrecy.put_marks(tx, sha256, marks)

        told = headings if words is not None else None
        fresh = placing.Fresh(sha256, reading, reading.turn, told)
        self._route(queries.batches_with(self._store, sha256), put, fresh)

    def note_words(
        self,
        sha256: str,
        turn: int,
        box: Box | None,
        words: Words,
        headings: tuple[str, ...] = (),
        said: PageText | None = None,
        marks: tuple[Mark, ...] = (),
    ) -> None:
        """Record what OCR read on an image at one turn and in one box, with the markings of state
        secrets among it; where its print tells that it is a separator sheet, route its batches in
        the same breath."""

        def put(tx: sqlite3.Connection) -> None:
            changes.put_words(tx, sha256, turn, words, box, said)
            changes.put_headings(tx, sha256, turn, headings)
            secrecy.put_marks(tx, sha256, marks)

        parting = of_print(headings) is not None
        batches = queries.batches_with(self._store, sha256) if parting else []
        self._route(batches, put, placing.Fresh(sha256, None, turn, headings))
        self._events.publish(*queries.dossiers_with(self._store, sha256))

    def note_look(
        self, sha256: str, turn: int, box: Box | None, marks: tuple[Mark, ...], looked: int = LOOKED
    ) -> None:
        """Record that an image which was read before was looked at for markings of state secrets,
        at one turn and in one box, and what was found."""
        with self._store.transaction() as tx:
            secrecy.note_looked(tx, sha256, turn, text_of(box), looked)
            secrecy.put_marks(tx, sha256, marks, looked)
        self._events.publish(*queries.dossiers_with(self._store, sha256))

    def route_batch(self, batch_id: str) -> None:
        """Route a batch by what is known of its images already (the same page scanned again)."""
        self._route([batch_id], lambda _tx: None, None)

    def _claim(self, code: str | None) -> None:
        """Take what lies in *Chưa phân loại* because nobody knew ``code`` to its dossier."""
        for batch_id in astray.batches_naming(self._store, code) if code else ():
            self.route_batch(batch_id)

    def _route(
        self,
        batches: Sequence[str],
        put: Callable[[sqlite3.Connection], None],
        fresh: placing.Fresh | None,
    ) -> None:
        """Commit facts and where they lead the pages of some batches: both or neither."""
        with self._routing:
            found = [r for one in batches for r in placing.found_routes(self._store, one, fresh)]
            with self._store.transaction() as tx:
                put(tx)
                placing.carry_out(tx, found)
        stacks = {one for batch in batches for one in queries.whole_stack(self._store, batch)}
        touched = {d for batch in stacks for d in queries.dossiers_of_batch(self._store, batch)}
        self._events.publish(*touched)

    def unsorted(self) -> Dossier:
        """Return the dossier *Chưa phân loại*, which holds what no dossier claimed yet."""
        dossier_id = queries.setting(self._store, changes.UNSORTED)
        if dossier_id is None:
            with self._store.transaction() as tx:
                dossier_id = changes.unsorted_dossier(tx)
            self._events.publish(dossier_id)
        return self.get(dossier_id)

    def finish(self, dossier_id: str) -> Dossier:
        """Mark a dossier as done by the clerk: what is ready may go out."""
        with self._store.transaction() as tx:
            if not finishing.finish(tx, dossier_id):
                finishing.finish_again(tx, dossier_id)
        self._events.publish(dossier_id)
        return self.get(dossier_id)

    def reopen(self, dossier_id: str) -> Dossier:
        """Take ``finish`` back."""
        with self._store.transaction() as tx:
            finishing.reopen(tx, dossier_id)
        self._events.publish(dossier_id)
        return self.get(dossier_id)

    def turn(self, dossier_id: str, page_ids: Iterable[str], degrees: int) -> None:
        """Turn pages by ``degrees`` clockwise (a multiple of 90)."""
        self._edit(dossier_id, "turn", page_ids, lambda facts: edits.turned(facts, degrees))

    def crop(self, dossier_id: str, page_ids: Iterable[str], wanted: Box | Cropping) -> None:
        """Say which part of their images pages are; only words are read again, if need be."""
        self._edit(dossier_id, "crop", page_ids, lambda facts: {**facts, "crop": stored(wanted)})

    def delete(self, dossier_id: str, page_ids: Iterable[str]) -> None:
        """Take pages out of their paper. They stay in the store and can be brought back."""
        moment = now()
        self._edit(dossier_id, "delete", page_ids, lambda facts: {**facts, "deleted_at": moment})

    def restore(self, dossier_id: str, page_ids: Iterable[str]) -> None:
        """Bring deleted pages back to where they were; a separator's side becomes a page."""
        self._edit(dossier_id, "restore", page_ids, _restored)

    def move(
        self, dossier_id: str, page_ids: Sequence[str], paper_id: str, after: str | None = None
    ) -> None:
        """Move pages, in the given order, to a place in a paper (of any dossier).

        Args:
            dossier_id: Where the edit is remembered.
            page_ids: The pages.
            paper_id: Where they go.
            after: The page they go behind; empty: before the first; None: behind the last.
        """
        with self._store.transaction() as tx:
            touched = edits.carry(tx, dossier_id, "move", page_ids, paper_id, after)
        self._published(dossier_id, touched)

    def interleave(
        self, dossier_id: str, fronts: Sequence[str], backs: Sequence[str], *, backwards: bool
    ) -> None:
        """Put the backs of sheets between their fronts: both were fed one after the other.

        Args:
            dossier_id: Where the pages are.
            fronts: Pages in the order they were fed; they keep the places of both.
            backs: As many pages.
            backwards: The backs were fed from the last sheet to the first, as they come where
                the whole stack is turned over.

        Raises:
            SidesDiffer: there are not as many backs as fronts.
        """
        if len(fronts) != len(backs):
            raise SidesDiffer(f"{len(fronts)} and {len(backs)}")
        ordered = backs[::-1] if backwards else backs
        woven = [page for pair in zip(fronts, ordered, strict=True) for page in pair]
        with self._store.transaction() as tx:
            before = edits.page_facts(tx, woven)
            ranks = sorted(float(str(facts["rank"])) for facts in before.values())
            new = {
                page_id: {**before[page_id], "rank": rank, "placed_by": PlacedBy.CLERK.value}
                for page_id, rank in zip(woven, ranks, strict=True)
            }
            edits.record_edit(tx, dossier_id, "interleave", before, new)
        self._published(dossier_id, edits.papers_of(before))

    def keep(self, dossier_id: str, page_ids: Iterable[str]) -> None:
        """Say that pages which look like the ones before them are wanted all the same."""
        self._edit(dossier_id, "keep", page_ids, lambda facts: {**facts, "kept": 1})

    def undo(self, dossier_id: str) -> edits.Step | None:
        """Take the newest edit of a dossier back; None where there is none."""
        return self._step(dossier_id, undone=True)

    def redo(self, dossier_id: str) -> edits.Step | None:
        """Do the last undone edit again; None where there is none."""
        return self._step(dossier_id, undone=False)

    def _edit(self, dossier_id: str, verb: str, page_ids: Iterable[str], change: _Change) -> None:
        with self._store.transaction() as tx:
            before = edits.page_facts(tx, list(page_ids))
            edits.record_edit(
                tx, dossier_id, verb, before, {k: change(v) for k, v in before.items()}
            )
        self._published(dossier_id, edits.papers_of(before))

    def _step(self, dossier_id: str, *, undone: bool) -> edits.Step | None:
        with self._store.transaction() as tx:
            step = edits.step(tx, dossier_id, undone=undone)
        if step is not None:
            self._published(dossier_id, step.touched)
        return step

    def _published(self, dossier_id: str, papers: frozenset[str]) -> None:
        touched = {queries.dossier_of_paper(self._store, paper) for paper in papers}
        self._events.publish(*({dossier_id} | {found for found in touched if found}))


def _of_nobody(found: ServerDossier) -> ServerDossier:
    return replace(found, holder="")


def _restored(facts: dict[str, object]) -> dict[str, object]:
    if not facts["separator"]:
        return {**facts, "deleted_at": None}
    clerk = PlacedBy.CLERK.value  # routing does not take it out again
    return {**facts, "deleted_at": None, "separator": 0, "placed_by": clerk}
