"""Local dossiers: bound to a real code, merged, begun at the server over HTTP; never an invented
code, never begun twice."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from readymade import CODE, add_page, down, fresh, is_sent, make_ready, open_ones, up, use

from digitizer.app import App
from digitizer.binding import code_on_pages, wish_from_pages
from digitizer.errors import (
    BadIdentifier,
    BindingKept,
    CodesNotGiven,
    CreationLacks,
    CreationRefused,
    DossierHasCode,
    DossierNotAtServer,
    DossiersOverlap,
    Offline,
)
from digitizer.hanging import hanging
from digitizer.identifiers import is_dossier_code
from digitizer.model import Code, Dossier, Reading
from digitizer.plan import plan
from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.meddling import Meddling
from digitizer.sandbox.server import Address
from digitizer.servers import Server
from digitizer.storage import changes
from digitizer.storage.creations import Creation
from digitizer.versions import Kind

NEW = "000.00.20.H02-261122-0777"
PROCEDURE = "1.001193"
AWAY = Server("opencps", "http://127.0.0.1:9/o/rest/v2", "1", "u")


@pytest.fixture
def there(tmp_path: Path, sandbox: Address) -> Meddling:
    """The hand that meddles at the server."""
    return Meddling(tmp_path / "sandbox")


@pytest.fixture
def local(app: App, sandbox: Address) -> Dossier:
    """A dossier that was begun offline, under a procedure that is known here."""
    use(app, sandbox)
    down(app)
    return app.dossiers.open_new(code=None, procedure=PROCEDURE, holder="Trần Thị Mới")


def pages(app: App, dossier: Dossier, part: str = "TP01") -> list[str]:
    return [page.id for page in fresh(app, dossier, part).live_pages]


# --- bound by its code --------------------------------------------------------------------------


def test_a_local_dossier_becomes_the_real_one_and_is_sent(
    app: App, there: Meddling, local: Dossier
) -> None:
    app.sync.start()
    made = make_ready(app, local, "ours")
    real = app.dossiers.find(CODE)
    bound = app.binding.bind(local.id, f" {CODE.lower()} ")
    assert bound.merged
    assert bound.dossier.id == real.id
    assert app.dossiers.find(local.name).id == real.id, "its number still leads there"
    assert [page.sha256 for page in fresh(app, real).pages] == [made.pages[0].sha256]
    assert local.name not in [head.name for head in app.dossiers.heads()]
    make_ready(app, real, "one more", "TP02")
    up(app)
    assert is_sent(app, real, "TP02")


def test_where_nobody_knows_the_code_yet_the_dossier_itself_takes_it(
    app: App, local: Dossier
) -> None:
    add_page(app, local, "ours")
    bound = app.binding.bind(local.id, NEW)
    assert (bound.merged, bound.dossier.id, bound.dossier.code) == (False, local.id, NEW)
    assert app.dossiers.find(local.name).id == local.id
    again = app.binding.unbind(local.id)
    assert (again.code, again.name) == (None, local.name)


def test_a_code_that_no_server_knows_can_be_corrected(
    app: App, sandbox: Address, there: Meddling
) -> None:
    use(app, sandbox)
    down(app)
    app.sync.start()
    wrong = app.dossiers.open_new(code=NEW, holder="Trần Thị Mới")
    made = make_ready(app, wrong, "ours")
    up(app)
    (stuck,) = hanging(app.store).stuck
    assert stuck.error == DossierNotAtServer.code
    local = app.binding.unbind(wrong.id)
    assert (local.id, local.code, local.name) == (wrong.id, None, "L-000001")
    app.settle()
    assert not hanging(app.store).stuck
    bound = app.binding.bind(local.id, CODE)
    assert bound.merged
    assert [page.sha256 for page in fresh(app, bound.dossier).pages] == [made.pages[0].sha256]
    assert app.dossiers.open_new(code=NEW).id != wrong.id, "the code is free"


def test_what_is_no_code_or_no_local_dossier_is_not_bound(app: App, local: Dossier) -> None:
    with pytest.raises(BadIdentifier):
        app.binding.bind(local.id, "L-000002")
    for other in (app.dossiers.find(CODE), app.dossiers.unsorted()):
        with pytest.raises(DossierHasCode):
            app.binding.bind(other.id, NEW)
    with pytest.raises(DossierHasCode):
        app.binding.unbind(app.dossiers.find(CODE).id)


def test_a_paper_with_pages_on_both_sides_is_a_choice(app: App, local: Dossier) -> None:
    real = app.dossiers.find(CODE)
    add_page(app, local, "ours")
    add_page(app, local, "and one of several", "TP03")
    add_page(app, real, "there already")
    add_page(app, real, "there already too", "TP03")
    mine, theirs = pages(app, local), pages(app, real)
    with pytest.raises(DossiersOverlap, match="TP01"):
        app.binding.bind(local.id, CODE)
    assert pages(app, local) == mine
    app.binding.bind(local.id, CODE, merge=True)
    assert pages(app, real) == [*theirs, *mine]
    copies = [paper for paper in app.dossiers.get(real.id).papers if paper.part == "TP03"]
    assert [len(paper.live_pages) for paper in copies] == [1, 1], "a file of its own"


def test_a_merge_is_one_step_of_undo(app: App, local: Dossier) -> None:
    real = app.dossiers.find(CODE)
    add_page(app, local, "ours")
    add_page(app, local, "other", "TP02")
    mine = pages(app, local)
    app.binding.bind(local.id, CODE)
    step = app.dossiers.undo(real.id)
    assert step is not None
    assert step.verb == "bind"
    assert pages(app, real) == []
    assert pages(app, local) == mine
    assert app.dossiers.find(local.name).id == local.id
    assert local.name in [head.name for head in app.dossiers.heads()]
    app.dossiers.redo(real.id)
    assert pages(app, real) == mine


def test_pages_that_are_still_being_scanned_follow(app: App, local: Dossier) -> None:
    real = app.dossiers.find(CODE)
    with app.store.transaction() as tx:
        changes.start_batch(tx, "running", fresh(app, local).id, "test", "{}")
        changes.add_page(tx, "running", 1, sha256="1" * 64, size=1, suffix=".jpg")
    app.binding.bind(local.id, CODE)
    with app.store.transaction() as tx:
        changes.add_page(tx, "running", 2, sha256="2" * 64, size=1, suffix=".jpg")
    assert [page.batch_seq for page in fresh(app, real).live_pages] == [1, 2]


def test_two_desks_that_bind_the_same_dossier_are_told(
    app: App, there: Meddling, local: Dossier
) -> None:
    there.put(CODE, "TP01", b"%PDF of another desk", "other-desk-0001", "Tờ khai")
    there.put(CODE, "TP02", b"%PDF of another desk", "other-desk-0002", "Giấy chứng sinh")
    make_ready(app, local, "ours")
    bound = app.binding.bind(local.id, CODE).dossier
    seen = app.syncing.there.bind(app.servers.connect(), bound)
    assert [paper.part for paper in seen.papers if paper.elsewhere] == ["TP01", "TP02"]
    app.sync.start()
    make_ready(app, bound, "one more")
    up(app)
    assert [met.conflict.kind for met in open_ones(app)] == [Kind.OTHER]
    assert there.keys(CODE) == ("other-desk-0001", "other-desk-0002")


def test_a_binding_taken_back_while_the_server_is_asked_leaves_nothing(
    app: App, sandbox: Address
) -> None:
    use(app, sandbox)
    local = app.dossiers.open_new(code=None)
    bound = app.binding.bind(local.id, CODE).dossier
    app.binding.unbind(local.id)
    with pytest.raises(DossierNotAtServer):
        app.syncing.there.bind(app.servers.connect(), bound)
    assert app.dossiers.get(local.id).server_ref == ""
    assert app.dossiers.find(CODE).id != local.id


def test_what_was_sent_under_a_code_stays_bound_to_it(app: App, local: Dossier) -> None:
    bound = app.binding.bind(local.id, NEW).dossier
    with app.store.transaction() as tx:
        paper = bound.papers[0].id
        tx.execute(
            "INSERT INTO sending (paper_id, sha256, server) VALUES (?, 'x', 'server')", (paper,)
        )
    with pytest.raises(BindingKept):
        app.binding.unbind(local.id)


# --- begun at the server ------------------------------------------------------------------------


def create(app: App, local: Dossier) -> Dossier:
    app.binding.ask(local.id, Creation(holder_id="024199000011"))
    return app.binding.create(local.id, app.servers.connect())


def test_the_server_begins_a_dossier_and_gives_it_its_code(app: App, local: Dossier) -> None:
    app.sync.start()
    made = create(app, local)
    assert made.id == local.id
    assert made.code is not None
    assert is_dossier_code(made.code)
    assert made.server_ref
    down(app)
    make_ready(app, made, "ours")
    up(app)
    assert is_sent(app, made)


def test_without_a_line_it_is_asked_on_the_next_way_down(
    app: App, sandbox: Address, local: Dossier
) -> None:
    app.servers.set(AWAY, "p")
    with pytest.raises(Offline):
        create(app, local)
    assert app.dossiers.get(local.id).code is None
    use(app, sandbox)
    down(app)
    assert app.dossiers.get(local.id).code is not None


def test_an_answer_that_never_came_begins_no_second_dossier(
    tmp_path: Path, app: App, faults: Faults, local: Dossier
) -> None:
    """Killed between the server's doing and our commit, or cut off: the same."""
    before = len(list(app.servers.connect().system.waiting()))
    faults.set(Fault.LATE_ANSWER, 1)
    with pytest.raises(Exception, match="failed"):
        create(app, local)
    assert app.dossiers.get(local.id).code is None
    app.close()
    with App(tmp_path / "home", "test") as again:
        down(again)
        assert again.dossiers.get(local.id).code is not None
        assert len(list(again.servers.connect().system.waiting())) == before + 1
        assert len([head for head in again.dossiers.heads() if head.holder == local.holder]) == 1


