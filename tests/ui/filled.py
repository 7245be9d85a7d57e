"""Pages that are in a dossier already when the window opens, with nothing left to be read: as if
they were blank (``fill``), or read as they would be after a scan (``take_in``)."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from digitizer.app import App, Sends
from digitizer.model import Reading, Words
from digitizer.pages import glyphless
from digitizer.pagetext import PageText
from digitizer.storage import changes
from tests.ui.stage import CODE, Stage


def fill(stage: Stage, part: str, files: Sequence[Path], code: str = CODE) -> list[str]:
    """Put pages into a paper of a dossier, as if they had been scanned and were blank; return
    their ids."""
    with App(stage.home, "test") as app:
        dossier = app.dossiers.find(code)
        paper = app.dossiers.paper_for(dossier, part)
        batch = changes.new_id()
        blobs = [_kept(app, file) for file in files]
        with app.store.transaction() as tx:
            changes.start_batch(tx, batch, paper, "test", "{}")
            for seq, (sha256, size) in enumerate(blobs, start=1):
                changes.add_page(tx, batch, seq, sha256=sha256, size=size, suffix=".jpg")
            changes.end_batch(tx, batch, "empty")
        for file, (sha256, _) in zip(files, blobs, strict=True):
            with Image.open(file) as image:
                reading = Reading(*image.size, 150, 150, True, 0.0, 0, 0.0)
            app.dossiers.note_reading(sha256, reading)
        found = app.dossiers.get(dossier.id).paper(part)
        assert found is not None
        return [page.id for page in found.live_pages]


def take_in(
    stage: Stage,
    part: str,
    files: Sequence[Path],
    code: str = CODE,
    *,
    finished: bool = False,
    reason: str = "empty",
) -> None:
    """Put pages into a paper of a dossier as a scan does, have them read and bundled; nothing is
    sent. ``reason``: how the scan ended; ``finished``: the clerk is done with the dossier."""
    with App(stage.home, "test", sends=Sends.FINISHED) as app:
        app.local.start()
        dossier = app.dossiers.find(code)
        paper, batch = app.dossiers.paper_for(dossier, part), changes.new_id()
        with app.store.transaction() as tx:
            changes.start_batch(tx, batch, paper, "test", "{}")
        for seq, file in enumerate(files, start=1):
            copy = app.home.work / f"{seq:04d}{file.suffix}"
            shutil.copyfile(file, copy)
            app.capture.adopt(batch, seq, copy)
        with app.store.transaction() as tx:
            changes.end_batch(tx, batch, reason)
        app.capture.announce_end(batch)
        app.local.until_idle(threading.Event())
        if finished:
            app.dossiers.finish(dossier.id)
        app.settle()


def note_words(app: App, sha256: str, reading: Reading, tsv: str, said: PageText) -> None:
    """Record what was read on an image; ``tsv`` is the table of words."""
    table, layer = app.home.work / "words.tsv", app.home.work / "words.pdf"
    table.write_text(tsv, encoding="utf-8")
    glyphless.write(layer, [], (reading.width, reading.height), reading.dpi_x)
    words = Words(app.vault.keep(table).sha256, app.vault.keep(layer).sha256, 1, 90.0)
    for file in (table, layer):
        file.unlink()  # the vault links to it, so that writing it anew would write there
    app.dossiers.note_reading(sha256, reading, words, (), said)


def _kept(app: App, file: Path) -> tuple[str, int]:
    copy = app.home.work / file.name
    shutil.copyfile(file, copy)
    blob = app.vault.keep(copy)
    copy.unlink()
    return blob.sha256, file.stat().st_size
