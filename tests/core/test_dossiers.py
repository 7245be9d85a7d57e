"""The verbs: what a clerk can do, and undo."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from digitizer.app import App
from digitizer.errors import (
    BadIdentifier,
    DossierExists,
    DossierUnknown,
    PaperUnknown,
    ServerChanged,
)
from digitizer.model import OTHER_PART, Dossier, PaperKind, Reading
from digitizer.procedure.port import RequiredPaper, ServerDossier
from digitizer.servers import Server
from digitizer.storage import changes, queries
from digitizer.storage.store import Store

CODE = "000.00.20.H02-261122-0001"
OTHER = "000.00.20.H02-261122-0002"
PAPERS = (
    RequiredPaper("TP01", "Tờ khai", PaperKind.COMPONENT, required=True, multiple=False),
    RequiredPaper("KQ01", "Giấy khai sinh", PaperKind.RESULT, required=True, multiple=False),
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with App(tmp_path / "home", "test") as opened:
        yield opened


def filled(app: App, dossier: Dossier, pages: int = 3) -> list[str]:
    """Put pages into TP01; returns their ids."""
    paper = app.dossiers.paper_for(app.dossiers.get(dossier.id), "TP01")
    with app.store.transaction() as tx:
        changes.start_batch(tx, "batch", paper, "test", "{}")
        for seq in range(1, pages + 1):
            changes.add_page(tx, "batch", seq, sha256=f"{seq:064x}", size=1, suffix=".jpg")
        changes.end_batch(tx, "batch", "empty")
    found = app.dossiers.get(dossier.id).paper("TP01")
    assert found is not None
    return [page.id for page in found.pages]


def seqs(app: App, dossier: Dossier, part: str = "TP01") -> list[int]:
    paper = app.dossiers.get(dossier.id).paper(part)
    return [page.batch_seq for page in paper.live_pages] if paper else []


def from_server(
    procedure: str = "Đăng ký khai sinh", holder: str = "Nguyễn Văn An"
) -> ServerDossier:
    return ServerDossier("7", CODE, "1.001193", procedure, holder, "receiving", "T1")


def test_a_dossier_is_found_by_its_code_however_it_is_typed(app: App) -> None:
    made = app.dossiers.open_new(code=f" {CODE.lower()} ", holder=" Nguyễn Văn An ")
    assert made.name == CODE
    assert made.holder == "Nguyễn Văn An"
    assert app.dossiers.find(CODE.lower()).id == made.id
    with pytest.raises(DossierExists):
        app.dossiers.open_new(code=CODE)
    with pytest.raises(BadIdentifier):
        app.dossiers.open_new(code="no code")
    with pytest.raises(DossierUnknown):
        app.dossiers.find("H02-240508-0001")


def test_work_without_a_code_gets_a_local_number_never_an_invented_code(app: App) -> None:
    first, second = (app.dossiers.open_new(code=None) for _ in range(2))
    assert (first.name, second.name) == ("L-000001", "L-000002")
    assert first.code is None
    assert app.dossiers.find("l-000002").id == second.id


def test_pages_without_a_paper_go_to_other_papers(app: App) -> None:
    made = app.dossiers.open_new(code=CODE)
    first = app.dossiers.paper_for(made, None)
    again = app.dossiers.paper_for(app.dossiers.get(made.id), OTHER_PART)
    assert first == again
    paper = app.dossiers.get(made.id).paper(OTHER_PART)
    assert paper is not None
    assert paper.title == "Giấy tờ khác"


def test_an_unknown_part_is_refused_only_where_the_list_is_known(app: App) -> None:
    made = app.dossiers.open_new(code=CODE)
    app.dossiers.paper_for(made, "TP07")
    app.dossiers.take_from_server(from_server(), PAPERS)
    known = app.dossiers.get(made.id)
    with pytest.raises(PaperUnknown):
        app.dossiers.paper_for(known, "TP08")
    assert app.dossiers.paper_for(known, "TP07"), "what was scanned stays"


def test_the_server_completes_a_dossier_and_never_disturbs_its_pages(app: App) -> None:
    made = app.dossiers.open_new(code=CODE)
    filled(app, made)
    assert app.dossiers.take_from_server(from_server(), PAPERS)
    assert not app.dossiers.take_from_server(from_server(), PAPERS)
    found = app.dossiers.get(made.id)
    assert (found.holder, found.server_ref) == ("Nguyễn Văn An", "7")
    assert [paper.title for paper in found.papers] == ["Tờ khai", "Giấy khai sinh"]
    assert seqs(app, made) == [1, 2, 3]
    app.dossiers.take_from_server(from_server(), PAPERS[1:])
    assert seqs(app, made) == [1, 2, 3], "a list that lost a paper does not lose its pages"


def test_two_that_bring_the_same_dossier_make_one(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clerk opens by its code what the list brings at that moment."""
    look, both, mine = queries.dossier_id_of, threading.Barrier(2, timeout=30), threading.local()

    def look_together(store: Store, name: str) -> str | None:
        found = look(store, name)
        if not getattr(mine, "looked", False):
            mine.looked = True
            both.wait()
        return found

    monkeypatch.setattr(queries, "dossier_id_of", look_together)
    with ThreadPoolExecutor(2) as pool:
        bringing = [pool.submit(app.dossiers.take_from_server, from_server(), PAPERS) for _ in "ab"]
        for one in bringing:
            one.result()
    assert len(app.dossiers.heads()) == 1