def test_a_code_that_comes_later_is_waited_for_and_never_invented(
    app: App, faults: Faults, local: Dossier
) -> None:
    make_ready(app, local, "ours")
    faults.set(Fault.NO_CODE, 2)
    made = create(app, local)
    assert (made.code, made.name) == (None, local.name)
    assert made.server_ref
    assert plan(app.dossiers.get(local.id), app.work.server) == ()
    assert app.binding.create(local.id, app.servers.connect()).code is None
    down(app)
    bound = app.dossiers.get(local.id)
    assert bound.code is not None
    assert len(bound.papers[0].live_pages) == 1
    assert len([head for head in app.dossiers.heads() if head.code == bound.code]) == 1


def test_a_code_that_came_down_first_takes_the_pages_over(
    app: App, faults: Faults, local: Dossier
) -> None:
    add_page(app, local, "ours")
    faults.set(Fault.NO_CODE, 1)
    made = create(app, local)
    there = app.servers.connect()
    (found,) = [one for one in there.system.waiting() if one.ref == made.server_ref]
    papers = there.system.papers(found.template)
    app.dossiers.take_from_server(found, papers, there.server)
    down(app)
    real = app.dossiers.find(found.code)
    assert len(real.papers[0].live_pages) == 1
    assert app.dossiers.find(local.name).id == real.id


