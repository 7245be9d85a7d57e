"""What the screens read of the core, each in one go. Every function blocks: run by the bridge.

Returns frozen values that the screens keep; they never hold the store. Knows no Qt.
"""

from __future__ import annotations

import json
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from digitizer import departures, pace, plan
from digitizer.app import App
from digitizer.catalogue import list_now
from digitizer.digitized import at_result, by_side
from digitizer.errors import DigitizerError, DossierExists, DossierNotAtServer, Remedy
from digitizer.model import Dossier, Paper, PaperKind, PlacedBy
from digitizer.proposing import Suggestion, suggestions
from digitizer.seams import Twin
from digitizer.servers import Server
from digitizer.storage import queries
from digitizer.storage.changes import UNSORTED
from digitizer.twins import twins
from digitizer.work import marking
from digitizer.work.lane import LaneState
from digitizer.work.marking import Telling
from digitizer.work.queue import Outbox, Parked, outbox, sending, troubles
from ui import language
from ui.keeping import Keeping

_TEXT_SIZE, _COLOURS, _LANGUAGE = "window.text", "window.colours", "window.language"


class Moved(Struct, frozen=True):
    """Pages that were scanned into one dossier and that a code led to another, ``dossier``
    (its head alone). ``unsorted``: that is *Chưa phân loại*."""

    dossier: Dossier
    pages: tuple[str, ...]
    unsorted: bool = False


