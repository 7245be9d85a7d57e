"""The state of the virtual scanner: its paper, its one job, its faults and its oddities.

Used by ``drivers.virtual``, from several threads. Knows no HTTP beyond the codes of its answers.
"""

from __future__ import annotations

import itertools
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from msgspec import Struct

from digitizer.errors import FolderUnreadable
from drivers import virtual_stack
from drivers.virtual_xml import Settings, job_info

_LOADED, _EMPTY, _JAMMED = "ScannerAdfLoaded", "ScannerAdfEmpty", "ScannerAdfJam"
_JAMS = ".jam"
"""A sheet whose image is named ``….jam.jpg`` always gets stuck in the feeder."""


class Faults(Struct, frozen=True):
    """What goes wrong, in every scan job anew. Counts are pages (or answers); None never.

    Attributes:
        jam: Paper jams after so many pages.
        cover: The cover is opened after so many pages.
        double: Two sheets are fed at once after so many pages.
        empty: The feeder holds nothing.
        busy: So many times "503, come back later" before the first page.
        cut: The connection is cut in the middle of this page.
        slow: Seconds each page takes.
        gone: The scanner stops answering anything after so many pages.
    """

    jam: int | None = None
    cover: int | None = None
    double: int | None = None
    empty: bool = False
    busy: int = 0
    cut: int | None = None
    slow: float = 0.0
    gone: int | None = None


class Quirks(Struct, frozen=True):
    """How odd this device is: what real ones do that is allowed, or nearly.

    Attributes:
        adf_state: What its status says of the feeder before a job, whatever is true.
        refusals: So many times "503" to a new job.
        location: What stands before the job's path in ``Location``: ``http://elsewhere:1``.
        sides: So many pages in one multipart answer; 0 sends them one by one.
        chunked: Never tells the length of a page.
        prefix: In place of ``scan:`` in its XML.
        content: Sent in place of each page.
        moved: Where it redirects whoever asks for its capabilities.
        uuid: Its own.
        job_state: What its status says of a job that gave all its pages.
        heard: Called with the method and the path of every request, before it is answered.
        tls: Certificate and key; HTTPS then.
    """

    adf_state: str = ""
    refusals: int = 0
    location: str = ""
    sides: int = 0
    chunked: bool = False
    prefix: str = "scan"
    content: bytes = b""
    moved: str = ""
    uuid: str = ""
    job_state: str = ""
    heard: Callable[[str], None] | None = None
    tls: ssl.SSLContext | None = None


SOUND, PLAIN = Faults(), Quirks()


def parse_faults(names: Sequence[str]) -> Faults:
    """Read faults as the command line names them: ``jam:2``, ``empty``, ``slow:0.5`` …

    Raises:
        ValueError: with the names there are.
    """
    found: dict[str, Any] = {}
    for text in names:
        name, colon, number = text.partition(":")
        if name == "empty" and not colon:
            found[name] = True
        elif name == "slow" and re.fullmatch(r"[0-9]+(\.[0-9]+)?", number):
            found[name] = float(number)
        elif name in ("jam", "cover", "double", "busy", "cut", "gone") and re.fullmatch(
            r"[0-9]+", number
        ):
            found[name] = int(number)
        else:
            there = "jam:N cover:N double:N empty busy:N cut:N slow:SECONDS gone:N"
            raise ValueError(f"no fault {text!r}; there are {there}")
    return Faults(**found)


@dataclass(slots=True)
class Job:
    settings: Settings
    pages: tuple[Path, ...]
    given: int = 0
    refusals: int = 0


@dataclass(slots=True)
class VirtualDevice:
    """The scanner's state, shared by the server's threads under ``lock``."""

    directory: Path
    faults: Faults
    quirks: Quirks
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    jobs: dict[int, Job] = field(default_factory=dict)
    on_glass: int = 0
    gone: bool = False
    adf_state: str = "ScannerAdfLoaded"
    refusals: int = 0
    fed: tuple[Path, ...] = ()
    last: int = 0

    def last_job(self) -> str:
        """Return the last job's path and state, as the status tells them, or nothing."""
        with self.lock:
            state = "Processing" if self.last in self.jobs else "Completed"
            state = self.quirks.job_state or state
            return job_info(f"/eSCL/ScanJobs/{self.last}", state) if self.last else ""

    def feeder(self) -> str:
        """Return what the status says of the feeder."""
        with self.lock:
            if self.quirks.adf_state and not self.jobs and self.adf_state != _JAMMED:
                return self.quirks.adf_state
            if self.adf_state not in (_LOADED, _EMPTY):
                return self.adf_state
            there = self._images()
            empty = self.faults.empty or not there or there == self.fed
            return _EMPTY if empty else _LOADED

    def refuses(self) -> bool:
        """Tell whether a new job has to wait."""
        with self.lock:
            self.refusals += 1
            return self.refusals <= self.quirks.refusals

    def open_job(self, settings: Settings) -> int | None:
        """Return a new job's number, or None where there is nothing to scan."""
        with self.lock:
            there = self._images()
            pages = loaded = () if self.faults.empty else there
            if not settings.feeder:
                pages = there[self.on_glass : self.on_glass + 1]
                self.on_glass = (self.on_glass + 1) % max(1, len(there))
            self.adf_state = _LOADED if loaded else _EMPTY
            if not pages:
                return None
            number = next(self.numbers)
            self.jobs, self.last = {number: Job(settings, pages)}, number
            return number

    def _images(self) -> tuple[Path, ...]:
        """Return the images there are now."""
        try:
            return virtual_stack.images(self.directory)
        except FolderUnreadable:  # taken away while we run
            return ()

    def close_job(self, number: int) -> bool:
        """Forget a job; tell whether there was one."""
        with self.lock:
            return self.jobs.pop(number, None) is not None

    def next_page(self, job: Job) -> Path | HTTPStatus:
        """Return the next page's image, or the answer that says why there is none."""
        faults = self.faults
        with self.lock:
            if job.refusals < faults.busy:
                job.refusals += 1
                return HTTPStatus.SERVICE_UNAVAILABLE
            if job.given == faults.gone:
                self.gone = True
                return HTTPStatus.SERVICE_UNAVAILABLE
            if job.settings.feeder and job.given == faults.jam:
                self.adf_state = _JAMMED
                return HTTPStatus.CONFLICT
            if job.settings.feeder and job.given == faults.cover:
                self.adf_state = "ScannerAdfDoorOpen"
                return HTTPStatus.CONFLICT
            if job.settings.feeder and job.given == faults.double:
                self.adf_state = "ScannerAdfMultipickDetected"
                return HTTPStatus.CONFLICT
            if job.given == len(job.pages):
                self.adf_state, self.fed = _EMPTY, job.pages
                return HTTPStatus.NOT_FOUND
            page = job.pages[job.given]
            if job.settings.feeder and page.stem.endswith(_JAMS):
                self.adf_state = _JAMMED
                return HTTPStatus.CONFLICT
            job.given += 1
            return page
