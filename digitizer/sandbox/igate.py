"""A stand-in for VNPT iGate v2 beside the sandbox's own API, with the same dossiers behind it.

Routes made for ``app``: a token by password grant, search, and the rows of a dossier's form, in the
shapes that domain facts §7 knows. The call that takes files is there and keeps nothing: what binds
a file to a row is not known, so nobody may count on it.
"""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from digitizer.sandbox.accounts import Accounts
from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.records import Records, Refused, Row

TOKEN_PATH = "/auth/realms/digo/protocol/openid-connect/token"  # noqa: S105 (an address)
CLIENT = "web-onegate"
_LASTS_SECONDS = 300
_FORM_BYTES = 8192


class Tokens:
    """The tokens that are good. Thread-safe."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._lock = threading.Lock()
        self._good: dict[str, float] = {}

    def give(self) -> str:
        """Return a new one."""
        token = secrets.token_urlsafe(48)
        with self._lock:
            self._good[token] = time.monotonic() + _LASTS_SECONDS
        return token

    def good(self, request: Request) -> bool:
        """Tell whether a call brings a good one along."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        with self._lock:
            if self._faults.take(Fault.SESSION_EXPIRED):
                self._good.pop(token, None)
            return scheme == "Bearer" and time.monotonic() < self._good.get(token, 0.0)


def routes(records: Records, faults: Faults, accounts: Accounts) -> list[Route]:
    """Return the stand-in's routes."""
    tokens = Tokens(faults)

    async def token(request: Request) -> Response:
        if len(request.headers.get("content-length", "")) > 4:
            return Response(status_code=413)
        form = parse_qs((await request.body())[:_FORM_BYTES].decode("utf-8", "replace"))
        said = {name: values[-1] for name, values in form.items()}
        if said.get("grant_type") != "password" or said.get("client_id") != CLIENT:
            return JSONResponse({"error": "unauthorized_client"}, 400)
        if not accounts.knows(said.get("username", ""), said.get("password", "")):
            text = "Invalid user credentials"
            return JSONResponse({"error": "invalid_grant", "error_description": text}, 401)
        given = {
            "access_token": tokens.give(),
            "expires_in": _LASTS_SECONDS,
            "token_type": "Bearer",
        }
        return JSONResponse(given)

    async def search(request: Request) -> Response:
        if not tokens.good(request):
            return Response(status_code=401)
        wanted = request.query_params.get("code", "").casefold()
        rows = await run_in_threadpool(records.dossiers)
        found = [row for row in rows if wanted and wanted in row["no"].casefold()]
        return JSONResponse({"content": [_hit(row) for row in found], "totalElements": len(found)})

    async def online(request: Request) -> Response:
        if not tokens.good(request):
            return Response(status_code=401)
        rows = await run_in_threadpool(records.dossiers)
        wanted = request.path_params["id"]
        row = next((row for row in rows if _hit(row)["id"] == wanted), None)
        if row is None:
            return JSONResponse({"message": "Not found"}, 404)
        try:
            _, parts = await run_in_threadpool(records.template, row["template"])
        except Refused:
            parts = []
        return JSONResponse({**_hit(row), "dossierFormFile": [_form(part) for part in parts]})

    async def upload(request: Request) -> Response:
        return Response(status_code=501 if tokens.good(request) else 401)

    return [
        Route(TOKEN_PATH, token, methods=["POST"]),
        Route("/pa/dossier/search", search),
        Route("/pa/dossier/{id}/--online", online),
        Route("/fi/file/--multiple", upload, methods=["POST"]),
    ]


def _hit(row: Row) -> dict[str, Any]:
    number = uuid.uuid5(uuid.NAMESPACE_OID, row["no"]).hex[:24]
    return {"id": number, "code": row["no"], "nationCode": f"G22.99.{row['no'][-11:]}"}


def _form(part: Row) -> dict[str, Any]:
    return {
        "id": uuid.uuid5(uuid.NAMESPACE_OID, f"row {part['id']}").hex[:24],
        "procedureForm": {"id": f"{part['template']:04d}-{part['no']}", "name": part["name"]},
        "requirement": {"quantity": 3 if part["multiple"] else 1},
        "file": [],
    }
