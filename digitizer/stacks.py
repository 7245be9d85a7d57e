"""The verbs of *Quét lô*: what a clerk does to a stack before it is accepted, and accepting it.

Like those of a dossier (``digitizer.dossiers``) each is one transaction, says what changed through
``Events`` and can be taken back in one step, also where pages went to another dossier. Called off
the UI thread. Knows no scanner and no network.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from digitizer import stacking
from digitizer.dossiers import Dossiers
from digitizer.errors import BadIdentifier
from digitizer.events import Events
from digitizer.identifiers import is_dossier_code, normal_code
from digitizer.model import OTHER_PART, Page, PlacedBy
from digitizer.paperfiles import hashes
from digitizer.stacking import Found, Reason, Stack
from digitizer.storage import begun, changes, edits, finishing, openings, queries, stacks
from digitizer.storage.edits import PageFacts
from digitizer.storage.stacks import StackHead
from digitizer.storage.store import Store, now
from digitizer.storage.vault import Vault
from digitizer.twins import twins

_NEAR_SEAM = 4
"""Pages on either side of where a stack broke off that may be of a sheet fed twice."""


class Into(Struct, frozen=True):
    """Where pages go: into ``paper`` (an id); else into one more paper of component ``part`` of a
    dossier: ``dossier`` (an id), else the one with the mã hồ sơ ``code``, which is begun where it
    is not here, else one that is begun with a local number."""

    paper: str = ""
    dossier: str = ""
    code: str = ""
    part: str = OTHER_PART


class Stacks:
    """The stacks of one home."""

    def __init__(self, store: Store, vault: Vault, events: Events, dossiers: Dossiers) -> None:
        self._store = store
        self._vault = vault
        self._events = events
        self._dossiers = dossiers

    def waiting(self) -> list[StackHead]:
        """Return the stacks that are not accepted, newest first."""
        return stacks.heads(self._store)

    def get(self, stack_id: str) -> Stack | None:
        """Return a stack as its review shows it, or None where there is none."""
        head = stacks.head(self._store, stack_id)
        if head is None:
            return None
        pages = queries.stack_pages(self._store, stack_id)
        papers = {page.paper_id for page in pages}
        there = stacks.dossiers(self._store, stacks.dossiers_of(self._store, papers))
        found = Found(
            queries.setting(self._store, changes.UNSORTED) or "",
            self._twins(stack_id, [page.batch_id for page in pages], pages),
            stacks.printed_codes(self._store, stack_id),
            head.nth,
            stacks.sent_before(self._store, stack_id),
        )
        head_facts = (head.id, head.opened_at, head.accepted_at, head.running)
        return stacking.stack(head_facts, pages, there, found)

    def _twins(
        self, stack_id: str, batches: Sequence[str], pages: Sequence[Page]
    ) -> frozenset[str]:
        """Return the pages that were probably scanned twice where the stack broke off."""
        seams = [at for at in range(1, len(pages)) if batches[at] != batches[at - 1]]
        near = {
            page.paper_id
            for at in seams
            for page in pages[max(0, at - _NEAR_SEAM) : at + _NEAR_SEAM]
        }
        found: set[str] = set()
        for dossier_id in stacks.dossiers_of(self._store, near):
            dossier = queries.dossier(self._store, dossier_id)
            if dossier is not None:
                found |= {one.page.id for one in twins(self._store, self._vault, dossier)}
        return frozenset(found)

    # --- what is done to its pages ----------------------------------------------------------

    def place(self, stack_id: str, page_ids: Sequence[str], into: Into) -> None:
        """Put pages of a stack into a paper, where they come in the order of the stack.

        Raises:
            BadIdentifier: ``into.code`` is not of the shape of a mã hồ sơ.
        """
        code = normal_code(into.code)
        if code and not is_dossier_code(code):
            raise BadIdentifier(code[:60])
        order = {page.id: at for at, page in enumerate(queries.stack_pages(self._store, stack_id))}
        moving = sorted((one for one in page_ids if one in order), key=order.__getitem__)
        if not moving:
            return
        with self._store.transaction() as tx:
            paper_id = into.paper or _one_more(tx, _dossier(tx, into.dossier, code), into.part)
            before = edits.page_facts(tx, moving)
            for page_id in moving:
                _put(tx, page_id, paper_id, order)
            after = edits.page_facts(tx, moving)
            self._record(tx, stack_id, "place", before, after)
        self._publish(edits.papers_of(before, after))

    def turn(self, stack_id: str, page_ids: Iterable[str], degrees: int) -> None:
        """Turn pages by ``degrees`` clockwise (a multiple of 90)."""
        self._edit(stack_id, "turn", page_ids, lambda facts: edits.turned(facts, degrees))

    def delete(self, stack_id: str, page_ids: Iterable[str]) -> None:
        """Take pages out. They stay in the store and can be brought back."""
        moment = now()
        self._edit(stack_id, "delete", page_ids, lambda facts: {**facts, "deleted_at": moment})

    def find_right(self, stack_id: str, page_ids: Iterable[str], reasons: Iterable[Reason]) -> None:
        """Say that pages are right as they are, whatever ``reasons`` made them doubtful."""
        names = {one.value for one in reasons}

        def found(facts: dict[str, object]) -> dict[str, object]:
            seen = names | set(str(facts["seen"]).split())
            kept = 1 if Reason.TWIN.value in names else facts["kept"]
            return {**facts, "seen": " ".join(sorted(seen)), "kept": kept}

        self._edit(stack_id, "find right", page_ids, found)

    def undo(self, stack_id: str) -> bool:
        """Take the newest edit of a stack's review back; False where there is none."""
        return self._step(stack_id, undone=True)

    def redo(self, stack_id: str) -> bool:
        """Do the last undone edit again; False where there is none."""
        return self._step(stack_id, undone=False)

    # --- accepting --------------------------------------------------------------------------

    def accept(self, stack_id: str) -> tuple[str, ...] | None:
        """Accept a stack: its dossiers are done, in the order of the paper, and may be sent.

        *Chưa phân loại* stays as it is, and so does a dossier that somebody began at the counter
        and has not finished. Returns the ids of the dossiers that this finished; None where nothing
        was done, because pages of it are still coming or being read.
        """
        found = self.get(stack_id)
        if found is None or not found.ready:
            return None
        finished: list[str] = []
        with self._store.transaction() as tx:
            if stacks.running(tx, stack_id) or stacks.accepted_at(tx, stack_id) is not None:
                return None
            for group in found.groups:
                one = group.dossier.id
                if one == found.unsorted or finishing.at_work(tx, one):
                    continue
                finished += [one] if finishing.finish(tx, one) else []
            stacks.accept(tx, stack_id, finished)
        self._events.publish(*(group.dossier.id for group in found.groups))
        return tuple(finished)

    def take_back(self, stack_id: str) -> bool:
        """Take ``accept`` back; False where a paper of it is on its way, or there, already."""
        found = self.get(stack_id)
        if found is None:
            return False
        there = [queries.dossier(self._store, group.dossier.id) for group in found.groups]
        mine = {page.paper_id for page in found.pages}
        versions = [
            (paper.id, sha256)
            for dossier in there
            for paper in (dossier.papers if dossier else ())
            for sha256 in hashes(paper.bundles, paper.signings)
            if paper.id in mine
        ]
        with self._store.transaction() as tx:
            if stacks.accepted_at(tx, stack_id) is None:
                return False
            if any(stacks.may_be_there(tx, *version) for version in versions):
                return False
            for dossier_id in stacks.take_back(tx, stack_id):
                finishing.reopen(tx, dossier_id)
        self._events.publish(*(group.dossier.id for group in found.groups))
        return True

    # --- edits ------------------------------------------------------------------------------

    def _edit(
        self,
        stack_id: str,
        verb: str,
        page_ids: Iterable[str],
        change: Callable[[dict[str, object]], dict[str, object]],
    ) -> None:
        with self._store.transaction() as tx:
            before = edits.page_facts(tx, list(page_ids))
            after = {page_id: change(facts) for page_id, facts in before.items()}
            self._record(tx, stack_id, verb, before, after)
        self._publish(edits.papers_of(before))

    def _record(
        self,
        tx: sqlite3.Connection,
        stack_id: str,
        verb: str,
        before: PageFacts,
        after: PageFacts,
    ) -> None:
        unsorted = changes.unsorted_dossier(tx)
        edits.record_edit(tx, unsorted, verb, before, after, stack=stack_id)

    def _step(self, stack_id: str, *, undone: bool) -> bool:
        with self._store.transaction() as tx:
            unsorted = changes.unsorted_dossier(tx)
            step = edits.step(tx, unsorted, undone=undone, stack=stack_id)
        if step is None:
            return False
        self._publish(step.touched)
        return True

    def _publish(self, papers: frozenset[str]) -> None:
        self._events.publish(*stacks.dossiers_of(self._store, papers))


