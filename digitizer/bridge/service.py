"""The WebSocket on this machine's loopback that a web page's *Scan* button talks to.

A thread of its own with an asyncio loop; what blocks is done on worker threads. Who may scan is
``consents``' to say, what becomes of it ``orders``'; the desk scans. A page can send whatever it
likes: it is turned away, and the service goes on. Started by ``keeper`` and the command line.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, TypeVar

from msgspec import Struct
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import MultipleValuesError
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from digitizer.bridge import talk
from digitizer.bridge.consents import Consents, Standing
from digitizer.bridge.desk import Desk, Happened, News, Scanned
from digitizer.bridge.orders import Made, Order, Orders
from digitizer.chain import Door
from digitizer.errors import (
    Bug,
    DigitizerError,
    PortTaken,
    ScannerBusy,
    WebPageRefused,
    WebPageSlow,
    WebPortTaken,
    from_os,
)
from digitizer.origins import means_this_machine, origin_of
from digitizer.profilefile import NamedProfile
from digitizer.storage import audit

log = logging.getLogger(__name__)
_WIRE = logging.getLogger(f"{__name__}.wire")
_WIRE.setLevel(logging.CRITICAL)  # what strangers send is neither worth a line nor safe in one

T = TypeVar("T")

_DONE, _NOT_ALLOWED, _NO_FILE = 1000, 1008, 1011
_MOST_PAGES = 16
"""Connections at a time to each of our two addresses, those that have said nothing yet included."""
_MOST_ASKING, _MOST_ASKING_EACH = 6, 2
_MOST_REFUSED = 100
_CLOSE_SECONDS = 2.0
_FILE_SECONDS = 1800.0


class Patience(Struct, frozen=True):
    """How long a page is waited for, in seconds: to open, to say its next word, and for somebody
    here to say whether it may scan."""

    opening: float = 10.0
    word: float = 30.0
    consent: float = 60.0


class _Left(Exception):
    """The page went away."""


class _Page(ServerConnection):
    """A connection; those that are too many are dropped before they say anything."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if len(self.server.handler_tasks) > _MOST_PAGES:
            self.transport.abort()


