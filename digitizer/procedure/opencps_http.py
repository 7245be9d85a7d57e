"""HTTP as OpenCPS wants it: one line to one server, with every answer bounded.

Called by ``opencps`` alone. Signs every call in (HTTP Basic, header ``groupId``), keeps each
answer within a size and each call within a time, follows no redirect, and converts what httpx
raises to rows of the error table. Knows status codes that mean the same on every call, nothing
of dossiers or papers.
"""

from __future__ import annotations

import hashlib
import io
import ipaddress
import json
import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from digitizer.errors import (
    AddressUnusable,
    AnswerUnexpected,
    DigitizerError,
    NotAllowed,
    Offline,
    ServerTrouble,
    SignInRefused,
    from_os,
)
from digitizer.procedure.trust import trusting, untrusted

BASE_PATH = "/o/rest/v2"
_JSON_BYTES = 16 * 1024 * 1024
_DOWNLOAD_BYTES = 2 * 1024 * 1024 * 1024
_BUSY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait. A transfer of n bytes may take ``answer + n / bytes_per_second``.

    Attributes:
        connect: Seconds for the connection and the TLS handshake.
        answer: Seconds between two signs of life.
        bytes_per_second: The slowest line still worth waiting for.
    """

    connect: float = 15.0
    answer: float = 60.0
    bytes_per_second: float = 20_000.0

    def for_bytes(self, size: int) -> float:
        """Return the seconds that moving ``size`` bytes may take in all."""
        return self.answer + size / self.bytes_per_second


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: at most ``_JSON_BYTES`` of body."""

    status: int
    body: bytes
    etag: str

    def json(self) -> Any:
        """Return the JSON value of the body. Raises ``AnswerUnexpected``."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise AnswerUnexpected("not JSON") from None

    def description(self) -> str | None:
        """Return the ``description`` of an error body (blank if null), None if it has none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, dict) or not {"message", "code", "description"} & value.keys():
            return None
        text = value.get("description")
        return text.strip() if isinstance(text, str) else ""


@dataclass(frozen=True, slots=True)
class Download:
    """What a download brought: ``sha256`` of the bytes, None where there were none."""

    status: int
    sha256: str | None


class Line:
    """The way to one server, for one account. Holds no connection between sessions."""

    def __init__(
        self, url: str, group: str, user: str, password: str, patience: Patience, *, ca: str = ""
    ) -> None:
        """Check the address; nothing is sent.

        Raises:
            AddressUnusable; CertificateUnreadable, CertificateNotCa of ``ca``.
        """
        self._base, loopback = _base(url)
        if not (group.isascii() and group.isprintable() and len(group) <= 100):
            raise AddressUnusable("the group is not a plain number or word")
        self._headers = {
            "groupId": group,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "digitizer",
        }
        self._auth = httpx.BasicAuth(user, password)
        self._patience = patience
        self._trust = trusting(ca, everybody=self._base.startswith("https:"))
        self._use_proxies = not loopback
        logging.getLogger("httpx").setLevel(logging.WARNING)  # its INFO lines hold whole URLs

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session: several calls over one connection, closed at the end."""
        client = httpx.Client(
            headers=self._headers,
            auth=self._auth,
            verify=self._trust,
            trust_env=self._use_proxies,
            follow_redirects=False,
        )
        with client:
            yield Session(client, self._base, self._patience)


class Session:
    """Calls to the server. Every method raises only rows of the error table.

    An answer that means the same whatever was asked becomes its row here: 203 and a challenge
    ``SignInRefused``, 401 ``NotAllowed``, 5xx ``ServerTrouble``, a redirect and anything
    unforeseen ``AnswerUnexpected``. The rest is returned: 200, 204, 304, 400, 403, 409, 413.
    """

    def __init__(self, client: httpx.Client, base: str, patience: Patience) -> None:
        self._client = client
        self._base = base
        self._patience = patience

    def get(
        self,
        path: str,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for a JSON answer."""
        request = self._request("GET", path, 0, params=dict(query or {}), headers=headers)
        return self._answer(request, self._patience.for_bytes(_JSON_BYTES))

    def post_file(
        self,
        path: str,
        fields: Mapping[str, str],
        name: str,
        file: BinaryIO,
        size: int,
        told: Callable[[int], None],
    ) -> Answer:
        """Post a form with one file, read from disk while it is sent; ``told`` hears how far."""
        allowed = self._patience.for_bytes(size)
        paced = _Paced(file, time.monotonic() + allowed, told)
        request = self._request(
            "POST", path, size, data=dict(fields), files={"file": (name, paced, "application/pdf")}
        )
        return self._answer(request, 2 * allowed)

    def download(self, path: str, into: Path | None, expected: int = 0) -> Download:
        """Hash what is stored at ``path``, and keep it in the file ``into`` if one is given.

        Args:
            path: Below the base address.
            into: Written whole or not at all.
            expected: Bytes that it probably has, for the time-out.
        """
        request = self._request("GET", path, expected, headers={"Accept": "*/*"})
        with _known_errors(), self._sent(request) as response:
            size = max(expected, _announced(response))
            deadline = time.monotonic() + self._patience.for_bytes(size)
            if response.status_code != 200:
                _bounded(response, _JSON_BYTES, deadline)
                return Download(response.status_code, None)
            pieces = _pieces(response, _DOWNLOAD_BYTES, deadline)
            if into is None:
                return Download(200, _hash(pieces, None))
            return Download(200, _kept(pieces, into))

    def _request(self, method: str, path: str, size: int, **parts: Any) -> httpx.Request:
        wait = self._patience
        timeout = httpx.Timeout(wait.answer, connect=wait.connect, read=wait.for_bytes(size))
        with _known_errors():
            return self._client.build_request(method, self._base + path, timeout=timeout, **parts)

    def _answer(self, request: httpx.Request, allowed: float) -> Answer:
        with _known_errors(), self._sent(request) as response:
            body = _bounded(response, _JSON_BYTES, time.monotonic() + allowed)
            return Answer(response.status_code, body, response.headers.get("etag", "")[:200])

    @contextmanager
    def _sent(self, request: httpx.Request) -> Iterator[httpx.Response]:
        response = self._client.send(request, stream=True)
        try:
            _refuse(response)
            yield response
        finally:
            response.close()


