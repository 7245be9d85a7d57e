"""The wishes to scan (*mẫu quét*) of this desk, as the window knows them, without a widget.

Every call to the core goes through the bridge; what was asked for last is what is shown. Stands
between the screens and the core. Knows no scanner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from digitizer.app import App
from digitizer.errors import DigitizerError
from digitizer.profiles import OFFICE, NamedProfile
from digitizer.scanning import Capabilities
from ui import reads_profiles, scanner_words
from ui.bridge import Bridge
from ui.reads_profiles import Kept

Say = Callable[[DigitizerError | None], None]
"""Hears how it went; None: well."""


class DeskProfiles(QObject):
    """Which profiles there are, and the one that this account scans with.

    Signals:
        changed: Others are there, or another one is in use.
    """

    changed = Signal()

    def __init__(
        self,
        app: App,
        bridge: Bridge,
        refused: Callable[[DigitizerError], None],
        parent: QObject | None = None,
    ) -> None:
        """``refused`` hears why a choice could not be remembered."""
        super().__init__(parent)
        self._app = app
        self._bridge = bridge
        self._refused = refused
        self._asked = 0
        self.all: tuple[NamedProfile, ...] = (OFFICE,)
        self.current = OFFICE
        self._scanners: dict[str, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in their order."""
        return tuple(one.name for one in self.all)

    def know(self, found: Sequence[Capabilities]) -> None:
        """Remember what scanners that were found are called."""
        self._scanners |= {one.device.id: one.device.name for one in found if one.device.name}

    def scanner(self, device: str) -> str:
        """Return what a scanner is called, by its id."""
        return self._scanners.get(device) or scanner_words.named(device)

    def read(self) -> None:
        """Read what is kept."""
        self._ask(lambda: reads_profiles.profiles(self._app), self._refused)

    def use(self, name: str) -> None:
        """Scan with this one from the next scan on, and remember it for this account."""
        found = next((one for one in self.all if one.name == name), None)
        if found is None:
            return
        self.current = found
        self.changed.emit()
        self._ask(lambda: reads_profiles.use_profile(self._app, name), self._refused)

    def keep(self, named: NamedProfile, instead_of: str, say: Say) -> None:
        """Keep a profile in the place of ``instead_of`` (empty: as a new one), and use it."""
        self._ask(lambda: reads_profiles.keep_profile(self._app, named, instead_of), say, say)

    def remove(self, name: str, say: Say) -> None:
        """Forget a profile."""
        self._ask(lambda: reads_profiles.remove_profile(self._app, name), say, say)

    def take(self, file: Path, say: Callable[[DigitizerError | int], None]) -> None:
        """Take over the profiles of a file; ``say`` hears how many."""

        def taken(number: int) -> None:
            self.read()
            say(number)

        self._bridge.ask(lambda: reads_profiles.take_profiles(self._app, file), taken, say)

    def hand_out(self, file: Path, say: Callable[[DigitizerError | str], None]) -> None:
        """Write every profile into a new file; ``say`` hears its name."""
        self._bridge.ask(lambda: reads_profiles.hand_out_profiles(self._app, file), say, say)

    def _ask(
        self,
        work: Callable[[], Kept],
        failed: Callable[[DigitizerError], None],
        say: Say | None = None,
    ) -> None:
        self._asked += 1
        asked = self._asked

        def done(kept: Kept) -> None:
            if asked == self._asked:
                self._show(kept)
            if say is not None:
                say(None)

        self._bridge.ask(work, done, failed)

    def _show(self, kept: Kept) -> None:
        self.all, self.current = kept.all, kept.current
        self.changed.emit()
