"""Looks now and then at how full the disk is, and says so by the banner before it matters."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from digitizer import space
from digitizer.space import Level, Space
from ui.bridge import Latest
from ui.disk_words import notice
from ui.office import Office
from ui.widgets.banner import Banner
from ui.wording import Act, Notice

_FIRST_MS, _EVERY_MS = 5_000, 600_000
_ORDER = (Level.FINE, Level.SOON, Level.LOW, Level.FULL)


class DiskWatch(QObject):
    """Watches the disk of one office's home."""

    def __init__(
        self, office: Office, banner: Banner, show: Callable[[], None], parent: QObject
    ) -> None:
        """``show`` goes to where the disk is shown."""
        super().__init__(parent)
        self._office = office
        self._banner = banner
        self._show_disk = show
        self._said = Level.FINE
        app = office.app
        self._read = Latest(
            office.bridge, lambda: space.look(app.home, app.store, app.work.server), self.hear
        )
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._read)
        self._timer.start()
        self._first = QTimer(self, singleShot=True, interval=_FIRST_MS)
        self._first.timeout.connect(self._read)
        self._first.start()
        banner.acted.connect(self._act)

    def hear(self, found: Space) -> None:
        """Say what is new about the disk: when it stands worse than was said, or well again."""
        if found.level is Level.FINE:
            self._banner.forget(Act.DISK)
        elif _ORDER.index(found.level) > _ORDER.index(self._said):
            said = notice(found)
            if said is not None:
                self._banner.note(said)
        self._said = found.level

    def _act(self, said: Notice) -> None:
        if said.act is Act.DISK:
            self._show_disk()
