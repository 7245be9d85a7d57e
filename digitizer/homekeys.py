"""The keys of an encrypted home: its secret, who holds that, and how it is opened.

The secret (``Secret``: the database's key and the age identity of the files) never lies in clear.
``keys/recovery.age`` holds it for the recovery key; besides, its *custody* is the system's keyring,
or ``keys/passphrase.age``. ``keys/state.json`` says how far the home is encrypted and who has
custody; it holds no secret. All three files are of the age format or JSON, so that the data comes
back without this program (docs/quan-tri.md). Called by whatever opens a home
(``digitizer.storage.access``) and by ``digitizer.encrypting``. Knows no database.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from digitizer.config import Home
from digitizer.durable import make_folder, sync_folder, write_durably
from digitizer.errors import (
    CipherMissing,
    HomeKeyLocked,
    HomeKeyMissing,
    HomeSealed,
    KeyringRefused,
    KeysDamaged,
    PassphraseFileOpen,
    PassphraseWeak,
    PassphraseWrong,
    RecoveryKeyWrong,
    from_os,
)
from digitizer.keyringcall import call

VARIABLE = "DIGITIZER_PASSPHRASE_FILE"
"""Names a file that holds the passphrase, for commands that no terminal belongs to."""
LEAST = 10
"""So many characters a passphrase has at least."""
TAIL = 6
"""So many of the recovery key's last characters are typed in again."""

_LIBRARIES = ("sqlcipher3", "pyrage")
_SERVICE = "digitizer"
_PATIENCE = 5.0
_AT_THE_DESK = 30.0
"""Seconds a keyring may take; more where somebody may have to unlock it."""
_MOST_BYTES = 1000
_AGE = b"age-encryption.org/"


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
    PASSPHRASE = "passphrase"


@dataclass(frozen=True, slots=True)
class Keys:
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
    return all(find_spec(name) is not None for name in _LIBRARIES)


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


def clear(home: Home) -> None:
    """Forget all keys of a home that is off, the state last: nothing needs them any more.

    Raises:
        HomeReadOnly and the other rows of a folder that lets nothing go.
    """
    keys = read(home)
    forget_in_keyring(keys.id)
    try:
        for file in (_recovery(home), _passphrase(home), _state(home)):
            file.unlink(missing_ok=True)
        if home.keys.is_dir():
            sync_folder(home.keys)
    except OSError as error:
        raise from_os(error) from error


def _state(home: Home) -> Path:
    return home.keys / "state.json"


def _recovery(home: Home) -> Path:
    return home.keys / "recovery.age"


def _passphrase(home: Home) -> Path:
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


def keep_for_recovery(home: Home, secret: Secret) -> str:
    """Seal the secret for a new recovery key, and return that key: it is kept nowhere.

    Raises:
        CipherMissing, DiskFull, HomeReadOnly.
    """
    pyrage = library("pyrage")
    key = pyrage.x25519.Identity.generate()
    _put(_recovery(home), pyrage.encrypt(_text(secret), [key.to_public()]))
    return str(key)


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
            _passphrase(home).unlink(missing_ok=True)
    else:
        word = _checked(passphrase)
        _put(_passphrase(home), library("pyrage").passphrase.encrypt(_text(secret), word))
        write(home, keys)
        forget_in_keyring(keys.id)


def _checked(passphrase: str | None) -> str:
    word = _as_kept(passphrase or "")
    if len(word) < LEAST:
        raise PassphraseWeak
    return word


def _text(secret: Secret) -> bytes:
    said = {"database_key": secret.database.hex(), "age_identity": secret.identity}
    return json.dumps(said).encode()


def _from_text(text: bytes) -> Secret:
    said: Any = json.loads(text)
    key, identity = bytes.fromhex(said["database_key"]), str(said["age_identity"])
    if len(key) != 32:
        raise ValueError
    library("pyrage").x25519.Identity.from_str(identity)
    return Secret(key, identity)


def _keep_in_keyring(id_: str, secret: Secret) -> None:
    text = _text(secret).decode()

    def put() -> None:
        import keyring
        from keyring.errors import PasswordSetError

        keyring.set_password(_SERVICE, _account(id_), text)
        if keyring.get_password(_SERVICE, _account(id_)) != text:
            raise PasswordSetError

    if not (done := call(put, _AT_THE_DESK)).done:
        raise KeyringRefused(done.why)


def forget_in_keyring(id_: str) -> None:
    """Take a secret out of the keyring; one that is locked goes on holding it."""

    def remove() -> None:
        import keyring

        if keyring.get_password(_SERVICE, _account(id_)) is not None:
            keyring.delete_password(_SERVICE, _account(id_))

    if id_:
        call(remove, _PATIENCE)


def _account(id_: str) -> str:
    return f"home#{id_}"


# --- opening ----------------------------------------------------------------------------------


