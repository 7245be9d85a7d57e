"""Takes pages where the codes of their batch lead them, in the transaction that learns of it.

Called by the verbs (``digitizer.dossiers``), which hold the routing's lock. What leads where is
``digitizer.routing``'s to say; which paper a separator sheet begins is said here, once, and kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from digitizer.identifiers import host_of, same_procedure
from digitizer.model import OTHER_PART, Page, PlacedBy, Reading
from digitizer.proposing import SURE, Listed, propose
from digitizer.routing import Astray, Base, Goal, Route, Sides, routes
from digitizer.scanning import KEPT_WHOLE, Source
from digitizer.separators import Separator, carried
from digitizer.servers import server_of
from digitizer.storage import astray, begun, changes, openings, queries, webpages
from digitizer.storage.openings import PaperThere
from digitizer.storage.store import Store

_SIDES = {
    Source.FLATBED.value: Sides.ONE,
    Source.ADF.value: Sides.ONE,
    Source.ADF_DUPLEX.value: Sides.BOTH,
}


class Fresh(Struct, frozen=True):
    """What is about to be committed about an image: its reading, or None where that is known, and
    the lines at one turn that may be its title, or None where there are no words."""

    sha256: str
    reading: Reading | None = None
    turn: int = 0
    headings: tuple[str, ...] | None = None


def found_routes(store: Store, batch_id: str, fresh: Fresh | None = None) -> list[Route]:
    """Return where the pages of a batch, and of those it goes on with or that go on with it,
    belong by what is known of them. Bundles from another desk were placed there; what a web page
    asked for is one file: nothing leads it away."""
    profile = queries.batch_profile(store, batch_id)
    if list(KEPT_WHOLE) in (json.loads(profile) if profile else {}).get("options", []):
        return []
    stack = queries.whole_stack(store, batch_id)
    if webpages.is_asked_for(store, stack):
        return []
    pages = [page for one in stack for page in queries.batch_pages(store, one)]
    if fresh is not None:
        pages = [_known(store, page, fresh) for page in pages]
    return routes(
        pages,
        lambda code: queries.dossier_id_of(store, code),
        sides_of(profile),
        _base(store, batch_id, stack),
    )


def _base(store: Store, batch_id: str, stack: Sequence[str]) -> Base:
    """Return what routing has to know of the dossier that a stack was scanned into."""
    server = server_of(store)
    hosts = frozenset([host_of(server.url)] if server else [])
    facts = astray.base(store, batch_id)
    if facts is None:
        return Base(hosts=hosts)
    borne = astray.codes_borne(store, facts.dossier, stack, hosts) if facts.waits else ()
    return Base(facts.dossier, facts.waits, " ".join(borne), hosts)


def _known(store: Store, page: Page, fresh: Fresh) -> Page:
    """Return a page as it will be known."""
    reading = fresh.reading or page.reading
    if page.sha256 != fresh.sha256 or reading is None:
        return page
    turn = (reading.turn + page.turn) % 360
    headings = fresh.headings if turn == fresh.turn else None
    if headings is None:
        headings = queries.headings(store, page.sha256, turn)
    return replace(page, reading=reading, headings=headings)


def sides_of(profile: str) -> Sides:
    """Return how the pages of a batch follow each other, by the wish it was scanned with (JSON)."""
    values = json.loads(profile) if profile else {}
    return _SIDES.get(values.get("source") or "", Sides.UNKNOWN)


def carry_out(tx: sqlite3.Connection, found: Sequence[Route]) -> None:
    """Take pages where they belong. Pages that the clerk placed meanwhile stay."""
    for route in found:
        page = route.page
        if route.separator:
            openings.take_out(tx, page.id)
        elif page.separator:
            openings.bring_back(tx, page.id)
        if route.goal is not None:
            changes.route_page(tx, page.id, _paper(tx, page, route.goal))
        elif page.placed_by is PlacedBy.CODE and not route.separator:
            changes.route_page(tx, page.id, openings.home_paper(tx, page.batch_id))


def _paper(tx: sqlite3.Connection, page: Page, goal: Goal) -> str:
    """Return the id of the paper that a goal means, adding it where it is new."""
    if goal.opener and (opened := openings.opened(tx, goal.opener)) is not None:
        return opened
    dossier_id = _dossier(tx, page, goal)
    if not goal.opener:
        here = openings.paper_of(tx, page.id, dossier_id)  # a code tells the dossier alone
        return here or changes.other_paper(tx, dossier_id)
    home = openings.home_paper(tx, page.batch_id)
    paper_id = _begun(tx, dossier_id, goal, home)
    openings.remember(tx, goal.opener, paper_id)
    return paper_id


def _dossier(tx: sqlite3.Connection, page: Page, goal: Goal) -> str:
    if goal.begin:
        known = openings.dossier_with(tx, goal.begin)
        return known or begun.begin(tx, goal.begin)
    if goal.dossier is Astray.ASTRAY:
        return changes.unsorted_dossier(tx)
    if goal.dossier is None:
        return openings.home_dossier(tx, page.batch_id)
    return goal.dossier


def _begun(tx: sqlite3.Connection, dossier_id: str, goal: Goal, home: str) -> str:
    """Return the paper that a separator sheet begins in a dossier."""
    says = goal.says
    there = openings.papers(tx, dossier_id, goal.opener)
    named = _named(says, there, openings.procedure_of(tx, dossier_id))
    if named:
        return _next_of(tx, dossier_id, named)
    titled = [] if says.part else _titled(goal, there)
    if titled:
        return _next_of(tx, dossier_id, titled)
    if says.part and says.part != OTHER_PART and not openings.has_list(tx, dossier_id):
        return changes.add_paper(tx, dossier_id, says.part, says.title or says.part)
    same = [paper for paper in there if paper.id == home and paper.multiple]
    part = same[0].part if same else OTHER_PART
    if part == OTHER_PART:
        changes.other_paper(tx, dossier_id)
        there = openings.papers(tx, dossier_id, goal.opener)
    return _next_of(tx, dossier_id, [paper for paper in there if paper.part == part])


def _named(says: Separator, there: Sequence[PaperThere], procedure: str) -> list[PaperThere]:
    """Return the papers of the component that a sheet names, in a dossier that may number its
    papers otherwise: then the title decides."""
    comparable = not says.procedure or not procedure or same_procedure(says.procedure, procedure)
    by_part = [paper for paper in there if says.part and paper.part == says.part]
    if by_part and comparable:
        return by_part
    title = says.title.casefold()
    by_title = {paper.part for paper in there if title and carried(paper.title).casefold() == title}
    return [paper for paper in there if {paper.part} == by_title]


def _titled(goal: Goal, there: Sequence[PaperThere]) -> list[PaperThere]:
    """Return the papers of the component that the first page behind a sheet surely is by its
    title, where that has room for it."""
    first = goal.first
    if first is None or first.reading is None:
        return []
    listed = [Listed(paper.part, paper.title) for paper in there]
    proposal = propose(first.headings, first.reading.codes, listed)
    if proposal is None or proposal.confidence < SURE:
        return []
    found = [paper for paper in there if paper.part == proposal.part]
    free = any(paper.multiple or not paper.pages for paper in found)
    return found if free else []


def _next_of(tx: sqlite3.Connection, dossier_id: str, copies: Sequence[PaperThere]) -> str:
    """Return the first copy of a component without pages; where all have some, one more if there
    may be several, else the first."""
    empty = [paper.id for paper in copies if not paper.pages]
    if empty:
        return empty[0]
    if copies[0].multiple:
        return changes.another_paper(tx, dossier_id, copies[0].part, copies[0].title)
    return copies[0].id
