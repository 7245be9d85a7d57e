"""The order of pages: behind a page, in the place of one, fronts and backs; all undoable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from digitizer.app import App
from digitizer.errors import SidesDiffer
from digitizer.model import Dossier, Paper
from digitizer.storage import changes, queries

CODE = "000.00.20.H02-261122-0001"


class Desk:
    """A home with one paper; pages go by the names they are added under."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.dossier_id = app.dossiers.open_new(code=CODE).id
        self.paper_id = app.dossiers.paper_for(self.dossier, "TP01")
        self._batches = 0

    @property
    def dossier(self) -> Dossier:
        return self.app.dossiers.get(self.dossier_id)

    @property
    def paper(self) -> Paper:
        return self.dossier.papers[0]

    def feed(
        self, names: str, after: str | None = None, replaces: str | None = None, reason: str = "end"
    ) -> None:
        """Add a batch of pages, one a letter, behind or in the place of a page (by its name)."""
        self._batches += 1
        batch = f"batch {self._batches}"
        behind = self.id_of(after) if after else after
        place = self.id_of(replaces) if replaces else None
        with self.app.store.transaction() as tx:
            changes.start_batch(
                tx, batch, self.paper_id, "test", "{}", after=behind, replaces=place
            )
        for seq, name in enumerate(names, start=1):
            with self.app.store.transaction() as tx:
                sha256 = name.encode().hex()
                changes.add_page(tx, batch, seq, sha256=sha256, size=1, suffix=".jpg")
        with self.app.store.transaction() as tx:
            changes.end_batch(tx, batch, reason)

    def id_of(self, name: str) -> str:
        return next(p.id for p in self.paper.pages if bytes.fromhex(p.sha256).decode() == name)

    def ids(self, names: Sequence[str]) -> list[str]:
        return [self.id_of(name) for name in names]

    @property
    def order(self) -> str:
        return "".join(bytes.fromhex(page.sha256).decode() for page in self.paper.live_pages)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with App(tmp_path / "home", "test") as app:
        yield Desk(app)


@pytest.mark.parametrize(
    ("after", "order"), [("b", "abXYcd"), ("", "XYabcd"), ("d", "abcdXY"), (None, "abcdXY")]
)
def test_a_batch_goes_behind_the_page_it_was_told(
    desk: Desk, after: str | None, order: str
) -> None:
    desk.feed("abcd")
    desk.feed("XY", after=after)
    assert desk.order == order


def test_inserted_pages_are_taken_back_together(desk: Desk) -> None:
    desk.feed("abc")
    desk.feed("XY", after="a")
    assert desk.app.dossiers.undo(desk.dossier_id)
    assert desk.order == "abc"
    assert desk.app.dossiers.redo(desk.dossier_id)
    assert desk.order == "aXYbc"


def test_an_inserted_page_that_its_code_led_away_is_not_taken_from_there(desk: Desk) -> None:
    desk.feed("abc")
    desk.feed("XY", after="a")
    other = desk.app.dossiers.open_new(code=CODE.replace("0001", "0002"))
    with desk.app.store.transaction() as tx:
        changes.route_page(tx, desk.id_of("X"), changes.other_paper(tx, other.id))
    desk.app.dossiers.undo(desk.dossier_id)
    assert desk.order == "abc"
    (paper,) = desk.app.dossiers.get(other.id).papers
    assert len(paper.live_pages) == 1


def test_a_page_is_replaced_and_its_old_image_comes_back(desk: Desk) -> None:
    desk.feed("abc")
    desk.feed("B", replaces="b")
    assert desk.order == "aBc"
    desk.app.dossiers.undo(desk.dossier_id)
    assert desk.order == "abc"
    desk.app.dossiers.redo(desk.dossier_id)
    assert desk.order == "aBc"


def test_a_replacement_that_never_came_leaves_the_old_page(desk: Desk) -> None:
    desk.feed("abc")
    desk.feed("", replaces="b", reason="jam")
    assert desk.order == "abc"
    assert not desk.app.dossiers.undo(desk.dossier_id)


def test_plain_scans_are_not_edits(desk: Desk) -> None:
    """Undo takes back what the clerk did by hand, never a scan."""
    desk.feed("ab")
    desk.app.dossiers.delete(desk.dossier_id, desk.ids("a"))
    desk.feed("c")
    desk.app.dossiers.undo(desk.dossier_id)
    assert desk.order == "abc"


def test_two_hundred_pages_one_by_one_between_the_same_two(desk: Desk) -> None:
    """Numbers between two numbers run out after some fifty halvings; places must not."""
    desk.feed("ab")
    letters = "".join(chr(0x4E00 + number) for number in range(200))
    for letter in letters:
        desk.feed(letter, after="a")
    assert desk.order == f"a{letters[::-1]}b"


@pytest.mark.parametrize(("backwards", "backs"), [(True, "zyx"), (False, "xyz")])
def test_backs_go_between_their_fronts(desk: Desk, backwards: bool, backs: str) -> None:
    desk.feed("-abc")
    desk.feed(backs)
    desk.app.dossiers.interleave(
        desk.dossier_id, desk.ids("abc"), desk.ids(backs), backwards=backwards
    )
    assert desk.order == "-axbycz"
    desk.app.dossiers.undo(desk.dossier_id)
    assert desk.order == f"-abc{backs}"


def test_sides_that_do_not_match_stay_as_they_are(desk: Desk) -> None:
    desk.feed("abcxy")
    with pytest.raises(SidesDiffer):
        desk.app.dossiers.interleave(
            desk.dossier_id, desk.ids("abc"), desk.ids("xy"), backwards=True
        )
    assert desk.order == "abcxy"


@pytest.mark.parametrize(
    ("names", "after", "order"),
    [("d", "a", "adbc"), ("db", "", "dbac"), ("a", "c", "bcad"), ("ca", "b", "bcad")],
)
def test_pages_are_moved_within_their_paper(desk: Desk, names: str, after: str, order: str) -> None:
    desk.feed("abcd")
    behind = desk.id_of(after) if after else ""
    desk.app.dossiers.move(desk.dossier_id, desk.ids(names), desk.paper_id, behind)
    assert desk.order == order
    desk.app.dossiers.undo(desk.dossier_id)
    assert desk.order == "abcd"


def test_a_component_has_several_papers_each_with_its_own_file(desk: Desk) -> None:
    with desk.app.store.transaction() as tx:
        changes.another_paper(tx, desk.dossier_id, "TP01", "Bản thứ hai")
        changes.another_paper(tx, desk.dossier_id, "TP01", "Bản thứ ba")
    papers = desk.dossier.papers
    assert [(p.part, p.copy, p.name) for p in papers] == [
        ("TP01", 1, "TP01"),
        ("TP01", 2, "Bản thứ hai (2)"),
        ("TP01", 3, "Bản thứ ba (3)"),
    ]
    assert desk.dossier.paper("TP01") == papers[0]
    assert desk.dossier.paper("TP01", 3) == papers[2]


def test_a_device_is_as_slow_as_its_slowest_page_lately(desk: Desk) -> None:
    desk.feed("abc")
    with desk.app.store.transaction() as tx:
        for seq, second in enumerate((10, 12, 17), start=1):
            tx.execute(
                "UPDATE page SET saved_at = ? WHERE batch_seq = ?",
                (f"2026-11-22T08:00:{second}.000000+00:00", seq),
            )
    assert queries.pace(desk.app.store, "test") == pytest.approx(5.0, abs=0.01)
    assert queries.pace(desk.app.store, "another") is None
