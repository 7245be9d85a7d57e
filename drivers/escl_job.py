"""One scan on an eSCL scanner: begin a job, fetch page after page, find out how it ended, tidy up.

Used by ``drivers.escl``. Tolerant as real devices need it: they say 503 while a page is coming,
call a full feeder empty and an empty one loaded, put another host into ``Location``, and keep a
jam in their status for a while. So a page that comes outweighs what a status says.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from digitizer.errors import (
    CoverOpen,
    DoubleFeed,
    FeederEmpty,
    FeederJam,
    ProfileUnsupported,
    ScanCancelled,
    ScannerBusy,
    ScannerDenied,
    ScannerError,
    ScannerLost,
    ScannerStrange,
)
from digitizer.scanning import Progress, ScannedPage, Source
from drivers import escl_pages, escl_xml
from drivers.escl_http import Line
from drivers.escl_pages import Wanted
from drivers.escl_xml import Feeder, NotEscl, Status, Wish

log = logging.getLogger(__name__)

_JOB_TRIES = 8
_PAGE_TRIES = 30
"""So often 503 is taken for "the page is coming" (as sane-airscan does)."""
_FIRST_WAIT_SECONDS, _GROWTH, _LONGEST_WAIT_SECONDS = 0.1, 1.3, 2.0
_LOOK_EVERY = 3
_PAPER_SECONDS = 1.0
_UNSURE_LOOKS = 5
_TIDY_SECONDS = 3.0
_TIDY_SECONDS_STOPPED = 0.7
_POST_GRACE_SECONDS = 0.5
_TROUBLES: dict[Feeder, type[ScannerError]] = {
    Feeder.JAM: FeederJam,
    Feeder.COVER: CoverOpen,
    Feeder.DOUBLE: DoubleFeed,
}
_NOT_NOW, _OVER = (409, 503), (404, 410)


class Order(Struct, frozen=True):
    """What to scan, and where to. ``pages``: at most so many; None until the feeder is empty."""

    device: str
    wish: Wish
    wanted: Wanted
    first: int
    pages: int | None
    wait: bool


class Scan:
    """Carries out one order on an open line.

    Args:
        line: To the device.
        order: What to do.
        stop: Ends it within a second, with ``ScanCancelled``.
        told: Hears of progress.
    """

    def __init__(
        self,
        line: Line,
        order: Order,
        stop: threading.Event,
        told: Callable[[Progress], None],
    ) -> None:
        self._line = line
        self._order = order
        self._stop = stop
        self._told = told
        self._root = line.address.path
        self._feeder = order.wish.source is not Source.FLATBED
        self._seq = order.first - 1
        self._unhurried = threading.Event()
        self._unhurried.set()

    def pages(self) -> Generator[ScannedPage, None, None]:
        """Yield the pages; see ``Scanner.scan``."""
        with self._interrupted_by_stop():
            try:
                while True:
                    try:
                        yield from self._job()
                        return
                    except FeederEmpty:
                        if not self._order.wait:
                            raise
                    self._wait_for_paper()
            except ScannerError as error:
                if self._stop.is_set():
                    raise ScanCancelled(self._order.device) from error
                raise

    def _job(self) -> Generator[ScannedPage, None, None]:
        order = self._order
        given = 0
        path = self._begin()
        try:
            while True:
                landed: list[Path] = []
                with contextlib.closing(self._next(path, landed)) as files:
                    for file in files:
                        self._seq += 1
                        given += 1
                        yield ScannedPage(self._seq, file, source=order.wish.source)
                        if order.pages is not None and given >= order.pages:
                            return
                if not self._feeder and given:
                    return
                if not landed:
                    break
            self._judge(self._status(path), given)
        finally:
            self._tidy(path)

    def _begin(self) -> str:
        """Begin a job and return its path on the device."""
        settings = escl_xml.write_settings(self._order.wish)
        refusals = 0
        while True:
            self._alive()
            self._unhurried.clear()
            try:
                answer = self._line.post(f"{self._root}/ScanJobs", settings)
            finally:
                self._unhurried.set()
            if answer.status in (200, 201):
                return self._job_path(answer.headers.get("location", ""))
            if answer.status not in _NOT_NOW:
                raise _refusal(answer.status)(f"{self._order.device}: HTTP {answer.status}")
            refusals += 1
            status = self._status()
            if answer.status == 409 and self._feeder and refusals > 2 and not status.busy:
                self._judge(status, 0)
            if refusals >= _JOB_TRIES:
                if self._order.wait and self._feeder and status.feeder is Feeder.EMPTY:
                    raise FeederEmpty(self._order.device)  # some refuse so; it is waited for
                raise ScannerBusy(self._order.device)
            self._pause(refusals, answer.headers.get("retry-after", ""))

    def _job_path(self, location: str) -> str:
        """Return the path in ``Location``; its host is often one that nobody can reach."""
        try:
            path = urlsplit(location.strip()).path.rstrip("/")
        except ValueError:
            path = ""
        if path and not path.startswith("/"):
            path = f"{self._root}/{path.removeprefix('./')}"
        if not path or ".." in path or not path.isascii():
            raise ScannerStrange(f"{self._order.device}: no job in its answer")
        return path

    def _next(self, path: str, landed: list[Path]) -> Generator[Path, None, None]:
        """Yield (and note in ``landed``) the pages of the next answer; none at the end."""
        seq = self._seq + 1
        for attempt in range(1, _PAGE_TRIES + 1):
            self._alive()
            with self._line.stream("GET", f"{path}/NextDocument") as answer:
                if answer.status == 200:
                    for file in escl_pages.land(answer, self._order.wanted, seq, self._told):
                        landed.append(file)
                        yield file
                    if not landed:
                        raise ScannerStrange("an answer without pages")
                    return
                code, retry_after = answer.status, answer.headers.get("retry-after", "")
                for _ in answer.chunks:
                    pass  # so that the connection can be used again
            if code in _OVER:
                return
            if code not in _NOT_NOW and attempt >= _LOOK_EVERY:
                raise ScannerLost(f"{self._order.device}: HTTP {code}")
            if code != 503 or attempt % _LOOK_EVERY == 0:
                status = self._status(path)
                if status.feeder in _TROUBLES and (code != 503 or not status.busy):
                    raise self._trouble(status)
                if code == 409 and not status.busy:
                    return
            self._pause(attempt, retry_after)
        row = ScannerLost if self._seq >= self._order.first else ScannerBusy
        raise row(f"{self._order.device}: still busy after {_PAGE_TRIES} times asking")

    def _judge(self, status: Status, given: int) -> None:
        """Raise what went wrong, if anything did, in a job that gives no more pages."""
        if self._stop.is_set():
            raise ScanCancelled(self._order.device)
        if status.feeder in _TROUBLES and self._feeder:
            raise self._trouble(status)
        if not given:
            if self._feeder:
                raise FeederEmpty(self._order.device)
            raise ScannerLost(f"{self._order.device}: no page")
        if status.job.startswith("cancel"):
            raise ScanCancelled(f"{self._order.device}: at the device")
        if status.job == "aborted":
            raise ScannerLost(f"{self._order.device}: gave the job up")

    def _trouble(self, status: Status) -> ScannerError:
        return _TROUBLES[status.feeder](self._order.device)

    def _status(self, job_path: str = "") -> Status:
        """Return what the device says; nothing, where it says nothing sensible."""
        answer = self._line.get(f"{self._root}/ScannerStatus")
        if answer.status != 200:
            return Status()
        try:
            return escl_xml.read_status(answer.content, job_path)
        except NotEscl as error:
            log.info("%s: status: %s", self._order.device, error)
            return Status()

    def _wait_for_paper(self) -> None:
        """Return when there may be paper: when the device says so, or now and then whatever it
        says, for some call a full feeder empty; the job then shows."""
        looks = 0
        while True:
            self._told(Progress(self._seq + 1, waiting=True))
            if self._stop.wait(_PAPER_SECONDS):
                raise ScanCancelled(self._order.device)
            looks += 1
            if self._status().feeder is Feeder.LOADED or looks >= _UNSURE_LOOKS:
                return

    def _pause(self, attempt: int, retry_after: str) -> None:
        """Wait longer each time, or as long as the device asks, within reason."""
        seconds = _FIRST_WAIT_SECONDS * _GROWTH**attempt
        if retry_after.isascii() and retry_after.isdecimal():
            seconds = max(seconds, float(retry_after[:4]))
        if self._stop.wait(min(seconds, _LONGEST_WAIT_SECONDS)):
            raise ScanCancelled(self._order.device)

    def _alive(self) -> None:
        if self._stop.is_set():
            raise ScanCancelled(self._order.device)
        self._told(Progress(self._seq + 1))

    def _tidy(self, path: str) -> None:
        """Let the device forget the job, whatever ended it; it must not feed on."""
        hurry = _TIDY_SECONDS_STOPPED if self._stop.is_set() else _TIDY_SECONDS
        try:
            with Line(self._line.address, self._line.pin, hurry) as line:
                line.delete(path)
        except ScannerError as error:
            log.info("%s: job not deleted: %s", self._order.device, error)

    @contextlib.contextmanager
    def _interrupted_by_stop(self) -> Generator[None, None, None]:
        """Shut the line down from beside once ``stop`` is set.

        A job that is just being begun is given a moment: else nobody could delete it.
        """
        over = threading.Event()

        def watch() -> None:
            while not over.is_set():
                if self._stop.wait(0.1):
                    self._unhurried.wait(_POST_GRACE_SECONDS)
                    self._line.interrupt()
                    return

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()


def _refusal(code: int) -> type[ScannerError]:
    if code in (401, 403):
        return ScannerDenied
    if code >= 500:
        return ScannerStrange
    return ProfileUnsupported
