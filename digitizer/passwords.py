"""Passwords of accounts: in the system's keyring, else in one file that only the user may read.

Never in the database, the log or an argument. A keyring is somebody else's program: it may be
locked, ask a person something, or never answer. So each call to it runs on a thread of its own and
is waited for only so long; what it once told is remembered as long as the home is open. Called by
``digitizer.servers`` and, through it, by the sync lane. Knows no server.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from digitizer import homekeys
from digitizer.config import Home
from digitizer.durable import write_durably
from digitizer.errors import KeyringLocked, from_os
from digitizer.homekeys import Secret
from digitizer.keyringcall import Call

log = logging.getLogger(__name__)

_SERVICE = "digitizer"
_ANY = ""
"""The place of a password that an older version wrote without saying what for."""
_AT_THE_DESK = 6
"""Somebody who has just typed a password may have to unlock the keyring: so much more patience."""


class Passwords:
    """The passwords that one home uses. Thread-safe. A *place* is ``user@address``."""

    def __init__(
        self,
        home: Home,
        *,
        patience: float = 5.0,
        secret: Secret | None = None,
        sealing: bool = True,
    ) -> None:
        """Know no password yet.

        Args:
            home: The home.
            patience: Seconds that a keyring may take to answer.
            secret: Of an encrypted home: the file is sealed with it.
            sealing: Whether it still is, where there is a secret.
        """
        self._home = home
        self._secret = secret
        self._sealing = sealing and secret is not None
        self._patience = patience
        self._known: dict[str, str] = {}
        self._asked: dict[str, Call] = {}
        self._lock = threading.Lock()
        self._closed = False

    @property
    def in_file(self) -> bool:
        """Whether any lies in the private file, for want of a keyring."""
        return self._home.password.exists() or self._sealed.exists()

    @property
    def _sealed(self) -> Path:
        return self._home.password.with_suffix(".age")

    def get(self, place: str) -> str:
        """Return a password, empty where none is known.

        Raises:
            KeyringLocked: there is a keyring, and it does not tell now.
        """
        with self._lock:
            kept = self._known.get(place)
            in_file = {} if kept is not None else self._in_file()
        kept = kept or in_file.get(place)
        if kept is not None:
            return kept
        found = self._from_keyring(place)
        if found:
            with self._lock:
                self._known.setdefault(place, found)
        return found

    def put(self, place: str, password: str) -> None:
        """Keep a password. Raises ``DiskFull``, ``HomeReadOnly``."""
        account = self._account(place)

        def put() -> None:
            import keyring
            from keyring.errors import PasswordSetError

            keyring.set_password(_SERVICE, account, password)
            if keyring.get_password(_SERVICE, account) != password:
                raise PasswordSetError

        call = self._begin(put)
        call.over.wait(self._patience * _AT_THE_DESK)
        with self._lock:
            self._known[place] = password
            self._asked.pop(place, None)
            others = self._in_file()
            others.pop(place, None)
            if call.ended and call.error is None:
                self._write(others)
                return
            log.info("no keyring took a password (%s): it goes into a private file", call.why)
            self._write({**others, place: password})

    def settle(self, place: str) -> None:
        """Say what the password is for that an older version wrote without saying so."""
        with self._lock:
            kept = self._in_file()
            if (password := kept.pop(_ANY, None)) is not None:
                self._write({place: password, **kept})

    def forget(self, place: str) -> None:
        """Keep a password no more. A keyring that is locked goes on holding it."""
        account = self._account(place)

        def remove() -> None:
            import keyring

            if keyring.get_password(_SERVICE, account) is not None:
                keyring.delete_password(_SERVICE, account)

        call = self._begin(remove)
        call.over.wait(self._patience)
        if call.error is not None or not call.ended:
            log.info("the keyring let go of no password (%s)", call.why)
        with self._lock:
            self._known.pop(place, None)
            self._asked.pop(place, None)
            kept = self._in_file()
            if kept.pop(place, None) is not None:
                self._write(kept)

    def rewrite(self) -> None:
        """Give the private file the form it is to have, sealed or not, if there is one. Raises as
        ``put``."""
        with self._lock:
            if (self._home.password if self._sealing else self._sealed).exists():
                self._write(self._in_file())

    def close(self) -> None:
        """Wait for no keyring any more."""
        with self._lock:
            self._closed = True
            for call in self._asked.values():
                call.over.set()

    def _account(self, place: str) -> str:
        return f"{place}#{self._home.root}"

    def _from_keyring(self, place: str) -> str:
        """Ask the keyring, or wait for the answer to what it was asked before."""
        from keyring.errors import NoKeyringError

        account = self._account(place)

        def get() -> str | None:
            import keyring

            return keyring.get_password(_SERVICE, account)

        with self._lock:
            call = self._asked.get(place)
        call = call or self._begin(get, place)
        call.over.wait(self._patience)
        with self._lock:
            if call.ended:
                self._asked.pop(place, None)
        if isinstance(call.error, NoKeyringError):
            return ""
        if not call.ended or call.error is not None:
            log.warning("the keyring tells no password: %s", call.why)
            raise KeyringLocked
        return call.answer or ""

    def _begin(self, work: Callable[[], str | None], place: str = "") -> Call:
        """Begin a call; of one with a ``place`` the next who asks the same gets the answer."""
        call = Call(work)
        with self._lock:
            if place:
                self._asked[place] = call
            if self._closed:
                call.over.set()
        call.begin()
        return call

    def _in_file(self) -> dict[str, str]:
        """Return what the private file holds, by place."""
        try:
            if self._secret is not None and self._sealed.exists():
                kept_bytes = homekeys.opened(self._secret, self._sealed.read_bytes())
            else:
                kept_bytes = self._home.password.read_bytes()
            text = kept_bytes.decode("utf-8", "surrogatepass")
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise from_os(error) from error
        try:
            kept = json.loads(text)
        except ValueError:
            return {_ANY: text}
        if not isinstance(kept, dict):
            return {_ANY: text}
        if "password" in kept:  # an older version kept one
            return {str(kept.get("for")): str(kept["password"])}
        return {str(place): str(word) for place, word in kept.get("passwords", {}).items()}

    def _write(self, kept: dict[str, str]) -> None:
        try:
            before = [self._home.password, self._sealed]
            if kept:
                text = json.dumps({"passwords": kept}, ensure_ascii=False)
                data = text.encode("utf-8", "surrogatepass")
                if self._sealing and self._secret is not None:
                    data = homekeys.sealed(self._secret, data)
                file = before.pop(1 if self._sealing else 0)
                write_durably(file, data)
            for other in before:
                other.unlink(missing_ok=True)
        except OSError as error:
            raise from_os(error) from error
