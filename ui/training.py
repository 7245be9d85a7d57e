"""The training in the window: walks the lesson by facts, loads the tray; starts a training.

``Lesson`` works in the training's own window, ``Launcher`` in the real one. Both speak to the
core through the bridge. Knows no widget: what is to be said goes to the office's banner.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from digitizer.app import App
from digitizer.errors import DigitizerError, DossierUnknown
from digitizer.training.place import LESSON, Place, beside, launch
from ui import wording
from ui.bridge import Bridge, Latest, Pool
from ui.lesson import Seen, at_step, in_tray, says
from ui.office import Office
from ui.scanning import Scanning
from ui.target import Ended
from ui.wording import Notice, Tone

if TYPE_CHECKING:
    from pathlib import Path

    from digitizer.training.course import Course
    from digitizer.training.stacks import Stack

STARTED = Notice(
    Tone.INFO,
    "Đang mở Tập huấn trong cửa sổ riêng",
    "Hồ sơ ở cửa sổ này không thay đổi. Cửa sổ tập huấn có dải màu tím ở trên cùng.",
)
RUNNING = Notice(
    Tone.INFO,
    "Tập huấn đang mở rồi",
    "Chuyển sang cửa sổ có dải màu tím ở trên cùng.",
)


class Lesson(QObject):
    """Says step after step what lies in the tray and what to do, and puts it there.

    The tray is changed between scans only, never during one.
    """

    def __init__(
        self, course: Course, office: Office, scanning: Scanning, bridge: Bridge, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._course = course
        self._office = office
        self._scanning = scanning
        self._bridge = bridge
        self._at = 0
        self._said: tuple[int, str] | None = None
        self._loaded: Stack | None = None
        app = office.app
        self._read = Latest(bridge, lambda: self._seen(app), self._show)
        bridge.changed.connect(lambda _: self._read())
        office.desk_changed.connect(self._read)
        scanning.ended.connect(self._scan_ended)
        self._read()

    @property
    def step(self) -> int:
        """The step that the clerk stands before."""
        return self._at

    def _seen(self, app: App) -> Seen | None:
        desk = self._office.desk
        try:
            dossier = app.dossiers.find(LESSON.no)
        except DossierUnknown:
            return None
        return Seen(dossier, desk is not None and desk.dossier.id == dossier.id)

    def _show(self, seen: Seen | None) -> None:
        if self._scanning.target is not None:
            return
        self._at = at_step(self._at, seen)
        wanted = in_tray(self._at)
        if wanted is not None and wanted is not self._loaded:
            self._loaded = wanted
            self._bridge.ask(
                lambda: self._course.load(wanted), failed=self._not_loaded, pool=Pool.LONG
            )
        desk = self._office.desk
        here = (self._at, desk.dossier.id if desk is not None else "")
        if here != self._said:
            self._said = here
            notice = says(self._at, astray=seen is not None and desk is not None and not seen.open)
            if notice is not None:
                self._office.noted.emit(notice)

    def _scan_ended(self, ended: Ended) -> None:
        """The paper is out of the tray: put in what comes next, or the same once more."""
        if ended.pages:
            self._loaded = None
        if ended.error is None:
            self._said = None
        self._read()

    def _not_loaded(self, error: DigitizerError) -> None:
        self._office.said.emit(wording.failed(error))


class Launcher(QObject):
    """Starts the training that belongs to a home, one at a time."""

    def __init__(self, home: Path, office: Office, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._home = home
        self._place: Place = beside(home)
        self._office = office
        self._bridge = bridge
        self._started: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Open the training, or say that it is open; nothing here changes."""
        said = self._office.said
        self._bridge.ask(
            self._start,
            said.emit,
            lambda error: said.emit(wording.failed(error)),
            pool=Pool.LONG,
        )

    def _start(self) -> Notice:
        alive = self._started is not None and self._started.poll() is None
        if alive or self._place.running:
            return RUNNING
        self._started = launch(self._home)
        return STARTED
