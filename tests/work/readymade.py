"""Papers that are read and bundled, made of facts alone: no child program is started."""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime
from pathlib import Path

from digitizer.app import App
from digitizer.conflicts import Met, waiting
from digitizer.model import Bundle, Dossier, Paper, Reading
from digitizer.plan import SYNC
from digitizer.sandbox.server import Address
from digitizer.servers import Server
from digitizer.storage import bundles, changes

CODE = "000.00.20.H02-261122-0001"
TEMPLATE = "DT.1.001193"
BLANK = Reading(1, 1, 100.0, 100.0, True, 0.0, 0, 0.0)


def use(app: App, sandbox: Address) -> None:
    """Let a home's dossiers go to the sandbox."""
    server = Server("opencps", sandbox.url, sandbox.group, sandbox.user)
    app.servers.set(server, sandbox.password)
    app.server_changed()


def down(app: App) -> int:
    """Go the way down once, and look at everything."""
    app.syncing.there.look_anew()
    came = app.syncing.down(threading.Event())
    app.settle()
    return came


def up(app: App) -> None:
    """Send what is to be sent, once; the lane is started by whoever calls."""
    app.settle()
    app.sync.wake()
    app.sync.until_idle(threading.Event(), one_round=True)
    app.settle()


def make_ready(app: App, dossier: Dossier, text: str, part: str = "TP01") -> Paper:
    """Add a page to a paper and bundle it; the bundle's bytes tell its pages."""
    add_page(app, dossier, text, part)
    return bundle(app, dossier, part)


def add_page(app: App, dossier: Dossier, text: str, part: str = "TP01") -> None:
    """Add a page that was found blank to a paper."""
    batch, sha256 = changes.new_id(), hashlib.sha256(text.encode()).hexdigest()
    file = app.home.work / "page"
    file.write_text(text)
    app.vault.keep(file)
    file.unlink()
    paper_id = app.dossiers.paper_for(app.dossiers.get(dossier.id), part)
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper_id, "test", "{}")
        changes.add_page(tx, batch, 1, sha256=sha256, size=len(text), suffix=".jpg")
        changes.put_reading(tx, sha256, BLANK)
        changes.end_batch(tx, batch, "empty")
    app.events.publish(dossier.id)


def bundle(app: App, dossier: Dossier, part: str = "TP01") -> Paper:
    """Make the bundle of a paper as it is now."""
    now = app.dossiers.get(dossier.id)
    paper = now.paper(part)
    assert paper is not None
    fingerprint = now.fingerprint(paper)
    assert fingerprint is not None
    file: Path = app.home.work / "bundle"
    file.write_text(f"%PDF {now.name} {paper.title} {[page.sha256 for page in paper.live_pages]}")
    blob = app.vault.keep(file)
    file.unlink()
    made = Bundle(fingerprint, blob.sha256, 1, blob.bytes, datetime.now(UTC))
    with app.store.transaction() as tx:
        bundles.put_bundle(tx, paper.id, made)
    app.events.publish(dossier.id)
    app.settle()
    return fresh(app, dossier, part)


def fresh(app: App, dossier: Dossier, part: str = "TP01") -> Paper:
    """A paper as it is now."""
    paper = app.dossiers.get(dossier.id).paper(part)
    assert paper is not None
    return paper


def held(app: App, dossier: Dossier, part: str = "TP01") -> bytes:
    """The bytes of a paper's bundle."""
    now = app.dossiers.get(dossier.id)
    paper = now.paper(part)
    assert paper is not None
    made = now.bundle(paper)
    assert made is not None
    return app.vault.path(made.sha256).read_bytes()


def is_sent(app: App, dossier: Dossier, part: str = "TP01") -> bool:
    """Whether the server has given the current bundle of a paper back."""
    now = app.dossiers.get(dossier.id)
    paper = now.paper(part)
    return paper is not None and now.receipt(paper, app.work.server) is not None


def open_ones(app: App) -> list[Met]:
    """What waits to be decided."""
    return waiting(app.store, app.work.server)


def uploads(app: App) -> int:
    """How many uploads are wanted, once all is planned."""
    app.settle()
    return app.work.left(SYNC, parked=False)


def two_ready(app: App, dossier: Dossier) -> Dossier:
    """Make two papers of a dossier ready to go, and return it."""
    make_ready(app, dossier, "to khai")
    make_ready(app, dossier, "giay chung sinh", "TP02")
    assert uploads(app) == 2
    return app.dossiers.get(dossier.id)