def test_a_dossier_is_begun_only_with_a_procedure_and_a_holder(app: App, local: Dossier) -> None:
    bare = app.dossiers.open_new(code=None)
    with pytest.raises(CreationLacks):
        app.binding.ask(bare.id, Creation())
    app.binding.describe(bare.id, procedure=PROCEDURE, holder=" Lê  Văn Tư ")
    told = app.binding.ask(bare.id, Creation())
    assert (told.holder, told.papers[0].part) == ("Lê Văn Tư", "TP01")


def test_a_server_that_does_not_want_it_says_so_and_a_folder_gives_no_codes(
    tmp_path: Path, app: App, local: Dossier
) -> None:
    with app.store.transaction() as tx:
        tx.execute("UPDATE dossier SET procedure_code = '9.999999' WHERE id = ?", (local.id,))
    with pytest.raises(CreationRefused):
        create(app, local)
    (tmp_path / "out").mkdir()
    app.servers.set(Server("folder", str(tmp_path / "out"), "", ""), "")
    with pytest.raises(CodesNotGiven):
        create(app, local)
    met: list[str] = []
    app.syncing.down(threading.Event(), lambda error: met.append(error.code))
    assert met == ["codes-not-given"]


# --- what the pages say -------------------------------------------------------------------------


def read_with(app: App, dossier: Dossier, *texts: str) -> Dossier:
    codes = tuple(Code("QRCode", text) for text in texts)
    reading = Reading(1, 1, 100.0, 100.0, False, 0.1, 0, 0.0, codes)
    add_page(app, dossier, " ".join(texts))
    sha256 = fresh(app, dossier).pages[-1].sha256
    with app.store.transaction() as tx:
        changes.put_reading(tx, sha256, reading)
    return app.dossiers.get(dossier.id)


def test_the_receipts_code_on_a_page_is_proposed(app: App, local: Dossier) -> None:
    assert code_on_pages(read_with(app, local, f"hs|{NEW}|1.001193")) == NEW
    other = app.dossiers.open_new(code=None, procedure=PROCEDURE)
    assert code_on_pages(read_with(app, other, NEW, CODE)) == "", "which of them?"


def test_a_citizens_card_among_the_pages_tells_number_and_address(app: App, local: Dossier) -> None:
    card = "024199000011||Trần Thị Mới|01021990|Nữ|Thôn Đồng Tâm|01012022"
    assert wish_from_pages(read_with(app, local, card)) == Creation(
        "citizen", "024199000011", "Thôn Đồng Tâm"
    )
    other = app.dossiers.open_new(code=None, procedure=PROCEDURE, holder="Người Khác")
    assert wish_from_pages(read_with(app, other, card)) == Creation()
