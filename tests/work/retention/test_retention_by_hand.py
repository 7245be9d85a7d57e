"""Copies that go by hand, what is set, and what else lies about in a home."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from readymade import add_page, make_ready
from shelves import files, now, sound, sweep, whole

from digitizer.app import App
from digitizer.errors import ByAdministrator, CopyRemoved
from digitizer.events import Changed
from digitizer.model import Dossier, PaperState
from digitizer.plan import plan
from digitizer.policy import Policy
from digitizer.shelflife import CHANGED, DAYS, SINCE
from digitizer.storage import changes, removals
from digitizer.storage.removals import Why

# --- by hand ------------------------------------------------------------------------------


def test_a_removal_by_hand_waits_a_day_and_can_be_taken_back_until_then(
    app: App, sent: Dossier
) -> None:
    add_page(app, sent, "never sent", part="TP03")
    asked = app.retention.discard(sent.id, "quét nhầm người")
    assert asked.begun_at is None
    assert sweep(app, datetime.now(UTC) + timedelta(hours=23)).dossiers == 0
    app.retention.keep(sent.id)
    assert sweep(app, datetime.now(UTC) + timedelta(days=2)).dossiers == 0
    assert whole(app, sent)
    app.retention.discard(sent.id, "quét nhầm người")
    app.settle()
    assert sweep(app, datetime.now(UTC) + timedelta(days=2)).dossiers == 1
    gone = now(app, sent)
    never = gone.paper("TP03")
    assert never is not None
    assert (never.live_pages, gone.state(never)) == ((), PaperState.MISSING)
    assert gone.state(gone.papers[0]) is PaperState.SENT
    (removal,) = removals.begun(app.store, 9)
    assert (removal.why, removal.reason) == (Why.DISCARDED, "quét nhầm người")
    assert plan(gone, app.work.server) == ()


def test_a_dossier_that_never_was_sent_goes_at_once_where_somebody_wants_that(
    app: App, tmp_path: Path
) -> None:
    secret = app.dossiers.open_new(code="000.00.20.H02-261122-0077", holder="Lê Mật")
    make_ready(app, secret, "mat")
    mine = set(files(app))
    app.close()
    with App(tmp_path / "home", "again") as later_on:
        done = later_on.retention.discard(secret.id, "bí mật nhà nước", grace=False)
        assert done.done_at is not None and done.files == 2
        assert len(mine - files(later_on)) == 2
        assert later_on.dossiers.get(secret.id).holder == ""
        assert sound(later_on)
        with pytest.raises(CopyRemoved):
            later_on.retention.discard(secret.id, "once more")


def test_a_sweep_that_comes_in_between_does_what_was_asked_for(app: App, sent: Dossier) -> None:
    began = []

    def sweep_at_once(_change: Changed) -> None:
        began.append(app.retention.begin_due(datetime.now(UTC)))

    app.events.subscribe(sweep_at_once)
    done = app.retention.discard(sent.id, "quét nhầm người", grace=False)
    assert 1 in began
    assert done.begun_at is not None
    assert done.reason == "quét nhầm người"


def test_it_goes_on_by_itself_behind_other_work_and_ends_with_the_home(
    app: App, sent: Dossier
) -> None:
    with app.store.transaction() as tx:
        long_ago = "2026-01-01T00:00:00.000000+00:00"
        tx.execute("UPDATE receipt SET at = ?", (long_ago,))
        tx.execute("UPDATE dossier SET finished_at = ?", (long_ago,))
        tx.execute("UPDATE setting SET value = ? WHERE name IN (?, ?)", (long_ago, SINCE, CHANGED))
    app.settle()
    gone = threading.Event()

    def look(change: Changed) -> None:
        if change.facts and now(app, sent).removed_at is not None:
            gone.set()

    app.events.subscribe(look)
    app.sweeper.start(after=0.0)
    assert gone.wait(60)
    app.close()
    assert not [one for one in threading.enumerate() if one.name == "sweeper"]


# --- what is set --------------------------------------------------------------------------


def test_another_number_of_days_holds_a_day_after_it_was_seen(app: App, sent: Dossier) -> None:
    moment = datetime.now(UTC) + timedelta(days=20)
    assert sweep(app, moment).dossiers == 0
    with app.store.transaction() as tx:
        changes.set_setting(tx, DAYS, "5")  # as the administrator's file does it
    assert sweep(app, moment).dossiers == 0, "nobody had the time to see it"
    assert sweep(app, moment + timedelta(hours=25)).dossiers == 1


def test_in_a_home_that_has_dossiers_already_days_count_from_when_the_rule_came(
    app: App, sent: Dossier
) -> None:
    with app.store.transaction() as tx:
        tx.execute("DELETE FROM setting WHERE name LIKE 'retention.%'")
        tx.execute("UPDATE receipt SET at = '2020-01-01T00:00:00.000000+00:00'")
        tx.execute("UPDATE dossier SET finished_at = '2020-01-01T00:00:00.000000+00:00'")
    assert sweep(app, datetime.now(UTC)).dossiers == 0
    assert sweep(app, datetime.now(UTC) + timedelta(days=29)).dossiers == 0
    assert sweep(app, datetime.now(UTC) + timedelta(days=31)).dossiers == 1


def test_an_administrator_locks_it(tmp_path: Path) -> None:
    policy = Policy(locked={DAYS: "90"})
    with App(tmp_path / "governed", "test", policy=policy) as app:
        assert app.retention.life().days == 90
        with pytest.raises(ByAdministrator):
            app.retention.set(None)
        assert app.retention.set(90).days == 90


def test_a_setting_nobody_understands_removes_nothing(app: App, sent: Dossier) -> None:
    with app.store.transaction() as tx:
        changes.set_setting(tx, DAYS, "soon")
    assert app.retention.life().days is None
    assert sweep(app).dossiers == 0


# --- what else lies about -----------------------------------------------------------------


def test_old_backups_leftovers_logs_and_strays_go_and_are_noted_and_young_ones_stay(
    app: App, sent: Dossier
) -> None:
    home = app.home
    app.retention.keep(sent.id)
    old = {
        home.backups / "digitizer-v1.db": 40,
        home.rescued / "0001.jpg": 200,
        home.log.parent / "digitizer.log.3": 100,
        app.vault.path("a" * 64): 40,
        app.vault.path("b" * 64).with_suffix(".age"): 40,  # of a time when the home was encrypted
    }
    young = {
        home.backups / "digitizer-v2.db": 20,
        home.rescued / "0002.jpg": 100,
        home.log.parent / "digitizer.log.1": 50,
    }
    for file, days in {**old, **young}.items():
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(file.name.encode())
        moment = (datetime.now(UTC) - timedelta(days=days)).timestamp()
        os.utime(file, (moment, moment))
    sweep(app, datetime.now(UTC))
    stray = [file for file in old if file.is_relative_to(home.vault)]
    assert [file for file in old if file.exists()] == stray, "it was put there just now"
    assert all(file.exists() for file in young)
    app.retention.set(7)
    sweep(app, datetime.now(UTC) + timedelta(days=6))
    assert all(file.exists() for file in stray)
    sweep(app, datetime.now(UTC) + timedelta(days=8))
    assert not any(file.exists() for file in stray)
    assert whole(app, sent)
    kinds = [one.kind for one in removals.log(app.store, 99) if not one.code]
    assert sorted(kinds) == ["backup", "log", "rescued", "stray", "stray"]
    assert all(len(one.sha256) == 64 for one in removals.log(app.store, 99))


def test_where_nothing_is_removed_by_its_age_nothing_else_is_either(app: App) -> None:
    app.retention.set(None)
    backup = app.home.backups / "digitizer-v1.db"
    backup.write_bytes(b"old")
    os.utime(backup, (0, 0))
    sweep(app)
    assert backup.exists()
