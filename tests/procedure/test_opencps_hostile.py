"""A server that is broken or hostile: whatever it sends, the adapter raises a row, and in time."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from digitizer.errors import (
    AddressUnusable,
    AnswerUnexpected,
    DossierNotAtServer,
    NotAllowed,
    Offline,
    ReceiptMismatch,
    ServerError,
    ServerTrouble,
    ServerUntrusted,
    SignInRefused,
)
from digitizer.procedure.connect import connect
from digitizer.procedure.opencps import OpenCps
from digitizer.procedure.opencps_http import Patience
from digitizer.procedure.port import Upload

PATIENCE = Patience(connect=2, answer=1, bytes_per_second=20_000_000)
FIELDS = (
    "referenceUid", "dossierTemplateNo", "dossierPartNo", "fileTemplateNo", "displayName",
    "fileType", "isSync", "formData", "removed", "eForm",
)  # fmt: skip
DOSSIER: dict[str, Any] = {
    "dossierId": 7,
    "dossierNo": "H02.20-261122-0001",
    "dossierTemplateNo": "T",
}


@dataclass
class Script:
    """What the server answers to every call, and what it was asked."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    write: Callable[[BaseHTTPRequestHandler], None] | None = None
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    posted: list[tuple[str, bytes]] = field(default_factory=list)


@contextmanager
def _serving(script: Script, wrap: ssl.SSLContext | None = None) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            if script.write is not None:
                try:
                    script.write(self)
                except OSError:
                    self.close_connection = True  # the client had enough
                return
            self.send_response(script.status)
            for name, value in script.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(script.body)))
            self.end_headers()
            self.wfile.write(script.body)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            script.posted.append((self.path, body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if wrap is not None:
        server.socket = wrap.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"{'https' if wrap else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _asks(script: Script, call: Callable[[OpenCps], object]) -> object:
    with _serving(script) as url:
        return call(OpenCps(url, "1", "u", "secret", patience=PATIENCE))


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _list_all(system: OpenCps) -> object:
    return list(system.waiting())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"3",
        b"\xff\xfe",
        b"<html>",
        b'{"total": 1}',
        b'{"total": 1, "data": {}}',
        b'{"total": 1, "data": "x"}',
        b"[" * 100_000,
        b'{"total": 1, "data": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"total": ' + b"9" * 10_000 + b', "data": []}',
    ],
)
def test_an_answer_of_another_shape_is_unexpected(body: bytes) -> None:
    for call in (_list_all, lambda s: s.find("H02.20-261122-0001"), lambda s: s.papers("T")):
        with pytest.raises(AnswerUnexpected):
            _asks(Script(body=body), call)


def test_items_that_make_no_sense_are_left_out() -> None:
    items: list[object] = [
        None, 3, "x", [], {}, {"dossierId": 1}, {"dossierNo": "A"}, {"dossierId": True, },
        {"dossierId": -1, "dossierNo": "B"}, {"dossierId": "../1", "dossierNo": "C"},
        {"dossierId": 10**30, "dossierNo": "D"}, {"dossierId": {}, "dossierNo": []},
        {**DOSSIER, "applicantName": {"a": 1}, "receiveDate": "31/02/2026 10:00:00"},
        {**DOSSIER, "dossierId": "8", "dossierNo": "E\r\nF\x00\ud800", "applicantName": "x" * 9999},
    ]  # fmt: skip
    found = _asks(Script(body=_json({"total": len(items), "data": items})), _list_all)
    assert isinstance(found, list)
    first, second = found
    assert (first.ref, first.holder, first.received_at) == ("7", "", None)
    assert second.ref == "8"
    assert second.code == "E F ?"
    assert len(second.holder) == 2000


def test_parts_that_make_no_sense_are_left_out() -> None:
    parts = [
        None,
        {"partNo": ["x"]},
        {"partNo": "A", "partType": "9", "required": 1},
        {"partNo": "A"},
    ]
    (paper,) = _asks(Script(body=_json({"dossierParts": parts})), lambda s: s.papers("T"))  # type: ignore[misc]
    assert (paper.part, paper.title, paper.kind, paper.required) == ("A", "A", "other", False)


def test_a_list_that_never_ends_ends() -> None:
    script = Script(body=_json({"total": 10**12, "data": [DOSSIER] * 100}))
    assert len(_asks(script, _list_all)) == 1  # type: ignore[arg-type]
    assert len(script.asked) <= 3


def test_a_body_without_end_is_given_up() -> None:
    def pour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b" " * 65536)

    with pytest.raises(AnswerUnexpected):
        _asks(Script(write=pour), _list_all)


def test_a_dripping_answer_is_given_up() -> None:
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not stop.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    try:
        with pytest.raises(ServerTrouble):
            _asks(Script(write=drip), _list_all)
    finally:
        stop.set()


def test_a_dripping_head_is_given_up() -> None:
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not stop.wait(0.05):
            handler.wfile.write(b"X-More: 1\r\n")
            handler.wfile.flush()

    hurried = replace(PATIENCE, connect=0.2, answer=0.4)
    try:
        with _serving(Script(write=drip)) as url, pytest.raises(ServerTrouble):
            _list_all(OpenCps(url, "1", "u", "secret", patience=hurried))
    finally:
        stop.set()


def test_a_compressed_answer_is_not_unpacked() -> None:
    body = gzip.compress(bytes(50_000_000))
    with pytest.raises(AnswerUnexpected):
        _asks(Script(headers={"Content-Encoding": "gzip"}, body=body), _list_all)


def test_a_redirect_takes_no_password_elsewhere() -> None:
    other = Script(body=_json({"total": 0, "data": []}))
    with _serving(other) as elsewhere:
        script = Script(status=302, headers={"Location": f"{elsewhere}/o/rest/v2/dossiers"})
        with pytest.raises(AnswerUnexpected):
            _asks(script, _list_all)
    assert other.asked == []


