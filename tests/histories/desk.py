"""The desk's side of a history: one home, what its clerk does, and the hands that stand in for
the programs which read pages and make bundles."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from digitizer.app import App, Sends
from digitizer.errors import DigitizerError
from digitizer.model import Bundle, Dossier, Page, Paper, Reading, Words
from digitizer.plan import LOCAL, SYNC, WorkKind, of_ocr_subject
from digitizer.policy import FREE
from digitizer.scanning import Profile
from digitizer.servers import Server
from digitizer.storage import bundles
from digitizer.work.lane import Lane
from digitizer.work.queue import Claim, Parked, troubles
from tests.crash.nursery import Stack
from tests.histories.province import Province

_MOMENTS = {
    "dossier": ("opened_at", "finished_at"),
    "batch": ("started_at", "ended_at"),
    "page": ("saved_at",),
    "bundle": ("made_at",),
    "receipt": ("at",),
    "edit": ("at", "undone_at"),
    "work": ("not_before",),
}
"""Every moment that the store keeps and compares."""


class Desk:
    """An open home. ``close`` it, or leave it as a kill would (``die``)."""

    def __init__(self, home: Path, sends: Sends) -> None:
        self.home = home
        self._sends = sends
        self._pages = 0
        self._never = threading.Event()
        self.open()

    def open(self) -> None:
        """Open the home as the next start does."""
        self.app = App(self.home, "history", sends=self._sends, policy=FREE)

    def close(self) -> None:
        """Close it in order."""
        self.app.close()

    def die(self) -> None:
        """Go on with the disk as a kill at this moment leaves it."""
        left = self.home.with_name("left")
        shutil.copytree(self.home, left)
        self.close()
        shutil.rmtree(self.home)
        left.rename(self.home)
        self.open()

    def restart(self) -> None:
        """Close and open it: what was looked at the server is looked at anew on the way down."""
        self.close()
        self.open()

    # --- facts ---

    def dossiers(self) -> list[Dossier]:
        """Return every dossier with all that is in it, oldest first."""
        heads = sorted(self.app.dossiers.heads(), key=lambda one: (one.opened_at, one.name))
        return [self.app.dossiers.get(head.id) for head in heads]

    def papers(self) -> Iterator[tuple[Dossier, Paper]]:
        """Yield every paper with its dossier."""
        for dossier in self.dossiers():
            for paper in dossier.papers:
                yield dossier, paper

    def troubles(self) -> list[Parked]:
        """Return the uploads that failed and are not done."""
        return [found for found in troubles(self.app.store) if found.kind in SYNC]

    # --- the clerk ---

    def scan(self, paper_id: str, count: int, stack: str | None = None) -> None:
        """Scan fresh pages into a paper by the real capture."""
        folder = self.home.with_name("glass")
        folder.mkdir(exist_ok=True)
        images = []
        for _ in range(count):
            self._pages += 1
            images.append(folder / f"{self._pages}.jpg")
            images[-1].write_bytes(f"page {self._pages} of {time.time_ns()}".encode())
        self.app.capture.run(
            Stack(images), Profile("stack"), paper_id, self._never, lambda _: None, stack=stack
        )
        self.app.settle()

    # --- the programs ---

    def work(self, most: int = 1000) -> None:
        """Read, OCR and bundle, as far as so many pieces of work go."""
        for _ in range(most):
            self.app.settle()
            claim = self.app.work.claim(LOCAL)
            if claim is None:
                return
            self._do(claim)
            self.app.work.done(claim)

    def _do(self, claim: Claim) -> None:
        if claim.kind is WorkKind.READ:
            reading = Reading(1654, 2339, 200.0, 200.0, False, 0.05, 0, 0.0)
            self.app.dossiers.note_reading(claim.subject, reading, _no_words())
        elif claim.kind is WorkKind.OCR:
            sha256, turn, box = of_ocr_subject(claim.subject)
            self.app.dossiers.note_words(sha256, turn, box, _no_words())
        else:
            self._bundle(claim)

    def _bundle(self, claim: Claim) -> None:
        paper = self.app.dossiers.get(claim.dossier_id).paper_by_id(claim.subject)
        assert paper is not None
        out = self.app.home.work / "bundle.pdf"
        size = 40 + int(claim.version[:3], 16)
        out.write_bytes(b"%PDF-1.7 " + hashlib.shake_256(claim.version.encode()).digest(size))
        blob = self.app.vault.keep(out)
        out.unlink()
        made = Bundle(
            claim.version, blob.sha256, len(paper.live_pages), blob.bytes, datetime.now(UTC)
        )
        with self.app.store.transaction() as tx:
            bundles.put_bundle(tx, paper.id, made)
        self.app.events.publish(claim.dossier_id)

    # --- the line ---

    def sync(self, *, down: bool, meanwhile: Callable[[], None] = lambda: None) -> None:
        """One round of what ``digitizer sync`` does, while something else is done."""
        if down:
            with contextlib.suppress(DigitizerError):  # the lane meets it too
                self.app.syncing.down(self._never)
        self.app.settle()
        app = self.app
        lane = Lane(
            "sync",
            SYNC,
            app.syncing.run,
            app.work,
            app.planner,
            finished_only=self._sends is Sends.FINISHED,
            changed=app.events.publish_progress,
        )
        lane.start()
        meanwhile()
        lane.until_idle(self._never, one_round=True)
        lane.stop()
        app.settle()

    def jump(self, seconds: int) -> None:
        """Let the clock be put forward, or back (negative)."""
        with self.app.store.transaction() as tx:
            for table, columns in _MOMENTS.items():
                for column in columns:
                    tx.execute(
                        f"UPDATE {table} SET {column} = strftime('%Y-%m-%dT%H:%M:%f', {column}, ?) "  # noqa: S608
                        f"|| '000+00:00' WHERE {column} <> ''",
                        (f"{-seconds} seconds",),
                    )


def _no_words() -> Words:
    return Words("", "", 0, 0.0, failed="program-crashed")


def sendable(dossier: Dossier, paper: Paper, sends: Sends) -> bool:
    """Tell whether a paper may go to the server as the facts are, by the rules alone (the plan is
    not asked)."""
    finished = dossier.finished_at is not None or sends is Sends.READY
    return (
        dossier.code is not None
        and finished
        and bool(paper.live_pages)
        and not any(page.held for page in paper.live_pages)
    )


def live(pages: Sequence[Page]) -> list[Page]:
    """Return the pages that count."""
    return [page for page in pages if not page.deleted]


def template(folder: Path, province: Province) -> Path:
    """Make a home that knows the server and its dossiers, to copy."""
    home = folder / "template"
    where = province.address
    with App(home, "history", policy=FREE) as app:
        app.servers.set(Server("opencps", where.url, where.group, where.user), where.password)
        app.server_changed()
        app.syncing.down(threading.Event())
        app.settle()
    return home
