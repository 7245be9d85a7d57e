"""Cropping a page: undone and redone, its words its own; homes from before there were boxes."""

from __future__ import annotations

from pathlib import Path

from olderhome import set_back

from digitizer.app import App
from digitizer.boxes import Box, Cropping
from digitizer.model import BlankReason, Page, Reading, Words
from digitizer.storage import changes, queries

CODE = "000.00.20.H02-261122-0001"
SHA256 = "1" * 64
FOUND, OWN = Box(10, 20, 600, 800), Box(0, 0, 400, 500)
READING = Reading(
    827, 1169, 100.0, 100.0, False, 0.1, 90, 1.5, turn_confidence=0.75, crop=FOUND, crop_sure=True
)


def filled(app: App, reading: Reading) -> str:
    """Make a dossier with one read page, and words for it at several boxes; return its id."""
    made = app.dossiers.open_new(code=CODE)
    paper = app.dossiers.paper_for(made, None)
    with app.store.transaction() as tx:
        changes.start_batch(tx, "batch", paper, "test", "{}")
        changes.add_page(tx, "batch", 1, sha256=SHA256, size=1, suffix=".jpg")
        changes.end_batch(tx, "batch", "empty")
        for box, name in ((FOUND, "found"), (None, "whole")):
            changes.put_words(tx, SHA256, 90, Words(name, name, 1, 90.0), box)
    app.dossiers.note_reading(SHA256, reading)
    return made.id


def page_in(app: App, dossier_id: str) -> Page:
    return app.dossiers.get(dossier_id).papers[0].pages[0]


def test_a_crop_has_words_of_its_own_and_is_taken_back(tmp_path: Path) -> None:
    with App(tmp_path, "test") as app:
        made = filled(app, READING)
        page = page_in(app, made)
        assert page.box == FOUND
        assert page.words is not None
        assert page.words.pdf == "found"
        app.dossiers.crop(made, [page.id], Cropping.WHOLE)
        assert (page_in(app, made).box, page_in(app, made).words) == (
            None,
            Words("whole", "whole", 1, 90.0),
        )
        app.dossiers.crop(made, [page.id], OWN)
        assert (page_in(app, made).box, page_in(app, made).words) == (OWN, None)
        app.dossiers.turn(made, [page.id], 180)
        assert page_in(app, made).box == OWN
        for expected in (OWN, None, FOUND):
            app.dossiers.undo(made)
            assert page_in(app, made).box == expected
        app.dossiers.redo(made)
        assert page_in(app, made).box is None


def test_what_a_reading_says_comes_back_whole(tmp_path: Path) -> None:
    with App(tmp_path, "test") as app:
        filled(app, READING)
        assert queries.reading(app.store, SHA256) == READING
        blank = Reading(
            10, 10, 100.0, 100.0, True, 0.0, 0, 0.0, blank_reason=BlankReason.BLEED_THROUGH
        )
        app.dossiers.note_reading(SHA256, blank)
        assert queries.reading(app.store, SHA256) == blank
        assert Reading.from_json(READING.to_json()) == READING


def test_an_older_home_keeps_its_words(tmp_path: Path) -> None:
    with App(tmp_path, "test") as app:
        made = filled(app, Reading(827, 1169, 100.0, 100.0, False, 0.1, 90, 1.5))
    database = tmp_path / "digitizer.db"
    with App(tmp_path, "test") as app, app.store.transaction() as tx:
        tx.execute("DELETE FROM words WHERE crop <> ''")  # what an older version could not know
    set_back(database, 3)
    with App(tmp_path, "test") as app:
        page = page_in(app, made)
        assert page.box is None
        assert page.words == Words("whole", "whole", 1, 90.0, looked=0)
        assert page.reading is not None
        assert (page.reading.blank_reason, page.reading.turn_confidence) == (None, 0.0)
