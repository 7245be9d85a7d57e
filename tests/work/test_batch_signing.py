"""Batch signing with a real key file: what was listed is signed, all else is left as it was."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from digitizer import batchsigning
from digitizer.app import App
from digitizer.batchsigning import Listed, Outcome, Result
from digitizer.errors import (
    AgencyMissing,
    ByAdministrator,
    KeyNotSet,
    ListChanged,
    NotBundled,
    SigningClosed,
    StateSecret,
    Stopped,
    WrongPin,
)
from digitizer.model import Dossier, Look, Standing
from digitizer.policy import Policy
from digitizer.signing import session as sessions
from digitizer.storage import clerks, holdings, signings
from digitizer.verifying import verify
from tests.signed.office import (
    PIN,
    SIGNER,
    add_signable_paper,
    bundle,
    key_file,
    paper_of,
    rules,
)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The officer's PKCS#12 file."""
    return key_file(tmp_path_factory.mktemp("key"))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A fresh home, open; at the end every file is what its name says and nothing is left over."""
    with App(tmp_path / "home", "test") as opened:
        yield opened
        opened.key.lock()
        assert all(opened.vault.sound(sha256) for sha256 in holdings.blobs(opened.store))
        assert list(opened.home.work.iterdir()) == []


def waiting(app: App) -> tuple[Listed, ...]:
    app.settle()
    return batchsigning.waiting(app.store, finished_only=False)


def kinds(app: App) -> list[str]:
    app.settle()
    return [row["kind"] for row in app.store.rows("SELECT kind FROM work ORDER BY rowid")]


def sign(app: App, listed: tuple[Listed, ...], stop: threading.Event | None = None) -> list[Result]:
    over: list[Result] = []
    found = app.signing.sign(
        listed, signings.rules(app.store), stop or threading.Event(), over.append
    )
    assert tuple(over) == found
    return over


def test_what_waits_is_signed_with_one_pin_and_is_the_listed_file_with_a_signature_appended(
    app: App, dossier: Dossier, key: Path
) -> None:
    lan = app.clerks.put("Lan", "")
    app.keep_signing_rules(rules(key))
    papers = [add_signable_paper(app, dossier, part) for part in ("TP01", "TP02")]
    listed = waiting(app)
    assert [one.paper_id for one in listed] == papers
    assert app.key.unlock(rules(key), PIN).certificate.name == SIGNER  # type: ignore[union-attr]
    results = sign(app, listed)
    assert [one.outcome for one in results] == [Outcome.SIGNED, Outcome.SIGNED]
    assert waiting(app) == ()
    for one in listed:
        now = app.dossiers.get(dossier.id)
        paper = paper_of(app, dossier.id, one.paper_id)
        (version,) = now.signed(paper)
        file = app.vault.path(version.sha256)
        assert file.read_bytes().startswith(app.vault.path(one.sha256).read_bytes())
        assert (version.look, version.signer, version.copy) == (Look.PERSONAL, SIGNER, None)
        assert (version.timestamped, version.bytes) == (False, file.stat().st_size)
        (checked,) = sessions.check(file, app.home.work, key.parent)
        assert (checked.signer, checked.standing) == (SIGNER, Standing.VALID)
        assert signings.signers(app.store, dossier.id)[version.id] == lan.name
        outgoing = now.outgoing(paper)
        assert outgoing is not None
        assert outgoing.sha256 == version.sha256
    found = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
    assert found.problems == (), "PDF/A-2b, signed or not"


def test_what_changed_since_it_was_listed_is_left_out_and_the_rest_is_signed(
    app: App, dossier: Dossier, key: Path
) -> None:
    app.keep_signing_rules(rules(key))
    first, second = (add_signable_paper(app, dossier, part) for part in ("TP01", "TP02"))
    listed = waiting(app)
    (page,) = paper_of(app, dossier.id, first).live_pages
    app.dossiers.turn(dossier.id, [page.id], 90)
    app.key.unlock(rules(key), PIN)
    turned, signed = sign(app, listed)
    assert (turned.outcome, type(turned.error)) == (Outcome.CHANGED, ListChanged)
    assert signed.outcome is Outcome.SIGNED
    bundle(app, dossier.id, first)
    (again,) = waiting(app)
    assert (again.paper_id, again.sha256 != listed[0].sha256) == (first, True)
    (done,) = sign(app, (again,))
    assert done.outcome is Outcome.SIGNED
    (twice,) = sign(app, (again,))
    assert twice.outcome is Outcome.CHANGED, "nothing is signed twice"
    assert len(paper_of(app, dossier.id, second).signings) == 1


def test_a_file_in_the_vault_that_is_not_what_was_listed_is_not_signed(
    app: App, dossier: Dossier, key: Path
) -> None:
    app.keep_signing_rules(rules(key))
    add_signable_paper(app, dossier)
    (one,) = waiting(app)
    file = app.vault.path(one.sha256)
    good = file.read_bytes()
    app.key.unlock(rules(key), PIN)
    file.write_bytes(good.replace(b"%PDF", b"%PDf"))
    (result,) = sign(app, (one,))
    assert result.error is not None
    assert (result.outcome, result.error.code) == (Outcome.FAILED, "home-damaged")
    file.write_bytes(good)
    assert waiting(app) == (one,)


def test_nothing_of_a_dossier_with_a_state_secret_is_signed(
    app: App, dossier: Dossier, key: Path
) -> None:
    first, _ = (add_signable_paper(app, dossier, part) for part in ("TP01", "TP02"))
    papers = app.dossiers.get(dossier.id).papers[:2]
    listed = batchsigning.of_dossier(app.dossiers.get(dossier.id), papers, Look.PERSONAL)
    assert len(listed) == 2
    (page,) = paper_of(app, dossier.id, first).live_pages
    found = app.clearing.find_secret(dossier.id, page.id)
    with pytest.raises(StateSecret):
        batchsigning.of_dossier(found, found.papers[:2], Look.PERSONAL)
    app.key.unlock(rules(key), PIN)
    results = sign(app, listed)
    assert [type(one.error) for one in results] == [StateSecret, StateSecret], "listed before"
    app.clearing.find_ordinary(dossier.id, page.id)
    assert [one.outcome for one in sign(app, listed)] == [Outcome.SIGNED, Outcome.SIGNED]


def test_a_wrong_pin_signs_nothing_and_is_in_no_log(
    app: App, dossier: Dossier, key: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    app.keep_signing_rules(rules(key))
    add_signable_paper(app, dossier)
    with pytest.raises(WrongPin):
        app.key.unlock(rules(key), "không phải")
    assert app.key.unlocked is None
    (result,) = sign(app, waiting(app))
    assert type(result.error) is SigningClosed
    app.key.unlock(rules(key), PIN)
    assert [one.outcome for one in sign(app, waiting(app))] == [Outcome.SIGNED]
    said = caplog.text + app.home.log.read_text(encoding="utf-8")
    assert PIN not in said
    assert "không phải" not in said
    assert SIGNER not in said


def test_without_a_key_or_an_agency_nothing_is_signed(
    app: App, dossier: Dossier, key: Path
) -> None:
    add_signable_paper(app, dossier)
    with pytest.raises(KeyNotSet):
        app.key.unlock(signings.rules(app.store), PIN)
    nameless = replace(rules(key, Look.COPY), agency="")
    app.keep_signing_rules(nameless)
    app.key.unlock(nameless, PIN)
    (result,) = sign(app, waiting(app))
    assert type(result.error) is AgencyMissing


def test_the_agency_s_copy_is_signed_over_the_officer_s_own_signature(
    app: App, dossier: Dossier, key: Path
) -> None:
    app.keep_signing_rules(rules(key, Look.COPY))
    paper_id = add_signable_paper(app, dossier)
    found = app.dossiers.get(dossier.id)
    paper = paper_of(app, dossier.id, paper_id)
    app.key.unlock(rules(key), PIN)
    (first,) = sign(app, batchsigning.of_dossier(found, [paper], Look.PERSONAL))
    assert first.version is not None
    assert kinds(app) == ["sign"], "the other signature is what the office asks for"
    (one,) = waiting(app)
    assert (one.sha256, one.look) == (first.version.sha256, Look.COPY)
    (second,) = sign(app, (one,))
    assert second.version is not None
    file = app.vault.path(second.version.sha256)
    checked = sessions.check(file, app.home.work, key.parent)
    assert [one.standing for one in checked] == [Standing.VALID, Standing.VALID]
    assert waiting(app) == ()


def test_stopping_leaves_what_is_signed_and_the_rest_waits(
    app: App, dossier: Dossier, key: Path
) -> None:
    app.keep_signing_rules(rules(key))
    for part in ("TP01", "TP02", "TP03"):
        add_signable_paper(app, dossier, part)
    listed = waiting(app)
    app.key.unlock(rules(key), PIN)
    stop = threading.Event()
    results = app.signing.sign(listed, rules(key), stop, lambda _one: stop.set())
    assert [one.outcome for one in results] == [Outcome.SIGNED, Outcome.WAITING, Outcome.WAITING]
    assert {type(one.error) for one in results[1:]} == {Stopped}
    assert [one.paper_id for one in waiting(app)] == [one.paper_id for one in listed[1:]]


def test_the_key_is_locked_by_hand_in_the_middle(app: App, dossier: Dossier, key: Path) -> None:
    app.keep_signing_rules(rules(key))
    for part in ("TP01", "TP02"):
        add_signable_paper(app, dossier, part)
    told: list[bool] = []
    app.key.subscribe(lambda: told.append(True))
    app.key.unlock(rules(key), PIN)
    listed = waiting(app)
    results = app.signing.sign(listed, rules(key), threading.Event(), lambda _one: app.key.lock())
    assert [one.outcome for one in results] == [Outcome.SIGNED, Outcome.FAILED]
    assert type(results[1].error) is SigningClosed
    assert (app.key.unlocked, told) == (None, [True])


def test_the_key_is_locked_when_nothing_was_signed_for_a_while(
    app: App, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = threading.Event()
    app.key.subscribe(locked.set)
    monkeypatch.setattr("digitizer.keyholder._MINUTE_SECONDS", 0.0)
    app.key.unlock(rules(key), PIN)
    assert locked.wait(30)
    assert app.key.unlocked is None


def test_another_key_locks_the_one_before(app: App, key: Path) -> None:
    app.keep_signing_rules(rules(key))
    app.key.unlock(rules(key), PIN)
    app.keep_signing_rules(replace(rules(key), agency="Xã khác"))
    assert app.key.unlocked is not None
    app.keep_signing_rules(replace(rules(key), path="/another.p12"))
    assert app.key.unlocked is None


def test_signatures_are_taken_back_and_the_paper_waits_again(
    app: App, dossier: Dossier, key: Path
) -> None:
    app.keep_signing_rules(rules(key))
    paper_id = add_signable_paper(app, dossier)
    listed = waiting(app)
    app.key.unlock(rules(key), PIN)
    (done,) = sign(app, listed)
    assert app.signing.withdraw(dossier.id, [paper_id]) == 1
    assert waiting(app) == listed
    assert app.signing.withdraw(dossier.id, [paper_id]) == 0
    assert done.version is not None
    assert app.vault.sound(done.version.sha256), "the file stays"
    (again,) = sign(app, listed)
    assert again.outcome is Outcome.SIGNED


def test_what_has_no_file_yet_cannot_be_listed(app: App, dossier: Dossier) -> None:
    paper_id = app.dossiers.paper_for(dossier, "TP01")
    with pytest.raises(NotBundled):
        batchsigning.line(
            app.dossiers.get(dossier.id), paper_of(app, dossier.id, paper_id), Look.PERSONAL
        )


def test_the_rule_makes_what_is_ready_wait_and_its_end_lets_it_go(
    app: App, dossier: Dossier, key: Path
) -> None:
    add_signable_paper(app, dossier)
    assert kinds(app) == []
    app.keep_signing_rules(rules(key))
    assert kinds(app) == ["sign"]
    assert signings.count(app.store, finished_only=True) == (0, 0)
    app.dossiers.finish(dossier.id)
    assert signings.count(app.store, finished_only=True) == (1, 1)
    app.keep_signing_rules(replace(rules(key), before=None))
    assert kinds(app) == []


def test_what_the_administrator_set_nobody_changes(tmp_path: Path, key: Path) -> None:
    locked = {"sign.before_sending": "copy", "sign.agency": "UBND xã", "sign.timestamps": ""}
    governed = Policy(locked=locked)
    with App(tmp_path / "home", "test", policy=governed) as app:
        found = signings.rules(app.store)
        assert (found.before, found.look, found.agency) == (Look.COPY, Look.COPY, "UBND xã")
        with pytest.raises(ByAdministrator):
            app.keep_signing_rules(replace(found, before=None))
        app.keep_signing_rules(replace(found, path=str(key), key=rules(key).key))
        assert signings.rules(app.store).path == str(key)


def test_nobody_at_the_desk_is_nobody_in_the_facts(app: App, dossier: Dossier, key: Path) -> None:
    app.keep_signing_rules(rules(key))
    add_signable_paper(app, dossier)
    app.key.unlock(rules(key), PIN)
    (done,) = sign(app, waiting(app))
    assert done.outcome is Outcome.SIGNED
    assert clerks.at_desk(app.store) is None
    assert dict(signings.signers(app.store, dossier.id)) == {}
