"""The lists of the day: what waits, what leaves, what hangs; against a real sandbox and lanes."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digitizer import departures, worklist
from digitizer import hanging as hang
from digitizer.app import App
from digitizer.departures import leaving, left
from digitizer.digitized import digitized
from digitizer.hanging import Hanging, hanging
from digitizer.model import Dossier
from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.server import Address
from digitizer.servers import Server
from digitizer.storage import stacks
from digitizer.storage.store import stamp
from digitizer.work.queue import outbox
from digitizer.worklist import Stage, Stays, day, open_tasks

MOST = 300
TODAY = datetime.now(UTC) - timedelta(hours=1)
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def server(app: App, sandbox: Address) -> str:
    """The name of the system that is set, whose list is fetched."""
    server = Server("opencps", sandbox.url, sandbox.group, sandbox.user)
    app.servers.set(server, sandbox.password)
    app.server_changed()
    app.syncing.down(threading.Event())
    return server.name


def task(app: App, server: str | None, code: str) -> worklist.Task:
    return next(t for t in day(app.store, server, TODAY, MOST).tasks if t.dossier.code == code)


def code(serial: int) -> str:
    return f"000.00.20.H02-261122-{serial:04d}"


def worked(app: App) -> None:
    app.local.until_idle(threading.Event())
    app.settle()


def sent(app: App) -> None:
    app.sync.until_idle(threading.Event(), one_round=True)
    app.settle()


def at_server(tmp_path: Path, field: str, value: str, code: str) -> None:
    """Change a dossier at the procedure system, behind everybody's back."""
    with (
        contextlib.closing(sqlite3.connect(tmp_path / "sandbox" / "sandbox.sqlite")) as behind,
        behind,
    ):
        sql = f"UPDATE dossier SET {field} = ? WHERE no = ?"  # noqa: S608
        behind.execute(sql, (value, code))


def test_the_list_is_what_waits_at_the_server_the_first_due_first(app: App, server: str) -> None:
    read = day(app.store, server, TODAY, MOST)
    assert [t.dossier.code for t in read.tasks] == [code(n) for n in range(1, 11)]
    assert all(t.listed and t.stage is Stage.UNSCANNED for t in read.tasks)
    dues = [t.dossier.due_at for t in read.tasks]
    assert dues[:9] == sorted(due for due in dues if due is not None)
    assert dues[9] is None, "not received yet: nothing is promised"
    assert [t.dossier.unreceived for t in read.tasks] == [False] * 9 + [True]
    assert read.total == open_tasks(app.store, server, TODAY) == 10
    assert read.fetched_at is not None
    few = day(app.store, server, TODAY, 4)
    assert (len(few.tasks), few.total) == (4, 10)


def test_what_left_the_list_is_shown_no_more_and_that_is_known_after_a_restart(
    app: App, server: str, tmp_path: Path
) -> None:
    at_server(tmp_path, "status", "done", code(3))
    at_server(tmp_path, "due", "2026-11-23 09:00:00", code(9))
    app.syncing.down(threading.Event())
    app.close()
    with App(tmp_path / "home", "test") as again:
        codes = [t.dossier.code for t in day(again.store, server, TODAY, MOST).tasks]
        assert code(3) not in codes
        assert codes[0] == code(9), "its date was changed over there"


def test_a_list_that_was_not_read_to_its_end_changes_nothing(
    app: App, server: str, faults: Faults
) -> None:
    before = day(app.store, server, TODAY, MOST)
    faults.set(Fault.NONSENSE)
    met: list[object] = []
    app.syncing.down(threading.Event(), met.append)
    assert met
    assert day(app.store, server, TODAY, MOST) == before


def test_another_server_has_another_list(app: App, server: str) -> None:
    assert day(app.store, "folder x", TODAY, MOST) == worklist.Day((), 0, None)


def test_a_dossier_goes_through_its_stages(app: App, server: str, add_pages: Any) -> None:
    mine = app.dossiers.find(code(2))
    add_pages(mine, "To khai")
    assert task(app, server, code(2)).stage is Stage.BEGUN
    assert task(app, server, code(2)).pages == 1
    app.local.start()
    worked(app)
    app.dossiers.finish(mine.id)
    assert task(app, server, code(2)).stage is Stage.WAITING
    app.sync.start()
    sent(app)
    assert task(app, server, code(2)).stage is Stage.SENT
    assert task(app, server, code(2)).no_result
    assert open_tasks(app.store, server, TODAY) == 9
    add_pages(app.dossiers.get(mine.id), "Them", part="TP02")
    assert task(app, server, code(2)).stage is Stage.WAITING


