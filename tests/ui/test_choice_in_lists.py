"""No key in a list meets another line than the one it was meant for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication

from digitizer.app import App
from digitizer.limits import VIETNAM, Hours, Limits
from tests.ui.conftest import Clerk
from tests.ui.stage import Stage
from tests.ui.test_day_lists import go, rows, work
from ui.places import Place
from ui.rows import Row, heading
from ui.theme import Theme
from ui.widgets.row_view import RowView

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


def row(key: str, *, past: bool = False) -> Row:
    return Row(key, key, "ready", past=past)


@pytest.fixture
def view(theme: Theme) -> RowView:
    view = RowView(theme)
    view.resize(700, 400)
    view.show()
    return view


def chosen(view: RowView, shown: Sequence[Row]) -> str | None:
    view.show_rows(shown)
    return view.row.key if view.row is not None else None


A, B, C, PAST = row("a"), row("b"), row("c"), (heading("Đã gửi"), row("left a", past=True))


def test_a_line_that_goes_by_itself_leaves_none_chosen(view: RowView) -> None:
    assert chosen(view, [A, B, C]) == "a"
    view.step(1)
    assert chosen(view, [A, C, *PAST]) is None
    assert chosen(view, [A, C, row("d"), *PAST]) is None, "and it stays so"
    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert view.row is None, "Qt makes a line current with the focus"
    view.step(1)
    assert view.row == C, "the arrows go on where it was"
    assert chosen(view, [A, *PAST]) is None
    view.step(-1)
    assert view.row == A


def test_a_line_that_the_clerk_is_done_with_leaves_the_choice_to_its_neighbour(
    view: RowView,
) -> None:
    assert chosen(view, [A, B, C, *PAST]) == "a"
    view.act_on(A)
    assert chosen(view, [A, B, C, *PAST, row("left d", past=True)]) == "a"
    assert chosen(view, [B, C, *PAST]) == "b"
    assert chosen(view, [C, *PAST]) is None, "that one went by itself"
    view.step(1)
    view.act_on(C)
    assert chosen(view, PAST) is None, "nothing is left to do"


def test_the_first_line_of_a_list_that_was_empty_is_chosen(view: RowView) -> None:
    view.begin()
    assert chosen(view, []) is None
    assert chosen(view, [A]) == "a"
    assert chosen(view, []) is None
    assert chosen(view, [B]) == "b"


def test_who_comes_back_finds_a_line_chosen(view: RowView) -> None:
    assert chosen(view, PAST) is None
    view.begin()
    assert chosen(view, [A, B, *PAST]) == "a"
    view.begin()
    assert chosen(view, [B, *PAST]) == "b", "it went while nobody looked"


def test_a_key_meets_nothing_once_its_line_was_sent(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    work(stage, 3, 4)
    ahead = (datetime.now(VIETNAM).hour + 3) % 24 * 60
    with App(stage.home, "test") as app:
        app.keep_limits(Limits(hours=Hours(ahead, (ahead + 60) % 1440)))
    with at_window(stage) as clerk:
        screen = go(clerk, Place.OUTBOX)
        clerk.until(lambda: [row.mark for row in rows(screen)] == ["ready", "ready"])
        assert screen.view.row == rows(screen)[0]
        screen.button.click()
        clerk.until(lambda: [row.mark for row in rows(screen)] == ["sent", "sent"])
        assert screen.view.row is None
        clerk.press(Qt.Key.Key_Delete)
        clerk.press(Qt.Key.Key_Return)
        assert clerk.window.place is Place.OUTBOX
        clerk.press(Qt.Key.Key_Down)
        assert screen.view.row == rows(screen)[0]
        go(clerk, Place.TODAY)
        go(clerk, Place.OUTBOX)
        assert clerk.receipts == 2
        assert clerk.office.app.store.rows("SELECT 1 FROM way WHERE withheld_at IS NOT NULL") == []
