"""The watched folders of this desk, as the window knows them, without a widget.

Every call to the core goes through the bridge. Tells the banner when something begins to wait for
somebody. Stands between the screens and the core; knows no driver.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from digitizer.errors import DigitizerError
from digitizer.rules import Rule, Same
from digitizer.storage.deliveries import Question
from digitizer.watchkeeper import Watch, Watchkeeper, WatchKept
from ui import folder_words, wording
from ui.bridge import Bridge, Latest, Pool
from ui.office import Office
from ui.wording import Act

Say = Callable[[DigitizerError | int], None]
"""Hears how it went: how many folders are watched in addition, or why not."""


class DeskFolders(QObject):
    """Which folders are watched, and what waits in them.

    Signals:
        changed: Others are watched, or other files wait.
    """

    changed = Signal()

    def __init__(
        self, office: Office, bridge: Bridge, watch: Watch, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._office = office
        self._bridge = bridge
        self._keeper = Watchkeeper(office.app, watch)
        self._told: frozenset[str] = frozenset()
        self.kept = WatchKept()
        self._read = Latest(bridge, self._keeper.state, self._show)
        bridge.changed.connect(lambda _: self._read())

    def begin(self) -> None:
        """Watch what is remembered; also after trouble."""
        self._ask(self._keeper.start)

    def close(self) -> None:
        """Watch no more. Blocks, briefly; every page that was saved stays."""
        self._keeper.stop()

    def add(self, rule: Rule, say: Say) -> None:
        """Watch a folder too, from now on; ``say`` hears how it went."""

        def added() -> int:
            self._keeper.add([rule])
            return 1

        self._bridge.ask(added, lambda number: self._done(number, say), say, pool=Pool.LONG)

    def take(self, file: Path, say: Say) -> None:
        """Watch the folders that a file of rules names; ``say`` hears how it went."""
        self._bridge.ask(
            lambda: self._keeper.take(file),
            lambda number: self._done(number, say),
            say,
            pool=Pool.LONG,
        )

    def remove(self, folder: Path) -> None:
        """Watch a folder no more; its files stay."""
        self._ask(lambda: self._keeper.remove(folder))

    def answer(self, questions: tuple[Question, ...], said: Same) -> None:
        """Say whether to take files again that were taken before."""
        self._ask(lambda: self._keeper.answer(questions, said))

    def _ask(self, work: Callable[[], None]) -> None:
        """Do it on a thread of its own: what watches now may have to end its file first."""
        self._bridge.ask(work, lambda _: self._read(), self._refused, pool=Pool.LONG)

    def _done(self, number: int, say: Say) -> None:
        self._read()
        say(number)

    def _refused(self, error: DigitizerError) -> None:
        self._office.said.emit(wording.failed(error))
        self._read()

    def _show(self, kept: WatchKept) -> None:
        if kept == self.kept:
            return
        self.kept = kept
        needs = folder_words.needs(kept)
        fresh, self._told = needs - self._told, needs
        if fresh:
            self._office.noted.emit(folder_words.notice(kept))
        elif needs:
            self._office.revised.emit(folder_words.notice(kept))
        else:
            self._office.settled.emit(Act.LOOK)
        self.changed.emit()
