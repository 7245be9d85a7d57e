"""Rows deleted or changed with another program: the audit record still knows of them, and nothing
of their dossier leaves. How ``verify`` tells of such rows: ``tests/storage/test_audit_rows.py``."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest
from readymade import add_page, fresh, is_sent, make_ready, two_ready, up, uploads

from digitizer import clearing, plan
from digitizer.app import App
from digitizer.bridge.orders import Orders
from digitizer.errors import RecordContradicts, StateSecretSuspected
from digitizer.exporting import export
from digitizer.model import Dossier, Page
from digitizer.secrecy import How, Level, Mark
from digitizer.storage import auditlog, recorded, secrecy
from digitizer.work.queue import Claim

MAT = Mark(Level.MAT, How.STAMP, "MẬT", 0.95)
STILL = threading.Event()
DECIDED = (
    "INSERT INTO secrecy_decision (sha256, dossier_id, secret, levels, at) "
    "VALUES ('{page}', '{dossier}', 0, 'mat', '2026-11-26')"
)


def intrude(app: App, *statements: str) -> None:
    """Change the database as somebody would who has a program for it, and knows its guards."""
    with contextlib.closing(sqlite3.connect(app.home.database)) as raw, raw:
        for name in ("never_changed", "never_removed", "only_behind"):
            raw.execute(f"DROP TRIGGER IF EXISTS audit_{name}")
        for sql in statements:
            raw.execute(sql)


@pytest.fixture
def ready(app: App, waiting: Dossier) -> Dossier:
    return two_ready(app, waiting)


def page_of(app: App, dossier: Dossier, part: str = "TP02") -> Page:
    return fresh(app, dossier, part).pages[-1]


def bear(app: App, page: Page) -> None:
    app.dossiers.note_look(page.sha256, page.full_turn or 0, page.box, [MAT])
    app.settle()


def sends_nothing(app: App, ready: Dossier, out: Path) -> str:
    """Try to send and to export; return the code of what stops the export."""
    for claimed in ready.papers:  # also what was claimed before
        made = app.dossiers.get(ready.id).bundle(claimed)
        if made is not None:
            claim = Claim(ready.id, plan.WorkKind.UPLOAD, claimed.id, made.sha256, 1)
            with contextlib.suppress(RecordContradicts):
                app.syncing.run(claim, STILL)
    app.events.publish(ready.id)
    app.sync.start()
    up(app)
    assert app.store.rows("SELECT * FROM sending") == []
    assert not is_sent(app, ready)
    out.mkdir(exist_ok=True)
    (one,) = export(app.store, app.vault, out, [ready.id], STILL)
    assert one.papers == 0
    assert list(out.rglob("*.pdf")) == []
    assert one.error is not None
    with app.store.transaction() as tx:
        assert secrecy.bars(tx, ready.id)
    return one.error.code


def test_a_marking_that_was_deleted_is_asked_about_all_the_same(
    app: App, ready: Dossier, tmp_path: Path
) -> None:
    page = page_of(app, ready)
    bear(app, page)
    intrude(app, "DELETE FROM secrecy_mark")
    assert sends_nothing(app, ready, tmp_path / "out") == StateSecretSuspected.code
    assert secrecy.dossiers(app.store) == [ready.id]
    (suspect,) = clearing.waiting(app.store)
    assert (suspect.page.id, suspect.level) == (page.id, Level.MAT)
    assert any("bears no such marking" in one for one in auditlog.faults(app.store))
    app.clearing.find_ordinary(ready.id, page.id)
    assert uploads(app) == 2, "somebody looked, knowing what the record knows"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE secrecy_mark SET level = 'unknown' WHERE level = 'tuyet-mat'",
        "UPDATE secrecy_mark SET sha256 = 'x'",
        "DELETE FROM secrecy_mark; DROP INDEX audit_image",
    ],
)
def test_a_marking_that_was_changed_stops_its_dossier(
    app: App, ready: Dossier, tmp_path: Path, sql: str
) -> None:
    bear(app, page_of(app, ready))
    app.clearing.find_ordinary(ready.id, page_of(app, ready).id)
    bear_more = Mark(Level.TUYET_MAT, How.STAMP, "TUYỆT MẬT", 0.95)
    page = page_of(app, ready)
    app.dossiers.note_look(page.sha256, page.full_turn or 0, page.box, [bear_more])
    intrude(app, *sql.split("; "))
    assert sends_nothing(app, ready, tmp_path / "out") == StateSecretSuspected.code


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM secrecy_decision",
        "UPDATE secrecy_decision SET secret = 0",
        "INSERT INTO secrecy_decision SELECT NULL, sha256, dossier_id, 0, levels, clerk, at "
        "FROM secrecy_decision",
    ],
)
def test_a_decision_that_is_not_the_recorded_one_stops_its_dossier(
    app: App, ready: Dossier, tmp_path: Path, sql: str
) -> None:
    """Of a page that no program found anything on, and a person did."""
    app.clearing.find_secret(ready.id, page_of(app, ready).id)
    intrude(app, sql)
    assert sends_nothing(app, ready, tmp_path / "out") == RecordContradicts.code
    app.clearing.find_ordinary(ready.id, page_of(app, ready).id)
    with app.store.transaction() as tx:
        assert not secrecy.bars(tx, ready.id), "whoever decides again knows what they say"


def test_a_decision_that_nobody_made_counts_for_nothing(
    app: App, ready: Dossier, tmp_path: Path
) -> None:
    page = page_of(app, ready)
    bear(app, page)
    intrude(
        app,
        DECIDED.format(page=page.sha256, dossier=ready.id),
    )
    assert sends_nothing(app, ready, tmp_path / "out") == RecordContradicts.code


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM page WHERE id = '{page}'",
        "UPDATE page SET sha256 = (SELECT sha256 FROM page WHERE id <> '{page}') "
        "WHERE id = '{page}'",
        "UPDATE page SET paper_id = '{other}' WHERE id = '{page}'",
        "UPDATE paper SET dossier_id = (SELECT dossier_id FROM paper WHERE id = '{other}'), "
        "part = 'X' WHERE id = (SELECT paper_id FROM page WHERE id = '{page}')",
    ],
)
@pytest.mark.parametrize("came", ["scanned", "moved"])
def test_a_page_that_is_gone_stops_what_is_left_of_its_dossier(
    app: App, ready: Dossier, tmp_path: Path, sql: str, came: str
) -> None:
    """Also one that nothing was found on: what it bore nobody knows any more."""
    page = page_of(app, ready)
    other = app.dossiers.open_new(code="000.00.20.H02-261122-0078")
    there = app.dossiers.paper_for(other, "TP01")
    if came == "moved":
        with app.store.transaction() as tx:
            for paper in (there, page.paper_id):
                tx.execute("UPDATE page SET paper_id = ? WHERE id = ?", (paper, page.id))
    with app.store.transaction() as tx:
        assert not secrecy.bars(tx, ready.id)
    intrude(app, sql.format(page=page.id, other=there))
    assert sends_nothing(app, ready, tmp_path / "out") == RecordContradicts.code
    assert list(auditlog.faults(app.store))


def test_what_is_sent_of_it_waits_for_somebody(app: App, ready: Dossier) -> None:
    """It is told, and not tried again and again."""
    intrude(app, f"DELETE FROM page WHERE id = '{page_of(app, ready).id}'")  # noqa: S608
    app.events.publish(ready.id)
    app.sync.start()
    up(app)
    assert uploads(app) == 0
    assert app.work.left(plan.SYNC, parked=True) >= 1
    errors = {row["error"] for row in app.store.rows("SELECT error FROM work WHERE parked = 1")}
    assert errors == {RecordContradicts.code}


def test_what_a_page_leaves_behind_by_the_verbs_stops_nothing(app: App, ready: Dossier) -> None:
    """Moved, moved on, taken out, found no more by a newer look, decided anew."""
    page = page_of(app, ready)
    bear(app, page)
    with app.store.transaction() as tx:
        secrecy.put_marks(tx, page.sha256, [], looked=99)
        tx.execute("UPDATE words SET looked = 99")
    for secret in (app.clearing.find_secret, app.clearing.find_ordinary):
        secret(ready.id, page.id)
    for number in range(2):
        other = app.dossiers.open_new(code=f"000.00.20.H02-261122-008{number}")
        there = app.dossiers.paper_for(other, "TP01")
        with app.store.transaction() as tx:
            tx.execute("UPDATE page SET paper_id = ? WHERE id = ?", (there, page.id))
    for found in app.dossiers.heads():
        with app.store.transaction() as tx:
            assert not secrecy.bars(tx, found.id)
    assert list(auditlog.faults(app.store)) == []


def test_a_web_page_is_given_nothing_of_it(app: App) -> None:
    orders = Orders(app)
    order = orders.begin("https://motcua.tanlap.example")
    dossier = app.dossiers.get(order.dossier_id)
    made = make_ready(app, dossier, "trang mot", dossier.papers[0].part)
    (page,) = made.live_pages
    bear(app, page)
    intrude(app, "DELETE FROM secrecy_mark")
    with pytest.raises(StateSecretSuspected):
        orders.made(order, threading.Event(), 0.0)
    app.clearing.find_ordinary(dossier.id, page.id)
    assert orders.made(order, threading.Event(), 0.0).pages == 1
    intrude(app, "DELETE FROM secrecy_decision", "DELETE FROM secrecy_mark")
    with app.store.transaction() as tx:
        assert secrecy.bars_paper(tx, made.id)


def test_a_home_whose_decisions_are_older_than_the_record_goes_on(app: App, ready: Dossier) -> None:
    page = page_of(app, ready)
    decided = DECIDED.format(page=page.sha256, dossier=ready.id)
    intrude(app, decided, """UPDATE audit SET detail = '{"secrecy_decision":1}' WHERE seq = 1""")
    assert not recorded.contradicts(app.store.reader, ready.id)
    intrude(app, "UPDATE audit SET detail = 'no json'")
    assert recorded.contradicts(app.store.reader, ready.id), "and no forged line ends the asking"


def test_only_a_few_lines_are_looked_at(app: App, ready: Dossier) -> None:
    """By indexes: a home of years has hundreds of thousands of lines."""
    add_page(app, ready, "them")
    asked: list[str] = []
    connection = app.store.reader
    connection.set_trace_callback(asked.append)
    try:
        secrecy.barred(app.store, ready.id)
        recorded.lost_marks(app.store, ready.id)
    finally:
        connection.set_trace_callback(None)
    plans = [
        str(row["detail"])
        for sql in asked
        if "audit" in sql
        for row in app.store.rows(f"EXPLAIN QUERY PLAN {sql}")
    ]
    names = {"said", "later", "line"}
    found = [one for one in plans if one.split()[1] in names]
    assert len(asked) >= 4
    assert found
    assert all(one.startswith("SEARCH") for one in found), found
