"""An open home with one dossier, and pages in it without a scanner."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from parceldesk import STILL, Take, write
from PIL import Image, ImageDraw

from digitizer.app import App
from digitizer.model import Dossier
from digitizer.receiving import Received
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Address, Sandbox
from digitizer.servers import Server
from digitizer.storage import changes
from drivers.host import HostedScanner

CODE = "000.00.20.H02-261122-0001"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A fresh home, open; its lanes not started."""
    with App(tmp_path / "home", "test") as opened:
        yield opened


@pytest.fixture
def dossier(app: App) -> Dossier:
    """A dossier with a real code."""
    return app.dossiers.open_new(code=CODE)


@pytest.fixture
def faults() -> Faults:
    """Of the sandbox; none at first."""
    return Faults()


@pytest.fixture
def sandbox(tmp_path: Path, faults: Faults) -> Iterator[Address]:
    """A running procedure system."""
    with Sandbox(tmp_path / "sandbox", faults) as address:
        yield address


@pytest.fixture
def waiting(app: App, sandbox: Address) -> Dossier:
    """The first dossier that waits at the server, brought down."""
    server = Server("opencps", sandbox.url, sandbox.group, sandbox.user)
    app.servers.set(server, sandbox.password)
    app.server_changed()
    assert app.syncing.down(threading.Event()) > 0
    return app.dossiers.find(CODE)


AddPages = Callable[..., str]


@pytest.fixture
def add_pages(app: App, tmp_path: Path) -> AddPages:
    """``add_pages(dossier, "text", …)``: a finished batch of small pages; returns its id."""

    def add(dossier: Dossier, *texts: str, part: str = "TP01") -> str:
        batch = changes.new_id()
        paper = app.dossiers.paper_for(app.dossiers.get(dossier.id), part)
        with app.store.transaction() as tx:
            changes.start_batch(tx, batch, paper, "test", "{}")
        for seq, text in enumerate(texts, start=1):
            file = tmp_path / f"{seq:04d}.jpg"
            drawn(text).save(file, quality=85, dpi=(100, 100))
            app.capture.adopt(batch, seq, file)
        with app.store.transaction() as tx:
            changes.end_batch(tx, batch, "empty")
        app.events.publish(dossier.id)
        app.settle()
        return batch

    return add


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a desk wrote onto a stick, with its home beside it: ``home``, ``stick``."""
    return write(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def stick(written: Path, tmp_path: Path) -> Path:
    """A stick of this test's own."""
    return Path(shutil.copytree(written / "stick", tmp_path / "stick"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[App]:
    """Another desk."""
    with App(tmp_path / "other", "test") as opened:
        yield opened


@pytest.fixture
def take(desk: App) -> Take:
    """How that desk takes a folder in."""

    def taken(folder: Path) -> dict[str, Received]:
        over = desk.receiving.take(folder, HostedScanner("folder"), STILL)
        assert list(desk.home.work.iterdir()) == []
        return {one.file or one.code: one for one in over}

    return taken


def drawn(text: str) -> Image.Image:
    """An A4 page at 100 dpi with some lines of text; blank without."""
    page = Image.new("RGB", (827, 1169), "white")
    draw = ImageDraw.Draw(page)
    for line in range(8 if text else 0):
        draw.text((80, 100 + 60 * line), f"{text} {line} Uy ban nhan dan", fill=0, font_size=30)
    return page
