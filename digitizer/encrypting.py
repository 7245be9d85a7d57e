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

import logging
import threading
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from digitizer import homekeys, unlocking
from digitizer.chain import Act
from digitizer.config import Home
from digitizer.counted import counted
from digitizer.errors import (
    AlreadyEncrypted,
    DigitizerError,
    HomeDamaged,
    KeysDamaged,
    NotEncrypted,
    RecoveryKeptAsBefore,
    RecoveryUnconfirmed,
    from_os,
)
from digitizer.homekeys import Custody, Keys, Mode, Secret
from digitizer.passwords import Passwords
from digitizer.policy import CUSTODY, ENCRYPTION, Policy
from digitizer.policyfile import read_policy
from digitizer.storage import access, audit, cipher, loose, told
from digitizer.storage.access import Opened
from digitizer.storage.homelock import HomeLock
from digitizer.storage.seal import Seal
from digitizer.storage.store import Store

log = logging.getLogger(__name__)

_UNDER_WAY = (Mode.SWITCHING_ON, Mode.SWITCHING_OFF)
_RECOVER = "encryption recover"
"""The command that opens a home with its recovery key, as the lock and the record name it."""
_PAUSE_SECONDS = 0.02
_AGAIN_SECONDS = 300.0


class State(Struct, frozen=True):
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
    """Tell how a home lies there; reads two small files, needs no key. Raises ``KeysDamaged``."""
    keys = homekeys.read(home)
    looked = keys.mode in _UNDER_WAY and cipher.is_sealed(home.database)
    return _state(keys, database=looked or keys.mode is Mode.ON)


def _state(keys: Keys, *, database: bool) -> State:
    mode, custody = (keys.mode, keys.custody) if keys.sealed else (Mode.OFF, None)
    return State(mode, custody, database, homekeys.able())


def recover(root: Path, recovery: str, custody: Custody, passphrase: str | None = None) -> None:
    """Open a home that nobody has open with its recovery key, and set a new custody. The recovery
    key holds on.

    Args:
        root: The home folder.
        recovery: As it was shown; spaces and small letters do no harm.
        custody: Who holds the key from now on.
        passphrase: The new one, for ``Custody.PASSPHRASE``.

    Raises:
        RecoveryKeyWrong, NotEncrypted, PassphraseWeak, KeyringRefused, CipherMissing, HomeLocked;
        KeysMissing: there is nothing that a recovery key opens;
        HomeTooNew, HomeDamaged, HomeReadOnly, DiskFull: it could not be recorded, and was not done;
        ByAdministrator: the custody is locked to the other.
    """
    home = Home(root.absolute())
    read_policy().check(CUSTODY, custody.value)
    if not homekeys.were_made(home):
        access.check_keys(home)
        raise NotEncrypted
    if custody is Custody.PASSPHRASE:
        homekeys.check(passphrase)
    try:
        lock = HomeLock(home.lock, _RECOVER)
    except OSError as error:
        raise from_os(error) from error
    with lock:
        try:
            keys = homekeys.read(home)
        except KeysDamaged:  # what is converted already stays so, the rest follows
            keys = Keys(Mode.SWITCHING_ON, custody, uuid.uuid4().hex)
        if not keys.sealed:
            if not (cipher.is_sealed(home.database) or access.has_sealed(home)):
                raise NotEncrypted
            keys = Keys(Mode.SWITCHING_ON, custody, keys.id or uuid.uuid4().hex)
        secret = unlocking.by_recovery(home, recovery)
        key = secret.database if cipher.is_sealed(home.database) else None
        door = audit.door_of(_RECOVER)
        store = Store.open_for_writing(home.database, home.backups, door, key=key)
        try:
            told.tell(store, Act.ENCRYPTION_RECOVERED, custody=custody.value)
        finally:
            store.close()
        homekeys.keep(home, replace(keys, custody=custody), secret, passphrase)


