"""Signing in: a session that runs out, a token, what must never be seen on the way."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from digitizer.errors import (
    AccountIncomplete,
    AddressUnusable,
    AnswerUnexpected,
    DossierNotAtServer,
    NotAllowed,
    NotSupported,
    ServerTrouble,
    SignInRefused,
    Stopped,
)
from digitizer.procedure import opencps
from digitizer.procedure.connect import connect
from digitizer.procedure.igate import IGate
from digitizer.procedure.opencps import OpenCps
from digitizer.procedure.opencps_http import Line, Patience
from digitizer.procedure.port import Mark, Upload
from digitizer.procedure.sign_in import Ask, EachCall, PortalSession, Reply
from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.server import Address

CODE = "000.00.20.H02-261122-0007"
QUICK = Patience(connect=2, answer=1)


@pytest.fixture
def signed(address: Address) -> OpenCps:
    """An adapter that signs in once for many calls."""
    account = (address.url, address.group, address.user, address.password)
    return OpenCps(*account, session=True, patience=QUICK)


@pytest.fixture
def igate(address: Address) -> IGate:
    return IGate(_host(address), address.user, address.password, patience=QUICK)


def _host(address: Address) -> str:
    return str(httpx.URL(address.url).copy_with(path="/"))


def test_a_session_that_ran_out_is_renewed_and_the_upload_arrives(
    signed: OpenCps, faults: Faults, make_upload: Callable[..., Upload]
) -> None:
    upload = make_upload(b"%PDF one")
    signed.check()
    faults.set(Fault.SESSION_EXPIRED, 1)
    assert signed.put(upload).sha256 == upload.sha256


def test_a_session_that_ran_out_as_the_file_was_sent_costs_no_file(
    signed: OpenCps, faults: Faults, make_upload: Callable[..., Upload], tmp_path: Path
) -> None:
    upload = make_upload(b"%PDF " + bytes(50_000))
    heard: list[int] = []
    with signed._line.session() as session:
        session.get("/dossiers", {"start": 0, "end": 1})
        faults.set(Fault.SESSION_EXPIRED, 1)
        assert opencps._add(session, replace(upload, told=heard.append))
    assert heard.count(0) == 2, "it was sent from the beginning again"
    assert signed.read(upload.dossier_ref, upload.key, tmp_path / "back") == upload.sha256


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that a request goes to from now on."""
    seen: list[str] = []
    send = httpx.Client.send

    def watched(self: httpx.Client, request: httpx.Request, **more: object) -> httpx.Response:
        seen.append(str(request.url))
        return send(self, request, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(httpx.Client, "send", watched)
    return seen


def test_a_session_serves_many_calls(signed: OpenCps, asked: list[str]) -> None:
    for _ in range(5):
        signed.find(CODE)
    assert [url.rpartition("/")[2] for url in asked].count("login") == 1


def test_breaking_off_reaches_a_sign_in_that_is_not_answered(
    address: Address, faults: Faults
) -> None:
    account = (address.url, address.group, address.user, address.password)
    patient = OpenCps(*account, session=True, patience=Patience(connect=2, answer=60))
    faults.slow_seconds = 30.0
    faults.set(Fault.SLOW, 1)
    failed: list[BaseException] = []

    def check() -> None:
        try:
            patient.check()
        except (ServerTrouble, Stopped) as error:
            failed.append(error)

    thread = threading.Thread(target=check, daemon=True)
    thread.start()
    while thread.is_alive() and faults.left(Fault.SLOW):  # until the server holds the call
        thread.join(0.01)
    patient.break_off()
    thread.join(20)
    assert failed, "else it would have been answered"


def test_a_call_that_is_let_go_of_as_it_connects_is_not_made(address: Address) -> None:
    lines: list[Line] = []

    class CutMeanwhile(EachCall):
        def headers(self, ask: Ask) -> dict[str, str]:
            lines[0].cut()
            return super().headers(ask)

    def sign_in(_origin: str) -> EachCall:
        return CutMeanwhile(address.user, address.password)

    lines.append(Line(address.url, address.group, sign_in, QUICK))
    with lines[0].session() as session, pytest.raises(ServerTrouble):
        session.get("/dossiers")


def test_a_session_that_is_never_taken_ends_in_a_refusal(signed: OpenCps, faults: Faults) -> None:
    faults.set(Fault.SESSION_EXPIRED)
    with pytest.raises(SignInRefused):
        signed.check()


@pytest.mark.parametrize("session", [False, True])
def test_a_wrong_password_is_refused_at_once(address: Address, session: bool) -> None:
    wrong = OpenCps(
        address.url, address.group, address.user, "sai", session=session, patience=QUICK
    )
    with pytest.raises(SignInRefused):
        wrong.check()


def test_after_wrong_passwords_a_person_has_to_sign_in_there(address: Address) -> None:
    for password in ("1", "2", "3", "4", "5", "6"):
        wrong = OpenCps(
            address.url, address.group, address.user, password, session=True, patience=QUICK
        )
        with pytest.raises(SignInRefused) as refused:
            wrong.check()
    assert refused.value.detail == "captcha"


def test_another_group_is_not_allowed(address: Address) -> None:
    other = OpenCps(address.url, "7", address.user, address.password, session=True, patience=QUICK)
    with pytest.raises(NotAllowed):
        other.check()


def test_nothing_secret_is_in_an_address_or_the_log(
    address: Address,
    igate: IGate,
    signed: OpenCps,
    asked: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        signed.find(CODE)
        igate.find(CODE)
    assert len(asked) >= 5
    for secret in (address.password, "Bearer", "JSESSIONID"):
        assert not [url for url in asked if secret in url]
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(200, b""), SignInRefused),
        (Reply(401, b"no"), SignInRefused),
        (Reply(200, b"lockout"), SignInRefused),
        (Reply(200, b"pending"), NotAllowed),
        (Reply(200, b"<html>another page</html>"), AnswerUnexpected),
        (Reply(404, b"nothing"), AnswerUnexpected),
        (Reply(200, b"/c", {"JSESSIONID": "x"}), AnswerUnexpected),  # the page holds no token
        (Reply(302, b"/c", {}, "https://elsewhere.example/"), AnswerUnexpected),
    ],
)
def test_sign_ins_that_come_to_nothing(reply: Reply, error: type[Exception]) -> None:
    session = PortalSession("https://motcua.example.vn", "u", "p")
    with pytest.raises(error):
        session.headers(lambda *_: reply)


