"""Parting a paper, joining copies, pages earlier and later, to another dossier; all undoable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digitizer import arranging, splitting
from digitizer.app import App
from digitizer.model import OTHER_PART, Dossier, PaperKind
from digitizer.procedure.port import RequiredPaper, ServerDossier
from digitizer.storage import changes

CODE = "000.00.20.H02-261122-0001"
OTHER = "000.00.20.H02-261122-0002"
PAPERS = tuple(
    RequiredPaper(part, title, PaperKind.COMPONENT, required=True, multiple=multiple)
    for part, title, multiple in (("TP01", "Tờ khai", False), ("TP02", "Giấy tờ kèm theo", True))
)


class Desk:
    """Two dossiers of one procedure; pages go by the numbers they are added under."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.here, self.there = (self._opened(code) for code in (CODE, OTHER))

    def _opened(self, code: str) -> str:
        said = ServerDossier("7", code, "1.001193", "Khai sinh", "An", "receiving", "T1")
        self.app.dossiers.take_from_server(said, PAPERS)
        return self.app.dossiers.find(code).id

    @property
    def dossier(self) -> Dossier:
        return self.app.dossiers.get(self.here)

    def feed(self, part: str, pages: int) -> list[str]:
        paper = self.app.dossiers.paper_for(self.dossier, part)
        with self.app.store.transaction() as tx:
            changes.start_batch(tx, part, paper, "test", "{}")
            for seq in range(1, pages + 1):
                sha256 = f"{seq:032x}{part.encode().hex():0>32}"
                changes.add_page(tx, part, seq, sha256=sha256, size=1, suffix=".jpg")
            changes.end_batch(tx, part, "end")
        found = self.dossier.paper(part)
        assert found is not None
        return [page.id for page in found.pages]

    def shown(self, dossier_id: str | None = None) -> dict[str, list[int]]:
        """The pages of every listed paper, by the paper's part and copy; deleted ones below 0."""
        return {
            f"{paper.part}.{paper.copy}": [
                -page.batch_seq if page.deleted else page.batch_seq for page in paper.pages
            ]
            for paper in self.app.dossiers.get(dossier_id or self.here).listed
            if paper.pages
        }

    def facts(self) -> list[tuple[object, ...]]:
        return [tuple(row) for row in self.app.store.rows("SELECT * FROM page ORDER BY id")]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with App(tmp_path / "home", "test") as app:
        yield Desk(app)


def test_a_paper_that_may_be_several_files_gets_one_more(desk: Desk) -> None:
    ids = desk.feed("TP02", 4)
    before = desk.facts()
    desk.app.dossiers.delete(desk.here, [ids[3]])
    app = desk.app
    paper = splitting.split_from(app.store, app.events, desk.here, ids[2])
    assert desk.shown() == {"TP02.1": [1, 2], "TP02.2": [3, -4]}
    assert desk.dossier.paper_by_id(paper or "") == desk.dossier.paper("TP02", 2)
    assert splitting.split_from(app.store, app.events, desk.here, ids[2]) is None
    assert splitting.join(app.store, app.events, desk.here, paper or "") is not None
    assert desk.shown() == {"TP02.1": [1, 2, 3, -4]}
    assert [p.copy for p in desk.dossier.listed if p.part == "TP02"] == [1]
    steps = [app.dossiers.undo(desk.here) for _ in range(3)]
    assert [step.verb for step in steps if step] == ["join", "split", "delete"]
    assert desk.facts() == before
    assert [p.copy for p in desk.dossier.listed if p.part == "TP02"] == [1]
    for _ in range(3):
        assert app.dossiers.redo(desk.here)
    assert desk.shown() == {"TP02.1": [1, 2, 3, -4]}


def test_a_copy_that_stands_empty_is_used_again(desk: Desk) -> None:
    ids = desk.feed("TP02", 3)
    app = desk.app
    for _ in range(3):
        splitting.split_from(app.store, app.events, desk.here, ids[1])
        app.dossiers.undo(desk.here)
    assert len([p for p in desk.dossier.papers if p.part == "TP02"]) == 2


def test_a_paper_of_one_file_is_parted_into_other_papers(desk: Desk) -> None:
    ids = desk.feed("TP01", 3)
    desk.feed(OTHER_PART, 1)
    app = desk.app
    paper = splitting.split_off(app.store, app.events, desk.here, [ids[1]])
    assert desk.shown() == {"TP01.1": [1, 3], "TP99.1": [1], "TP99.2": [2]}
    found = desk.dossier.paper_by_id(paper or "")
    assert found is not None
    assert found.name == "Giấy tờ khác (2)"
    assert splitting.split_off(app.store, app.events, desk.here, [ids[0], ids[2]]) is None


def test_nothing_is_before_a_first_copy(desk: Desk) -> None:
    desk.feed("TP02", 1)
    paper = desk.dossier.paper("TP02")
    assert paper is not None
    before = desk.facts()
    assert splitting.join(desk.app.store, desk.app.events, desk.here, paper.id) is None
    assert desk.facts() == before
    assert not desk.app.dossiers.undo(desk.here)


@pytest.mark.parametrize(
    ("moving", "by", "order"),
    [
        ([1], 1, [2, 1, 3, 4]),
        ([3], -1, [1, 3, 2, 4]),
        ([2, 3], 1, [1, 4, 2, 3]),
        ([1, 3], -1, [1, 3, 2, 4]),
        ([2, 4], -1, [2, 4, 1, 3]),
        ([2, 4], 1, [1, 3, 2, 4]),
        ([1], -1, [1, 2, 3, 4]),
        ([3, 4], 1, [1, 2, 3, 4]),
    ],
)
def test_pages_are_put_earlier_and_later(
    desk: Desk, moving: list[int], by: int, order: list[int]
) -> None:
    ids = desk.feed("TP01", 4)
    before = desk.facts()
    chosen = [ids[number - 1] for number in moving]
    moved = arranging.shift(desk.app.store, desk.app.events, desk.here, chosen, by)
    assert desk.shown() == {"TP01.1": order}
    assert moved == (order != [1, 2, 3, 4])
    assert bool(desk.app.dossiers.undo(desk.here)) == moved
    assert desk.facts() == before


def test_pages_go_to_the_same_paper_of_another_dossier_and_back(desk: Desk) -> None:
    ids = desk.feed("TP02", 2)
    other = desk.feed(OTHER_PART, 1)
    before, app = desk.facts(), desk.app
    arranging.to_dossier(app.store, app.events, desk.here, [ids[1]], desk.there)
    arranging.to_dossier(app.store, app.events, desk.here, other, desk.there)
    assert desk.shown() == {"TP02.1": [1]}
    assert desk.shown(desk.there) == {"TP02.1": [2], "TP99.1": [1]}
    for _ in range(2):
        step = app.dossiers.undo(desk.here)
        assert step is not None
        assert (step.verb, len(step.pages)) == ("move", 1)
    assert desk.facts() == before


def test_pages_go_to_other_papers_though_there_are_none_yet(desk: Desk) -> None:
    ids = desk.feed("TP01", 2)
    before = desk.facts()
    arranging.to_other(desk.app.store, desk.app.events, desk.here, ids[1:])
    assert desk.shown() == {"TP01.1": [1], "TP99.1": [2]}
    desk.app.dossiers.undo(desk.here)
    assert desk.facts() == before
