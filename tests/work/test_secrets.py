"""Nothing of a dossier with a state secret leaves: not by an upload, a folder, a web page, or as a
dossier begun at the server; not planned, and not at the last moment either."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from lineside import CRAWL, until
from lineside import ready as on_its_way
from readymade import add_page, bundle, fresh, is_sent, make_ready, two_ready, up, uploads, use

from digitizer import clearance, clearing, plan
from digitizer.app import App
from digitizer.bridge.orders import Orders
from digitizer.clearing import in_dossier, waiting
from digitizer.errors import (
    PagesUnchecked,
    PageUnknown,
    StateSecret,
    StateSecretSuspected,
    from_code,
)
from digitizer.events import Events
from digitizer.exporting import export
from digitizer.model import Dossier, Page
from digitizer.plan import WorkKind, ocr_subject
from digitizer.readings import LOOKED
from digitizer.sandbox.server import Address
from digitizer.sandbox.sheet import DPI, Sheet, Style
from digitizer.secrecy import UNREAD, How, Level, Mark
from digitizer.storage import changes, queries, secrecy
from digitizer.storage.creations import Creation
from digitizer.work.local import LocalWork
from digitizer.work.queue import LOCAL_ATTEMPTS, Claim

MAT = Mark(Level.MAT, How.STAMP, "MẬT", 0.95)
STILL = threading.Event()


def bear(app: App, page: Page, *marks: Mark) -> None:
    """Let it be found that a page's image bears these markings."""
    app.dossiers.note_look(page.sha256, page.full_turn or 0, page.box, marks)
    app.settle()


def last_page(app: App, dossier: Dossier, part: str = "TP02") -> Page:
    return fresh(app, dossier, part).pages[-1]


@pytest.fixture
def ready(app: App, waiting: Dossier) -> Dossier:
    return two_ready(app, waiting)


def test_one_page_stops_all_papers_until_it_is_found_to_be_ordinary(
    app: App, ready: Dossier
) -> None:
    bear(app, last_page(app, ready), MAT)
    assert uploads(app) == 0
    app.sync.start()
    up(app)
    assert app.store.rows("SELECT * FROM sending") == []
    (suspect,) = waiting(app.store)
    assert (suspect.dossier.id, suspect.paper.part, suspect.number) == (ready.id, "TP02", 1)
    assert suspect.sent == ()
    app.clerks.use(app.clerks.put("Nguyễn Thị Lan", "").id)
    app.clearing.find_ordinary(ready.id, suspect.page.id)
    up(app)
    assert is_sent(app, ready)
    assert is_sent(app, ready, "TP02")
    ((sha256, said),) = secrecy.history(app.store, ready.id)
    assert sha256 == suspect.page.sha256
    assert (said.secret, said.by, said.levels) == (False, "Nguyễn Thị Lan", {Level.MAT})


def test_what_is_confirmed_stays_and_no_program_touches_it_any_more(
    app: App, ready: Dossier
) -> None:
    bear(app, last_page(app, ready), MAT)
    found = app.clearing.find_secret(ready.id, last_page(app, ready).id)
    assert clearance.of(found).secret
    add_page(app, ready, "them mot trang")
    app.settle()
    assert app.store.rows("SELECT * FROM work") == []
    app.clearing.find_ordinary(ready.id, last_page(app, ready).id)
    bundle(app, ready)
    assert uploads(app) == 2, "it may be decided otherwise"
    assert [said.secret for _, said in secrecy.history(app.store, ready.id)] == [True, False]


def test_a_page_nothing_was_found_on_can_be_said_to_be_secret(app: App, ready: Dossier) -> None:
    app.clearing.find_secret(ready.id, last_page(app, ready).id)
    app.settle()
    assert uploads(app) == 0
    with pytest.raises(StateSecret):
        clearance.of(app.dossiers.get(ready.id)).check(ready.name)
    with pytest.raises(PageUnknown):
        app.clearing.find_secret(ready.id, "no such page")


def test_taking_the_page_out_is_no_decision(app: App, ready: Dossier) -> None:
    page = last_page(app, ready)
    bear(app, page, MAT)
    app.dossiers.delete(ready.id, [page.id])
    app.settle()
    assert uploads(app) == 0
    assert [one.page.id for one in in_dossier(app.store, ready.id)] == [page.id]


def test_the_same_image_stops_every_dossier_that_holds_it(app: App, ready: Dossier) -> None:
    page = last_page(app, ready)
    bear(app, page, MAT)
    other = app.dossiers.open_new(code="000.00.20.H02-261122-0077")
    make_ready(app, other, "giay chung sinh")
    assert last_page(app, other, "TP01").sha256 == page.sha256
    assert uploads(app) == 0
    app.clearing.find_ordinary(ready.id, page.id)
    app.settle()
    assert uploads(app) == 3, "one decision for one image"


# --- at the last moment -------------------------------------------------------------------------


def test_an_upload_that_was_claimed_before_it_was_found_does_not_go(
    app: App, ready: Dossier
) -> None:
    claim = app.work.claim(plan.SYNC)
    assert claim is not None
    bear(app, last_page(app, ready), MAT)
    app.syncing.run(claim, STILL)
    assert app.store.rows("SELECT * FROM sending") == []
    assert not is_sent(app, ready)