def test_what_another_server_said_is_refused(app: App, tmp_path: Path) -> None:
    """A download may still run when the server is changed: its keys mean others' dossiers."""
    made = app.dossiers.open_new(code=CODE)
    old = Server("folder", str(tmp_path / "old"), "", "")
    app.servers.set(old, "")
    assert app.dossiers.take_from_server(from_server(), PAPERS, old.name)
    app.servers.set(Server("folder", str(tmp_path / "new"), "", ""), "")
    assert app.dossiers.get(made.id).server_ref == ""
    with pytest.raises(ServerChanged):
        app.dossiers.take_from_server(from_server(), PAPERS, old.name)
    assert app.dossiers.get(made.id).server_ref == ""


def test_a_procedure_once_seen_gives_its_papers_offline(app: App) -> None:
    app.dossiers.take_from_server(from_server(), PAPERS)
    local = app.dossiers.open_new(code=None, procedure="1.001193")
    assert [paper.part for paper in local.papers] == ["TP01", "KQ01"]
    assert local.procedure_name == "Đăng ký khai sinh"
    same = app.dossiers.open_new(code=None, procedure="1.001193.000.00.00.H56")
    assert [paper.part for paper in same.papers] == ["TP01", "KQ01"]
    assert same.procedure_code == "1.001193", "as the catalogue writes it"
    assert app.dossiers.open_new(code=None, procedure="").papers == ()


def test_every_change_to_pages_can_be_undone_and_done_again(app: App) -> None:
    made = app.dossiers.open_new(code=CODE)
    ids = filled(app, made)
    target = app.dossiers.paper_for(app.dossiers.get(made.id), "TP02")
    states = [app.dossiers.get(made.id)]
    app.dossiers.turn(made.id, ids[:1], 90)
    states.append(app.dossiers.get(made.id))
    app.dossiers.delete(made.id, ids[1:2])
    states.append(app.dossiers.get(made.id))
    app.dossiers.move(made.id, [ids[2], ids[0]], target)
    states.append(app.dossiers.get(made.id))
    assert seqs(app, made, "TP02") == [3, 1], "in the order they were given"
    for state in reversed(states[:-1]):
        assert app.dossiers.undo(made.id)
        assert app.dossiers.get(made.id) == state
    assert not app.dossiers.undo(made.id)
    for state in states[1:]:
        assert app.dossiers.redo(made.id)
        assert app.dossiers.get(made.id) == state
    assert not app.dossiers.redo(made.id)


def test_a_new_change_ends_what_could_be_done_again(app: App) -> None:
    made = app.dossiers.open_new(code=CODE)
    ids = filled(app, made)
    app.dossiers.turn(made.id, ids, 90)
    app.dossiers.undo(made.id)
    app.dossiers.turn(made.id, ids, 180)
    assert not app.dossiers.redo(made.id)
    assert [page.turn for page in app.dossiers.get(made.id).papers[0].pages] == [180, 180, 180]


def test_a_deleted_page_stays_and_comes_back(app: App) -> None:
    made = app.dossiers.open_new(code=CODE)
    ids = filled(app, made)
    app.dossiers.delete(made.id, ids[:1])
    assert seqs(app, made) == [2, 3]
    assert len(app.dossiers.get(made.id).papers[0].pages) == 3
    app.dossiers.restore(made.id, ids[:1])
    assert seqs(app, made) == [1, 2, 3]


