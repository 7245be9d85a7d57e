"""What the three lists read of the core. Every function blocks, briefly: run by the bridge.

Knows no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from digitizer import departures, hanging, worklist
from digitizer.app import App
from digitizer.departures import Leaving, Left
from digitizer.hanging import Hanging
from digitizer.work.sync import Going
from digitizer.worklist import Day

MOST = 300
"""So many lines are shown of a list: what stands further behind comes up as the first are done."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What leaves, in its order, and what left today; when news were last fetched, or None."""

    leaving: tuple[Leaving, ...] = ()
    left: tuple[Left, ...] = ()
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the rail counts: the day's dossiers nobody is done with, and what hangs."""

    tasks: int = 0
    hanging: Hanging = field(default_factory=Hanging)


def midnight() -> datetime:
    """Return when this day began, here."""
    return datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)


def today(app: App) -> Day:
    """Read the day's work."""
    return worklist.day(app.store, app.work.server, midnight(), MOST)


def outgoing(app: App) -> Outgoing:
    """Read what leaves and what left today."""
    return Outgoing(
        departures.leaving(app.store, MOST),
        departures.left(app.store, app.work.server, midnight(), MOST),
        worklist.fetched_at(app.store, app.work.server),
    )


def going(app: App) -> Going | None:
    """Return what is being sent this moment. Does not block."""
    return app.syncing.going


def waiting(app: App) -> Waiting:
    """Read what the rail counts."""
    return Waiting(
        worklist.open_tasks(app.store, app.work.server, midnight()), hanging.hanging(app.store)
    )