def test_an_upload_under_way_is_broken_off(app: App, waiting: Dossier) -> None:
    app.limits = CRAWL
    on_its_way(app, waiting)
    other = on_its_way(app, waiting, "TP02")
    app.sync.start()
    until(app, lambda: app.syncing.going is not None)
    bear(app, other.pages[0], MAT)
    until(app, lambda: app.syncing.going is None)
    app.sync.stop()
    assert app.syncing.sent == 0
    assert app.store.rows("SELECT * FROM receipt") == []
    assert uploads(app) == 0


@pytest.mark.parametrize("spoil", ["mark", "secret", "unlooked", "open batch"])
def test_the_database_itself_is_asked_before_bytes_go(app: App, ready: Dossier, spoil: str) -> None:
    page = last_page(app, ready)
    with app.store.transaction() as tx:
        assert not secrecy.bars(tx, ready.id)
        if spoil == "mark":
            secrecy.put_marks(tx, page.sha256, [MAT])
        elif spoil == "secret":
            secrecy.decide(tx, page.sha256, ready.id, secret=True, levels=())
        elif spoil == "unlooked":
            tx.execute("UPDATE reading SET looked = 0 WHERE sha256 = ?", (page.sha256,))
        else:
            tx.execute("UPDATE batch SET ended_at = NULL WHERE id = ?", (page.batch_id,))
        assert secrecy.bars(tx, ready.id)
        assert secrecy.bars_paper(tx, page.paper_id)
        assert not secrecy.bars_paper(tx, fresh(app, ready).id)
    assert secrecy.barred(app.store, ready.id)
    found = app.dossiers.get(ready.id)
    assert not clearance.of(found).given, "and the plan says the same"


# --- the other ways out -------------------------------------------------------------------------


def test_no_folder_is_written_of_it(app: App, ready: Dossier, tmp_path: Path) -> None:
    out = tmp_path / "stick"
    out.mkdir()
    bear(app, last_page(app, ready), MAT)
    (one,) = export(app.store, app.vault, out, [ready.id], STILL)
    assert (one.papers, one.unready, type(one.error)) == (0, 2, StateSecretSuspected)
    app.clearing.find_secret(ready.id, last_page(app, ready).id)
    (one,) = export(app.store, app.vault, out, [ready.id], STILL)
    assert isinstance(one.error, StateSecret)
    assert list(out.iterdir()) == []
    app.clearing.find_ordinary(ready.id, last_page(app, ready).id)
    with app.store.transaction() as tx:
        tx.execute("UPDATE reading SET looked = 0")
    (one,) = export(app.store, app.vault, out, [ready.id], STILL)
    assert isinstance(one.error, PagesUnchecked)
    assert list(out.iterdir()) == []


def test_it_is_not_begun_at_the_server(app: App, sandbox: Address) -> None:
    use(app, sandbox)
    app.syncing.down(STILL)
    local = app.dossiers.open_new(code=None, procedure="1.001193", holder="Trần Thị Mới")
    make_ready(app, local, "to khai")
    bear(app, last_page(app, local, "TP01"), MAT)
    app.binding.ask(local.id, Creation("citizen", "024199000011"))
    with app.senders.at_desk() as to, pytest.raises(StateSecretSuspected):
        app.binding.create(local.id, to)
    met: list[str] = []
    app.syncing.down(STILL, lambda error: met.append(error.code))
    assert met == []
    assert app.dossiers.get(local.id).code is None
    app.clearing.find_ordinary(local.id, last_page(app, local, "TP01").id)
    app.syncing.down(STILL)
    assert app.dossiers.get(local.id).code is not None


def test_a_web_page_gets_its_file_once_somebody_said_that_it_is_ordinary(app: App) -> None:
    orders = Orders(app)
    order = orders.begin("https://motcua.tanlap.example")
    dossier = app.dossiers.get(order.dossier_id)
    made = make_ready(app, dossier, "trang mot", dossier.papers[0].part)
    (page,) = made.live_pages
    bear(app, page, MAT)
    with pytest.raises(StateSecretSuspected):
        orders.made(order, threading.Event(), 0.0)
    decide = threading.Timer(0.1, app.clearing.find_ordinary, (dossier.id, page.id))
    decide.start()
    assert orders.made(order, threading.Event(), 60.0).pages == 1
    decide.join()
    app.clearing.find_secret(dossier.id, page.id)
    with pytest.raises(StateSecret):
        orders.made(order, threading.Event(), 60.0)


# --- the look -----------------------------------------------------------------------------------


def _page_with(app: App, dossier: Dossier, folder: Path, sheet: Sheet) -> Page:
    batch = changes.new_id()
    paper = app.dossiers.paper_for(app.dossiers.get(dossier.id), "TP01")
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper, "test", "{}")
    file = folder / "0001.jpg"
    sheet.scanned().save(file, quality=80, dpi=(DPI, DPI))
    app.capture.adopt(batch, 1, file)
    with app.store.transaction() as tx:
        changes.end_batch(tx, batch, "empty")
    app.events.publish(dossier.id)
    app.settle()
    return last_page(app, dossier, "TP01")


