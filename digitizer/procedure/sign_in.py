"""Ways to sign in to a procedure system over HTTP: once a call, by a session, by a token.

Made by the adapters and used by ``opencps_http.Session``, which asks for the headers that sign a
call and tells what came of it. Secrets are kept in memory and travel in headers and bodies alone,
never in an address. What was signed in once is shared by all sessions of one ``Line``.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import urlencode, urljoin

from msgspec import Struct, field

from digitizer.errors import AnswerUnexpected, NotAllowed, ServerTrouble, SignInRefused

_STALE = frozenset({203, 401})
_HOPS = 5
_TOKEN = re.compile(r"""Liferay\.authToken\s*=\s*["']([0-9A-Za-z_-]{4,200})["']""")
_PLAIN_TOKEN = re.compile(r"[!-~]{8,16384}")
_COOKIE = re.compile(r"[!#-+\--:<-\[\]-~]{0,4096}")
_UNTOLD_SECONDS = 60.0
_SPARE_SECONDS = 20.0
_LONGEST_SECONDS = 12 * 3600.0


class Reply(Struct, frozen=True):
    """A whole, bounded answer to a sign-in's own call. ``onward``: where a redirect points."""

    status: int
    body: bytes
    cookies: Mapping[str, str] = field(default_factory=dict)
    onward: str = ""


Ask = Callable[[str, str, Mapping[str, str], bytes], Reply]
"""Makes one call of a sign-in's own: method, whole address, headers, body."""


class SignIn(Protocol):
    """A way to sign in. Thread-safe."""

    def headers(self, ask: Ask) -> dict[str, str]:
        """Return the headers that sign a call, signing in first where need be.

        Raises:
            SignInRefused, NotAllowed: the account is no good.
            AnswerUnexpected, ServerTrouble: that cannot be told.
        """
        ...

    def stale(self, status: int, signed: Mapping[str, str]) -> bool:
        """Tell whether a call that was signed with ``signed`` and answered with ``status`` is
        worth a second try: what it was signed with had run out."""
        ...


def basic(user: str, password: str) -> str:
    """Return the value of the header ``Authorization`` for HTTP Basic."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class EachCall:
    """HTTP Basic: every call brings the account along, so nothing runs out."""

    def __init__(self, user: str, password: str) -> None:
        self._headers = {"Authorization": basic(user, password)}

    def headers(self, ask: Ask) -> dict[str, str]:
        """Return the account."""
        return self._headers

    def stale(self, status: int, signed: Mapping[str, str]) -> bool:
        """Nothing runs out."""
        return False


class Kept:
    """What sign-ins have in common that get something which runs out: it is kept, used by all,
    and got anew once where it is refused. A subclass says how to get it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, str] | None = None
        self._proven = False
        self._until = 0.0

    def headers(self, ask: Ask) -> dict[str, str]:
        """Return what is kept, or get it."""
        with self._lock:
            if self._kept is None or time.monotonic() >= self._until:
                self._kept, seconds = self.obtain(ask)
                self._until = time.monotonic() + seconds
                self._proven = False
            return self._kept

    def stale(self, status: int, signed: Mapping[str, str]) -> bool:
        """Tell whether it ran out; what was got this moment and is refused did not."""
        with self._lock:
            mine = signed is self._kept
            if status not in _STALE:
                self._proven = self._proven or mine
                return False
            if mine and not self._proven:
                self._kept = None
                return False
            if mine:
                self._kept = None
            return True

    def obtain(self, ask: Ask) -> tuple[dict[str, str], float]:
        """Sign in; return the headers that sign a call, and for how many seconds."""
        raise NotImplementedError


class PortalSession(Kept):
    """OpenCPS' session: a cookie from its sign-in, and the header ``Token`` with the word that
    the portal's pages hold (``Liferay.authToken``)."""

    def __init__(self, origin: str, user: str, password: str) -> None:
        """``origin``: scheme and host, such as ``https://motcua.tinh.gov.vn``."""
        super().__init__()
        self._origin = origin.rstrip("/")
        self._account = {"Authorization": basic(user, password), "Accept": "text/plain"}

    def obtain(self, ask: Ask) -> tuple[dict[str, str], float]:
        """Sign in and read the token from the page that follows."""
        reply = ask("POST", f"{self._origin}/o/v1/opencps/login", self._account, b"")
        said = reply.body[:200].decode("utf-8", "replace").strip()
        if reply.status in _STALE or said == "":
            raise SignInRefused
        if said in ("captcha", "lockout"):  # after wrong passwords: a person has to sign in there
            raise SignInRefused(said)
        if said in ("pending", "verify"):
            raise NotAllowed("the account is not active yet")
        if reply.status != 200 or said.startswith(("<", "{")):
            raise AnswerUnexpected("no sign-in at this address")
        cookies = dict(reply.cookies)
        token = self._token(ask, cookies)
        return {"Cookie": _cookie(cookies), "Token": token}, _LONGEST_SECONDS

    def _token(self, ask: Ask, cookies: dict[str, str]) -> str:
        where = f"{self._origin}/"
        for _ in range(_HOPS):
            reply = ask("GET", where, {"Cookie": _cookie(cookies), "Accept": "text/html"}, b"")
            cookies |= reply.cookies
            if not reply.onward:
                found = _TOKEN.search(reply.body.decode("utf-8", "replace"))
                if reply.status == 200 and found:
                    return found[1]
                break
            where = urljoin(where, reply.onward)
            if not where.startswith(f"{self._origin}/"):
                raise AnswerUnexpected("the portal leads to another host")
        raise AnswerUnexpected("no token in the portal's page")


class PasswordGrant(Kept):
    """OpenID Connect's password grant, as VNPT iGate's sign-in takes it."""

    def __init__(self, address: str, client: str, user: str, password: str) -> None:
        """``address``: of the token endpoint; ``client``: the ``client_id``."""
        super().__init__()
        self._address = address
        form = {
            "grant_type": "password",
            "client_id": client,
            "username": user,
            "password": password,
        }
        self._form = urlencode(form).encode()

    def obtain(self, ask: Ask) -> tuple[dict[str, str], float]:
        """Get a token."""
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        reply = ask("POST", self._address, kind, self._form)
        value = _object(reply.body)
        if reply.status in (400, 401, 403) and isinstance(value.get("error"), str):
            raise SignInRefused
        if reply.status >= 500:
            raise ServerTrouble(f"status {reply.status}")
        token, seconds = value.get("access_token"), value.get("expires_in")
        if reply.status != 200 or not (isinstance(token, str) and _PLAIN_TOKEN.fullmatch(token)):
            raise AnswerUnexpected("no token at this address")
        return {"Authorization": f"Bearer {token}"}, _lasting(seconds)


def _lasting(seconds: object) -> float:
    """Return how long a token is used that is said to last so many seconds."""
    lasts = _UNTOLD_SECONDS
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and seconds:
        lasts = min(_LONGEST_SECONDS + _SPARE_SECONDS, seconds)  # it may be too large for a float
    return float(min(max(lasts - _SPARE_SECONDS, 1.0), _LONGEST_SECONDS))


def _cookie(cookies: Mapping[str, str]) -> str:
    plain = {k: v for k, v in cookies.items() if _COOKIE.fullmatch(k) and _COOKIE.fullmatch(v)}
    return "; ".join(f"{name}={value}" for name, value in plain.items())


def _object(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
