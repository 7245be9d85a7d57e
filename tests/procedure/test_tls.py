"""Certificates are checked, whatever is set: real TLS on loopback, with a CA of the test's own."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import trustme

from digitizer import policy
from digitizer.app import App
from digitizer.errors import (
    CertificateNotCa,
    CertificateUnreadable,
    ClockWrong,
    NotAllowed,
    ServerExpired,
    ServerMisnamed,
    ServerUntrusted,
)
from digitizer.procedure.connect import connect
from digitizer.procedure.opencps_http import Line, Patience
from digitizer.procedure.port import ProcedureSystem
from digitizer.procedure.sign_in import EachCall
from digitizer.procedure.trust import too_late, trusting
from digitizer.sandbox.accounts import Accounts
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Address, Sandbox
from digitizer.servers import Server
from tests.certificates import issued, pem, pem_of, root

ROOT = Path(__file__).parents[2]


class Secured:
    """A procedure system that speaks TLS, and what was asked of it."""

    def __init__(self, address: Address, accounts: Accounts) -> None:
        self.address = address
        self.accounts = accounts

    def system(self, ca: str = "", *, auth: str = "") -> ProcedureSystem:
        """The adapter to it."""
        to = self.address
        return connect("opencps", to.url, to.group, to.user, to.password, auth=auth, ca=ca)

    def igate(self, ca: str = "", *, url: str = "") -> ProcedureSystem:
        """The adapter to the iGate beside it; signed in to there where that is at ``url``."""
        host = str(httpx.URL(self.address.url).copy_with(path="/"))
        to, sso = self.address, host if url else ""
        return connect("igate", url or host, "", to.user, to.password, sso=sso, ca=ca)

    def server(self, ca: str = "") -> Server:
        """It as it is set."""
        return Server("opencps", self.address.url, self.address.group, self.address.user, ca=ca)


@contextmanager
def secured(folder: Path, certificate: Path) -> Iterator[Secured]:
    accounts = Accounts()
    with Sandbox(folder / "tls", Faults(), accounts=accounts, certificate=certificate) as address:
        assert address.url.startswith("https://")
        yield Secured(address, accounts)


@pytest.fixture(scope="module")
def office() -> trustme.CA:
    """The office's own CA."""
    return trustme.CA(organization_name="Văn phòng xã")


def test_an_office_ca_is_trusted_beside_the_machines_and_no_other(
    tmp_path: Path, office: trustme.CA
) -> None:
    with secured(tmp_path, issued(office, tmp_path / "server.pem")) as there:
        there.system(pem_of(office)).check()
        for other in ("", pem_of(trustme.CA())):
            with pytest.raises(ServerUntrusted) as told:
                there.system(other).check()
            assert type(told.value) is ServerUntrusted
        assert there.accounts.refusals(there.address.user) == 0


def test_a_sign_in_trusts_whom_the_calls_trust(tmp_path: Path, office: trustme.CA) -> None:
    ca = pem_of(office)
    plain = Sandbox(tmp_path / "plain", Faults())
    with secured(tmp_path, issued(office, tmp_path / "server.pem")) as there, plain as elsewhere:
        there.system(ca, auth="session").check()
        there.igate(ca).check()
        host = str(httpx.URL(elsewhere.url).copy_with(path="/"))
        with pytest.raises(NotAllowed):  # its tokens are good there alone
            there.igate(ca, url=host).check()
        for doubted in (
            there.system(auth="session"),
            there.igate(),
            there.igate(url=host),
        ):
            with pytest.raises(ServerUntrusted):
                doubted.check()
        assert there.accounts.refusals(there.address.user) == 0


@pytest.mark.parametrize(
    ("name", "begins", "ends", "trouble"),
    [
        ("127.0.0.1", -9, -1, ServerExpired),
        ("127.0.0.1", 1, 9, ClockWrong),
        ("motcua.example.vn", -1, 1, ServerMisnamed),
        ("127.0.0.2", -1, 1, ServerMisnamed),
    ],
)
def test_even_of_the_right_ca_a_certificate_has_to_be_right(
    tmp_path: Path,
    office: trustme.CA,
    name: str,
    begins: int,
    ends: int,
    trouble: type[ServerUntrusted],
) -> None:
    file = issued(office, tmp_path / "server.pem", name, begins=begins, ends=ends)
    with secured(tmp_path, file) as there, pytest.raises(ServerUntrusted) as told:
        there.system(pem_of(office)).check()
    assert type(told.value) is trouble


def test_a_ca_that_is_dropped_is_trusted_no_more(tmp_path: Path, office: trustme.CA) -> None:
    file = issued(office, tmp_path / "server.pem")
    with secured(tmp_path, file) as there, App(tmp_path / "home", "test") as app:
        app.servers.set(there.server(pem_of(office)), there.address.password)
        app.servers.connect().system.check()
        app.servers.set(there.server(), "")
        with pytest.raises(ServerUntrusted):
            app.servers.connect().system.check()
        for bad in ("no certificate", pem(root(ca=False)).decode()):
            with pytest.raises((CertificateUnreadable, CertificateNotCa)):
                app.servers.set(there.server(bad), "")
        assert app.servers.get() == there.server(), "what was set before holds"


def test_a_clock_by_which_every_ca_has_ended_is_ahead() -> None:
    known = httpx.create_ssl_context().get_ca_certs()
    assert not too_late(known, datetime.now(UTC))
    assert too_late(known, datetime(2099, 1, 1, tzinfo=UTC))
    assert not too_late([], datetime(2099, 1, 1, tzinfo=UTC))


def test_nothing_turns_the_checks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not what is set, not what the environment says, not the administrator's file."""
    for name in ("PYTHONHTTPSVERIFY", "SSL_VERIFY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, "0")
    for url, ca in (("https://127.0.0.1", ""), ("https://127.0.0.1", pem(root()).decode())):
        trust = Line(url, "1", lambda _: EachCall("u", "p"), Patience(), ca=ca)._trust
        assert trust.verify_mode is ssl.CERT_REQUIRED
        assert trust.check_hostname
    assert trusting("").cert_store_stats()["x509"] > 0
    for text in ("server.verify = false", "server.insecure = true", "server.tls = 'off'"):
        assert policy.read(f"[locked]\n{text}", Path("x")).unknown


def test_no_code_turns_them_off_either() -> None:
    """The scanners' driver alone goes by a certificate that it has pinned, not by CAs."""
    off = re.compile(
        r"verify\s*=\s*False|CERT_NONE|check_hostname\s*=|_create_unverified|InsecureR"
    )
    guilty = [
        file.relative_to(ROOT).as_posix()
        for package in ("digitizer", "drivers", "ui")
        for file in (ROOT / package).rglob("*.py")
        if off.search(file.read_text("utf-8"))
    ]
    assert guilty == ["drivers/escl_http.py"]
