"""*Quét lô* end to end: fed, looked through with the keyboard, accepted; nothing goes before."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDropEvent

from digitizer import plan
from digitizer.stacking import Reason
from tests.ui import feed
from tests.ui.conftest import Clerk
from tests.ui.feed import BIRTH, STAY, draw, pages, paper
from tests.ui.reviewing import ALT, CTRL, SHIFT, Reviewer, arrived
from tests.ui.stage import Stage
from tests.ui.test_never_blocks import Pulse, guarded
from ui.places import Place
from ui.wording import Act

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
FORM = paper("TP01", "Tờ khai đăng ký khai sinh", "1.001193")
STAY_FORM = paper("TP01", "Tờ khai thay đổi thông tin cư trú (mẫu CT01)", "1.010041")


@pytest.fixture
def small(tmp_path: Path) -> list[Path]:
    """Two dossiers on eight sheets, five of them pages."""
    sheets = [feed.dossier(BIRTH), FORM, *pages(3), feed.dossier(STAY), STAY_FORM, *pages(2)]
    return draw(sheets, tmp_path / "sheets")


def test_sixty_sheets_with_three_wrong_cuts(
    stage: Stage,
    at_window: AtWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    sheets = feed.sixty()
    assert len(sheets) == 60
    stage.prepare()
    stage.load(draw(sheets, tmp_path / "sheets"))
    pulse = Pulse()
    with guarded(str(stage.home), monkeypatch) as guard, at_window(stage) as clerk:
        clerk.open(BIRTH)
        clerk.press(Qt.Key.Key_Return, CTRL)  # finished before: it is held all the same
        clerk.until(lambda: clerk.office.desk is None)
        reviewer = Reviewer(clerk)
        reviewer.go()
        pulse.start()
        reviewer.feed()
        assert clerk.window.rail.button(Place.STACK).accessibleName() == "Quét lô, 1"
        reviewer.read()
        assert reviewer.reasons() == [Reason.UNCLAIMED, Reason.PRINTED, Reason.TITLE]
        assert len(reviewer.stack.pages) == 48

        reviewer.press(Qt.Key.Key_Return)  # the last dossier's sheet could not be read
        assert reviewer.number == 42
        reviewer.press("x")
        clerk.until(lambda: reviewer.screen.columns.choosing)
        for letter in feed.AID:  # a reader types it
            clerk.press(letter)
        reviewer.press(Qt.Key.Key_Return)
        clerk.until(lambda: len(reviewer.stack.doubts) == 2)
        reviewer.press(Qt.Key.Key_Return)  # a separator sheet too many
        assert reviewer.number == 7
        reviewer.press("j")
        clerk.until(lambda: len(reviewer.stack.doubts) == 1)
        reviewer.press(Qt.Key.Key_Return)  # and one too few
        assert reviewer.number == 3
        reviewer.press("c")
        clerk.until(lambda: reviewer.stack.doubts == ())
        assert reviewer.lies() == [
            ("0001", "TP01#1", 2),
            ("0001", "TP02#1", 2),
            ("0001", "TP03#1", 4),
            ("0003", "TP01#1", 6),
            ("0004", "TP01#1", 4),
            ("0004", "TP03#1", 3),
            ("0005", "TP99#1", 7),
            ("0006", "TP01#1", 5),
            ("0007", "TP99#1", 8),
            ("0008", "TP99#1", 7),
        ]
        app = clerk.office.app

        def bundled() -> bool:
            guard.on = False
            done = app.planner.quiet() and app.work.left(plan.LOCAL, parked=False) == 0
            guard.on = True
            return done

        clerk.until(bundled)
        guard.on = False
        assert arrived(stage) == {}
        assert app.store.rows("SELECT * FROM sending") == []
        guard.on = True
        reviewer.press(Qt.Key.Key_Return, CTRL)
        clerk.until(lambda: "Đã nhận lô" in clerk.said)
        assert "7 hồ sơ" in clerk.said
        assert "chưa xem" not in clerk.said
        assert "hồ sơ còn thiếu giấy tờ: " in clerk.said, "as Ctrl+Enter at the counter says"
        rail = clerk.window.rail.button(Place.STACK)
        clerk.until(lambda: rail.accessibleName() == "Quét lô")
        guard.on = False
        clerk.until(lambda: sum(len(parts) for parts in arrived(stage).values()) == 10)
    assert arrived(stage) == {
        BIRTH: {"TP01": 2, "TP02": 2, "TP03": 4},
        STAY: {"TP01": 6},
        feed.DEATH: {"TP01": 4, "TP03": 3},
        feed.MARRIAGE: {"TP99": 7},
        feed.SINGLE: {"TP01": 5},
        feed.CHILD: {"TP99": 8},
        feed.AID: {"TP99": 7},
    }
    record_property("keys", reviewer.keys)
    record_property("event loop", pulse.summary())
    sys.stdout.write(f"\n60 sheets, 3 wrong cuts: {reviewer.keys} keys; {pulse.summary()}\n")
    assert guard.caught == []
    assert guard.watched > 100


def load_until_a_jam(stage: Stage, small: list[Path]) -> None:
    """Put the first four sheets into the feeder; the next one gets stuck."""
    stage.load(small[:4])
    (stage.stack / "99.jam.jpg").write_bytes(small[4].read_bytes())


def test_a_stack_that_jams_goes_on_as_the_same_stack(
    stage: Stage, at_window: AtWindow, small: list[Path]
) -> None:
    stage.prepare()
    load_until_a_jam(stage, small)
    with at_window(stage) as clerk:
        reviewer = Reviewer(clerk)
        reviewer.go()
        reviewer.feed()
        notice = clerk.window.banner.notice
        assert notice is not None
        assert notice.act is Act.SCAN_ON
        reviewer.read()
        bar = reviewer.screen.bar
        assert bar.count.text() == "Đã lưu 2 trang"
        assert "2 trang" not in f"{notice.title} {notice.hint}", "a separator sheet is no page"
        assert "3 trang" not in f"{notice.title} {notice.hint}"
        assert "đã lưu" in notice.hint
        assert bar.left.text() == "Chưa quét hết lô: F5 quét tiếp"
        assert "phần giấy còn lại" in bar.accept_button.accessibleDescription()
        stage.load(small[4:])
        clerk.press(Qt.Key.Key_1, ALT)  # the clerk has gone elsewhere meanwhile
        clerk.window.banner.button.click()
        assert clerk.window.place is Place.STACK
        reviewer.fed()
        reviewer.read()
        assert reviewer.lies() == [("0001", "TP01#1", 3), ("0003", "TP01#1", 2)]
        assert len(reviewer.stacks.waiting) == 1


def test_a_jam_before_the_first_look_shows_the_last_page_as_it_says(
    stage: Stage, at_window: AtWindow, small: list[Path]
) -> None:
    stage.prepare()
    load_until_a_jam(stage, small)
    with at_window(stage) as clerk:
        reviewer = Reviewer(clerk)
        reviewer.go()
        stacks = reviewer.stacks
        stacks._bridge.changed.disconnect(stacks._on_change)
        reviewer.feed()  # it is done before anybody looks
        stacks._bridge.changed.connect(stacks._on_change)
        stacks._latest()
        reviewer.read()
        notice, page = clerk.window.banner.notice, reviewer.screen.strip.page
        assert notice is not None
        assert page is not None
        assert "Trang cuối đã lưu đang hiện" in notice.hint
        assert page.id == reviewer.stack.pages[-1].id


def test_a_jam_that_f5_went_on_from_is_told_no_more(
    stage: Stage, at_window: AtWindow, small: list[Path]
) -> None:
    stage.prepare()
    load_until_a_jam(stage, small)
    with at_window(stage) as clerk:
        reviewer = Reviewer(clerk)
        reviewer.go()
        reviewer.feed()
        notice = clerk.window.banner.notice
        assert notice is not None
        assert notice.act is Act.SCAN_ON
        stage.load(small[4:])
        reviewer.feed()
        reviewer.read()
        notice = clerk.window.banner.notice
        assert notice is None or notice.act is not Act.SCAN_ON


def test_after_a_restart_a_stack_that_broke_off_goes_on_with_f5(
    stage: Stage, at_window: AtWindow, small: list[Path]
) -> None:
    stage.prepare()
    load_until_a_jam(stage, small)
    with at_window(stage) as clerk:
        reviewer = Reviewer(clerk)
        reviewer.go()
        reviewer.feed()
    stage.load(small[4:])
    with at_window(stage) as clerk:
        clerk.until(lambda: clerk.window.rail.button(Place.STACK).accessibleName() == "Quét lô, 1")
        reviewer = Reviewer(clerk)
        reviewer.go()
        clerk.until(lambda: "Quét tiếp lô" in reviewer.screen.bar.scan_button.text())
        reviewer.feed()
        reviewer.read()
        assert reviewer.lies() == [("0001", "TP01#1", 3), ("0003", "TP01#1", 2)]


def test_every_verb_of_the_review_is_taken_back_and_done_again(
    stage: Stage, at_window: AtWindow, small: list[Path]
) -> None:
    stage.prepare(server=True)
    stage.load(small)
    with at_window(stage) as clerk:
        reviewer = Reviewer(clerk)
        reviewer.go()
        reviewer.feed()
        stood = [reviewer.read().pages]
        assert reviewer.lies() == [("0001", "TP01#1", 3), ("0003", "TP01#1", 2)]

        def done() -> None:
            clerk.until(lambda: reviewer.stack.ready and reviewer.stack.pages != stood[-1])
            stood.append(reviewer.stack.pages)

        reviewer.press(Qt.Key.Key_Home)
        reviewer.press(Qt.Key.Key_Right)
        reviewer.press("x")  # cut before the second page
        clerk.until(lambda: reviewer.screen.columns.choosing)
        reviewer.press("1")
        done()
        assert reviewer.lies()[:2] == [("0001", "TP01#1", 1), ("0001", "TP02#1", 2)]
        reviewer.press(Qt.Key.Key_End)
        reviewer.press("j")  # the other dossier's form goes on with it
        done()
        assert reviewer.lies() == [("0001", "TP01#1", 1), ("0001", "TP02#1", 4)]
        reviewer.press(Qt.Key.Key_Left, SHIFT)
        reviewer.press("m")  # two pages to a dossier that a name finds
        clerk.until(lambda: reviewer.screen.columns.choosing)
        for letter in "hoang thi bich":
            clerk.press(letter)
        reviewer.press(Qt.Key.Key_Return)
        done()
        assert reviewer.lies()[-1] == ("0007", "TP99#1", 2)
        reviewer.press("r")
        done()
        reviewer.press(Qt.Key.Key_Delete)
        done()
        assert len(reviewer.stack.pages) == 3
        there = list(stood)
        while len(there) > 1:
            there.pop()
            reviewer.press(Qt.Key.Key_Z, CTRL)
            clerk.until(lambda: reviewer.stack.pages == there[-1])
        assert reviewer.lies() == [("0001", "TP01#1", 3), ("0003", "TP01#1", 2)]
        for state in stood[1:]:
            reviewer.press(Qt.Key.Key_Y, CTRL)
            clerk.until(lambda state=state: reviewer.stack.pages == state)  # type: ignore[misc]


def test_review_and_acceptance_survive_a_restart_and_are_taken_back(
    stage: Stage, at_window: AtWindow, small: list[Path], tmp_path: Path
) -> None:
    stage.prepare(server=False)
    lost = [feed.LOST, *pages(1)]
    stage.load(draw([feed.dossier(BIRTH), *pages(1), *lost], tmp_path / "lost"))
    with at_window(stage) as clerk:
        reviewer = Reviewer(clerk)
        reviewer.go()
        reviewer.feed()
        reviewer.read()
        assert reviewer.lies() == [("0001", "TP99#1", 1), ("", "TP99#1", 1)]
        reviewer.press(Qt.Key.Key_Return)
        reviewer.press("k")  # left where it is, on purpose
        clerk.until(lambda: reviewer.stack.doubts == ())
        stage.load(small[:3])
        reviewer.stacks.choose("")
        reviewer.feed()
        reviewer.read()
    with at_window(stage) as clerk:
        clerk.until(lambda: clerk.window.rail.button(Place.STACK).accessibleName() == "Quét lô, 2")
        reviewer = Reviewer(clerk)
        reviewer.go()
        clerk.until(lambda: reviewer.stacks.stack is not None)
        assert len(reviewer.stack.pages) == 1, "the newest first"
        reviewer.screen.chooser.chosen.emit(reviewer.stacks.waiting[1].id)
        clerk.until(lambda: reviewer.stacks.stack is not None and len(reviewer.stack.pages) == 2)
        assert reviewer.stack.doubts == ()
        reviewer.press(Qt.Key.Key_Z, CTRL)
        clerk.until(lambda: reviewer.reasons() == [Reason.UNCLAIMED])
        reviewer.press(Qt.Key.Key_Return, CTRL)
        clerk.until(lambda: "Đã nhận lô" in clerk.said)
        assert "1 chỗ chưa xem" in clerk.said
        assert "1 trang để lại trong Chưa phân loại" in clerk.said
        app = clerk.office.app
        assert app.dossiers.find(BIRTH).finished_at is not None
        clerk.window.banner.button.click()
        clerk.until(lambda: app.dossiers.find(BIRTH).finished_at is None)
        clerk.until(lambda: len(reviewer.stacks.waiting) == 2)


def test_pages_are_dragged_onto_a_paper_and_a_dossier(
    stage: Stage, at_window: AtWindow, small: list[Path]
) -> None:
    stage.prepare()
    stage.load(small)
    with at_window(stage) as clerk:
        reviewer = Reviewer(clerk)
        reviewer.go()
        reviewer.feed()
        reviewer.read()
        columns = reviewer.screen.columns
        last = reviewer.stack.pages[-1].id
        strip, groups = columns.strip, columns.groups

        def drop(onto: object, place: QPointF, page_id: str) -> None:
            row = strip.film.row_of(page_id)
            assert row is not None
            dragged = strip.film.mimeData([strip.film.index(row)])
            event = QDropEvent(
                place,
                Qt.DropAction.MoveAction,
                dragged,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
            onto.dropEvent(event)  # type: ignore[attr-defined]

        first = strip.film.row_of(reviewer.stack.pages[0].id)
        assert first is not None
        strip.scrollTo(strip.film.index(first))
        drop(strip, QPointF(strip.visualRect(strip.film.index(first)).center()), last)
        reviewer.turns_to(("0001", "TP01#1", 3), ("0003", "TP01#1", 1), ("0001", "TP01#1", 1))
        drop(groups, QPointF(groups.visualRect(groups.list.index(1)).center()), last)
        reviewer.turns_to(("0001", "TP01#1", 3), ("0003", "TP01#1", 1), ("0003", "TP99#1", 1))


def test_what_cannot_be_done_says_why(stage: Stage, at_window: AtWindow, small: list[Path]) -> None:
    stage.prepare(server=False)
    stage.load([])
    with at_window(stage) as clerk:
        reviewer = Reviewer(clerk)
        reviewer.go()
        bar = reviewer.screen.bar
        for button in (bar.accept_button, bar.next_button):
            assert not button.isEnabled()
            assert button.toolTip() == button.accessibleDescription() == "Chưa có lô nào"
        reviewer.feed()
        assert clerk.window.banner.notice is not None
        clerk.until(lambda: reviewer.stacks.current == "")
        assert reviewer.stacks.waiting == ()
        clerk.office.app.local.stop()  # nothing is read from now on
        stage.load(small[:3])
        reviewer.feed()
        clerk.until(lambda: bar.accept_button.toolTip() == "Còn đang đọc 3 trang")
        assert not bar.accept_button.isEnabled()
        reviewer.press(Qt.Key.Key_Return, CTRL)
        assert "Chưa nhận được: còn đang đọc 3 trang" in clerk.said
        assert len(reviewer.stacks.waiting) == 1
        assert all(
            widget.accessibleName()
            for widget in (
                reviewer.screen.strip,
                reviewer.screen.columns.groups,
                reviewer.screen.choices.field,
                reviewer.screen.choices.list,
                reviewer.screen.view,
            )
        )
