"""A home, a watched folder, and a scanner that takes files apart without a program."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digitizer.app import App
from digitizer.arrivals import Held, Place
from digitizer.capture import SavedPage
from digitizer.errors import FileUnreadable, ScanCancelled, ScannerNotFound
from digitizer.model import Paper
from digitizer.rules import Gather, Rule
from digitizer.scanning import Capabilities, Device, Profile, Progress, ScannedPage, unheard
from digitizer.watching import WatchEnd, Watcher
from drivers.landing import land_bytes
from drivers.watching import FolderLookout

CODE = "000.00.20.H02-261122-0001"
QUIET = 0.1


@dataclass
class Files:
    """Takes files apart at their bars, as the folder driver does with pages.

    A file that begins with ``bad`` is refused at the end; ``ends`` raises an error (or a kill)
    before the page with these bytes, once.
    """

    ends: dict[bytes, BaseException] = field(default_factory=dict)
    scans: list[list[str]] = field(default_factory=list)

    def devices(self) -> list[Device]:
        return []

    def capabilities(self, device: str) -> Capabilities:
        raise ScannerNotFound(device)

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        self.scans.append([file.name for file in profile.files])
        seq = 0
        bad: list[str] = []
        for file in profile.files:
            if stop.is_set():
                raise ScanCancelled(file.name)
            pages = file.read_bytes().split(b"|")
            if pages[0].startswith(b"bad"):
                bad.append(file.name)
                continue
            for number, page in enumerate(pages, start=1):
                if page in self.ends:
                    raise self.ends.pop(page)
                seq += 1
                landed = land_bytes(into, seq, ".jpg", page)
                yield ScannedPage(seq, landed, file, number == len(pages))
        if bad:
            raise FileUnreadable(", ".join(bad))


class Killed(BaseException):
    """What nothing catches: the process ends here."""


@dataclass
class Desk:
    """A home, a watched folder, and what a watch of it told."""

    app: App
    hot: Path
    files: Files = field(default_factory=Files)
    saved: list[SavedPage] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)

    def watcher(self, *rules: Rule, patience: float = 0.5) -> Watcher:
        def lookout(place: Place, wake: threading.Event) -> FolderLookout:
            return FolderLookout(
                place,
                wake,
                quiet_seconds=QUIET,
                patience_seconds=patience,
                rescan_seconds=0.2,
            )

        return Watcher(
            self.app, rules, self.files, lookout, saved=self.saved.append, held=self.held.append
        )

    def has_saved_more_than(self, pages: int) -> bool:
        return len(self.saved) > pages

    def once(self, *rules: Rule) -> WatchEnd:
        return self.watcher(*rules).run(threading.Event(), once=True)

    def rule(self, gather: Gather = Gather.PAGES, **more: Any) -> Rule:
        return Rule(self.hot, CODE, gather=gather, quiet_seconds=0.3, **more)

    def drop(self, name: str, content: str) -> Path:
        file = self.hot / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_bytes(content.encode())
        return file

    def papers(self) -> list[Paper]:
        """Papers of the dossier that hold pages, in their order."""
        return [paper for paper in self.app.dossiers.find(CODE).papers if paper.pages]

    def text(self, paper: Paper) -> str:
        """A paper's pages as the files told them."""
        return "|".join(self.app.vault.path(page.sha256).read_text() for page in paper.pages)

    def texts(self) -> dict[str, str]:
        """Title and pages of every paper."""
        return {paper.title: self.text(paper) for paper in self.papers()}

    def lying(self) -> list[str]:
        """Files below the hot folder, by their relative names."""
        found = (file for file in self.hot.rglob("*") if file.is_file())
        return sorted(file.relative_to(self.hot).as_posix() for file in found)


def until(wanted: Callable[[], object], timeout: float = 8.0) -> None:
    """Wait until ``wanted``."""
    deadline = time.monotonic() + timeout
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.02)  # looks from outside, as a clerk does: nothing tells a test
