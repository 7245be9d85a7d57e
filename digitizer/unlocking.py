"""Opens the secret of an encrypted home: by its custody, or with its recovery key.

A passphrase comes from whoever opens the home, from a file that the environment names, or from
somebody who can be asked (``asking``); never from an argument of a program. Called by
``digitizer.storage.access`` and ``digitizer.encrypting``.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path

from digitizer import agewords
from digitizer.config import Home
from digitizer.errors import (
    HomeKeyLocked,
    HomeKeyMissing,
    HomeSealed,
    KeysDamaged,
    PassphraseFileOpen,
    PassphraseWrong,
    RecoveryKeyWrong,
    from_os,
)
from digitizer.homekeys import (
    LIBRARIES,
    PATIENCE,
    SERVICE,
    Custody,
    Keys,
    Secret,
    account_of,
    as_kept,
    from_text,
    library,
    passphrase_file,
    read,
    recovery_file,
)
from digitizer.keyringcall import call

VARIABLE = "DIGITIZER_PASSPHRASE_FILE"
"""Names a file that holds the passphrase, for commands that no terminal belongs to."""
_MOST_BYTES = 1000
_AGE = b"age-encryption.org/"


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


@contextlib.contextmanager
def knowing(home: Home, secret: Secret | None) -> Iterator[None]:
    """Have the secret of a home known on this thread in the block: somebody has it open."""
    asked = Asked(_nobody)
    if secret is not None:
        asked.remember(home, read(home), secret)
    token = _ASKED.set(asked)
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
    for name in LIBRARIES:
        library(name)
    asked = _ASKED.get() or Asked(_nobody)
    if passphrase is not None and keys.custody is Custody.PASSPHRASE:
        secret = by_passphrase(home, passphrase)
    else:
        by_custody = _by_keyring if keys.custody is Custody.KEYRING else _by_asking
        secret = asked.known(home, keys) or by_custody(home, keys, asked)
    asked.remember(home, keys, secret)
    return secret


def _nobody() -> None:
    """There is nobody to be asked."""


def _by_keyring(_home: Home, keys: Keys, _asked: Asked) -> Secret:
    def get() -> str | None:
        import keyring

        return keyring.get_password(SERVICE, account_of(keys.id))

    from keyring.errors import NoKeyringError

    told = call(get, PATIENCE)
    if isinstance(told.error, NoKeyringError):
        raise HomeKeyMissing("there is no keyring")
    if not told.done:
        raise HomeKeyLocked(told.why)
    try:
        return from_text((told.answer or "").encode())
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
    """Return the secret of a home by its passphrase; takes about half a second.

    Raises:
        PassphraseWrong, KeysDamaged.
    """
    sealed = _sealed(passphrase_file(home))
    try:
        return _opened(agewords.open_(sealed, as_kept(passphrase)))
    except agewords.Broken as error:
        raise PassphraseWrong from error


def by_recovery(home: Home, recovery: str) -> Secret:
    """Return the secret of a home by its recovery key, as somebody typed it.

    Raises:
        RecoveryKeyWrong, CipherMissing, KeysDamaged: there is no file to open with it.
    """
    pyrage = library("pyrage")
    sealed = _sealed(recovery_file(home))
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
        return from_text(text)
    except (ValueError, KeyError, TypeError) as error:
        raise KeysDamaged from error


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
