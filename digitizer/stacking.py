"""PURE: a stack as its review shows it: the pages in the order of the paper, where a paper begins
and why, and the places that want a look.

Nothing here is kept: all of it is derived from where the pages lie and what was read on them, so a
doubt goes away when its page is mended or found right. Called by ``digitizer.stacks`` and the
window. The rules and their reasons: decision 15.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import Enum, StrEnum

from msgspec import Struct

from digitizer import separators
from digitizer.identifiers import dossier_codes
from digitizer.model import OTHER_PART, Dossier, Page, Paper, PlacedBy
from digitizer.proposing import SURE, Listed, Proposal, propose
from digitizer.scanning import EndReason
from digitizer.seams import BROKEN
from digitizer.separators import Parts

_SURE_TURN = 0.5
"""Below this a page was left as it came (``Reading.turn_confidence``)."""


class Why(Enum):
    """Why a paper begins at a page."""

    FIRST = "first"  # the stack begins, and nothing on the page says where it belongs
    CODE = "code"  # a code on the page names its dossier
    SHEET = "sheet"  # the code of a separator sheet before it
    PRINT = "print"  # a separator sheet of which only the print could be read
    HAND = "hand"  # the clerk said so
    FOLLOWS = "follows"  # what was said before ended: by a code of nobody we know, or by hand


class Reason(StrEnum):
    """Why a page wants a look; the worst first."""

    UNCLAIMED = "unclaimed"  # nobody claimed it and the pages behind it
    CODE = "code"  # a mã hồ sơ on it is not that of the dossier it lies in
    PRINTED = "printed"  # its paper begins by print alone
    TITLE = "title"  # by its title it is another paper of its dossier
    BEHIND = "behind"  # it and what follows come behind pages that a server has received
    TWIN = "twin"  # its sheet was probably scanned twice
    DOUBLE_FEED = "double-feed"  # the scanner stopped behind it: two sheets went in at once
    TURN = "turn"  # which way up it is could not be told


class Run(Struct, frozen=True):
    """Pages in a row that lie in one paper. ``again``: pages of that paper came before others."""

    dossier: Dossier
    paper: Paper
    pages: tuple[Page, ...]
    why: Why
    again: bool = False


class Doubt(Struct, frozen=True):
    """A page that wants a look.

    Attributes:
        page: The page.
        reasons: Why, the worst first.
        proposal: What it seems to be by its title, where that is a reason.
        code: The mã hồ sơ on it, where that is a reason.
        behind: Behind how many pages that were sent it comes, where that is a reason.
    """

    page: Page
    reasons: tuple[Reason, ...]
    proposal: Proposal | None = None
    code: str = ""
    behind: int = 0


class Group(Struct, frozen=True):
    """A dossier's share of a stack: its pages that count, and how many of them want a look."""

    dossier: Dossier
    pages: tuple[Page, ...]
    doubts: int


class Found(Struct, frozen=True):
    """What is known of a stack besides its pages.

    Attributes:
        unsorted: The id of *Chưa phân loại*.
        twins: Ids of pages that were probably scanned twice.
        printed: Pages' text, by their ids, where a mã hồ sơ may be printed.
        nth: The how manieth it is of those begun in its minute.
        sent: By the ids of papers that a server has received, how many pages stand in them before
            those of the stack.
    """

    unsorted: str = ""
    twins: frozenset[str] = frozenset()
    printed: Mapping[str, str] | None = None
    nth: int = 1
    sent: Mapping[str, int] | None = None


