"""The bench's large home is what the program itself would have kept."""

from __future__ import annotations

from pathlib import Path

from digitizer.app import App
from digitizer.finding import find
from digitizer.storage import wordindex
from tests.bench import bighome
from tests.bench.window import histogram


def test_a_made_home_is_whole_and_nothing_is_left_to_do_on_it(tmp_path: Path) -> None:
    made = bighome.make(tmp_path / "home", 20)
    with App(tmp_path / "home", "test") as app:
        app.work.server = bighome.SERVER
        app.planner.plan_all()
        app.settle()
        assert app.store.rows("SELECT * FROM work") == []
        heads = app.dossiers.heads()
        assert (len(heads), heads[0].name) == (made.dossiers, made.newest)
        assert all(head.finished_at for head in heads)
        assert app.store.rows("SELECT count(*) FROM page")[0][0] == made.pages
        assert wordindex.waiting(app.store) == 0
        (found,) = find(app.store, bighome.RARE)
        assert found.dossier.id == heads[-1].id
        assert len(found.places) == 1
        pages = {row[0] for row in app.store.rows("SELECT sha256 FROM page")}
        assert all(app.vault.path(sha256).is_file() for sha256 in pages)


def test_a_home_that_is_not_indexed_yet_says_how_much_is_to_come(tmp_path: Path) -> None:
    made = bighome.make(tmp_path / "home", 3, pictures=False, indexed=False)
    with App(tmp_path / "home", "test") as app:
        assert wordindex.waiting(app.store) == made.dossiers + made.pages


def test_stalls_are_counted_by_their_length() -> None:
    assert histogram([0.0, 3.0, 12.0, 49.0, 700.0]) == "<10: 2, <20: 1, <50: 1, ≥500: 1"
