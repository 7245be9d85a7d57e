"""What the tests of versions and of local dossiers at the window have in common."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from digitizer.app import App
from digitizer.sandbox.meddling import Meddling
from digitizer.storage import changes
from tests.ui.conftest import Clerk
from tests.ui.stage import Stage, draw_page
from ui.places import Place
from ui.screens.listing import Listing

ALT = Qt.KeyboardModifier.AltModifier
CODE, OTHER = (f"000.00.20.H02-261122-{serial:04d}" for serial in (4, 5))


def there(stage: Stage) -> Meddling:
    return Meddling(stage.home.parent / "server")


def add_page(app: App, folder: Path, dossier_id: str, part: str = "TP01") -> str:
    """Put a drawn page into a paper; return its image's hash."""
    paper_id = app.dossiers.paper_for(app.dossiers.get(dossier_id), part)
    batch = changes.new_id()
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper_id, "test", "{}")
    file = folder / "0001.jpg"
    draw_page(file, ("TỜ KHAI", part), dpi=100)
    app.capture.adopt(batch, 1, file)
    with app.store.transaction() as tx:
        changes.end_batch(tx, batch, "empty")
    app.events.publish(dossier_id)
    return app.dossiers.get(dossier_id).papers[0].pages[-1].sha256


def troubles(clerk: Clerk) -> Listing:
    clerk.press(Qt.Key.Key_4, ALT)
    screen = clerk.window.screen(Place.TROUBLE)
    assert isinstance(screen, Listing)
    return screen
