"""What an answer or a broken connection means, as rows of the error table.

Called by ``opencps_http`` alone. Knows status codes that mean the same on every call.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from digitizer.errors import (
    AnswerUnexpected,
    DigitizerError,
    NotAllowed,
    Offline,
    ServerBusy,
    ServerTrouble,
    SignInRefused,
)
from digitizer.procedure.trust import untrusted

BUSY = frozenset({408, 425, 429, 502, 503, 504})
"""Statuses of a server that wants to be asked later."""
_LONGEST_REST_SECONDS = 900


def refuse(response: httpx.Response, *also: int) -> None:
    """Raise what an answer means that means the same whatever was asked; ``also``: statuses that
    this call may get besides the usual ones."""
    status = response.status_code
    if response.headers.get("content-encoding", "identity") != "identity":
        raise AnswerUnexpected("a compressed answer nobody asked for")
    if status == 203 or (status == 401 and "www-authenticate" in response.headers):
        raise SignInRefused
    if status == 401:
        raise NotAllowed
    if status in BUSY:
        raise ServerBusy(f"status {status}", _asked_rest(response))
    if status >= 500:
        raise ServerTrouble(f"status {status}")
    if status not in (200, 204, 304, 400, 403, 409, 413, *also):
        raise AnswerUnexpected(f"status {status}")


def _asked_rest(response: httpx.Response) -> float:
    """Return the seconds after which the server wants to be asked again, 0 where it does not say.
    A moment is not looked at: neither clock is trusted."""
    text = response.headers.get("retry-after", "").strip()
    seconds = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
    return float(min(seconds, _LONGEST_REST_SECONDS))


@contextmanager
def known_errors() -> Iterator[None]:
    """Convert what httpx raises in the block."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise _row(error) from error


def _row(error: Exception) -> DigitizerError:
    """Return the row for what httpx raised: never reached is Offline, broken off is not.

    A connection that breaks later counts as trouble with this one call, so that a file which
    always breaks it is parked in the end instead of holding up all others.
    """
    tls = _tls_error(error)
    if isinstance(tls, ssl.SSLCertVerificationError):
        return untrusted(tls)
    if isinstance(error, httpx.ConnectError) and tls is not None:
        if isinstance(tls, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return Offline()
        return AnswerUnexpected("no TLS at this address")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
        return Offline()
    if isinstance(error, httpx.TimeoutException):
        return ServerTrouble("it took too long")
    if isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol):
        return AnswerUnexpected(type(error).__name__)
    if isinstance(error, httpx.TransportError):
        return ServerTrouble("the connection broke off")
    return AnswerUnexpected(type(error).__name__)


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    for _ in range(10):
        if error is None or isinstance(error, ssl.SSLError):
            return error
        error = error.__cause__ or error.__context__
    return None
