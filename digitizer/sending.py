"""What a person says of how papers go out, and what is known of the line they go over.

Verbs of the window and the command line, and what both tell about them. Each verb is one
transaction. Knows no network.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from digitizer.events import Events
from digitizer.limits import COMPACT, HOURS, KBITS, MINUTES, Limits, seconds_for
from digitizer.model import Dossier, Paper, Style
from digitizer.storage import changes, queries, ways
from digitizer.storage.store import Store, now


class Load(Struct, frozen=True):
    """What all waits to be sent: papers, their bytes, and the seconds that probably takes (None:
    nobody knows); how many of them are too big for the line."""

    papers: int = 0
    bytes: int = 0
    seconds: float | None = None
    too_big: int = 0


def limits_of(store: Store) -> Limits:
    """Return how uploads may use the line."""
    found = {name: queries.setting(store, name) for name in (KBITS, HOURS, COMPACT, MINUTES)}
    return Limits.of({name: value for name, value in found.items() if value is not None})


def put_limits(store: Store, limits: Limits) -> None:
    """Remember how uploads may use the line."""
    with store.transaction() as tx:
        for name, value in limits.settings().items():
            changes.set_setting(tx, name, value)


def withhold(store: Store, events: Events, paper_ids: Sequence[str]) -> None:
    """Leave papers here: they are not sent until ``let_go``."""
    _said(store, events, paper_ids, now())


def let_go(store: Store, events: Events, paper_ids: Sequence[str]) -> None:
    """Take ``withhold`` back: they go in their turn."""
    _said(store, events, paper_ids, None)


def _said(store: Store, events: Events, paper_ids: Sequence[str], at: str | None) -> None:
    with store.transaction() as tx:
        ways.withhold(tx, paper_ids, at)
    _tell(store, events, paper_ids)


def restyle(store: Store, events: Events, paper_ids: Sequence[str], style: Style | None) -> None:
    """Bundle papers in a style of their own, or (None) in the home's again; what a server holds
    stays as it is."""
    with store.transaction() as tx:
        ways.restyle(tx, paper_ids, style)
    _tell(store, events, paper_ids)


def _tell(store: Store, events: Events, paper_ids: Sequence[str]) -> None:
    found = {queries.dossier_of_paper(store, paper_id) for paper_id in paper_ids}
    events.publish(*(one for one in found if one))


def may_be_compact(dossier: Dossier, paper: Paper) -> bool:
    """Tell whether a paper's bundle could be made smaller: not a signed PDF, nor one that is."""
    unsigned = not paper.original and not dossier.signed(paper)
    return unsigned and dossier.style_of(paper) is Style.FAITHFUL


def too_big(size: int, limits: Limits, speed: float | None) -> bool:
    """Tell whether sending ``size`` bytes takes longer than one file may; not where nobody knows.

    Args:
        size: Bytes.
        limits: What is set.
        speed: Bytes a second that the line did lately, or None.
    """
    seconds = seconds_for(size, speed, limits.rate)
    return seconds is not None and seconds > limits.minutes * 60


def heavy(dossier: Dossier, limits: Limits, speed: float | None) -> tuple[str, ...]:
    """Return the ids of the papers of ``dossier`` that are too big for the line and could be
    smaller."""
    return tuple(
        paper.id
        for paper in dossier.papers
        if (made := dossier.outgoing(paper)) is not None
        and not paper.receipts
        and too_big(made.bytes, limits, speed)
        and may_be_compact(dossier, paper)
    )


def load(store: Store, server: str | None, *, finished_only: bool) -> Load:
    """Return what waits to be sent.

    Args:
        store: The facts.
        server: The procedure system that dossiers go to, or None.
        finished_only: Only of dossiers the clerk has finished.
    """
    condition = "AND dossier.finished_at IS NOT NULL" if finished_only else ""
    rows = store.rows(
        f"SELECT {ways.SIZE} AS bytes FROM work JOIN dossier ON dossier.id = work.dossier_id "  # noqa: S608
        f"WHERE work.kind = 'upload' AND work.parked = 0 {condition}"
    )
    sizes = [int(row["bytes"]) for row in rows]
    limits, speed = limits_of(store), ways.speed(store, server)
    return Load(
        len(sizes),
        sum(sizes),
        seconds_for(sum(sizes), speed, limits.rate),
        sum(too_big(size, limits, speed) for size in sizes),
    )
