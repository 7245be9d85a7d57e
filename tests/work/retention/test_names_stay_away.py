"""Whose a removed dossier was is not learnt again from the server, whatever its lists say, until
somebody scans into the dossier again; against a real sandbox over HTTP."""

from __future__ import annotations

import threading

from msgspec.structs import replace
from readymade import CODE, add_page, down, make_ready, up
from shelves import now, sound, sweep, told

from digitizer.app import App
from digitizer.finding import dossiers_named
from digitizer.indexing import index_all
from digitizer.model import Dossier
from digitizer.sandbox.meddling import Meddling
from digitizer.secrecy import How, Level, Mark
from digitizer.storage import conflicts, forgetting, secrecy

NAME = "Nguyễn Thị Hạnh Dung"
"""As the sandbox has it."""
TITLE = "Giấy của bà Hạnh Dung"


def tells(app: App, word: str) -> bool:
    """Whether any row, or the word index, tells it."""
    index_all(app.store, threading.Event())
    return word.lower() in told(app.home.database).lower()


def removed(app: App, sent: Dossier, there: Meddling) -> None:
    """Remove the copies; the office takes the dossier up again, so that its list names it."""
    assert sweep(app).dossiers == 1
    there.stand(CODE, "processing")
    there.put(CODE, "TP01", b"%PDF of another desk", "theirs", TITLE)


def test_the_servers_list_does_not_bring_the_name_of_a_removed_dossier_back(
    app: App, sent: Dossier, there: Meddling
) -> None:
    down(app)
    assert now(app, sent).holder == NAME, "as long as it is here"
    removed(app, sent, there)
    assert down(app) == 1, "its status is another one"
    found = now(app, sent)
    assert (found.holder, found.status, found.ended) == ("", "processing", False)
    assert not tells(app, NAME) and not tells(app, TITLE)
    (theirs,) = conflicts.elsewhere(app.store, sent.id, app.work.server or "")
    assert (theirs.part, theirs.title) == ("TP01", ""), "counted, and not named"
    assert down(app) == 0, "and nothing is written again and again"
    assert sound(app)


def test_reopening_it_does_not_but_scanning_into_it_does_until_it_is_removed_again(
    app: App, sent: Dossier, there: Meddling
) -> None:
    removed(app, sent, there)
    app.dossiers.reopen(sent.id)
    down(app)
    assert now(app, sent).holder == ""
    make_ready(app, sent, "bo sung", part="TP03")
    app.sync.start()
    up(app)
    down(app)
    assert now(app, sent).holder == NAME
    assert tells(app, TITLE)
    app.dossiers.finish(sent.id)
    there.stand(CODE, "done")
    down(app)
    assert sweep(app).dossiers == 1
    there.stand(CODE, "processing")
    down(app)
    assert not tells(app, NAME) and not tells(app, TITLE)
    assert sound(app)


def test_what_an_older_version_learnt_again_goes_with_the_next_sweep(
    app: App, sent: Dossier, there: Meddling
) -> None:
    other = app.dossiers.open_new(code="000.00.20.H02-261122-0042", holder="Trần Văn Còn")
    removed(app, sent, there)
    down(app)
    with app.store.transaction() as tx:
        tx.execute("UPDATE dossier SET holder = ? WHERE id = ?", (NAME, sent.id))
        tx.execute("UPDATE elsewhere SET title = ?", (TITLE,))
    assert tells(app, NAME) and tells(app, TITLE)
    sweep(app)
    assert not tells(app, NAME) and not tells(app, TITLE)
    assert now(app, other).holder == "Trần Văn Còn"
    writes = app.store.rows("SELECT count(*) FROM audit")[0][0]
    forgetting.forget_again(app.store)
    assert app.store.rows("SELECT count(*) FROM audit")[0][0] == writes, "once is enough"


def test_the_local_dossier_that_became_it_forgets_the_name_too(app: App, sent: Dossier) -> None:
    local = app.dossiers.open_new(code=None, holder="Phạm Thị Mơ")
    add_page(app, local, "bo sung", part="TP03")
    app.binding.bind(local.id, CODE)
    make_ready(app, sent, "bo sung hai", part="TP03")
    app.retention.discard(sent.id, "quét nhầm người", grace=False)
    assert not tells(app, "Phạm Thị Mơ")
    with app.store.transaction() as tx:  # as versions before left it
        tx.execute("UPDATE dossier SET holder = 'Phạm Thị Mơ' WHERE id = ?", (local.id,))
    sweep(app)
    assert not tells(app, "Phạm Thị Mơ")


def test_a_local_dossier_without_pages_does_not_bring_it_back_and_one_with_pages_does(
    app: App, sent: Dossier
) -> None:
    sweep(app)
    empty = app.dossiers.open_new(code=None, holder="Ai Đó")
    app.binding.bind(empty.id, CODE)
    assert now(app, sent).holder == ""
    filled = app.dossiers.open_new(code=None, holder="Ai Đó")
    add_page(app, filled, "bo sung")
    app.binding.bind(filled.id, CODE, merge=True)
    assert now(app, sent).holder == "Ai Đó"
    index_all(app.store, threading.Event())
    assert [one.id for one in dossiers_named(app.store, "Ai Đó", 9)] == [sent.id]


def test_what_was_read_of_a_marking_goes_and_the_record_still_holds(
    app: App, sent: Dossier
) -> None:
    image = sent.papers[0].live_pages[0].sha256
    mark = Mark(Level.TUYET_MAT, How.STAMP, "TUYf£T MT", 0.8)
    with app.store.transaction() as tx:
        secrecy.put_marks(tx, image, [mark])
    app.retention.discard(sent.id, "quét nhầm", grace=False)
    assert not tells(app, mark.read)
    (kept,) = now(app, sent).papers[0].pages[0].secrecy.marks
    assert (kept.level, kept.how) == (mark.level, mark.how)
    assert sound(app)
    with app.store.transaction() as tx:
        tx.execute("UPDATE secrecy_mark SET read = ?", (mark.read,))  # as versions before left it
    other = app.dossiers.open_new(code="000.00.20.H02-261122-0042")
    add_page(app, other, "mat")
    (live,) = now(app, other).papers[-1].live_pages
    with app.store.transaction() as tx:
        secrecy.put_marks(tx, live.sha256, [replace(mark, read="TỐI MT")])
    sweep(app)
    assert not tells(app, mark.read)
    assert tells(app, "TỐI MT"), "that page is here"
    assert sound(app)


def test_a_marked_page_that_comes_again_is_told_as_it_is_read(app: App, sent: Dossier) -> None:
    image = sent.papers[0].live_pages[0].sha256
    mark = Mark(Level.TUYET_MAT, How.STAMP, "TUYf£T MT", 0.8)
    with app.store.transaction() as tx:
        secrecy.put_marks(tx, image, [mark])
    app.retention.discard(sent.id, "quét nhầm", grace=False)
    with app.store.transaction() as tx:
        secrecy.put_marks(tx, image, [replace(mark, read="less", sure=0.7)])
    assert not tells(app, "less")
    with app.store.transaction() as tx:
        secrecy.put_marks(tx, image, [mark])
    assert tells(app, mark.read)
