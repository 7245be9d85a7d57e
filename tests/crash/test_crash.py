"""A kill before and after every call that changes the disk, and a full disk from every one on.

After recovery every page that was reported is there, in its place, exactly once; and every page
the driver had delivered whole as well.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from crashing import KILLED, Nursery, Outcome
from pikepdf import pdfa

from digitizer.app import App
from digitizer.durable import sha256_of
from digitizer.model import Dossier
from digitizer.plan import WorkKind
from digitizer.verifying import verify


def crashes(
    nursery: Nursery, template: Path, folder: Path, scenario: str, mode: str
) -> Iterator[tuple[int, Path, Outcome]]:
    """Run the scenario on a fresh copy for the 1st, 2nd, 3rd … call until one run is spared."""
    nth = 0
    while True:
        nth += 1
        home = folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(template, home)
        outcome = nursery.run(home, scenario, mode, nth)
        assert outcome.exit in (0, KILLED), outcome
        yield nth, home, outcome
        if outcome.exit == 0 and nth > outcome.fact("seen"):
            return
        assert (outcome.exit == 0) == (mode == "full"), "every call up to the last one is hit"


def reopened(home: Path, *, verified: bool = True) -> Dossier:
    """Open the home as at the next start, check that it is sound, return its dossier."""
    with App(home, "test") as app:
        if verified:
            found = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
            assert found.problems == ()
        dossier = app.dossiers.get(app.dossiers.heads()[0].id)
    with App(home, "test") as app:
        assert app.recovered.nothing, "the second start has nothing left to recover"
        assert app.dossiers.get(dossier.id) == dossier
    return dossier


def pages_of(dossier: Dossier) -> list[str]:
    return [page.sha256 for page in dossier.papers[0].pages]


@pytest.fixture
def folder(tmp_path: Path, images: Path) -> Path:
    shutil.copytree(images, tmp_path / "images")
    return tmp_path


@pytest.mark.parametrize("mode", ["before", "after"])
def test_a_kill_at_any_call_of_a_capture_loses_no_reported_page(
    nursery: Nursery, empty_home: Path, images: Path, folder: Path, mode: str
) -> None:
    stack = [sha256_of(image) for image in sorted(images.iterdir())]
    reported = set()
    for _, home, outcome in crashes(nursery, empty_home, folder, "capture", mode):
        delivered = list((home / "incoming").glob("*/*.jpg"))
        found = pages_of(reopened(home))
        assert found == stack[: len(found)], "in their places, each once"
        assert found[: len(outcome.pages())] == outcome.pages()
        assert len(found) >= max(len(outcome.pages()), len(delivered))
        assert not list((home / "incoming").iterdir())
        reported.add(len(outcome.pages()))
    assert reported == {0, 1, 2}, "the kills reached from before the first page to after the last"


@pytest.mark.parametrize("mode", ["before", "after"])
def test_a_kill_at_any_call_of_a_signed_pdf_s_capture_parts_no_page_from_it(
    nursery: Nursery, empty_home: Path, images: Path, folder: Path, mode: str
) -> None:
    original = folder / "original.pdf"
    original.write_bytes(b"%PDF-1.7 signed by somebody %%EOF")
    stack = [sha256_of(image) for image in sorted(images.iterdir())]
    ends = set()
    for _, home, outcome in crashes(nursery, empty_home, folder, "capture-signed", mode):
        dossier = reopened(home)
        (paper,) = dossier.papers
        found = pages_of(dossier)
        assert found == stack[: len(found)]
        assert found[: len(outcome.pages())] == outcome.pages()
        signed = sha256_of(original)
        assert [page.origin and page.origin.sha256 for page in paper.pages] == [signed] * len(found)
        assert [page.origin and page.origin.page for page in paper.pages] == [1, 2][: len(found)]
        assert not list((home / "incoming").iterdir())
        if found:
            assert not list((home / "rescued").iterdir())
        ends.add((len(found), paper.original == signed))
    assert ends == {(0, False), (1, False), (2, True)}


def test_a_full_disk_at_any_call_of_a_capture_loses_no_reported_page(
    nursery: Nursery, empty_home: Path, images: Path, folder: Path
) -> None:
    stack = [sha256_of(image) for image in sorted(images.iterdir())]
    ends = set()
    for _, home, outcome in crashes(nursery, empty_home, folder, "capture", "full"):
        assert outcome.exit == 0, "a full disk is a row of the error table, not a crash"
        ends.add(outcome.fact("error"))
        found = pages_of(reopened(home))
        assert found[: len(outcome.pages())] == outcome.pages()
        assert found == stack[: len(found)]
    assert ends == {"disk-full", None}


@pytest.mark.parametrize("mode", ["before", "after"])
def test_a_kill_at_any_call_of_recovery_is_recovered_from(
    nursery: Nursery, empty_home: Path, images: Path, folder: Path, mode: str
) -> None:
    crashed = folder / "crashed"
    shutil.copytree(empty_home, crashed)
    calls = nursery.run(crashed, "capture", "count", 0).calls
    place = 1 + max(n for n, call in enumerate(calls) if call.startswith("link"))
    while not list(crashed.glob("incoming/*/0002.jpg")):  # the planner's writes come in between
        shutil.rmtree(crashed)
        shutil.copytree(empty_home, crashed)
        assert nursery.run(crashed, "capture", "after", place).exit == KILLED
        place += 1
    stack = [sha256_of(image) for image in sorted(images.iterdir())]
    for _, home, _outcome in crashes(nursery, crashed, folder, "recover", mode):
        assert pages_of(reopened(home)) == stack


@pytest.mark.parametrize("mode", ["before", "after"])
def test_a_kill_at_any_call_of_a_finished_bundle_leaves_it_whole_or_to_be_made_again(
    nursery: Nursery, ready_home: Path, folder: Path, mode: str
) -> None:
    outcomes = set()
    for _, home, outcome in crashes(nursery, ready_home, folder, "bundle", mode):
        dossier = reopened(home)
        bundle = dossier.bundle(dossier.papers[0])
        outcomes.add(bundle is None)
        assert not list((home / "work").iterdir()), "scratch files are cleared"
        if outcome.fact("done"):
            assert bundle is not None
        if bundle is None:
            with App(home, "test") as app:
                assert app.work.claim([WorkKind.BUNDLE]), "the plan calls for it again"
    assert outcomes == {True, False}


@pytest.mark.parametrize("mode", ["before", "after", "full"])
def test_the_bundle_program_leaves_the_whole_file_or_none(
    nursery: Nursery, request_home: Path, tmp_path: Path, mode: str
) -> None:
    tried = 0
    for _, home, outcome in crashes(nursery, request_home, tmp_path, "making", mode):
        out = home / "bundle.pdf"
        if out.exists():
            assert pdfa.validate_written(out, "2b").passed
        else:
            assert not outcome.fact("done")
        tried += 1
    assert tried > 10


@pytest.mark.parametrize("mode", ["before", "after"])
def test_a_kill_at_any_call_of_an_upload_is_made_good_by_the_next_try(
    nursery: Nursery, outgoing_home: Path, tmp_path: Path, mode: str
) -> None:
    outbox = tmp_path / "outbox"
    for _, home, outcome in crashes(nursery, outgoing_home, tmp_path, "upload", mode):
        reopened(home, verified=False)
        if not outcome.fact("done"):
            nursery.run(home, "upload", "off", 0)
        dossier = reopened(home, verified=False)
        receipt = dossier.receipt(dossier.papers[0])
        assert receipt is not None
        sent = [sha256_of(path) for path in outbox.rglob("*.pdf")]
        assert sent == [receipt.sha256], "arrived exactly once"
        shutil.rmtree(outbox)
        outbox.mkdir()


def test_every_byte_is_durable_before_the_step_that_relies_on_it(
    nursery: Nursery, empty_home: Path, folder: Path
) -> None:
    """What a power cut adds to a kill: order. Link, folder fsync, commit, log fsync, unlink."""
    home = folder / "home"
    shutil.copytree(empty_home, home)
    calls = nursery.run(home, "capture", "count", 0).calls
    link = next(n for n, call in enumerate(calls) if call.startswith("link"))
    vault = calls[link].partition(" ")[2].rpartition("/")[0]
    unlink = next(n for n, call in enumerate(calls) if n > link and "unlink" in call)
    assert calls[unlink].endswith("/0001.jpg")
    between = calls[link:unlink]
    synced = next(n for n, call in enumerate(between) if call == f"fsync {vault}")
    written = next(n for n, call in enumerate(between) if "write" in call and "-wal" in call)
    durable = max(n for n, call in enumerate(between) if "sync" in call and "-wal" in call)
    last_write = max(n for n, call in enumerate(between) if call.startswith("pwrite"))
    assert synced < written <= last_write < durable
