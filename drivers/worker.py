"""The child process that holds a driver: ``python -m drivers.worker``, started by ``drivers.host``.

Reads one request line from standard input, answers on standard output (see ``drivers.wire``).
Foreign libraries may print: file descriptor 1 is turned into standard error before any of them
is loaded, and all rights are given up but those of the driver (``drivers.rights``). Dies with its
parent, by the kernel's signal where there is one and by the end of standard input everywhere.
Knows drivers only by name.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from digitizer.confinement import confine
from digitizer.errors import DigitizerError, NoSuchThing, from_os
from digitizer.programs import die_with_parent
from digitizer.scanning import Progress, Scanner
from drivers import rights, wire
from drivers.wire import Answer, Done, Failed, Found, Request, Verb

DRIVERS = ("escl", "sane", "folder")
"""Every driver, in order of preference. Each module has ``scanner(state)``."""

_PROGRESS_EVERY_SECONDS = 0.2


class DriverModule(Protocol):
    """What a driver's module offers.

    ``scanner`` returns its Scanner, or raises ``ToolMissing`` where the machine lacks its
    library. ``state`` is a folder where it may keep what it learns about devices, or None. While
    a page is on its way it tells so, as often as it likes: a driver that says nothing for long
    is killed.
    """

    def scanner(self, state: Path | None) -> Scanner: ...


class _Mouth:
    """Writes answers to the host, from any thread, one whole line at a time."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._progress_at = 0.0

    def say(self, answer: Answer) -> None:
        line = wire.write_answer(answer)
        with self._lock:
            self._stream.write(line)
            self._stream.flush()

    def progress(self, progress: Progress) -> None:
        """Pass on how a page comes along, now and then."""
        now = time.monotonic()
        if now - self._progress_at >= _PROGRESS_EVERY_SECONDS:
            self._progress_at = now
            self.say(progress)


def _loaded(request: Request) -> DriverModule:
    """Load the driver; back ends come later. Raises ``NoSuchThing``."""
    if request.driver not in DRIVERS:
        raise NoSuchThing(f"driver {request.driver}")
    return cast(DriverModule, importlib.import_module(f"drivers.{request.driver}"))


def answers(
    module: DriverModule,
    request: Request,
    stop: threading.Event,
    told: Callable[[Progress], None],
) -> Generator[Answer, None, None]:
    """Do what ``request`` asks of a driver. Raises rows of the error table."""
    scanner = module.scanner(request.state)
    match request.verb:
        case Verb.READY:
            yield Done()
        case Verb.DEVICES:
            yield Found(tuple(scanner.devices()))
        case Verb.CAPABILITIES:
            yield scanner.capabilities(request.device)
        case Verb.SCAN:
            if request.profile is None or request.into is None:
                raise NoSuchThing("profile")
            yield from scanner.scan(request.profile, request.into, stop, told)
            yield Done()


def _listen(stdin: BinaryIO, stop: threading.Event) -> None:
    """Wait for ``cancel``; leave at once when the host is gone."""
    for line in iter(stdin.readline, b""):
        if line == wire.CANCEL:
            stop.set()
    os._exit(143)


def main() -> None:
    """Serve one request."""
    die_with_parent()
    mouth = _Mouth(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)
    stdin = os.fdopen(os.dup(0), "rb")
    request = wire.read_request(stdin.readline(wire.MAX_REQUEST_BYTES))
    stop = threading.Event()
    try:
        module = _loaded(request)
        confine(rights.of(request))
        threading.Thread(target=_listen, args=(stdin, stop), daemon=True).start()
        with contextlib.closing(answers(module, request, stop, mouth.progress)) as found:
            for answer in found:
                mouth.say(answer)
    except DigitizerError as error:
        mouth.say(Failed(error.code, error.detail))
    except OSError as error:
        known = from_os(error)
        mouth.say(Failed(known.code, known.detail))
    sys.stderr.flush()
    os._exit(0)  # back ends' own clean-up at exit may hang or crash; everything is said


if __name__ == "__main__":
    main()
