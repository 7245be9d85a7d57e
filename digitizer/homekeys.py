"""The keys of an encrypted home: its secret, who holds that, and how it is opened.

The secret (``Secret``: the database's key and the age identity of the files) never lies in clear.
``keys/recovery.age`` holds it for the recovery key; besides, its *custody* is the system's keyring,
or ``keys/passphrase.age``. ``keys/state.json`` says how far the home is encrypted and who has
custody; it holds no secret. All three files are of the age format or JSON, so that the data comes
back without this program (docs/quan-tri.md). Opening them: ``digitizer.unlocking``. Called by
``digitizer.encrypting``. Knows no database.
"""

from __future__ import annotations

import contextlib
import json
import os
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from digitizer import agewords
from digitizer.config import Home
from digitizer.durable import make_folder, sync_folder, write_durably
from digitizer.errors import (
    CipherMissing,
    DigitizerError,
    HomeDamaged,
    KeyringRefused,
    KeysDamaged,
    KeysMissing,
    PassphraseWeak,
    from_os,
)
from digitizer.keyringcall import call

LEAST = 10
"""So many characters a passphrase has at least."""
TAIL = 6
"""So many of the recovery key's last characters are typed in again."""

LIBRARIES = ("sqlcipher3", "pyrage")
SERVICE = "digitizer"
PATIENCE = 5.0
_AT_THE_DESK = 30.0
"""Seconds a keyring may take; more where somebody may have to unlock it."""


class Mode(StrEnum):
    """How far a home is encrypted."""

    OFF = "off"
    PREPARED = "prepared"  # keys are made, nobody has confirmed them: off
    SWITCHING_ON = "switching-on"
    ON = "on"
    SWITCHING_OFF = "switching-off"


class Custody(StrEnum):
    """Who holds the secret."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105 - what it is, not one


class Keys(Struct, frozen=True):
    """What ``keys/state.json`` says.

    Attributes:
        mode: How far the home is encrypted.
        custody: Who holds the secret.
        id: The name of the secret in a keyring: a home may be moved.
        tail: The last characters of the recovery key, until somebody has confirmed them.
    """

    mode: Mode = Mode.OFF
    custody: Custody | None = None
    id: str = ""
    tail: str = ""

    @property
    def sealed(self) -> bool:
        """Whether opening the home takes the secret."""
        return self.mode not in (Mode.OFF, Mode.PREPARED)


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens everything; never printed.

    Attributes:
        database: The database's key.
        identity: The age identity of the files, as age writes it.
    """

    database: bytes = field(repr=False)
    identity: str = field(repr=False)


def able() -> bool:
    """Tell whether this machine has the libraries for encrypted homes."""
    return all(find_spec(name) is not None for name in LIBRARIES)


def library(name: str) -> ModuleType:
    """Return one of the libraries. Raises ``CipherMissing``."""
    try:
        return import_module(name)
    except ImportError as error:
        raise CipherMissing(name.partition(".")[0]) from error


# --- what lies in the home --------------------------------------------------------------------


def read(home: Home) -> Keys:
    """Return how far a home is encrypted and who has custody; blocks for one small file.

    Raises:
        KeysDamaged: the file makes no sense. HomeReadOnly: it cannot be read.
    """
    try:
        said: Any = json.loads(_state(home).read_bytes())
        custody = said["custody"]
        return Keys(
            Mode(said["mode"]),
            Custody(custody) if custody else None,
            str(said["id"]),
            str(said["tail"]),
        )
    except FileNotFoundError:
        return Keys()
    except OSError as error:
        raise from_os(error) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise KeysDamaged(_state(home).name) from error


def write(home: Home, keys: Keys) -> None:
    """Say how far a home is encrypted; the step from one mode to the next. Raises as ``read``."""
    said = {"mode": keys.mode, "custody": keys.custody, "id": keys.id, "tail": keys.tail}
    _put(_state(home), json.dumps(said).encode())


def were_made(home: Home) -> bool:
    """Tell whether there is something that a recovery key opens."""
    return recovery_file(home).exists()


def without_state(home: Home) -> DigitizerError:
    """Return the trouble of a home that is encrypted and does not say so; a recovery key may help
    where there is something that it opens."""
    return KeysDamaged(_state(home).name) if were_made(home) else KeysMissing()


def clear(home: Home) -> None:
    """Forget all keys of a home that needs them no more. Ended in the middle, it is off all the
    same, and the rest goes the next time.

    Raises:
        HomeReadOnly and the other rows of a folder that lets nothing go.
    """
    if not _state(home).exists():
        return
    keys = read(home)
    write(home, replace(keys, mode=Mode.OFF))
    forget_in_keyring(keys.id)
    try:
        for file in (recovery_file(home), passphrase_file(home), _state(home)):
            file.unlink(missing_ok=True)
        sync_folder(home.keys)
    except OSError as error:
        raise from_os(error) from error


def _state(home: Home) -> Path:
    return home.keys / "state.json"