def _dossier(tx: sqlite3.Connection, dossier_id: str, code: str) -> str:
    """Return the id of the dossier that pages go to, beginning it where it is not here."""
    if dossier_id:
        return dossier_id
    known = openings.dossier_with(tx, code) if code else None
    return known or begun.begin(tx, code or None)


def _one_more(tx: sqlite3.Connection, dossier_id: str, part: str) -> str:
    """Return the first paper of a component that has no pages. Where all have some: one more if
    there may be several, else the first; *giấy tờ khác* for a component that is not listed."""
    copies = stacks.copies(tx, dossier_id, part)
    if not copies:
        if part != OTHER_PART:
            return _one_more(tx, dossier_id, OTHER_PART)
        return changes.other_paper(tx, dossier_id)
    empty = [paper.id for paper in copies if not paper.pages]
    if empty or not copies[0].multiple:
        return empty[0] if empty else copies[0].id
    return changes.another_paper(tx, dossier_id, part, copies[0].title)


def _put(tx: sqlite3.Connection, page_id: str, paper_id: str, order: dict[str, int]) -> None:
    """Put a page into a paper so that the pages of its stack there are in the stack's order;
    behind all others where none of them comes later."""
    there = [page for page in stacks.pages_of(tx, paper_id) if page != page_id]
    later = [at for at, page in enumerate(there) if order.get(page, -1) > order[page_id]]
    behind = None
    if later:
        behind = there[later[0] - 1] if later[0] else ""
    (rank,) = edits.ranks_behind(tx, paper_id, behind, 1, frozenset([page_id]))
    clerk = PlacedBy.CLERK.value
    edits.set_page_facts(tx, {page_id: {"paper_id": paper_id, "rank": rank, "placed_by": clerk}})
