"""The Scanner that the core sees: every driver, each call in a child process of its own.

Called by the composition roots. Back ends of scanners crash, hang and print; none of that reaches
this process: a crash is ``ScannerCrashed``, a hang is ``ScannerLost`` after a silence limit, noise
is ignored. Knows nothing of any driver but its name.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from digitizer import programs
from digitizer.errors import (
    DigitizerError,
    ScanCancelled,
    ScannerCrashed,
    ScannerError,
    ScannerLost,
    Stopped,
    from_code,
)
from digitizer.scanning import (
    Capabilities,
    Device,
    Profile,
    Progress,
    ScannedPage,
    Scanner,
    unheard,
)
from drivers import wire
from drivers.landing import page_name
from drivers.patience import Patience
from drivers.wire import Answer, Done, Failed, Found, Nonsense, Request, Verb
from drivers.worker import DRIVERS

log = logging.getLogger(__name__)

_POLL_SECONDS, _GRACE_SECONDS = 0.05, 1.0
_QUERY_SECONDS = 45.0
_CHATTER_LINES = 10_000  # between two pages, and besides:
_CHATTER_LINES_A_SECOND = 10.0  # twice what a worker says of a page, for as long as it waits
_STDERR_KEPT = 2000
_DEFAULT_DRIVER = "sane"


def scanner_for(device_id: str, state: Path | None = None) -> tuple[Scanner, str]:
    """Return the scanner that ``device_id`` belongs to, and its name for that scanner.

    ``escl:…``, ``sane:…`` and ``folder:…`` go to the driver they name; any other id is a SANE
    device's own name (``test:0``, ``airscan:e0:Office``). ``state`` is a folder where drivers may
    keep what they learn about devices.
    """
    driver, colon, name = device_id.partition(":")
    if colon and driver in DRIVERS:
        return HostedScanner(driver, state=state), name
    return HostedScanner(_DEFAULT_DRIVER, state=state), device_id


def all_devices(
    state: Path | None = None, stop: threading.Event | None = None
) -> list[Capabilities]:
    """Return what every driver finds and what it can do.

    A device that cannot be opened now is listed with empty tuples; a driver that cannot run on
    this machine is left out (``trouble`` says why). The drivers look around at the same time.

    Raises:
        Stopped: ``stop`` was set from another thread; all is over within two seconds.
    """
    halt = stop or threading.Event()
    with ThreadPoolExecutor(len(DRIVERS)) as pool:
        looks = [pool.submit(_devices, driver, state, halt) for driver in DRIVERS]
        found = [one for look in looks for one in look.result()]
    if halt.is_set():
        raise Stopped
    return found


def _devices(driver: str, state: Path | None, stop: threading.Event) -> list[Capabilities]:
    scanner = HostedScanner(driver, state=state, stop=stop)
    try:
        devices = scanner.devices()
    except DigitizerError as error:
        log.info("driver %s: %s", driver, error)
        return []
    found = []
    for device in devices:
        if stop.is_set():
            break
        try:
            found.append(replace(scanner.capabilities(device.id), device=device))
        except DigitizerError as error:
            log.warning("device %s: %s", device.id, error)
            found.append(Capabilities(device, (), (), ()))
    return found


def trouble(driver: str) -> DigitizerError | None:
    """Say why ``driver`` (one of ``DRIVERS``) cannot run on this machine, or None if it can."""
    try:
        _query(Request(Verb.READY, driver), (), threading.Event())
    except DigitizerError as error:
        return error
    return None


def troubles() -> dict[str, DigitizerError | None]:
    """Return ``trouble`` of each driver that a machine may lack; Windows never has SANE."""
    return {} if os.name == "nt" else {"sane": trouble("sane")}


class HostedScanner:
    """A Scanner whose driver runs in a child process, one child a call.

    Args:
        driver: One of ``DRIVERS``.
        silence_seconds: A worker that says nothing for so long is killed; by default as long
            as the device's own speed calls for (``drivers.patience``).
        state: A folder where the driver may keep what it learns about devices.
        command: Another program that speaks ``drivers.wire``, in place of ``drivers.worker``.
        stop: Set from another thread to end a question to the driver; a scan has its own.
    """

    def __init__(
        self,
        driver: str,
        *,
        silence_seconds: float | None = None,
        state: Path | None = None,
        command: Sequence[str] = (),
        stop: threading.Event | None = None,
    ) -> None:
        self._driver = driver
        self._stop = stop or threading.Event()
        self._silence = silence_seconds
        self._state = state
        self._command = command

    def devices(self) -> list[Device]:
        """Return what is connected now. Raises ``ToolMissing``, ``ScannerCrashed`` …"""
        match _query(self._request(Verb.DEVICES), self._command, self._stop):
            case Found(devices):
                return list(devices)
        raise ScannerCrashed(f"{self._driver}: unexpected answer")

    def capabilities(self, device: str) -> Capabilities:
        """Return what ``device`` can do. Raises ``ScannerNotFound``, ``ScannerBusy`` …"""
        match _query(self._request(Verb.CAPABILITIES, device), self._command, self._stop):
            case Capabilities() as capabilities:
                return capabilities
        raise ScannerCrashed(f"{self._driver}: unexpected answer")

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        """Yield pages as they land in ``into``, then return or raise; see ``Scanner.scan``.

        The child starts at the first ``next``. Once ``stop`` is set the scan is over within two
        seconds, whatever the back end does. Closing the generator early ends the child as well.
        """
        request = replace(self._request(Verb.SCAN, profile.device), profile=profile, into=into)
        patience = Patience(profile.pace, self._silence)
        landed, landed_at = profile.first - 1, time.monotonic()
        with _Worker(request, self._command) as worker:
            ending: DigitizerError | None = None
            try:
                for answer in worker.answers(patience, stop):
                    if isinstance(answer, ScannedPage):
                        if answer.seq != landed + 1:
                            raise Nonsense("page order")
                        landed = answer.seq
                        patience.page(time.monotonic() - landed_at)
                        yield answer
                        landed_at = time.monotonic()
                    elif isinstance(answer, Progress):
                        told(answer)
                    elif isinstance(answer, Found | Capabilities):
                        raise Nonsense("answer")
            except Nonsense as error:
                worker.kill()
                ending = ScannerCrashed(f"{self._driver}: {error}")
            except DigitizerError as error:
                ending = error
            if ending is None:
                return
            while (page := _unreported(into, landed + 1)) is not None:
                landed = page.seq
                yield page
            if stop.is_set() and isinstance(ending, ScannerError):
                raise ScanCancelled(profile.device) from None
            raise ending

    def _request(self, verb: Verb, device: str = "") -> Request:
        return Request(verb, self._driver, device, state=self._state)


def _unreported(into: Path, seq: int) -> ScannedPage | None:
    """Find a page that landed whole just before its worker died without a word."""
    part = page_name(seq, ".part")
    for file in sorted(into.glob(page_name(seq, ".*"))):
        if file.name != part and file.is_file() and not file.is_symlink():
            return ScannedPage(seq, file)
    return None


def _query(request: Request, command: Sequence[str], stop: threading.Event) -> Answer:
    """Return a worker's one answer to a request that is not a scan."""
    answer: Answer = Done()
    with _Worker(request, command) as worker:
        try:
            for told in worker.answers(Patience(fixed=_QUERY_SECONDS), stop):
                answer = told
                if not isinstance(told, Progress):
                    break
        except Nonsense as error:
            raise ScannerCrashed(f"{request.driver}: {error}") from error
    return answer


