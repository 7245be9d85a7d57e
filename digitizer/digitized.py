"""PURE: does a dossier count as digitized, and if not, what is missing for it?

QĐ 766/QĐ-TTg, as in domain facts §5: one component file and, where the result is on paper, a
result file; a dossier without a reception date is not counted. A file that was reused is a file;
an earlier result that is named by its code alone is none. Called by the window and the command
line.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from digitizer.model import Dossier, Paper, PaperKind, PaperState
from digitizer.versions import Choice


class Reached(StrEnum):
    """How far the files of one side of a dossier have come; the furthest of them counts."""

    NOTHING = "nothing"  # no page yet
    HERE = "here"  # pages, on this machine
    THERE = "there"  # the procedure system holds one


class Digitized(Struct, frozen=True):
    """What the index asks of a dossier.

    Attributes:
        component: How far the papers handed in have come.
        result: How far the result has; None where the procedure has none on paper.
        received: False where the procedure system says that it was not received yet.
    """

    component: Reached
    result: Reached | None
    received: bool = True

    @property
    def counts(self) -> bool:
        """Whether it counts as digitized now."""
        return self.received and {self.component, self.result} <= {Reached.THERE, None}


def digitized(dossier: Dossier, server: str | None) -> Digitized:
    """Return how far ``dossier`` has come with ``server`` (None: with any)."""
    results = _of_kind(dossier, PaperKind.RESULT)
    return Digitized(
        _reached(dossier, _of_kind(dossier, PaperKind.COMPONENT), server),
        _reached(dossier, results, server) if results else None,
        not dossier.unreceived,
    )


def at_result(dossier: Dossier, server: str | None) -> bool:
    """Tell whether work on a dossier goes on at its result: all that was handed in is sent."""
    parts = _of_kind(dossier, PaperKind.COMPONENT)
    states = [(paper, dossier.state(paper, server)) for paper in parts]
    sent = any(state is PaperState.SENT for _, state in states)
    open_ones = any(
        state is not PaperState.SENT and (paper.live_pages or (paper.required and not paper.there))
        for paper, state in states
    )
    return sent and not open_ones and bool(_of_kind(dossier, PaperKind.RESULT))


def by_side(papers: tuple[Paper, ...]) -> tuple[Paper, ...]:
    """Return the papers in the order they are handled: what is handed in, then the result."""
    return tuple(sorted(papers, key=lambda paper: paper.kind is PaperKind.RESULT))


def _of_kind(dossier: Dossier, kind: PaperKind) -> list[Paper]:
    return [paper for paper in dossier.papers if paper.kind is kind]


def _there(dossier: Dossier, paper: Paper, server: str | None) -> bool:
    """Tell whether the procedure system holds a file of a paper, whoever put it there."""
    if dossier.state(paper, server) is PaperState.SENT or paper.elsewhere:
        return True
    return any(
        one.choice is Choice.THEIRS and one.theirs for one in dossier.conflicts(paper, server)
    )


def _reached(dossier: Dossier, papers: list[Paper], server: str | None) -> Reached:
    if any(_there(dossier, paper, server) for paper in papers):
        return Reached.THERE
    return Reached.HERE if any(paper.live_pages for paper in papers) else Reached.NOTHING
