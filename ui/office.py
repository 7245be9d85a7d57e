"""What the window is doing, without a widget: the open dossier, the current paper, the verbs.

Stands between the screens and the core: every call goes through the bridge, every answer comes
back as a signal. Nothing here blocks, draws or speaks to a scanner.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from digitizer import errors
from digitizer.app import App
from digitizer.errors import DigitizerError, Offline, Remedy
from digitizer.identifiers import dossier_codes
from digitizer.model import Dossier, Paper
from digitizer.servers import Server
from ui import reads, wording
from ui.bridge import Bridge, Latest, Pool
from ui.keeping import Keeping
from ui.profiles import DeskProfiles
from ui.reach import Reach
from ui.reads import Desk, Moved, Settings, Traffic, Wishes

_FETCH_MS = 5 * 60 * 1000
_LOOK_MS = 5000
_Then = Callable[[], None]


class Office(QObject):
    """The state behind the screens of one open home.

    Signals:
        desk_changed: Facts of the open dossier, or another one, or none.
        paper_changed: Another paper is current.
        list_changed: The dossiers that can be found may be others.
        traffic_changed: What waits to be sent.
        settings_changed: What was chosen.
        offered: A well-formed code nobody knows (str), and why (an error): make it?
        said: A ``Notice`` for the banner.
        noted: A ``Notice`` that can wait until the banner has nothing more urgent to say.
        revised: A ``Notice`` in place of what was noted with its button, if that still stands.
        settled: What was noted with this button is no longer so (``Act``).
    """

    desk_changed = Signal()
    paper_changed = Signal()
    list_changed = Signal()
    traffic_changed = Signal()
    settings_changed = Signal()
    offered = Signal(str, object)
    said = Signal(object)
    noted = Signal(object)
    revised = Signal(object)
    settled = Signal(object)

    def __init__(self, app: App, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.app = app
        self.bridge = bridge
        self.desk: Desk | None = None
        self.opening = ""
        self.paper_id: str | None = None
        self.traffic: Traffic | None = None
        self.settings = Settings()
        self.profiles = DeskProfiles(app, bridge, self._refused, self)
        self._reach = Reach()
        self.fetched_at: datetime | None = None
        self.unfetched: DigitizerError | None = None
        self._asked = 0
        self._stale = self._fetching = False
        self._complained: set[str] = set()
        self._finished = ""
        self._batches: frozenset[str] = frozenset()
        self._moved: tuple[Moved, ...] = ()
        self._moved_before: frozenset[str] = frozenset()
        self.sent_in_round = 0
        self._keeping = kept = Keeping(app.store)
        self._read_traffic = Latest(bridge, lambda: reads.traffic(app, kept), self._show_traffic)
        self._read_desk = Latest(bridge, self._desk_now, self._show_desk)
        bridge.changed.connect(self._on_change)
        for every, what in ((_FETCH_MS, self.fetch), (_LOOK_MS, self._read_traffic)):
            timer = QTimer(self, interval=every)
            timer.timeout.connect(what)
            timer.start()

    def begin(self) -> None:
        """Read everything for the first time and fetch what waits at the server."""
        self.bridge.watch(self.app.events)
        self.read_settings()
        self.profiles.read()
        self._read_traffic()
        self.fetch()

    # --- the open dossier -------------------------------------------------------------------

    @property
    def paper(self) -> Paper | None:
        """The current paper."""
        if self.desk is None or self.paper_id is None:
            return None
        return self.desk.dossier.paper_by_id(self.paper_id)

    @property
    def troubled_since(self) -> datetime | None:
        """Since when nothing can be sent or fetched, as found out here; None while it can."""
        return self._reach.lost_since

    @property
    def locked_out(self) -> bool:
        """Whether the password was refused: only who asks for it signs in, lest it lock."""
        paused = self.traffic.sync.paused if self.traffic else None
        met = (paused, self.unfetched)
        return any(isinstance(error, wording.PASSWORD_ERRORS) for error in met)

    def open(self, dossier_id: str, paper_id: str | None = None) -> None:
        """Open a dossier that is here, at one of its papers (None: where work goes on)."""
        self._open("", lambda: reads.desk(self.app, dossier_id), paper_id=paper_id)

    def open_code(self, typed: str) -> None:
        """Open the dossier whose mã hồ sơ is in what a reader or a person typed.

        The dossier open before is closed at once: nothing can be scanned into it by mistake
        while the other is looked for, here and then at the procedure system.
        """
        codes = dossier_codes(typed)
        if len(codes) != 1:
            self.said.emit(wording.NO_CODE)
            return
        code = codes[0]

        def unknown(error: DigitizerError) -> None:
            there = self.app.work.server is not None and not self.locked_out
            if isinstance(error, errors.DossierUnknown) and there:
                self._open(code, lambda: reads.fetch(self.app, code), offer, pool=Pool.LONG)
            else:
                offer(error)

        def offer(error: DigitizerError) -> None:
            self.opening = ""
            self.desk_changed.emit()
            self.offered.emit(code, error)

        self._open(code, lambda: reads.desk_of(self.app, code), unknown)

    def make(self, code: str | None) -> None:
        """Begin a dossier; without a code it gets a local number."""
        self._open(code or "", lambda: reads.open_or_make(self.app, code))

    def expect(self, dossier_id: str, batch_id: str) -> None:
        """Know of a batch scanned into a dossier: a code may lead all of it away unseen."""
        if self.desk is not None and self.desk.dossier.id == dossier_id:
            self._batches |= {batch_id}
            self._read_desk()

    def close_desk(self) -> None:
        """Have no dossier open."""
        self._asked += 1
        self.desk, self.paper_id, self.opening = None, None, ""
        self.desk_changed.emit()
        self._tell_stale()

    def choose_paper(self, paper_id: str) -> None:
        """Make a paper of the open dossier current."""
        if self.desk is not None and self.desk.dossier.paper_by_id(paper_id) is not None:
            self.paper_id = paper_id
            self.paper_changed.emit()

    def step_paper(self, by: int) -> None:
        """Make the next (1) or previous (-1) paper current."""
        ids = [paper.id for paper in self.desk.dossier.listed] if self.desk else []
        self.nth_paper(by + (ids.index(self.paper_id) + 1 if self.paper_id in ids else 0))

    def nth_paper(self, number: int) -> None:
        """Make the paper with this number (from 1) current."""
        papers = self.desk.dossier.listed if self.desk else ()
        if 1 <= number <= len(papers):
            self.choose_paper(papers[number - 1].id)

    # --- verbs ------------------------------------------------------------------------------

    def edit(
        self, verb: Callable[[str], Any], done: _Then | None = None, failed: _Then | None = None
    ) -> None:
        """Run a verb on the open dossier, then ``done``, or say why not and then ``failed``."""

        def refused(error: DigitizerError) -> None:
            self._refused(error)
            if failed is not None:
                failed()

        if self.desk is not None:
            dossier_id = self.desk.dossier.id
            self.bridge.ask(lambda: verb(dossier_id), lambda _: done and done(), refused)

    def retry(self) -> None:
        """Take up again what failed, now."""
        self._complained.clear()
        self.unfetched = None
        self._take_up(reads.send_now)

    def _take_up(self, again: Callable[[App], None]) -> None:
        self.bridge.ask(lambda: again(self.app), lambda _: self._fetch_now(), self._refused)

    def finish(self) -> None:
        """Mark the open dossier as done, so that it may go out, and close it."""
        if self.desk is None:
            return
        dossier_id = self.desk.dossier.id

        def finished(dossier: Dossier) -> None:
            self._finished = dossier.id
            if self.desk is not None and self.desk.dossier.id == dossier.id:
                self.close_desk()
            server = self.app.work.server is not None
            self.said.emit(wording.finished(dossier, server=server))

        self.bridge.ask(lambda: self.app.dossiers.finish(dossier_id), finished, self._refused)

    def reopen(self) -> None:
        """Take ``finish`` back: of the open dossier, else of the one finished last."""
        dossier_id = self.desk.dossier.id if self.desk else self._finished
        if dossier_id:
            self.bridge.ask(
                lambda: self.app.dossiers.reopen(dossier_id),
                lambda dossier: self.open(dossier.id),
                self._refused,
            )

    # --- settings and the server ------------------------------------------------------------

    def read_settings(self) -> None:
        """Read what was chosen."""
        self.bridge.ask(lambda: reads.settings(self.app), self._show_settings)

    def keep_wishes(self, wishes: Wishes) -> None:
        """Remember what was chosen; it holds from now on."""
        self._show_settings(Settings(wishes, self.settings.server))
        self.bridge.ask(lambda: reads.keep_wishes(self.app, wishes), failed=self._refused)

    def check_server(
        self, server: Server | None, password: str, say: Callable[[DigitizerError | None], None]
    ) -> None:
        """Use ``server`` (None: the one that is set), sign in, and ``say`` how it went."""

        def checked(outcome: tuple[DigitizerError | None, Settings]) -> None:
            error, settings = outcome
            self.unfetched = error
            self._show_settings(settings)  # what is typed next is compared with it
            say(error)
            if error is None:
                self._complained.clear()
                self._take_up(lambda app: reads.retry(app, None))
            elif isinstance(error, Offline):
                self._not_fetched(error)

        self.bridge.ask(
            lambda: reads.set_server(self.app, server, password), checked, say, pool=Pool.LONG
        )

    def fetch(self) -> bool:
        """Bring down what waits at the server, if one is set; False: that was under way."""
        free = not self._fetching
        if not self.locked_out:
            self._fetch_now()
        return free

    def _fetch_now(self) -> None:
        if self._fetching or self.app.work.server is None:
            return
        self._fetching, met = True, list[DigitizerError]()
        self.bridge.ask(
            lambda: self.app.syncing.down(self.bridge.closing, met.append),
            lambda _: self._fetched(met),
            self._not_fetched,
            pool=Pool.LONG,
        )

    # --- answers ----------------------------------------------------------------------------

    def _open(
        self,
        name: str,
        read: Callable[[], Desk],
        failed: Callable[[DigitizerError], None] | None = None,
        *,
        pool: Pool = Pool.FACTS,
        paper_id: str | None = None,
    ) -> None:
        """Open what ``read`` gives, at ``paper_id`` if it has that, unless another is asked for."""
        self.close_desk()
        self.opening = name
        asked = self._asked
        self.desk_changed.emit()

        def show(desk: Desk) -> None:
            if asked == self._asked:
                self.opening = ""
                self.desk = desk
                self.paper_id = desk.paper_at(paper_id)
                self._batches, self._moved = desk.batches, ()
                self._moved_before = frozenset(p for one in desk.moved for p in one.pages)
                self.desk_changed.emit()
                if not desk.dossier.server_ref:
                    self.fetch()

        def complain(error: DigitizerError) -> None:
            if asked == self._asked:
                self.opening = ""
                self.desk_changed.emit()
                (failed or self._refused)(error)

        self.bridge.ask(read, show, complain, pool=pool)

    def _on_change(self, dossiers: frozenset[str]) -> None:
        self._keeping.touch(dossiers)
        self._read_traffic()
        self._stale = True
        if self.desk is None:
            self._tell_stale()
        elif self.desk.dossier.id in dossiers:
            self._read_desk()

    def _tell_stale(self) -> None:
        """Have the list read anew, where it is not true any more, while it can be seen."""
        if self._stale:
            self._stale = False
            self.list_changed.emit()

    def _desk_now(self) -> Desk | None:
        desk = self.desk
        if desk is None:
            return None
        return reads.desk(self.app, desk.dossier.id, self._batches)

    def _show_desk(self, desk: Desk | None) -> None:
        if desk is None or self.desk is None or desk.dossier.id != self.desk.dossier.id:
            return
        if desk != self.desk:
            self.desk = desk
            self._batches |= desk.batches
            self.paper_id = desk.paper_at(self.paper_id)
            self.desk_changed.emit()
            self._tell_moved(desk)

    def _tell_moved(self, desk: Desk) -> None:
        """Say which pages left by their code: else the count drops unexplained."""
        since_opened = desk.moved_since(self._moved_before)
        if since_opened and since_opened != self._moved:
            self._moved = since_opened
            self.noted.emit(wording.moved(since_opened))

    def _show_settings(self, settings: Settings) -> None:
        self.settings = settings
        self.settings_changed.emit()

    def _show_traffic(self, traffic: Traffic) -> None:
        self._count_round(traffic.outbox.waiting)
        self.traffic = traffic
        if self._reach.sending(traffic.sync):
            self.fetch()
        self.traffic_changed.emit()
        for lane in (traffic.local, traffic.sync):
            if (error := lane.paused) is None or error.code in self._complained:
                continue
            if (notice := wording.lane_paused(error)) is not None:
                self._complained.add(error.code)
                self.said.emit(notice)

    def _count_round(self, waiting: int) -> None:
        """Count what has left since the outbox was last empty, to say *n of m*."""
        before = self.traffic.outbox.waiting if self.traffic else waiting
        self.sent_in_round = self.sent_in_round + max(0, before - waiting) if waiting else 0

    def _fetched(self, met: list[DigitizerError]) -> None:
        self._fetching, self.unfetched = False, None
        self._reach.fetched()
        if not met:  # else something of what waits there may be missing here
            self.fetched_at = datetime.now(UTC)
        if self.traffic is not None and self.traffic.sync.paused is not None:
            self.bridge.ask(self.app.sync.wake)  # a lane holds its lock across a commit
        self._read_traffic()
        for error in met[:1]:
            self._not_fetched(error)

    def _not_fetched(self, error: DigitizerError) -> None:
        self._fetching, self.unfetched = False, error
        self._reach.missed(error)
        if isinstance(error, Offline | errors.ClerkError):  # ``ui.clerks`` says whose account it is
            self.traffic_changed.emit()
        elif error.remedy is not Remedy.LATER and error.code not in self._complained:
            self._complained.add(error.code)
            self.said.emit(wording.failed(error))

    def _refused(self, error: DigitizerError) -> None:
        self.said.emit(wording.failed(error))