class Asked:
    """What one process was told so far, so that it asks, and waits for scrypt, once. For one
    thread."""

    def __init__(self, ask: Callable[[], str | None]) -> None:
        """``ask``: returns a passphrase, or None where nobody can be asked."""
        self.ask = ask
        self._known: dict[tuple[Path, str], Secret] = {}

    def known(self, home: Home, keys: Keys) -> Secret | None:
        """Return the secret of a home that was opened before."""
        return self._known.get((home.root, keys.id))

    def remember(self, home: Home, keys: Keys, secret: Secret) -> None:
        """Have it known from now on."""
        self._known[home.root, keys.id] = secret


_ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)


@contextlib.contextmanager
def asking(ask: Callable[[], str | None]) -> Iterator[None]:
    """Have passphrases asked for on this thread in the block, each home's once."""
    token = _ASKED.set(Asked(ask))
    try:
        yield
    finally:
        _ASKED.reset(token)


def unlock(home: Home, passphrase: str | None = None) -> Secret | None:
    """Return the secret of a home, by its custody; None where it takes none.

    Args:
        home: The home.
        passphrase: Where somebody gave one; else it is looked for in the file that the environment
            names, then asked for where that can be done (``asking``).

    Raises:
        HomeSealed: a passphrase is wanted. PassphraseWrong, PassphraseFileOpen.
        HomeKeyMissing, HomeKeyLocked: of the keyring.
        CipherMissing, KeysDamaged.
    """
    keys = read(home)
    if not keys.sealed:
        return None
    for name in _LIBRARIES:
        library(name)
    asked = _ASKED.get() or Asked(_nobody)
    if passphrase is not None and keys.custody is Custody.PASSPHRASE:
        secret: Secret | None = by_passphrase(home, passphrase)
    elif (secret := asked.known(home, keys)) is None:
        by_custody = _by_keyring if keys.custody is Custody.KEYRING else _by_asking
        secret = by_custody(home, keys, asked)
    asked.remember(home, keys, secret)
    return secret


def _nobody() -> None:
    """There is nobody to be asked."""


def _by_keyring(_home: Home, keys: Keys, _asked: Asked) -> Secret:
    def get() -> str | None:
        import keyring

        return keyring.get_password(_SERVICE, _account(keys.id))

    from keyring.errors import NoKeyringError

    told = call(get, _PATIENCE)
    if isinstance(told.error, NoKeyringError):
        raise HomeKeyMissing("there is no keyring")
    if not told.done:
        raise HomeKeyLocked(told.why)
    try:
        return _from_text((told.answer or "").encode())
    except (ValueError, KeyError, TypeError) as error:
        raise HomeKeyMissing from error


def _by_asking(home: Home, _keys: Keys, asked: Asked) -> Secret:
    word = _in_named_file()
    if word is None:
        word = asked.ask()
    if word is None:
        raise HomeSealed
    return by_passphrase(home, word)


def by_passphrase(home: Home, passphrase: str) -> Secret:
    """Return the secret of a home by its passphrase; takes about a second.

    Raises:
        PassphraseWrong, CipherMissing, KeysDamaged.
    """
    pyrage = library("pyrage")
    sealed = _sealed(_passphrase(home))
    try:
        return _opened(pyrage.passphrase.decrypt(sealed, _as_kept(passphrase)))
    except pyrage.DecryptError as error:
        raise PassphraseWrong from error


def by_recovery(home: Home, recovery: str) -> Secret:
    """Return the secret of a home by its recovery key, as somebody typed it.

    Raises:
        RecoveryKeyWrong, CipherMissing, KeysDamaged: there is no file to open with it.
    """
    pyrage = library("pyrage")
    sealed = _sealed(_recovery(home))
    try:
        key = pyrage.x25519.Identity.from_str("".join(recovery.split()).upper())
        return _opened(pyrage.decrypt(sealed, [key]))
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        raise RecoveryKeyWrong from error


def _sealed(file: Path) -> bytes:
    try:
        found = file.read_bytes()
    except FileNotFoundError as error:
        raise KeysDamaged(file.name) from error
    except OSError as error:
        raise from_os(error) from error
    if not found.startswith(_AGE):
        raise KeysDamaged(file.name)
    return found


def _opened(text: bytes) -> Secret:
    try:
        return _from_text(text)
    except (ValueError, KeyError, TypeError) as error:
        raise KeysDamaged from error


def _as_kept(passphrase: str) -> str:
    """Return a passphrase as it is kept, whichever way the keyboard put its marks together."""
    return unicodedata.normalize("NFC", passphrase)


def _in_named_file() -> str | None:
    """Return the passphrase from the file that the environment names; None where it names none."""
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    try:
        with Path(named).open("rb") as opened:
            found = os.fstat(opened.fileno())
            line = opened.readline(_MOST_BYTES)
    except OSError as error:
        raise PassphraseFileOpen(error.strerror or type(error).__name__) from error
    others = stat.S_IRWXG | stat.S_IRWXO
    if os.name == "posix" and stat.S_ISREG(found.st_mode) and found.st_mode & others:
        raise PassphraseFileOpen("others may read it")
    try:
        return line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise PassphraseFileOpen("not UTF-8") from error
