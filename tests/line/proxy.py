"""A line on loopback between a client and a server, as weak as wanted.

Carries TCP to one port of this machine. Without a shape it is as fast as the machine is, and cuts
connections where it is told to: after so many bytes, now, or altogether. With a shape it has a
rate, a latency and a loss; a packet that is lost cannot be seen in a TCP connection, so what TCP
makes of one is imitated: the window of segments under way is halved, and what follows the hole
waits a round trip, or for a time-out where too few segments follow to tell of it.

Used by the histories and by the run over a shaped line. Its own thread; called from any other.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Self

HOST = "127.0.0.1"
_SEGMENT_BYTES = 1448
_FIRST_WINDOW = 10.0
_TELLING_SEGMENTS = 3
"""So many segments behind a hole make the other end ask for it at once."""
_TIMEOUT_SECONDS = 1.0
_READ_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Shape:
    """What a line is like: bytes a second and seconds one way, in either direction, and the share
    of segments lost."""

    rate: float
    latency: float
    loss: float
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a connection is cut: after so many bytes to the server (``up``) or from it."""

    up: int | None = None
    down: int | None = None


class Way:
    """One direction of the line, shared by all connections."""

    def __init__(self, shape: Shape | None, seed: int) -> None:
        self.carried = 0
        self.shape = shape
        self._chance = random.Random(seed)
        self._free_at = 0.0

    def lost(self, segments: int) -> int:
        """Say how many of these segments get lost."""
        assert self.shape
        return sum(self._chance.random() < self.shape.loss for _ in range(segments))

    def through(self, now: float, size: int) -> float:
        """Return when the last of these bytes has entered the line."""
        assert self.shape
        self._free_at = max(now, self._free_at) + size / self.shape.rate
        return self._free_at


class Line:
    """The line to a port; ``with Line(port) as line`` listens at ``line.port``."""

    def __init__(self, target: int, shape: Shape | None = None) -> None:
        self.port = 0
        self.connections = 0
        self._target = target
        self._shape = shape
        self._up = Way(shape, shape.seed if shape else 0)
        self._down = Way(shape, shape.seed + 1 if shape else 0)
        self._cuts: deque[Cut] = deque()
        self._open: set[asyncio.Transport] = set()
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="line", daemon=True)

    @property
    def carried(self) -> tuple[int, int]:
        """The bytes carried to the server, and from it."""
        return self._up.carried, self._down.carried

    def cut_next(self, *cuts: Cut) -> None:
        """Cut the next connections so, one after the other; forget what was asked before."""
        self._do(lambda: self._set_cuts(cuts))

    def sever(self) -> None:
        """Cut every connection that is open."""
        self._do(self._sever)

    def go_down(self) -> None:
        """Cut what is open and refuse what comes."""
        self._run(self._close())
        self.sever()

    def come_back(self) -> None:
        """Carry again."""
        self._run(self._listen())

    def __enter__(self) -> Self:
        self._thread.start()
        self.come_back()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_down()
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, what: Callable[[], None]) -> None:
        async def call() -> None:
            what()

        self._run(call())

    def _run(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result()

    def _set_cuts(self, cuts: tuple[Cut, ...]) -> None:
        self._cuts = deque(cuts)

    def _sever(self) -> None:
        for transport in tuple(self._open):
            transport.abort()

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._carry, HOST, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _end(self) -> None:
        while rest := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in rest:
                task.cancel()
            await asyncio.wait(rest)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        cut = self._cuts.popleft() if self._cuts else Cut()
        with contextlib.ExitStack() as ends:
            self._keep(ends, writer)
            if self._shape:
                await asyncio.sleep(2 * self._shape.latency)  # the handshake
            try:
                back, there = await asyncio.open_connection(HOST, self._target)
            except OSError:
                return
            self._keep(ends, there)
            await asyncio.gather(
                self._pump(reader, there, self._up, cut.up),
                self._pump(back, writer, self._down, cut.down),
            )

    def _keep(self, ends: contextlib.ExitStack, writer: asyncio.StreamWriter) -> None:
        """Note an open end, to be cut or closed."""
        transport: Any = writer.transport
        self._open.add(transport)
        ends.callback(transport.close)
        ends.callback(self._open.discard, transport)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        way: Way,
        left: int | None,
    ) -> None:
        """Carry one direction of one connection to its end; cut both after ``left`` bytes."""
        with contextlib.suppress(ConnectionError, OSError):
            if way.shape is None:
                while data := await reader.read(_READ_BYTES):
                    if left is not None and len(data) >= left:
                        await self._give(writer, data[:left], way)
                        self._sever()
                        return
                    left = None if left is None else left - len(data)
                    await self._give(writer, data, way)
            else:
                await self._shaped(reader, writer, way, way.shape)
            if writer.can_write_eof():
                writer.write_eof()

    @staticmethod
    async def _give(writer: asyncio.StreamWriter, data: bytes, way: Way) -> None:
        way.carried += len(data)
        writer.write(data)
        await writer.drain()

    async def _shaped(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way, shape: Shape
    ) -> None:
        """Carry as TCP does over such a line: a window of segments a round trip."""
        window, growing = _FIRST_WINDOW, True
        arrived = 0.0
        under_way: set[asyncio.Task[None]] = set()
        turn = asyncio.Lock()  # what was sent first arrives first
        while data := await reader.read(int(window) * _SEGMENT_BYTES):
            segments = math.ceil(len(data) / _SEGMENT_BYTES)
            lost = way.lost(segments)
            sent = way.through(self._loop.time(), len(data) + lost * _SEGMENT_BYTES)
            hole = 0.0
            if lost:
                told = segments - lost >= _TELLING_SEGMENTS
                hole = 2 * shape.latency if told else _TIMEOUT_SECONDS
            arrived = max(arrived, sent + shape.latency + hole)
            task = asyncio.create_task(self._deliver(writer, data, way, arrived, turn))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            if len(data) == int(window) * _SEGMENT_BYTES:  # full: the next waits for the answer
                await self._until(arrived + shape.latency)
            if lost:
                window, growing = max(2.0, window / 2), False
            else:
                window = window * 2 if growing else window + 1
        if under_way:
            await asyncio.wait(under_way)

    async def _deliver(
        self,
        writer: asyncio.StreamWriter,
        data: bytes,
        way: Way,
        moment: float,
        turn: asyncio.Lock,
    ) -> None:
        async with turn:
            await self._until(moment)
            with contextlib.suppress(ConnectionError, OSError):
                await self._give(writer, data, way)

    async def _until(self, moment: float) -> None:
        await asyncio.sleep(max(0.0, moment - self._loop.time()))
