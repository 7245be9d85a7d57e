"""Threads that hear what a child says, without letting it fill this process's memory.

Called by ``programs``. Knows no process, only pipes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import IO


class Ear(threading.Thread):
    """Hears a pipe to its end. Where more than ``most`` bytes come, nothing counts as heard, and
    ``too_much`` is called."""

    def __init__(self, pipe: IO[bytes] | None, most: int, too_much: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._pipe, self._most, self._too_much = pipe, most, too_much
        self.heard = b""
        self.start()

    def run(self) -> None:
        """Listen."""
        parts, total = [], 0
        assert self._pipe is not None  # noqa: S101 - a pipe was asked for
        with self._pipe as pipe:
            while part := os.read(pipe.fileno(), 1 << 16):
                total += len(part)
                if total > self._most:
                    self._too_much()
                    return
                parts.append(part)
        self.heard = b"".join(parts)


class Complaint(threading.Thread):
    """Hears a pipe to its end and keeps the last ``most`` bytes."""

    def __init__(self, pipe: IO[bytes] | None, most: int) -> None:
        super().__init__(daemon=True)
        self._pipe, self._most = pipe, most
        self.heard = b""
        self.start()

    def run(self) -> None:
        """Listen."""
        assert self._pipe is not None  # noqa: S101 - a pipe was asked for
        with self._pipe as pipe:
            while part := os.read(pipe.fileno(), 4096):
                self.heard = (self.heard + part)[-self._most :]
