"""The watch service when files come twice, are bad, or the process is killed."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from olderhome import set_back
from watchdesk import CODE, Desk, Killed, until

from digitizer.app import App
from digitizer.arrivals import Held, Why
from digitizer.errors import (
    DigitizerError,
    DiskFull,
    FileUnreadable,
    NoSuchThing,
    ScannerCrashed,
)
from digitizer.rules import Gather, Same


def test_the_same_bytes_again_are_asked_about(desk: Desk) -> None:
    desk.drop("1.tif", "a")
    desk.drop("2.tif", "a")
    end = desk.once(desk.rule())
    assert (end.pages, [(path.name, error.code) for path, error in end.left]) == (
        1,
        [("2.tif", "taken-before")],
    )
    assert desk.held == [Held(desk.hot / "2.tif", Why.TAKEN_BEFORE)]
    desk.drop("1.tif", "a")
    watcher = desk.watcher(desk.rule())
    watcher.start()
    until(lambda: len(watcher.state().waiting) == 2)
    assert [Path(one.path).name for one in watcher.questions()] == ["2.tif", "1.tif"]
    watcher.answer(desk.hot / "2.tif", Same.TAKE)
    until(lambda: len(desk.saved) == 2)
    watcher.answer(desk.hot / "1.tif", Same.SKIP)
    until(lambda: watcher.state().waiting == ())
    watcher.stop()
    assert desk.texts() == {"Giấy tờ khác": "a|a"}
    assert desk.lying() == ["done/1-2.tif", "done/1.tif", "done/2.tif"]
    assert watcher.questions() == []
    with pytest.raises(NoSuchThing):
        watcher.answer(desk.hot / "1.tif", Same.TAKE)


def test_a_question_is_void_when_the_file_changes(desk: Desk) -> None:
    desk.drop("1.tif", "a")
    desk.once(desk.rule())
    desk.drop("1.tif", "a")
    assert len(desk.once(desk.rule()).left) == 1
    desk.drop("1.tif", "b")
    assert desk.once(desk.rule()).left == ()
    assert desk.texts() == {"Giấy tờ khác": "a|b"}
    assert not desk.app.store.rows("SELECT 1 FROM question WHERE settled_at IS NULL")


def test_nobody_is_asked_about_a_file_that_is_gone(desk: Desk) -> None:
    desk.drop("1.tif", "a")
    desk.once(desk.rule())
    file = desk.drop("1.tif", "a")
    watcher = desk.watcher(desk.rule())
    watcher.start()
    until(watcher.questions)
    file.unlink()
    until(lambda: not watcher.questions())
    desk.drop("2.tif", "a")
    until(watcher.questions)
    watcher.stop()
    (desk.hot / "2.tif").unlink()
    desk.once(desk.rule())
    assert watcher.questions() == []


def test_what_an_older_version_took_is_known(tmp_path: Path) -> None:
    hot, home = tmp_path / "hot", tmp_path / "home"
    (hot / "done").mkdir(parents=True)
    (hot / "1.tif").write_bytes(b"a")
    with App(home, "test") as app:
        desk = Desk(app, hot)
        app.dossiers.open_new(code=CODE)
        desk.once(desk.rule(same=Same.TAKE))
    (hot / "2.tif").write_bytes(b"a")
    set_back(home / "digitizer.db", 2)
    with App(home, "test") as app:
        desk = Desk(app, hot)
        assert desk.once(desk.rule()).left[0][1].code == "taken-before"
        assert desk.texts() == {"Giấy tờ khác": "a"}


@pytest.mark.parametrize(("same", "text"), [(Same.TAKE, "a|a|a"), (Same.SKIP, "a")])
def test_a_rule_may_know_the_answer(desk: Desk, same: Same, text: str) -> None:
    for _ in range(3):
        desk.drop("1.tif", "a")
        assert desk.once(desk.rule(same=same)).left == ()
    assert desk.texts() == {"Giấy tờ khác": text}
    assert desk.lying() == ["done/1-2.tif", "done/1-3.tif", "done/1.tif"]


def test_bad_files_stay_and_stop_nobody(desk: Desk) -> None:
    for name, content in {"1": "bad", "2": "a", "3": "bad too", "4": "b"}.items():
        desk.drop(f"{name}.tif", content)
    end = desk.once(desk.rule())
    assert [(path.name, error.code) for path, error in end.left] == [
        ("1.tif", "file-unreadable"),
        ("3.tif", "file-unreadable"),
    ]
    assert desk.texts() == {"Giấy tờ khác": "a|b"}
    assert [held.why for held in desk.held] == [Why.REFUSED, Why.REFUSED]
    desk.drop("1.tif", "mended")
    watcher = desk.watcher(desk.rule())
    watcher.start()
    until(lambda: len(desk.saved) == 3)
    watcher.stop()


@pytest.mark.parametrize("error", [ScannerCrashed("folder"), FileUnreadable("2.tif")])
def test_a_worker_that_dies_takes_nobody_along(desk: Desk, error: DigitizerError) -> None:
    for name, content in {"1": "a", "2": "b|c", "3": "d"}.items():
        desk.drop(f"{name}.tif", content)
    desk.files.ends[b"c"] = error
    assert desk.once(desk.rule()).left == ()
    assert desk.texts() == {"Giấy tờ khác": "a|b|c|d"}
    assert [page.seq for page in desk.saved] == [1, 1, 2, 1]


@pytest.mark.parametrize("gather", list(Gather))
@pytest.mark.parametrize("at", [b"a", b"b", b"c", b"d"])
def test_a_kill_between_pages_leaves_each_once_and_in_order(
    desk: Desk, gather: Gather, at: bytes
) -> None:
    for name, content in {"1": "a|b", "2": "c|d"}.items():
        desk.drop(f"{name}.tif", content)
    desk.files.ends[at] = Killed()
    with pytest.raises(Killed):
        desk.once(desk.rule(gather))
    reported = len(desk.saved)
    os.utime(desk.hot / "1.tif") if (desk.hot / "1.tif").exists() else None
    assert desk.once(desk.rule(gather)).left == ()
    assert len(desk.saved) == 4, "each page is told once"
    assert reported == b"abcd".index(at)
    texts = [desk.text(paper) for paper in desk.papers()]
    assert texts == (["a|b", "c|d"] if gather is Gather.FILE else ["a|b|c|d"])
    assert desk.lying() == ["done/1.tif", "done/2.tif"]


def test_a_file_renamed_after_a_kill_is_still_the_same(desk: Desk) -> None:
    file = desk.drop("1.tif", "a|b|c")
    desk.files.ends[b"b"] = Killed()
    with pytest.raises(Killed):
        desk.once(desk.rule())
    file.rename(desk.hot / "other.tif")
    desk.once(desk.rule())
    assert desk.texts() == {"Giấy tờ khác": "a|b|c"}


def test_a_file_that_was_taken_but_not_moved_is_only_moved(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.drop("1.tif", "a")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", _killed)
        patched.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(Killed):
            desk.once(desk.rule())
    (desk.app.home.work / "x").mkdir(exist_ok=True)
    for left in desk.app.home.work.iterdir():
        left.rmdir() if left.is_dir() else left.unlink()
    assert desk.once(desk.rule()).left == ()
    assert len(desk.saved) == 1
    assert desk.lying() == ["done/1.tif"]


def _killed(*_: object) -> None:
    raise Killed


def test_a_full_disk_stops_the_watch_and_removes_nothing(desk: Desk) -> None:
    for name in "abc":
        desk.drop(f"{name}.tif", name)
    desk.files.ends[b"b"] = DiskFull("home")
    end = desk.once(desk.rule())
    assert end.trouble is not None
    assert (end.trouble.code, end.pages) == ("disk-full", 1)
    assert desk.lying() == ["b.tif", "c.tif", "done/a.tif"]
    desk.files.ends[b"b"] = DiskFull("home")
    watcher = desk.watcher(desk.rule())
    watcher.start()
    until(lambda: not watcher.state().running)
    trouble = watcher.state().trouble
    assert trouble is not None
    assert trouble.code == "disk-full"
    desk.once(desk.rule())
    assert desk.texts() == {"Giấy tờ khác": "a|b|c"}


def test_a_file_that_cannot_be_moved_is_safe_and_told(desk: Desk) -> None:
    desk.drop("1.tif", "a")
    (desk.hot / "done").write_text("no folder")
    end = desk.once(desk.rule())
    assert desk.held == [Held(desk.hot / "1.tif", Why.UNMOVABLE)]
    assert len(end.left) == 1
    (desk.hot / "done").unlink()
    assert desk.once(desk.rule()).left == ()
    assert desk.texts() == {"Giấy tờ khác": "a"}
    assert desk.lying() == ["done/1.tif"]


def test_a_share_that_goes_is_told_and_taken_up_again(desk: Desk) -> None:
    watcher = desk.watcher(desk.rule())
    watcher.start()
    desk.drop("1.tif", "a")
    until(lambda: len(desk.saved) == 1 and desk.lying() == ["done/1.tif"])
    desk.hot.rename(desk.hot.with_name("gone"))
    until(lambda: desk.held == [Held(desk.hot, Why.FOLDER_GONE)])
    desk.hot.with_name("gone").rename(desk.hot)
    desk.drop("2.tif", "b")
    until(lambda: len(desk.saved) == 2)
    watcher.stop()
    assert watcher.state().waiting == ()


def test_it_ends_within_a_moment_and_says_when_the_state_changed(desk: Desk) -> None:
    heard = threading.Event()
    desk.app.events.subscribe(lambda _change: heard.set())
    watcher = desk.watcher(desk.rule())
    watcher.start()
    desk.drop("1.tif", "")
    assert heard.wait(5)
    until(lambda: watcher.state().waiting == (Held(desk.hot / "1.tif", Why.EMPTY),))
    assert watcher.state().running
    began = time.monotonic()
    watcher.stop()
    assert time.monotonic() - began < 1.0
    assert not watcher.state().running
