"""Papers that are reused: their pages come along without a byte copied, every step can be undone,
and what goes out says what they are."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from facts import bundled, received
from facts import dossier as a_dossier
from facts import page as a_page
from facts import paper as a_paper
from msgspec.structs import replace
from PIL import Image

from digitizer import reusing
from digitizer.app import App
from digitizer.digitized import at_result, digitized
from digitizer.errors import NothingToReuse, ResultCodeBad
from digitizer.model import Dossier, Paper, PaperKind, PaperState, Reading
from digitizer.procedure.port import RequiredPaper, ServerDossier
from digitizer.servers import Server
from digitizer.storage import changes
from digitizer.ways import Reuse, Way

PAPERS = (
    RequiredPaper("TP01", "Tờ khai", PaperKind.COMPONENT, required=True, multiple=False),
    RequiredPaper("TP02", "Giấy chứng sinh", PaperKind.COMPONENT, required=True, multiple=False),
    RequiredPaper("KQ01", "Giấy khai sinh", PaperKind.RESULT, required=True, multiple=False),
)
OLD, NEW = "000.00.20.H02-261122-0001", "000.00.20.H02-261122-0002"
HOLDER = "Hoàng Thị Bích Ngọc"
RESULT = "KQ.G07.000122"
BLANK = Reading(827, 1169, 100.0, 100.0, True, 0.0, 0, 0.0)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A home whose dossiers go to a folder."""
    with App(tmp_path / "home", "test") as opened:
        (tmp_path / "out").mkdir()
        opened.servers.set(Server("folder", str(tmp_path / "out"), "", ""), "")
        opened.server_changed()
        yield opened


@pytest.fixture
def old(app: App, tmp_path: Path) -> Dossier:
    """A dossier with two pages in its second paper and one in its result."""
    made = begun(app, OLD)
    scan(app, tmp_path, made, "TP02", 2)
    scan(app, tmp_path, made, "KQ01", 1)
    return app.dossiers.get(made.id)


@pytest.fixture
def new(app: App) -> Dossier:
    """Another dossier of the same person."""
    return begun(app, NEW)


def begun(app: App, code: str) -> Dossier:
    found = ServerDossier(code, code, "1.001193", "Đăng ký khai sinh", HOLDER, "", "T1")
    server = app.servers.get()
    app.dossiers.take_from_server(found, PAPERS, server.name if server else "")
    return app.dossiers.find(code)


def scan(app: App, folder: Path, dossier: Dossier, part: str, pages: int) -> None:
    batch = changes.new_id()
    paper = app.dossiers.paper_for(dossier, part)
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper, "test", "{}")
    for seq in range(1, pages + 1):
        file = folder / f"{seq:04d}.jpg"
        shade = (len(part) * 7 + ord(part[0]) + seq * 5) % 255
        Image.new("RGB", (827, 1169), (255, 255, shade)).save(file, dpi=(100, 100))
        app.capture.adopt(batch, seq, file)
    with app.store.transaction() as tx:
        changes.end_batch(tx, batch, "empty")
    for row in app.store.rows("SELECT sha256 FROM page WHERE batch_id = ?", batch):
        app.dossiers.note_reading(row["sha256"], BLANK)


def paper(app: App, dossier: Dossier, part: str) -> Paper:
    found = app.dossiers.get(dossier.id).paper(part)
    assert found is not None
    return found


def blobs(app: App) -> list[Path]:
    return sorted(path for path in app.home.vault.rglob("*") if path.is_file())


def take(app: App, new: Dossier, old: Dossier, part: str = "TP02", code: str = "") -> None:
    goal = paper(app, new, "TP02")
    source = paper(app, old, part)
    reusing.reuse_paper(app.store, app.events, new.id, goal.id, source.id, code)


def test_pages_come_along_without_a_byte_copied(app: App, old: Dossier, new: Dossier) -> None:
    before = blobs(app)
    app.dossiers.turn(old.id, [paper(app, old, "TP02").pages[1].id], 90)
    take(app, new, old)
    mine, source = paper(app, new, "TP02"), paper(app, old, "TP02")
    assert [(p.sha256, p.turn) for p in mine.live_pages] == [
        (p.sha256, p.turn) for p in source.live_pages
    ]
    assert mine.settled, "nothing is read again"
    assert blobs(app) == before
    assert mine.reuse is not None
    assert (mine.reuse.flag, mine.reuse.source) == ("1", source.id)
    assert source.reuse is None
    assert len(source.live_pages) == 2


def test_it_is_one_step_of_undo_and_of_redo(
    app: App, old: Dossier, new: Dossier, tmp_path: Path
) -> None:
    scan(app, tmp_path, new, "TP02", 1)
    own = [page.id for page in paper(app, new, "TP02").live_pages]
    take(app, new, old)
    assert [p.id for p in paper(app, new, "TP02").live_pages] != own
    assert len(paper(app, new, "TP02").live_pages) == 2
    step = app.dossiers.undo(new.id)
    assert step is not None
    assert step.verb == "reuse"
    assert [page.id for page in paper(app, new, "TP02").live_pages] == own
    assert paper(app, new, "TP02").way == Way()
    app.dossiers.redo(new.id)
    again = paper(app, new, "TP02")
    assert again.reuse is not None
    assert len(again.live_pages) == 2
    assert reusing.no_reuse(app.store, app.events, new.id, again.id)
    assert paper(app, new, "TP02").live_pages == ()
    app.dossiers.undo(new.id)
    assert paper(app, new, "TP02").reuse is not None
    assert not reusing.no_reuse(app.store, app.events, new.id, paper(app, new, "TP01").id)


