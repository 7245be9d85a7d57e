"""How full the disk is: what fits, how long it lasts, what will be freed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digitizer import ballast, space
from digitizer.app import App
from digitizer.scanning import EndReason
from digitizer.space import Level, level_of, pages_left
from digitizer.storage import changes

MB = 1_000_000


@pytest.mark.parametrize(
    ("free", "days", "level"),
    [
        (1000 * MB, None, Level.FINE),
        (1000 * MB, 15, Level.FINE),
        (1000 * MB, 14, Level.SOON),
        (ballast.FLOOR + 299 * MB, 90, Level.LOW),
        (ballast.FLOOR + 300 * MB, None, Level.FINE),
        (ballast.FLOOR - 1, None, Level.FULL),
        (0, 0, Level.FULL),
    ],
)
def test_the_level_that_follows(free: int, days: int | None, level: Level) -> None:
    assert level_of(free, MB, days) is level


def test_the_last_megabytes_are_not_for_pages() -> None:
    assert pages_left(ballast.FLOOR + 10 * MB, MB) == 10
    assert pages_left(ballast.FLOOR, MB) == pages_left(0, MB) == 0


def scanned(app: App, device: str, pages: int, size: int) -> None:
    dossier = app.dossiers.open_new(code=None)
    paper = app.dossiers.paper_for(dossier, None)
    batch = changes.new_id()
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper, device, "{}")
        for seq in range(1, pages + 1):
            changes.add_page(tx, batch, seq, sha256=f"{batch}{seq}", size=size, suffix=".jpg")
        changes.end_batch(tx, batch, EndReason.EMPTY.value)


@pytest.fixture
def app(tmp_path: Path):  # type: ignore[no-untyped-def]
    with App(tmp_path / "home", "test") as opened:
        yield opened


def test_a_page_takes_what_this_desks_pages_took_lately(app: App) -> None:
    now = datetime.now(UTC)
    assert space.page_bytes(app.store, now) == space.PAGE_BYTES
    scanned(app, "glass", 4, 500_000)
    assert 1_000_000 < space.page_bytes(app.store, now) < 1_100_000, "image, bundle and words"
    assert space.page_bytes(app.store, now + timedelta(days=60)) == space.PAGE_BYTES


def test_the_view_adds_up(app: App) -> None:
    scanned(app, "glass", 4, 500_000)
    scanned(app, "feeder", 6, 100_000)
    found = space.look(app.home, app.store, None)
    assert (found.images, found.bundles) == (4 * 500_000 + 6 * 100_000, 0)
    assert found.pages_a_day == 10
    assert found.days_left == found.pages_left // 10
    assert found.database > 0 and found.free <= found.total
    assert found.frees == ()


def test_a_stack_that_would_not_fit_is_foreseen_by_what_came_before(app: App) -> None:
    scanned(app, "feeder", 50, 10_000)
    assert space.too_little(app.home, app.store, "feeder", None) is None
    room = ballast.free(app.home) // 20
    scanned(app, "feeder", 30, room)
    fit = space.too_little(app.home, app.store, "feeder", None)
    assert fit is not None and fit < 50
    assert space.too_little(app.home, app.store, "glass", None) is None
    assert space.too_little(app.home, app.store, "glass", 10_000) is not None
