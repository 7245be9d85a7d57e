"""How the window opens a home: on a worker thread, with its lanes running. Knows no Qt."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from digitizer import encrypting
from digitizer.app import App, Sends
from digitizer.errors import (
    ByAdministrator,
    HomeKeyLocked,
    HomeKeyMissing,
    HomeLocked,
    HomeSealed,
    KeyringRefused,
    KeysDamaged,
    PassphraseWeak,
    PassphraseWrong,
    RecoveryKeyWrong,
)
from digitizer.homekeys import Custody

LOCKED = (
    HomeSealed,
    PassphraseWrong,
    PassphraseWeak,
    HomeKeyMissing,
    HomeKeyLocked,
    KeysDamaged,
    KeyringRefused,
    RecoveryKeyWrong,
    ByAdministrator,
)
"""What keeps a home shut that somebody who has its passphrase or its recovery key can open."""
ASKED = (HomeSealed, PassphraseWrong)
"""Those of them that a passphrase opens."""
RESCUING = (RecoveryKeyWrong, PassphraseWeak, KeyringRefused, ByAdministrator)
"""Those of them that the recovery key met."""

_LETTING_GO_SECONDS, _LOOK_SECONDS = 5.0, 0.05


@dataclass(frozen=True, slots=True)
class Rescue:
    """How a home is opened that nobody can open any more: with its recovery key, and who holds its
    key from then on. ``passphrase``: the new one, for ``Custody.PASSPHRASE``."""

    recovery: str = field(repr=False)
    custody: Custody
    passphrase: str | None = field(default=None, repr=False)


class HomeOpener:
    """Opens one home for the window, as often as it is called, and starts its lanes.

    What somebody typed is used for one opening and forgotten with it: nothing holds a passphrase
    while the window works.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._passphrase: str | None = None
        self._rescue: Rescue | None = None
        self._patience = 0.0

    def give(self, passphrase: str | None) -> None:
        """Use a passphrase for the next opening."""
        self._passphrase = passphrase

    def give_again(self, passphrase: str | None) -> None:
        """Use a passphrase, or none, for the next opening, which comes right after this window let
        go of the home: a child that was just being started may hold it for another moment."""
        self._passphrase, self._patience = passphrase, _LETTING_GO_SECONDS

    def rescue(self, rescue: Rescue) -> None:
        """Open it with its recovery key the next time."""
        self._rescue = rescue

    def __call__(self) -> App:
        """Open it; blocks, about a second longer where a passphrase opens it.

        Raises:
            HomeSealed: a passphrase is wanted. PassphraseWrong, RecoveryKeyWrong and the other
                rows of a home that cannot be opened.
        """
        passphrase, self._passphrase = self._passphrase, None
        rescue, self._rescue = self._rescue, None
        if rescue is not None:
            passphrase = rescue.passphrase
            encrypting.recover(self.root, rescue.recovery, rescue.custody, passphrase)
        patience, self._patience = self._patience, 0.0
        until = time.monotonic() + patience
        while True:
            try:
                app = App(self.root, "window", sends=Sends.FINISHED, passphrase=passphrase)
            except HomeLocked:
                if time.monotonic() >= until:
                    raise
                time.sleep(_LOOK_SECONDS)  # the kernel tells nobody when it lets go
            else:
                return _start(app)


def opens(root: Path) -> HomeOpener:
    """Return what opens ``root`` for the window and starts its lanes."""
    return HomeOpener(root)


def starts(open_app: Callable[[], App]) -> Callable[[], App]:
    """Return the call that opens a home and starts its lanes."""
    return lambda: _start(open_app())


def _start(app: App) -> App:
    for part in (app.local, app.sync, app.indexer, app.sweeper):
        part.start()
    return app
