"""A file on its way out over HTTP, as httpx reads it while it sends.

Made by ``opencps_http`` for each upload. Knows no server.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, BinaryIO

import httpx

from digitizer.procedure.passage import Passage


class Paced:
    """A file that is read as fast as it may be sent, stops being read when its time is up, and
    tells how far it has been read; the rest is the file's own."""

    def __init__(
        self, file: BinaryIO, deadline: float, told: Callable[[int], None], passage: Passage
    ) -> None:
        """``deadline``: monotonic seconds; ``told``: hears how many bytes have gone out."""
        self._file = file
        self._deadline = deadline
        self._told = told
        self._passage = passage

    def read(self, size: int = -1) -> bytes:
        """Return the next piece once it may go; ``size`` bytes of it at most."""
        gone = self._file.tell()
        self._told(gone)  # what was read before has gone out
        self._passage.go_on(gone)
        if time.monotonic() > self._deadline:
            raise httpx.WriteTimeout("the upload took too long")
        return self._file.read(size if size < 0 else min(size, self._passage.piece))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
