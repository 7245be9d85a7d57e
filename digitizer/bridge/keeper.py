"""Keeps the bridge for web pages going while a home is open: whether it is on, and who may scan.

Used by the window, off its UI thread: every call may block, and any thread may make it. What is
changed holds at once and after the next start.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from msgspec import Struct

from digitizer.app import App
from digitizer.bridge import talk
from digitizer.bridge.consents import SCAN, Consent, Consents
from digitizer.bridge.desk import Desk
from digitizer.bridge.orders import Orders
from digitizer.errors import DigitizerError
from digitizer.storage import queries, webpages
from digitizer.storage.webpages import WebScan

if TYPE_CHECKING:
    from digitizer.bridge.service import ScanService

_LATEST = 5


class BridgeKept(Struct, frozen=True):
    """How the bridge stands.

    Attributes:
        on: Whether it is wanted.
        trouble: Why it does not listen all the same, or None.
        consents: The origins that are allowed or refused.
        latest: What web pages asked for last.
        locked: Whether the administrator's list alone says which origins may scan.
    """

    on: bool = False
    trouble: DigitizerError | None = None
    consents: tuple[Consent, ...] = ()
    latest: tuple[WebScan, ...] = ()
    locked: bool = False


class BridgeKeeper:
    """The bridge of one home."""

    def __init__(self, app: App, desk: Desk, port: int = talk.PORT) -> None:
        """``port``: where it listens; 0 takes a free one, which ``port`` then tells."""
        self._app = app
        self._desk = desk
        self._consents = Consents(app.store, app.policy)
        self._orders = Orders(app)
        self._wanted_port = port
        self.port = 0
        self._changing = threading.Lock()
        self._service: ScanService | None = None
        self._trouble: DigitizerError | None = None
        self._over = False

    def start(self) -> None:
        """Listen, where it is on and does not do so yet; also anew after trouble."""
        with self._changing:
            if self._is_on() and self._service is None and not self._over:
                self._listen()

    def stop(self) -> None:
        """Serve no more, for good."""
        with self._changing:
            self._over = True
            self._end()

    def switch(self, *, on: bool) -> None:
        """Switch it on or off, and remember that. Raises ``ByAdministrator``.

        Where it cannot listen ``state`` says why.
        """
        with self._changing:
            self._app.keep_settings({SCAN: "on" if on else "off"})
            self._end()
            if on and not self._over:
                self._listen()
        self._app.events.publish_progress()

    def allow(self, origin: str) -> None:
        """Let an origin scan, at once where it waits. Raises ``ByAdministrator``."""
        self._consents.allow(origin)
        self._said()

    def refuse(self, origin: str) -> None:
        """Let an origin not scan. Raises ``ByAdministrator``."""
        self._consents.refuse(origin)
        self._said()

    def withdraw(self, origin: str) -> None:
        """Take back what was said of an origin. Raises ``ByAdministrator``."""
        self._consents.withdraw(origin)
        self._said()

    def state(self) -> BridgeKept:
        """Return how it stands. Cheap, and waits for nothing that is being changed."""
        return BridgeKept(
            self._is_on(),
            self._trouble,
            self._consents.all(),
            tuple(webpages.latest(self._app.store, _LATEST)),
            self._consents.locked,
        )

    def _said(self) -> None:
        service = self._service
        if service is not None:
            service.look_again()
        self._app.events.publish_progress()

    def _is_on(self) -> bool:
        return queries.setting(self._app.store, SCAN) == "on"

    def _listen(self) -> None:
        from digitizer.bridge.service import ScanService  # a desk that is not asked starts faster

        service = ScanService(self._consents, self._orders, self._desk, asks=True)
        try:
            self.port = service.start(self._wanted_port)
        except DigitizerError as error:
            self._trouble = error
            service.stop()
        else:
            self._service, self._trouble = service, None

    def _end(self) -> None:
        self._trouble = None
        if self._service is not None:
            self._service.stop()
            self._service, self.port = None, 0
