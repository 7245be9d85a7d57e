"""HTTP as OpenCPS wants it: one line to one server, with every answer bounded.

Called by ``opencps``, and by ``igate``, whose server keeps the same manners. Signs every call in
(``sign_in``; header ``groupId``), keeps each answer within a size and each call within a time,
follows no redirect, and converts what httpx raises to rows of the error table. Knows status codes
that mean the same on every call, nothing of dossiers or papers.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import httpx
from msgspec import Struct

from digitizer.errors import (
    AddressUnusable,
    AnswerUnexpected,
    ServerTrouble,
    Stopped,
)
from digitizer.procedure import ranges
from digitizer.procedure.addresses import base_of, origin_of
from digitizer.procedure.hanging_up import allowed, hung_up_after
from digitizer.procedure.http_bodies import (
    MOST_BYTES,
    announced,
    bounded,
    hashed,
    kept,
    pieces,
)
from digitizer.procedure.http_errors import BUSY, known_errors, refuse
from digitizer.procedure.opencps_sending import Paced
from digitizer.procedure.passage import Passage
from digitizer.procedure.sign_in import Reply, SignIn
from digitizer.procedure.trust import trusting

BASE_PATH = "/o/rest/v2"
_JSON_BYTES = 16 * 1024 * 1024
_PAGE_BYTES = 4 * 1024 * 1024
_RESUMES = 20
"""How often a download that breaks off goes on from where it was, as long as each brings some."""
_UNSENT_BYTES = 128 * 1024
"""So much the system may hold that is not on the line yet: else nobody knows how far a file is."""


class Patience(Struct, frozen=True):
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


class Answer(Struct, frozen=True):
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


class Download(Struct, frozen=True):
    """What a download brought: ``sha256`` of the bytes, None where there were none."""

    status: int
    sha256: str | None


class Line:
    """The way to one server, for one account. Holds no connection between sessions."""

    def __init__(
        self,
        url: str,
        group: str,
        sign_in: Callable[[str], SignIn],
        patience: Patience,
        *,
        base_path: str = BASE_PATH,
        sso: str = "",
        ca: str = "",
    ) -> None:
        """Check the address; nothing is sent.

        Args:
            url: The base address, or the host alone.
            group: The header ``groupId``; empty: there is no such header.
            sign_in: Makes the way to sign in, given scheme and host.
            patience: Time-outs.
            base_path: What an address that is the host alone stands for.
            sso: The sign-in's address where that is another.
            ca: A CA (PEM) that is trusted at both beside those the machine trusts.

        Raises:
            AddressUnusable: the address or group is no such thing, or the password would cross
                the network in clear.
            CertificateUnreadable, CertificateNotCa: ``ca`` is none.
        """
        self._base, loopback = base_of(url, base_path)
        self._sign_in = sign_in(origin_of(self._base))
        if not (group.isascii() and group.isprintable() and len(group) <= 100):
            raise AddressUnusable("the group is not a plain number or word")
        self._headers = {
            **({"groupId": group} if group else {}),
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "digitizer",
        }
        self._patience = patience
        secured = any(url.startswith("https:") for url in (self._base, sso))
        self._trust = trusting(ca, everybody=secured)
        self._use_proxies = not loopback
        self._open: set[Session] = set()
        self._lock = threading.Lock()
        for talker in ("httpx", "httpcore"):  # their lines hold whole URLs, and cookies
            logging.getLogger(talker).setLevel(logging.WARNING)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session: several calls over one connection, closed at the end."""
        client = httpx.Client(
            headers=self._headers,
            verify=self._trust,
            trust_env=self._use_proxies,
            follow_redirects=False,
        )
        with client:
            session = Session(client, self._base, self._patience, self._sign_in)
            with self._lock:
                self._open.add(session)
            try:
                yield session
            finally:
                with self._lock:
                    self._open.discard(session)

    def cut(self) -> None:
        """Cut every session that is open. Any thread."""
        with self._lock:
            sessions = tuple(self._open)
        for session in sessions:
            session.cut()