class Stack(Struct, frozen=True):
    """A stack.

    Attributes:
        running: It is being scanned.
        pages: Its pages that count, in the order of the paper.
        runs: The same, parted where another paper begins.
        doubts: Pages that want a look, the worst first.
        groups: Its dossiers in the order of the paper.
        unsorted: The id of *Chưa phân loại*.
        nth: The how manieth it is (from 1) of those begun in its minute.
    """

    id: str
    opened_at: datetime
    accepted_at: datetime | None
    running: bool
    pages: tuple[Page, ...]
    runs: tuple[Run, ...]
    doubts: tuple[Doubt, ...]
    groups: tuple[Group, ...]
    unsorted: str = ""
    nth: int = 1

    @property
    def unread(self) -> int:
        """How many pages are still being read: they may move yet."""
        return sum(not page.read for page in self.pages)

    @property
    def last_batch(self) -> str:
        """The id of the batch that was fed last; empty where nothing is left of it."""
        return self.pages[-1].batch_id if self.pages else ""

    @property
    def broke_off(self) -> bool:
        """Whether its paper ended otherwise than somebody meant."""
        reason = self.pages[-1].batch_reason if self.pages else ""
        return reason in BROKEN and reason != EndReason.CANCELLED

    @property
    def ready(self) -> bool:
        """Whether it can be accepted: nothing of it comes or moves by itself any more."""
        return bool(self.pages) and not self.running and not self.unread

    @property
    def unclaimed(self) -> int:
        """How many pages lie in *Chưa phân loại*."""
        return sum(len(one.pages) for one in self.groups if one.dossier.id == self.unsorted)

    def doubt(self, page_id: str) -> Doubt | None:
        """Return why a page wants a look, or None."""
        return next((one for one in self.doubts if one.page.id == page_id), None)

    def run_of(self, page_id: str) -> Run | None:
        """Return the run that a page is in, or None where it is not of this stack."""
        return next((one for one in self.runs if any(p.id == page_id for p in one.pages)), None)

    def before(self, run: Run) -> Run | None:
        """Return the run before one, or None."""
        at = self.runs.index(run)
        return self.runs[at - 1] if at else None

    def from_here(self, page_id: str) -> tuple[Page, ...]:
        """Return a page and what follows it up to the next cut."""
        run = self.run_of(page_id)
        if run is None:
            return ()
        at = next(at for at, page in enumerate(run.pages) if page.id == page_id)
        return run.pages[at:]

    def titled_from(self, page_id: str) -> tuple[Page, ...]:
        """Return a page and what follows it up to the next cut or the next title of a paper."""
        found: list[Page] = []
        for page in self.from_here(page_id):
            doubt = self.doubt(page.id)
            if found and doubt is not None and Reason.TITLE in doubt.reasons:
                break
            found.append(page)
        return tuple(found)


def stack(
    head: tuple[str, datetime, datetime | None, bool],
    pages: Sequence[Page],
    dossiers: Mapping[str, Dossier],
    found: Found,
) -> Stack:
    """Return a stack as it stands.

    Args:
        head: Its id, when it was begun and accepted, and whether it is being scanned.
        pages: All of its pages in the order of the paper, deleted ones and separators too.
        dossiers: By id, those that they lie in, with their papers.
        found: What else is known.
    """
    where = {paper.id: (one, paper) for one in dossiers.values() for paper in one.papers}
    runs = _runs(pages, where)
    doubts = _doubts(runs, found)
    live = tuple(page for run in runs for page in run.pages)
    return Stack(*head, live, runs, doubts, _groups(runs, doubts), found.unsorted, found.nth)


def _runs(pages: Sequence[Page], where: Mapping[str, tuple[Dossier, Paper]]) -> tuple[Run, ...]:
    runs: list[Run] = []
    sheets: list[Page] = []
    before: Page | None = None
    had: set[str] = set()
    for page in pages:
        if page.deleted or page.paper_id not in where:
            sheets += [page] if page.separator else []
            continue
        if before is not None and before.paper_id == page.paper_id:
            last = runs[-1]
            runs[-1] = Run(last.dossier, last.paper, (*last.pages, page), last.why, last.again)
        else:
            dossier, paper = where[page.paper_id]
            why = _why(page, sheets, before)
            runs.append(Run(dossier, paper, (page,), why, paper.id in had))
            had.add(paper.id)
        sheets.clear()
        before = page
    return tuple(runs)


def _why(first: Page, sheets: Sequence[Page], before: Page | None) -> Why:
    if first.placed_by is PlacedBy.CLERK:
        return Why.HAND
    if sheets:
        return Why.SHEET if any(_coded(sheet) for sheet in sheets) else Why.PRINT
    if _codes_on(first):
        return Why.CODE
    return Why.FIRST if before is None else Why.FOLLOWS


