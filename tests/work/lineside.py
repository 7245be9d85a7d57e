"""Papers that are ready to be sent, made without a program, and what becomes of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from digitizer.app import App
from digitizer.limits import Limits
from digitizer.model import Bundle, Dossier, Paper, PaperState, Reading
from digitizer.storage import bundles, changes

NEVER = threading.Event()
BLANK = Reading(83, 117, 10.0, 10.0, True, 0.0, 0, 0.0)
CRAWL = Limits(kbits=8)
"""A kilobyte a second: whatever is sent is still on its way."""


def ready(app: App, dossier: Dossier, part: str = "TP01", size: int = 60_000) -> Paper:
    """Give a paper a blank page and a bundle of ``size`` bytes, as if it had been made."""
    folder, batch = app.home.work, changes.new_id()
    goal = app.dossiers.paper_for(app.dossiers.get(dossier.id), part)
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, goal, "test", "{}")
    page = folder / "0001.jpg"
    Image.new("RGB", (83, 117), (255, 255, len(batch) + ord(part[3]))).save(page, dpi=(10, 10))
    app.capture.adopt(batch, 1, page)
    with app.store.transaction() as tx:
        changes.end_batch(tx, batch, "empty")
    (row,) = app.store.rows("SELECT sha256 FROM page WHERE batch_id = ?", batch)
    app.dossiers.note_reading(row["sha256"], BLANK)
    made(app, dossier, part, size)
    return paper(app, dossier, part)


def made(app: App, dossier: Dossier, part: str, size: int) -> None:
    """Have a bundle of ``size`` bytes made of a paper as it is."""
    mine, facts = paper(app, dossier, part), app.dossiers.get(dossier.id)
    file = app.home.work / f"{changes.new_id()}.pdf"
    file.write_bytes(f"%PDF {facts.fingerprint(mine)}".encode().ljust(size, b"."))
    blob = app.vault.adopt(file)
    bundle = Bundle(facts.fingerprint(mine) or "", blob.sha256, 1, size, datetime.now(UTC))
    with app.store.transaction() as tx:
        bundles.put_bundle(tx, mine.id, bundle)
    app.events.publish(dossier.id)
    app.settle()


def paper(app: App, dossier: Dossier, part: str = "TP01") -> Paper:
    found = app.dossiers.get(dossier.id).paper(part)
    assert found is not None
    return found


def state(app: App, dossier: Dossier, part: str = "TP01") -> PaperState:
    return app.dossiers.get(dossier.id).state(paper(app, dossier, part))


def until(app: App, ready: Callable[[], bool]) -> None:
    """Wait until something is so, looking whenever work moved on."""
    moved = threading.Event()
    silent = app.events.subscribe(lambda _change: moved.set())
    patience = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < patience, app.sync.state()
        moved.wait(0.05)
        moved.clear()
    silent()


def sent(app: App) -> None:
    app.sync.until_idle(NEVER, one_round=True)
    app.settle()


def stored(tmp_path: Path) -> int:
    return len(list((tmp_path / "sandbox" / "files").iterdir()))