class Encryption:
    """The encryption of an open home. ``carry_on`` may be called from one thread at a time.

    Attributes:
        passwords: Those of the home's accounts, kept as the home is.
        trouble: What put the database's conversion off when the home was opened (``DiskFull``,
            ``HomeLocked``: somebody reads beside), or the rest later on; tried again.
        done: How many of how many files of the vault ``start`` has converted so far.
    """

    def __init__(self, home: Home, opened: Opened, policy: Policy) -> None:
        """``opened``: the home's parts, as they were just opened for writing; ``policy``: what
        governs it."""
        self._home, self._policy = home, policy
        self._store, self._vault, self._secret = opened.store, opened.vault, opened.secret
        self.trouble: DigitizerError | None = opened.put_off
        self.done = (0, 0)
        self._as_opened = homekeys.read(home).mode
        if self._as_opened is Mode.OFF:
            homekeys.clear(home)  # what was left when it was switched off
        sealing = self._as_opened is not Mode.SWITCHING_OFF
        self.passwords = Passwords(home, secret=opened.secret, sealing=sealing)
        self._offered: tuple[str, bytes] | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="encryption", daemon=True)

    def state(self) -> State:
        """Tell how the home lies there now."""
        return _state(homekeys.read(self._home), database=self._store.encrypted)

    def known(self) -> AbstractContextManager[None]:
        """Have the home opened once more on this thread, in the block, without being asked."""
        return unlocking.knowing(self._home, self._secret)

    # --- switching ----------------------------------------------------------------------------

    def prepare(self, custody: Custody, passphrase: str | None = None) -> str:
        """Make keys, and return the recovery key, to be shown once. Nothing is encrypted yet; done
        again, the earlier keys are forgotten.

        Raises:
            CipherMissing, KeyringRefused, PassphraseWeak, DiskFull; AlreadyEncrypted: the home is
                on, or on its way. KeysDamaged: it was, and the file that said so is gone.
                ByAdministrator: it is to stay plain, or the custody is locked to the other.
        """
        self._policy.check(ENCRYPTION, "on")
        self._policy.check(CUSTODY, custody.value)
        before = homekeys.read(self._home)
        if before.sealed:
            raise AlreadyEncrypted
        if custody is Custody.PASSPHRASE:
            homekeys.check(passphrase)
        if homekeys.were_made(self._home) and self._vault.sealed().files:
            raise homekeys.without_state(self._home)
        for name in homekeys.LIBRARIES:
            homekeys.library(name)
        homekeys.forget_in_keyring(before.id)
        secret = homekeys.made()
        recovery, sealed = homekeys.for_recovery(secret)
        homekeys.keep_for_recovery(self._home, sealed)
        keys = Keys(Mode.PREPARED, custody, uuid.uuid4().hex, recovery[-homekeys.TAIL :])
        homekeys.keep(self._home, keys, secret, passphrase)
        return recovery

    def confirm(self, tail: str) -> None:
        """Switch on: somebody typed in the last six characters of the recovery key. The database
        follows when the home is opened next.

        Raises:
            RecoveryUnconfirmed: they are others, or nothing was prepared; nothing changed.
        """
        keys = homekeys.read(self._home)
        if keys.mode is not Mode.PREPARED or _typed(tail) != keys.tail:
            raise RecoveryUnconfirmed
        custody = keys.custody.value if keys.custody else ""
        with self._store.transaction() as tx:
            audit.append(tx, Act.ENCRYPTION_BEGUN, custody=custody)
        homekeys.write(self._home, replace(keys, mode=Mode.SWITCHING_ON, tail=""))

    def switch_off(self) -> None:
        """Begin to switch off; the database follows when the home is opened next. One that is on
        its way on turns round.

        Raises:
            NotEncrypted. ByAdministrator: it is to be encrypted.
        """
        self._policy.check(ENCRYPTION, "off")
        keys = homekeys.read(self._home)
        if not keys.sealed:
            raise NotEncrypted
        if keys.mode is Mode.SWITCHING_OFF:
            return
        with self._store.transaction() as tx:
            audit.append(tx, Act.ENCRYPTION_ENDING)
        homekeys.write(self._home, replace(keys, mode=Mode.SWITCHING_OFF))

    def carry_on(self, stop: threading.Event, told: Callable[[int, int], None]) -> State:
        """Go on with what is being switched, until it is done or ``stop`` is set; the work of many
        minutes. Nothing to do is done at once; what was only just confirmed waits until the home
        is opened anew.

        Args:
            stop: Ends it early; what is left waits for the next call, after a restart too.
            told: Called with how many of how many files of the vault are done.

        Raises:
            DiskFull and the other rows of a home that takes nothing; HomeDamaged: files that
                cannot be opened stay sealed, and the keys with them. Call again later.
        """
        keys, secret = homekeys.read(self._home), self._secret
        if secret is None or keys.mode is not self._as_opened:
            return self.state()
        try:
            left = self._convert(keys.mode, secret, stop, told)
        except OSError as error:
            raise from_os(error) from error
        on = keys.mode is Mode.SWITCHING_ON
        if stop.is_set() or self._store.encrypted is not on or keys.mode not in _UNDER_WAY:
            return self.state()
        if left:
            raise HomeDamaged(f"{counted(left, 'file')} cannot be converted")
        with self._store.transaction() as tx:
            audit.append(tx, Act.ENCRYPTION_DONE if on else Act.ENCRYPTION_ENDED)
        if on:
            homekeys.write(self._home, replace(keys, mode=Mode.ON))
        else:
            homekeys.clear(self._home)
        self._as_opened = homekeys.read(self._home).mode
        return self.state()

    def _convert(
        self, mode: Mode, secret: Secret, stop: threading.Event, told: Callable[[int, int], None]
    ) -> int:
        """Give everything but the database the form of a mode; return how many files have another
        one all the same. What came since in an encrypted home is sealed by this too."""
        seal, rescued = Seal(secret.identity), self._home.rescued
        self.passwords.rewrite()
        if mode is Mode.SWITCHING_OFF:
            broken = loose.open_all(rescued, seal, stop)
            broken += loose.open_all(self._home.backups, seal, stop)
            self._convert_backups(mode, secret, stop)
            self._vault.unseal(stop, told)
            return broken + self._vault.sealed().files
        loose.seal_all(rescued, seal, stop)
        for damaged in self._convert_backups(mode, secret, stop):
            loose.seal_one(damaged, seal)
        self._vault.reseal(stop, told)
        return self._vault.unsealed().files

    def _convert_backups(self, mode: Mode, secret: Secret, stop: threading.Event) -> list[Path]:
        """Convert the old copies of the database; return those of which none can be made."""
        damaged = []
        for file in sorted(self._home.backups.glob("*.db")):
            if stop.is_set():
                break
            cipher.clear(file)
            try:
                access.convert_file(file, mode, secret.database)
            except HomeDamaged:
                damaged.append(file)
        return damaged

    # --- beside the work of a window ----------------------------------------------------------

    def start(self) -> None:
        """Carry on behind all other work, where there is something to carry on with."""
        self._thread.start()

    def wait(self, timeout: float) -> None:
        """Wait until nothing is left to carry on with, so many seconds at most."""
        self._thread.join(timeout)

    def close(self) -> None:
        """End soon; what is left waits for the next start."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.carry_on(self._stop, self._note)
            except DigitizerError as trouble:
                log.warning("the home is not converted any further: %s", trouble.code)
                self.trouble = trouble
            else:
                if homekeys.read(self._home).mode not in _UNDER_WAY:
                    return
            self._stop.wait(_AGAIN_SECONDS)

    def _note(self, done: int, total: int) -> None:
        self.done = (done, total)
        self._stop.wait(_PAUSE_SECONDS)  # others work meanwhile

    # --- custody ------------------------------------------------------------------------------

    def change_custody(self, custody: Custody, passphrase: str | None = None) -> None:
        """Have somebody else hold the key, or another passphrase open it.

        Raises:
            NotEncrypted, PassphraseWeak, KeyringRefused, DiskFull, ByAdministrator: the old custody
                holds.
        """
        self._policy.check(CUSTODY, custody.value)
        keys, secret = self._sealed()
        homekeys.keep(self._home, replace(keys, custody=custody), secret, passphrase)
        with self._store.transaction() as tx:
            audit.append(tx, Act.ENCRYPTION_CUSTODY, custody=custody.value)

    def offer_recovery_key(self) -> str:
        """Return another recovery key, to be shown once. It opens nothing before it is confirmed,
        and lies nowhere: done again, or the home closed, it is forgotten. Raises ``NotEncrypted``.
        """
        _, secret = self._sealed()
        recovery, sealed = homekeys.for_recovery(secret)
        self._offered = (recovery[-homekeys.TAIL :], sealed)
        return recovery

    def confirm_recovery_key(self, tail: str) -> None:
        """Have the key that was offered open the home, and the one before nothing any more:
        somebody typed in its last six characters.

        Raises:
            RecoveryKeptAsBefore: they are others, or none was offered. NotEncrypted, DiskFull: the
                one before holds.
        """
        self._sealed()
        if self._offered is None or _typed(tail) != self._offered[0]:
            raise RecoveryKeptAsBefore
        with self._store.transaction() as tx:
            audit.append(tx, Act.ENCRYPTION_RECOVERY_KEY)
        homekeys.keep_for_recovery(self._home, self._offered[1])
        self._offered = None

    def _sealed(self) -> tuple[Keys, Secret]:
        keys = homekeys.read(self._home)
        if not keys.sealed or self._secret is None:
            raise NotEncrypted
        return keys, self._secret


def _typed(tail: str) -> str:
    """Return the end of a recovery key, however it was typed."""
    return "".join(tail.split()).upper()
