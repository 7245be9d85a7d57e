"""What an issuer and a timestamp server offer on the network, on loopback: its lists and answers,
and RFC 3161 timestamps made by OpenSSL."""

from __future__ import annotations

import subprocess
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from tests.signing.issuing import Issuer

_CONFIG = """\
[tsa]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Network(ThreadingHTTPServer):
    """The servers. ``asked`` counts what was asked for; ``down`` names what answers nothing."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.asked: Counter[str] = Counter()
        self.down: set[str] = set()
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.issuer = Issuer(self.address)
        self._lock = threading.Lock()
        stamper = self.issuer.issue("Máy chủ dấu thời gian", stamps=True)
        folder.mkdir(exist_ok=True)
        (folder / "tsa.pem").write_bytes(stamper.pem())
        (folder / "tsa.key").write_bytes(stamper.key_pem())
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def stamps(self) -> str:
        """The timestamp server's address."""
        return f"{self.address}/tsa"

    def stamp(self, query: bytes) -> bytes:
        """Answer an RFC 3161 request."""
        with self._lock:
            (self.folder / "query").write_bytes(query)
            command = ["openssl", "ts", "-reply", "-section", "tsa", "-config"]
            command += [str(self.folder / "tsa.cnf"), "-queryfile", str(self.folder / "query")]
            command += ["-signer", str(self.folder / "tsa.pem")]
            command += ["-inkey", str(self.folder / "tsa.key"), "-out", str(self.folder / "reply")]
            subprocess.run(command, check=True, capture_output=True)
            return (self.folder / "reply").read_bytes()


class _Handler(BaseHTTPRequestHandler):
    server: Network

    def do_GET(self) -> None:
        if self.path == "/crl":
            self._answer("crl", "application/pkix-crl", self.server.issuer.crl)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/ocsp":
            kind = "application/ocsp-response"
            self._answer("ocsp", kind, lambda: self.server.issuer.answer(data))
        elif self.path == "/tsa":
            kind = "application/timestamp-reply"
            self._answer("tsa", kind, lambda: self.server.stamp(data))
        else:
            self.send_error(404)

    def _answer(self, what: str, kind: str, made: object) -> None:
        self.server.asked[what] += 1
        if what in self.server.down:
            self.send_error(503)
            return
        body = made()  # type: ignore[operator]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