def test_pages_scanned_for_this_dossier_are_not_reused(
    app: App, old: Dossier, new: Dossier, tmp_path: Path
) -> None:
    take(app, new, old)
    scan(app, tmp_path, new, "TP02", 1)
    assert paper(app, new, "TP02").reuse is None
    app.dossiers.delete(new.id, [paper(app, new, "TP02").live_pages[-1].id])
    assert paper(app, new, "TP02").reuse is not None


def test_a_result_needs_its_code(app: App, old: Dossier, new: Dossier) -> None:
    for bad in ("", "KQ 1", "x", "a\nb", "K" * 200):
        with pytest.raises(ResultCodeBad):
            take(app, new, old, "KQ01", bad)
    with pytest.raises(ResultCodeBad):
        goal = paper(app, new, "TP02").id
        reusing.reuse_result(app.store, app.events, new.id, goal, "hai từ")
    assert paper(app, new, "TP02").pages == ()
    take(app, new, old, "KQ01", RESULT)
    reuse = paper(app, new, "TP02").reuse
    assert reuse is not None
    assert (reuse.flag, reuse.code) == ("2", RESULT)


def test_nothing_to_reuse(app: App, old: Dossier, new: Dossier) -> None:
    goal = paper(app, new, "TP02")
    for source in (paper(app, old, "TP01").id, "nobody", goal.id):
        with pytest.raises(NothingToReuse):
            reusing.reuse_paper(app.store, app.events, new.id, goal.id, source)
    assert app.store.rows("SELECT * FROM reuse") == []


def test_an_earlier_result_by_its_code_alone_is_not_missing(app: App, new: Dossier) -> None:
    goal = paper(app, new, "TP02")
    reusing.reuse_result(app.store, app.events, new.id, goal.id, RESULT)
    mine = paper(app, new, "TP02")
    assert mine.there
    assert app.dossiers.get(new.id).state(mine) is PaperState.MISSING, "there is nothing to send"
    app.dossiers.undo(new.id)
    assert not paper(app, new, "TP02").there


def test_it_is_sent_like_any_other_and_the_manifest_says_what_it_is(
    app: App, old: Dossier, new: Dossier, tmp_path: Path
) -> None:
    take(app, new, old)
    app.local.start()
    app.sync.start()

    def line() -> dict[str, str]:
        app.settle()
        app.local.until_idle(threading.Event())
        app.settle()
        app.sync.until_idle(threading.Event())
        text = (tmp_path / "out" / NEW / "manifest.json").read_text(encoding="utf-8")
        (found,) = json.loads(text)["TaiLieuNop"]
        return dict(found)

    first = line()
    assert (first["DuocTaiSuDung"], first["MaKetQuaThayThe"]) == ("1", "")
    done = app.dossiers.get(new.id)
    assert done.state(paper(app, new, "TP02"), app.work.server) is PaperState.SENT
    assert digitized(done, app.work.server).component == "there"
    reusing.reuse_result(app.store, app.events, new.id, paper(app, new, "TP02").id, RESULT)
    second = line()
    assert (second["DuocTaiSuDung"], second["MaKetQuaThayThe"]) == ("2", RESULT)
    assert second["SHA256"] == first["SHA256"]
    app.dossiers.undo(new.id)
    assert line()["DuocTaiSuDung"] == "1", "what was taken back is told as well"


def test_papers_of_the_same_person_are_found_those_of_that_title_first(
    app: App, old: Dossier, new: Dossier
) -> None:
    found = reusing.sources(app.store, new, paper(app, new, "TP02").id)
    assert [(one.title, one.pages, one.kind) for one in found] == [
        ("Giấy chứng sinh", 2, PaperKind.COMPONENT),
        ("Giấy khai sinh", 1, PaperKind.RESULT),
    ]
    assert {one.dossier.code for one in found} == {OLD}


def test_work_goes_on_at_the_result_where_the_rest_is_reused_by_its_code() -> None:
    """PURE: nobody scans what is named by its code."""
    named = a_paper(id="named", part="TP02", way=Way(reuse=Reuse(RESULT)))
    assert named.there
    assert not a_paper(way=Way(reuse=Reuse(source="s", batch="b"))).there, "its pages are gone"
    assert a_paper(a_page(batch_id="b"), way=Way(reuse=Reuse(source="s", batch="b"))).reuse
    assert a_paper(a_page(), way=Way(reuse=Reuse(source="s", batch="b"))).reuse is None
    result = a_paper(id="result", part="KQ01", kind=PaperKind.RESULT)
    done = received(bundled(a_dossier(a_paper(a_page()), named, result)), "server")
    assert at_result(done, "server")
    lacking = replace(done, papers=(done.papers[0], replace(named, way=Way()), result))
    assert not at_result(lacking, "server")
