"""The line to one eSCL scanner: HTTP and HTTPS, with the certificate it showed the first time.

Used by ``drivers.escl`` and its modules; the only one that knows httpx, whose troubles it turns
into rows. Scanners sign their certificates themselves, so the SHA-256 of the first one seen is
kept and asked for ever after, in the handshake: before a request is sent (decision 7). Proxies
and redirects are never followed.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self

import httpx
from msgspec import Struct

from digitizer.errors import ScannerLost, ScannerUntrusted
from drivers.escl_address import Address
from drivers.escl_xml import MAX_XML_BYTES

logging.getLogger("httpx").setLevel(logging.WARNING)

_CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 15.0
"""For anything but a page."""
PAGE_SECONDS = 120.0
"""A slow scanner answers when the page is through, not before."""
_CHUNK = 1 << 16


class Stranger(ssl.SSLError):
    """The other end has another certificate than the device had."""


class Pin:
    """The certificate to expect: ``sha256`` in lower-case hex, or empty for the first one seen."""

    def __init__(self, sha256: str = "") -> None:
        self.sha256 = sha256
        self.refused = False

    def check(self, certificate: bytes | None) -> None:
        """Take or refuse a certificate (DER). Raises ``Stranger``."""
        seen = hashlib.sha256(certificate or b"").hexdigest()
        if not certificate or seen != (self.sha256 or seen):
            self.refused = True
            raise Stranger("certificate changed")
        self.sha256 = seen


class _PinnedSocket(ssl.SSLSocket):
    def do_handshake(self, block: bool = False) -> None:
        super().do_handshake(block)
        context = self.context
        if isinstance(context, _PinnedContext) and context.pin is not None:
            context.pin.check(self.getpeercert(binary_form=True))


class _PinnedContext(ssl.SSLContext):
    sslsocket_class = _PinnedSocket
    pin: Pin | None = None


def _context(pin: Pin) -> ssl.SSLContext:
    context = _PinnedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.pin = pin
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the pin takes its place
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # small keys of old devices; nobody vouches for them
    return context


class Answer(Struct, frozen=True):
    """A whole answer. ``headers`` by lower-case names."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Stream(Struct, frozen=True):
    """An answer whose body is still coming. ``length`` in bytes, or None where untold."""

    status: int
    headers: Mapping[str, str]
    length: int | None
    chunks: Iterator[bytes]


class Line:
    """Speaks to the device at ``address``. Used by one thread; ``interrupt`` comes from any.

    Args:
        address: Where it is.
        pin: Its certificate; learns it where none is known yet.
        hurry: Seconds that connecting and answering may take at most, in place of the usual.
    """

    def __init__(self, address: Address, pin: Pin, hurry: float | None = None) -> None:
        self.address = address
        self.pin = pin
        self._hurry = hurry
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._interrupted = False
        headers = {"Accept-Encoding": "identity", "User-Agent": "digitizer"}
        if not address.private:  # many a device gets lost when it is asked twice on one line
            headers["Connection"] = "close"
        self._client = httpx.Client(
            verify=_context(pin) if address.private else False,
            trust_env=False,
            follow_redirects=False,
            headers=headers,
            limits=httpx.Limits(max_connections=1),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def interrupt(self) -> None:
        """End what the other thread waits for, now and from now on, with ``ScannerLost``."""
        with self._lock:
            self._interrupted = True
            sockets = list(self._sockets)
        for one in sockets:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)

    def get(self, path: str) -> Answer:
        """Fetch a document of at most ``MAX_XML_BYTES``. Raises ``ScannerLost`` …"""
        return self._whole("GET", path)

    def post(self, path: str, content: bytes) -> Answer:
        """Send a document. Raises ``ScannerLost``, ``ScannerUntrusted``."""
        return self._whole("POST", path, content)

    def delete(self, path: str) -> Answer:
        """Let go of what is at ``path``. Raises ``ScannerLost``, ``ScannerUntrusted``."""
        return self._whole("DELETE", path)

    @contextlib.contextmanager
    def stream(
        self, method: str, path: str, content: bytes | None = None, seconds: float = PAGE_SECONDS
    ) -> Iterator[Stream]:
        """Ask, and give the answer as it begins.

        Args:
            method: ``GET`` …
            path: From the root of the host, with its slash.
            content: An XML document to send along.
            seconds: The device may be silent for so long.

        Raises:
            ScannerLost: no connection, no answer in time, an answer cut short, or interrupted.
            ScannerUntrusted: another certificate; nothing was sent.
        """
        where = f"{self.address.scheme}://{self.address.host}:{self.address.port}"
        seconds = min(seconds, self._hurry or seconds)
        timeout = httpx.Timeout(seconds, connect=min(_CONNECT_SECONDS, seconds))
        try:
            url = httpx.URL(self.address.url).copy_with(raw_path=path.encode("ascii", "ignore"))
            with self._client.stream(
                method,
                url,
                content=content,
                headers={"Content-Type": "text/xml"} if content is not None else None,
                timeout=timeout,
                extensions={"trace": self._trace},
            ) as response:
                told = response.headers.get("content-length", "")
                length = int(told) if told.isascii() and told.isdecimal() else None
                yield Stream(
                    response.status_code, response.headers, length, response.iter_bytes(_CHUNK)
                )
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            if self.pin.refused:
                raise ScannerUntrusted(where) from error
            raise ScannerLost(f"{where}: {type(error).__name__}") from error

    def _whole(self, method: str, path: str, content: bytes | None = None) -> Answer:
        until = time.monotonic() + ANSWER_SECONDS
        body = bytearray()
        with self.stream(method, path, content, ANSWER_SECONDS) as answer:
            for chunk in answer.chunks:
                body += chunk
                if len(body) > MAX_XML_BYTES or time.monotonic() > until:
                    raise ScannerLost(f"{self.address.host}: endless answer")
            return Answer(answer.status, answer.headers, bytes(body))

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Note every socket, so that ``interrupt`` can shut it down."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            opened = info["return_value"].get_extra_info("socket")
            with self._lock:
                self._sockets = [opened]
                interrupted = self._interrupted
            if interrupted:
                socket.socket.shutdown(opened, socket.SHUT_RDWR)
