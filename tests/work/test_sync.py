"""The sync lane against a real sandbox over HTTP: down, up, receipts, trouble."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from lineside import ready, until
from msgspec.structs import replace

from digitizer import plan
from digitizer.app import App, Sends
from digitizer.errors import DigitizerError, Offline, SignInRefused
from digitizer.events import Changed
from digitizer.model import Dossier, PaperState
from digitizer.procedure.opencps import OpenCps
from digitizer.procedure.port import Stored, Upload
from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.server import Address
from digitizer.servers import Server
from digitizer.storage import bundles, stacks
from digitizer.work.queue import troubles
from digitizer.work.sync import Going


def bundled(app: App, dossier: Dossier, add_pages: Any, *texts: str) -> None:
    add_pages(dossier, *texts)
    app.local.until_idle(threading.Event())


def sent(app: App) -> None:
    app.sync.until_idle(threading.Event(), one_round=True)
    app.settle()


def state(app: App, dossier: Dossier) -> PaperState:
    found = app.dossiers.get(dossier.id)
    paper = found.paper("TP01")
    assert paper is not None
    return found.state(paper)


def test_dossiers_come_down_with_their_papers_and_again_without_change(
    app: App, waiting: Dossier
) -> None:
    assert waiting.holder
    assert waiting.server_ref
    assert [paper.part for paper in waiting.papers][:2] == ["TP01", "TP02"]
    assert app.syncing.down(threading.Event()) == 0


def test_one_dossier_that_makes_no_sense_does_not_keep_the_others_away(
    app: App, waiting: Dossier, tmp_path: Path
) -> None:
    other = next(one for one in app.dossiers.heads() if one.template != waiting.template)
    with (
        contextlib.closing(sqlite3.connect(tmp_path / "sandbox" / "sandbox.sqlite")) as behind,
        behind,
    ):
        behind.execute("UPDATE template SET no = '' WHERE no = ?", (waiting.template,))
        behind.execute("UPDATE dossier SET template = '' WHERE template = ?", (waiting.template,))
        behind.execute("UPDATE dossier SET holder = 'Cam' WHERE no = ?", (other.code,))
    met: list[DigitizerError] = []
    assert app.syncing.down(threading.Event(), met.append) == 1
    assert [error.code for error in met] == ["answer-unexpected"], "once for one list"
    assert app.dossiers.get(other.id).holder == "Cam"


def test_a_bundle_goes_up_once_and_its_receipt_is_kept(
    app: App, waiting: Dossier, add_pages: Any
) -> None:
    app.local.start()
    bundled(app, waiting, add_pages, "To khai")
    app.sync.start()
    sent(app)
    assert state(app, waiting) is PaperState.SENT
    assert app.sync.state().done == 1
    sent(app)
    assert app.sync.state().done == 1, "nothing is sent twice"


def test_what_is_sent_now_is_known_with_its_bytes(
    app: App, waiting: Dossier, add_pages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.local.start()
    bundled(app, waiting, add_pages, "To khai")
    seen: list[Going | None] = []
    put = OpenCps.put

    def watched(system: OpenCps, upload: Upload) -> Stored:
        def told(sent: int) -> None:
            upload.told(sent)
            seen.append(app.syncing.going)

        return put(system, replace(upload, told=told))

    monkeypatch.setattr(OpenCps, "put", watched)
    app.sync.start()
    sent(app)
    last = seen[-1]
    assert last is not None
    paper = app.dossiers.get(waiting.id).paper("TP01")
    assert paper is not None
    assert (last.dossier_id, last.paper_id) == (waiting.id, paper.id)
    assert last.sent == last.size == paper.bundles[-1].bytes
    assert app.syncing.going is None, "it has arrived"


def test_nothing_of_a_stack_goes_before_it_is_accepted_not_even_what_was_claimed_before(
    app: App, waiting: Dossier, add_pages: Any
) -> None:
    app.local.start()
    batch = add_pages(waiting, "To khai")
    app.local.until_idle(threading.Event())
    app.settle()
    claim = app.work.claim(plan.SYNC)
    assert claim is not None
    with app.store.transaction() as tx:
        stacks.begin(tx, "stack", batch)
    app.syncing.run(claim, threading.Event())
    app.work.give_back(claim)
    app.events.publish(waiting.id)
    app.settle()
    app.sync.start()
    sent(app)
    assert app.store.rows("SELECT * FROM sending") == []
    assert state(app, waiting) is PaperState.READY
    app.stacks.accept("stack")
    app.settle()
    sent(app)
    assert state(app, waiting) is PaperState.SENT


def test_a_changed_paper_replaces_what_this_machine_sent(
    app: App, waiting: Dossier, add_pages: Any
) -> None:
    app.local.start()
    bundled(app, waiting, add_pages, "To khai")
    app.sync.start()
    sent(app)
    bundled(app, waiting, add_pages, "Trang hai")
    assert state(app, waiting) is PaperState.READY
    sent(app)
    assert state(app, waiting) is PaperState.SENT
    assert not troubles(app.store)


def test_a_changed_paper_crosses_the_line_once_for_each_version(
    app: App, waiting: Dossier, add_pages: Any, tmp_path: Path
) -> None:
    app.local.start()
    bundled(app, waiting, add_pages, "To khai")
    app.sync.start()
    sent(app)
    bundled(app, waiting, add_pages, "Trang hai")
    sent(app)
    with contextlib.closing(sqlite3.connect(tmp_path / "sandbox" / "sandbox.sqlite")) as behind:
        came = [row[0] for row in behind.execute("SELECT size FROM arrival")]
    assert len(came) == 2
    assert app.syncing.moved.sent == app.syncing.moved.useful == sum(came)


def test_a_paper_that_is_called_otherwise_there_goes_when_its_bundle_says_so(
    app: App, sandbox: Address, add_pages: Any, tmp_path: Path
) -> None:
    mine = app.dossiers.open_new(code="000.00.20.H02-261122-0003")
    app.local.start()
    bundled(app, mine, add_pages, "To khai")
    app.servers.set(Server("opencps", sandbox.url, sandbox.group, sandbox.user), sandbox.password)
    app.server_changed()
    app.settle()
    app.sync.start()
    sent(app)
    app.local.until_idle(threading.Event())
    sent(app)
    assert state(app, mine) is PaperState.SENT
    with contextlib.closing(sqlite3.connect(tmp_path / "sandbox" / "sandbox.sqlite")) as behind:
        assert len(behind.execute("SELECT 1 FROM arrival").fetchall()) == 1


def test_a_server_that_lists_a_dossier_and_denies_it_is_asked_again(
    app: App, waiting: Dossier, add_pages: Any, faults: Faults
) -> None:
    """Its 403 may mean anything; nobody has to look at the code for it."""
    app.local.start()
    bundled(app, waiting, add_pages, "To khai")
    faults.set(Fault.REFUSED, 1)
    app.sync.start()
    sent(app)
    (trouble,) = troubles(app.store)
    assert (trouble.error, trouble.parked) == ("server-trouble", False)


def test_an_edit_that_was_sent_and_then_undone_is_sent_as_it_was_before(
    app: App, waiting: Dossier, add_pages: Any
) -> None:
    app.local.start()
    bundled(app, waiting, add_pages, "To khai", "Trang hai")
    app.sync.start()
    sent(app)
    page = app.dossiers.get(waiting.id).papers[0].pages[0].id
    app.dossiers.delete(waiting.id, [page])
    app.settle()
    app.local.until_idle(threading.Event())
    sent(app)
    app.dossiers.undo(waiting.id)
    app.settle()
    app.local.until_idle(threading.Event())
    sent(app)
    found = app.dossiers.get(waiting.id)
    receipt = found.receipt(found.papers[0])
    assert receipt is not None
    back = app.home.work / "back"
    there = app.servers.connect().system
    assert there.read(found.server_ref, found.papers[0].id, back) == receipt.sha256
    assert app.syncing.sent == 1, "one paper, however often"


def test_an_answer_that_came_too_late_is_not_a_second_file(
    app: App, waiting: Dossier, add_pages: Any, faults: Faults
) -> None:
    app.local.start()
    bundled(app, waiting, add_pages, "To khai")
    faults.set(Fault.LATE_ANSWER, 1)
    app.sync.start()
    sent(app)
    assert state(app, waiting) is PaperState.READY
    app.work.retry(("upload",), parked=())
    app.sync.wake()
    app.sync.until_idle(threading.Event())
    app.settle()
    assert state(app, waiting) is PaperState.SENT


def test_bytes_the_server_broke_are_sent_again_not_taken_for_somebody_elses(
    app: App, waiting: Dossier, add_pages: Any, faults: Faults
) -> None:
    app.local.start()
    bundled(app, waiting, add_pages, "To khai")
    faults.set(Fault.WRONG_BYTES, 2)
    app.sync.start()
    sent(app)
    (trouble,) = troubles(app.store)
    assert (trouble.error, trouble.parked) == ("receipt-mismatch", False)
    app.work.retry(("upload",), parked=())
    app.sync.wake()
    app.sync.until_idle(threading.Event())
    app.settle()
    assert state(app, waiting) is PaperState.SENT


def test_no_line_pauses_the_lane_and_burns_no_attempt(
    app: App, waiting: Dossier, add_pages: Any
) -> None:
    app.local.start()
    bundled(app, waiting, add_pages, "To khai")
    app.servers.set(Server("opencps", "http://127.0.0.1:9/o/rest/v2", "1", "u"), "p")
    app.server_changed()
    app.sync.start()
    sent(app)
    assert isinstance(app.sync.state().paused, Offline)
    assert app.store.rows("SELECT attempts FROM work WHERE kind = 'upload'")[0][0] == 0


def test_a_wrong_password_asks_for_the_user_and_stops_trying(
    app: App, waiting: Dossier, add_pages: Any, sandbox: Address
) -> None:
    app.local.start()
    bundled(app, waiting, add_pages, "To khai")
    app.servers.set(Server("opencps", sandbox.url, sandbox.group, sandbox.user), "wrong")
    app.server_changed()
    app.sync.start()
    sent(app)
    assert isinstance(app.sync.state().paused, SignInRefused)
    app.servers.set(Server("opencps", sandbox.url, sandbox.group, sandbox.user), sandbox.password)
    app.server_changed()
    until(app, lambda: state(app, waiting) is PaperState.SENT)


def test_a_receipt_that_is_taken_back_before_the_lane_is_through_sends_the_paper_anew(
    app: App, waiting: Dossier
) -> None:
    """As the way down does it where the server has lost a file."""
    paper = ready(app, waiting)
    taken: list[bool] = []

    def take_back(change: Changed) -> None:
        if change.facts and not taken and state(app, waiting) is PaperState.SENT:
            taken.append(True)
            server, sha256 = app.work.server or "", paper.bundles[-1].sha256
            with app.store.transaction() as tx:
                bundles.take_receipt_back(tx, paper.id, server, sha256)
            app.events.publish(waiting.id)
            app.settle()

    app.events.subscribe(take_back)
    app.sync.start()
    until(app, lambda: bool(taken))
    sent(app)
    assert state(app, waiting) is PaperState.SENT
    assert app.sync.state().done == 2
    assert app.work.left(plan.SYNC, parked=False) == 0


def test_a_dossier_made_here_is_bound_to_the_servers_by_its_code(
    app: App, sandbox: Address, add_pages: Any
) -> None:
    mine = app.dossiers.open_new(code="000.00.20.H02-261122-0003")
    app.local.start()
    bundled(app, mine, add_pages, "To khai")
    server = Server("opencps", sandbox.url, sandbox.group, sandbox.user)
    app.servers.set(server, sandbox.password)
    app.server_changed()
    app.syncing.down(threading.Event())
    found = app.dossiers.get(mine.id)
    assert found.server_ref
    assert found.holder
    paper = found.paper("TP01")
    assert paper is not None
    assert paper.title != "TP01", "the server's list gives the paper its title"
    app.local.until_idle(threading.Event())
    app.sync.start()
    sent(app)
    assert state(app, mine) is PaperState.SENT


def test_a_key_of_another_server_leads_no_paper_into_somebody_elses_dossier(
    app: App, waiting: Dossier, add_pages: Any
) -> None:
    other = app.dossiers.find("000.00.20.H02-261122-0003")
    app.local.start()
    bundled(app, waiting, add_pages, "To khai")
    with app.store.transaction() as tx:
        tx.execute("UPDATE dossier SET server_ref = ? WHERE id = ?", (other.server_ref, waiting.id))
    app.sync.start()
    sent(app)
    assert state(app, waiting) is PaperState.SENT
    assert app.dossiers.get(waiting.id).server_ref == waiting.server_ref, "bound by its code"
    paper = app.dossiers.get(waiting.id).paper("TP01")
    assert paper is not None
    system = app.servers.connect().system
    assert system.read(other.server_ref, paper.id, app.home.work / "x") is None
    assert system.read(waiting.server_ref, paper.id, app.home.work / "x")


def test_the_window_sends_only_what_the_clerk_has_finished(tmp_path: Path, app: App) -> None:
    app.close()
    with App(tmp_path / "home", "test", sends=Sends.FINISHED) as window:
        made = window.dossiers.open_new(code="000.00.20.H02-261122-0001")
        with window.store.transaction() as tx:
            tx.execute(
                "INSERT INTO work (dossier_id, kind, subject, version) "
                "VALUES (?, 'upload', 'gone', 'v')",
                (made.id,),
            )
        window.sync.start()
        window.sync.until_idle(threading.Event(), one_round=True)
        assert window.sync.state().done == 0