def test_a_scanned_page_is_looked_at_as_it_is_read(
    app: App, waiting: Dossier, tmp_path: Path
) -> None:
    sheet = Sheet(8)
    sheet.pair("ỦY BAN NHÂN DÂN XÃ TÂN LẬP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Style(11.5))
    sheet.marking(60, 60, "TỐI MẬT", -18)
    _page_with(app, waiting, tmp_path, sheet)
    app.local.start()
    app.local.until_idle(STILL)
    app.settle()
    page = last_page(app, waiting, "TP01")
    assert page.secrecy.worst is not None
    assert page.secrecy.worst.level is Level.TOI_MAT
    assert clearance.looked(page)
    assert uploads(app) == 0
    paper = fresh(app, waiting)
    assert app.dossiers.get(waiting.id).bundle(paper) is not None, "its bundle is ready"
    app.clearing.find_ordinary(waiting.id, page.id)
    app.settle()
    assert uploads(app) == 1


def test_what_an_older_version_read_is_looked_at_before_it_goes(
    app: App, waiting: Dossier, tmp_path: Path
) -> None:
    sheet = Sheet(9)
    sheet.space(30)
    sheet.line("MẬT", Style(14.0, bold=True))
    _page_with(app, waiting, tmp_path, sheet)
    app.local.start()
    app.local.until_idle(STILL)
    before = last_page(app, waiting, "TP01")
    with app.store.transaction() as tx:
        for table in ("reading", "words"):
            tx.execute(f"UPDATE {table} SET looked = 0")  # noqa: S608
        tx.execute("DELETE FROM secrecy_mark")
    app.events.publish(waiting.id)
    app.settle()
    assert (uploads(app), app.work.left([WorkKind.LOOK], parked=False)) == (0, 1)
    app.local.until_idle(STILL)
    app.settle()
    after = last_page(app, waiting, "TP01")
    assert after == before, "nothing was read again, and the same was found"
    assert after.secrecy.undecided


def test_a_page_no_program_gets_through_is_for_a_person(
    app: App, waiting: Dossier, add_pages: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_pages(waiting, "To khai")
    page = last_page(app, waiting, "TP01")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "tesseract").write_text("#!/bin/sh\nexit 9\n")
    (broken / "tesseract").chmod(0o755)
    local = LocalWork(app.home, app.store, app.vault, Events(), app.dossiers)
    subject = ocr_subject(page.sha256, 0, None)
    with monkeypatch.context() as ill:
        ill.setenv("PATH", str(broken), prepend=":")
        local.run(Claim(waiting.id, WorkKind.READ, page.sha256, "", 2), STILL)
        local.run(Claim(waiting.id, WorkKind.OCR, subject, "", LOCAL_ATTEMPTS), STILL)
        found = app.dossiers.get(waiting.id)
        looks = [work for work in plan.plan(found, None) if work.kind is WorkKind.LOOK]
        assert [work.subject for work in looks] == [subject]
        local.run(Claim(waiting.id, WorkKind.LOOK, subject, str(LOOKED), 1), STILL)
    (suspect,) = waiting_of(app)
    assert suspect.page.secrecy.marks == (UNREAD,)
    assert from_code(suspect.error.code).remedy is suspect.error.remedy
    app.clearing.find_ordinary(waiting.id, page.id)
    assert waiting_of(app) == []


def waiting_of(app: App) -> list[clearing.Suspect]:
    return clearing.waiting(app.store)


def test_reading_it_again_settles_what_could_not_be_read(app: App, ready: Dossier) -> None:
    page = last_page(app, ready)
    bear(app, page, UNREAD)
    assert clearing.waiting(app.store)
    bear(app, page)
    assert clearing.waiting(app.store) == []


def test_a_later_look_forgets_what_an_older_one_thought_it_saw(app: App, ready: Dossier) -> None:
    page = last_page(app, ready)
    with app.store.transaction() as tx:
        secrecy.put_marks(tx, page.sha256, [MAT], LOOKED - 1)
    assert clearing.waiting(app.store)
    bear(app, page)
    assert clearing.waiting(app.store) == []
    bear(app, page, Mark(Level.MAT, How.LINE, "MAT", 0.6))
    bear(app, page, MAT)
    found = queries.dossier(app.store, ready.id)
    assert found is not None
    paper = found.paper("TP02")
    assert paper is not None
    assert paper.pages[-1].secrecy.marks == (MAT,), "the surer of two stays"


def test_what_had_left_before_is_told(app: App, waiting: Dossier) -> None:
    make_ready(app, waiting, "to khai")
    app.sync.start()
    up(app)
    assert is_sent(app, waiting)
    make_ready(app, waiting, "giay chung sinh", "TP02")
    bear(app, last_page(app, waiting), MAT)
    (suspect,) = waiting_of(app)
    assert [paper.part for paper in suspect.sent] == ["TP01"]
