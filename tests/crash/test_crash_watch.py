"""A kill at every call that changes the disk while a watched folder's files are taken.

After the next start every page is there exactly once, in its place, and every file is done with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from pathlib import Path

import pytest
from crashing import KILLED, Nursery

from digitizer.app import App
from digitizer.verifying import verify

STEP = int(os.environ.get("DIGITIZER_CRASH_STEP", "9"))
"""Every so many calls; 1 takes some minutes."""
FILES = {"1.tif": b"a|b", "2.tif": b"c"}
PAGES = [hashlib.sha256(page).hexdigest() for page in (b"a", b"b", b"c")]


def laid_out(folder: Path, template: Path) -> Path:
    for name in ("home", "hot"):
        shutil.rmtree(folder / name, ignore_errors=True)
    shutil.copytree(template, folder / "home")
    (folder / "hot").mkdir()
    for name, content in FILES.items():
        (folder / "hot" / name).write_bytes(content)
    return folder / "home"


def papers(home: Path) -> list[list[str]]:
    """The pages of every paper that has some, after a look at everything."""
    with App(home, "test") as app:
        found = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
        assert found.problems == ()
        assert not app.store.rows("SELECT 1 FROM batch WHERE ended_at IS NULL")
        dossier = app.dossiers.get(app.dossiers.heads()[0].id)
        return [[page.sha256 for page in paper.pages] for paper in dossier.papers if paper.pages]


@pytest.mark.parametrize(
    ("gather", "wanted"), [("file", [PAGES[:2], PAGES[2:]]), ("folder", [PAGES])]
)
def test_a_kill_at_any_call_leaves_every_page_once(
    nursery: Nursery, empty_home: Path, tmp_path: Path, gather: str, wanted: list[list[str]]
) -> None:
    reported = set()
    nth = 1 - STEP
    while True:
        nth += STEP
        home = laid_out(tmp_path, empty_home)
        outcome = nursery.run(home, f"deliver-{gather}", "before", nth)
        assert outcome.exit in (0, KILLED), outcome
        told = outcome.pages()
        assert told == PAGES[: len(told)]
        reported.add(len(told))
        if outcome.exit == 0:
            break
        again = nursery.run(home, f"deliver-{gather}", "off", 0)
        assert again.exit == 0, again
        assert again.fact("error") is None
        assert papers(home) == wanted
        assert len(told) + len(again.pages()) in (len(PAGES) - 1, len(PAGES)), "told at most once"
        assert sorted(file.name for file in (tmp_path / "hot").rglob("*.tif")) == list(FILES)
        assert sorted(file.name for file in (tmp_path / "hot" / "done").iterdir()) == list(FILES)
    assert reported == {0, 1, 2, 3} or STEP > 1
    assert papers(home) == wanted


def test_a_full_disk_at_any_call_removes_no_file_that_is_not_safe(
    nursery: Nursery, empty_home: Path, tmp_path: Path
) -> None:
    nth, errors = 1 - STEP, set()
    while True:
        nth += STEP
        home = laid_out(tmp_path, empty_home)
        outcome = nursery.run(home, "deliver-file", "full", nth)
        assert outcome.exit == 0, "a full disk is a row of the error table, not a crash"
        errors.add(outcome.fact("error"))
        if nth > outcome.fact("seen"):
            break
        for file, pages in (("1.tif", PAGES[:2]), ("2.tif", PAGES[2:])):
            if not (tmp_path / "hot" / file).exists():
                assert set(pages) <= set(outcome.pages())
        assert nursery.run(home, "deliver-file", "off", 0).exit == 0
        assert papers(home) == [PAGES[:2], PAGES[2:]]
    assert "disk-full" in errors
