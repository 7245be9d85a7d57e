"""Copies go once their time is over: when, after what proof, what goes and what stays; against a
real sandbox over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from readymade import CODE, add_page, down, is_sent, make_ready, open_ones, up
from shelves import HOLDER, files, later, now, sound, sweep, told, whole

from digitizer import exporting
from digitizer.app import App
from digitizer.boxes import Cropping
from digitizer.digitized import digitized
from digitizer.errors import CopyRemoved
from digitizer.indexing import index_all
from digitizer.limits import Hours, Limits
from digitizer.model import Bundle, Code, Dossier, PaperState, Words
from digitizer.pagetext import PageText
from digitizer.plan import plan
from digitizer.retention import Obstacle, verdict_of
from digitizer.reusing import reuse_paper
from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.meddling import Meddling
from digitizer.storage import bundles, changes, holdings, removals
from digitizer.storage.removals import Why
from digitizer.versions import Kind


def obstacle(app: App, dossier: Dossier, moment: datetime | None = None) -> Obstacle | None:
    told = verdict_of(app.store, dossier.id, app.work.server, moment or later())
    assert told is not None
    return told[1].obstacle


def test_copies_go_after_their_days_once_the_server_gave_every_file_back(
    app: App, sent: Dossier
) -> None:
    before = files(app)
    assert before and whole(app, sent)
    swept = sweep(app)
    assert (swept.dossiers, swept.files, swept.unproven, swept.trouble) == (1, 4, 0, None)
    assert files(app) == set()
    gone = now(app, sent)
    assert gone.removed_at is not None
    assert [p.removed_at for p in gone.papers if p.live_pages] == [gone.removed_at] * 2
    assert [gone.state(p, app.work.server) for p in gone.papers][:2] == [PaperState.SENT] * 2
    assert digitized(gone, app.work.server) == digitized(sent, app.work.server)
    assert plan(gone, app.work.server) == () and plan(gone, "another") == ()
    assert sound(app)
    (removal,) = removals.begun(app.store, 9)
    assert (removal.why, removal.files, removal.done_at is not None) == (Why.SENT, 4, True)
    assert {one.sha256 for one in removals.log(app.store, 99, CODE)} == before
    assert sweep(app).dossiers == 0, "and it is over"


def test_what_stays_is_code_papers_counts_hashes_receipts_and_times(
    app: App, sent: Dossier
) -> None:
    sweep(app)
    gone = now(app, sent)
    assert (gone.code, gone.procedure_name, gone.opened_at) == (
        sent.code,
        sent.procedure_name,
        sent.opened_at,
    )
    for before, after in zip(sent.papers, gone.papers, strict=True):
        assert [page.sha256 for page in before.pages] == [page.sha256 for page in after.pages]
        assert (before.title, before.bundles, before.receipts) == (
            after.title,
            after.bundles,
            after.receipts,
        )


def test_nothing_that_tells_of_a_person_is_left_in_the_rows_or_in_the_word_index(
    app: App, sent: Dossier
) -> None:
    page = sent.papers[0].live_pages[0]
    assert page.reading is not None
    card = "001099012345|012345678|Trần Thị Bưởi|01011999|Nữ|Thôn Mít|02022021"
    text = PageText(text="Khai sinh cho cháu Mãnhcầu", raw="Khai sinh cho chau Manhcau")
    with app.store.transaction() as tx:
        changes.put_reading(
            tx, page.sha256, replace(page.reading, codes=(Code("QRCode", card),), look="00ff" * 8)
        )
        changes.put_words(tx, page.sha256, 0, Words("", "", 1, 90.0, "ocr"), None, text)
        changes.put_headings(tx, page.sha256, 0, ("Giấy của bà Bưởi",))
        tx.execute("DELETE FROM words")  # what was said is what matters here
        tx.execute("INSERT INTO elsewhere VALUES (?, 's', 'k', 'TP09', 'Của bà Bưởi')", (sent.id,))
        tx.execute(
            "INSERT INTO creation VALUES (?, 'citizen', '001099012345', 'Thôn Mít', '091', 'x')",
            (sent.id,),
        )
    index_all(app.store, threading.Event())
    persons = ("bưởi", "buoi", "mãnhcầu", "manhcau", "001099012345", "thôn mít", "00ff" * 8)
    before = told(app.home.database).lower()
    assert all(one in before for one in persons)
    assert sweep(app).dossiers == 1
    index_all(app.store, threading.Event())
    after = told(app.home.database).lower()
    assert [one for one in persons if one in after] == []
    assert HOLDER.lower() not in after and CODE.lower() in after


OBSTACLES: dict[Obstacle, Callable[[App, Dossier], object]] = {
    Obstacle.OPEN: lambda app, one: (
        app.dossiers.reopen(one.id),
        sql(app, "UPDATE dossier SET ended = 0"),
    ),
    Obstacle.KEPT: lambda app, one: app.retention.keep(one.id),
    Obstacle.UNSENT: lambda app, one: (
        sql(app, "DELETE FROM receipt WHERE rowid = 1"),
        sql(app, "DELETE FROM work"),
    ),
    Obstacle.LISTED: lambda app, one: sql(
        app, "INSERT INTO waiting VALUES (?, ?)", app.work.server, one.id
    ),
    Obstacle.BUSY: lambda app, one: sql(app, "UPDATE batch SET ended_at = NULL WHERE rowid = 1"),
    Obstacle.WORK: lambda app, one: add_page(app, one, "later"),
    Obstacle.OFF: lambda app, one: app.retention.set(None),
    Obstacle.LOCAL: lambda app, one: sql(
        app, "UPDATE dossier SET local_number = 77, code = NULL WHERE ended = 1"
    ),
    Obstacle.CONFLICT: lambda app, one: (
        sql(app, "DELETE FROM receipt"),
        sql(
            app,
            "INSERT INTO conflict (paper_id, kind, server, ours, found_at) "
            "SELECT paper_id, 'changed', ?, sha256, made_at FROM bundle",
            app.work.server,
        ),
        sql(app, "DELETE FROM work"),
    ),
    Obstacle.HELD: lambda app, one: (
        sql(app, "INSERT INTO stack (id, opened_at) VALUES ('s', '2026')"),
        sql(app, "UPDATE batch SET stack = 's'"),
    ),
}


def sql(app: App, statement: str, *values: object) -> None:
    with app.store.transaction() as tx:
        tx.execute(statement, values)


@pytest.mark.parametrize("why", OBSTACLES)
def test_nothing_goes_while_anything_about_a_dossier_is_open(
    app: App, sent: Dossier, why: Obstacle
) -> None:
    assert obstacle(app, sent) is None
    app.settle()
    OBSTACLES[why](app, sent)
    app.settle()
    assert obstacle(app, sent) is why
    assert sweep(app).dossiers == 0
    assert now(app, sent).removed_at is None
    assert all(app.vault.sound(one) for one in holdings.blobs(app.store))


def test_nothing_goes_before_its_days_have_passed(app: App, sent: Dossier) -> None:
    early = datetime.now(UTC) + timedelta(days=29)
    assert obstacle(app, sent, early) is Obstacle.YOUNG
    assert sweep(app, early).dossiers == 0
    assert whole(app, sent)
    app.retention.set(10)
    assert sweep(app, early).dossiers == 1


def test_a_file_that_the_server_lost_is_sent_again_and_not_removed_here(
    app: App, sent: Dossier, there: Meddling
) -> None:
    there.forget(CODE, sent.papers[1].id)
    swept = sweep(app)
    assert (swept.dossiers, swept.unproven) == (0, 1)
    assert whole(app, sent)
    app.settle()
    there.stand(CODE, "processing")
    sql(app, "UPDATE dossier SET ended = 0")
    app.sync.start()
    up(app)
    assert is_sent(app, sent, sent.papers[1].part)


def test_a_file_that_was_changed_at_the_server_is_a_conflict_and_ours_stays(
    app: App, sent: Dossier, there: Meddling
) -> None:
    there.change(CODE, sent.papers[0].id, b"%PDF of the office")
    assert sweep(app).unproven == 1
    assert whole(app, sent)
    (met,) = open_ones(app)
    assert met.conflict.kind is Kind.CHANGED
    assert obstacle(app, sent) is Obstacle.CONFLICT


def test_a_server_that_cannot_be_asked_lets_everything_stay(
    app: App, sent: Dossier, faults: Faults
) -> None:
    faults.set(Fault.UNAVAILABLE)
    swept = sweep(app)
    assert swept.trouble is not None and swept.dossiers == 0
    assert whole(app, sent)
    faults.set(Fault.UNAVAILABLE, 0)
    assert sweep(app).dossiers == 1


def test_a_dossier_that_the_server_denies_stays_and_keeps_no_other_from_going(
    app: App, sent: Dossier
) -> None:
    denied = app.dossiers.open_new(code="000.00.20.H02-261122-0042")
    make_ready(app, denied, "denied")
    app.dossiers.finish(denied.id)
    sql(app, "UPDATE dossier SET server_ref = '424242' WHERE id = ?", denied.id)
    sql(
        app,
        "INSERT INTO receipt (paper_id, fingerprint, sha256, server, ref, at) SELECT paper_id, "
        "fingerprint, sha256, ?, 'x', '2026-01-01T00:00:00.000000+00:00' FROM bundle "
        "JOIN paper ON paper.id = bundle.paper_id WHERE paper.dossier_id = ?",
        app.work.server,
        denied.id,
    )
    app.events.publish(denied.id)
    app.settle()
    assert app.retention.due(app.work.server, later()) == [denied.id, sent.id]
    swept = sweep(app)
    assert (swept.dossiers, swept.unproven, swept.trouble) == (1, 1, None)
    assert now(app, sent).removed_at is not None
    assert now(app, denied).removed_at is None


def test_the_line_is_left_alone_outside_its_hours(app: App, sent: Dossier) -> None:
    local = datetime.now(UTC) + timedelta(hours=7)
    begin = (local.hour * 60 + local.minute + 120) % 1440
    app.keep_limits(Limits(hours=Hours(begin, (begin + 60) % 1440)))
    assert sweep(app).dossiers == 0
    assert whole(app, sent)


def test_what_came_while_the_server_was_asked_keeps_the_copies(app: App, sent: Dossier) -> None:
    assert sent.id in app.retention.due(app.work.server, later())
    add_page(app, sent, "one more")
    app.settle()
    assert app.work.server is not None
    assert not app.retention.remove_sent(sent, app.work.server, later())
    assert whole(app, sent)


def test_an_image_that_another_dossier_needs_stays_with_what_was_read_of_it(
    app: App, sent: Dossier
) -> None:
    other = app.dossiers.open_new(code="000.00.20.H02-261122-0042")
    add_page(app, other, "to khai TP01")
    image = sent.papers[0].live_pages[0].sha256
    with app.store.transaction() as tx:
        changes.put_headings(tx, image, 0, ("Tờ khai",))
    assert sweep(app).dossiers == 1
    assert files(app) == {image}
    assert app.store.rows("SELECT 1 FROM heading WHERE sha256 = ?", image)
    shared = [one for one in removals.log(app.store, 99) if one.shared]
    assert [one.sha256 for one in shared] == [image]
    assert sound(app)


def test_what_is_scanned_later_becomes_a_further_file_and_the_server_keeps_both(
    app: App, sent: Dossier, there: Meddling
) -> None:
    sweep(app)
    there.stand(CODE, "processing")
    sql(app, "UPDATE dossier SET ended = 0")
    add_page(app, sent, "bo sung")
    found = now(app, sent)
    old, new = (paper for paper in found.papers if paper.part == "TP01")
    assert (old.removed_at is not None, new.removed_at, new.copy) == (True, None, 2)
    assert len(old.live_pages) == 1 and len(new.live_pages) == 1
    fingerprint = found.fingerprint(new)
    assert fingerprint is not None
    pdf = app.home.work / "new.pdf"
    pdf.write_bytes(b"%PDF new")
    blob = app.vault.keep(pdf)
    pdf.unlink()
    with app.store.transaction() as tx:
        made = Bundle(fingerprint, blob.sha256, 1, blob.bytes, datetime.now(UTC))
        bundles.put_bundle(tx, new.id, made)
    app.events.publish(sent.id)
    app.sync.start()
    up(app)
    assert {old.id, new.id} <= set(there.keys(CODE))
    assert there.read(CODE, new.id) == b"%PDF new"
    assert old.receipts == now(app, sent).papers[0].receipts
    assert sound(app)


def test_removed_pages_are_not_edited_reused_or_carried_away(
    app: App, sent: Dossier, tmp_path: Path
) -> None:
    page = sent.papers[0].live_pages[0].id
    app.dossiers.turn(sent.id, [page], 90)
    assert app.dossiers.undo(sent.id) is not None
    app.settle()
    assert sweep(app).dossiers == 1
    assert app.dossiers.redo(sent.id) is None
    for verb in (
        lambda: app.dossiers.turn(sent.id, [page], 90),
        lambda: app.dossiers.delete(sent.id, [page]),
        lambda: app.dossiers.crop(sent.id, [page], Cropping.WHOLE),
        lambda: app.dossiers.move(sent.id, [page], sent.papers[2].id),
    ):
        with pytest.raises(CopyRemoved):
            verb()
    other = app.dossiers.open_new(code="000.00.20.H02-261122-0042")
    paper = app.dossiers.paper_for(other, "TP01")
    with pytest.raises(CopyRemoved):
        reuse_paper(app.store, app.events, other.id, paper, sent.papers[0].id)
    add_page(app, other, "of another")
    moving = app.dossiers.get(other.id).papers[0].live_pages[0].id
    with pytest.raises(CopyRemoved):
        app.dossiers.move(other.id, [moving], sent.papers[0].id)
    stick = tmp_path / "stick"
    stick.mkdir()
    (one,) = exporting.export(app.store, app.vault, stick, [sent.id], threading.Event())
    assert isinstance(one.error, CopyRemoved) and one.papers == 0


def test_the_way_down_does_not_ask_after_what_is_removed(
    app: App, sent: Dossier, there: Meddling
) -> None:
    sweep(app)
    there.forget(CODE, sent.papers[0].id)
    there.stand(CODE, "processing")
    down(app)
    assert now(app, sent).receipt(now(app, sent).papers[0], app.work.server) is not None
    assert files(app) == set()
