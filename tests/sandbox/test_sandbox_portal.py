"""The portal around the sandbox's calls, and the stand-in for VNPT iGate: no adapter here."""

from __future__ import annotations

import re

import httpx
import pytest

from digitizer.sandbox import seed
from digitizer.sandbox.faults import Fault, Faults

CODE = "000.00.20.H02-261122-0007"


@pytest.fixture
def visitor(raw: httpx.Client) -> httpx.Client:
    """Nobody in particular, at the portal's front door."""
    raw.base_url = raw.base_url.copy_with(path="/")
    raw.auth = None
    return raw


def _signed_in(visitor: httpx.Client) -> str:
    """Sign in; the cookie stays with the client. Returns the token."""
    said = visitor.post("o/v1/opencps/login", auth=(seed.USER, seed.PASSWORD))
    assert (said.status_code, said.text) == (200, "/c")
    page = visitor.get("/", follow_redirects=True)
    found = re.search(r"Liferay\.authToken = '([^']+)'", page.text)
    assert found
    return found[1]


def test_a_session_is_a_cookie_and_a_token(visitor: httpx.Client, faults: Faults) -> None:
    assert visitor.get("o/rest/v2/dossiers").status_code == 203
    token = _signed_in(visitor)
    assert visitor.get("o/rest/v2/dossiers", headers={"Token": token}).status_code == 200
    for wrong in ("", "x", token[:-1]):
        assert visitor.get("o/rest/v2/dossiers", headers={"Token": wrong}).status_code == 203
    faults.set(Fault.SESSION_EXPIRED, 1)
    for _ in range(2):
        assert visitor.get("o/rest/v2/dossiers", headers={"Token": token}).status_code == 203


def test_a_call_with_a_token_is_judged_by_it_alone(visitor: httpx.Client) -> None:
    asked = visitor.get(
        "o/rest/v2/dossiers", headers={"Token": "x"}, auth=(seed.USER, seed.PASSWORD)
    )
    assert asked.status_code == 203


def test_a_refused_sign_in_is_200_and_silent_then_wants_a_person(visitor: httpx.Client) -> None:
    said = [visitor.post("o/v1/opencps/login", auth=(seed.USER, "sai")) for _ in range(6)]
    assert {answer.status_code for answer in said} == {200}
    assert [answer.text for answer in said] == [""] * 4 + ["captcha"] * 2


def test_igate_gives_a_token_finds_and_lists_rows(visitor: httpx.Client) -> None:
    where = "auth/realms/digo/protocol/openid-connect/token"
    form = {
        "grant_type": "password",
        "client_id": "web-onegate",
        "username": seed.USER,
        "password": seed.PASSWORD,
    }
    assert visitor.post(where, data={**form, "password": "sai"}).status_code == 401
    assert visitor.post(where, data={**form, "client_id": "x"}).status_code == 400
    given = visitor.post(where, data=form).json()
    assert given["token_type"] == "Bearer"
    assert visitor.get("pa/dossier/search", params={"code": CODE}).status_code == 401
    visitor.headers["Authorization"] = f"Bearer {given['access_token']}"
    (hit,) = visitor.get("pa/dossier/search", params={"code": CODE}).json()["content"]
    assert hit["code"] == CODE
    rows = visitor.get(f"pa/dossier/{hit['id']}/--online").json()["dossierFormFile"]
    assert rows[0]["procedureForm"]["name"] == "Tờ khai đăng ký khai sinh"
    assert rows[0].keys() >= {"id", "procedureForm", "requirement", "file"}
    assert visitor.get("pa/dossier/nobody/--online").status_code == 404
    assert visitor.post("fi/file/--multiple", params={"uuid": 1}).status_code == 501
