"""A desk whose home is encrypted, from the scan to the signed paper, with the programs themselves;
and what of it ever lies in clear."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from digitizer import batchsigning, exporting
from digitizer.app import App
from digitizer.batchsigning import Outcome
from digitizer.durable import sha256_of
from digitizer.model import Dossier
from digitizer.sandbox.server import Address
from digitizer.scanning import Profile
from digitizer.storage import holdings
from digitizer.twins import twins
from digitizer.verifying import verify
from drivers.host import HostedScanner
from tests.sealedhome import encrypt, files_with, keyring_in
from tests.signed.office import PIN, key_file, rules
from ui.imagefiles import reader_of

CODE = "000.00.20.H02-261122-0001"
STILL = threading.Event()
CLEAR = (b"JFIF\0\1", b"%PDF-1.", b"level\tpage_num", b"SQLite format 3")
"""Of pages, bundles, tables of words and a plain database."""


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Memory that is the account's alone, where there is any; else none."""
    folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def app(runtime: Path, tmp_path: Path) -> Iterator[App]:
    """An encrypted home, open; at the end no copy is left anywhere."""
    home = tmp_path / "home"
    with keyring_in(tmp_path / "ring.json"):
        encrypt(home)
        with App(home, "test") as app:
            yield app
    assert not [one for one in runtime.rglob("*") if one.is_file()]
    assert not list((home / "work").iterdir())


def drawn(text: str) -> Image.Image:
    """An A4 page at 100 dpi with some lines of text."""
    page = Image.new("RGB", (827, 1169), "white")
    draw = ImageDraw.Draw(page)
    for line in range(8):
        draw.text((80, 100 + 60 * line), f"{text} {line} Uy ban nhan dan", fill=0, font_size=30)
    return page


def scanned(app: App, dossier: Dossier, folder: Path, *texts: str) -> None:
    """Import pages as the command line does: by the driver of files, in its worker."""
    files = [folder / f"{number}.jpg" for number, _ in enumerate(texts)]
    for file, text in zip(files, texts, strict=True):
        drawn(text).save(file, quality=85, dpi=(100, 100))
    paper = app.dossiers.paper_for(app.dossiers.get(dossier.id), "TP01")
    wish = Profile("files", files=tuple(files))
    end = app.capture.run(HostedScanner("folder"), wish, paper, STILL, lambda _page: None)
    assert (end.pages, end.error) == (len(texts), None)
    app.local.start()
    app.settle()
    app.local.until_idle(STILL)
    app.settle()
    for file in files:
        file.unlink()


def sound(app: App) -> None:
    found = verify(app.home, app.store, app.vault, STILL, lambda *_: None)
    assert found.problems == ()
    assert found.blobs > 3


def test_a_paper_is_read_bundled_signed_sent_and_carried_and_nothing_of_it_lies_in_clear(
    app: App, sandbox: Address, waiting: Dossier, tmp_path: Path
) -> None:
    scanned(app, waiting, tmp_path, "To khai", "Cam ket")
    (paper,) = (one for one in app.dossiers.get(waiting.id).papers if one.live_pages)
    page = paper.live_pages[0]
    assert page.words is not None
    assert page.words.count > 5, "Tesseract has read it"
    assert paper.bundles[-1].pages == 2
    assert twins(app.store, app.vault, app.dossiers.get(waiting.id)) == ()
    sound(app)

    key = key_file(tmp_path)
    app.keep_signing_rules(rules(key))
    app.settle()
    app.key.unlock(rules(key), PIN)
    listed = batchsigning.waiting(app.store, finished_only=False)
    (signed,) = app.signing.sign(listed, rules(key), STILL)
    assert (signed.outcome, signed.error) == (Outcome.SIGNED, None)
    app.key.lock()
    assert signed.version is not None
    sound(app)

    app.settle()
    app.sync.start()
    app.sync.until_idle(STILL, one_round=True)
    app.settle()
    now = app.dossiers.get(waiting.id)
    receipt = now.receipt(now.papers[0])
    assert receipt is not None
    assert receipt.sha256 == signed.version.sha256

    stick = tmp_path / "stick"
    stick.mkdir()
    (written,) = exporting.export(app.store, app.vault, stick, [waiting.id], STILL)
    assert (written.papers, written.error) == (1, None)
    assert [sha256_of(one) for one in stick.rglob("*.pdf")] == [receipt.sha256]

    assert files_with(app.home.root, *CLEAR) == []
    assert app.vault.unsealed().files == 0
    assert app.vault.sealed().files >= len(holdings.blobs(app.store))
    assert list(app.home.incoming.iterdir()) == []


def test_a_page_that_no_lane_has_seen_yet_is_shown_and_looked_at_anew(
    app: App, dossier: Dossier, tmp_path: Path
) -> None:
    scanned(app, dossier, tmp_path, "Giay to")
    (paper,) = (one for one in app.dossiers.get(dossier.id).papers if one.live_pages)
    (page,) = paper.live_pages
    app.dossiers.turn(dossier.id, [page.id], 90)  # OCR by itself, then a bundle of its own
    app.settle()
    app.local.until_idle(STILL)
    app.settle()
    (paper,) = (one for one in app.dossiers.get(dossier.id).papers if one.live_pages)
    assert len({one.sha256 for one in paper.bundles}) == 2
    assert reader_of(app.vault.shown(page.sha256)).read().width() == 827
    sound(app)