def _coded(sheet: Page) -> bool:
    """Tell whether a code says what a separator's side parts."""
    codes = sheet.reading.codes if sheet.reading is not None else ()
    says = separators.of_codes(code.text for code in codes)
    return says is not None and says.parts is not Parts.UNKNOWN


def _codes_on(page: Page) -> list[str]:
    """Return the mã hồ sơ that a page's codes hold."""
    codes = page.reading.codes if page.reading is not None else ()
    return list(dict.fromkeys(found for code in codes for found in dossier_codes(code.text)))


def _doubts(runs: Sequence[Run], found: Found) -> tuple[Doubt, ...]:
    last = {page.batch_id: page for run in runs for page in run.pages}
    double_fed = {page.id for page in last.values() if page.batch_reason == EndReason.DOUBLE_FEED}
    doubts = [
        doubt
        for run in runs
        for page in run.pages
        if (doubt := _doubt(run, page, found, double_fed)) is not None
    ]
    worst = list(Reason)
    return tuple(sorted(doubts, key=lambda one: worst.index(one.reasons[0])))  # stable


def _doubt(run: Run, page: Page, found: Found, double_fed: Collection[str]) -> Doubt | None:
    first = page.id == run.pages[0].id
    by_itself = page.placed_by is not PlacedBy.CLERK
    code = _strange_code(run, page, found) if by_itself else ""
    proposal = _other_title(run, page, first=first) if by_itself else None
    unclaimed = run.dossier.id == found.unsorted
    behind = (found.sent or {}).get(run.paper.id, 0) if first and not run.again else 0
    holds = {
        Reason.UNCLAIMED: unclaimed and by_itself and first and page.read,
        Reason.CODE: bool(code),
        Reason.PRINTED: first and run.why is Why.PRINT,
        Reason.TITLE: proposal is not None,
        Reason.BEHIND: by_itself and behind > 0,
        Reason.TWIN: page.id in found.twins and not page.kept,
        Reason.DOUBLE_FEED: page.id in double_fed,
        Reason.TURN: _turn_unsure(page),
    }
    reasons = tuple(one for one in Reason if holds[one] and one.value not in page.seen)
    return Doubt(page, reasons, proposal, code, behind) if reasons else None


def _strange_code(run: Run, page: Page, found: Found) -> str:
    """Return a mã hồ sơ that a page bears, as a code or else in print, where none that it bears is
    its dossier's; else nothing."""
    borne = _codes_on(page) or list(dossier_codes((found.printed or {}).get(page.id, "")))
    return borne[0] if borne and run.dossier.code not in borne else ""


def _other_title(run: Run, page: Page, *, first: bool) -> Proposal | None:
    """Return which other paper of its dossier a page is by its title. Where a sheet or a code
    said which paper begins, only a sure one speaks against it."""
    if page.reading is None or page.reading.blank or not page.headings:
        return None
    listed = [Listed(one.part, one.title) for one in run.dossier.papers]
    proposal = propose(page.headings, page.reading.codes, listed)
    if proposal is None or proposal.part == run.paper.part:
        return None
    said = first and run.paper.part != OTHER_PART
    return None if said and proposal.confidence < SURE else proposal


def _turn_unsure(page: Page) -> bool:
    reading = page.reading
    if reading is None or reading.blank or page.turn:
        return False
    return 0.0 < reading.turn_confidence < _SURE_TURN


def _groups(runs: Sequence[Run], doubts: Sequence[Doubt]) -> tuple[Group, ...]:
    doubtful = {one.page.id for one in doubts}
    pages: dict[str, list[Page]] = {}
    dossiers: dict[str, Dossier] = {}
    for run in runs:
        dossiers[run.dossier.id] = run.dossier
        pages.setdefault(run.dossier.id, []).extend(run.pages)
    return tuple(
        Group(dossiers[key], tuple(mine), sum(page.id in doubtful for page in mine))
        for key, mine in pages.items()
    )