def test_what_waits_and_does_not_go_says_why(app: App, server: str, add_pages: Any) -> None:
    mine = app.dossiers.find(code(2))
    batch = add_pages(mine, "To khai")
    with app.store.transaction() as tx:
        stacks.begin(tx, "stack", batch)
    app.local.start()
    worked(app)
    assert task(app, server, code(2)).stays is None, "nobody is done with it"
    assert outbox(app.store).held == 0
    app.dossiers.finish(mine.id)
    app.settle()
    assert task(app, server, code(2)).stage is Stage.WAITING
    assert task(app, server, code(2)).stays is Stays.HELD
    assert outbox(app.store).held == 1
    with app.store.transaction() as tx:
        stacks.accept(tx, "stack", ())
    app.events.publish(mine.id)
    app.settle()
    assert task(app, server, code(2)).stays is None
    assert outbox(app.store).held == 0
    add_pages(mine, "Chung sinh", part="TP02")
    worked(app)
    first, second = (app.dossiers.paper_for(mine, part) for part in ("TP01", "TP02"))
    app.withhold([first])
    app.settle()
    assert task(app, server, code(2)).stays is None, "the other one goes"
    app.withhold([second])
    app.settle()
    assert task(app, server, code(2)).stays is Stays.WITHHELD


def test_what_was_begun_here_today_is_on_it_too(app: App, add_pages: Any) -> None:
    local = app.dossiers.open_new(code=None, holder="Chưa có mã")
    old = app.dossiers.open_new(code="000.00.20.H02-261122-4711")
    with app.store.transaction() as tx:
        tx.execute(
            "UPDATE dossier SET opened_at = ? WHERE id = ?",
            (stamp(TODAY - timedelta(days=9)), old.id),
        )
    assert [t.dossier.id for t in day(app.store, None, TODAY, MOST).tasks] == [local.id]
    add_pages(old, "Hom nay")
    add_pages(app.dossiers.unsorted(), "Khong cua ai")
    assert {t.dossier.id for t in day(app.store, None, TODAY, MOST).tasks} == {local.id, old.id}
    assert day(app.store, None, TOMORROW, MOST).tasks == ()


def test_a_dossier_that_was_not_received_does_not_count_however_much_is_sent(
    app: App, server: str, tmp_path: Path
) -> None:
    assert not digitized(app.dossiers.find(code(10)), server).received
    at_server(tmp_path, "received", "2026-11-25 08:00:00", code(10))
    app.syncing.down(threading.Event())
    assert digitized(app.dossiers.find(code(10)), server).received


def test_the_outbox_is_in_the_order_it_goes(app: App, server: str, add_pages: Any) -> None:
    app.local.start()
    for serial in (5, 4, 6):
        add_pages(app.dossiers.find(code(serial)), f"Trang {serial}")
        worked(app)
    assert leaving(app.store, MOST) == (), "nobody is done with them"
    for serial in (6, 4, 5):
        app.dossiers.finish(app.dossiers.find(code(serial)).id)
    waiting = leaving(app.store, MOST)
    assert [one.dossier.code for one in waiting] == [code(5), code(4), code(6)]
    assert all((one.papers, one.unready, one.error) == (1, 0, "") for one in waiting)
    assert all(one.bytes > 1000 and one.dossier.finished_at is not None for one in waiting)
    assert left(app.store, server, TODAY, MOST) == ()
    app.sync.start()
    sent(app)
    assert leaving(app.store, MOST) == ()
    done = left(app.store, server, TODAY, MOST)
    assert [one.dossier.code for one in done] == [code(6), code(4), code(5)], "the last one first"
    assert left(app.store, server, TOMORROW, MOST) == ()
    assert left(app.store, "another", TODAY, MOST) == ()


def test_what_has_to_be_tried_again_goes_behind_and_says_when(
    app: App, server: str, add_pages: Any, faults: Faults
) -> None:
    app.local.start()
    for serial in (4, 5):
        add_pages(app.dossiers.find(code(serial)), f"Trang {serial}")
        worked(app)
        app.dossiers.finish(app.dossiers.find(code(serial)).id)
    faults.set(Fault.WRONG_BYTES, 2)  # of the first: once sent, once sent anew
    app.sync.start()
    sent(app)
    (one,) = leaving(app.store, MOST)
    assert (one.dossier.code, one.error, one.attempts) == (code(4), "receipt-mismatch", 1)
    assert one.not_before is not None
    app.sync.stop()
    add_pages(app.dossiers.find(code(7)), "Trang 7")
    app.dossiers.finish(app.dossiers.find(code(7)).id)
    worked(app)
    with app.store.transaction() as tx:  # as after many attempts
        tx.execute("UPDATE work SET not_before = ? WHERE error <> ''", (stamp(TOMORROW),))
    assert [one.dossier.code for one in leaving(app.store, MOST)] == [code(7), code(4)]


def test_nothing_hangs_in_a_home_that_is_well(app: App, server: str, add_pages: Any) -> None:
    add_pages(app.dossiers.find(code(1)), "To khai")
    assert hanging(app.store) == Hanging()


