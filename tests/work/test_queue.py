"""The work table: equal to the plan, with books that survive."""

from __future__ import annotations

from typing import Any

import pytest

from digitizer.app import App
from digitizer.errors import BundleInvalid, Offline, ProgramTimeout, Remedy, UploadConflict
from digitizer.model import Dossier, Reading
from digitizer.plan import LOCAL, SYNC, WorkKind
from digitizer.storage import queries
from digitizer.storage.store import Store
from digitizer.work.queue import LOCAL_ATTEMPTS, Claim, WorkQueue, troubles, wait_seconds

BLANK = Reading(827, 1169, 100.0, 100.0, True, 0.0, 0, 0.0)


def table(app: App) -> list[tuple[Any, ...]]:
    """The table as it grows back: numbers of places are never given twice."""
    rows = app.store.rows("SELECT *, 0 AS place FROM work ORDER BY kind, subject")
    return [tuple({**dict(row), "place": 0}.values()) for row in rows]


def test_the_table_grows_back_when_emptied(app: App, dossier: Dossier, add_pages: Any) -> None:
    add_pages(dossier, "one", "two")
    before = table(app)
    assert len(before) == 2
    with app.store.transaction() as tx:
        tx.execute("DELETE FROM work")
    app.planner.plan_all()
    app.settle()
    assert table(app) == before


def test_work_done_while_its_dossier_is_planned_does_not_come_back(
    app: App, dossier: Dossier, add_pages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planner has read the facts from before the reading; then the page is read."""
    add_pages(dossier, "one")
    claim = app.work.claim(LOCAL)
    assert claim is not None
    real = queries.dossier

    def read_meanwhile(store: Store, dossier_id: str) -> Dossier | None:
        monkeypatch.setattr(queries, "dossier", real)
        before = real(store, dossier_id)
        app.dossiers.note_reading(claim.subject, BLANK)
        app.work.done(claim)
        app.settle()
        return before

    monkeypatch.setattr(queries, "dossier", read_meanwhile)
    WorkQueue(app.store, None).replan(dossier.id)
    assert WorkKind.READ not in [row[1] for row in table(app)]


def test_work_is_claimed_once_and_its_attempt_counted_first(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    add_pages(dossier, "one")
    claim = app.work.claim(LOCAL)
    assert claim is not None
    assert claim.attempts == 1
    assert app.store.rows("SELECT attempts FROM work")[0][0] == 1
    assert app.work.claim(LOCAL) is None
    app.work.give_back(claim)
    again = app.work.claim(LOCAL)
    assert again is not None
    assert again.attempts == 1, "an attempt that was broken off is not counted"


def test_work_that_kills_the_program_is_parked_in_the_end(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    """Nobody settles these claims, as if each attempt had taken the process down."""
    add_pages(dossier, "one")
    for attempt in range(1, LOCAL_ATTEMPTS + 1):
        claim = WorkQueue(app.store, None).claim(LOCAL)
        assert claim is not None
        assert claim.attempts == attempt
    assert WorkQueue(app.store, None).claim(LOCAL) is None
    (trouble,) = troubles(app.store)
    assert trouble.parked
    assert trouble.error == "program-crashed"


def failed(app: App, claim: Claim | None, error: Any) -> bool:
    assert claim is not None
    return app.work.failed(claim, error)


def test_each_remedy_leads_to_its_own_books(app: App, dossier: Dossier, add_pages: Any) -> None:
    add_pages(dossier, "one")
    assert not failed(app, app.work.claim(LOCAL), ProgramTimeout())
    assert app.work.claim(LOCAL) is None, "put off"
    assert 0 < (app.work.next_due_seconds(LOCAL) or 0) < 3
    assert app.work.put_off(LOCAL) == 1
    app.work.retry(LOCAL, parked=())
    assert failed(app, app.work.claim(LOCAL), BundleInvalid())
    assert app.work.left(LOCAL, parked=True) == 1
    app.work.retry(LOCAL, parked=(Remedy.USER,))
    assert app.work.claim(LOCAL) is None, "what was refused for good waits for a decision"
    app.work.retry(LOCAL, parked=tuple(Remedy))
    assert failed(app, app.work.claim(LOCAL), UploadConflict())


def test_uploads_are_never_given_up_while_time_may_help(app: App, dossier: Dossier) -> None:
    app.settle()
    with app.store.transaction() as tx:
        tx.execute(
            "INSERT INTO work (dossier_id, kind, subject, version, attempts) "
            "VALUES (?, 'upload', 'paper', 'v', 500)",
            (dossier.id,),
        )
    assert not failed(app, app.work.claim(SYNC), Offline())


def test_the_wait_grows_and_is_capped() -> None:
    waits = [wait_seconds(attempt) for attempt in range(1, 60)]
    assert 1.5 <= waits[0] <= 2.5
    assert 3 <= waits[1] <= 5
    assert 675 <= wait_seconds(1025) <= wait_seconds(10**6) * 2
    assert all(675 <= wait <= 1125 for wait in waits[12:])


def test_an_edit_starts_the_attempts_anew(app: App, dossier: Dossier, add_pages: Any) -> None:
    add_pages(dossier, "one")
    with app.store.transaction() as tx:
        tx.execute("DELETE FROM work")
        tx.execute(
            "INSERT INTO work (dossier_id, kind, subject, version, attempts, parked) "
            "VALUES (?, 'bundle', 'paper', 'old', 4, 1)",
            (dossier.id,),
        )
    app.work.replan(dossier.id)
    assert [row[0] for row in app.store.rows("SELECT kind FROM work")] == ["read"]


def test_finished_dossiers_can_be_asked_for_alone(app: App, dossier: Dossier) -> None:
    app.settle()
    with app.store.transaction() as tx:
        tx.execute(
            "INSERT INTO work (dossier_id, kind, subject, version) VALUES (?, 'upload', 'p', 'v')",
            (dossier.id,),
        )
    assert app.work.claim(SYNC, finished_only=True) is None
    with app.store.transaction() as tx:
        tx.execute("UPDATE dossier SET finished_at = '2026'")
    claim = app.work.claim(SYNC, finished_only=True)
    assert claim is not None
    assert claim.kind is WorkKind.UPLOAD