class ScanService:
    """Serves web pages from ``start`` to ``stop``; once."""

    def __init__(
        self,
        consents: Consents,
        orders: Orders,
        desk: Desk,
        *,
        asks: bool,
        patience: Patience | None = None,
    ) -> None:
        """``asks``: somebody is there who can be asked about an unknown origin; else it is
        refused."""
        self._consents = consents
        self._orders = orders
        self._desk = desk
        self._asks = asks
        self._patience = patience or Patience()
        self._halt = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()
        self._answered = asyncio.Event()
        self._asking: list[str] = []
        self._refused: set[str] = set()
        self._scanning = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self._workers = ThreadPoolExecutor(2 * _MOST_PAGES + 2, thread_name_prefix="bridge")
        self._port = 0

    def start(self, port: int = talk.PORT) -> int:
        """Listen on this machine's loopback alone; return the port (0 takes a free one).

        Raises:
            PortTaken: another program has it; ``WebPortTaken`` where it is the one pages call.
        """
        ears = _ears(port)
        self._port = int(ears[0].getsockname()[1])
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(ears, ready)), name="bridge", daemon=True
        )
        self._thread.start()
        ready.wait()
        return self._port

    def stop(self) -> None:
        """Serve no more; a scan that runs for a page is stopped, its pages are safe. Blocks."""
        self._halt.set()
        self._call(self._over.set)
        if self._thread is not None:
            self._thread.join()
        self._workers.shutdown()

    def look_again(self) -> None:
        """Somebody has said something about an origin: those that wait may go on. Any thread."""
        self._call(self._wake)

    # --- on the loop's thread ---------------------------------------------------------------

    def _call(self, what: Callable[[], None]) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it is over already
                self._loop.call_soon_threadsafe(what)

    def _wake(self) -> None:
        before, self._answered = self._answered, asyncio.Event()
        before.set()

    async def _serve(self, ears: list[socket.socket], ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        async with contextlib.AsyncExitStack() as on:
            on.callback(ready.set)  # whatever happens, ``start`` comes back
            for ear in ears:
                await on.enter_async_context(
                    serve(
                        self._visit,
                        sock=ear,
                        subprotocols=[Subprotocol(talk.SUBPROTOCOL)],
                        compression=None,
                        process_request=self._let_in,
                        server_header=None,
                        open_timeout=self._patience.opening,
                        close_timeout=_CLOSE_SECONDS,
                        max_size=talk.MOST_BYTES,
                        max_queue=4,
                        logger=_WIRE,
                        create_connection=_Page,
                    )
                )
            ready.set()
            await self._over.wait()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _let_in(self, page: ServerConnection, request: Request) -> Response | None:
        """Look at a page's first words. None lets it in."""
        host, origin = _one(request, "Host"), origin_of(_one(request, "Origin"))
        ours = means_this_machine(host, self._port)
        if not ours or origin is None or request.path != "/":
            no_page = ours and "Origin" not in request.headers
            return page.respond(HTTPStatus.FORBIDDEN, talk.card(os.getpid()) if no_page else "")
        try:
            standing = self._consents.standing(origin)
        except DigitizerError as error:
            log.warning("a web page cannot be served: %s", error.code)
            return page.respond(HTTPStatus.SERVICE_UNAVAILABLE, "")
        if standing is Standing.REFUSED or (standing is Standing.UNKNOWN and not self._asks):
            self._tell_refused(origin)
            return page.respond(HTTPStatus.FORBIDDEN, "")
        if standing is Standing.UNKNOWN and (
            len(self._asking) >= _MOST_ASKING or self._asking.count(origin) >= _MOST_ASKING_EACH
        ):
            return page.respond(HTTPStatus.SERVICE_UNAVAILABLE, "")
        return None

    async def _visit(self, page: ServerConnection) -> None:
        """Speak with a page until it has its file, or is turned away."""
        request = page.request
        origin = origin_of(_one(request, "Origin")) if request is not None else None
        if origin is None:  # it was let in with one
            return
        try:
            await self._admit(page, origin)
            await self._carry_out(page, origin, await self._agree(page))
        except (_Left, ConnectionClosed):
            log.debug("a web page left")
        except WebPageRefused as error:
            self._tell_refused(origin)
            await page.close(_NOT_ALLOWED, error.code)
        except DigitizerError as error:
            await self._turn_away(page, News(Happened.FAILED, origin, error=error))
        except Exception:
            log.exception("a bug in serving a web page")
            await self._turn_away(page, News(Happened.FAILED, origin, error=Bug("bridge")))

    async def _admit(self, page: ServerConnection, origin: str) -> None:
        """Wait until somebody says whether this origin may scan. Raises ``WebPageRefused``."""
        if self._consents.standing(origin) is Standing.UNKNOWN:
            self._asking.append(origin)
            self._desk.ask(origin)
            try:
                async with asyncio.timeout(self._patience.consent):
                    await self._wait_for_answer(page, origin)
            except TimeoutError:
                raise WebPageRefused(origin) from None
            finally:
                self._asking.remove(origin)
            # one that came meanwhile may have had it asked again
            self._desk.answered(origin)
        if self._consents.standing(origin) is not Standing.ALLOWED:
            raise WebPageRefused(origin)

    async def _wait_for_answer(self, page: ServerConnection, origin: str) -> None:
        """Answers about others wake it too. Raises ``_Left``."""
        while self._consents.standing(origin) is Standing.UNKNOWN:
            answer = self._task(self._answered.wait())
            try:
                await self._beside(page, answer)
            finally:
                answer.cancel()

    async def _agree(self, page: ServerConnection) -> NamedProfile:
        """Say the first words, and return how it will be scanned."""
        await page.send(talk.GREETING)
        await self._hear(page)
        wish = await self._in_thread(self._desk.wish)
        await page.send(talk.settings(wish))
        await self._hear(page)
        return wish

    async def _carry_out(self, page: ServerConnection, origin: str, wish: NamedProfile) -> None:
        """Scan, and give the page what came of it. Raises ``ScannerBusy`` and the other rows."""
        if self._scanning:
            raise ScannerBusy("another web page")
        self._scanning = True  # before anything else has its turn
        scan = self._task(self._scan(origin, wish))
        try:
            order, scanned = await self._beside(page, scan)
            if scanned.error is not None:
                await self._say_nothing(page, scanned.error)  # the desk knows
                return
            made, data = await self._file(page, order)
            await page.send(data)
            await page.close(_DONE)
            await page.wait_closed()
            if page.close_code != _DONE:
                raise _Left
        except (_Left, ConnectionClosed):
            done = scan.done() and not scan.cancelled() and scan.exception() is None
            self._tell(News(Happened.LEFT, origin, scan.result()[0] if done else None))
            raise
        await self._in_thread(self._orders.given, order, made.sha256)
        pages, size = scanned.pages, len(data)
        self._tell(News(Happened.GIVEN, origin, order, pages, None, made.sha256, size))

    async def _hear(self, page: ServerConnection) -> None:
        """Hear the page's next word. Raises ``WebPageStrange``, ``WebPageSlow``."""
        try:
            async with asyncio.timeout(self._patience.word):
                said = await page.recv()
        except TimeoutError:
            raise WebPageSlow from None
        talk.check(said)

    async def _scan(self, origin: str, wish: NamedProfile) -> tuple[Order, Scanned]:
        """Scan for a page, to the end, also where it goes away."""
        try:
            order = await self._in_thread(self._orders.begin, origin)
            self._tell(News(Happened.BEGUN, origin, order))
            try:
                scanned = await self._in_thread(self._desk.scan, order, wish, self._halt)
            except DigitizerError as error:
                scanned = Scanned(0, error)
        finally:
            self._scanning = False
        self._tell(News(Happened.SCANNED, origin, order, scanned.pages, scanned.error))
        return order, scanned

    async def _file(self, page: ServerConnection, order: Order) -> tuple[Made, bytes]:
        gone = threading.Event()

        def wait_for_it() -> tuple[Made, bytes]:
            made = self._orders.made(order, gone, _FILE_SECONDS)
            try:
                return made, self._orders.content(made)
            except OSError as error:
                raise from_os(error) from error

        try:
            return await self._beside(page, self._task(self._in_thread(wait_for_it)))
        finally:
            gone.set()

    async def _turn_away(self, page: ServerConnection, news: News) -> None:
        self._tell(news)
        if news.error is not None:
            await self._say_nothing(page, news.error)

    async def _say_nothing(self, page: ServerConnection, error: DigitizerError) -> None:
        """Send the message that says there is no file, and close."""
        with contextlib.suppress(ConnectionClosed):
            await page.send(talk.NOTHING)
        await page.close(_NO_FILE, error.code)

    async def _beside(self, page: ServerConnection, work: asyncio.Task[T]) -> T:
        """Return what some work gives, or raise ``_Left`` as soon as the page goes away; the work
        goes on then."""
        leaving = self._task(page.wait_closed())
        try:
            await asyncio.wait({work, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
        if not work.done():
            work.add_done_callback(_forgiven)
            raise _Left
        return work.result()

    def _task(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _in_thread(self, work: Callable[..., T], *args: Any) -> T:
        def by_the_web() -> T:
            with audit.through(Door.WEB):
                return work(*args)

        return await asyncio.get_running_loop().run_in_executor(self._workers, by_the_web)

    def _tell_refused(self, origin: str) -> None:
        """Tell it once: a page that is refused may try as often as it likes."""
        if origin not in self._refused and len(self._refused) < _MOST_REFUSED:
            self._refused.add(origin)
            self._tell(News(Happened.REFUSED, origin, error=WebPageRefused(origin)))

    def _tell(self, news: News) -> None:
        if news.error is not None:
            log.warning("a web page: %s, %s", news.what.value, news.error.code)
        self._desk.tell(news)


def _forgiven(task: asyncio.Task[Any]) -> None:
    """Take note of how work ended that nobody waits for any more."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, DigitizerError):
        log.error("a bug in serving a web page that left", exc_info=error)


def _one(request: Request, name: str) -> str:
    """Return the one value of a header; empty where there is none, or more than one."""
    try:
        return request.headers.get(name) or ""
    except MultipleValuesError:
        return ""


def _ears(port: int) -> list[socket.socket]:
    """Return sockets that listen on 127.0.0.1 and, where this machine has it, on ::1. Raises
    ``PortTaken``."""
    try:
        first = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        taken = WebPortTaken if port == talk.PORT else PortTaken
        raise taken(str(port)) from error
    ears = [first]
    with contextlib.suppress(OSError):  # no IPv6 here, or somebody has the port there
        name = ("::1", first.getsockname()[1])
        ears.append(socket.create_server(name, family=socket.AF_INET6))
    return ears
