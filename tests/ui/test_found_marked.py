"""The page that *Tìm* opens: what was found is marked on it, at its places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF, Qt

from digitizer.app import App
from digitizer.pagetext import PageText
from tests.ui.conftest import Clerk
from tests.ui.filled import fill, note_words
from tests.ui.stage import CODE, Stage, draw_stack
from tests.ui.test_words_shown import table
from ui.models.places import PLACE_ROLE
from ui.places import Place
from ui.screens.find import FindScreen
from ui.screens.reading_desk import ReadingDesk
from ui.zoom import on_view

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def shelved(stage: Stage, at_window: AtWindow) -> Iterator[Clerk]:
    """A clerk at a desk with a paper of three pages, which say something."""
    stage.prepare()
    fill(stage, "TP01", sorted(draw_stack(stage.home.parent / "pages", 3).iterdir()))
    with App(stage.home, "test") as app:
        pages = app.dossiers.find(CODE).paper("TP01")
        assert pages is not None
        said = (
            ("Tờ", "khai"),
            ("Tên:", "HOÀNG", "VĂN", "Bình", "hoang", "van", "Hoàng", "Thị"),
            ("Ông", "Hoàng", "Văn", "Bình"),
        )
        for page, words in zip(pages.live_pages, said, strict=True):
            assert page.reading is not None
            reading = replace(page.reading, blank=False)
            text = PageText(" ".join(words), " ".join(words))
            note_words(app, page.sha256, reading, table(*((word, 95) for word in words)), text)
    with at_window(stage) as clerk:
        yield clerk


def reading_of(clerk: Clerk) -> ReadingDesk:
    assert clerk.window.counter.pages is not None
    return clerk.window.counter.pages.reading


def find(clerk: Clerk, typed: str, number: int) -> None:
    """Look for something everywhere and open it at the page of this number."""
    clerk.press(Qt.Key.Key_6, ALT)
    screen = clerk.window.screen(Place.FIND)
    assert isinstance(screen, FindScreen)
    screen.field.setText(typed)
    clerk.until(lambda: row_of(screen, number) is not None)

    def is_there() -> bool:
        return screen.view.currentIndex().row() == row_of(screen, number)

    def goes_down() -> bool:
        if not is_there():
            clerk.press(Qt.Key.Key_Down)
        return is_there()

    clerk.until(goes_down)
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.name == CODE)


def row_of(screen: FindScreen, number: int) -> int | None:
    spots = [screen.list.index(row).data(PLACE_ROLE) for row in range(screen.list.rowCount())]
    return next((at for at, spot in enumerate(spots) if spot and spot.number == number), None)


@pytest.mark.parametrize(
    ("typed", "places"),
    [("hoàng văn", [2, 3]), ("hoang van", [2, 2, 3]), ("thị tên", [2, 2])],
)
def test_what_was_found_is_marked_where_it_stands(
    shelved: Clerk, typed: str, places: list[int]
) -> None:
    reading, strip = reading_of(shelved), shelved.window.counter.strip
    find(shelved, typed, 2)
    shelved.until(lambda: reading.bar.count.text() == f"1/{len(places)} · F3")
    assert reading.bar.field.text() == typed
    assert shelved.window.focusWidget() is not reading.bar.field
    pages, found = [page.id for page in strip.list.pages], reading.layer.found
    marked = [at for at, page in enumerate(pages, start=1) for _ in found.get(page, ())]
    assert marked == places
    assert reading.layer.current == (pages[1], 0)
    shelved.press(Qt.Key.Key_F3)
    assert reading.bar.count.text().startswith("2/")
    assert strip.currentIndex().row() == places[1] - 1
    shelved.press(Qt.Key.Key_F3, SHIFT)
    assert (reading.bar.count.text()[:2], strip.currentIndex().row()) == ("1/", 1)
    shelved.press(Qt.Key.Key_Escape)
    assert not reading.bar.isVisible()
    assert reading.layer.found == {}


def test_the_mark_is_seen_on_the_page_also_where_it_is_looked_at_nearer(shelved: Clerk) -> None:
    reading, view = reading_of(shelved), shelved.window.counter.view
    view.nearer(7)
    find(shelved, "hoàng thị", 2)
    strip = shelved.window.counter.strip
    shelved.until(lambda: view.shown is not None and view.shown == strip.page)
    shelved.until(lambda: reading.layer.current is not None)
    (page_id, number), place = reading.layer.current or ("", 0), view.place
    first, second = reading.layer.found[page_id][number]
    assert first.top() < second.top(), "a piece for each of its lines"
    where = on_view(first, place)
    assert QRectF(view.rect()).contains(where)
    assert not QRectF(reading.bar.geometry()).intersects(where)
    reading.bar.lie_over(view, QRectF(reading.bar.geometry()))
    assert reading.bar.y() > view.height() / 2, "it does not hide what was found"
    shelved.until(lambda: not view._settled.isActive())
    colour = view.grab().toImage().pixelColor(where.center().toPoint())
    assert colour.red() - colour.blue() > 60, "marked in yellow on white paper"


def test_what_is_typed_instead_is_looked_for_and_another_dossier_begins_anew(
    shelved: Clerk,
) -> None:
    reading = reading_of(shelved)
    find(shelved, "hoang van", 3)
    shelved.until(lambda: reading.bar.count.text() == "3/3 · F3")
    shelved.press("g", Qt.KeyboardModifier.ControlModifier)
    assert shelved.window.focusWidget() is reading.bar.field
    reading.bar.field.setText("bình")
    assert reading.bar.count.text() == "2 chỗ"
    shelved.press(Qt.Key.Key_F3)
    assert reading.bar.count.text() == "2/2 · F3"
    shelved.window.counter.setFocus()
    shelved.open("000.00.20.H02-261122-0003")
    assert not reading.bar.isVisible()
