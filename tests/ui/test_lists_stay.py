"""Lists do not jump while pages arrive; what is looked at stays in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider
from pytestqt.qtbot import QtBot

from digitizer.sandbox.meddling import Meddling
from digitizer.work.queue import Outbox
from tests.ui.conftest import PATIENCE_MS, Clerk
from tests.ui.stage import CODE, FORM, Stage
from tests.ui.test_pages_shown import READING, page
from ui.places import Place
from ui.theme import Theme
from ui.widgets.strip import Strip

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


def pages(*numbers: int):  # type: ignore[no-untyped-def]
    return tuple(page(number) for number in numbers)


@pytest.fixture
def strip(theme: Theme, qtbot: QtBot) -> Iterator[Strip]:
    """A strip of 3 × 3 thumbnails with 20 pages, the first one looked at."""
    strip = Strip(theme)
    strip.resize(360, 520)
    strip.show()
    strip.show_pages(pages(*range(1, 21)), anew=True)
    yield strip
    strip.deleteLater()


def in_sight(strip: Strip) -> bool:
    return strip.viewport().rect().contains(strip.visualRect(strip.currentIndex()))


def test_the_newest_page_is_followed(strip: Strip) -> None:
    strip.go_to(19)
    for last in range(21, 41):
        strip.show_pages(pages(*range(1, last + 1)), anew=False)
        assert strip.page == page(last)
        assert in_sight(strip)


@pytest.mark.parametrize("count", [1, 19, 20, 21, 40])
def test_another_paper_shows_its_first_page(strip: Strip, count: int) -> None:
    strip.go_to(19)
    other = pages(*range(101, 101 + count))
    strip.show_pages(other, anew=True)
    assert strip.page == other[0]
    assert in_sight(strip)
    strip.show_pages((*other, page(200)), anew=False)  # it came by itself
    assert strip.page == (other[0] if count > 1 else page(200))


def test_a_page_that_is_looked_at_stays(strip: Strip) -> None:
    strip.go_to(10)
    there = strip.verticalScrollBar().value()
    for last in range(21, 41):
        strip.show_pages(pages(*range(1, last + 1)), anew=False)
    read = tuple(page(n, reading=READING) for n in range(1, 41))
    strip.show_pages(read, anew=False)
    assert strip.page == read[10]
    assert strip.verticalScrollBar().value() == there
    assert in_sight(strip)


def test_a_strip_that_was_scrolled_back_stays_there(strip: Strip) -> None:
    strip.go_to(19)
    strip.verticalScrollBar().setValue(0)
    for last in range(21, 41):
        strip.show_pages(pages(*range(1, last + 1)), anew=False)
    assert strip.verticalScrollBar().value() == 0
    assert strip.page == page(20)


def test_another_order_keeps_the_page_that_is_looked_at(strip: Strip) -> None:
    strip.go_to(4)
    strip.show_pages(pages(*range(20, 0, -1)), anew=False)
    assert strip.page == page(5)
    assert in_sight(strip)


def test_the_checklist_stays_where_the_clerk_scrolled_it(
    stage: Stage, at_window: AtWindow, qtbot: QtBot
) -> None:
    there = Meddling(stage.home.parent / "server")
    for number in range(10, 22):
        there.add_part("DT.1.001193", f"TP{number}", f"Giấy tờ thứ {number}")
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.window.resize(1000, 600)
        bar = clerk.window.counter.papers._scroll.verticalScrollBar()
        qtbot.waitUntil(lambda: bar.maximum() > 0, timeout=PATIENCE_MS)
        bar.triggerAction(QAbstractSlider.SliderAction.SliderToMaximum)  # as a hand does
        left_at = bar.value()
        assert left_at == bar.maximum()
        clerk.scan()
        clerk.until(lambda: clerk.pages("TP01") == 3)
        assert bar.value() == left_at
        clerk.press(Qt.Key.Key_Return)
        assert bar.value() < left_at


def test_a_paper_is_begun_at_its_first_page_and_a_scan_is_followed(
    stage: Stage, clerk: Clerk
) -> None:
    counter = clerk.window.counter
    strip, papers = counter.strip, counter.papers
    plain = FORM[5:9]  # no title that says which paper it is
    stage.refill(2, plain)
    clerk.open(CODE)
    clerk.scan()
    clerk.until(lambda: len(strip.list.pages) == 2)
    stage.refill(4, plain)
    clerk.press("2")
    clerk.until(lambda: strip.page is None)
    clerk.scan()
    clerk.until(lambda: len(strip.list.pages) == 4)
    assert strip.page == strip.list.pages[-1]
    for number, count in ((1, 2), (2, 4), (1, 2)):
        clerk.press(str(number))
        clerk.until(lambda count=count: len(strip.list.pages) == count)
        assert strip.page == strip.list.pages[0]
    assert clerk.office.desk is not None
    second = clerk.office.desk.dossier.listed[1]
    QTest.mouseClick(papers._rows[second.id], Qt.MouseButton.LeftButton)
    assert len(strip.list.pages) == 4
    assert strip.page == strip.list.pages[0]
    clerk.scan()  # nobody chose the page that is looked at: it is left for the newest
    clerk.until(lambda: len(strip.list.pages) == 8)
    assert strip.page == strip.list.pages[-1]


def test_the_rail_counts_with_the_windows_corner(clerk: Clerk) -> None:
    office, rail = clerk.office, clerk.window.rail
    clerk.until(lambda: office.traffic is not None)
    traffic = office.traffic
    assert traffic is not None
    for waiting in (3, 0):
        office._show_traffic(replace(traffic, outbox=Outbox(waiting)))
        name = rail.button(Place.OUTBOX).accessibleName()
        assert name == (f"Chờ gửi, {waiting}" if waiting else "Chờ gửi")
