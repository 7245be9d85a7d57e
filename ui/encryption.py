"""The encryption of the open home, for the window: switches it, goes on with what a switch left,
and says how far it is. Knows no widget; no key stays here longer than it takes to use it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from digitizer.app import App
from digitizer.encrypting import State
from digitizer.errors import DigitizerError
from digitizer.homekeys import Custody, Mode
from ui import encryption_words, language
from ui.bridge import Bridge, Pool
from ui.encryption_words import Progress
from ui.homes import HomeOpener
from ui.office import Office
from ui.wording import Notice, Tone

if TYPE_CHECKING:
    from ui.window import Window

_PAUSE_SECONDS = 0.02
_AGAIN_MS = 5 * 60 * 1000
_SWITCHING = (Mode.SWITCHING_ON, Mode.SWITCHING_OFF)
Failed = Callable[[DigitizerError], None]


class DeskEncryption(QObject):
    """What is known of it, and the verbs.

    Signals:
        changed: Something else is known.
        reopens: The window has to open its home anew; what is asked then is known already.
    """

    changed = Signal()
    reopens = Signal()

    def __init__(
        self, office: Office, bridge: Bridge, opener: HomeOpener, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._office = office
        self._bridge = bridge
        self._opener = opener
        self.state: State | None = None
        self.progress: Progress | None = None
        self.met: DigitizerError | None = None
        self.going = False
        self._told = ""
        self._stop = _Stop(bridge.closing)
        self._idle = threading.Event()
        self._idle.set()
        self._passphrase: str | None = None
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self.go_on)

    @property
    def paused(self) -> bool:
        """Whether somebody holds a switch up that could go on."""
        return not self.going and self.met is None and self.ready

    @property
    def ready(self) -> bool:
        """Whether the rest of a switch can be done: the database is what it is to be."""
        state = self.state
        if state is None or state.mode not in _SWITCHING:
            return False
        return state.database is (state.mode is Mode.SWITCHING_ON)

    def begin(self) -> None:
        """Look how the home lies there, and go on with what was left of a switch."""
        encryption = self._office.app.encryption

        def show(found: tuple[State, DigitizerError | None]) -> None:
            self.state, self.met = found
            self._tell_met()
            self.changed.emit()
            if self.ready:
                self.go_on()
            elif self.state.mode is Mode.ON:
                encryption.start()  # what came since in clear, such as what a crash left

        def failed(error: DigitizerError) -> None:
            self.met = error
            self.changed.emit()

        self._bridge.ask(lambda: (encryption.state(), encryption.trouble), show, failed)

    # --- switching ------------------------------------------------------------------------------

    def prepare(
        self, custody: Custody, passphrase: str | None, done: Callable[[str], None], failed: Failed
    ) -> None:
        """Make keys; ``done`` gets the recovery key. Nothing is encrypted by that."""
        encryption = self._office.app.encryption
        self._passphrase = passphrase
        self._bridge.ask(
            lambda: encryption.prepare(custody, passphrase), done, failed, pool=Pool.LONG
        )

    def renew(self, done: Callable[[str], None], failed: Failed) -> None:
        """Make another recovery key; ``done`` gets it. The one before holds until ``take``."""
        encryption = self._office.app.encryption
        self._bridge.ask(encryption.offer_recovery_key, done, failed, pool=Pool.LONG)

    def take(self, tail: str, done: Callable[[], None], failed: Failed) -> None:
        """Have the new recovery key hold: somebody typed its end."""
        encryption = self._office.app.encryption
        self._bridge.ask(
            lambda: encryption.confirm_recovery_key(tail), lambda _: done(), failed, pool=Pool.LONG
        )

    def confirm(self, tail: str, failed: Failed) -> None:
        """Switch on: somebody typed the recovery key's end. The home is opened anew by that."""
        app, wanted = self._office.app, self._office.settings.wishes.language

        def confirm() -> None:
            app.encryption.confirm(tail)
            language.keep(app.home, wanted)

        self._bridge.ask(confirm, lambda _: self._reopen(), failed, pool=Pool.LONG)

    def switch_off(self, failed: Failed) -> None:
        """Switch off. The home is opened anew by that, which asks for its passphrase."""
        encryption, stop, idle = self._office.app.encryption, self._stop, self._idle

        def switch_off() -> None:
            stop.set()
            idle.wait()  # what goes on ends first: it would have the last word
            encryption.switch_off()

        self._bridge.ask(switch_off, lambda _: self._reopen(), failed, pool=Pool.LONG)

    def change(
        self, custody: Custody, passphrase: str | None, done: Callable[[], None], failed: Failed
    ) -> None:
        """Have somebody else hold the key, or another passphrase open the home."""
        encryption = self._office.app.encryption

        def changed(state: State) -> None:
            self.state = state
            self.changed.emit()
            done()

        def change() -> State:
            encryption.change_custody(custody, passphrase)
            return encryption.state()

        self._bridge.ask(change, changed, failed, pool=Pool.LONG)

    def reopen(self) -> None:
        """Open the home anew, where a switch could not begin when it was opened."""
        self._reopen()

    def forget(self) -> None:
        """Switch on nothing that was prepared."""
        self._passphrase = None

    def _reopen(self) -> None:
        self._opener.give_again(self._passphrase)
        self._passphrase = None
        self.reopens.emit()

    # --- the rest of a switch -------------------------------------------------------------------

    def go_on(self) -> None:
        """Convert what is left, behind all other work."""
        if self.going or not self.ready:
            return
        self._stop = stop = _Stop(self._bridge.closing)
        self.going, self.met = True, None
        encryption = self._office.app.encryption
        self._idle = idle = threading.Event()

        def carry_on() -> State:
            try:
                return encryption.carry_on(stop, self._hear)
            finally:
                idle.set()

        self._bridge.ask(carry_on, self._over, self._held_up, pool=Pool.LONG)
        self.changed.emit()

    def pause(self) -> None:
        """Hold it up until somebody goes on, or the program is started again."""
        self._stop.set()

    def _hear(self, done: int, total: int) -> None:
        """On the thread that converts: say so, and let others work meanwhile."""
        self._stop.wait(_PAUSE_SECONDS)
        self._bridge.post(lambda: self._show(Progress(done, total)))

    def _show(self, progress: Progress) -> None:
        if self.progress != progress:
            self.progress = progress
            self.changed.emit()

    def _over(self, state: State) -> None:
        self.going = False
        before, self.state = self.state, state
        if before is not None and before.mode in _SWITCHING and state.mode not in _SWITCHING:
            self.progress = None
            said = encryption_words.ended(state.mode)
            self._office.noted.emit(Notice(Tone.GOOD, said))
        self.changed.emit()

    def _tell_met(self) -> None:
        """Say once what is the same each time that it is tried again."""
        met, state = self.met, self.state
        if met is not None and state is not None and met.code != self._told:
            self._told = met.code
            self._office.noted.emit(encryption_words.held_up(state, met))

    def _held_up(self, error: DigitizerError) -> None:
        """It is tried again by itself: a full disk may have room later on."""
        self.going, self.met = False, error
        self._tell_met()
        self._again.start()
        self.changed.emit()


class _Stop(threading.Event):
    """Is set by itself, or by the end of the window."""

    def __init__(self, closing: threading.Event) -> None:
        super().__init__()
        self._closing = closing

    def is_set(self) -> bool:
        """Tell whether either is."""
        return super().is_set() or self._closing.is_set()


def encryption_at(
    window: Window, open_app: Callable[[], App], office: Office
) -> DeskEncryption | None:
    """Return what switches the encryption of a window's home; a training has none."""
    if not isinstance(open_app, HomeOpener):
        return None
    encryption = DeskEncryption(office, window.bridge, open_app, window)
    encryption.reopens.connect(window.reopens)
    encryption.begin()
    return encryption