class Desk(Struct, frozen=True):
    """All that the counter shows of one dossier.

    Attributes:
        dossier: Its facts.
        troubles: Work on it that failed and is not done.
        sending: Ids of papers on their way to the procedure system now.
        server: The name of the procedure system that dossiers go to, or None.
        twins: Pages that were probably scanned twice after a batch broke off.
        suggestions: Pages among *giấy tờ khác* that seem to be papers of its list.
        moved: Where pages went that were scanned into it; the dossier that got the last is last.
        unsorted: Whether it is *Chưa phân loại*.
    """

    dossier: Dossier
    troubles: tuple[Parked, ...] = ()
    sending: frozenset[str] = frozenset()
    server: str | None = None
    moved: tuple[Moved, ...] = ()
    twins: tuple[Twin, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    unsorted: bool = False

    @property
    def bindable(self) -> bool:
        """Whether it is a local dossier that could get a mã hồ sơ."""
        return self.dossier.code is None and not self.unsorted

    @property
    def mistaken(self) -> bool:
        """Whether its code is one that the procedure system does not know."""
        refused = any(one.error == DossierNotAtServer.code for one in self.troubles)
        return refused and self.dossier.code is not None and not self.dossier.server_ref

    @property
    def batches(self) -> frozenset[str]:
        """Ids of the batches that its pages are of."""
        return frozenset(page.batch_id for paper in self.dossier.papers for page in paper.pages)

    def moved_since(self, before: frozenset[str]) -> tuple[Moved, ...]:
        """Return ``moved`` without the pages that had left by then."""
        fresh = [(one, tuple(p for p in one.pages if p not in before)) for one in self.moved]
        return tuple(replace(one, pages=pages) for one, pages in fresh if pages)

    @property
    def first_paper(self) -> str | None:
        """The id of the first paper that is required and missing, else of the first of all: of the
        results once all else is sent, of the rest before."""
        now = at_result(self.dossier, self.server)
        listed = self.dossier.listed
        papers = [one for one in listed if (one.kind is PaperKind.RESULT) is now] or listed
        first = [paper.id for paper in papers if paper.required and not paper.there]
        return next(iter(first or [paper.id for paper in papers]), None)

    def paper_at(self, paper_id: str | None) -> str | None:
        """Return the id of the paper that becomes current: the wanted one, if it is there; the
        one before it where nothing is left in it."""
        ids = [paper.id for paper in self.dossier.papers]
        listed = [paper.id for paper in self.dossier.listed]
        if paper_id not in ids:
            return self.first_paper
        near = [one for one in ids[: ids.index(paper_id) + 1] if one in listed]
        return near[-1] if near else self.first_paper

    def trouble(self, paper: Paper) -> Parked | None:
        """Return the first trouble of a paper or of one of its pages."""
        images = {page.sha256 for page in paper.live_pages}
        for one in self.troubles:
            if one.subject == paper.id or one.subject.partition(":")[0] in images:
                return one
        return None


class Traffic(Struct, frozen=True):
    """What waits to be sent, and what the lanes are up to.

    Attributes:
        server: Whether there is a procedure system to send to.
        kept: Finished dossiers that nothing is going to send: no server, or no mã hồ sơ.
        sent_at: When the procedure system last confirmed a paper, or None.
        withheld: Papers of finished dossiers that somebody left here.
    """

    outbox: Outbox
    local: LaneState
    sync: LaneState
    server: bool
    kept: int = 0
    sent_at: datetime | None = None
    withheld: int = 0


class Wishes(Struct, frozen=True):
    """How this desk wants the window to look and the machine to work, as the store remembers it.

    Attributes:
        text: Size of the type in points.
        colours: ``auto``, ``light`` or ``dark``.
        pace: Who goes first on this machine.
        language: ``vi`` or ``en``; holds from the next start on.
        marks: Whether the procedure system is told how many papers it received.
    """

    text: int = 11
    colours: str = "auto"
    pace: pace.Pace = pace.Pace.WORK
    language: str = "vi"
    marks: Telling = Telling.ON


class Settings(Struct, frozen=True):
    """What the settings screen starts from."""

    wishes: Wishes = field(default_factory=Wishes)
    server: Server | None = None


def desk(app: App, dossier_id: str, batches: frozenset[str] = frozenset()) -> Desk:
    """Read everything about one dossier. Raises ``DossierUnknown``.

    ``batches``: ids of those scanned into it of which no page may be left in it.
    """
    found = app.dossiers.get(dossier_id)
    found = replace(found, papers=by_side(found.papers))
    read = Desk(
        found,
        tuple(troubles(app.store, dossier_id)),
        sending(app.store, dossier_id),
        app.work.server,
        twins=twins(app.store, app.vault, found),
        suggestions=tuple(one for paper in found.papers for one in suggestions(found, paper)),
        unsorted=queries.setting(app.store, UNSORTED) == dossier_id,
    )
    return replace(read, moved=_moved_by_code(app, dossier_id, read.batches | batches))


def _moved_by_code(app: App, dossier_id: str, batches: frozenset[str]) -> tuple[Moved, ...]:
    found: dict[str, list[str]] = {}
    for row in app.store.rows(
        "SELECT page.id, there.dossier_id FROM page "
        "JOIN paper AS there ON there.id = page.paper_id "
        "JOIN batch ON batch.id = page.batch_id JOIN paper AS home ON home.id = batch.paper_id "
        "WHERE page.batch_id IN (SELECT value FROM json_each(?)) AND page.placed_by = ? "
        "AND page.deleted_at IS NULL AND home.dossier_id = ? AND there.dossier_id <> ? "
        "ORDER BY batch.started_at, page.batch_seq",
        json.dumps(sorted(batches)),
        PlacedBy.CODE.value,
        dossier_id,
        dossier_id,
    ):
        to = str(row["dossier_id"])
        found[to] = [*found.pop(to, ()), str(row["id"])]
    there = {head.id: head for head in heads(app, frozenset(found))}
    unsorted = queries.setting(app.store, UNSORTED)
    return tuple(Moved(there[to], tuple(pages), to == unsorted) for to, pages in found.items())


def last_page(app: App, batch_id: str, paper_id: str) -> str | None:
    """Return the id of a batch's last page in a paper, or None."""
    rows = app.store.rows(
        "SELECT id FROM page WHERE batch_id = ? AND paper_id = ? AND deleted_at IS NULL "
        "ORDER BY batch_seq DESC LIMIT 1",
        batch_id,
        paper_id,
    )
    return str(rows[0]["id"]) if rows else None


def is_last(app: App, page_id: str) -> bool:
    """Tell whether no page of its paper that counts comes behind a page."""
    return not app.store.rows(
        "SELECT 1 FROM page JOIN page AS behind ON behind.paper_id = page.paper_id "
        "AND behind.rank > page.rank AND behind.deleted_at IS NULL WHERE page.id = ?",
        page_id,
    )


def traffic(app: App, keeping: Keeping) -> Traffic:
    """Read what waits and what the lanes do."""
    server = app.work.server is not None
    (newest,) = app.store.rows("SELECT max(at) AS at FROM receipt")
    return Traffic(
        outbox(app.store),
        app.local.state(),
        app.sync.state(),
        server,
        keeping.count(server=server),
        datetime.fromisoformat(newest["at"]) if newest["at"] else None,
        departures.count_withheld(app.store, app.work.server),
    )


def settings(app: App) -> Settings:
    """Read what was chosen; a value of another version counts as not chosen."""

    def value(name: str, default: str) -> str:
        return queries.setting(app.store, name) or default

    text = value(_TEXT_SIZE, "11")
    wishes = Wishes(
        int(text) if text in ("11", "14") else 11,
        value(_COLOURS, "auto"),
        pace.get(app.store),
        "en" if value(_LANGUAGE, "vi") == "en" else "vi",
        marking.get(app.store),
    )
    return Settings(wishes, app.servers.get())


def keep_wishes(app: App, wishes: Wishes) -> None:
    """Remember what was chosen. Raises ``ByAdministrator``."""
    app.keep_settings(
        {
            _TEXT_SIZE: str(wishes.text),
            _COLOURS: wishes.colours,
            _LANGUAGE: wishes.language,
            marking.SETTING: wishes.marks.value,
        }
    )
    app.keep_pace(wishes.pace)
    language.keep(app.home, wishes.language)


def heads(app: App, dossier_ids: frozenset[str]) -> list[Dossier]:
    """Read some dossiers without their papers, newest first."""
    found = [queries.dossier(app.store, dossier_id) for dossier_id in dossier_ids]
    there = [replace(one, papers=()) for one in found if one is not None]
    return sorted(there, key=lambda one: one.opened_at, reverse=True)


def desk_of(app: App, code: str) -> Desk:
    """Read the dossier with this mã hồ sơ. Raises ``DossierUnknown``."""
    return desk(app, app.dossiers.find(code).id)


def fetch(app: App, code: str) -> Desk:
    """Bring one dossier here from the procedure system, and read it.

    Raises:
        DossierNotAtServer, Offline and the other rows of the network.
    """
    with app.senders.at_desk() as there:
        found = there.system.find(code)
        listed = list_now(app.store, there.system, there.server, found.template)
    app.dossiers.take_from_server(found, listed.papers, there.server, listed.version)
    return desk_of(app, code)


def open_or_make(app: App, code: str | None) -> Desk:
    """Begin a dossier (None: with a local number) and read it; one that is here is just read."""
    try:
        return desk(app, app.dossiers.open_new(code=code).id)
    except DossierExists:
        return desk_of(app, code or "")


def retry(app: App, dossier_id: str | None) -> None:
    """Take up again what failed, of one dossier or of all, whatever the reason was."""
    if dossier_id is None:
        app.senders.forget()
    app.work.retry((*plan.LOCAL, *plan.SYNC), parked=tuple(Remedy), dossier_id=dossier_id)
    app.syncing.there.look_anew()
    app.local.wake()
    app.sync.wake()


def send_now(app: App) -> None:
    """Take up again what failed, and send what waits, whatever the hour."""
    app.gate.open_once()
    retry(app, None)


def set_server(
    app: App, server: Server | None, password: str
) -> tuple[DigitizerError | None, Settings]:
    """Use ``server`` from now on (None: the one that is set), sign in, and say how it went, and
    what is set then."""
    try:
        if server is not None:
            app.servers.set(server, password)
            app.server_changed()
        _check(app)
    except DigitizerError as error:
        return error, settings(app)
    return None, settings(app)


def _check(app: App) -> None:
    """Sign in under the office's own account; where it has none, as who is at the desk."""
    server = app.servers.get()
    if server is None or server.user or not app.clerks.all():
        app.servers.connect().system.check()
        return
    with app.senders.at_desk() as to:
        to.system.check()
