"""*Tìm*: nothing typed, found in names and pages, the page that was found, nothing found."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from tests.ui.camera import Camera, press, rest, wait
from tests.ui.filled import take_in
from tests.ui.papers import Papers
from tests.ui.scenes.counter import LONG_DOSSIER
from tests.ui.stage import set_up
from ui.places import Place
from ui.screens.find import FindScreen
from ui.window import Window


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    with set_up(folder, pages=1) as stage:
        stage.prepare()
        take_in(stage, "TP01", papers.form)
        take_in(stage, "TP02", papers.birth)
        take_in(stage, "TP01", papers.document, LONG_DOSSIER)
        with camera.window(stage) as window:
            window.go_to(Place.FIND)
            camera.take(window, "501-empty")
            _type(window, "ủy ban nhân dân")
            wait(lambda: _said(window) == "Tìm thấy 2 hồ sơ")
            camera.take(window, "502-found")
            _mark(camera, window)
            _type(window, "bui xuan truong")
            wait(lambda: _said(window) == "Tìm thấy 1 hồ sơ")
            camera.take(window, "503-by-name")
            _type(window, "xyzzy")
            wait(lambda: _said(window).startswith("Không tìm thấy"))
            camera.take(window, "504-nothing")


def _mark(camera: Camera, window: Window) -> None:
    """Open the page that was found, then look at the next place nearer."""
    press(window, Qt.Key.Key_Return)
    counter = window.counter
    wait(lambda: counter.pages is not None and counter.pages.reading.layer.current is not None)
    wait(lambda: counter.view.shown is not None and counter.view.shown == counter.strip.page)
    rest(600)
    camera.take(window, "505-marked")
    for _ in range(4):
        press(window, "+")
    press(window, Qt.Key.Key_F3)
    rest(800)
    camera.take(window, "506-marked-nearer")
    press(window, "0")
    press(window, Qt.Key.Key_Escape)
    window.go_to(Place.FIND)


def _screen(window: Window) -> FindScreen:
    found = window.screen(Place.FIND)
    assert isinstance(found, FindScreen)
    return found


def _said(window: Window) -> str:
    return _screen(window).heading.text()


def _type(window: Window, text: str) -> None:
    _screen(window).field.setText(text)
