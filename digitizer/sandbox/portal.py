"""The portal around OpenCPS' calls: signing in for a session, and the page that holds its token.

Routes made for ``app``; ``gate`` asks the sessions whether a call is signed in. As the real portal
does it: the sign-in answers 200 with a word as plain text, nothing at all where it refuses; the
page holds ``Liferay.authToken``; a call with the header ``Token`` is judged by cookie and token
alone. A session runs out after a while, or on demand.
"""

from __future__ import annotations

import secrets
import threading
import time

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from digitizer.sandbox.accounts import Accounts, credentials
from digitizer.sandbox.faults import Fault, Faults

LOGIN_PATH = "/o/v1/opencps/login"
_COOKIE = "JSESSIONID"
_LASTS_SECONDS = 1800.0
_PATIENCE = 5


class Sessions:
    """Who is signed in. Thread-safe."""

    def __init__(self, faults: Faults, accounts: Accounts) -> None:
        self._faults = faults
        self._accounts = accounts
        self._lock = threading.Lock()
        self._open: dict[str, tuple[str, str, float]] = {}
        self._wrong = 0
        self.begun = 0

    def begin(self, headers: Headers) -> str | None:
        """Sign in by HTTP Basic; return the cookie's value, or None where that is refused."""
        user, password = credentials(headers)
        right = self._accounts.knows(user, password)
        with self._lock:
            if not right:
                self._wrong += 1
                return None
            self.begun += 1
            key = secrets.token_hex(16).upper()
            until = time.monotonic() + _LASTS_SECONDS
            self._open[key] = (user, secrets.token_urlsafe(6), until)
            return key

    def locked(self) -> bool:
        """Tell whether there were so many wrong passwords that a person has to prove to be one."""
        with self._lock:
            return self._wrong >= _PATIENCE

    def token(self, key: str) -> str | None:
        """Return the token of a session; None where there is none, or it has run out."""
        with self._lock:
            _, token, until = self._open.get(key, ("", "", 0.0))
            return token if time.monotonic() < until else None

    def user(self, headers: Headers) -> str | None:
        """Return who makes a call, None where it comes without an open session and its token."""
        key = _cookie(headers)
        if self._faults.take(Fault.SESSION_EXPIRED):
            with self._lock:
                self._open.pop(key, None)
        token = self.token(key)
        if token is None or not secrets.compare_digest(token, headers.get("token", "")):
            return None
        with self._lock:
            user, _, _ = self._open.get(key, (None, "", 0.0))
            return user


def routes(sessions: Sessions) -> list[Route]:
    """Return the portal's routes."""

    async def login(request: Request) -> Response:
        key = None if sessions.locked() else sessions.begin(request.headers)
        if key is None:
            return PlainTextResponse("captcha" if sessions.locked() else "")
        answer = PlainTextResponse("/c")
        answer.set_cookie(_COOKIE, key, httponly=True)
        return answer

    async def home(_: Request) -> Response:
        return RedirectResponse("/web/mot-cua", 302)

    async def page(request: Request) -> Response:
        token = sessions.token(request.cookies.get(_COOKIE, "")) or secrets.token_urlsafe(6)
        script = f"<script>Liferay.authToken = '{token}';</script>"
        return HTMLResponse(f"<html><head>{script}</head><body>Một cửa</body></html>")

    return [
        Route(LOGIN_PATH, login, methods=["POST"]),
        Route("/", home),
        Route("/web/mot-cua", page),
    ]


def _cookie(headers: Headers) -> str:
    for pair in headers.get("cookie", "").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == _COOKIE:
            return value
    return ""
