"""Looking nearer: at once by what is there, then sharp; where the page lies; tiles of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from digitizer.boxes import Box
from digitizer.errors import FileUnreadable
from tests.ui.conftest import Clerk
from tests.ui.filled import fill
from tests.ui.stage import CODE, Stage, draw_page
from tests.ui.test_pages_shown import READING, page
from ui import zoom
from ui.pictures import decode, wanted
from ui.tiles import decode_tile, tile_of
from ui.widgets.page_view import PageView
from ui.zoom import Zoom

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
VIEW, WHOLE = QSizeF(600, 400), QSizeF(200, 300)
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def test_what_is_under_the_pointer_stays_there() -> None:
    at, now = QPointF(250, 120), Zoom()
    for times in (2.0, 1.5, 0.5, 2.0):
        place = zoom.placed(now, WHOLE, VIEW, 16)
        under = (at.x() - place.x()) / place.width(), (at.y() - place.y()) / place.height()
        now = zoom.about(zoom.settled(now, place, VIEW), times, at, place, VIEW)
        place = zoom.placed(now, WHOLE, VIEW, 16)
        if place.height() > VIEW.height() and place.width() > VIEW.width():
            there = (at.x() - place.x()) / place.width(), (at.y() - place.y()) / place.height()
            assert there == pytest.approx(under, abs=0.02)


def test_a_page_never_leaves_its_view() -> None:
    far = Zoom(4.0, -3.0, 9.0)
    place = zoom.placed(far, WHOLE, VIEW, 16)
    assert (place.left(), place.bottom()) == (16, 400 - 16)
    assert zoom.by(far, 0.01) == Zoom()
    assert zoom.by(far, 1000).factor == zoom.CLOSEST
    seen = zoom.seen(place, VIEW)
    assert QRectF(0, 0, 1, 1).contains(seen)
    assert zoom.seen(QRectF(), VIEW).isEmpty()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("box", [None, Box(100, 150, 700, 1150)])
@pytest.mark.parametrize("skew", [0.0, 3.0])
def test_a_tile_is_a_part_of_the_picture_only_sharper(
    tmp_path: Path, turn: int, box: Box | None, skew: float
) -> None:
    stored = Image.radial_gradient("L").resize((1000, 1400)).rotate(20).convert("RGB")
    stored.save(tmp_path / "page.jpg", quality=95)
    reading = replace(READING, turn=turn, skew=skew, crop=box, crop_sure=box is not None)
    what = wanted(page(1, reading=reading), QSize(400, 400))
    whole = decode(tmp_path / "page.jpg", what)
    seen = QRectF(0.5, 0.25, 0.4, 0.5)
    tile = decode_tile(
        tmp_path / "page.jpg",
        tile_of(what, seen, QSize(whole.width() * 2, whole.height() * 2)),
    )
    assert tile.width() == pytest.approx(whole.width() * 2 * 0.4, abs=3)
    assert tile.height() == pytest.approx(whole.height() * 2 * 0.5, abs=3)
    for x, y in ((0.1, 0.1), (0.9, 0.2), (0.5, 0.5), (0.2, 0.9)):
        there = whole.pixelColor(
            int((seen.x() + x * seen.width()) * whole.width()),
            int((seen.y() + y * seen.height()) * whole.height()),
        )
        here = tile.pixelColor(int(x * tile.width()), int(y * tile.height()))
        assert here.red() == pytest.approx(there.red(), abs=8)


def test_a_tile_is_never_larger_than_the_image_has_pixels(tmp_path: Path) -> None:
    Image.new("RGB", (100, 200), "white").save(tmp_path / "page.jpg")
    what = wanted(page(1), QSize(50, 100))
    tile = decode_tile(
        tmp_path / "page.jpg", tile_of(what, QRectF(0, 0, 0.5, 0.5), QSize(5000, 10000))
    )
    assert (tile.width(), tile.height()) == (50, 100)
    (tmp_path / "page.jpg").write_bytes(b"no image")
    with pytest.raises(FileUnreadable):
        decode_tile(tmp_path / "page.jpg", tile_of(what, QRectF(0, 0, 1, 1), QSize(9, 9)))


@pytest.fixture
def reader(stage: Stage, at_window: AtWindow) -> Iterator[Clerk]:
    """A clerk who looks at the first of three pages of 300 dpi."""
    stage.prepare()
    files = [stage.home.parent / f"{number}.jpg" for number in (1, 2, 3)]
    for number, file in enumerate(files, start=1):
        draw_page(file, ("Họ, chữ đệm, tên",) * 12, dpi=300, number=number)
    fill(stage, "TP01", files)
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.press("1")
        strip = clerk.window.counter.strip
        clerk.until(lambda: len(strip.list.pages) == 3)
        clerk.press(Qt.Key.Key_Home)
        clerk.until(lambda: clerk.window.counter.view.shown == strip.list.pages[0])
        yield clerk


def number(clerk: Clerk) -> int:
    strip = clerk.window.counter.strip
    return strip.currentIndex().row() + 1


def test_nearer_is_at_once_and_sharp_soon_and_stays_for_the_next_page(reader: Clerk) -> None:
    view = reader.window.counter.view
    for _ in range(5):
        reader.press("+")
    reader.until(lambda: view.zoom.factor == pytest.approx(zoom.STEP**5))
    reader.until(lambda: view.sharp)
    reader.press(Qt.Key.Key_PageDown)
    assert number(reader) == 2
    reader.until(lambda: view.shown == reader.window.counter.strip.list.pages[1] and view.sharp)
    assert view.zoom.factor == pytest.approx(zoom.STEP**5)
    reader.press("-")
    reader.until(lambda: view.zoom.factor == pytest.approx(zoom.STEP**4))
    reader.press("0")
    reader.until(lambda: not view.zoom.near)
    reader.until(lambda: not view.sharp)


def test_arrows_move_over_a_page_that_is_looked_at_nearer(reader: Clerk) -> None:
    view = reader.window.counter.view
    for presses in (3, 6):  # six keys in one burst would be a bar code
        for _ in range(3):
            reader.press("+")
        reader.until(lambda n=presses: view.zoom.factor > zoom.STEP**n - 0.1)  # type: ignore[misc]
    before = view.zoom
    reader.press(Qt.Key.Key_Down)
    assert view.zoom.y > before.y
    reader.press(Qt.Key.Key_Right)
    assert view.zoom.x > before.x
    for _ in range(40):
        reader.press(Qt.Key.Key_Down)
    assert number(reader) == 1
    reader.press("0")
    reader.until(lambda: not view.zoom.near)
    reader.press(Qt.Key.Key_Down)
    assert number(reader) == 2


def test_the_mouse_looks_nearer_and_drags(reader: Clerk) -> None:
    view = reader.window.counter.view
    middle = QPoint(view.width() // 2, view.height() // 2)
    turn_wheel(view, middle, 480)
    assert view.zoom.factor > 2
    before = view.zoom
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.NoModifier, middle)
    QTest.mouseMove(view, middle - QPoint(30, 60))
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.NoModifier, middle - QPoint(30, 60))
    assert view.zoom.y > before.y
    turn_wheel(view, middle, -4800)
    assert view.zoom == Zoom()


def turn_wheel(view: PageView, at: QPoint, by: int) -> None:
    """Turn the wheel with Ctrl held."""
    event = QWheelEvent(
        QPointF(at),
        QPointF(view.mapToGlobal(at)),
        QPoint(),
        QPoint(0, by),
        Qt.MouseButton.NoButton,
        CTRL,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_two_pages_stand_side_by_side_and_go_on_by_one(reader: Clerk) -> None:
    view, pages = reader.window.counter.view, reader.window.counter.strip.list.pages
    reader.press("b")
    reader.until(lambda: view.shown == pages[0] and view.beside == pages[1])
    reader.press(Qt.Key.Key_Right)
    reader.until(lambda: view.shown == pages[1] and view.beside == pages[2])
    reader.press(Qt.Key.Key_Right)
    reader.until(lambda: view.shown == pages[2] and view.beside is None)
    reader.press(Qt.Key.Key_Home)
    reader.press(Qt.Key.Key_Space)
    reader.until(lambda: view.beside == pages[1] and view._place().width() <= view.width())
    assert view._place().top() > 0, "a page begins at its top"
    reader.press(Qt.Key.Key_Space)
    reader.press("b")
    reader.until(lambda: view.shown == pages[0] and view.beside is None)
