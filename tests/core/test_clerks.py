"""The list of who works at a desk, and who did what; homes that are older."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from olderhome import set_back

from digitizer.app import App
from digitizer.errors import ClerkBad, ClerkNameTaken, ClerkUnknown
from digitizer.storage import changes, clerks, edits, stacks

CODE = "000.00.20.H02-261122-0001"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with App(tmp_path / "home", "test") as opened:
        yield opened


def test_the_first_of_a_list_is_at_the_desk(app: App) -> None:
    assert (app.clerks.all(), app.clerks.at_desk()) == ([], None)
    lan = app.clerks.put("  Nguyễn Thị\tLan ", " lan ")
    assert (lan.name, lan.account) == ("Nguyễn Thị Lan", "lan")
    mai = app.clerks.put("Mai", "")
    assert app.clerks.all() == [lan, mai]
    assert app.clerks.at_desk() == lan
    app.clerks.use(mai.id)
    assert app.clerks.at_desk() == mai
    assert app.clerks.find("NGUYỄN thị lan") == lan
    app.clerks.use("")
    assert app.clerks.at_desk() is None


def test_a_name_is_needed_and_stands_once(app: App) -> None:
    lan = app.clerks.put("Lan", "lan")
    for name, account in (
        ("", ""),
        (" \n", ""),
        ("x" * 81, ""),
        ("Mai", "x" * 81),
        ("Mai", "a\tb"),
    ):
        with pytest.raises(ClerkBad):
            app.clerks.put(name, account)
    with pytest.raises(ClerkNameTaken):
        app.clerks.put("LAN", "")
    assert app.clerks.put("LAN", "lan2", lan.id).account == "lan2", "their own name is free"
    for wrong in ("gone", CODE):
        with pytest.raises(ClerkUnknown):
            app.clerks.use(wrong)
        with pytest.raises(ClerkUnknown):
            app.clerks.put("Mai", "", wrong)
    with pytest.raises(ClerkUnknown):
        app.clerks.find("Mai")
    assert [(one.name, one.account) for one in app.clerks.all()] == [("LAN", "lan2")]


def test_who_is_taken_off_the_list_frees_their_name_and_their_chair(app: App) -> None:
    lan = app.clerks.put("Lan", "")
    app.clerks.remove(lan.id)
    assert (app.clerks.all(), app.clerks.at_desk()) == ([], None)
    again = app.clerks.put("Lan", "")
    assert again.id != lan.id
    assert app.clerks.at_desk() == again
    known = clerks.clerk(app.store, lan.id)
    assert known is not None
    assert known.gone


def test_what_is_done_names_who_was_at_the_desk_when_it_began(app: App) -> None:
    made = app.dossiers.open_new(code=CODE)
    paper = app.dossiers.paper_for(made, None)
    lan, mai = app.clerks.put("Lan", ""), app.clerks.put("Mai", "")
    with app.store.transaction() as tx:
        changes.start_batch(tx, "one", paper, "test", "{}")
    app.clerks.use(mai.id)
    with app.store.transaction() as tx:
        changes.start_batch(tx, "one", paper, "test", "{}")  # goes on
        changes.start_batch(tx, "two", paper, "test", "{}")
        edits.record_edit(tx, made.id, "turn", {}, {})
        stacks.begin(tx, "stack", "two")
        stacks.accept(tx, "stack", [])
    app.dossiers.finish(made.id)
    app.clerks.use(lan.id)
    app.dossiers.finish(made.id)

    def who(sql: str) -> list[str | None]:
        return [row[0] for row in app.store.rows(sql)]

    assert who("SELECT clerk FROM batch ORDER BY id") == [lan.id, mai.id]
    assert who("SELECT clerk FROM edit") == [mai.id]
    assert who("SELECT accepted_by FROM stack") == [mai.id]
    assert who("SELECT finished_by FROM dossier") == [mai.id], "who finished it first"
    app.dossiers.reopen(made.id)
    assert who("SELECT finished_by FROM dossier") == [None]
    app.dossiers.finish(made.id)
    assert who("SELECT finished_by FROM dossier") == [lan.id]


def test_a_setting_that_names_nobody_stops_nothing(app: App) -> None:
    with app.store.transaction() as tx:
        changes.set_setting(tx, clerks.AT_DESK, "somebody of another home")
    made = app.dossiers.open_new(code=CODE)
    with app.store.transaction() as tx:
        paper = changes.other_paper(tx, made.id)
        changes.start_batch(tx, "one", paper, "test", "{}")
    app.dossiers.finish(made.id)
    assert app.clerks.at_desk() is None


def test_an_older_home_names_nobody(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with App(home, "test") as app:
        made = app.dossiers.open_new(code=CODE)
        paper = app.dossiers.paper_for(made, None)
        with app.store.transaction() as tx:
            changes.start_batch(tx, "one", paper, "test", "{}")
            tx.execute(
                "INSERT INTO sending (paper_id, sha256, server) VALUES (?, 'a', 's')", (paper,)
            )
    set_back(home / "digitizer.db", 11)
    with App(home, "test") as app:
        assert clerks.done(app.store, made.id) == clerks.Done({}, {}, {})
        (row,) = app.store.rows("SELECT * FROM sending")
        assert (row["clerk"], row["account"], row["at"]) == (None, "", "")
        app.clerks.put("Lan", "")
        app.dossiers.finish(made.id)
        assert clerks.done(app.store, made.id).finished == "Lan"
