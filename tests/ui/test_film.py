"""The filmstrip of a stack: rows come and go in place, what is looked at stays where it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.test_stack_words import made, page
from ui.models.film import CutRow, PageRow, rows
from ui.theme import Theme
from ui.widgets.film_strip import FilmStrip


@pytest.fixture
def strip(theme: Theme, qtbot: QtBot) -> Iterator[FilmStrip]:
    strip = FilmStrip(theme)
    strip.resize(strip.sizeHint().width(), 500)
    strip.show()
    yield strip
    strip.deleteLater()


def fed(count: int, *, cuts: int = 0):  # type: ignore[no-untyped-def]
    """A stack of ``count`` pages; the first ``cuts`` are a paper each."""
    papers = ("a-TP01", "a-TP02")
    return made(
        *(page(n, papers[n % 2] if n <= cuts else "b-TP01") for n in range(1, count + 1)),
        running=True,
    )


def top_of_current(strip: FilmStrip) -> int:
    return strip.visualRect(strip.currentIndex()).top()


def test_the_newest_page_is_followed(strip: FilmStrip) -> None:
    strip.begin(follow=True)
    shown: tuple[CutRow | PageRow, ...] = ()
    for count in range(1, 60):
        shown = rows(fed(count, cuts=count // 3), shown)
        strip.show_rows(shown)
        assert strip.page == page(count, "b-TP01") or count < 3
        assert strip.viewport().rect().intersects(strip.visualRect(strip.currentIndex()))


def test_what_is_looked_at_does_not_move_though_cuts_come_before_it(strip: FilmStrip) -> None:
    strip.begin(follow=False)
    shown = rows(fed(60))
    strip.show_rows(shown)
    strip.go_to_page("page-40")
    there = top_of_current(strip)
    for count in range(60, 90):
        shown = rows(fed(count, cuts=count - 55), shown)
        strip.show_rows(shown)
        assert strip.page is not None
        assert strip.page.id == "page-40"
        assert top_of_current(strip) == there


def test_rows_that_did_not_change_are_the_very_same(strip: FilmStrip) -> None:
    before = rows(fed(30, cuts=4))
    after = rows(fed(31, cuts=4), before)
    assert all(one is other for one, other in zip(before, after, strict=False))
    changed: list[int] = []
    strip.show_rows(before)
    strip.film.dataChanged.connect(lambda first, _last, _roles: changed.append(first.row()))
    strip.show_rows(after)
    assert changed == []


def test_the_page_behind_one_that_was_taken_out_is_looked_at(strip: FilmStrip) -> None:
    strip.begin(follow=False)
    strip.show_rows(rows(fed(9)))
    strip.go_to_page("page-4")
    left = made(*(page(n, "b-TP01") for n in range(1, 10) if n != 4))
    strip.show_rows(rows(left))
    assert strip.page is not None
    assert strip.page.id == "page-5"


def test_pages_are_chosen_and_stepped_over_cuts(strip: FilmStrip) -> None:
    strip.begin(follow=False)
    strip.show_rows(rows(fed(6, cuts=3)))
    strip.to_end(first=True)
    for number in range(2, 5):
        strip.step(1)
        assert strip.page is not None
        assert strip.page.id == f"page-{number}"
    strip.choose_more(-1)
    assert strip.chosen_pages == ["page-3", "page-4"]
    strip.to_end(first=False)
    strip.selectAll()
    assert len(strip.chosen_pages) == 6
    strip.show_rows(rows(fed(6)))
    assert len(strip.chosen_pages) == 6, "what was chosen stays so while facts change"


def test_who_presses_a_cut_means_the_page_that_begins_there(strip: FilmStrip) -> None:
    strip.begin(follow=False)
    strip.show_rows(rows(fed(6, cuts=3)))
    at = strip.film.row_of("page-3")
    assert at is not None
    place = strip.visualRect(strip.film.index(at - 1)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert strip.page is not None
    assert strip.page.id == "page-3"
    assert strip.chosen_pages == ["page-3"]


def test_a_cut_that_is_made_at_the_top_is_seen(strip: FilmStrip) -> None:
    strip.begin(follow=False)
    before = rows(fed(60))
    strip.show_rows(before)
    strip.go_to_page("page-41")
    strip.verticalScrollBar().setValue(strip.verticalScrollBar().value() + top_of_current(strip))
    assert top_of_current(strip) == 0
    cut = made(*(page(n, "b-TP01" if n < 41 else "a-TP02") for n in range(1, 61)))
    strip.show_rows(rows(cut, before))
    at = strip.film.row_of("page-41")
    assert at is not None
    assert strip.visualRect(strip.film.index(at - 1)).top() == 0
