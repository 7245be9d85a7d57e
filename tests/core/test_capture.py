"""Capture and recovery: order, ends, adoption, and a home fit for the next start."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from digitizer.app import App, Facts
from digitizer.capture import BatchEnd, Capture, SavedPage
from digitizer.config import Home
from digitizer.errors import (
    DigitizerError,
    FeederEmpty,
    FeederJam,
    FileUnreadable,
    HomeLocked,
    HomeReadOnly,
    ScannerCrashed,
)
from digitizer.plan import WorkKind
from digitizer.scanning import (
    Capabilities,
    Device,
    EndReason,
    Profile,
    Progress,
    ScannedPage,
    Source,
    unheard,
)
from digitizer.storage import changes
from digitizer.verifying import verify
from digitizer.work.local import LocalWork
from digitizer.work.queue import Claim
from drivers.landing import land_bytes

CODE = "000.00.20.H02-261122-0001"


class Stack:
    """A hand-written scanner: lands given bytes as the drivers do, then ends as told."""

    def __init__(
        self,
        *pages: bytes,
        error: DigitizerError | None = None,
        source: Source | None = None,
    ) -> None:
        self._source = source
        self._pages = pages
        self._error = error
        self.closed = False

    def devices(self) -> list[Device]:
        return []

    def capabilities(self, device: str) -> Capabilities:
        raise FileUnreadable(device)

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        try:
            for seq, page in enumerate(self._pages, start=1):
                file = land_bytes(into, seq, ".jpg", page)
                yield ScannedPage(seq, file, source=self._source)
            if self._error is not None:
                raise self._error
        finally:
            self.closed = True


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with App(tmp_path / "home", "test") as opened:
        yield opened


def captured(
    app: App, stack: Stack, pages: int | None = None, **wish: Any
) -> tuple[BatchEnd, list[SavedPage]]:
    try:
        dossier = app.dossiers.find(CODE)
    except DigitizerError:
        dossier = app.dossiers.open_new(code=CODE)
    saved: list[SavedPage] = []
    end = app.capture.run(
        stack,
        Profile("stack", pages=pages, **wish),
        app.dossiers.paper_for(dossier, "TP01"),
        threading.Event(),
        saved.append,
    )
    return end, saved


def in_order(app: App) -> list[str]:
    return [page.sha256 for page in app.dossiers.find(CODE).papers[0].pages]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (None, EndReason.EMPTY),
        (FeederJam(), EndReason.JAM),
        (ScannerCrashed("sane"), EndReason.CRASHED),
        (FileUnreadable("x.jpg"), EndReason.REFUSED),
    ],
)
def test_pages_before_the_trouble_are_safe_and_the_end_says_why(
    app: App, error: DigitizerError | None, reason: EndReason
) -> None:
    end, saved = captured(app, Stack(b"one", b"two", b"one", error=error))
    assert (end.pages, end.reason, end.error) == (3, reason, error)
    assert in_order(app) == [page.sha256 for page in saved]
    assert all(page.file.read_bytes() in (b"one", b"two") for page in saved)
    assert list(app.home.incoming.iterdir()) == []
    assert not app.store.rows("SELECT 1 FROM batch WHERE ended_at IS NULL")


def test_an_asked_number_of_pages_ends_as_count_and_an_empty_feeder_as_trouble(app: App) -> None:
    assert captured(app, Stack(b"one", b"two"), pages=2)[0].reason is EndReason.COUNT
    end, _ = captured(app, Stack(error=FeederEmpty()))
    assert (end.pages, end.reason) == (0, EndReason.EMPTY)
    assert isinstance(end.error, FeederEmpty)


@pytest.mark.parametrize(
    ("wish", "source", "fronts_only"),
    [
        ({"both_sides": True}, Source.ADF, True),
        ({"both_sides": True}, Source.ADF_DUPLEX, False),
        ({"both_sides": True}, Source.FLATBED, False),
        ({"source": Source.ADF}, Source.ADF, False),
        ({}, Source.ADF, False),
    ],
)
def test_where_the_paper_lay_is_told_and_kept(
    app: App, wish: dict[str, Any], source: Source, fronts_only: bool
) -> None:
    end, _ = captured(app, Stack(b"one", source=source), **wish)
    assert (end.source, end.fronts_only) == (source, fronts_only)
    (kept,) = app.store.rows("SELECT profile FROM batch")
    assert json.loads(kept["profile"])["scanned_from"] == source


def test_batches_follow_each_other_in_one_paper(app: App) -> None:
    _, first = captured(app, Stack(b"one", b"two"))
    _, second = captured(app, Stack(b"three"))
    assert in_order(app) == [page.sha256 for page in first + second]


def test_a_page_is_told_only_when_another_process_could_see_it(app: App) -> None:
    dossier = app.dossiers.open_new(code=CODE)
    paper = app.dossiers.paper_for(dossier, "TP01")
    seen: list[int] = []

    def saved(page: SavedPage) -> None:
        with Facts(app.home.root) as facts:
            seen.append(facts.store.rows("SELECT count(*) FROM page")[0][0])
            assert facts.vault.sound(page.sha256)

    app.capture.run(Stack(b"one", b"two"), Profile("stack"), paper, threading.Event(), saved)
    assert seen == [1, 2]


def test_a_listener_that_fails_ends_the_scan_and_loses_nothing(app: App) -> None:
    dossier = app.dossiers.open_new(code=CODE)
    paper = app.dossiers.paper_for(dossier, "TP01")
    stack = Stack(b"one", b"two")

    def broken(page: SavedPage) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        app.capture.run(stack, Profile("stack"), paper, threading.Event(), broken)
    assert stack.closed
    assert len(in_order(app)) == 1


def test_recovery_adopts_whole_pages_in_order_and_sets_the_rest_aside(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with App(home, "test") as app:
        captured(app, Stack(b"one"))
        batch = app.store.rows("SELECT id FROM batch")[0][0]
        with app.store.transaction() as tx:
            tx.execute("UPDATE batch SET ended_at = NULL, reason = NULL")
        left = app.home.incoming / batch
        left.mkdir()
        for name, content in {"0001.jpg": b"one", "0003.jpg": b"three", "0002.png": b"two"}.items():
            (left / name).write_bytes(content)
        (left / "0004.part").write_bytes(b"half")
        (app.home.incoming / "unknown").mkdir()
        (app.home.incoming / "unknown" / "0001.jpg").write_bytes(b"whose?")
        (app.home.work / "scratch").mkdir()
    with App(home, "test") as app:
        done = app.recovered
        assert (done.pages, done.batches, done.set_aside) == (2, 1, 2)
        pages = app.dossiers.find(CODE).papers[0].pages
        contents = [app.vault.path(page.sha256).read_bytes() for page in pages]
        assert contents == [b"one", b"two", b"three"]
        kept = {path.read_bytes() for path in app.home.rescued.iterdir()}
        assert kept == {b"half", b"whose?"}
        assert list(app.home.incoming.iterdir()) == list(app.home.work.iterdir()) == []
        found = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
        assert found.problems == ()
    with App(home, "test") as app:
        assert app.recovered.nothing


def test_what_two_kills_left_of_the_same_file_is_kept_twice(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for content in (b"first", b"second"):
        with App(home, "test") as app:
            inside = app.home.incoming / "batch" / "0001.intake"
            inside.mkdir(parents=True)
            (inside / "page").write_bytes(content)
            (inside.parent / "0002.part").write_bytes(content)
    with App(home, "test") as app:
        assert app.recovered.set_aside == 2
        kept = [path for path in app.home.rescued.rglob("*") if path.is_file()]
        assert sorted(path.read_bytes() for path in kept) == [b"first"] * 2 + [b"second"] * 2


def test_what_was_sealed_since_keeps_its_name_to_itself(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for content in (b"first", b"second"):
        with App(home, "test") as app:
            half = app.home.incoming / "batch" / "0002.part"
            half.parent.mkdir()
            half.write_bytes(content)
        with App(home, "test") as app:
            for kept in app.home.rescued.iterdir():
                if kept.suffix != ".age":  # as an encrypted home has it sealed
                    kept.rename(f"{kept}.age")
    assert sorted(one.read_bytes() for one in (home / "rescued").iterdir()) == [b"first", b"second"]


def test_verify_finds_what_is_missing_changed_or_left_over(app: App) -> None:
    _, saved = captured(app, Stack(b"one", b"two"))
    saved[0].file.unlink()
    saved[1].file.write_bytes(b"changed")
    stray = app.home.incoming / "stray"
    stray.mkdir()
    (stray / "0001.jpg").write_bytes(b"x")
    found = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
    assert sorted(problem.kind for problem in found.problems) == [
        "blob-changed",
        "blob-missing",
        "incoming",
    ]


def test_verify_beside_an_import_finds_what_is_being_taken_in_healthy(app: App) -> None:
    paper = app.dossiers.paper_for(app.dossiers.open_new(code=None), None)
    with app.store.transaction() as tx:
        changes.start_batch(tx, "running", paper, "test", "{}")
    inside = app.home.incoming / "running" / "0001.intake" / "pages"
    inside.mkdir(parents=True)
    (inside / "1.jpg").write_bytes(b"half")

    def found() -> list[str]:
        told = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
        return [problem.subject for problem in told.problems]

    assert found() == []
    with app.store.transaction() as tx:
        changes.end_batch(tx, "running", "crashed")
    assert found() == ["running/0001.intake/pages/1.jpg"]


def test_one_process_writes_at_a_time_and_the_other_is_told_who(app: App) -> None:
    with pytest.raises(HomeLocked, match=r"digitizer test"):
        App(app.home.root, "second")
    with Facts(app.home.root) as facts:
        assert facts.store.rows("SELECT count(*) FROM page")[0][0] == 0


def test_opening_and_closing_twice_is_harmless(tmp_path: Path) -> None:
    for _ in range(2):
        opened = App(tmp_path / "home", "test")
        opened.close()
        opened.close()


def test_the_plan_is_there_after_a_restart(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with App(home, "test") as app:
        captured(app, Stack(b"one"))
        with app.store.transaction() as tx:
            tx.execute("DELETE FROM work")
            changes.set_setting(tx, "any", "thing")
    with App(home, "test") as app:
        app.settle()
        assert app.store.rows("SELECT kind FROM work")[0][0] == "read"


def test_a_disk_that_is_gone_is_named_before_the_first_page_and_before_any_work(
    app: App, tmp_path: Path
) -> None:
    gone, stop = Home(tmp_path / "gone"), threading.Event()
    paper = app.dossiers.paper_for(app.dossiers.open_new(code=CODE), "TP01")
    capture = Capture(gone, app.store, app.vault, app.events, app.dossiers)
    with pytest.raises(HomeReadOnly):
        capture.run(Stack(b"one"), Profile("stack"), paper, stop, lambda _page: None)
    assert app.store.rows("SELECT 1 FROM batch") == []
    local = LocalWork(gone, app.store, app.vault, app.events, app.dossiers)
    with pytest.raises(HomeReadOnly):
        local.run(Claim("", WorkKind.READ, "0" * 64, "", 1), stop)
