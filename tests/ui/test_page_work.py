"""Page work at the counter by keys and mouse: every verb on what is chosen, one step of undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from digitizer.app import App
from tests.ui.conftest import Clerk
from tests.ui.filled import fill
from tests.ui.stage import CODE, Stage, draw_stack
from ui import work_words
from ui.widgets.strip import Strip

OTHER_CODE = "000.00.20.H02-261122-0005"
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
ARROW = Qt.Key.Key_Right

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


class Worker:
    """Works at the pages of the first paper; these go by their numbers as scanned."""

    def __init__(self, clerk: Clerk) -> None:
        self.clerk = clerk
        self.strip: Strip = clerk.window.counter.strip
        assert clerk.window.app is not None
        self.app = clerk.window.app
        self.numbers = {page.id: n for n, page in enumerate(self.strip.list.pages, start=1)}

    @property
    def order(self) -> list[int]:
        """The pages in the strip, as numbered."""
        return [self.numbers.get(page.id, 0) for page in self.strip.list.pages]

    @property
    def picks(self) -> list[int]:
        return [self.numbers[page.id] for page in self.strip.picks]

    def facts(self) -> list[tuple[object, ...]]:
        """What a clerk can change about pages, as the store has it."""
        return [
            tuple(row)
            for row in self.app.store.rows(
                "SELECT id, paper_id, rank, turn, deleted_at, crop, kept FROM page ORDER BY id"
            )
        ]

    def stored(self, part: str, copy: int = 1, code: str = CODE) -> list[int]:
        """The live pages of a paper in the store."""
        paper = self.app.dossiers.find(code).paper(part, copy)
        return [self.numbers.get(p.id, 0) for p in paper.live_pages] if paper else []

    @property
    def told(self) -> str:
        return self.clerk.window.counter.bar.quiet.text()

    def choose(self, *numbers: int) -> None:
        """Choose neighbouring pages by keys."""
        self.strip.go_to(self.order.index(numbers[0]))
        for _ in numbers[1:]:
            self.clerk.press(ARROW, SHIFT)
        assert self.picks == list(numbers)

    def cell(self, number: int) -> QRect:
        """Where a page's cell is, in the strip's viewport."""
        return self.strip.visualRect(self.strip.list.index(self.order.index(number)))

    def drag(self, number: int, to: QPoint) -> None:
        """Drag a page to a place of the strip's viewport (or beyond)."""
        view = self.strip.viewport()
        start = self.cell(number).center()
        QTest.mousePress(view, LEFT, NONE, start)
        for part in (0.3, 0.6, 1.0):
            QTest.mouseMove(view, start + (to - start) * part)
        assert self.clerk.window.counter.pages is not None
        assert self.clerk.window.counter.pages.drag.going
        QTest.mouseRelease(view, LEFT, NONE, to)


@pytest.fixture
def worker(stage: Stage, at_window: AtWindow) -> Iterator[Worker]:
    """A clerk at six pages of *TP01*, with nothing left to be read."""
    stage.prepare()
    files = sorted(draw_stack(stage.home.parent / "pages", 6, ("Mỗi trang một dòng",)).iterdir())
    fill(stage, "TP01", files)
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.press("1")
        clerk.until(lambda: len(clerk.window.counter.strip.list.pages) == 6)
        yield Worker(clerk)


def undo(worker: Worker, wanted: Callable[[], bool]) -> None:
    worker.clerk.press(Qt.Key.Key_Z, CTRL)
    worker.clerk.until(wanted)


def test_pages_are_chosen_by_keys_and_mouse(worker: Worker) -> None:
    worker.choose(2, 3, 4)
    assert worker.told == work_words.picked(3)
    worker.clerk.press(Qt.Key.Key_Left, SHIFT)
    assert worker.picks == [2, 3]
    assert worker.strip.page is not None
    worker.clerk.press(Qt.Key.Key_A, CTRL)
    assert worker.picks == [1, 2, 3, 4, 5, 6]
    worker.clerk.press(Qt.Key.Key_Escape)
    assert worker.picks == [3]
    view = worker.strip.viewport()
    QTest.mouseClick(view, LEFT, CTRL, worker.cell(1).center())
    assert worker.picks == [1, 3]
    QTest.mouseClick(view, LEFT, SHIFT, worker.cell(3).center())
    assert worker.picks == [1, 2, 3]
    QTest.mouseClick(view, LEFT, NONE, worker.cell(2).center())
    assert worker.picks == [2]
    assert worker.told == ""
    worker.clerk.press(Qt.Key.Key_End)
    assert worker.picks == [6]


