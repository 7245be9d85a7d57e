"""The words read, over the page, and a text found in the paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from digitizer.pagetext import Change, PageText
from digitizer.sought import fold
from tests.ui.conftest import Clerk
from tests.ui.filled import fill, note_words
from tests.ui.stage import CODE, Stage, draw_stack
from ui.seen_words import PageWords, find, levelled, page_words

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)
SIZE = (1240, 1754)
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def table(*words: tuple[str, float]) -> str:
    """A table of words that stand one below the other."""
    rows = [HEAD, f"1\t1\t0\t0\t0\t0\t0\t0\t{SIZE[0]}\t{SIZE[1]}\t-1\t"]
    for number, (text, sure) in enumerate(words):
        rows.append(
            f"5\t1\t1\t1\t{number + 1}\t1\t124\t{175 * (number + 1)}\t248\t44\t{sure}\t{text}"
        )
    return "\n".join([*rows, ""])


def seen(*texts: str) -> PageWords:
    plain = tuple(text.casefold() for text in texts)
    return PageWords("page", "tsv", (), True, plain, tuple(fold(text) for text in plain))


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("hoang", [(1, 2), (3, 4)]),
        ("Hoàng", [(1, 2)]),
        ("ten hoang", [(0, 2)]),
        ("  TÊN   HOÀNG ", [(0, 2)]),
        ("oà", [(1, 2)]),
        ("g Vă", [(1, 3)]),
        ("không có", []),
        ("", []),
        (" ", []),
    ],
)
def test_a_text_is_found_within_and_across_words(typed: str, places: list[tuple[int, int]]) -> None:
    assert find(seen("Tên", "Hoàng", "Văn", "hoang"), typed) == places


@pytest.fixture
def reader(stage: Stage, at_window: AtWindow) -> Iterator[Clerk]:
    """A clerk at three pages, the first and the last of which were read."""
    stage.prepare()
    fill(stage, "TP01", sorted(draw_stack(stage.home.parent / "pages", 3).iterdir()))
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.press("1")
        strip, app = clerk.window.counter.strip, clerk.window.app
        assert app is not None
        clerk.until(lambda: len(strip.list.pages) == 3)
        first, _, last = strip.list.pages
        assert first.reading is not None
        reading = replace(first.reading, blank=False)
        box = (124 * 72 / 150, 350 * 72 / 150, 248 * 72 / 150, 44 * 72 / 150)
        said = PageText("", "", (Change("Hòang", "Hoàng", box),))
        note_words(app, first.sha256, reading, table(("Tên", 96), ("Hòang", 91), ("V@n", 31)), said)
        note_words(app, last.sha256, reading, table(("HOANG", 95)), PageText())
        clerk.until(lambda: [p.words is not None for p in strip.list.pages] == [True, False, True])
        assert strip.currentIndex().row() == 0, "what is known of it since, it shows as it is"
        clerk.until(lambda: clerk.window.counter.view.shown == strip.list.pages[0])
        yield clerk


def test_words_are_read_with_where_they_stand_and_what_was_mended(reader: Clerk) -> None:
    app, page = reader.window.app, reader.window.counter.strip.list.pages[0]
    assert app is not None
    assert page.words is not None
    found = page_words(app.store, app.vault, page)
    assert [(word.text, word.raw, word.doubtful) for word in found.words] == [
        ("Tên", "", False),
        ("Hoàng", "Hòang", False),
        ("V@n", "", True),
    ]
    assert found.words[0].part == pytest.approx((0.1, 0.0998, 0.2, 0.0251), abs=0.001)


def test_the_words_stand_over_the_page_on_request(reader: Clerk) -> None:
    assert reader.window.counter.pages is not None
    reading, view = reader.window.counter.pages.reading, reader.window.counter.view
    plain = view.grab().toImage()
    assert not reading.legend.isVisible()
    reader.press("w")
    reader.until(lambda: reading.legend.text().startswith("3 chữ"))
    assert reading.legend.text() == "3 chữ đã đọc · ▲ 1 chữ chưa chắc · ◆ 1 chữ đã sửa"
    assert view.grab().toImage() != plain
    (place,) = view._places()

    def said(x: float, y: float) -> str:
        at = QPoint(round(place.x() + x * place.width()), round(place.y() + y * place.height()))
        return view.said_at(at)

    assert said(0.2, 0.21) == "Đọc được: Hòang → sửa thành: Hoàng (chắc 91%)"
    assert said(0.2, 0.31) == "Đọc được: V@n (chắc 31%)"
    assert said(0.8, 0.8) == ""
    reader.press(Qt.Key.Key_Right)
    reader.until(lambda: reading.legend.text() == "Trang này không có chữ.")
    reader.press("w")
    reader.press(Qt.Key.Key_Home)
    reader.until(lambda: view.shown == reader.window.counter.strip.list.pages[0])
    assert not reading.legend.isVisible()
    reader.until(lambda: view.grab().toImage() == plain)


def test_a_text_is_found_across_the_pages_of_the_paper(reader: Clerk) -> None:
    counter = reader.window.counter
    assert counter.pages is not None
    reading, strip = counter.pages.reading, counter.strip
    reader.press("g", CTRL)
    assert reading.bar.isVisible()
    QTest.keyClicks(reading.bar.field, "hoang")
    reader.until(lambda: reading.bar.count.text() == "2 chỗ")
    assert set(reading.layer.found) == {strip.list.pages[0].id, strip.list.pages[2].id}
    reader.press(Qt.Key.Key_Return)
    assert (strip.currentIndex().row(), reading.bar.count.text()) == (0, "1/2 · F3")
    reader.press(Qt.Key.Key_Return)
    assert (strip.currentIndex().row(), reading.bar.count.text()) == (2, "2/2 · F3")
    reader.press(Qt.Key.Key_Return, SHIFT)
    assert (strip.currentIndex().row(), reading.bar.count.text()) == (0, "1/2 · F3")
    assert reader.window.focusWidget() is reading.bar.field
    reading.bar.field.insert(" khác")
    assert reading.bar.count.text() == "Không thấy"
    reader.press(Qt.Key.Key_Escape)
    assert not reading.bar.isVisible()
    assert reading.layer.found == {}
    reader.press(Qt.Key.Key_Right)
    assert strip.currentIndex().row() == 1


def test_a_turn_that_is_taken_back_at_once_leaves_the_words_what_they_were(reader: Clerk) -> None:
    counter = reader.window.counter
    assert counter.pages is not None
    reading, strip = counter.pages.reading, counter.strip
    first = strip.list.pages[0]
    reader.press("w")
    reader.until(lambda: reading.legend.text().startswith("3 chữ"))
    reader.press("g", CTRL)
    QTest.keyClicks(reading.bar.field, "hoang")
    reader.until(lambda: reading.bar.count.text() == "2 chỗ")
    strip.setFocus()
    reader.press("r")
    reader.until(
        lambda: (
            (now := strip.list.pages[0]).words != first.words and reading.layer.of(now) is not None
        )
    )
    reader.press("z", CTRL)
    reader.until(lambda: strip.list.pages[0].words == first.words)
    reader.until(lambda: reading.legend.text().startswith("3 chữ"))
    assert reading.bar.count.text() == "2 chỗ"


def test_lines_of_the_running_text_are_all_as_high_and_so_are_their_words() -> None:
    plain = [(0.1, 0.10, 0.05, 0.010), (0.2, 0.10, 0.05, 0.010)]
    marks = [(0.1, 0.20, 0.05, 0.014), (0.2, 0.203, 0.05, 0.010), (0.3, 0.15, 0.05, 0.080)]
    title = [(0.1, 0.30, 0.5, 0.030)]
    first, second, third, last = levelled([plain, marks, title, marks[:2]])
    assert first[1] == second[1] == last[1] == pytest.approx(0.014)
    assert first[0] == pytest.approx(0.098)
    assert second == last
    assert third == pytest.approx((0.30, 0.030))
