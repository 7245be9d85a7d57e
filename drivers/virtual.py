"""A scanner made of a folder of images: an eSCL server on loopback, with faults on demand.

Run by ``digitizer virtual-scanner``, the demo and the tests; real clients (sane-airscan) scan from
it. It knows nothing of the product: only eSCL as real devices speak it (Mopria eSCL 2.97, and what
sane-airscan asks). Never reads outside its folder, never listens beyond this machine.

The feeder holds what lies in the folder when a scan job begins, in name order: putting images in or
taking them out loads it. From both sides, the images are fronts and backs in turn; one named
``….jam.jpg`` jams. The glass gives one image a job, one after another.
"""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from digitizer.errors import ScannerBusy
from drivers import virtual_stack
from drivers.virtual_device import PLAIN, SOUND, Faults, Job, Quirks, VirtualDevice, parse_faults
from drivers.virtual_xml import capabilities, multipart, prefixed, read_settings, status

__all__ = ["Faults", "Quirks", "parse_faults", "running", "sane_config", "serve"]

NAME = "Virtual"
_MAX_REQUEST_BYTES = 1 << 16
_FEEDING_SECONDS = 0.15
"""Before a job's first answer, as paper has to travel. Where a whole job is over sooner, the thread
that began it finds it ended, and sane-airscan 0.99.27 then forgets the page that had arrived."""
_JOB_PATH = re.compile(r"/eSCL/ScanJobs/([0-9]+)(/NextDocument)?")


def serve(
    directory: Path, port: int, faults: Sequence[str], announce: Callable[[str], None]
) -> None:
    """Be a scanner until SIGTERM or SIGINT. Call it on the main thread.

    Args:
        directory: The images.
        port: TCP port on loopback; 0 takes a free one.
        faults: See ``parse_faults``.
        announce: Called once with the URL when the scanner can be reached.

    Raises:
        ValueError: an unknown fault.
        FolderUnreadable: no such folder.
        ScannerBusy: the port is taken.
    """
    over = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: over.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        with running(directory, parse_faults(faults), port) as url:
            announce(url)
            over.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def running(
    directory: Path, faults: Faults = SOUND, port: int = 0, quirks: Quirks = PLAIN
) -> Iterator[str]:
    """Be a scanner on a thread while the block runs; gives the URL."""
    virtual_stack.images(directory)  # says so at once where there is no such folder
    device = VirtualDevice(directory, faults, quirks)
    try:
        server = _Server(("127.0.0.1", port), device)
    except OSError as error:
        raise ScannerBusy(f"port {port} of this machine is taken") from error
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="virtual scanner"
    )
    thread.start()
    try:
        scheme = "http" if quirks.tls is None else "https"
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}/eSCL"
    finally:
        device.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def sane_config(url: str, into: Path) -> Path:
    """Write a SANE configuration that knows this one scanner and looks for no other.

    Returns ``into``, to be given as ``SANE_CONFIG_DIR``; the device is then ``airscan:e0:Virtual``.
    """
    into.mkdir(parents=True, exist_ok=True)
    (into / "dll.conf").write_text("airscan\n", encoding="ascii")
    (into / "airscan.conf").write_text(
        f'[devices]\n"{NAME}" = {url}, eSCL\n[options]\ndiscovery = disable\n', encoding="ascii"
    )
    return into


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], device: VirtualDevice) -> None:
        self.device = device
        super().__init__(address, _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection, on a thread of its own; here too is its TLS handshake."""
        tls = self.device.quirks.tls
        if tls is None:
            super().finish_request(request, client_address)
            return
        with tls.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def parse_request(self) -> bool:
        """Let whoever wants to hear of the request; then go on as ever."""
        sound = super().parse_request()
        heard = self.server.device.quirks.heard
        if sound and heard is not None:
            heard(f"{self.command} {self.path}")
        return sound

    def do_GET(self) -> None:
        if self._silent():
            return
        device = self.server.device
        job_path = _JOB_PATH.fullmatch(self.path)
        if self.path == "/eSCL/ScannerCapabilities" and device.quirks.moved:
            self._answer(HTTPStatus.MOVED_PERMANENTLY, location=device.quirks.moved)
        elif self.path == "/eSCL/ScannerCapabilities":
            self._document(capabilities(device.quirks.uuid))
        elif self.path == "/eSCL/ScannerStatus":
            state = "Processing" if device.jobs else "Idle"
            self._document(status(state, device.feeder(), device.last_job()))
        elif job_path is not None and job_path[2]:
            self._next_document(int(job_path[1]))
        else:
            self._answer(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if self._silent():
            return
        if self.path != "/eSCL/ScanJobs" or not 0 < length <= _MAX_REQUEST_BYTES:
            self.close_connection = True
            self._answer(HTTPStatus.BAD_REQUEST)
            return
        device = self.server.device
        settings = read_settings(self.rfile.read(length))
        if settings is None:
            self._answer(HTTPStatus.BAD_REQUEST)
            return
        if device.refuses():
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        number = device.open_job(settings)
        if number is None:
            self._answer(HTTPStatus.CONFLICT)
        else:
            path = f"{device.quirks.location}/eSCL/ScanJobs/{number}"
            self._answer(HTTPStatus.CREATED, location=path)

    def do_DELETE(self) -> None:
        if self._silent():
            return
        job_path = _JOB_PATH.fullmatch(self.path)
        if job_path is not None and self.server.device.close_job(int(job_path[1])):
            self._answer(HTTPStatus.OK)
        else:
            self._answer(HTTPStatus.NOT_FOUND)

    def _next_document(self, number: int) -> None:
        device = self.server.device
        job = device.jobs.get(number)
        if job is None:
            self._answer(HTTPStatus.NOT_FOUND)
            return
        if job.given == 0:
            device.over.wait(_FEEDING_SECONDS)
        first = device.next_page(job)
        if self._silent():
            return
        if not isinstance(first, Path):
            self._answer(first)
            return
        pages = [self._seen(first, job)]
        while len(pages) < device.quirks.sides:
            other = device.next_page(job)
            if not isinstance(other, Path):
                break
            pages.append(self._seen(other, job))
        if job.given == device.faults.cut:
            self._cut(pages[0])
        elif device.quirks.sides:
            self._answer(HTTPStatus.OK, *multipart(pages))
        else:
            self._answer(HTTPStatus.OK, pages[0], "image/jpeg")

    def _seen(self, page: Path, job: Job) -> bytes:
        device = self.server.device
        device.over.wait(device.faults.slow)
        scanned = virtual_stack.scanned(page, job.settings.dpi, job.settings.mode)
        return device.quirks.content or scanned

    def _silent(self) -> bool:
        """Keep the client waiting where the scanner is gone."""
        device = self.server.device
        if device.gone:
            device.over.wait()
            self.close_connection = True
        return device.gone

    def _cut(self, content: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "image/jpeg")
        if not self.server.device.quirks.chunked:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _document(self, text: str) -> None:
        prefix = self.server.device.quirks.prefix
        self._answer(HTTPStatus.OK, prefixed(text, prefix).encode(), "text/xml")

    def _answer(
        self, code: HTTPStatus, content: bytes = b"", kind: str = "", location: str = ""
    ) -> None:
        chunked = self.server.device.quirks.chunked and kind == "image/jpeg"
        self.send_response(code)
        if kind:
            self.send_header("Content-Type", kind)
        if location:
            self.send_header("Location", location)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
            content = b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content)
        else:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the scanner's user looks at the other end."""
