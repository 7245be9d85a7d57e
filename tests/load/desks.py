"""Desks whose papers wait, and one process full of them."""

from __future__ import annotations

import logging
import os
import random
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

from digitizer.app import App, Sends
from digitizer.events import Changed
from digitizer.model import OTHER_PART, Bundle, Reading
from digitizer.policy import FREE
from digitizer.sandbox import seed
from digitizer.sandbox.server import Address
from digitizer.servers import Server
from digitizer.storage import bundles, changes

PROCEDURE = seed.PROCEDURES[0]
PARTS = tuple(part for part in PROCEDURE.parts if part.no != OTHER_PART)
"""A dossier's papers; so many fill one dossier."""
_FIRST_REF = 100_000
_PATIENCE_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Wish:
    """How the desks are: where each process has its homes, who the server is, how many papers wait
    at each, of how many bytes (least and most), and within how many seconds they start (0: at once,
    and by hand)."""

    folder: Path
    address: Address
    papers: int
    sizes: tuple[int, int]
    within: float


@dataclass(frozen=True, slots=True)
class Finish:
    """When a desk started and when its last paper was confirmed, by one clock of all."""

    desk: int
    started: float
    ended: float
    sent: int


def code(desk: int, number: int) -> str:
    """Return the code of a desk's nth dossier."""
    return f"000.00.20.H02-261123-{desk * 100 + number:06d}"


def reference(desk: int, number: int) -> int:
    """Return the server's key of it."""
    return _FIRST_REF + desk * 100 + number


def dossiers(papers: int) -> int:
    """Return how many dossiers so many papers are in."""
    return -(-papers // len(PARTS))


def make_home(wish: Wish, desk: int) -> Path:
    """Make a desk's home: everything is bundled and finished, nothing sent."""
    home = wish.folder / f"desk-{desk}"
    where = wish.address
    with App(home, "load", sends=Sends.FINISHED, policy=FREE) as app:
        app.servers.set(Server("opencps", where.url, where.group, where.user), where.password)
        app.server_changed()
        made: list[str] = []
        with app.store.transaction() as tx:
            for number in range(dossiers(wish.papers)):
                dossier = changes.add_dossier(
                    tx,
                    code=code(desk, number),
                    procedure_code=PROCEDURE.code,
                    procedure_name=PROCEDURE.name,
                    server_ref=str(reference(desk, number)),
                    template=PROCEDURE.template,
                )
                made.append(dossier)
                left = wish.papers - number * len(PARTS)
                for position, part in enumerate(PARTS[:left], start=1):
                    paper = changes.add_paper(tx, dossier, part.no, part.name, position=position)
                    batch, image = changes.new_id(), os.urandom(32).hex()
                    changes.start_batch(tx, batch, paper, "load", "{}")
                    changes.add_page(tx, batch, 1, sha256=image, size=1, suffix=".jpg")
                    changes.end_batch(tx, batch, "empty")
                    changes.put_reading(
                        tx, image, Reading(1654, 2339, 200.0, 200.0, True, 0.0, 0, 0.0)
                    )
        chance = random.Random(desk)
        for dossier in made:
            _bundle(app, dossier, wish.sizes, chance)
            app.dossiers.finish(dossier)
        app.settle()
    return home


def _bundle(app: App, dossier_id: str, sizes: tuple[int, int], chance: random.Random) -> None:
    dossier = app.dossiers.get(dossier_id)
    ready = []
    for paper in dossier.papers:
        size = chance.randint(*sizes)
        out = app.home.work / "bundle.pdf"
        out.write_bytes(b"%PDF-1.7 " + os.urandom(size - 9))
        blob = app.vault.adopt(out)
        out.unlink()
        fingerprint = dossier.fingerprint(paper)
        assert fingerprint is not None
        ready.append((paper.id, Bundle(fingerprint, blob.sha256, 1, size, datetime.now(UTC))))
    with app.store.transaction() as tx:
        for paper_id, bundle in ready:
            bundles.put_bundle(tx, paper_id, bundle)


def run(
    wish: Wish, desks: list[int], ready: Queue[int], go: Event, finished: Queue[list[Finish]]
) -> None:
    """Make the desks' homes, wait for the sign, start each at a moment of its own, and tell when
    each had sent everything. A process of its own."""
    logging.disable(logging.CRITICAL)  # each home's log would hear of all desks
    homes = {desk: make_home(wish, desk) for desk in desks}
    ready.put(len(homes))
    go.wait()
    began = time.monotonic()
    moments = sorted((random.uniform(0, wish.within), desk) for desk in desks)
    open_ones: list[App] = []
    found: dict[int, Finish] = {}
    all_done = threading.Event()
    for moment, desk in moments:
        time.sleep(max(0.0, began + moment - time.monotonic()))
        started = time.monotonic()
        app = App(homes[desk], "load", sends=Sends.FINISHED, policy=FREE)
        open_ones.append(app)

        def heard(
            _change: Changed, app: App = app, desk: int = desk, began: float = started
        ) -> None:
            if app.syncing.sent == wish.papers and desk not in found:
                found[desk] = Finish(desk, began, time.monotonic(), app.syncing.sent)
                if len(found) == len(desks):
                    all_done.set()

        app.events.subscribe(heard)
        app.sync.start()
        if not wish.within:
            app.sync.wake()
    all_done.wait(_PATIENCE_SECONDS)
    for app in open_ones:
        app.close()
    finished.put(list(found.values()))
