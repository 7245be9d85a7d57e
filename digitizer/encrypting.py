"""Switches a home's encryption on and off, resumably, and changes who holds its key.

``App`` makes an ``Encryption`` of an open home. Where its state says so, opening a home converts
the database first (``digitizer.storage.access``); ``carry_on`` does the rest while the home is at
work. Keys and custody themselves: ``digitizer.homekeys``. Knows no screen.

    key = app.encryption.prepare(Custody.PASSPHRASE, "…")   # shown once; nothing is changed yet
    app.encryption.confirm(key[-6:])                         # from here on it is switched
    (close the App, open it again with the passphrase)       # the database is converted
    app.encryption.carry_on(stop, told)                      # the vault, backups, passwords
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from digitizer.config import Home
from digitizer.homekeys import Custody, Mode


@dataclass(frozen=True, slots=True)
class State:
    """How a home lies on the disk.

    Attributes:
        mode: Off, on, or on its way.
        custody: Who holds the key; None where it is off.
        database: Whether the database is encrypted now.
        able: Whether this machine has the libraries for it.
    """

    mode: Mode
    custody: Custody | None
    database: bool
    able: bool


def state(home: Home) -> State:
    """Tell how a home lies there; reads two small files, needs no key."""
    raise NotImplementedError


def recover(root: Path, recovery: str, custody: Custody, passphrase: str | None = None) -> None:
    """Open a home that nobody has open with its recovery key, and set a new custody. The recovery
    key holds on.

    Args:
        root: The home folder.
        recovery: As it was shown; spaces and small letters do no harm.
        custody: Who holds the key from now on.
        passphrase: The new one, for ``Custody.PASSPHRASE``.

    Raises:
        RecoveryKeyWrong, NotEncrypted, PassphraseWeak, KeyringRefused, CipherMissing, HomeLocked.
    """
    raise NotImplementedError


class Encryption:
    """The encryption of an open home."""

    @property
    def trouble(self) -> Exception | None:
        """What put the database's conversion off when the home was opened (``DiskFull``,
        ``HomeLocked``: somebody reads beside); it is tried again at the next opening."""
        raise NotImplementedError

    def state(self) -> State:
        """Tell how the home lies there now."""
        raise NotImplementedError

    def prepare(self, custody: Custody, passphrase: str | None = None) -> str:
        """Make keys, and return the recovery key, to be shown once. Nothing is encrypted yet; done
        again, the earlier keys are forgotten.

        Raises:
            CipherMissing, KeyringRefused, PassphraseWeak, DiskFull; AlreadyEncrypted: the home is
                on, or on its way.
        """
        raise NotImplementedError

    def confirm(self, tail: str) -> None:
        """Switch on: somebody typed in the last six characters of the recovery key. The database
        follows when the home is opened next.

        Raises:
            RecoveryUnconfirmed: they are others, or nothing was prepared; nothing changed.
        """
        raise NotImplementedError

    def carry_on(self, stop: threading.Event, told: Callable[[int, int], None]) -> State:
        """Go on with what is being switched, until it is done or ``stop`` is set; the work of many
        minutes. Nothing to do is done at once.

        Args:
            stop: Ends it early; what is left waits for the next call, after a restart too.
            told: Called with how many of how many bytes are done.

        Raises:
            DiskFull and the other rows of a home that takes nothing; call again later.
        """
        raise NotImplementedError

    def switch_off(self) -> None:
        """Begin to switch off; the database follows when the home is opened next.

        Raises:
            NotEncrypted.
        """
        raise NotImplementedError

    def change_custody(self, custody: Custody, passphrase: str | None = None) -> None:
        """Have somebody else hold the key, or another passphrase open it.

        Raises:
            NotEncrypted, PassphraseWeak, KeyringRefused, DiskFull: the old custody holds.
        """
        raise NotImplementedError
