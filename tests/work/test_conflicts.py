"""Conflicts, against a real sandbox over HTTP in which another desk and the office meddle: found on
the way down and when an upload meets them, never overwritten, decided by the clerk, both kept."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest
from readymade import (
    CODE,
    TEMPLATE,
    add_page,
    bundle,
    down,
    fresh,
    held,
    is_sent,
    make_ready,
    open_ones,
    up,
    use,
)

from digitizer.app import App
from digitizer.conflicts import Met
from digitizer.errors import ChoiceImpossible, ConflictUnknown
from digitizer.model import Dossier, PaperState
from digitizer.plan import plan
from digitizer.sandbox.meddling import Meddling
from digitizer.sandbox.server import Address
from digitizer.storage import bundles
from digitizer.verifying import verify
from digitizer.versions import Choice, Kind

THEIRS = b"%PDF of another desk"


@pytest.fixture
def there(tmp_path: Path, sandbox: Address) -> Meddling:
    """The hand that meddles at the server."""
    return Meddling(tmp_path / "sandbox")


@pytest.fixture
def dossier(app: App, sandbox: Address) -> Dossier:
    """The first dossier that waits at the server, brought down; the lane sends."""
    use(app, sandbox)
    down(app)
    app.sync.start()
    return app.dossiers.find(CODE)


def only(app: App) -> Met:
    (found,) = open_ones(app)
    return found


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def kept(app: App, content: bytes) -> bool:
    """Whether these bytes are in the vault, and a row names them."""
    found = verify(app.home, app.store, app.vault, threading.Event(), lambda *_: None)
    named = {one.theirs for _, ones in _conflicts(app) for one in ones}
    problems = [one for one in found.problems if one.subject.startswith(sha256(content))]
    return not problems and app.vault.sound(sha256(content)) and sha256(content) in named


def _conflicts(app: App) -> list[tuple[str, tuple]]:  # type: ignore[type-arg]
    dossier = app.dossiers.find(CODE)
    return [(paper.part, paper.conflicts) for paper in dossier.papers]


def sent_then_changed(app: App, there: Meddling, dossier: Dossier, part: str = "TP01") -> None:
    paper = make_ready(app, dossier, "ours", part)
    up(app)
    assert is_sent(app, dossier, part)
    there.change(CODE, paper.id, THEIRS)


# --- changed there ------------------------------------------------------------------------------


def test_a_file_that_was_changed_there_is_found_on_the_way_down(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    sent_then_changed(app, there, dossier)
    down(app)
    found = only(app)
    assert (found.conflict.kind, found.conflict.theirs) == (Kind.CHANGED, sha256(THEIRS))
    assert kept(app, THEIRS)
    now = app.dossiers.get(dossier.id)
    assert now.state(fresh(app, dossier)) is PaperState.READY, "not proven to be there any more"
    assert plan(now, app.work.server) == ()
    up(app)
    assert there.read(CODE, found.paper.id) == THEIRS, "never overwritten"
    down(app)
    assert len(open_ones(app)) == 1, "told once"


def test_what_an_upload_meets_is_kept_and_not_overwritten(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    sent_then_changed(app, there, dossier)
    add_page(app, dossier, "a second page")
    bundle(app, dossier)
    up(app)
    found = only(app)
    assert found.conflict.kind is Kind.CHANGED
    assert there.read(CODE, found.paper.id) == THEIRS
    assert kept(app, THEIRS)


@pytest.mark.parametrize("part", ["TP01", "TP03"])
def test_ours_is_put_in_its_place_where_the_clerk_says_so(
    app: App, there: Meddling, dossier: Dossier, part: str
) -> None:
    sent_then_changed(app, there, dossier, part)
    down(app)
    decided = app.conflicts.resolve(only(app).conflict.id, Choice.MINE)
    assert decided.conflict.choice is Choice.MINE
    assert decided.conflict.decided_at is not None
    assert open_ones(app) == []
    up(app)
    assert is_sent(app, dossier, part)
    assert there.read(CODE, decided.paper.id) == held(app, dossier, part)
    assert there.keys(CODE) == (decided.paper.id,)
    assert kept(app, THEIRS)
    with pytest.raises(ChoiceImpossible):
        app.conflicts.resolve(decided.conflict.id, Choice.THEIRS)


def test_theirs_stays_and_ours_is_not_sent_where_the_clerk_says_so(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    sent_then_changed(app, there, dossier)
    down(app)
    app.conflicts.resolve(only(app).conflict.id, Choice.THEIRS)
    up(app)
    down(app)
    assert open_ones(app) == []
    assert not is_sent(app, dossier)
    assert there.read(CODE, there.keys(CODE)[0]) == THEIRS
    assert held(app, dossier), "both versions stay"
    add_page(app, dossier, "scanned once more")
    bundle(app, dossier)
    up(app)
    assert only(app).conflict.kind is Kind.CHANGED, "another version is asked about anew"


def test_a_decision_can_be_changed_until_ours_was_sent(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    sent_then_changed(app, there, dossier)
    down(app)
    number = only(app).conflict.id
    app.conflicts.resolve(number, Choice.THEIRS)
    app.conflicts.resolve(number, Choice.MINE)
    up(app)
    assert is_sent(app, dossier)


def test_both_are_kept_there_only_where_the_component_takes_several(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    sent_then_changed(app, there, dossier, "TP03")
    down(app)
    found = only(app)
    assert found.choices == (Choice.MINE, Choice.THEIRS, Choice.BOTH)
    app.conflicts.resolve(found.conflict.id, Choice.BOTH)
    up(app)
    assert is_sent(app, dossier, "TP03")
    first, second = there.keys(CODE)
    assert (first, there.read(CODE, first)) == (found.paper.id, THEIRS)
    assert there.read(CODE, second) == held(app, dossier, "TP03")
    down(app)
    assert open_ones(app) == []
    sent_then_changed(app, there, dossier, "TP01")
    down(app)
    with pytest.raises(ChoiceImpossible):
        app.conflicts.resolve(only(app).conflict.id, Choice.BOTH)


def test_a_second_change_there_is_not_overwritten_by_a_decision_about_the_first(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    sent_then_changed(app, there, dossier)
    down(app)
    found = only(app)
    there.change(CODE, found.paper.id, b"%PDF changed once more")
    app.conflicts.resolve(found.conflict.id, Choice.MINE)
    up(app)
    assert there.read(CODE, found.paper.id) == b"%PDF changed once more"
    assert only(app).conflict.theirs == sha256(b"%PDF changed once more")


def test_what_the_server_has_forgotten_goes_again_by_itself(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    paper = make_ready(app, dossier, "ours")
    up(app)
    there.forget(CODE, paper.id)
    down(app)
    assert open_ones(app) == []
    up(app)
    assert is_sent(app, dossier)
    assert there.read(CODE, paper.id) == held(app, dossier)


def test_an_older_version_of_ours_that_came_back_there_is_no_conflict(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    paper = make_ready(app, dossier, "ours")
    up(app)
    older = held(app, dossier)
    add_page(app, dossier, "a second page")
    bundle(app, dossier)
    up(app)
    there.change(CODE, paper.id, older)
    down(app)
    assert open_ones(app) == []
    up(app)
    assert there.read(CODE, paper.id) == held(app, dossier) != older


def test_what_did_not_change_is_not_read_back(
    app: App, there: Meddling, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ready(app, dossier, "ours")
    up(app)
    read: list[str] = []
    system = app.servers.connect().system  # the one that the way down is gone with, too
    known = system.read
    monkeypatch.setattr(system, "read", lambda *asked: read.append("read") or known(*asked))
    down(app)
    assert read == []


# --- another desk -------------------------------------------------------------------------------


def test_another_desks_file_for_a_part_that_takes_one_is_met_before_the_upload(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    there.put(CODE, "TP01", THEIRS, "other-desk-0001", "Tờ khai (quầy 2)")
    make_ready(app, dossier, "ours")
    up(app)
    found = only(app)
    assert (found.conflict.kind, found.conflict.ref) == (Kind.OTHER, "other-desk-0001")
    assert found.conflict.word == "Tờ khai (quầy 2)"
    assert kept(app, THEIRS)
    assert there.keys(CODE) == ("other-desk-0001",)
    assert fresh(app, dossier).elsewhere == 1


def test_ours_takes_the_place_of_another_desks_file_under_its_key(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    there.put(CODE, "TP01", THEIRS, "other-desk-0001")
    make_ready(app, dossier, "ours")
    down(app)
    app.conflicts.resolve(only(app).conflict.id, Choice.MINE)
    up(app)
    assert is_sent(app, dossier)
    assert there.keys(CODE) == ("other-desk-0001",), "one file, as the part takes one"
    assert there.read(CODE, "other-desk-0001") == held(app, dossier)
    assert fresh(app, dossier).elsewhere == 0
    add_page(app, dossier, "a second page")
    bundle(app, dossier)
    up(app)
    assert there.keys(CODE) == ("other-desk-0001",)
    assert there.read(CODE, "other-desk-0001") == held(app, dossier)


def test_another_desks_file_beside_ours_is_fine_where_the_part_takes_several(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    there.put(CODE, "TP03", THEIRS, "other-desk-0001")
    make_ready(app, dossier, "ours", "TP03")
    up(app)
    assert is_sent(app, dossier, "TP03")
    assert open_ones(app) == []
    assert fresh(app, dossier, "TP03").elsewhere == 1


# --- closed there -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["done", "denied", "cancelled", "unresolved"])
def test_nothing_goes_into_a_dossier_that_was_closed_before_the_clerk_says_so(
    app: App, there: Meddling, dossier: Dossier, status: str
) -> None:
    there.stand(CODE, status)
    make_ready(app, dossier, "ours")
    make_ready(app, dossier, "another", "TP02")
    up(app)
    assert there.keys(CODE) == ()
    assert {(one.conflict.kind, one.conflict.word) for one in open_ones(app)} == {
        (Kind.CLOSED, status)
    }
    app.conflicts.resolve(open_ones(app)[0].conflict.id, Choice.MINE)
    assert open_ones(app) == [], "one decision for the dossier"
    up(app)
    assert is_sent(app, dossier)
    assert is_sent(app, dossier, "TP02")


def test_a_dossier_that_was_closed_is_found_on_the_way_down_before_anything_is_sent(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    app.sync.stop()
    make_ready(app, dossier, "ours")
    there.stand(CODE, "cancelled")
    down(app)
    assert only(app).conflict.kind is Kind.CLOSED
    assert app.dossiers.get(dossier.id).ended
    app.conflicts.resolve(only(app).conflict.id, Choice.THEIRS)
    assert plan(app.dossiers.get(dossier.id), app.work.server) == ()


# --- a part that is gone ------------------------------------------------------------------------


def test_a_paper_that_the_list_lost_keeps_its_pages_and_is_not_sent_unasked(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    there.drop_part(TEMPLATE, "TP04")
    make_ready(app, dossier, "ours", "TP04")
    up(app)
    found = only(app)
    assert found.conflict.kind is Kind.DROPPED
    assert found.paper.dropped
    assert len(found.paper.live_pages) == 1
    other = app.dossiers.get(dossier.id).paper("TP02")
    assert other is not None
    app.dossiers.move(dossier.id, [found.paper.pages[0].id], other.id)
    assert open_ones(app) == [], "its pages went where they belong"
    with pytest.raises(ConflictUnknown):
        app.conflicts.resolve(found.conflict.id, Choice.THEIRS)


def test_receipts_survive_what_is_none_of_their_business(
    app: App, there: Meddling, dossier: Dossier
) -> None:
    paper = make_ready(app, dossier, "ours")
    up(app)
    server = app.work.server or ""
    before = bundles.marks(app.store, dossier.id, server)
    assert before[paper.id]
    there.put(CODE, "TP02", THEIRS, "other-desk-0001")
    down(app)
    assert is_sent(app, dossier)
    assert bundles.marks(app.store, dossier.id, server) == before
