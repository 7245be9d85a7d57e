"""Holds the key that was unlocked, for as long as nobody else could use it unseen.

The PIN is asked for once and given to the session's own program at once; nothing here keeps it.
The key is locked again when the clerk at the desk changes, when somebody says so, when nothing was
signed for a while, and with the home. Called by the command line and the window, off its thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from digitizer.errors import KeyNotSet, SigningClosed
from digitizer.signing.model import Certificate, Done, KeySource, Stamp
from digitizer.signing.session import Session
from digitizer.signingrules import KeyKind, Rules
from digitizer.storage.scratch import Scratch

log = logging.getLogger(__name__)

_MINUTE_SECONDS = 60.0
_ROOM = 128 << 20
"""Bytes of scratch files: a large bundle, a copy of it, and it signed."""


class Unlocked(Struct, frozen=True):
    """A key that signs without a PIN being asked for. ``certificate``: None where the signing
    service chooses it."""

    source: KeySource
    certificate: Certificate | None


def source_of(rules: Rules) -> KeySource:
    """Return where the office's key is kept. Raises ``KeyNotSet``."""
    if rules.key is None or not rules.path:
        raise KeyNotSet
    which = (rules.label, rules.serial) if rules.key is KeyKind.TOKEN else ("", "")
    return KeySource(rules.key, rules.path, *which)


class KeyHolder:
    """The one key of an open home. Thread-safe; one signs at a time.

    The session's program lives as long as the thread that started it, so all of a session is done
    on one thread that stays.
    """

    def __init__(self, scratch: Scratch, trust: Path) -> None:
        """``scratch``: for temporary files; ``trust``: certificates that are trusted besides the
        system's."""
        self._scratch = scratch
        self._trust = trust
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="signing")
        self._busy = threading.RLock()
        self._session: Session | None = None
        self._opening: Session | None = None
        self._unlocked: Unlocked | None = None
        self._idle_seconds = 0.0
        self._timer: threading.Timer | None = None
        self._stop: threading.Event | None = None
        self._told: list[Callable[[], None]] = []

    def subscribe(self, locked: Callable[[], None]) -> None:
        """Call ``locked``, on whichever thread, each time the key is locked."""
        self._told.append(locked)

    @property
    def unlocked(self) -> Unlocked | None:
        """The key that can be used now, or None: the PIN has to be given first. Does not wait."""
        session, found = self._session, self._unlocked
        return found if session is not None and session.is_open else None

    def unlock(self, rules: Rules, pin: str) -> Unlocked:
        """Unlock the office's key for the signatures that follow; another one is locked.

        Args:
            rules: Where the key is, and for how long it stays unlocked unused.
            pin: Tried once. Empty for the signing service, which asks for it itself.

        Raises:
            KeyNotSet; WrongPin, PinLocked, TokenMissing and the other rows of ``Session.open``:
            nothing is unlocked then.
        """
        source = source_of(rules)
        with self._busy:
            self._close()
            session = self._opening = Session(
                source,
                self._scratch.place(_ROOM),
                timestamps=rules.timestamps or None,
                authorities=self._trust,
            )
            try:
                certificate = self._hand.submit(session.open, pin).result()
            finally:
                self._opening = None
            self._session, self._unlocked = session, Unlocked(source, certificate)
            self._idle_seconds = rules.idle * _MINUTE_SECONDS
            self._wait_for_idleness()
            return self._unlocked

    def sign(self, source: Path, out: Path, stamp: Stamp, stop: threading.Event) -> Done:
        """Sign one file with the key that is unlocked. ``stop`` is set if that is to be locked
        meanwhile.

        Raises:
            SigningClosed: the key is locked; and what ``Session.sign`` raises.
        """
        with self._busy:
            session = self._session
            if session is None or not session.is_open:
                raise SigningClosed
            self._forget_timer()
            self._stop = stop
            try:
                return self._hand.submit(session.sign, source, out, stamp, stop=stop).result()
            finally:
                self._stop = None
                if session.is_open:
                    self._wait_for_idleness()
                else:
                    self._close()

    def lock(self) -> None:
        """Forget the PIN. What is being signed is broken off, and so is a token that is being
        waited for."""
        signing, opening = self._stop, self._opening
        if signing is not None:
            signing.set()
        if opening is not None:
            opening.close()
        with self._busy:
            self._close()

    def close(self) -> None:
        """Lock the key for good."""
        self.lock()
        self._hand.shutdown()

    def _close(self) -> None:
        self._forget_timer()
        session, self._session, self._unlocked = self._session, None, None
        if session is not None:
            self._hand.submit(session.close).result()
            log.info("the signing key was locked")
            for tell in self._told:
                tell()

    def _wait_for_idleness(self) -> None:
        self._forget_timer()
        self._timer = threading.Timer(self._idle_seconds, self.lock)
        self._timer.daemon = True
        self._timer.start()

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
