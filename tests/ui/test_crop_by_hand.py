"""Cropping by hand: a frame over the whole page, by keys and by mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest

from digitizer.boxes import Box, Cropping
from digitizer.model import Page
from tests.ui.conftest import Clerk
from tests.ui.filled import fill
from tests.ui.stage import CODE, Stage, draw_stack
from tests.ui.test_pages_shown import READING
from ui.cropping import HandCrop, box_of, frame_of

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
WIDTH, HEIGHT = 1240, 1754


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_frame_and_a_box_are_the_same_part(turn: int) -> None:
    box = Box(100, 140, 700, 1120)
    reading = replace(READING, turn=turn)
    frame = frame_of(box, reading, turn)
    assert box_of(frame, reading, turn) == box
    if turn == 90:
        assert frame.left() == pytest.approx(1 - 1120 / 1400)
    assert box_of(frame_of(None, reading, turn), reading, turn) is Cropping.WHOLE


@pytest.fixture
def clerk_at_page(stage: Stage, at_window: AtWindow) -> Iterator[Clerk]:
    """A clerk at two pages, looking at the first."""
    stage.prepare()
    fill(stage, "TP01", sorted(draw_stack(stage.home.parent / "pages", 2).iterdir()))
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.press("1")
        strip = clerk.window.counter.strip
        clerk.until(lambda: len(strip.list.pages) == 2)
        clerk.press(Qt.Key.Key_Home)
        clerk.until(lambda: clerk.window.counter.view.shown == strip.list.pages[0])
        yield clerk


def first(clerk: Clerk) -> Page:
    return clerk.window.counter.strip.list.pages[0]


def cropping(clerk: Clerk) -> HandCrop:
    assert clerk.window.counter.pages is not None
    return clerk.window.counter.pages.cropping


def test_keys_move_the_corners_and_enter_crops(clerk_at_page: Clerk) -> None:
    clerk, hand = clerk_at_page, cropping(clerk_at_page)
    clerk.press("V", SHIFT)
    clerk.until(lambda: hand.frame.isVisible())
    for _ in range(5):
        clerk.press(Qt.Key.Key_Right)
        clerk.press(Qt.Key.Key_Down)
    clerk.press("v")
    clerk.press("v")
    clerk.until(lambda: hand.frame._corner == 2)
    for _ in range(10):
        clerk.press(Qt.Key.Key_Left)
    assert hand.frame.frame == QRectF(0.05, 0.05, 0.85, 0.95)
    clerk.press(Qt.Key.Key_Return)
    box = Box(round(0.05 * WIDTH), round(0.05 * HEIGHT), round(0.9 * WIDTH), HEIGHT)
    clerk.until(lambda: first(clerk).crop == box)
    assert not hand.frame.isVisible()
    assert clerk.office.paper is not None
    assert clerk.office.paper.part == "TP01"
    clerk.press(Qt.Key.Key_Z, CTRL)
    clerk.until(lambda: first(clerk).crop is Cropping.AUTO)


def test_the_mouse_drags_a_side_and_escape_leaves_it(clerk_at_page: Clerk) -> None:
    clerk, hand = clerk_at_page, cropping(clerk_at_page)
    clerk.press("V", SHIFT)
    clerk.until(lambda: hand.frame.isVisible())
    lies = hand.frame.on_view()
    middle = lies.center().toPoint()
    right = lies.center().toPoint()
    right.setX(round(lies.right()))
    QTest.mousePress(hand.frame, LEFT, NONE, right)
    QTest.mouseMove(hand.frame, middle)
    QTest.mouseRelease(hand.frame, LEFT, NONE, middle)
    assert hand.frame.frame.right() == pytest.approx(0.5, abs=0.01)
    assert hand.frame.frame.left() == 0
    clerk.press(Qt.Key.Key_Escape)
    assert not hand.frame.isVisible()
    assert first(clerk).crop is Cropping.AUTO
    clerk.press("V", SHIFT)
    clerk.until(lambda: hand.frame.isVisible())
    clerk.press(Qt.Key.Key_End)
    assert not hand.frame.isVisible(), "another key ends it"
    assert clerk.window.counter.strip.currentIndex().row() == 1


def test_undo_leaves_the_frame_and_takes_nothing_back(clerk_at_page: Clerk) -> None:
    clerk, hand = clerk_at_page, cropping(clerk_at_page)
    clerk.press("r")
    clerk.until(lambda: first(clerk).turn == 90)
    clerk.press("V", SHIFT)
    clerk.until(lambda: hand.frame.isVisible())
    clerk.press("Z", CTRL)
    assert not hand.frame.isVisible()
    clerk.press("Z", CTRL)
    clerk.until(lambda: first(clerk).turn == 0)
    clerk.press("Y", CTRL)
    clerk.until(lambda: first(clerk).turn == 90)
