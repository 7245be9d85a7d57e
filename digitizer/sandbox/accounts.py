"""Who may sign in to the sandbox, and what each of them asked of it.

Asked by ``gate``, ``portal`` and ``igate`` and changed by tests while the server runs: a password
that is changed there is what an office meets one morning. Thread-safe.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import threading
from collections import Counter

from starlette.datastructures import Headers

from digitizer.sandbox import seed


class Accounts:
    """The accounts of one sandbox; one from the start."""

    def __init__(self) -> None:
        self._passwords = {seed.USER: seed.PASSWORD}
        self._calls: list[tuple[str, str, str]] = []
        self._refusals: Counter[str] = Counter()
        self._lock = threading.Lock()

    def set(self, user: str, password: str) -> None:
        """Let ``user`` in with this password from now on, and with no other."""
        with self._lock:
            self._passwords[user] = password

    def knows(self, user: str, password: str) -> bool:
        """Tell whether ``user`` may sign in, and remember it where not."""
        with self._lock:
            known = self._passwords.get(user)
            right = known is not None and secrets.compare_digest(
                known.encode(), password.encode("utf-8", "surrogateescape")
            )
            if not right:
                self._refusals[user] += 1
            return right

    def note(self, user: str, method: str, path: str) -> None:
        """Remember a call of somebody who is signed in."""
        with self._lock:
            self._calls.append((user, method, path))

    def admits(self, user: str, password: str, method: str, path: str) -> bool:
        """Tell whether ``user`` may make a call, and remember it either way."""
        right = self.knows(user, password)
        if right:
            self.note(user, method, path)
        return right

    def uploaders(self) -> list[str]:
        """Return who uploaded, one entry for each upload that was let in, in their order."""
        with self._lock:
            return [user for user, method, path in self._calls if _uploads(method, path)]

    def calls(self, method: str, end: str) -> int:
        """Return how many calls were let in whose path ends so."""
        with self._lock:
            return sum(m == method and path.endswith(end) for _, m, path in self._calls)

    def refusals(self, user: str) -> int:
        """Return how often ``user`` was not let in: some servers lock an account after a few."""
        with self._lock:
            return self._refusals[user]


def credentials(headers: Headers) -> tuple[str, str]:
    """Return user and password as HTTP Basic sent them; nobody where nothing of the kind was."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        text = base64.b64decode(token, validate=True).decode("utf-8", "surrogateescape")
    except binascii.Error:
        return "", ""
    user, _, password = text.partition(":")
    return user, password


def _uploads(method: str, path: str) -> bool:
    return method == "POST" and "/files" in path
