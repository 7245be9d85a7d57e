"""Faults on demand: what the sandbox does wrong, and how often.

A fault is named on the command line as ``NAME`` (always) or ``NAME:N`` (the next N times).
Thread-safe; used by ``app`` and changed by tests while the server runs.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable
from enum import StrEnum


class Fault(StrEnum):
    """What can go wrong; the first six on any call, the rest where they say."""

    UNAVAILABLE = "unavailable"  # 503
    NOT_AUTHENTICATED = "not-authenticated"  # 203
    SESSION_EXPIRED = "session-expired"  # a session, or a token, has run out
    SLOW = "slow"  # the answer comes late
    CUT = "cut"  # the connection is cut in the middle of an answer
    NONSENSE = "nonsense"  # 200 and an HTML page
    NO_BYTES = "no-bytes"  # upload: 200, and a row without bytes
    NO_BYTES_ONCE = "no-bytes-once"  # the same, on the first upload of every file
    WRONG_BYTES = "wrong-bytes"  # upload: 200, and the stored bytes are damaged
    LATE_ANSWER = "late-answer"  # upload, creation: done, then the line is cut before the answer
    NO_CODE = "no-code"  # one dossier asked for or made: its mã hồ sơ is not told yet
    MARK_REFUSED = "mark-refused"  # telling a received count answers 403
    REPLACE_BROKEN = "replace-broken"  # replacing a file answers 403 without a description
    PORTAL = "portal"  # download: 200 and an HTML page
    REFUSED = "refused"  # any call: 403 without a description
    REPEATED = "repeated"  # upload: handed over twice on its way; the second one is answered
    DELAYED = "delayed"  # upload: the connection is cut; it is stored after the next upload


class Faults:
    """The faults that are on."""

    def __init__(self, wanted: Iterable[str] = (), *, slow_seconds: float = 5.0) -> None:
        """Turn on what ``wanted`` names. Raises ValueError for a name there is not."""
        self.slow_seconds = slow_seconds
        self._lock = threading.Lock()
        self._left: dict[Fault, float] = {}
        self._met: set[str] = set()
        for text in wanted:
            name, colon, times = text.partition(":")
            if colon and not (times.isdecimal() and int(times) > 0):
                raise ValueError(f"'{text}': the number of times must be 1 or more")
            if name not in list(Fault):
                raise ValueError(f"'{name}' is no fault; there are {', '.join(Fault)}")
            self.set(Fault(name), int(times) if colon else math.inf)

    def set(self, fault: Fault, times: float = math.inf) -> None:
        """Let ``fault`` happen the next ``times`` times; 0 turns it off."""
        with self._lock:
            self._left[fault] = times

    def left(self, fault: Fault) -> float:
        """Return how often ``fault`` is still to happen."""
        with self._lock:
            return self._left.get(fault, 0)

    def take(self, fault: Fault) -> bool:
        """Tell whether ``fault`` happens now, and count it."""
        with self._lock:
            left = self._left.get(fault, 0)
            self._left[fault] = max(0, left - 1)
            return left > 0

    def take_first(self, fault: Fault, key: str) -> bool:
        """The same, only where ``key`` is met for the first time."""
        with self._lock:
            if key in self._met or self._left.get(fault, 0) <= 0:
                return False
            self._met.add(key)
            self._left[fault] -= 1
            return True
