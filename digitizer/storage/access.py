"""Opens a home's database and vault as they lie there: plain, encrypted, or on the way.

The one place where the key of an encrypted home meets its store. Called by ``App`` and ``Facts``
and by what looks at a home beside them. Where a home is being switched, ``open_for_writing``
converts the database first: nobody else has it then.
"""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

from msgspec import Struct

from digitizer import homekeys, unlocking
from digitizer.config import Home
from digitizer.errors import (
    DigitizerError,
    HomeDamaged,
    from_os,
)
from digitizer.homekeys import Keys, Mode, Secret
from digitizer.storage import cipher
from digitizer.storage.seal import Seal
from digitizer.storage.store import Store, converting
from digitizer.storage.vault import Vault

log = logging.getLogger(__name__)

_UNDER_WAY = (Mode.SWITCHING_ON, Mode.SWITCHING_OFF)


class Opened(Struct, frozen=True):
    """An open home's parts.

    Attributes:
        store, vault: As one uses them.
        secret: What opens them; None where they are plain.
        put_off: What kept the database from being converted, as it was to be.
    """

    store: Store
    vault: Vault
    secret: Secret | None
    put_off: DigitizerError | None = None


def open_for_writing(home: Home, door: str, passphrase: str | None = None) -> Opened:
    """Open a home under its lock: convert its database where that is due, migrate it.

    Args:
        home: The home; its folders are there.
        door: By which what is changed comes in, for the audit record.
        passphrase: Where somebody gave one (``unlocking.unlock``).

    Raises:
        HomeTooNew, HomeDamaged, HomeReadOnly, DiskFull; of an encrypted home the rows of
        ``unlocking.unlock``, and those of one whose keys are gone (``check_keys``).
    """
    keys, secret = homekeys.read(home), unlocking.unlock(home, passphrase)
    put_off = None
    if secret is not None:
        put_off = _convert(home.database, keys.mode, secret.database)
    key = _key(home.database, keys, secret, home)
    try:
        store = Store.open_for_writing(home.database, home.backups, door, key=key)
    except HomeDamaged:
        check_keys(home)
        raise
    return Opened(store, vault_of(home, keys.mode, secret), secret, put_off)


def open_for_reading(home: Home, passphrase: str | None = None) -> Opened:
    """Open a home beside whoever writes to it. Raises as ``open_for_writing``."""
    while True:
        keys, secret = homekeys.read(home), unlocking.unlock(home, passphrase)
        key = _key(home.database, keys, secret, home)
        try:
            store = Store.open_for_reading(home.database, key=key)
        except HomeDamaged:
            as_it_was = keys.mode not in _UNDER_WAY or _fits(home.database, key)
            if as_it_was and homekeys.read(home) == keys:
                check_keys(home)
                raise
            continue  # it was converted just now
        return Opened(store, vault_of(home, keys.mode, secret), secret)


def check_keys(home: Home) -> None:
    """Look whether a home that says it is plain is so; looks at every name in the vault. To be
    asked while this process has its database not open.

    Raises:
        KeysDamaged, KeysMissing: it is encrypted, and what said so is gone. OSError.
    """
    if homekeys.read(home).sealed:
        return
    # a database alone proves nothing: one that is damaged may look like any noise
    keyed = homekeys.were_made(home) and cipher.is_sealed(home.database)
    if keyed or has_sealed(home):
        raise homekeys.without_state(home)


def has_sealed(home: Home) -> bool:
    """Tell whether files in a home's vault are sealed. Raises ``OSError``."""
    return home.vault.is_dir() and Vault(home.vault).sealed().files > 0


def convert_file(file: Path, mode: Mode, key: bytes) -> None:
    """Give a database the form that a home's mode asks for; one that has it stays as it is.

    Raises:
        DiskFull, HomeLocked, HomeDamaged, HomeReadOnly.
    """
    try:
        with converting():
            if mode in (Mode.SWITCHING_ON, Mode.ON) and cipher.is_plain(file):
                cipher.seal(file, key)
            elif mode is Mode.SWITCHING_OFF and cipher.is_sealed(file):
                cipher.unseal(file, key)
    except OSError as error:
        raise from_os(error) from error


def vault_of(home: Home, mode: Mode, secret: Secret | None) -> Vault:
    """Return the vault, which reads what is sealed where there is a secret, and seals what comes
    in but where the home is on its way back."""
    if secret is None:
        return Vault(home.vault)
    return Vault(home.vault, Seal(secret.identity), sealing=mode is not Mode.SWITCHING_OFF)


def _convert(database: Path, mode: Mode, key: bytes) -> DigitizerError | None:
    """Convert it where that is due; what keeps it from that (a full disk, somebody who reads, a
    database that is not sound) puts it off: the home opens as it lies."""
    with contextlib.suppress(OSError):
        cipher.clear(database)
    if mode is Mode.ON:
        return None
    try:
        convert_file(database, mode, key)
    except DigitizerError as trouble:
        log.warning("the database is not converted yet: %s", trouble.code)
        return trouble
    return None


def _key(database: Path, keys: Keys, secret: Secret | None, home: Home) -> bytes | None:
    """Return the key that a home's database takes as it lies there. Once the home is encrypted that
    is not looked at: a plain one that somebody put there does not open with the key.

    Raises:
        KeysDamaged: it has one, and nothing says so.
    """
    if secret is None:
        if homekeys.were_made(home) and cipher.is_sealed(database):
            raise homekeys.without_state(home)
        return None
    if keys.mode is not Mode.ON and cipher.is_plain(database):
        return None
    return secret.database


def _fits(database: Path, key: bytes | None) -> bool:
    return cipher.is_plain(database) == (key is None)