def test_every_verb_takes_what_is_chosen_and_undo_takes_all_of_it_back(worker: Worker) -> None:
    """Turn, keep, order, delete, move, split, join: undone one by one to the facts of before."""
    before, clerk = worker.facts(), worker.clerk
    worker.choose(2, 3)
    clerk.press("r")
    clerk.until(lambda: [p.turn for p in worker.strip.list.pages] == [0, 90, 90, 0, 0, 0])
    assert worker.picks == [2, 3]
    clerk.press("k")
    clerk.until(lambda: [p.kept for p in worker.strip.picks] == [True, True])
    clerk.press(ARROW, ALT)
    clerk.press(ARROW, ALT)
    clerk.until(lambda: worker.order == [1, 4, 5, 2, 3, 6])
    assert worker.picks == [2, 3]
    clerk.press(Qt.Key.Key_Left, ALT)
    clerk.until(lambda: worker.order == [1, 4, 2, 3, 5, 6])
    clerk.press(Qt.Key.Key_Delete)
    assert worker.order == [1, 4, 5, 6], "at once, not when the facts are there"
    assert worker.picks == [5]
    clerk.press("m")
    clerk.until(lambda: worker.told.startswith("Chuyển 1 trang tới: bấm số giấy tờ"))
    clerk.press("2")
    clerk.until(lambda: worker.stored("TP02") == [5])
    clerk.until(lambda: worker.order == [1, 4, 6])
    said = "Đã chuyển 1 trang sang Giấy chứng sinh. Ctrl+Z để lấy lại."
    clerk.until(lambda: worker.told == said)
    clerk.press("x")
    clerk.until(lambda: worker.stored("TP99") == [6])
    clerk.until(lambda: worker.order == [6])
    assert clerk.office.paper is not None
    assert clerk.office.paper.part == "TP99"
    verbs = ("tách 1", "chuyển 1", "bỏ 2", "đổi chỗ 2", "đổi chỗ 2", "đổi chỗ 2", "giữ 2", "xoay 2")
    for verb in verbs:
        undone = f"Đã hoàn tác: {verb} trang."
        clerk.press(Qt.Key.Key_Z, CTRL)
        clerk.until(lambda undone=undone: worker.told == undone)  # type: ignore[misc]
    assert worker.facts() == before
    clerk.until(lambda: worker.order == [1, 2, 3, 4, 5, 6])
    clerk.until(lambda: clerk.office.paper is not None and clerk.office.paper.part == "TP01")
    undo(worker, lambda: worker.told == work_words.NOTHING_TO_UNDO)
    for _ in verbs:
        clerk.press(Qt.Key.Key_Y, CTRL)
    clerk.until(lambda: worker.stored("TP99") == [6])
    assert worker.stored("TP01") == [1, 4]
    clerk.press(Qt.Key.Key_Y, CTRL)
    clerk.until(lambda: worker.told == work_words.NOTHING_TO_REDO)


def test_pages_are_dragged_to_another_place_and_paper(worker: Worker) -> None:
    before = worker.facts()
    worker.drag(2, worker.cell(5).center() - QPoint(30, 0))
    worker.clerk.until(lambda: worker.order == [1, 3, 4, 2, 5, 6])
    assert worker.stored("TP01") == [1, 3, 4, 2, 5, 6]
    assert worker.picks == [2]
    worker.drag(6, worker.cell(1).center() - QPoint(30, 0))
    worker.clerk.until(lambda: worker.order == [6, 1, 3, 4, 2, 5])
    QTest.mouseClick(worker.strip.viewport(), LEFT, CTRL, worker.cell(1).center())
    papers = worker.clerk.window.counter.papers
    assert worker.clerk.office.desk is not None
    row = papers._rows[worker.clerk.office.desk.dossier.papers[2].id]
    goal = row.mapToGlobal(row.rect().center())
    worker.drag(1, worker.strip.viewport().mapFromGlobal(goal))
    worker.clerk.until(lambda: worker.stored("TP03") == [6, 1])
    assert worker.stored("TP01") == [3, 4, 2, 5]
    for order in ([6, 1, 3, 4, 2, 5], [1, 3, 4, 2, 5, 6], [1, 2, 3, 4, 5, 6]):
        undo(worker, lambda order=order: worker.order == order)  # type: ignore[misc]
    assert worker.facts() == before