def recovery_file(home: Home) -> Path:
    """Return where the secret lies for the recovery key."""
    return home.keys / "recovery.age"


def passphrase_file(home: Home) -> Path:
    """Return where the secret lies for the passphrase."""
    return home.keys / "passphrase.age"


def _put(file: Path, data: bytes) -> None:
    try:
        make_folder(file.parent)
        write_durably(file, data)
    except OSError as error:
        raise from_os(error) from error


# --- making and keeping a secret --------------------------------------------------------------


def made() -> Secret:
    """Return a new secret. Raises ``CipherMissing``."""
    return Secret(os.urandom(32), str(library("pyrage").x25519.Identity.generate()))


def for_recovery(secret: Secret) -> tuple[str, bytes]:
    """Return a new recovery key, which is kept nowhere, and the secret sealed for it. Raises
    ``CipherMissing``."""
    pyrage = library("pyrage")
    key = pyrage.x25519.Identity.generate()
    return str(key), bytes(pyrage.encrypt(_text(secret), [key.to_public()]))


def keep_for_recovery(home: Home, sealed: bytes) -> None:
    """Have the recovery key that ``for_recovery`` made open the home, and no other. Raises
    ``DiskFull``, ``HomeReadOnly``: the one before does."""
    _put(recovery_file(home), sealed)


def keep(home: Home, keys: Keys, secret: Secret, passphrase: str | None) -> None:
    """Give the secret to the custody that ``keys`` names, and let ``keys`` hold from now on; what
    another custody had is taken away last.

    Args:
        home: The home.
        keys: With the custody that is wanted.
        secret: The home's.
        passphrase: For ``Custody.PASSPHRASE``.

    Raises:
        PassphraseWeak, KeyringRefused, CipherMissing, DiskFull, HomeReadOnly: nothing changed.
    """
    if keys.custody is Custody.KEYRING:
        _keep_in_keyring(keys.id, secret)
        write(home, keys)
        with contextlib.suppress(OSError):  # a file more opens the same, and goes with the next
            passphrase_file(home).unlink(missing_ok=True)
    else:
        word = check(passphrase)
        _put(passphrase_file(home), agewords.seal(_text(secret), word))
        write(home, keys)
        forget_in_keyring(keys.id)


def check(passphrase: str | None) -> str:
    """Return a passphrase as it is kept, whichever way the keyboard put its marks together.

    Raises:
        PassphraseWeak: it is too short.
    """
    word = as_kept(passphrase or "")
    if len(word) < LEAST:
        raise PassphraseWeak
    return word


def as_kept(passphrase: str) -> str:
    """Return a passphrase in the one way of putting its marks together that is kept."""
    return unicodedata.normalize("NFC", passphrase)


def _text(secret: Secret) -> bytes:
    said = {"database_key": secret.database.hex(), "age_identity": secret.identity}
    return json.dumps(said).encode()


def from_text(text: bytes) -> Secret:
    """Return the secret that was written down. Raises ``ValueError``, ``KeyError``, ``TypeError``
    where it is none, ``CipherMissing``."""
    said: Any = json.loads(text)
    key, identity = bytes.fromhex(said["database_key"]), str(said["age_identity"])
    if len(key) != 32:
        raise ValueError
    if not identity.startswith("AGE-SECRET-KEY-1"):
        raise ValueError
    return Secret(key, identity)


def _keep_in_keyring(id_: str, secret: Secret) -> None:
    text = _text(secret).decode()

    def put() -> None:
        import keyring
        from keyring.errors import PasswordSetError

        keyring.set_password(SERVICE, account_of(id_), text)
        if keyring.get_password(SERVICE, account_of(id_)) != text:
            raise PasswordSetError

    if not (done := call(put, _AT_THE_DESK)).done:
        raise KeyringRefused(done.why)


def forget_in_keyring(id_: str) -> None:
    """Take a secret out of the keyring; one that is locked goes on holding it."""

    def remove() -> None:
        import keyring

        if keyring.get_password(SERVICE, account_of(id_)) is not None:
            keyring.delete_password(SERVICE, account_of(id_))

    if id_:
        call(remove, PATIENCE)


def account_of(id_: str) -> str:
    """Return the name of a home's secret in the keyring."""
    return f"home#{id_}"


def sealed(secret: Secret, data: bytes) -> bytes:
    """Seal a few bytes for a home. Raises ``CipherMissing``."""
    pyrage = library("pyrage")
    identity = pyrage.x25519.Identity.from_str(secret.identity)
    return bytes(pyrage.encrypt(data, [identity.to_public()]))


def opened(secret: Secret, data: bytes) -> bytes:
    """Open what ``sealed`` sealed. Raises ``HomeDamaged``, ``CipherMissing``."""
    pyrage = library("pyrage")
    try:
        return bytes(pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(secret.identity)]))
    except pyrage.DecryptError as error:
        raise HomeDamaged("a sealed file") from error
