"""Who may sign in to the sandbox, and what each of them asked of it.

Used by ``gate`` and changed by tests while the server runs: a password that is changed there is
what an office meets one morning. Thread-safe.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter

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

    def admits(self, user: str, password: str, method: str, path: str) -> bool:
        """Tell whether ``user`` may make a call, and remember it either way."""
        with self._lock:
            known = self._passwords.get(user)
            right = known is not None and secrets.compare_digest(
                known.encode(), password.encode("utf-8", "surrogateescape")
            )
            if right:
                self._calls.append((user, method, path))
            else:
                self._refusals[user] += 1
            return right

    def uploaders(self) -> list[str]:
        """Return who uploaded, one entry for each upload that was let in, in their order."""
        with self._lock:
            return [user for user, method, path in self._calls if _uploads(method, path)]

    def refusals(self, user: str) -> int:
        """Return how often ``user`` was not let in: some servers lock an account after a few."""
        with self._lock:
            return self._refusals[user]


def _uploads(method: str, path: str) -> bool:
    return method == "POST" and "/files" in path