def test_every_call_is_signed_in() -> None:
    script = Script(body=_json({"total": 0, "data": []}))
    _asks(script, lambda s: s.check())
    ((path, headers),) = script.asked
    assert path.startswith("/o/rest/v2/dossiers?")
    assert headers["authorization"] == "Basic dTpzZWNyZXQ="
    assert headers["groupid"] == "1"
    assert headers["accept"] == "application/json"


def test_every_post_has_every_field_and_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF content")
    sha256 = hashlib.sha256(b"%PDF content").hexdigest()
    name = "H02-261122-0001.01.pdf"
    upload = Upload(
        "0" * 36, "7", DOSSIER["dossierNo"], "DT", "TP01", "", file, sha256, name, "Tờ khai"
    )

    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = b"" if "files" in handler.path else _json(DOSSIER)
        handler.send_response(200 if body else 204)  # rows without bytes for ever
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    script = Script(write=answer)
    for tried in (False, True):
        with pytest.raises(ReceiptMismatch):
            _asks(script, lambda s, tried=tried: s.put(replace(upload, tried=tried)))  # type: ignore[misc]
    assert len(script.posted) == 4
    for path, body in script.posted:
        assert path == "/o/rest/v2/dossiers/7/files"
        for name in FIELDS:
            assert f'name="{name}"'.encode() in body
        assert b'name="file"; filename="H02-261122-0001.01.pdf"' in body
        assert b"%PDF content" in body
        assert "Tờ khai".encode() in body
    guarded = [b'name="modifiedDate"\r\n\r\n1\r\n' in body for _, body in script.posted]
    assert guarded == [True, False, False, False]  # only a look may lead to overwriting
    assert not any(b"modifiedDate" in body for _, body in script.posted[1:])


@pytest.mark.parametrize(
    ("status", "headers", "body", "error"),
    [
        (203, {}, b"", SignInRefused),
        (401, {"WWW-Authenticate": "Basic"}, b"", SignInRefused),
        (401, {}, b"{}", NotAllowed),
        (403, {}, b"<html>blocked", NotAllowed),
        (403, {}, b'{"message": "No Content.", "code": 403, "description": null}', ServerTrouble),
        (404, {}, b"", AnswerUnexpected),
        (429, {}, b"", ServerTrouble),
        (500, {}, b"", ServerTrouble),
        (502, {}, b"", ServerTrouble),
        (304, {}, b"", AnswerUnexpected),
        (204, {}, b"", AnswerUnexpected),
    ],
)
def test_statuses(
    status: int, headers: dict[str, str], body: bytes, error: type[ServerError]
) -> None:
    with pytest.raises(error):
        _asks(Script(status=status, headers=headers, body=body), lambda s: s.papers("T"))


def test_a_stale_304_is_asked_again() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        fresh = handler.headers.get("Cache-Control") == "no-cache"
        body = _json({"dossierParts": [{"partNo": "A"}]}) if fresh else b""
        handler.send_response(200 if fresh else 304)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    (paper,) = _asks(Script(write=answer), lambda s: s.papers("T"))  # type: ignore[misc]
    assert paper.part == "A"


@pytest.mark.parametrize("ref", ["", "..", "1/../2", "1?x", "abc"])
def test_a_reference_that_is_no_number_is_not_asked_for(ref: str, tmp_path: Path) -> None:
    script = Script()
    with pytest.raises(DossierNotAtServer):
        _asks(script, lambda s: s.read(ref, "0" * 36, tmp_path / "x"))
    assert script.asked == []


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    home = tmp_path_factory.mktemp("tls")
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl to make a certificate")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", home / "k", "-out", home / "c"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(home / "c", home / "k")
    return context


def test_a_certificate_nobody_vouches_for_is_untrusted(self_signed: ssl.SSLContext) -> None:
    script = Script(body=_json({"total": 0, "data": []}))
    with _serving(script, self_signed) as url, pytest.raises(ServerUntrusted):
        OpenCps(url, "1", "u", "secret", patience=PATIENCE).check()
    assert script.asked == []


def test_no_tls_where_it_should_be_is_a_wrong_address() -> None:
    with _serving(Script()) as url, pytest.raises(AnswerUnexpected):
        OpenCps(url.replace("http:", "https:"), "1", "u", "s", patience=PATIENCE).check()


def test_a_closed_port_is_offline() -> None:
    with _serving(Script()) as url:
        pass
    with pytest.raises(Offline):
        OpenCps(url, "1", "u", "s", patience=PATIENCE).check()


def test_a_name_nobody_knows_is_offline() -> None:
    with pytest.raises(Offline):
        OpenCps("https://no-such-host.invalid", "1", "u", "s", patience=PATIENCE).check()


@pytest.mark.parametrize(
    "url",
    ["", "x", "ftp://h/", "https://", "https://u:p@h/", "https://h/?a=1", "http://[::1", "h:80"],
)
def test_what_is_no_address_is_not_taken(url: str) -> None:
    with pytest.raises(AddressUnusable):
        connect("opencps", url, "1", "u", "p")


def test_a_password_does_not_cross_the_net_in_clear() -> None:
    for url in ("http://motcua.example.vn", "http://8.8.8.8/o/rest/v2"):
        with pytest.raises(AddressUnusable):
            connect("opencps", url, "1", "u", "p")
    connect("opencps", "http://192.168.1.20:8080", "1", "u", "p")


def test_a_kind_there_is_not() -> None:
    with pytest.raises(AddressUnusable):
        connect("fax", "https://h", "1", "u", "p")
    with pytest.raises(AddressUnusable):
        connect("opencps", "https://h", "1\r\nX: y", "u", "p")