class _Worker:
    """One child and the thread that reads it.

    That thread also starts the child: the kernel's parent-death signal is tied to the *thread*
    that forked, so the caller may come from any thread and hand the generator to another.
    """

    def __init__(self, request: Request, command: Sequence[str]) -> None:
        self._request = request
        self._command = list(command) or programs.module_command("drivers.worker")
        self._lines: queue.Queue[bytes | None] = queue.Queue(maxsize=64)
        self._process: programs.Child | None = None
        self._unstarted: OSError | None = None
        self._started = threading.Event()
        self._killed = False
        self._noise = b""
        self._reader = threading.Thread(target=self._read, name="scanner worker", daemon=True)

    def __enter__(self) -> Self:
        self._reader.start()
        self._started.wait()
        if self._unstarted is not None:
            raise ScannerCrashed(f"not started: {self._unstarted.strerror}") from self._unstarted
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the child: let it close its device, then kill what is left of it."""
        process = self._running()
        if process.poll() is None and not self._killed:
            self._cancel()
            self._drain(time.monotonic() + _GRACE_SECONDS)
        self.kill()
        self._drain(time.monotonic() + _GRACE_SECONDS)

    def answers(self, patience: Patience, stop: threading.Event) -> Iterator[Answer]:
        """Yield what the worker says until it is done.

        Raises:
            Nonsense: it broke the protocol.
            ScannerLost: it said nothing for longer than ``patience`` has.
            ScannerCrashed: it ended without saying how.
            DigitizerError: the row it reported.
        """
        heard_at = time.monotonic()
        kill_at: float | None = None
        ending: ScannerError | None = None
        chatter, page_at = 0, heard_at
        while True:
            now = time.monotonic()
            if ending is not None:
                if now - heard_at >= _GRACE_SECONDS:
                    raise ending
            elif kill_at is not None and now >= kill_at:
                ending = ScanCancelled(self._request.device)
            elif now - heard_at >= patience.seconds:
                silent = f"no answer for {patience.seconds:.0f} s"
                ending = ScannerLost(f"{self._request.device}: {silent}")
            elif kill_at is None and stop.is_set():
                self._cancel()
                kill_at = now + (_GRACE_SECONDS if self._request.device else 0)  # one to close
            if ending is not None and not self._killed:
                log.warning("worker for %s had to be killed: %s", self._request.device, ending.code)
                self.kill()  # then read on: what it said before counts
                heard_at = now
            try:
                line = self._lines.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            if line is None:
                raise self._crash() if ending is None else ending
            if ending is None:
                heard_at = now
            answer = wire.read_answer(line, self._request.into)
            chatter += 1
            if isinstance(answer, ScannedPage):
                chatter, page_at = 0, time.monotonic()
            if chatter > _CHATTER_LINES + _CHATTER_LINES_A_SECOND * (time.monotonic() - page_at):
                raise Nonsense("chatter")
            match answer:
                case Done():
                    return
                case Failed(code, detail):
                    raise from_code(code, detail)
            yield answer
            if ending is None:
                heard_at = time.monotonic()  # the caller may have taken its time

    def kill(self) -> None:
        """Kill the child and everything it started."""
        self._killed = True
        programs.kill_tree(self._running())

    def _running(self) -> programs.Child:
        if self._process is None:
            raise RuntimeError("the worker was not started")
        return self._process

    def _cancel(self) -> None:
        stdin = self._running().stdin
        if stdin is not None:
            with contextlib.suppress(OSError, ValueError):  # it ended; its reader closed the pipe
                stdin.write(wire.CANCEL)
                stdin.flush()

    def _crash(self) -> ScannerCrashed:
        code = self._running().wait()
        reason = f"exit {code}" if code >= 0 else _signal_name(-code)
        name = self._request.device or self._request.driver
        log.error(
            "worker for %s ended: %s: %s", name, reason, self._noise.decode("utf-8", "replace")
        )
        return ScannerCrashed(f"{name}: {reason}")

    def _drain(self, until: float) -> None:
        """Empty the queue so that the reader can end; give up at ``until``."""
        while self._reader.is_alive() and time.monotonic() < until:
            with contextlib.suppress(queue.Empty):
                self._lines.get(timeout=_POLL_SECONDS)

    def _read(self) -> None:
        try:
            process = programs.start(self._command, stdin=subprocess.PIPE)
        except OSError as error:
            self._unstarted = error
            self._started.set()
            return
        self._process = process
        self._started.set()
        listener = threading.Thread(target=self._hear_noise, args=(process,), daemon=True)
        listener.start()
        with contextlib.suppress(OSError):
            if process.stdin is not None:
                process.stdin.write(wire.write_request(self._request))
                process.stdin.flush()
        if process.stdout is not None:
            while line := process.stdout.readline(wire.MAX_ANSWER_BYTES):
                self._lines.put(line)
        process.wait()
        listener.join(_GRACE_SECONDS)
        self._lines.put(None)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _hear_noise(self, process: programs.Child) -> None:
        if process.stderr is not None:
            with process.stderr as stderr:
                while noise := os.read(stderr.fileno(), 4096):
                    self._noise = (self._noise + noise)[-_STDERR_KEPT:]


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
