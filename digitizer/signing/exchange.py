"""Hands one file to a program of this machine over HTTP, and takes one back.

Called by ``service``: the signing service fetches what it signs by address and posts what came of
it. Listens on loopback alone, for one signature; whoever does not know the two addresses, which
nobody can guess, gets nothing.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

_HERE = "127.0.0.1"
_FIELD = b"uploadfile"
_MOST_ADDED = 16 << 20
_MOST_READS = 4
_SOCKET_SECONDS = 60
_BOUNDARY = re.compile(r'^multipart/form-data;.*boundary="?([^";]{1,200})"?', re.IGNORECASE)


class Exchange:
    """The place of one exchange; use it as a context manager."""

    def __init__(self, source: Path, into: Path) -> None:
        """``source``: what is handed out; ``into``: where what comes back is written."""
        self.source, self.into = source, into
        self.most_bytes = source.stat().st_size + _MOST_ADDED
        self.received = threading.Event()
        self.lock = threading.Lock()
        self.reads = 0
        self.paths = {
            "file": f"/{secrets.token_urlsafe(32)}/{secrets.token_hex(4)}.pdf",
            "upload": f"/{secrets.token_urlsafe(32)}",
        }
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def host(self) -> str:
        """Return what requests name as their host."""
        return f"{_HERE}:{self._server.server_address[1]}"

    def address(self, of: str) -> str:
        """Return the address of the ``"file"`` or the ``"upload"``."""
        return f"http://{self.host}{self.paths[of]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        super().__init__((_HERE, 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever broke off knows it."""


class _Handler(BaseHTTPRequestHandler):
    timeout = _SOCKET_SECONDS
    server: _Server

    def do_GET(self) -> None:
        """Hand out the file."""
        exchange = self.server.exchange
        if not self._is_for("file"):
            return
        with exchange.lock:
            exchange.reads += 1
            if exchange.reads > _MOST_READS:
                self.send_error(410)
                return
        with exchange.source.open("rb") as file:
            self.send_response(200)
            self.send_header("Content-Type", "application/pdf")
            self.send_header("Content-Length", str(exchange.source.stat().st_size))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            shutil.copyfileobj(file, self.wfile)

    def do_POST(self) -> None:
        """Take what came of it, once."""
        exchange = self.server.exchange
        if not self._is_for("upload"):
            return
        length = self.headers.get("Content-Length", "")
        boundary = _BOUNDARY.match(self.headers.get("Content-Type", ""))
        if not length.isdecimal() or boundary is None:
            self.send_error(400)
            return
        if int(length) > exchange.most_bytes:
            self.send_error(413)
            return
        body = self.rfile.read(int(length))
        found = _uploaded(body, boundary[1].encode("latin-1", "replace"))
        if len(body) != int(length) or found is None:
            self.send_error(400)
            return
        with exchange.lock:
            if exchange.received.is_set():
                self.send_error(410)
                return
            exchange.into.write_bytes(found)
            exchange.received.set()
        name = exchange.paths["file"].rpartition("/")[2]
        self._answer({"Status": True, "Message": "", "FileName": name, "FileServer": name})

    def _is_for(self, what: str) -> bool:
        """Tell whether a request knows the address; answer it if not."""
        exchange = self.server.exchange
        known = self.path.encode("latin-1", "replace")
        if hmac.compare_digest(known, exchange.paths[what].encode()) and (
            self.headers.get("Host") == exchange.host  # no web page by another name for loopback
        ):
            return True
        self.send_error(404)
        return False

    def _answer(self, value: dict[str, object]) -> None:
        body = json.dumps(value).encode("ascii")
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: addresses are secrets."""


def _uploaded(body: bytes, boundary: bytes) -> bytes | None:
    """Return the bytes of the form's file, None where there is none."""
    for part in body.split(b"--" + boundary):
        head, gap, content = part.partition(b"\r\n\r\n")
        if gap and re.search(rb'name="?' + _FIELD + rb'"?\s*(;|\r|$)', head):
            return content.removesuffix(b"\r\n")
    return None
