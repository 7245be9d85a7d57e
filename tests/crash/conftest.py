"""The nursery under the shim, and homes to crash in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from crashing import Nursery, compiled_shim
from PIL import Image, ImageDraw

from digitizer.app import App
from digitizer.plan import WorkKind
from digitizer.servers import Server
from digitizer.work.local import LocalWork
from tests.sealedhome import keyring_in


@pytest.fixture(scope="session")
def ring_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the keyring of these tests is."""
    return tmp_path_factory.mktemp("ring") / "ring.json"


@pytest.fixture
def ring(ring_file: Path) -> Iterator[Path]:
    """That keyring, as the system's here while a test runs, as it is in the nursery."""
    with keyring_in(ring_file) as file:
        yield file


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory, ring_file: Path) -> Iterator[Nursery]:
    """The shim, compiled, and a process that runs scenarios under it."""
    with keyring_in(ring_file):
        found = Nursery(compiled_shim(tmp_path_factory.mktemp("shim")))
    yield found
    found.close()


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two small page images, each with a line of text."""
    folder = tmp_path_factory.mktemp("crash") / "images"
    folder.mkdir()
    for number in (1, 2):
        page = Image.new("RGB", (827, 1169), "white")
        draw = ImageDraw.Draw(page)
        draw.text((100, 150 * number), "Giay khai sinh 1234567890", fill="black", font_size=40)
        page.save(folder / f"{number}.jpg", quality=80, dpi=(100, 100))
    return folder


@pytest.fixture(scope="session")
def empty_home(images: Path) -> Path:
    """A home with one dossier and one paper; a template to copy."""
    home = images.parent / "empty"
    with App(home, "test") as app:
        dossier = app.dossiers.open_new(code="000.00.20.H02-261122-0001")
        app.dossiers.paper_for(dossier, "TP01")
    return home


@pytest.fixture(scope="session")
def ready_home(empty_home: Path, nursery: Nursery) -> Path:
    """A home whose pages are read and OCRed, so that its bundle is the only work left."""
    home = empty_home.parent / "ready"
    shutil.copytree(empty_home, home)
    assert nursery.run(home, "capture", "off", 0).exit == 0
    with App(home, "test") as app:
        local = LocalWork(app.home, app.store, app.vault, app.events, app.dossiers)
        while claim := app.work.claim([WorkKind.READ, WorkKind.OCR]):
            local.run(claim, Event())
            app.work.done(claim)
            app.settle()
        local.rest()
    return home


@pytest.fixture(scope="session")
def bundled_home(ready_home: Path, nursery: Nursery) -> Path:
    """A home with a bundle made."""
    home = ready_home.parent / "bundled"
    shutil.copytree(ready_home, home)
    assert nursery.run(home, "bundle", "off", 0).fact("done")
    return home


@pytest.fixture
def outgoing_home(bundled_home: Path, tmp_path: Path) -> Path:
    """A home whose bundle waits to be put into the folder ``outbox`` beside it."""
    home = tmp_path / "outgoing"
    shutil.copytree(bundled_home, home)
    (tmp_path / "outbox").mkdir()
    with App(home, "test") as app:
        app.servers.set(Server("folder", str(tmp_path / "outbox"), "", ""), "")
        app.server_changed()
    return home


@pytest.fixture
def request_home(ready_home: Path, tmp_path: Path, nursery: Nursery) -> Path:
    """A folder with a request to the bundle program, and what it makes of it, elsewhere."""
    home = tmp_path / "request"
    home.mkdir()
    with App(ready_home, "test") as app:
        dossier = app.dossiers.get(app.dossiers.heads()[0].id)
        local = LocalWork(app.home, app.store, app.vault, app.events, app.dossiers)
        request = local.request(dossier, dossier.papers[0], home / "bundle.pdf")
    (home / "request.json").write_text(json.dumps(request), encoding="utf-8")
    return home