def test_escape_leaves_dragged_pages_where_they_are(worker: Worker) -> None:
    view, before = worker.strip.viewport(), worker.facts()
    QTest.mousePress(view, LEFT, NONE, worker.cell(1).center())
    QTest.mouseMove(view, worker.cell(3).center())
    QTest.mouseMove(view, worker.cell(5).center())
    assert not worker.strip.gap_line().isNull()
    worker.clerk.press(Qt.Key.Key_Escape)
    assert worker.strip.gap_line().isNull()
    QTest.mouseRelease(view, LEFT, NONE, worker.cell(5).center())
    assert worker.facts() == before
    undo(worker, lambda: worker.told == work_words.NOTHING_TO_UNDO)


def test_pages_go_to_another_dossier_and_come_back(worker: Worker) -> None:
    clerk, before = worker.clerk, worker.facts()
    worker.choose(1, 2)
    clerk.press("m")
    clerk.press("f")
    finder = clerk.window.counter.finder
    clerk.until(lambda: clerk.window.counter.stack.currentIndex() == 0)
    assert not finder.make_local.isVisible()
    clerk.press(Qt.Key.Key_Escape)
    assert clerk.window.counter.stack.currentIndex() == 1
    assert worker.told == work_words.picked(2)
    clerk.press("m")
    clerk.press("f")
    clerk.until(lambda: clerk.window.counter.stack.currentIndex() == 0)
    QTest.keyClicks(finder.field, OTHER_CODE)
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: worker.stored("TP99", code=OTHER_CODE) == [1, 2])
    assert clerk.name == CODE
    assert clerk.window.counter.stack.currentIndex() == 1
    clerk.until(lambda: "sang hồ sơ Vũ Ngọc Ánh" in worker.told)
    undo(worker, lambda: worker.stored("TP01") == [1, 2, 3, 4, 5, 6])
    assert worker.facts() == before


def test_a_reader_names_the_dossier_that_pages_go_to(worker: Worker) -> None:
    clerk = worker.clerk
    worker.choose(1, 2)
    clerk.press("m")
    clerk.press("f")
    clerk.until(lambda: clerk.window.counter.stack.currentIndex() == 0)
    clerk.beep("000.00.20.H02-261122-0999")
    clerk.until(lambda: "000.00.20.H02-261122-0999" in clerk.said)
    assert clerk.name == CODE
    clerk.beep(OTHER_CODE)
    clerk.until(lambda: worker.stored("TP99", code=OTHER_CODE) == [1, 2])
    assert clerk.name == CODE
    clerk.until(lambda: "sang hồ sơ Vũ Ngọc Ánh" in worker.told)


def test_the_way_out_of_moving_is_escape_or_another_key(worker: Worker) -> None:
    clerk, before = worker.clerk, worker.facts()
    worker.choose(1)
    assert worker.order[:2] == [1, 2]
    clerk.press("m")
    clerk.press("9")
    clerk.until(lambda: worker.told == work_words.no_such_paper(9))
    clerk.press(Qt.Key.Key_Escape)
    assert worker.told == ""
    clerk.press("m")
    clerk.press("1")
    clerk.until(lambda: worker.told == work_words.SAME_PAPER)
    clerk.press("m")
    clerk.press(Qt.Key.Key_Down)
    clerk.press(Qt.Key.Key_Down)
    clerk.press(Qt.Key.Key_Up)
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: worker.stored("TP02") == [1])
    assert clerk.office.paper is not None
    assert clerk.office.paper.part == "TP01"
    undo(worker, lambda: worker.picks == [1])
    clerk.press("m")
    clerk.press("r")
    clerk.until(lambda: worker.strip.list.pages[0].turn == 90)
    undo(worker, lambda: worker.strip.list.pages[0].turn == 0)
    assert worker.facts() == before


def test_a_split_can_be_joined_and_an_empty_copy_leaves_the_list(worker: Worker) -> None:
    clerk, before = worker.clerk, worker.facts()
    papers = clerk.window.counter.papers
    worker.choose(1)
    clerk.press("x")
    clerk.until(lambda: worker.told == work_words.CANNOT_SPLIT)
    clerk.press("j")
    clerk.until(lambda: worker.told == work_words.CANNOT_JOIN)
    worker.choose(5)
    clerk.press("x")
    clerk.until(lambda: worker.order == [5, 6])
    clerk.press(ARROW)
    clerk.press("x")
    clerk.until(lambda: worker.order == [6])
    assert worker.stored("TP99", 2) == [6]
    clerk.until(lambda: worker.told == "Đã tách 1 trang thành Giấy tờ khác (2).")
    clerk.until(lambda: len(papers._rows) == 7)
    clerk.press("j")
    clerk.until(lambda: worker.order == [5, 6])
    clerk.until(lambda: len(papers._rows) == 6)
    clerk.until(lambda: worker.picks == [6])
    for order in ([6], [5, 6], [1, 2, 3, 4, 5, 6]):
        undo(worker, lambda order=order: worker.order == order)  # type: ignore[misc]
    assert worker.facts() == before


