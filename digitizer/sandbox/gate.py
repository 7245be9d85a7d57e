"""What every call to the sandbox goes through: size limit, sign-in, and the general faults.

An ASGI middleware, used by ``app``. Cutting a connection is the server's business: it is handed
in as a function of the client's address.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digitizer.sandbox import seed
from digitizer.sandbox.accounts import Accounts
from digitizer.sandbox.faults import Fault, Faults

MAX_BODY_BYTES = 300 * 1024 * 1024
_NO_ANSWER = "x-no-answer"

Cutter = Callable[[tuple[str, int]], None]
"""Cuts the connection that comes from this address and port."""


def no_answer() -> Response:
    """Return the answer that is never sent: the connection is cut instead."""
    return Response(headers={_NO_ANSWER: "1"})


class _TooLarge(Exception):
    """The body is longer than allowed."""


class Gate:
    """Lets a call in, or answers in its place."""

    def __init__(self, app: ASGIApp, faults: Faults, accounts: Accounts, cut: Cutter) -> None:
        self._app = app
        self._faults = faults
        self._accounts = accounts
        self._cut = cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._faults.take(Fault.SLOW):
            await asyncio.sleep(self._faults.slow_seconds)
        refusal = self._refusal(scope, Headers(scope=scope))
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        answer = _CutSend(scope, receive, send, self._cut, self._faults.take(Fault.CUT))
        try:
            await self._app(scope, _Limited(receive), answer)
        except _TooLarge:
            await Response(status_code=413)(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if self._faults.take(Fault.UNAVAILABLE):
            return Response("Service Unavailable", 503)
        if self._faults.take(Fault.NONSENSE):
            return HTMLResponse("<html><body>Cổng thông tin</body></html>")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            return Response(status_code=413)
        if self._faults.take(Fault.NOT_AUTHENTICATED) or not self._signed_in(scope, headers):
            text = "Non-Authoritative Information."
            return JSONResponse({"message": text, "code": 203, "description": text}, 203)
        if headers.get("groupid") != seed.GROUP:
            body = {"message": "Unauthorized.", "code": 203, "description": "Unauthorized."}
            return JSONResponse(body, 401)
        return None

    def _signed_in(self, scope: Scope, headers: Headers) -> bool:
        user, colon, password = _credentials(headers).partition(":")
        return bool(colon) and self._accounts.admits(user, password, scope["method"], scope["path"])


class _Limited:
    """A ``receive`` that stops at ``MAX_BODY_BYTES``, whatever the headers said."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._total = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._total += len(message.get("body", b""))
        if self._total > MAX_BODY_BYTES:
            raise _TooLarge
        return message


class _CutSend:
    """A ``send`` that cuts the connection before the answer or in its middle."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, cut: Cutter, in_the_middle: object
    ) -> None:
        self._client: tuple[str, int] = tuple(scope["client"])
        self._receive = receive
        self._send = send
        self._cut = cut
        self._in_the_middle = bool(in_the_middle)
        self._gone = False

    async def __call__(self, message: Message) -> None:
        if self._gone:
            return
        if message["type"] == "http.response.start":
            if _NO_ANSWER in Headers(raw=message["headers"]):
                await self._end()
                return
        elif self._in_the_middle:
            body = message.get("body", b"")
            half = {"type": message["type"], "body": body[: len(body) // 2], "more_body": True}
            await self._send(half)
            await self._end()
            return
        await self._send(message)

    async def _end(self) -> None:
        self._gone = True
        self._cut(self._client)
        while (await self._receive())["type"] != "http.disconnect":
            pass


def _credentials(headers: Headers) -> str:
    """Return ``user:password`` as HTTP Basic sent it; empty where nothing of the kind was sent."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(token, validate=True).decode("utf-8", "surrogateescape")
    except binascii.Error:
        return ""
