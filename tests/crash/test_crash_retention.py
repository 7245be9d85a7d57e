"""A kill before and after every call that changes the disk, and a full disk from every one on,
while copies are removed: after the next start a dossier is wholly here, or wholly gone.
"""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from crashing import KILLED, Nursery
from test_crash import crashes

from digitizer.app import App
from digitizer.plan import LOCAL
from digitizer.policy import FREE
from digitizer.storage import holdings, removals
from digitizer.verifying import verify


@pytest.fixture
def shelved_home(outgoing_home: Path, nursery: Nursery, tmp_path: Path) -> Path:
    """A home whose one dossier is sent and done with; in it beside, one page that nobody sent."""
    home = tmp_path / "shelved"
    shutil.copytree(outgoing_home, home)
    assert nursery.run(home, "upload", "off", 0).fact("done")
    with App(home, "test", policy=FREE) as app:
        app.dossiers.finish(app.dossiers.heads()[0].id)
        app.retention.notice()
    return home


def stands(home: Path) -> str:
    """Open the home as at the next start; tell whether its dossier is ``whole`` or ``gone``."""
    with App(home, "test", policy=FREE) as app:
        dossier = app.dossiers.get(app.dossiers.heads()[0].id)
        blobs = {path.name for path in home.glob("vault/??/*")}
        named = holdings.blobs(app.store)
        assert not removals.unfinished(app.store), "what had begun was finished by this start"
        assert not list(home.glob("work/*"))
        if dossier.removed_at is None:
            assert named and all(app.vault.sound(one) for one in named)
            assert dossier.papers[0].removed_at is None
            assert app.work.left(LOCAL, parked=False) == 0
            return "whole"
        assert blobs == set()
        noted = removals.log(app.store, 99)
        assert noted and all(one.gone_at for one in noted)
        found = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
        assert found.problems == ()
        return "gone"


@pytest.mark.parametrize("mode", ["before", "after"])
def test_a_kill_at_any_call_of_a_removal_leaves_a_dossier_whole_or_gone(
    nursery: Nursery, shelved_home: Path, tmp_path: Path, mode: str
) -> None:
    ends = []
    for _, home, outcome in crashes(nursery, shelved_home, tmp_path, "retain", mode):
        ends.append(stands(home))
        if outcome.fact("done"):
            assert ends[-1] == "gone"
    turn = ends.index("gone")
    assert 0 < turn < len(ends) - 5, "kills before and after the facts said so"
    assert set(ends[turn:]) == {"gone"}


def test_a_full_disk_at_any_call_of_a_removal_leaves_a_dossier_whole_or_gone(
    nursery: Nursery, shelved_home: Path, tmp_path: Path
) -> None:
    ends = set()
    for _, home, outcome in crashes(nursery, shelved_home, tmp_path, "retain", "full"):
        assert outcome.exit == 0, "a full disk is a row of the error table, not a crash"
        ends.add((outcome.fact("error"), stands(home)))
    assert {("disk-full", "whole"), (None, "gone")} <= ends
    assert {error for error, _ in ends} == {"disk-full", None}


def test_a_kill_at_any_call_of_a_removal_by_hand_leaves_a_dossier_whole_or_gone(
    nursery: Nursery, ready_home: Path, tmp_path: Path
) -> None:
    ends = [
        stands_discarded(home)
        for _, home, _outcome in crashes(nursery, ready_home, tmp_path, "discard", "after")
    ]
    assert set(ends) == {"whole", "gone"}


def stands_discarded(home: Path) -> str:
    with App(home, "test", policy=FREE) as app:
        dossier = app.dossiers.get(app.dossiers.heads()[0].id)
        assert not removals.unfinished(app.store)
        named = holdings.blobs(app.store)
        if dossier.removed_at is None:
            assert named and all(app.vault.sound(one) for one in named)
            assert dossier.papers[0].live_pages
            return "whole"
        assert not list(home.glob("vault/??/*"))
        assert dossier.papers[0].live_pages == ()
        return "gone"


def test_a_kill_while_a_begun_removal_is_finished_is_made_good(
    nursery: Nursery, shelved_home: Path, tmp_path: Path
) -> None:
    calls = nursery.run(_copy(shelved_home, tmp_path / "traced"), "retain", "count", 0).calls
    first = 1 + next(n for n, call in enumerate(calls) if "unlink" in call and "/vault/" in call)
    begun = _copy(shelved_home, tmp_path / "begun")
    assert nursery.run(begun, "retain", "before", first).exit == KILLED
    assert list(begun.glob("vault/??/*")), "the facts say gone, the files are there"
    for _, home, _outcome in crashes(nursery, begun, tmp_path, "recover", "before"):
        assert stands(home) == "gone"


def _copy(home: Path, to: Path) -> Path:
    return Path(shutil.copytree(home, to))


def test_the_folder_is_durable_before_a_file_is_noted_as_gone(
    nursery: Nursery, shelved_home: Path, tmp_path: Path
) -> None:
    """What a power cut adds to a kill: order. Commit, unlink, folder fsync, commit."""
    home = _copy(shelved_home, tmp_path / "home")
    calls = nursery.run(home, "retain", "count", 0).calls
    unlinks = [n for n, call in enumerate(calls) if "unlink" in call and "/vault/" in call]
    synced = next(
        n
        for n, call in enumerate(calls)
        if n > unlinks[0] and call.startswith("fsync") and "/vault/" in call
    )
    noted = next(
        n for n, call in enumerate(calls) if n > unlinks[0] and "write" in call and "-wal" in call
    )
    assert any("-wal" in call and "sync" in call for call in calls[: unlinks[0]]), "facts first"
    assert unlinks[0] < synced < noted
