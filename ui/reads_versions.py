"""What the comparison of two versions and the page of a local dossier read of the core. Every
function blocks: run by the bridge."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct
from PySide6.QtGui import QImage

from digitizer import binding, catalogue, programs
from digitizer.app import App
from digitizer.binding import Bound
from digitizer.conflicts import Met, waiting
from digitizer.errors import DigitizerError, Offline, PagesUnchecked
from digitizer.model import Dossier
from digitizer.storage import conflicts
from ui.imagefiles import reader_of

_AT_ONCE = 4
"""So many pages one child program draws."""
_RENDER_SECONDS = 60.0
_ROOM = 16 << 20
"""Bytes that so many pages are drawn in."""


class Seen(Struct, frozen=True):
    """Pages of a version, drawn. ``pages``: how many it has; ``pictures``: by their number."""

    pages: int
    pictures: dict[int, QImage]


class Done(Struct, frozen=True):
    """What became of a local dossier.

    Attributes:
        dossier: As it is now.
        others: Titles of the files that other desks have put at the server already.
        unseen: Why nobody could look there, or None.
        merged: Whether its pages went to a dossier that was here.
    """

    dossier: Dossier
    others: tuple[str, ...] = ()
    unseen: DigitizerError | None = None
    merged: bool = False


class Known(Struct, frozen=True):
    """The procedures that are known here, and when the oldest of their lists was found true."""

    procedures: tuple[catalogue.Procedure, ...]
    as_of: datetime | None


def met(app: App, conflict_id: int) -> Met:
    """Read a conflict. Raises ``ConflictUnknown``."""
    return app.conflicts.get(conflict_id)


def next_met(app: App) -> Met | None:
    """Return what has waited longest to be decided, or None."""
    return next(iter(waiting(app.store, app.work.server)), None)


def see(app: App, sha256: str, first: int, width: int, height: int) -> Seen:
    """Have a child program draw a few pages of a version, from ``first`` on.

    Raises:
        FileUnreadable and the other rows of files from outside; ProgramTimeout.
    """
    with app.vault.lent(sha256) as file, app.vault.scratch.folder(_ROOM) as into:
        answer = programs.run_module(
            "digitizer.pages.sight",
            str(file),
            str(into),
            str(first),
            str(_AT_ONCE),
            str(width),
            str(height),
            timeout=_RENDER_SECONDS,
            scratch=into.parent,
        )
        names = (into / Path(file).name for file in answer["files"])
        pictures = {first + at: reader_of(name).read() for at, name in enumerate(names)}
        return Seen(answer["pages"], pictures)


def procedures(app: App) -> Known:
    """Read what procedures are known."""
    found = tuple(catalogue.procedures(app.store))
    return Known(found, min((one.fetched_at for one in found), default=None))


def create(app: App, dossier_id: str) -> Done:
    """Have the server begin a dossier; without a line it is asked when there is one.

    Raises:
        CreationLacks, CodesNotGiven, CreationRefused and rows of the network.
    """
    dossier = app.dossiers.get(dossier_id)
    app.binding.ask(dossier.id, binding.wish_from_pages(dossier))
    try:
        with app.senders.at_desk() as to:
            return Done(app.binding.create(dossier.id, to))
    except (Offline, PagesUnchecked) as error:  # it is asked for on a later way down
        return Done(app.dossiers.get(dossier.id), unseen=error)


def seen(app: App, bound: Bound) -> Done:
    """See at the server what other desks have put into a dossier that was just given its code."""
    try:
        with app.senders.at_desk() as to:
            dossier = app.syncing.there.bind(to, bound.dossier)
            files = conflicts.elsewhere(app.store, dossier.id, to.server)
    except DigitizerError as error:
        return Done(bound.dossier, unseen=error, merged=bound.merged)
    named = {paper.part: paper.title for paper in dossier.papers if paper.copy == 1}
    others = tuple(dict.fromkeys(named.get(file.part, file.title) for file in files))
    return Done(dossier, others, merged=bound.merged)
