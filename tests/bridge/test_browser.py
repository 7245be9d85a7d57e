"""A real browser: a page that behaves as the Tân Dân systems' does, and a frame in it that may
not scan."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from digitizer.bridge.desk import Happened
from tests.bridge.webpage import PATIENCE, place

PAGE = (Path(__file__).parent / "scanpage.html").read_bytes()


def browser() -> str | None:
    """The browser of this machine that starts, or None: what Ubuntu calls one is a note that it
    has to be fetched as a snap."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True).returncode == 0:
            return path
    return None


BROWSER = browser()


@dataclass
class Site:
    """A server of web pages on loopback, which hears what became of each press of the button."""

    port: int = 0
    told: queue.SimpleQueue[dict[str, Any]] = field(default_factory=queue.SimpleQueue)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def hear(self) -> dict[str, Any]:
        return self.told.get(timeout=PATIENCE)


@contextlib.contextmanager
def serving() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = urlsplit(self.path).path == "/"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE if found else b"")

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"] or 0))
            told = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
            site.told.put({**json.loads(told["end"]), "file": data})
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def looking_at(url: str) -> Iterator[None]:
    """Open the browser, without a window, on a page."""
    assert BROWSER is not None
    with tempfile.TemporaryDirectory(prefix="browser-") as folder:  # its sockets need a short path
        yield from _looking_at(url, BROWSER, folder)


def _looking_at(url: str, browser: str, folder: str) -> Iterator[None]:
    command = [
        browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--no-proxy-server", "--disable-background-networking",
        "--disable-component-update", "--disable-extensions", f"--user-data-dir={folder}/profile",
        url,
    ]  # fmt: skip
    process = subprocess.Popen(
        command,
        env={**os.environ, "HOME": folder, "TMPDIR": folder},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.skipif(BROWSER is None, reason="no Chromium that starts on this machine")
def test_a_real_page_gets_its_pdf_and_a_strangers_frame_in_it_does_not(tmp_path: Path) -> None:
    with place(tmp_path, asks=False) as there, serving() as office, serving() as stranger:
        there.load("Trang mot", "Trang hai")
        there.consents.allow(office.origin)
        url = f"{office.origin}/?bridge={there.port}&frame={stranger.port}"
        with looking_at(url):
            refused = stranger.hear()
            assert (refused["said"], refused["file"]) == ([], b"")
            assert there.bench.news(Happened.REFUSED).origin == stranger.origin
            got = office.hear()
        given = there.bench.news(Happened.GIVEN)
        assert given.origin == office.origin
        assert got["code"] == 1000
        assert got["said"][0] == "1"
        assert json.loads(got["said"][1])["profile"] == "Quầy 1"
        assert got["file"].startswith(b"%PDF-")
        assert (got["bytes"], got["sha256"]) == (given.size, given.sha256)
        assert hashlib.sha256(got["file"]).hexdigest() == given.sha256
