"""Local work with the real programs: read, OCR, bundle; routing on the way."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp
from pikepdf import pdfa
from PIL import Image

from digitizer import rereading
from digitizer.app import App
from digitizer.events import Events
from digitizer.model import OTHER_PART, Dossier, PaperState, Style
from digitizer.plan import WorkKind, ocr_subject
from digitizer.storage import changes, queries, texts
from digitizer.work.local import LocalWork
from digitizer.work.queue import LOCAL_ATTEMPTS, Claim, troubles
from tests.work.conftest import drawn


def done(app: App) -> None:
    """Run the local lane until nothing is left."""
    app.local.start()
    app.local.until_idle(threading.Event())
    assert not troubles(app.store)


def test_pages_become_one_valid_searchable_bundle(
    app: App, dossier: Dossier, add_pages: Any, tmp_path: Path
) -> None:
    add_pages(dossier, "Giay khai sinh", "")
    done(app)
    found = app.dossiers.get(dossier.id)
    paper = found.paper("TP01")
    assert paper is not None
    bundle = found.bundle(paper)
    assert bundle is not None
    assert bundle.pages == 2, "a blank side stays: number of images = number of pages"
    assert [page.reading and page.reading.blank for page in paper.pages] == [False, True]
    path = app.vault.path(bundle.sha256)
    assert pdfa.validate_written(path, "2b").passed
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    assert "khai sinh" in text.stdout
    assert found.state(paper) is PaperState.READY


def test_turning_a_page_reads_it_again_and_undoing_finds_the_old_bundle(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    add_pages(dossier, "Giay khai sinh")
    done(app)
    before = app.dossiers.get(dossier.id)
    paper = before.papers[0]
    first = before.bundle(paper)
    app.dossiers.turn(dossier.id, [paper.pages[0].id], 90)
    app.local.until_idle(threading.Event())
    turned = app.dossiers.get(dossier.id)
    second = turned.bundle(turned.papers[0])
    assert first and second
    assert first.sha256 != second.sha256
    assert app.dossiers.undo(dossier.id)
    app.settle()
    back = app.dossiers.get(dossier.id)
    assert back.bundle(back.papers[0]) == first


def coded(text: str, file: Path) -> None:
    page = drawn("Giay tiep nhan ho so")
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    page.paste(
        Image.fromarray(np.array(zxingcpp.write_barcode_to_image(code, scale=6))), (560, 880)
    )
    page.save(file, quality=90, dpi=(100, 100))


def scan_files(app: App, dossier: Dossier, *files: Path) -> str:
    batch = changes.new_id()
    paper = app.dossiers.paper_for(app.dossiers.get(dossier.id), "TP01")
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper, "test", "{}")
    for seq, file in enumerate(files, start=1):
        app.capture.adopt(batch, seq, file)
    with app.store.transaction() as tx:
        changes.end_batch(tx, batch, "empty")
    app.dossiers.route_batch(batch)
    return batch


def test_a_receipt_leads_its_page_and_those_after_it_to_its_dossier(
    app: App, dossier: Dossier, tmp_path: Path
) -> None:
    other = app.dossiers.open_new(code="000.00.20.H02-261122-0002")
    app.dossiers.paper_for(other, "TP01")
    files = [tmp_path / f"{n}.jpg" for n in range(3)]
    drawn("To khai").save(files[0], dpi=(100, 100))
    coded("HS|000.00.20.H02-261122-0002|1.001193", files[1])
    drawn("Giay chung sinh").save(files[2], dpi=(100, 100))
    scan_files(app, dossier, *files)
    done(app)
    mine, theirs = app.dossiers.get(dossier.id), app.dossiers.get(other.id)
    assert len(mine.papers[0].pages) == 1
    moved, same_part = theirs.paper(OTHER_PART), theirs.paper("TP01")
    assert moved and same_part
    assert [page.batch_seq for page in moved.pages] == [2, 3]
    assert not same_part.pages, "a code tells the dossier, never the paper"
    assert mine.bundle(mine.papers[0])
    assert theirs.bundle(moved)


def test_a_page_seen_before_is_routed_without_being_read_again(
    app: App, dossier: Dossier, tmp_path: Path
) -> None:
    other = app.dossiers.open_new(code="000.00.20.H02-261122-0002")
    for _ in range(2):
        receipt = tmp_path / "receipt.jpg"
        coded("000.00.20.H02-261122-0002", receipt)
        scan_files(app, dossier, receipt)
        app.settle()
        if app.store.rows("SELECT 1 FROM work WHERE kind = 'read'"):
            done(app)
    moved = app.dossiers.get(other.id).paper(OTHER_PART)
    assert moved is not None
    assert len(moved.pages) == 2


def test_an_image_that_cannot_be_read_is_parked_and_shown_and_others_go_on(
    app: App, dossier: Dossier, add_pages: Any, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    drawn("x").save(broken, dpi=(100, 100))
    broken.write_bytes(broken.read_bytes()[:2000])
    scan_files(app, dossier, broken)
    other = app.dossiers.open_new(code="000.00.20.H02-261122-0002")
    add_pages(other, "Giay khai sinh")
    app.local.start()
    app.local.until_idle(threading.Event())
    (trouble,) = troubles(app.store)
    assert (trouble.error, trouble.parked) == ("file-unreadable", True)
    found = app.dossiers.get(other.id)
    assert found.bundle(found.papers[0])
    page = app.dossiers.get(dossier.id).papers[0].pages[0]
    app.dossiers.delete(dossier.id, [page.id])
    app.settle()
    assert not troubles(app.store), "the clerk took it out: nothing is left to do"


def test_bundles_are_made_in_the_style_the_office_chose(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    add_pages(dossier, "Giay khai sinh")
    done(app)
    before = app.dossiers.get(dossier.id)
    faithful = before.bundle(before.papers[0])
    app.use_style(Style.COMPACT)
    app.local.until_idle(threading.Event())
    after = app.dossiers.get(dossier.id)
    compact = after.bundle(after.papers[0])
    assert faithful and compact
    assert compact.bytes < faithful.bytes
    assert pdfa.validate_written(app.vault.path(compact.sha256), "2b").passed


def test_what_a_page_says_is_kept(app: App, dossier: Dossier, add_pages: Any) -> None:
    add_pages(dossier, "Giay khai sinh")
    done(app)
    (said,) = texts.of_dossier(app.store, dossier.id).values()
    assert "khai sinh" in said.text
    assert len(said.text.split()) == len(said.raw.split())


def test_words_that_cannot_be_read_are_told_and_read_again_on_demand(
    app: App, dossier: Dossier, add_pages: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_pages(dossier, "Giay khai sinh")
    page = app.dossiers.get(dossier.id).papers[0].pages[0]
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "tesseract").write_text("#!/bin/sh\nexit 9\n")
    (broken / "tesseract").chmod(0o755)
    local = LocalWork(app.home, app.store, app.vault, Events(), app.dossiers)
    with monkeypatch.context() as ill:
        ill.setenv("PATH", str(broken), prepend=":")
        local.run(Claim(dossier.id, WorkKind.READ, page.sha256, "", 1), threading.Event())
        found = app.dossiers.get(dossier.id).papers[0].pages[0]
        assert found.reading is not None, "its OCR does not hold the reading back"
        assert found.words is None
        last = Claim(
            dossier.id, WorkKind.OCR, ocr_subject(page.sha256, 0, None), "", attempts=LOCAL_ATTEMPTS
        )
        local.run(last, threading.Event())
    local.rest()
    failed = app.dossiers.get(dossier.id)
    assert [one.id for one in rereading.unreadable(failed)] == [page.id]
    assert queries.unreadable(app.store) == 1
    assert texts.of_dossier(app.store, dossier.id) == {}
    assert rereading.read_again(app.store, app.events, failed) == 1
    app.settle()
    done(app)
    again = app.dossiers.get(dossier.id)
    assert rereading.unreadable(again) == ()
    assert queries.unreadable(app.store) == 0
    words = again.papers[0].pages[0].words
    assert words is not None
    assert words.count > 0


def test_one_program_reads_page_after_page(app: App, dossier: Dossier, add_pages: Any) -> None:
    add_pages(dossier, "Giay khai sinh", "To khai")
    before = _children()
    local = LocalWork(app.home, app.store, app.vault, Events(), app.dossiers)
    met = []
    for page in app.dossiers.get(dossier.id).papers[0].pages:
        local.run(Claim(dossier.id, WorkKind.READ, page.sha256, "", 1), threading.Event())
        met.append(_children() - before)
    assert len(met[0]) == 1
    assert met[0] == met[1]
    local.rest()
    assert _children() == before
    assert all(page.reading for page in app.dossiers.get(dossier.id).papers[0].pages)


def _children() -> set[str]:
    """Return the processes that this one has started and that still run."""
    own = Path("/proc/self/task").glob("*/children")
    return {number for file in own for number in file.read_text().split()}
