"""What every call to the sandbox goes through: size limit, sign-in, and the general faults.

Only OpenCPS' own calls are signed in here: the portal's pages and the other API see to it
themselves.

An ASGI middleware, used by ``app``. Cutting a connection is the server's business: it is handed
in as a function of the client's address.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digitizer.sandbox import seed
from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.portal import Sessions, is_account

MAX_BODY_BYTES = 300 * 1024 * 1024
_NO_ANSWER = "x-no-answer"
_COME_BACK_SECONDS = 1

Cutter = Callable[[tuple[str, int]], None]
"""Cuts the connection that comes from this address and port."""


def no_answer() -> Response:
    """Return the answer that is never sent: the connection is cut instead."""
    return Response(headers={_NO_ANSWER: "1"})


def stray_page() -> Response:
    """Return a page that nobody asked for."""
    return HTMLResponse("<html><body>Cổng thông tin</body></html>")


class _TooLarge(Exception):
    """The body is longer than allowed."""


class Gate:
    """Lets a call in, or answers in its place."""

    def __init__(
        self,
        app: ASGIApp,
        faults: Faults,
        cut: Cutter,
        sessions: Sessions,
        below: str,
        capacity: int | None,
        heard: Callable[[int], None],
    ) -> None:
        """``below``: the path of the calls that are signed in here. ``capacity``: calls answered
        at a time; more are told to come back (503). ``heard`` is called with the status of every
        answer."""
        self._app = app
        self._faults = faults
        self._cut = cut
        self._sessions = sessions
        self._below = below
        self._capacity = capacity
        self._heard = heard
        self._answering = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def heard(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._heard(message["status"])
            await send(message)

        if self._answering == self._capacity:
            later = {"Retry-After": str(_COME_BACK_SECONDS)}
            await Response("Service Unavailable", 503, later)(scope, receive, heard)
            return
        self._answering += 1
        try:
            await self._let_in(scope, receive, heard)
        finally:
            self._answering -= 1

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._faults.take(Fault.SLOW):
            await asyncio.sleep(self._faults.slow_seconds)
        signed = scope["path"].startswith(self._below)
        refusal = self._refusal(Headers(scope=scope), signed=signed)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        answer = _CutSend(scope, receive, send, self._cut, self._faults.take(Fault.CUT))
        try:
            await self._app(scope, _Limited(receive), answer)
        except _TooLarge:
            await Response(status_code=413)(scope, receive, send)

    def _refusal(self, headers: Headers, *, signed: bool) -> Response | None:
        if self._faults.take(Fault.UNAVAILABLE):
            return Response("Service Unavailable", 503)
        if self._faults.take(Fault.REFUSED):
            body = {"message": "No Content.", "code": 403, "description": ""}
            return JSONResponse(body, 403)
        if self._faults.take(Fault.NONSENSE):
            return stray_page()
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            return Response(status_code=413)
        if not signed:
            return None
        if self._faults.take(Fault.NOT_AUTHENTICATED) or not self._signed_in(headers):
            text = "Non-Authoritative Information."
            return JSONResponse({"message": text, "code": 203, "description": text}, 203)
        if headers.get("groupid") != seed.GROUP:
            body = {"message": "Unauthorized.", "code": 203, "description": "Unauthorized."}
            return JSONResponse(body, 401)
        return None

    def _signed_in(self, headers: Headers) -> bool:
        """A call that names a token is judged by its session alone, as the real server does."""
        return self._sessions.holds(headers) if "token" in headers else is_account(headers)


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