class _Paced:
    """A file that stops being read when its time is up, and tells how far it has been read; the
    rest is the file's own."""

    def __init__(self, file: BinaryIO, deadline: float, told: Callable[[int], None]) -> None:
        self._file = file
        self._deadline = deadline
        self._told = told

    def read(self, size: int = -1) -> bytes:
        if time.monotonic() > self._deadline:
            raise httpx.WriteTimeout("the upload took too long")
        self._told(self._file.tell())  # what was read before has gone out
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _base(url: str) -> tuple[str, bool]:
    """Return the base address, and whether it is on this machine."""
    try:
        parts = httpx.URL(url.strip())
    except (httpx.InvalidURL, TypeError):
        raise AddressUnusable("it is not a URL") from None
    if parts.scheme not in ("http", "https") or not parts.host:
        raise AddressUnusable("it must begin with https:// (http:// only inside the office)")
    if parts.userinfo or parts.query or parts.fragment:
        raise AddressUnusable("it must hold no user name, '?' or '#'")
    loopback, private = _nearness(parts.host)
    if parts.scheme == "http" and not private:
        raise AddressUnusable("the password would cross the network in clear")
    path = parts.path.rstrip("/") or BASE_PATH
    return str(parts.copy_with(path=path)), loopback


def _nearness(host: str) -> tuple[bool, bool]:
    """Tell whether ``host`` is this machine, and whether it is at least in the office."""
    if host == "localhost":
        return True, True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False, False
    return address.is_loopback, address.is_private


def _refuse(response: httpx.Response) -> None:
    status = response.status_code
    if response.headers.get("content-encoding", "identity") != "identity":
        raise AnswerUnexpected("a compressed answer nobody asked for")
    if status == 203 or (status == 401 and "www-authenticate" in response.headers):
        raise SignInRefused
    if status == 401:
        raise NotAllowed
    if status in _BUSY or status >= 500:
        raise ServerTrouble(f"status {status}")
    if status not in (200, 204, 304, 400, 403, 409, 413):
        raise AnswerUnexpected(f"status {status}")


def _announced(response: httpx.Response) -> int:
    """Return the bytes that the answer says it has, as many as allowed if it does not say."""
    text = response.headers.get("content-length", "")
    size = int(text) if text.isdecimal() and len(text) < 16 else _DOWNLOAD_BYTES
    return min(size, _DOWNLOAD_BYTES)


def _pieces(response: httpx.Response, limit: int, deadline: float) -> Iterator[bytes]:
    total = 0
    for piece in response.iter_raw():  # as it comes: a drip must not wait for a full buffer
        total += len(piece)
        if total > limit:
            raise AnswerUnexpected(f"more than {limit} bytes")
        if time.monotonic() > deadline:
            raise ServerTrouble("the answer took too long")
        yield piece


def _bounded(response: httpx.Response, limit: int, deadline: float) -> bytes:
    whole = io.BytesIO()
    for piece in _pieces(response, limit, deadline):
        whole.write(piece)
    return whole.getvalue()


def _hash(pieces: Iterator[bytes], copy: BinaryIO | None) -> str | None:
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


def _kept(pieces: Iterator[bytes], into: Path) -> str | None:
    part = into.with_name(into.name + ".part")
    try:
        with part.open("wb") as copy:
            sha256 = _hash(pieces, copy)
        if sha256 is not None:
            part.replace(into)
        return sha256
    except OSError as error:
        raise from_os(error, into.name) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _known_errors() -> Iterator[None]:
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