def test_pages_move_to_another_dossier_and_back(app: App) -> None:
    made, other = app.dossiers.open_new(code=CODE), app.dossiers.open_new(code=None)
    ids = filled(app, made)
    heard: set[str] = set()
    app.events.subscribe(lambda change: heard.update(change.dossiers))
    app.dossiers.move(made.id, ids[1:], app.dossiers.paper_for(other, "TP01"))
    assert (seqs(app, made), seqs(app, other)) == ([1], [2, 3])
    assert {made.id, other.id} <= heard
    heard.clear()
    app.dossiers.undo(made.id)
    assert seqs(app, made) == [1, 2, 3]
    assert {made.id, other.id} <= heard


def test_a_page_that_its_code_led_away_is_not_brought_back_by_undo(app: App) -> None:
    made, other = app.dossiers.open_new(code=CODE), app.dossiers.open_new(code=OTHER)
    ids = filled(app, made)
    app.dossiers.turn(made.id, ids[:1], 90)
    with app.store.transaction() as tx:
        changes.route_page(tx, ids[0], changes.other_paper(tx, other.id))
    assert app.dossiers.undo(made.id)
    assert (seqs(app, made), seqs(app, other, OTHER_PART)) == ([2, 3], [1])
    assert app.dossiers.redo(made.id)
    assert (seqs(app, made), seqs(app, other, OTHER_PART)) == ([2, 3], [1])


def test_a_code_does_not_overrule_what_the_clerk_did_meanwhile(app: App) -> None:
    made, other = app.dossiers.open_new(code=CODE), app.dossiers.open_new(code=OTHER)
    ids = filled(app, made)
    paper = app.dossiers.paper_for(app.dossiers.get(made.id), "TP02")
    app.dossiers.move(made.id, ids[:1], paper)
    app.dossiers.delete(made.id, ids[1:2])
    with app.store.transaction() as tx:
        goal = changes.other_paper(tx, other.id)
        routed = [changes.route_page(tx, page, goal) for page in ids]
    assert routed == [False, False, True]
    assert (seqs(app, made), seqs(app, made, "TP02")) == ([], [1])
    app.dossiers.restore(made.id, ids[1:2])
    assert seqs(app, made) == [2]


def test_a_page_turned_upright_before_it_was_read_stays_upright(app: App) -> None:
    made = app.dossiers.open_new(code=CODE)
    ids = filled(app, made)
    app.dossiers.turn(made.id, ids[:1], 90)
    app.dossiers.turn(made.id, ids[1:2], 180)
    for seq in (1, 2, 3, 1):  # the first one twice, as after a change of the reading program
        reading = Reading(10, 10, 300.0, 300.0, False, 0.1, 90, 0.0)
        app.dossiers.note_reading(f"{seq:064x}", reading)

    def turns() -> list[int | None]:
        return [page.full_turn for page in app.dossiers.get(made.id).papers[0].pages]

    assert turns() == [90, 180, 90], "as the clerk saw it; what nobody turned, as it was read"
    app.dossiers.undo(made.id)
    assert turns() == [90, 0, 90], "back to how it looked before"
    app.dossiers.redo(made.id)
    assert turns() == [90, 180, 90]


def test_undoing_a_move_keeps_what_was_done_to_the_page_there(app: App) -> None:
    made, other = app.dossiers.open_new(code=CODE), app.dossiers.open_new(code=OTHER)
    ids = filled(app, made)
    app.dossiers.turn(made.id, ids[:2], 90)
    app.dossiers.move(made.id, ids[:2], app.dossiers.paper_for(other, "TP01"))
    app.dossiers.turn(other.id, ids[:1], 180)
    app.dossiers.delete(other.id, ids[1:2])
    app.dossiers.undo(made.id)
    assert seqs(app, made) == [1, 3]
    pages = app.dossiers.get(made.id).papers[0].pages
    assert [(page.turn, page.deleted) for page in pages] == [(270, False), (90, True), (0, False)]
    app.dossiers.undo(made.id)
    pages = app.dossiers.get(made.id).papers[0].pages
    assert [page.turn for page in pages] == [180, 0, 0], "only the turn that is taken back"


def test_finishing_is_told_and_taken_back(app: App) -> None:
    made = app.dossiers.open_new(code=CODE)
    done = app.dossiers.finish(made.id)
    assert done.finished_at is not None
    assert app.dossiers.finish(made.id).finished_at == done.finished_at
    assert app.dossiers.reopen(made.id).finished_at is None


def test_what_nobody_claimed_has_one_place(app: App) -> None:
    first = app.dossiers.unsorted()
    assert app.dossiers.unsorted().id == first.id
    assert first.code is None
