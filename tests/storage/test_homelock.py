"""The home's lock right after whoever held it was killed, and where what holds it gives way."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import threading
from pathlib import Path

import pytest

from digitizer.errors import HomeLocked
from digitizer.storage.homelock import BACKGROUND, HomeLock


def test_what_a_dead_holder_s_child_still_holds_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    held = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_EX)
    with subprocess.Popen(["sleep", "0.3"], pass_fds=(held,)) as child:
        os.close(held)
        gone = subprocess.Popen(["true"])
        gone.wait()
        note = {"pid": gone.pid, "command": "scan"}
        path.with_name("lock.holder").write_text(json.dumps(note), encoding="utf-8")
        with HomeLock(path, "test"):
            assert child.wait() == 0


def test_a_wish_that_cannot_be_left_lets_the_lock_file_go(tmp_path: Path) -> None:
    """The disk is full, or the folder is not ours: whoever waits says so and holds nothing."""
    path = tmp_path / "lock"
    open_files = Path("/proc/self/fd")
    with HomeLock(path, BACKGROUND):
        (tmp_path / "lock.wanted").symlink_to(tmp_path / "none" / "none")
        before = len(list(open_files.iterdir()))
        with pytest.raises(FileNotFoundError):
            HomeLock(path, "window")
        assert len(list(open_files.iterdir())) == before
        with pytest.raises(HomeLocked):
            HomeLock(path, BACKGROUND)
        assert len(list(open_files.iterdir())) == before


def test_what_runs_in_the_background_is_asked_for_the_home_and_gives_way(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    background = HomeLock(path, BACKGROUND)
    assert not background.wanted()

    def give_way() -> None:
        while not background.wanted():
            wait(0.01)
        background.release()

    wait = threading.Event().wait
    giving = threading.Thread(target=give_way, daemon=True)
    giving.start()
    with HomeLock(path, "window") as mine:
        giving.join()
        assert not mine.wanted(), "nothing is left of the wish"
        with pytest.raises(HomeLocked, match="digitizer window"):
            HomeLock(path, BACKGROUND)
    with HomeLock(path, BACKGROUND), pytest.raises(HomeLocked):
        HomeLock(path, BACKGROUND)
