"""Hangs up on a server that does not come to the point.

Called by ``opencps_http``. What httpx waits for is the next sign of life: a server that gives one
byte of its answer's head at a time would be waited for as long as it likes.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import httpx


def allowed(request: httpx.Request) -> float:
    """Return the seconds in which an answer must have begun: connecting, sending as long as the
    request may take, and waiting once more as long."""
    waits = request.extensions["timeout"]
    return float(waits["connect"] + 2 * waits["read"])


@contextmanager
def hung_up_after(seconds: float, line: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Shut the socket that ``line`` gives, should the block take longer; what waits for it then
    gets httpx's own error."""

    def hang_up() -> None:
        opened = line()
        if opened is not None:
            with suppress(OSError):  # TLS has a shutdown of its own, which would wait
                socket.socket.shutdown(opened, socket.SHUT_RDWR)

    clock = threading.Timer(seconds, hang_up)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
