"""The body of an answer, piece by piece: bounded in size and time, hashed, kept whole or not.

Called by ``opencps_http`` alone. What httpx raises passes through.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import httpx

from digitizer.errors import AnswerUnexpected, ServerTrouble, from_os


def pieces_of(response: httpx.Response, limit: int, deadline: float) -> Iterator[bytes]:
    """Yield a body as it comes. ``limit``: bytes; ``deadline``: monotonic seconds.

    Raises:
        AnswerUnexpected: it is longer.
        ServerTrouble: it takes longer.
    """
    total = 0
    for piece in response.iter_raw():  # as it comes: a drip must not wait for a full buffer
        total += len(piece)
        if total > limit:
            raise AnswerUnexpected(f"more than {limit} bytes")
        if time.monotonic() > deadline:
            raise ServerTrouble("the answer took too long")
        yield piece


def bounded(response: httpx.Response, limit: int, deadline: float) -> bytes:
    """Return a whole body; see ``pieces_of``."""
    whole = io.BytesIO()
    for piece in pieces_of(response, limit, deadline):
        whole.write(piece)
    return whole.getvalue()


def hashed(pieces: Iterator[bytes], copy: BinaryIO | None) -> str | None:
    """Return the SHA-256 of a body, which is written to ``copy`` if one is given; None for one
    without bytes. Raises ``DiskFull`` and its like."""
    digest, total = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        total += len(piece)
        if copy is not None:
            try:
                copy.write(piece)
            except OSError as error:
                raise from_os(error, "download") from error
    return digest.hexdigest() if total else None


def kept(pieces: Iterator[bytes], into: Path) -> str | None:
    """Write a body to the file ``into``, whole or not at all; return as ``hashed`` does."""
    part = into.with_name(into.name + ".part")
    try:
        with part.open("wb") as copy:
            sha256 = hashed(pieces, copy)
        if sha256 is not None:
            part.replace(into)
        return sha256
    except OSError as error:
        raise from_os(error, into.name) from error
    finally:
        part.unlink(missing_ok=True)
