"""How much waits at the lists, for the rail and for *Cần xử lý*; kept up to date in the background.

One cheap read whenever the office looks at its traffic (at every change, and every few seconds).
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from digitizer.recovery import Recovered
from digitizer.watchkeeper import WatchKept
from ui import reads_lists, secret_words, trouble_words, wording
from ui.bridge import Bridge, Latest, Pool
from ui.folders import DeskFolders
from ui.office import Office
from ui.reads_lists import Waiting
from ui.rows import Row

_GATHER_MS = 300
"""How long news are gathered: a number on the rail need not follow every page."""


class Waits(QObject):
    """What waits.

    Signals:
        changed: Something else waits.
    """

    changed = Signal()

    def __init__(
        self,
        office: Office,
        bridge: Bridge,
        folders: DeskFolders | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._office = office
        self._folders = folders
        self._recovered: Recovered = office.app.recovered
        self._waiting = Waiting()
        self._suspected: frozenset[str] = frozenset()
        self.tasks = self.leaving = 0
        self.troubles: tuple[Row, ...] = ()
        self._read = Latest(bridge, lambda: reads_lists.waiting(office.app), self._show)
        self._timer = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._timer.timeout.connect(self.look)
        office.traffic_changed.connect(self._hear)
        if folders is not None:
            folders.changed.connect(self._tell)
        bridge.ask(
            lambda: reads_lists.go_through(office.app), lambda _: self.look(), pool=Pool.LONG
        )

    def look(self) -> None:
        """Read what waits now."""
        self._read()

    def forget(self, key: str) -> None:
        """Let go of what somebody has seen."""
        if key == trouble_words.SET_ASIDE:
            self._recovered = Recovered()
            self._tell()

    def _hear(self) -> None:
        """Count at once what the window's corner says at once; the rest follows."""
        before, self.leaving = self.leaving, self._leaving()
        if before != self.leaving:
            self.changed.emit()
        if not self._timer.isActive():
            self._timer.start()

    def _show(self, waiting: Waiting) -> None:
        self._waiting = waiting
        self._tell()

    def _tell(self) -> None:
        office = self._office
        kept = WatchKept() if self._folders is None else self._folders.kept
        now = trouble_words.Now(office.traffic, office.unfetched, kept, self._recovered)
        troubles = trouble_words.rows(self._waiting.hanging, now, self._waiting.remnants)
        before = (self.tasks, self.leaving, self.troubles)
        self.tasks, self.leaving, self.troubles = self._waiting.tasks, self._leaving(), troubles
        if before != (self.tasks, self.leaving, self.troubles):
            self.changed.emit()
        self._tell_secrets()

    def _leaving(self) -> int:
        return self._office.traffic.outbox.waiting if self._office.traffic else 0

    def _tell_secrets(self) -> None:
        """Say it wherever the clerk is when a page stops a dossier, and no more once it is
        decided."""
        suspects = self._waiting.hanging.suspects
        notice = secret_words.notice(suspects)
        pages = frozenset(one.page.id for one in suspects if not one.page.secrecy.confirmed)
        if notice is None and self._suspected:
            self._office.settled.emit(wording.Act.SEE_MARKED)
        elif notice is not None and pages - self._suspected:
            self._office.noted.emit(notice)
        elif notice is not None and pages != self._suspected:
            self._office.revised.emit(notice)
        self._suspected = pages
