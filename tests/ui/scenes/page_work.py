"""Page work at the counter: what is chosen, where it goes, what was taken out, looking nearer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.camera import Camera, open_dossier, press, rest, wait
from tests.ui.filled import take_in
from tests.ui.papers import Papers
from tests.ui.stage import CODE, set_up
from ui.window import Window

_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    with set_up(folder, pages=1) as stage:
        stage.prepare()
        take_in(stage, "TP01", (*papers.form, *papers.birth, *papers.document))
        with camera.window(stage) as window:
            open_dossier(window, CODE)
            press(window, "1")
            wait(lambda: len(window.counter.strip.list.pages) == 6)
            _choose(camera, window)
            _take_out(camera, window)
            _look(camera, window)


def _choose(camera: Camera, window: Window) -> None:
    told = window.counter.bar.quiet
    press(window, Qt.Key.Key_Home)
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Right, _SHIFT)
    rest(600)
    camera.take(window, "201-chosen")
    press(window, "m")
    wait(lambda: told.text().startswith("Chuyển 2 trang tới"))
    camera.take(window, "202-move")
    press(window, "2")
    wait(lambda: told.text().startswith("Đã chuyển 2 trang"))
    camera.take(window, "203-moved")
    press(window, "z", _CTRL)
    wait(lambda: len(window.counter.strip.list.pages) == 6)


def _take_out(camera: Camera, window: Window) -> None:
    strip = window.counter.strip
    press(window, Qt.Key.Key_End)
    press(window, Qt.Key.Key_Left, _SHIFT)
    press(window, Qt.Key.Key_Delete)
    wait(lambda: strip.list.rowCount() == 5)
    press(window, Qt.Key.Key_Right)
    wait(lambda: strip.at_bin)
    camera.take(window, "204-bin")
    press(window, Qt.Key.Key_Return)
    wait(lambda: strip.list.rowCount() == 7)
    press(window, Qt.Key.Key_Right)
    rest(600)
    camera.take(window, "205-bin-open")
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Return)
    wait(lambda: strip.list.rowCount() == 6)


def _look(camera: Camera, window: Window) -> None:
    counter = window.counter
    assert counter.pages is not None
    press(window, Qt.Key.Key_Home)
    for _ in range(4):
        press(window, "+")
    rest(1000)
    camera.take(window, "206-zoomed")
    press(window, "0")
    press(window, "b")
    rest(600)
    camera.take(window, "207-two-pages")
    press(window, "b")
    reading = counter.pages.reading
    press(window, "w")
    wait(lambda: "chữ đã đọc" in reading.legend.text())
    for _ in range(2):
        press(window, "+")
    rest(1000)
    camera.take(window, "208-words")
    press(window, "w")
    press(window, "0")
    press(window, "g", _CTRL)
    QTest.keyClicks(reading.bar.field, "tan lap")
    wait(lambda: reading.bar.count.text().endswith("chỗ"))
    press(window, Qt.Key.Key_Return)
    rest(600)
    camera.take(window, "209-find-in-paper")
    press(window, Qt.Key.Key_Escape)
    frame = counter.pages.cropping.frame
    press(window, "V", _SHIFT)
    wait(frame.isVisible)
    for _ in range(8):
        press(window, Qt.Key.Key_Right)
        press(window, Qt.Key.Key_Down)
    rest(600)
    camera.take(window, "210-crop-by-hand")
    press(window, Qt.Key.Key_Escape)
