"""The clerks of this desk, as the window knows them: who is there now, whose password is needed.

Stands between the screens and the core, as ``ui.profiles`` does. Where there is no list, nothing
of it is seen.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from digitizer import errors
from digitizer.errors import ClerkError, DigitizerError
from digitizer.hanging import Held
from digitizer.storage.clerks import Clerk
from ui import reads_clerks, wording
from ui.bridge import Bridge, Latest, Pool
from ui.office import Office
from ui.reads_clerks import Draft, Seats

Say = Callable[[DigitizerError | None], None]
"""Hears how it went; None: well."""


class DeskClerks(QObject):
    """Who works here.

    Signals:
        changed: Others are on the list, or somebody else is at the desk.
        said: A ``Notice``: somebody's password is needed. Each once.
    """

    changed = Signal()
    said = Signal(object)

    def __init__(self, office: Office, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._bridge = bridge
        self._told: frozenset[tuple[str, str]] = frozenset()
        self._behind = False
        self.seats = Seats()
        app = office.app
        self._read = Latest(bridge, lambda: reads_clerks.seats(app), self._show)
        office.traffic_changed.connect(self._read)

    @property
    def all(self) -> tuple[Clerk, ...]:
        """Who is on the list."""
        return self.seats.all

    @property
    def at_desk(self) -> Clerk | None:
        """Who is at the desk now."""
        return self.seats.at_desk

    def use(self, clerk_id: str) -> None:
        """Have somebody else at the desk from now on; what was begun stays who began it."""
        app = self._office.app

        def seated(seats: Seats) -> None:
            self._show(seats)
            self._fetch_anew()

        self._bridge.ask(lambda: reads_clerks.use(app, clerk_id), seated, self._refused)

    def keep(self, draft: Draft, say: Say) -> None:
        """Keep somebody and their password, and ``say`` how signing in went."""
        app = self._office.app

        def kept(error: DigitizerError | None) -> None:
            self._read()
            say(error)
            if not isinstance(error, ClerkError):
                self._fetch_anew()

        self._bridge.ask(lambda: reads_clerks.keep(app, draft), kept, say, pool=Pool.LONG)

    def remove(self, clerk_id: str, say: Say) -> None:
        """Take somebody off the list."""
        app = self._office.app

        def removed() -> None:
            self._read()
            say(None)

        self._bridge.ask(
            lambda: reads_clerks.remove(app, clerk_id), lambda _: removed(), say, pool=Pool.LONG
        )

    def _fetch_anew(self) -> None:
        """Fetch what waits for who is at the desk, as soon as nothing else is being fetched:
        another account may sign in now."""
        self._office.unfetched = None
        self._behind = not self._office.fetch()

    def _refused(self, error: DigitizerError) -> None:
        self.said.emit(wording.failed(error))

    def _show(self, seats: Seats) -> None:
        before, self.seats = self.seats, seats
        if (before.all, before.at_desk) != (seats.all, seats.at_desk):
            self.changed.emit()
        if self._behind:
            self._fetch_anew()
        self._tell(seats)

    def _tell(self, seats: Seats) -> None:
        """Say whose password is needed, where that was not said yet."""
        needed = {(one.clerk, one.error): one for one in seats.held}
        unfetched = self._office.unfetched
        if isinstance(unfetched, ClerkError):
            at_desk = Held(unfetched.detail, unfetched.who, unfetched.code, 0)
            needed.setdefault((at_desk.clerk, at_desk.error), at_desk)
        for key, one in needed.items():
            if key not in self._told:
                self.said.emit(wording.held(errors.kind(one.error), one.clerk, one.who))
        self._told = frozenset(needed)