def test_parked_work_is_grouped_by_its_dossier_and_error(
    app: App, dossier: Dossier, add_pages: Any
) -> None:
    add_pages(dossier, "mot", "hai")
    add_pages(dossier, "ba", part="TP02")
    with app.store.transaction() as tx:
        tx.execute("UPDATE work SET parked = 1, error = 'file-unreadable'")
    (one,) = hanging(app.store).stuck
    assert (one.dossier.id, one.error, one.pieces, one.uploads) == (
        dossier.id,
        "file-unreadable",
        3,
        False,
    )
    assert one.papers == ("TP01", "TP02")
    paper = app.dossiers.get(dossier.id).paper("TP01")
    assert paper is not None
    assert (one.paper_id, one.page_id) == (paper.id, paper.live_pages[0].id)


def test_a_refused_upload_names_its_paper(app: App, dossier: Dossier, add_pages: Any) -> None:
    add_pages(dossier, "mot")
    paper = app.dossiers.get(dossier.id).paper("TP01")
    assert paper is not None
    with app.store.transaction() as tx:
        tx.execute("DELETE FROM work")
        tx.execute(
            "INSERT INTO work (dossier_id, kind, subject, version, parked, error) "
            "VALUES (?, 'upload', ?, 'v', 1, 'upload-refused')",
            (dossier.id, paper.id),
        )
    (one,) = hanging(app.store).stuck
    assert (one.uploads, one.papers, one.paper_id, one.page_id) == (True, ("TP01",), paper.id, "")


def test_pages_without_words_hang_until_their_paper_is_sent(
    app: App, server: str, add_pages: Any
) -> None:
    mine = app.dossiers.find(code(1))
    add_pages(mine, "To khai", "Trang hai")
    app.local.start()
    worked(app)
    with app.store.transaction() as tx:
        tx.execute("UPDATE words SET failed = 'ocr-failed'")
    app.events.publish(mine.id)
    (one,) = hanging(app.store).unread
    assert (one.dossier.id, one.pages) == (mine.id, 2)
    worked(app)
    app.sync.start()
    sent(app)
    assert hanging(app.store).unread == ()


def test_a_scan_that_was_broken_off_hangs_until_its_dossier_is_done(
    app: App, dossier: Dossier, add_pages: Any, tmp_path: Path
) -> None:
    batch = add_pages(dossier, "mot", "hai")
    with app.store.transaction() as tx:
        tx.execute("UPDATE batch SET ended_at = NULL, reason = NULL WHERE id = ?", (batch,))
    app.close()
    with App(tmp_path / "home", "test") as again:
        assert again.recovered.batches == 1
        (one,) = hanging(again.store).interrupted
        last = again.dossiers.get(dossier.id).papers[0].live_pages[-1]
        assert (one.pages, one.page_id) == (2, last.id), "the last page is the one to look at"
        assert one.at is not None
        again.dossiers.finish(dossier.id)
        assert hanging(again.store).interrupted == ()


def test_a_finished_dossier_without_a_code_and_unsorted_pages_hang(
    app: App, add_pages: Any
) -> None:
    local = app.dossiers.open_new(code=None)
    app.dossiers.finish(local.id)
    assert hanging(app.store).codeless == (), "it holds nothing"
    add_pages(app.dossiers.get(local.id), "mot")
    assert [one.id for one in hanging(app.store).codeless] == [local.id]
    unsorted = app.dossiers.unsorted()
    assert hanging(app.store).unsorted == (unsorted.id, 0)
    batch = add_pages(unsorted, "hai", "ba")
    assert hanging(app.store).unsorted == (unsorted.id, 2)
    with app.store.transaction() as tx:
        stacks.begin(tx, "stack", batch)
    assert hanging(app.store).unsorted == (unsorted.id, 0), "it is looked through elsewhere"
    with app.store.transaction() as tx:
        stacks.accept(tx, "stack", ())
    assert hanging(app.store).unsorted == (unsorted.id, 2)


def test_the_lists_go_by_indexes_in_a_home_of_thousands(app: App, server: str) -> None:
    """No step of theirs looks at every page, batch, receipt or word there is."""
    unsorted = app.dossiers.unsorted().id
    steps: list[str] = []
    for sql, values in (
        (worklist._TASKS, (stamp(TODAY), server, unsorted, MOST)),
        (departures._LEFT, (stamp(TODAY), server, MOST)),
        (hang._UNREAD, (unsorted, MOST)),
        (hang._INTERRUPTED, (unsorted, MOST)),
    ):
        steps += [
            str(row["detail"]) for row in app.store.rows(f"EXPLAIN QUERY PLAN {sql}", *values)
        ]
    few = ("batch_broke_off", "batch_open", "words_failed")
    large = ("page", "batch", "receipt", "words", "paper", "dossier")
    whole = [
        step
        for step in steps
        if any(step.split()[:2] == ["SCAN", table] for table in large)
        and not any(index in step for index in few)
    ]
    assert not whole
    assert all(any(index in step for step in steps) for index in few)
