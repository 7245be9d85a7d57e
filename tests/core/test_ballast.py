"""A reserve that is let go when the disk is full, tried on a small disk that really is full."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from smalldisk import fill, small_disk

from digitizer import ballast
from digitizer.app import App, Facts
from digitizer.capture import SavedPage
from digitizer.config import Home
from digitizer.errors import DiskFull
from digitizer.plan import WorkKind
from digitizer.scanning import Profile
from digitizer.storage import changes, queries
from digitizer.work.local import LocalWork
from digitizer.work.queue import Claim
from drivers.host import HostedScanner

_DISK = 96 << 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 96 MB of its own."""
    with small_disk(tmp_path / "disk", _DISK) as place:
        yield place


@pytest.fixture
def home(disk: Path) -> Path:
    """A home on that disk, with its reserve."""
    with App(disk / "home", "test"):
        pass
    Home(disk / "home").ballast.write_bytes(os.urandom(ballast.BYTES))
    return disk / "home"


def keep(app: App, name: str, size: int) -> None:
    with app.store.transaction() as tx:
        changes.set_setting(tx, name, "x" * size)


def test_on_a_full_disk_one_commit_fails_and_from_the_next_on_they_go_through(
    home: Path, disk: Path
) -> None:
    with App(home, "test") as app:
        fill(disk)
        with pytest.raises(DiskFull):
            for number in range(1000):
                keep(app, f"before {number}", 40_000)
        assert not app.home.ballast.exists(), "the reserve was let go"
        for number in range(20):
            keep(app, f"after {number}", 40_000)
    with App(home, "test") as app:
        assert queries.setting(app.store, "after 19") == "x" * 40_000


def test_a_home_is_opened_on_a_disk_that_others_filled_meanwhile(home: Path, disk: Path) -> None:
    fill(disk)
    with pytest.raises(DiskFull), Facts(home):
        pass
    with App(home, "test") as app:
        assert not app.home.ballast.exists(), "the reserve was let go"
        keep(app, "after", 40_000)
    fill(disk)
    with pytest.raises(DiskFull), App(home, "test"):
        pass


def test_a_home_is_opened_and_dossiers_are_finished_on_a_disk_that_was_full(
    home: Path, disk: Path
) -> None:
    with App(home, "test") as app:
        dossier = app.dossiers.open_new(code="000.00.20.H02-261122-0001")
        fill(disk)
        with contextlib.suppress(DiskFull):
            for number in range(1000):
                keep(app, f"before {number}", 40_000)
        assert app.dossiers.finish(dossier.id).finished_at is not None
    with App(home, "test") as app:
        assert app.dossiers.get(dossier.id).finished_at is not None


def test_no_batch_begins_where_its_first_page_would_hardly_fit(
    home: Path, disk: Path, tmp_path: Path
) -> None:
    image = tmp_path / "page.jpg"
    Image.new("RGB", (100, 100), "white").save(image, dpi=(100, 100))
    with App(home, "test") as app:
        dossier = app.dossiers.open_new(code="000.00.20.H02-261122-0001")
        paper = app.dossiers.paper_for(dossier, "TP01")
        (disk / "others").write_bytes(bytes(ballast.free(app.home) - ballast.FLOOR + (1 << 20)))
        saved: list[SavedPage] = []
        with pytest.raises(DiskFull):
            app.capture.run(
                HostedScanner("folder"),
                Profile("folder", files=(image,)),
                paper,
                threading.Event(),
                saved.append,
            )
        assert saved == []
        assert app.store.rows("SELECT 1 FROM batch") == []
        assert app.home.ballast.exists(), "what it is for has not come"
        local = LocalWork(app.home, app.store, app.vault, app.events, app.dossiers)
        with pytest.raises(DiskFull):
            local.run(Claim(dossier.id, WorkKind.READ, "0" * 64, "", 1), threading.Event())
        (disk / "others").unlink()
        end = app.capture.run(
            HostedScanner("folder"),
            Profile("folder", files=(image,)),
            paper,
            threading.Event(),
            saved.append,
        )
        assert (end.pages, len(saved)) == (1, 1)


def test_it_is_taken_in_where_there_is_plenty_and_not_where_there_is_not(
    disk: Path, tmp_path: Path
) -> None:
    small = Home(disk / "home")
    small.root.mkdir()
    assert not ballast.keep(small), "96 MB are not plenty"
    assert list(small.root.iterdir()) == []
    roomy = Home(tmp_path / "roomy")
    roomy.root.mkdir()
    assert ballast.keep(roomy) and ballast.keep(roomy)
    assert roomy.ballast.stat().st_size == ballast.BYTES
    assert roomy.ballast.stat().st_blocks * 512 >= ballast.BYTES, "it is no hole"
    assert ballast.let_go(roomy) and not ballast.let_go(roomy)
