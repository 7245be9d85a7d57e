"""Two desks and a stick between them: what tests of carrying dossiers share."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from digitizer.app import App
from digitizer.exporting import export, waiting
from digitizer.model import Paper, PaperKind
from digitizer.receiving import Outcome, Received
from digitizer.storage import changes

CODE, OTHER = "000.00.20.H02-261122-0001", "000.00.20.H02-261122-0002"
STILL = threading.Event()

Take = Callable[[Path], dict[str, Received]]
"""Takes a folder in at the other desk; what became of each file, by name."""


def fill(app: App, folder: Path) -> None:
    """Two dossiers, each with a paper; the first with a result of two pages too."""
    dossier = app.dossiers.open_new(code=CODE)
    other = app.dossiers.open_new(code=OTHER)
    with app.store.transaction() as tx:
        tx.execute(
            "UPDATE dossier SET procedure_code = '1.001193', procedure_name = 'Đăng ký khai sinh'"
        )
        first = changes.add_paper(tx, dossier.id, "TP01", "Tờ khai đăng ký khai sinh")
        result = changes.add_paper(tx, dossier.id, "KQ01", "Giấy khai sinh", kind=PaperKind.RESULT)
        second = changes.add_paper(tx, other.id, "TP01", "Tờ khai đăng ký khai sinh")
    pages(app, folder, first, "mot")
    pages(app, folder, result, "hai", "ba")
    pages(app, folder, second, "bon")


def pages(app: App, folder: Path, paper: str, *texts: str) -> None:
    batch = changes.new_id()
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper, "test", "{}")
    for seq, text in enumerate(texts, start=1):
        page = Image.new("RGB", (827, 1169), "white")
        draw = ImageDraw.Draw(page)
        for line in range(6):
            draw.text((80, 100 + 60 * line), f"{text} {line} Uy ban nhan dan", 0, font_size=30)
        file = folder / f"{seq:04d}.jpg"
        page.save(file, quality=85, dpi=(100, 100))
        app.capture.adopt(batch, seq, file)
    with app.store.transaction() as tx:
        changes.end_batch(tx, batch, "empty")
    app.capture.announce_end(batch)


def write(place: Path) -> Path:
    """Have a desk scan, work and write: ``home`` and ``stick`` in ``place``, which is returned."""
    (place / "stick").mkdir()
    with App(place / "home", "test") as app:
        fill(app, place)
        work(app)
        export(app.store, app.vault, place / "stick", waiting(app.store), STILL)
    return place


def work(app: App) -> None:
    """Do all local work."""
    app.local.start()
    app.settle()
    app.local.until_idle(STILL)


def outcomes(over: dict[str, Received]) -> list[Outcome]:
    return [one.outcome for one in over.values()]


def manifest(stick: Path, code: str = CODE) -> dict[str, Any]:
    return dict(json.loads((stick / code / "manifest.json").read_bytes()))


def rewrite(stick: Path, value: dict[str, Any], code: str = CODE) -> None:
    (stick / code / "manifest.json").write_text(json.dumps(value), encoding="utf-8")


def paper_of(app: App, code: str = CODE, part: str = "TP01") -> Paper:
    found = app.dossiers.find(code).paper(part)
    assert found is not None
    return found
