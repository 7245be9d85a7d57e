"""The sandbox as a running server on loopback: uvicorn around ``app``.

Called by the command line (``digitizer sandbox``), by the demonstration and by tests. Listens on
127.0.0.1 only.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import uvicorn
from msgspec import Struct
from uvicorn.protocols.http.h11_impl import H11Protocol

from digitizer.sandbox import app, seed
from digitizer.sandbox.accounts import Accounts
from digitizer.sandbox.faults import Faults

HOST = "127.0.0.1"


class Address(Struct, frozen=True):
    """Where the sandbox listens, and how to sign in."""

    url: str
    group: str
    user: str
    password: str


class Sandbox:
    """One sandbox: a listening socket from the start, answers while ``run`` runs.

    As a context manager it runs in a thread of its own: ``with Sandbox(home, faults) as address``.
    """

    def __init__(
        self,
        home: Path,
        faults: Faults,
        *,
        port: int = 0,
        ready: Callable[[Address], None] = lambda _: None,
        capacity: int | None = None,
        heard: Callable[[int], None] = lambda _status: None,
        accounts: Accounts | None = None,
        certificate: Path | None = None,
    ) -> None:
        """Bind the port.

        Args:
            home: Folder for its database and files; made if need be.
            faults: What goes wrong; may be changed while it runs.
            port: TCP port, 0 for a free one.
            ready: Called once, in the thread of ``run``, when calls are answered.
            capacity: Calls answered at a time, the others get 503; None: as many as come.
            heard: Called with the status of every answer, on the server's thread.
            accounts: Who may sign in; may be changed while it runs. None: the one of ``seed``.
            certificate: A PEM file of a key and its certificates: it speaks TLS with these.

        Raises:
            OSError: the port is taken, or ``home`` cannot be written.
        """
        records = app.open_records(home)
        self._socket = _listening(port)
        scheme = "http" if certificate is None else "https"
        url = f"{scheme}://{HOST}:{self._socket.getsockname()[1]}{app.BASE_PATH}"
        self.address = Address(url, seed.GROUP, seed.USER, seed.PASSWORD)
        connections: dict[tuple[str, int], asyncio.Transport] = {}
        config = uvicorn.Config(
            app.make(
                records,
                faults,
                accounts or Accounts(),
                lambda client: connections[client].abort(),
                capacity,
                heard,
            ),
            ssl_certfile=certificate,
            http=_protocol(connections),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._answering = threading.Event()
        self._thread = threading.Thread(target=self._run_aside, name="sandbox")
        self._kept_from: BaseException | None = None
        self._ready = ready
        self._server = _Server(config, self._say_ready)

    def run(self) -> None:
        """Answer calls until ``stop``, or SIGTERM or SIGINT in the main thread."""
        with self._socket:
            self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """Make ``run`` return within two seconds. Safe to call from any thread."""
        self._server.should_exit = True

    def _say_ready(self) -> None:
        self._answering.set()
        self._ready(self.address)

    def __enter__(self) -> Address:
        """Start the thread; calls are answered when this returns.

        Raises:
            RuntimeError: it ended before that, for the reason that is told as the cause.
        """
        self._thread.start()
        self._answering.wait()
        if self._kept_from is not None:
            self._thread.join()
            raise RuntimeError("the sandbox did not start") from self._kept_from
        return self.address

    def _run_aside(self) -> None:
        try:
            self.run()
        except BaseException as error:
            if self._answering.is_set():
                raise
            self._kept_from = error
            self._answering.set()

    def __exit__(self, *_: object) -> None:
        """Stop, and wait for the end."""
        self.stop()
        self._thread.join()


def serve(
    port: int, data_dir: Path | None, faults: Iterable[str], announce: Callable[[Address], None]
) -> None:
    """Run a sandbox until SIGTERM or SIGINT.

    Args:
        port: TCP port on loopback, 0 for a free one.
        data_dir: Where it keeps its database and files; None for a folder that is removed.
        faults: ``NAME`` or ``NAME:N``; see ``digitizer.sandbox.faults.Fault``.
        announce: Called once when calls are answered.

    Raises:
        ValueError: there is no such fault.
        OSError: the port is taken, or the folder cannot be written.
    """
    wanted = Faults(faults)
    with contextlib.ExitStack() as stack:
        if data_dir is None:
            temporary = tempfile.TemporaryDirectory(prefix="digitizer-sandbox-")
            data_dir = Path(stack.enter_context(temporary))
        Sandbox(data_dir, wanted, port=port, ready=announce).run()


class _Server(uvicorn.Server):
    """A server that says when it is ready, and that a signal ends without killing the process."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {s: signal.signal(s, self.handle_exit) for s in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _listening(port: int) -> socket.socket:
    # Named as TCP in so many words: only then does asyncio turn Nagle's delay (40 ms) off.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening


def _protocol(connections: dict[tuple[str, int], asyncio.Transport]) -> type[asyncio.Protocol]:
    """Return an HTTP protocol that notes its open connections, so that one can be cut."""

    class Noted(H11Protocol):
        """One connection."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._peer = _peer(transport)  # a broken TLS connection forgets it before its end
            connections[self._peer] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            connections.pop(self._peer, None)
            super().connection_lost(exc)

    return Noted


def _peer(transport: Any) -> tuple[str, int]:
    host, port = transport.get_extra_info("peername")[:2]
    return str(host), int(port)
