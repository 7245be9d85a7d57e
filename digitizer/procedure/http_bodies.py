"""Bodies of answers, never more than is wanted and never longer than is waited for.

Called by ``opencps_http``. What httpx raises goes through: the caller converts it.
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

MOST_BYTES = 2 * 1024 * 1024 * 1024
"""Of a download."""


def announced(response: httpx.Response) -> int:
    """Return the bytes that the answer says it has, as many as allowed if it does not say."""
    text = response.headers.get("content-length", "")
    size = int(text) if text.isdecimal() and len(text) < 16 else MOST_BYTES
    return min(size, MOST_BYTES)


def pieces(response: httpx.Response, limit: int, deadline: float) -> Iterator[bytes]:
    """Yield a body as it comes.

    Raises:
        AnswerUnexpected: more than ``limit`` bytes.
        ServerTrouble: it was not there by ``deadline`` (monotonic seconds).
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
    """Return a whole body; raises as ``pieces`` does."""
    whole = io.BytesIO()
    for piece in pieces(response, limit, deadline):
        whole.write(piece)
    return whole.getvalue()


def hashed(coming: Iterator[bytes], copy: BinaryIO | None) -> str | None:
    """Return the hash of what comes, None where nothing does; write it into ``copy`` if given."""
    digest, total = hashlib.sha256(), 0
    for piece in coming:
        digest.update(piece)
        total += len(piece)
        if copy is not None:
            try:
                copy.write(piece)
            except OSError as error:
                raise from_os(error, "download") from error
    return digest.hexdigest() if total else None


def kept(coming: Iterator[bytes], into: Path) -> str | None:
    """Write what comes into a file, whole or not at all; return its hash, None for nothing."""
    part = into.with_name(into.name + ".part")
    try:
        with part.open("wb") as copy:
            sha256 = hashed(coming, copy)
        if sha256 is not None:
            part.replace(into)
        return sha256
    except OSError as error:
        raise from_os(error, into.name) from error
    finally:
        part.unlink(missing_ok=True)
