"""The VGCA signing service: what it is asked, what it may fetch, what is kept of its answers."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from digitizer.errors import (
    DigitizerError,
    SignatureRefused,
    SigningServiceMissing,
    SigningServiceRefused,
    SigningServiceUntrusted,
    Stopped,
)
from digitizer.signing import archival
from digitizer.signing.exchange import Exchange
from digitizer.signing.model import KeyKind, KeySource
from digitizer.signing.session import Session
from tests.signing import papers, vgca
from tests.signing.conftest import COPY, PERSONAL, Opened
from tests.signing.issuing import OFFICER
from tests.signing.vgca import Fault, Vgca


@pytest.fixture
def service(tmp_path: Path, keyfile: Path) -> Iterator[Vgca]:
    (tmp_path / "vgca").mkdir()
    with Vgca(tmp_path / "vgca", keyfile) as found:
        yield found


@pytest.fixture
def session(service: Vgca, opened: Opened) -> Session:
    return opened(KeySource(KeyKind.SERVICE, service.address), "", authorities=service.trust)


def test_it_signs_for_both_looks(
    session: Session, service: Vgca, paper: Path, tmp_path: Path
) -> None:
    for stamp, path in ((PERSONAL, "/SignApproved"), (COPY, "/SignCopy")):
        out = tmp_path / f"{stamp.look}.pdf"
        done = session.sign(paper, out, stamp)
        assert (done.certificate.name, done.page) == (OFFICER, 1)
        assert out.read_bytes().startswith(paper.read_bytes())
        assert archival.fault(out) == ""
        assert "Signature is Valid." in papers.pdfsig(out)
        asked_at, asked = service.asked[-1]
        assert asked_at == path
        assert set(asked) == {
            "FileUploadHandler", "SessionId", "JWTToken", "FileName", "MetaData",
        }  # fmt: skip


def test_addresses_are_of_loopback_for_one_signature_and_not_to_be_guessed(
    session: Session, service: Vgca, paper: Path, tmp_path: Path
) -> None:
    said: list[int] = []

    def curious(found: Vgca, asked: dict[str, str]) -> object:
        for address in (asked["FileName"], asked["FileUploadHandler"]):
            assert urlsplit(address).hostname == "127.0.0.1"
            assert len(urlsplit(address).path) > 40
            said.append(_status(vgca.elsewhere(address)))
        said.append(_status(asked["FileName"], host="example.org"))
        said.append(_status(asked["FileUploadHandler"]))
        data = found.signed(found.fetch(asked))
        said.append(found.post({**asked, "FileUploadHandler": asked["FileName"]}, data))
        said.append(found.post(asked, data, "another"))
        said.append(found.post(asked, data))
        said.append(found.post(asked, data))
        return vgca.ok()

    service.fault = curious
    session.sign(paper, tmp_path / "out.pdf", PERSONAL)
    assert said == [404, 404, 404, 404, 404, 400, 200, 410]
    _, asked = service.asked[0]
    with pytest.raises(httpx.ConnectError):
        httpx.get(asked["FileName"])
    service.fault = None
    session.sign(paper, tmp_path / "again.pdf", PERSONAL)
    _, then = service.asked[1]
    assert urlsplit(then["FileName"]).path != urlsplit(asked["FileName"]).path


def _status(address: str, host: str | None = None) -> int:
    return httpx.get(address, headers={"Host": host} if host else None).status_code


def test_an_upload_has_a_limit(tmp_path: Path) -> None:
    (tmp_path / "source.pdf").write_bytes(b"%PDF-1.7")
    with Exchange(tmp_path / "source.pdf", tmp_path / "out.pdf") as exchange:
        for length, kind, expected in (
            (str(1 << 40), "multipart/form-data; boundary=x", 413),
            ("-5", "multipart/form-data; boundary=x", 400),
            ("8", "application/pdf", 400),
        ):
            line = http.client.HTTPConnection(exchange.host)
            line.putrequest("POST", exchange.paths["upload"])
            line.putheader("Content-Length", length)
            line.putheader("Content-Type", kind)
            line.endheaders()
            assert line.getresponse().status == expected
            line.close()
    assert not (tmp_path / "out.pdf").exists()


def _gives(data: bytes) -> Fault:
    def fault(found: Vgca, asked: dict[str, str]) -> object:
        found.post(asked, data)
        return vgca.ok()

    return fault


def _unsigned(found: Vgca, asked: dict[str, str]) -> object:
    found.post(asked, found.fetch(asked))
    return vgca.ok()


def _changed(found: Vgca, asked: dict[str, str]) -> object:
    found.post(asked, found.signed(found.fetch(asked), vgca.turn_page))
    return vgca.ok()


def _altered_before(found: Vgca, asked: dict[str, str]) -> object:
    """A pixel of the page is another one, and a good signature covers it."""
    data = bytearray(found.fetch(asked))
    data[len(data) // 2] ^= 1
    found.post(asked, found.signed(bytes(data)))
    return vgca.ok()


def _altered_after(found: Vgca, asked: dict[str, str]) -> object:
    """A byte is another one than was signed."""
    data = found.fetch(asked)
    made = bytearray(found.signed(data))
    made[len(data) + 20] ^= 1
    found.post(asked, bytes(made))
    return vgca.ok()


def _with_more_behind(found: Vgca, asked: dict[str, str]) -> object:
    found.post(asked, found.signed(found.fetch(asked)) + b"\n% and something more\n%%EOF\n")
    return vgca.ok()


@pytest.mark.parametrize(
    "fault",
    [_unsigned, _changed, _altered_before, _altered_after, _with_more_behind, _gives(b"nothing")],
)
def test_what_came_back_is_kept_only_if_it_is_the_file_and_a_signature(
    session: Session, service: Vgca, paper: Path, tmp_path: Path, fault: Fault
) -> None:
    service.fault = fault
    before = paper.read_bytes()
    with pytest.raises(SignatureRefused):
        session.sign(paper, tmp_path / "out.pdf", PERSONAL)
    assert not (tmp_path / "out.pdf").exists()
    assert paper.read_bytes() == before
    service.fault = None
    session.sign(paper, tmp_path / "out.pdf", PERSONAL)


@pytest.mark.parametrize(
    "fault",
    [
        lambda *_: vgca.ok(status=11),
        lambda *_: vgca.ok(),
        lambda *_: "no JSON",
        lambda *_: '["Status"]',
        lambda *_: '{"Status": "0"}',
        lambda *_: "x" * 100_000,
        lambda *_: None,
    ],
    ids=["cancelled", "nothing-uploaded", "no-json", "list", "text", "too-long", "closes"],
)
def test_a_service_that_did_not_sign(
    session: Session, service: Vgca, paper: Path, tmp_path: Path, fault: Fault
) -> None:
    service.fault = fault
    with pytest.raises(SigningServiceRefused):
        session.sign(paper, tmp_path / "out.pdf", PERSONAL)
    assert session.is_open
    assert not (tmp_path / "out.pdf").exists()


def test_a_service_that_waits_for_its_user_can_be_broken_off(
    session: Session, service: Vgca, paper: Path, tmp_path: Path
) -> None:
    stop, over = threading.Event(), threading.Event()

    def waiting(*_: object) -> object:
        stop.set()
        over.wait(60)
        return None

    service.fault = waiting
    with pytest.raises(Stopped):
        session.sign(paper, tmp_path / "out.pdf", PERSONAL, stop=stop)
    over.set()


def test_a_service_that_is_not_there_or_not_known(
    opened: Opened, service: Vgca, paper: Path, tmp_path: Path
) -> None:
    def refused(address: str) -> type[DigitizerError]:
        with pytest.raises(DigitizerError) as caught:
            opened(KeySource(KeyKind.SERVICE, address), "").sign(
                paper, tmp_path / "out.pdf", PERSONAL
            )
        return type(caught.value)

    assert refused(service.address) is SigningServiceUntrusted, "its certificate is nobody's"
    assert refused("wss://127.0.0.1:1") is SigningServiceMissing
    for strange in ("wss://example.org:8987", "ws://127.0.0.1:8987", "wss://a@127.0.0.1", "x"):
        assert refused(strange) is SigningServiceUntrusted
    assert service.asked == []
