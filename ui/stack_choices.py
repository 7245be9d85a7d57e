"""PURE: where pages of a stack can go, the likeliest first, as the inline list offers it."""

from __future__ import annotations

from msgspec import Struct

from digitizer.model import OTHER_PART, OTHER_TITLE, Dossier, Paper
from digitizer.stacking import Reason, Run, Stack
from digitizer.stacks import Into
from ui import stack_words
from ui.finding import Named
from ui.language import say

_FOUND_AT_MOST = 8


class Choice(Struct, frozen=True):
    """A place for pages: its title, a note beside it, and what the core is told."""

    title: str
    note: str
    into: Into


def near(stack: Stack, page_id: str) -> tuple[Choice, ...]:
    """Return where a page can go: what its code or title says, then the papers of its dossier that
    are still missing, then the others, then the dossiers of the stack, neighbours first."""
    run = stack.run_of(page_id)
    if run is None:
        return ()
    found: dict[Into, Choice] = {}
    for choice in (*_told(stack, run, page_id), *_papers(stack, run), *_others(stack, run)):
        found.setdefault(choice.into, choice)
    return tuple(found.values())


def sought(found: Named, unsorted: str) -> tuple[Choice, ...]:
    """Return the dossiers that a clerk, or a reader, means by what was typed; one that is not here
    can be begun, and so can one without a code."""
    begun = [_begun(found.new_code)] if found.new_code else []
    there = [_dossier(one, unsorted) for one in found.dossiers if one.id != unsorted]
    return (*begun, *there[:_FOUND_AT_MOST], Choice(say("Hồ sơ mới, chưa có mã"), "", Into()))


def _told(stack: Stack, run: Run, page_id: str) -> list[Choice]:
    doubt = stack.doubt(page_id)
    if doubt is None:
        return []
    if Reason.TITLE in doubt.reasons and doubt.proposal is not None:
        into = Into(dossier=run.dossier.id, part=doubt.proposal.part)
        return [Choice(doubt.proposal.title, say("theo tiêu đề"), into)]
    if Reason.CODE in doubt.reasons:
        there = [g.dossier for g in stack.groups if g.dossier.code == doubt.code]
        return [_dossier(there[0], stack.unsorted) if there else _begun(doubt.code)]
    return []


def _papers(stack: Stack, run: Run) -> list[Choice]:
    """Return the papers of a run's dossier: those without pages of the stack, one more of those
    that may be several, then those that have some."""
    if run.dossier.id == stack.unsorted:
        return []
    used = {one.paper.id for one in stack.runs}
    papers = run.dossier.papers
    listed: list[Choice] = []
    parts = list(dict.fromkeys(paper.part for paper in papers))
    if OTHER_PART not in parts:
        parts.append(OTHER_PART)
    for part in parts:
        mine = [paper for paper in papers if paper.part == part]
        had = any(paper.id in used for paper in mine)
        title = mine[0].title if mine else OTHER_TITLE
        if not had or mine[0].multiple:
            note = say("thêm một") if had else ""
            listed.append(Choice(title, note, Into(dossier=run.dossier.id, part=part)))
    listed.sort(key=lambda one: bool(one.note))  # stable: what is missing first
    there = [paper for paper in papers if paper.id in used and paper.id != run.paper.id]
    return [*listed, *(_into(paper, run) for paper in there)]


def _into(paper: Paper, run: Run) -> Choice:
    return Choice(paper.name, say("nhập vào"), Into(paper=paper.id, part=paper.part))


def _others(stack: Stack, run: Run) -> list[Choice]:
    """Return the other dossiers of a stack by how near they are in it."""
    here = stack.runs.index(run)
    distance: dict[str, tuple[int, Dossier]] = {}
    for at, one in enumerate(stack.runs):
        known = distance.get(one.dossier.id)
        if known is None or abs(at - here) < known[0]:
            distance[one.dossier.id] = (abs(at - here), one.dossier)
    found = [
        _dossier(dossier, stack.unsorted)
        for _, dossier in sorted(distance.values(), key=lambda pair: pair[0])
        if dossier.id not in (run.dossier.id, stack.unsorted)
    ]
    if run.dossier.id != stack.unsorted and stack.unsorted:
        found.append(Choice(say(stack_words.UNSORTED), "", Into(dossier=stack.unsorted)))
    return found


def _dossier(dossier: Dossier, unsorted: str) -> Choice:
    return Choice(stack_words.whose(dossier, unsorted), "", Into(dossier=dossier.id))


def _begun(code: str) -> Choice:
    return Choice(code, say("hồ sơ mới"), Into(code=code))
