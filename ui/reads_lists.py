"""What the three lists read of the core. Every function blocks, briefly: run by the bridge.

Knows no Qt.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from digitizer import clearing, departures, hanging, sending, worklist
from digitizer.app import App
from digitizer.clearing import Suspect
from digitizer.departures import Leaving, Left, Withheld
from digitizer.hanging import Hanging
from digitizer.leftbehind import Remnant
from digitizer.limits import Compacting
from digitizer.model import Style
from digitizer.sending import Load
from digitizer.storage import queries, signings, stacks, ways
from digitizer.work.sync import Going
from digitizer.worklist import Day

_HEAVY_MOST = 20
MOST = 300
"""So many lines are shown of a list: what stands further behind comes up as the first are done."""


class Outgoing(Struct, frozen=True):
    """What leaves, in its order, and what left today; when news were last fetched, or None.

    Attributes:
        withheld: Papers that were left here.
        load: What all waits to be sent.
        speed: Bytes a second that it probably goes with, or None.
        heavy: By dossier, ids of its papers that are too big for the line, and could be smaller.
        minutes: How long sending one file may take.
        unsigned: How many papers wait for a signature, and of how many dossiers.
        held: How many finished dossiers have pages of a stack that nobody accepted.
    """

    leaving: tuple[Leaving, ...] = ()
    left: tuple[Left, ...] = ()
    fetched_at: datetime | None = None
    withheld: tuple[Withheld, ...] = ()
    load: Load = field(default_factory=Load)
    heavy: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    minutes: int = 0
    unsigned: tuple[int, int] = (0, 0)
    held: int = 0


class Waiting(Struct, frozen=True):
    """What the rail counts: the day's dossiers nobody is done with, what hangs, and what only the
    server still has."""

    tasks: int = 0
    hanging: Hanging = field(default_factory=Hanging)
    remnants: tuple[Remnant, ...] = ()


def midnight() -> datetime:
    """Return when this day began, here."""
    return datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)


class Today(Struct, frozen=True):
    """The day's work, by dossier the first page that stops it (a state secret, maybe), and of
    which dossiers sending has failed and waits for a hand."""

    day: Day
    stopped: Mapping[str, Suspect] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()


def today(app: App) -> Today:
    """Read the day's work."""
    there = clearing.waiting(app.store)
    return Today(
        worklist.day(app.store, app.work.server, midnight(), MOST),
        {one.dossier.id: one for one in reversed(there)},
        hanging.unsendable(app.store),
    )


def outgoing(app: App) -> Outgoing:
    """Read what leaves and what left today."""
    leaving = departures.leaving(app.store, MOST)
    return Outgoing(
        leaving,
        departures.left(app.store, app.work.server, midnight(), MOST),
        worklist.fetched_at(app.store, app.work.server),
        departures.withheld(app.store, app.work.server, MOST),
        sending.load(app.store, app.work.server, finished_only=True),
        _heavy(app, leaving),
        app.limits.minutes,
        signings.count(app.store, finished_only=True),
        stacks.finished_held(app.store),
    )


def _heavy(app: App, leaving: tuple[Leaving, ...]) -> dict[str, tuple[str, ...]]:
    """Find the papers that are worth an offer to send them compact."""
    if app.limits.compact is not Compacting.OFFER:
        return {}
    limits, speed = app.limits, ways.speed(app.store, app.work.server)
    found: dict[str, tuple[str, ...]] = {}
    for one in leaving:
        if len(found) < _HEAVY_MOST and sending.too_big(one.biggest, limits, speed):
            dossier = queries.dossier(app.store, one.dossier.id)
            papers = () if dossier is None else sending.heavy(dossier, limits, speed)
            found |= {one.dossier.id: papers} if papers else {}
    return found


def withhold(app: App, dossier_id: str, paper_id: str) -> None:
    """Leave a paper here; without one, all of a dossier that is not sent."""
    dossier = app.dossiers.get(dossier_id)
    papers = [paper.id for paper in dossier.papers if paper.live_pages]
    unsent = [
        paper
        for paper in papers
        if (there := dossier.paper_by_id(paper)) and not dossier.receipt(there, app.work.server)
    ]
    app.withhold([paper_id] if paper_id else unsent)
    app.settle()


def let_go(app: App, paper_id: str) -> None:
    """Send a paper after all that was left here."""
    sending.let_go(app.store, app.events, [paper_id])
    app.settle()  # else it would be nowhere for a moment


def make_compact(app: App, paper_ids: tuple[str, ...]) -> None:
    """Have papers bundled compact, to be sent so."""
    sending.restyle(app.store, app.events, paper_ids, Style.COMPACT)


def going(app: App) -> Going | None:
    """Return what is being sent this moment. Does not block."""
    return app.syncing.going


def waiting(app: App) -> Waiting:
    """Read what the rail counts."""
    server = app.work.server
    return Waiting(
        worklist.open_tasks(app.store, server, midnight()),
        hanging.hanging(app.store),
        app.syncing.there.left_behind.known(server),
    )


def go_through(app: App) -> None:
    """Find what only the server still has; told from then on. Takes a while the first time."""
    app.syncing.there.left_behind.find(app.work.server)