def test_a_portal_that_leads_elsewhere_is_not_followed() -> None:
    asked: list[str] = []

    def ask(method: str, url: str, headers: object, body: bytes) -> Reply:
        asked.append(url)
        if method == "POST":
            return Reply(200, b"/c", {"JSESSIONID": "x"})
        return Reply(302, b"", {}, "https://elsewhere.example/c")

    with pytest.raises(AnswerUnexpected):
        PortalSession("https://motcua.example.vn", "u", "p").headers(ask)
    assert [url for url in asked if "elsewhere" in url] == []


def test_what_was_signed_in_by_another_thread_is_used() -> None:
    tokens = iter("abcdefgh")

    def ask(method: str, url: str, headers: object, body: bytes) -> Reply:
        if method == "POST":
            return Reply(200, b"/c")
        return Reply(200, f"Liferay.authToken = '{next(tokens) * 8}'".encode())

    session = PortalSession("https://motcua.example.vn", "u", "p")
    first = session.headers(ask)
    assert not session.stale(200, first)
    assert session.stale(203, first)  # ran out: got anew
    second = session.headers(ask)
    assert second["Token"] != first["Token"]
    assert session.stale(203, first)  # a call that was on its way meanwhile: once more, as it is
    assert session.headers(ask) is second
    assert not session.stale(203, second)  # fresh, and refused: that is the answer


def test_basic_has_nothing_that_runs_out() -> None:
    assert not EachCall("u", "p").stale(203, {})


# --- VNPT iGate ---


def test_igate_finds_a_dossier_and_reads_the_rows_of_its_form(igate: IGate) -> None:
    found = igate.find(CODE.lower())
    assert (found.code, found.received_at, found.unreceived) == (CODE, None, False)
    titles = [paper.title for paper in igate.papers(found.template)]
    assert titles[:2] == ["Tờ khai đăng ký khai sinh", "Giấy chứng sinh"]
    assert [paper.multiple for paper in igate.papers(found.template)][:3] == [False, False, True]


def test_a_token_that_ran_out_is_renewed(igate: IGate, faults: Faults) -> None:
    igate.check()
    faults.set(Fault.SESSION_EXPIRED, 1)
    assert igate.find(CODE).code == CODE


def test_igate_refuses_a_wrong_password(address: Address) -> None:
    with pytest.raises(SignInRefused):
        IGate(_host(address), address.user, "sai", patience=QUICK).check()


def test_the_sign_in_may_have_a_host_of_its_own(address: Address) -> None:
    sso = _host(address).rstrip("/")
    IGate(_host(address), address.user, address.password, sso=sso, patience=QUICK).check()
    for wrong in ("http://sso.example.org", "ftp://127.0.0.1", "https://a:b@sso.example.org"):
        with pytest.raises(AddressUnusable):
            IGate(_host(address), "u", "p", sso=wrong)


def test_igate_takes_nothing_and_says_so_before_anything_is_sent(
    address: Address, make_upload: Callable[..., Upload], tmp_path: Path
) -> None:
    away = IGate("http://127.0.0.1:9", "u", "p", patience=QUICK)
    upload = make_upload()
    for call in (lambda: away.put(upload), lambda: away.mark([Mark("1", CODE, "TP01", 1)], print)):
        with pytest.raises(NotSupported) as held:
            call()
        assert held.value.pauses_lane
        assert held.value.until_woken
    assert away.read("1", upload.key, tmp_path / "back") is None


def test_a_server_that_is_not_well_is_tried_later(igate: IGate, faults: Faults) -> None:
    faults.set(Fault.UNAVAILABLE, 1)
    with pytest.raises(ServerTrouble):
        igate.check()
    faults.set(Fault.NONSENSE, 1)
    with pytest.raises(AnswerUnexpected):
        igate.check()


@pytest.mark.parametrize("template", ["", "../x", "a/b", "x" * 100])
def test_a_form_that_cannot_be(igate: IGate, template: str) -> None:
    with pytest.raises(DossierNotAtServer):
        igate.papers(template)


# --- what has to be known ---


@pytest.mark.parametrize(
    ("account", "missing"),
    [
        (("opencps", "https://a.example", "", "u", "p"), "group"),
        (("opencps", "https://a.example", "1", "", ""), "user"),
        (("opencps", "https://a.example", "", "", ""), "group and the user"),
        (("igate", "https://a.example", "", "", ""), "user"),
    ],
)
def test_an_account_that_lacks_something_is_refused_before_it_is_kept(
    account: tuple[str, str, str, str, str], missing: str
) -> None:
    with pytest.raises(AccountIncomplete) as refused:
        connect(*account)
    assert missing in str(refused.value)


def test_a_way_to_sign_in_that_the_kind_does_not_know() -> None:
    with pytest.raises(AddressUnusable):
        connect("opencps", "https://a.example", "1", "u", "p", auth="fingerprint")
