"""Signed papers at a real procedure system: nothing goes unsigned, the signed version is proven."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from digitizer import batchsigning, exporting
from digitizer.app import App
from digitizer.batchsigning import Outcome
from digitizer.model import Dossier, PaperState
from digitizer.plan import WorkKind
from digitizer.sandbox.meddling import Meddling
from digitizer.storage import queries
from tests.signed.office import PIN, add_signable_paper, key_file, paper_of, rules


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return key_file(tmp_path_factory.mktemp("key"))


@pytest.fixture
def lane(app: App) -> None:
    app.sync.start()


def send(app: App) -> None:
    app.settle()
    app.sync.until_idle(threading.Event(), one_round=True)
    app.settle()


def sign_all(app: App, key: Path) -> None:
    app.settle()
    app.key.unlock(rules(key), PIN)
    listed = batchsigning.waiting(app.store, finished_only=False)
    results = app.signing.sign(listed, rules(key), threading.Event())
    assert {one.outcome for one in results} == {Outcome.SIGNED}
    app.settle()


def test_what_must_be_signed_waits_and_then_goes_signed(
    app: App, lane: None, waiting: Dossier, key: Path, tmp_path: Path
) -> None:
    there = Meddling(tmp_path / "sandbox")
    app.keep_signing_rules(rules(key))
    paper_id = add_signable_paper(app, waiting)
    send(app)
    assert there.keys(waiting.name) == ()
    sign_all(app, key)
    send(app)
    found = app.dossiers.get(waiting.id)
    paper = paper_of(app, waiting.id, paper_id)
    (version,) = found.signed(paper)
    receipt = found.receipt(paper, app.work.server)
    assert receipt is not None
    assert receipt.sha256 == version.sha256
    (file,) = there.keys(waiting.name)
    assert there.read(waiting.name, file) == app.vault.path(version.sha256).read_bytes()
    assert found.state(paper, app.work.server) is PaperState.SENT
    app.syncing.there.look_anew()
    app.syncing.down(threading.Event())
    send(app)
    assert there.keys(waiting.name) == (file,), "what is there is what was signed: nothing to send"
    assert app.syncing.sent == 1


def test_signing_what_was_sent_unsigned_replaces_it_there(
    app: App, lane: None, waiting: Dossier, key: Path, tmp_path: Path
) -> None:
    there = Meddling(tmp_path / "sandbox")
    paper_id = add_signable_paper(app, waiting)
    send(app)
    (file,) = there.keys(waiting.name)
    unsigned = there.read(waiting.name, file)
    app.keep_signing_rules(rules(key))
    send(app)
    assert there.read(waiting.name, file) == unsigned, "a rule that comes later undoes nothing"
    app.key.unlock(rules(key), PIN)
    found = app.dossiers.get(waiting.id)
    listed = batchsigning.of_dossier(found, [paper_of(app, waiting.id, paper_id)], rules(key).look)
    (done,) = app.signing.sign(listed, rules(key), threading.Event())
    assert done.version is not None
    send(app)
    assert there.keys(waiting.name) == (file,)
    assert there.read(waiting.name, file) == app.vault.path(done.version.sha256).read_bytes()
    assert there.read(waiting.name, file).startswith(unsigned)


def test_a_claim_from_before_the_rule_sends_nothing(app: App, waiting: Dossier, key: Path) -> None:
    add_signable_paper(app, waiting)
    claim = app.work.claim([WorkKind.UPLOAD])
    assert claim is not None
    app.keep_signing_rules(rules(key))
    app.syncing.run(claim, threading.Event())
    assert app.syncing.sent == 0
    assert queries.dossier(app.store, waiting.id) is not None


def test_what_is_carried_on_a_stick_is_signed_too(
    app: App, lane: None, waiting: Dossier, key: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    app.keep_signing_rules(rules(key))
    paper_id = add_signable_paper(app, waiting)
    app.settle()
    (none,) = exporting.export(app.store, app.vault, stick, [waiting.id], threading.Event())
    assert (none.papers, none.unready) == (0, 1)
    sign_all(app, key)
    assert exporting.waiting(app.store) == [waiting.id]
    (one,) = exporting.export(app.store, app.vault, stick, [waiting.id], threading.Event())
    assert (one.papers, one.unready) == (1, 0)
    (file,) = stick.rglob("*.pdf")
    (version,) = app.dossiers.get(waiting.id).signed(paper_of(app, waiting.id, paper_id))
    assert file.read_bytes() == app.vault.path(version.sha256).read_bytes()
    send(app)
    assert exporting.waiting(app.store) == []


def test_a_signature_that_is_taken_back_is_not_sent(
    app: App, lane: None, waiting: Dossier, key: Path, tmp_path: Path
) -> None:
    app.keep_signing_rules(rules(key))
    paper_id = add_signable_paper(app, waiting)
    sign_all(app, key)
    app.signing.withdraw(waiting.id, [paper_id])
    send(app)
    assert Meddling(tmp_path / "sandbox").keys(waiting.name) == ()
    app.keep_signing_rules(replace(rules(key), before=None))
    send(app)
    found = app.dossiers.get(waiting.id)
    receipt = found.receipt(paper_of(app, waiting.id, paper_id), app.work.server)
    assert receipt is not None
    assert receipt.sha256 == paper_of(app, waiting.id, paper_id).bundles[-1].sha256
