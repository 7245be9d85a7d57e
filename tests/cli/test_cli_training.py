"""``digitizer training``: a home of its own beside the real one, children that die with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from digitizer.app import App
from digitizer.errors import HomeLocked, NotTraining
from digitizer.training import paper
from digitizer.training.place import Place, beside
from digitizer.training.stacks import Side
from tests.ui.practice import with_paper

_SECONDS = 60.0


def listing(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder, with its time and its content."""
    return {
        str(file.relative_to(folder)): (file.stat().st_mtime_ns, file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "digitizer", "--home", str(home), *words],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


@contextmanager
def practising(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Open the training's window, unseen; wait until scanner and sandbox run."""
    process = subprocess.Popen(
        [sys.executable, "-m", "digitizer", "--home", str(home), "--json", "training"],
        stdout=subprocess.PIPE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    try:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == {"home": str(beside(home).root)}
        wait_for(lambda: len(servers(home)) == 2 and any(beside(home).tray.iterdir()))
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def servers(home: Path) -> list[int]:
    """The processes that serve this home's training."""
    folder = str(beside(home).root)
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                words = (entry / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            if "digitizer.training.lifeline" in words and any(folder in word for word in words):
                found.append(int(entry.name))
    return found


def wait_for(ready: object) -> None:
    """Look until ``ready`` is true."""
    assert callable(ready)
    until = time.monotonic() + _SECONDS
    while not ready():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(0.02)  # what other processes do comes with no event


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A real home that was used, and its training with papers drawn."""
    real = tmp_path / "office"
    with App(real, "test") as app:
        app.dossiers.open_new(code=None)
    with_paper(real)
    return real


def test_after_kill_9_no_child_is_left_and_the_real_home_is_as_it_was(home: Path) -> None:
    before = listing(home)
    with practising(home) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        wait_for(lambda: not servers(home))
    assert listing(home) == before
    assert sorted(one.name for one in home.parent.iterdir()) == ["office", "office-training"]


def test_sigterm_ends_it_in_order(home: Path) -> None:
    with practising(home) as process:
        process.terminate()
        assert process.wait(_SECONDS) == 0
        assert not servers(home)
    assert not beside(home).running


def test_reset_removes_only_what_bears_the_mark(home: Path) -> None:
    place = beside(home)
    place.mark.unlink()
    (place.root / "ours.txt").write_text("kept", "utf-8")
    before = listing(place.root)
    for words in (("training", "--reset"), ("training",)):
        refused = run(home, *words)
        assert refused.returncode == 3
        assert "not a training home" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
    assert listing(place.root) == before


def test_reset_begins_anew_and_keeps_the_drawn_papers(home: Path) -> None:
    place = beside(home)
    with App(place.root, "training") as app:
        app.dossiers.open_new(code=None)
        with pytest.raises(HomeLocked):
            place.reset()
    drawn = listing(place.paper)
    link = place.root / "elsewhere"
    link.symlink_to(home, target_is_directory=True)
    before = listing(home)
    place.reset()
    assert not (place.root / "digitizer.db").exists()
    assert not link.exists()
    assert listing(place.paper) == drawn
    assert listing(home) == before
    assert place.ours


def test_a_folder_with_another_mark_is_not_taken(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.mark.write_text("something else", "utf-8")
    with pytest.raises(NotTraining):
        place.make()
    with pytest.raises(NotTraining):
        place.reset()


def test_only_the_sheets_that_are_missing_are_drawn(home: Path) -> None:
    place = beside(home)
    folder = paper.drawn(place)
    (folder / f"{Side.BLANK.value}.jpg").unlink()
    older = place.paper / "older"
    older.mkdir()
    kept = listing(folder)
    paper.draw(place)
    now = listing(folder)
    assert {name: now[name] for name in kept} == kept
    with Image.open(folder / f"{Side.BLANK.value}.jpg") as drawn:
        assert drawn.size == (2480, 3508)
    assert not older.exists()
