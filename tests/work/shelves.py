"""Dossiers that are sent and done with, in a home that is opened anew: what a desk finds in the
morning. Used by the tests of retention."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from readymade import CODE, down, make_ready, up, use

from digitizer.app import App
from digitizer.model import Dossier
from digitizer.sandbox.meddling import Meddling
from digitizer.sandbox.server import Address
from digitizer.storage import holdings
from digitizer.verifying import verify
from digitizer.work.sweeping import Swept

LATER = timedelta(days=40)
HOLDER = "Trần Thị Bưởi"


def later() -> datetime:
    """A moment when the days of what was sent now have passed."""
    return datetime.now(UTC) + LATER


def send_all(
    home: Path, sandbox: Address, there: Meddling, parts: Iterable[str] = ("TP01", "TP02")
) -> Dossier:
    """Bring the first dossier down, send papers of it, be done with it; it leaves the list."""
    with App(home, "before") as app:
        use(app, sandbox)
        down(app)
        dossier = app.dossiers.find(CODE)
        with app.store.transaction() as tx:
            tx.execute("UPDATE dossier SET holder = ? WHERE id = ?", (HOLDER, dossier.id))
        for part in parts:
            make_ready(app, dossier, f"to khai {part}", part=part)
        app.sync.start()
        up(app)
        app.dossiers.finish(dossier.id)
        there.stand(CODE, "done")
        down(app)
        app.retention.notice()
        return app.dossiers.get(dossier.id)


def sweep(app: App, moment: datetime | None = None) -> Swept:
    """One sweep, as at a moment."""
    app.settle()
    return app.sweeper.once(threading.Event(), moment=moment or later())


def files(app: App) -> set[str]:
    """Names of all blobs."""
    return {path.name for path in app.home.vault.glob("??/*")}


def told(database: Path) -> str:
    """Everything that rows say, and the bytes of the word index."""
    with sqlite3.connect(database) as db:
        tables = [
            row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        said = []
        for table in tables:
            if table == "page_words":
                continue  # holds no text of its own
            for row in db.execute(f'SELECT * FROM "{table}"'):  # noqa: S608
                said += [v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in row]
    db.close()
    return "\n".join(said)


def sound(app: App) -> bool:
    """Whether ``verify`` finds nothing (bundles here are no PDFs)."""
    found = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
    return [one for one in found.problems if one.kind != "not-pdfa"] == []


def now(app: App, dossier: Dossier) -> Dossier:
    """A dossier as it is now."""
    return app.dossiers.get(dossier.id)


def whole(app: App, dossier: Dossier) -> bool:
    """Whether nothing of a dossier has gone."""
    found = now(app, dossier)
    named = holdings.blobs(app.store)
    return found.removed_at is None and bool(named) and all(app.vault.sound(one) for one in named)
