"""Signed PDFs from elsewhere: passed on byte for byte, or said to be edited."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from digitizer.app import App
from digitizer.durable import sha256_of
from digitizer.model import Dossier, PaperState, Standing
from digitizer.pages import intake
from digitizer.plan import WorkKind
from digitizer.scanning import Profile
from digitizer.storage import changes
from digitizer.verifying import verify
from digitizer.work.queue import troubles
from drivers.host import HostedScanner
from tests.signed import making


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> making.Authority:
    return making.authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def file(tmp_path: Path, authority: making.Authority) -> Path:
    path = tmp_path / "signed.pdf"
    path.write_bytes(making.signed(making.document(), authority))
    return path


def imported(app: App, dossier: Dossier, *files: Path) -> None:
    """Import files through the folder driver, as the command line does."""
    paper = app.dossiers.paper_for(app.dossiers.get(dossier.id), "TP01")
    scanner = HostedScanner("folder")
    end = app.capture.run(
        scanner, Profile("folder", files=files), paper, threading.Event(), lambda page: None
    )
    assert end.error is None
    assert not list(app.home.incoming.iterdir())
    app.settle()


@pytest.fixture(autouse=True)
def _working(app: App) -> None:
    app.local.start()


def done(app: App, dossier: Dossier) -> Dossier:
    app.settle()
    app.local.until_idle(threading.Event())
    assert not troubles(app.store)
    return app.dossiers.get(dossier.id)


def test_the_very_file_becomes_the_paper_s_bundle(
    app: App, dossier: Dossier, file: Path, authority: making.Authority
) -> None:
    app.home.trust.mkdir()
    (app.home.trust / "ca.pem").write_bytes(authority.root.read_bytes())
    imported(app, dossier, file)
    (paper,) = (found := done(app, dossier)).papers
    bundle = found.bundle(paper)
    assert bundle is not None
    assert (bundle.sha256, bundle.pages, bundle.bytes) == (
        sha256_of(file),
        2,
        file.stat().st_size,
    )
    assert app.vault.path(bundle.sha256).read_bytes() == file.read_bytes()
    assert [(s.signer, s.standing) for s in paper.signatures] == [(making.SIGNER, Standing.VALID)]
    assert not paper.pdfa
    assert not paper.signature_lost
    assert found.state(paper) is PaperState.READY
    assert all(page.words and page.words.count > 5 for page in paper.pages), "found by search"
    seen = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
    assert seen.problems == ()


def test_a_page_turned_or_taken_out_ends_the_signature_until_it_is_undone(
    app: App, dossier: Dossier, file: Path
) -> None:
    imported(app, dossier, file)
    before = done(app, dossier)
    first = before.bundle(before.papers[0])
    app.dossiers.delete(dossier.id, [before.papers[0].pages[1].id])
    edited = done(app, dossier)
    (paper,) = edited.papers
    made = edited.bundle(paper)
    assert made and first
    assert made.sha256 != first.sha256
    assert paper.signature_lost
    assert paper.signatures == ()
    assert paper.pdfa
    app.dossiers.undo(dossier.id)
    back = app.dossiers.get(dossier.id)
    assert back.bundle(back.papers[0]) == first
    app.dossiers.turn(dossier.id, [back.papers[0].pages[0].id], 90)
    assert app.dossiers.get(dossier.id).papers[0].signature_lost


def test_a_signed_pdf_among_other_pages_is_no_longer_signed(
    app: App, dossier: Dossier, file: Path, tmp_path: Path, authority: making.Authority
) -> None:
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(making.document(1))
    imported(app, dossier, file, plain)
    (paper,) = app.dossiers.get(dossier.id).papers
    assert len(paper.pages) == 3
    assert [page.origin is not None for page in paper.pages] == [True, True, False]
    assert paper.signature_lost


def test_two_signed_files_of_one_scan_are_told_apart(
    app: App, dossier: Dossier, file: Path, tmp_path: Path, authority: making.Authority
) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(making.signed(making.document(3), authority))
    imported(app, dossier, file, other)
    (paper,) = app.dossiers.get(dossier.id).papers
    seen = [(page.origin.sha256, page.origin.page) for page in paper.pages if page.origin]
    assert seen == [(sha256_of(file), n) for n in (1, 2)] + [
        (sha256_of(other), n) for n in (1, 2, 3)
    ]


def test_recovery_takes_a_signed_pdf_along_or_sets_it_aside(tmp_path: Path, file: Path) -> None:
    home = tmp_path / "another"
    with App(home, "test") as app:
        dossier = app.dossiers.open_new(code="000.00.20.H02-261122-0001")
        paper = app.dossiers.paper_for(dossier, "TP01")
        for batch in ("whole", "alone"):
            with app.store.transaction() as tx:
                changes.start_batch(tx, batch, paper, "folder", "{}")
            (app.home.incoming / batch).mkdir()
        intake.landed(file, app.home.incoming / "whole")
        intake.landed(file, app.home.incoming / "alone")
        for page in (app.home.incoming / "alone").glob("*.jpg"):
            page.unlink()  # the driver was killed before its first page
    with App(home, "test") as app:
        assert (app.recovered.pages, app.recovered.set_aside) == (2, 1)
        (found,) = app.dossiers.get(dossier.id).papers
        assert found.original == sha256_of(file)
        assert app.vault.sound(found.original)
        assert [kept.name for kept in app.home.rescued.iterdir()] == ["alone-0001+0002.pdf"]
        app.settle()
        assert app.work.claim([WorkKind.READ])