def test_pages_that_were_taken_out_stay_in_reach(worker: Worker) -> None:
    clerk, strip = worker.clerk, worker.strip
    before = worker.facts()
    worker.choose(5, 6)
    clerk.press(Qt.Key.Key_Delete)
    clerk.until(lambda: strip.list.rowCount() == 5)
    assert worker.picks == [4]
    assert strip.list.index(4).data() == "2 trang đã bỏ"
    clerk.press(ARROW)
    assert strip.at_bin
    assert clerk.window.counter.view.shown is None
    clerk.press(Qt.Key.Key_Return)
    assert strip.list.rowCount() == 7
    clerk.press(ARROW)
    assert strip.page is not None
    assert strip.page.deleted
    clerk.press("r")
    clerk.until(lambda: worker.told == work_words.IS_TAKEN_OUT)
    clerk.press(Qt.Key.Key_Return)
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: worker.stored("TP01") == [1, 2, 3, 4, 5, 6])
    clerk.until(lambda: strip.list.rowCount() == 6)
    assert worker.facts() == before
    undo(worker, lambda: worker.stored("TP01") == [1, 2, 3, 4, 5])
    clerk.until(lambda: strip.list.index(5).data() == "1 trang đã bỏ")
    view = strip.viewport()
    QTest.mouseClick(view, LEFT, NONE, strip.visualRect(strip.list.index(5)).center())
    cell = strip.visualRect(strip.list.index(6))
    assert not cell.isEmpty()
    QTest.mouseClick(view, LEFT, NONE, strip.cells.label_at(cell).center())
    clerk.until(lambda: worker.stored("TP01") == [1, 2, 3, 4, 5, 6])


def test_a_scan_goes_behind_or_in_the_place_of_what_is_chosen(stage: Stage, worker: Worker) -> None:
    clerk, before = worker.clerk, worker.facts()
    stage.refill(1, ("Trang mới",))
    worker.choose(2, 3)
    clerk.press(Qt.Key.Key_F5, SHIFT)
    clerk.until(lambda: clerk.window.scanning.target is None)
    clerk.until(lambda: worker.order == [1, 2, 3, 0, 4, 5, 6])
    worker.choose(4, 5)
    clerk.press(Qt.Key.Key_F5, CTRL)
    clerk.until(lambda: clerk.window.scanning.target is None)
    clerk.until(lambda: worker.order == [1, 2, 3, 0, 4, 0, 6])
    undo(worker, lambda: worker.order == [1, 2, 3, 0, 4, 5, 6])
    undo(worker, lambda: worker.order == [1, 2, 3, 4, 5, 6])
    old = {row[0] for row in before}
    assert [row for row in worker.facts() if row[0] in old] == before


def test_escape_stops_a_scan_before_it_leaves_the_choice(stage: Stage, worker: Worker) -> None:
    clerk = worker.clerk
    stage.refill(100, ("Mỗi trang một dòng",))
    worker.choose(1, 2)
    clerk.press(Qt.Key.Key_F5)
    clerk.until(lambda: len(worker.order) > 6)
    assert worker.picks == [1, 2], "new pages do not take the choice away"
    clerk.press(Qt.Key.Key_Escape)
    clerk.until(lambda: clerk.window.scanning.target is None)
    assert worker.picks == [1, 2]
    assert len(worker.order) < 106
    clerk.press(Qt.Key.Key_Escape)
    assert worker.picks == [2]


def test_pages_go_to_other_papers_where_the_list_has_none(
    stage: Stage, at_window: AtWindow
) -> None:
    """A local dossier with one paper of its own and no *giấy tờ khác* yet."""
    stage.prepare()
    with App(stage.home, "test") as app:
        local = app.dossiers.open_new(code=None)
    code = local.name
    files = sorted(draw_stack(stage.home.parent / "pages", 2, ("Một dòng",)).iterdir())
    fill(stage, "TP01", files, code)
    with at_window(stage) as clerk:
        clerk.office.open(local.id)
        clerk.until(lambda: len(clerk.window.counter.strip.list.pages) == 2)
        worker = Worker(clerk)
        worker.choose(1)
        clerk.press("m")
        clerk.until(lambda: "0: giấy tờ khác" in worker.told)
        clerk.press("0")
        clerk.until(lambda: worker.stored("TP99", code=code) == [1])
        undo(worker, lambda: worker.stored("TP01", code=code) == [1, 2])