class Session:
    """Calls to the server. Every method raises only rows of the error table.

    An answer that means the same whatever was asked becomes its row here: 203 and a challenge
    ``SignInRefused``, 401 ``NotAllowed``, one that says "later" ``ServerBusy``, 5xx
    ``ServerTrouble``, a redirect and anything unforeseen ``AnswerUnexpected``. The rest is
    returned: 200, 204, 304, 400, 403, 409, 413.
    """

    def __init__(
        self, client: httpx.Client, base: str, patience: Patience, sign_in: SignIn
    ) -> None:
        self._client = client
        self._base = base
        self._patience = patience
        self._sign_in = sign_in
        self._socket: socket.socket | None = None
        self._let_go = False

    def cut(self) -> None:
        """Cut the connection, so that whoever waits for it is let go; no call is made over it any
        more. Any thread."""
        self._let_go = True
        if self._socket is not None:
            with suppress(OSError):  # TLS has a shutdown of its own, which would wait
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

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
        passage: Passage,
    ) -> Answer:
        """Post a form with one file, read from disk while it is sent; ``told`` hears how far,
        ``passage`` says how fast and whether it still may."""
        slack = passage.slack(size)
        allowed = self._patience.for_bytes(size) + slack
        paced = Paced(file, time.monotonic() + allowed, told, passage)
        request = self._request(
            "POST",
            path,
            size,
            slack,
            data=dict(fields),
            files={"file": (name, paced, "application/pdf")},
        )
        with passage.timed():
            return self._answer(request, 2 * allowed)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Post a form without a file."""
        request = self._request("POST", path, 0, data=dict(fields))
        return self._answer(request, self._patience.for_bytes(_JSON_BYTES))

    def download(self, path: str, into: Path | None, expected: int = 0) -> Download:
        """Hash what is stored at ``path``, and keep it in the file ``into`` if one is given.

        Args:
            path: Below the base address.
            into: Written whole or not at all.
            expected: Bytes that it probably has, for the time-out.
        """
        request = self._request("GET", path, expected, headers={"Accept": "*/*"})
        with known_errors(), self._sent(request) as response:
            size = max(expected, announced(response))
            deadline = time.monotonic() + self._patience.for_bytes(size)
            if response.status_code != 200:
                bounded(response, _JSON_BYTES, deadline)
                return Download(response.status_code, None)
            if response.headers.get("content-type", "").startswith("text/html"):
                raise AnswerUnexpected("a page where a file should be")
            coming = self._continued(path, response, deadline)
            if into is None:
                return Download(200, hashed(coming, None))
            return Download(200, kept(coming, into))

    def _continued(self, path: str, response: httpx.Response, deadline: float) -> Iterator[bytes]:
        """Yield the body of a download; where it breaks off and the server can, go on there."""
        tag, got, tries = ranges.tag_of(response.headers), 0, 0
        with ExitStack() as opened:
            while True:
                at = got
                try:
                    for piece in pieces(response, MOST_BYTES - at, deadline):
                        got += len(piece)
                        yield piece
                    return
                except (httpx.NetworkError, httpx.RemoteProtocolError):
                    tries += 1
                    if not tag or got == at or tries > _RESUMES:
                        raise
                request = self._request("GET", path, 0, headers=ranges.asking(got, tag))
                response = opened.enter_context(self._sent(request, 206))
                if not ranges.continues(response.status_code, response.headers, got, tag):
                    raise ServerTrouble("another version while it was read back")

    def _request(
        self, method: str, path: str, size: int, slack: float = 0.0, **parts: Any
    ) -> httpx.Request:
        wait = self._patience
        read = wait.for_bytes(size) + slack
        timeout = httpx.Timeout(wait.answer, connect=wait.connect, read=read)
        with known_errors():
            return self._client.build_request(
                method,
                self._base + path,
                timeout=timeout,
                extensions={"trace": self._trace},
                **parts,
            )

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Note the socket of a connection that came about (httpcore tells); one that came about
        as it was let go of is cut."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
            if self._let_go:
                self.cut()
        if event.endswith(".connect_tcp.complete") and self._socket is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT_BYTES)

    def _answer(self, request: httpx.Request, allowed: float) -> Answer:
        with known_errors(), self._sent(request) as response:
            body = bounded(response, _JSON_BYTES, time.monotonic() + allowed)
            return Answer(response.status_code, body, response.headers.get("etag", "")[:200])

    @contextmanager
    def _sent(self, request: httpx.Request, *also: int) -> Iterator[httpx.Response]:
        """Sign and send a request; once more where what it was signed with had run out."""
        if self._let_go:
            raise Stopped
        signed = self._sign_in.headers(self._ask)
        request.headers.update(signed)
        response = self._begun(request)
        if self._sign_in.stale(response.status_code, signed):
            response.close()
            request.headers.update(self._sign_in.headers(self._ask))
            response = self._begun(request)
        try:
            refuse(response, *also)
            yield response
        finally:
            response.close()

    def _begun(self, request: httpx.Request) -> httpx.Response:
        """Send a request; return its answer once that has begun."""
        with hung_up_after(allowed(request), lambda: self._socket):
            return self._client.send(request, stream=True)

    def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Make one call of a sign-in's own: unsigned, bounded."""
        wait = self._patience
        timeout = httpx.Timeout(wait.answer, connect=wait.connect)
        request = self._client.build_request(
            method,
            url,
            headers=dict(headers),
            content=body,
            timeout=timeout,
            extensions={"trace": self._trace},
        )
        response = self._begun(request)
        try:
            if response.status_code in BUSY or response.status_code >= 500:
                raise ServerTrouble(f"status {response.status_code}")
            deadline = time.monotonic() + wait.for_bytes(_PAGE_BYTES)
            whole = bounded(response, _PAGE_BYTES, deadline)
            cookies = {cookie.name: cookie.value or "" for cookie in response.cookies.jar}
            onward = response.headers.get("location", "") if response.is_redirect else ""
            return Reply(response.status_code, whole, cookies, onward)
        finally:
            response.close()
