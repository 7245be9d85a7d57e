"""Signing, as the window knows it: what waits, what was signed just now, whether the key is open.

Stands between the screens and the core, as ``ui.clerks`` does. The PIN passes through to the
signing session and is kept nowhere. Another clerk at the desk locks the key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from digitizer.batchsigning import Listed, Result
from digitizer.errors import DigitizerError
from ui import reads_signing
from ui.bridge import Bridge, Latest, Pool
from ui.clerks import DeskClerks
from ui.office import Office
from ui.reads_signing import ToSign

Failed = Callable[[DigitizerError], None]


class DeskSigning(QObject):
    """The signer's side of one open home.

    Signals:
        changed: Something else waits, something was signed, or the key was opened or locked.
    """

    changed = Signal()

    def __init__(self, office: Office, bridge: Bridge, clerks: DeskClerks, parent: QObject) -> None:
        super().__init__(parent)
        self.office = office
        self._bridge = bridge
        self._clerks = clerks
        self._seated = clerks.at_desk
        self._stop: threading.Event | None = None
        self.to_sign = ToSign()
        self.batch: tuple[Listed, ...] = ()
        self.results: dict[str, Result] = {}
        app = office.app
        self._count = Latest(bridge, lambda: reads_signing.counted(app), self._show)
        office.traffic_changed.connect(self._count)
        clerks.changed.connect(self._reseat)
        app.key.subscribe(lambda: bridge.post(self.changed.emit))

    @property
    def busy(self) -> bool:
        """Whether a list is being signed now."""
        return self._stop is not None

    @property
    def open(self) -> bool:
        """Whether the key signs without a PIN being asked for."""
        return reads_signing.unlocked(self.office.app) is not None

    @property
    def signer(self) -> str:
        """Whose certificate the key has; empty where that is not known."""
        found = reads_signing.unlocked(self.office.app)
        return found.certificate.name if found and found.certificate else ""

    def look(self) -> None:
        """Count anew."""
        self._count()

    def list(self, show: Callable[[ToSign], None]) -> None:
        """Read the list that the signer is to see."""
        app, desk = self.office.app, self.office.desk
        dossier_id = desk.dossier.id if desk else ""
        self._bridge.ask(lambda: reads_signing.listed(app, dossier_id), show)

    def sign(
        self, lines: Sequence[Listed], pin: str, done: Callable[[], None], failed: Failed
    ) -> None:
        """Sign what is listed, in the background; nothing where that is under way already.

        ``done`` once it has ended, however far it came (``results``); ``failed`` where the key
        could not be opened.
        """
        if self.busy or not lines:
            return
        self.batch, self.results = tuple(lines), {}
        stop = self._stop = threading.Event()
        app, batch = self.office.app, self.batch

        def told(one: Result) -> None:
            self._bridge.post(lambda: self._add(one))

        def ended(_results: tuple[Result, ...]) -> None:
            self._end()
            done()

        def refused(error: DigitizerError) -> None:
            self.batch = ()
            self._end()
            failed(error)

        self._bridge.ask(
            lambda: reads_signing.sign(app, batch, pin, stop, told), ended, refused, pool=Pool.LONG
        )
        self.changed.emit()

    def stop(self) -> None:
        """End after what is signed already; the paper in hand is not."""
        if self._stop is not None:
            self._stop.set()

    def lock(self) -> None:
        """Forget the PIN; a list that is being signed ends there."""
        self.stop()
        self._bridge.ask(self.office.app.key.lock, pool=Pool.LONG)

    def forget(self) -> None:
        """Let go of what was signed last."""
        if not self.busy:
            self.batch, self.results = (), {}

    def _add(self, one: Result) -> None:
        self.results[one.listed.paper_id] = one
        self.changed.emit()

    def _end(self) -> None:
        self._stop = None
        self._count()
        self.changed.emit()

    def _show(self, found: ToSign) -> None:
        before, self.to_sign = self.to_sign, found
        if before != found:
            self.changed.emit()

    def _reseat(self) -> None:
        """Lock the key where somebody else is at the desk."""
        before, self._seated = self._seated, self._clerks.at_desk
        if (before and before.id) != (self._seated and self._seated.id):
            self.lock()
