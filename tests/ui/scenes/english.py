"""The window in English: names of people, papers and scan profiles are what they are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.camera import Camera, idle, open_dossier, press, rest, scan, wait
from tests.ui.papers import Papers
from tests.ui.stage import CODE, Stage, set_up
from ui.language import Language, speak
from ui.places import Place
from ui.screens.find import FindScreen
from ui.screens.listing import Listing
from ui.window import Window


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    program = QApplication.instance()
    assert isinstance(program, QApplication)
    back = speak(program, Language.ENGLISH)
    try:
        with set_up(folder, pages=1) as stage:
            stage.prepare()
            with camera.window(stage) as window:
                _look(camera, window, stage, papers)
    finally:
        back()


def _look(camera: Camera, window: Window, stage: Stage, papers: Papers) -> None:
    open_dossier(window, CODE)
    scan(window, stage, papers.form)
    wait(lambda: idle(window))
    rest(600)
    camera.take(window, "901-counter")
    press(window, "?")
    wait(window.shortcuts.isVisible)
    camera.take(window, "902-keys")
    press(window, Qt.Key.Key_Escape)
    window.go_to(Place.STACK)
    camera.take(window, "903-stack")
    for place, name in (
        (Place.TODAY, "904-today"),
        (Place.TROUBLE, "905-trouble"),
        (Place.OUTBOX, "906-outbox"),
    ):
        window.go_to(place)
        listing = window.screen(place)
        assert isinstance(listing, Listing)
        wait(lambda one=listing: one.view.isVisible() or one.empty_title.isVisible())  # type: ignore[misc]
        camera.take(window, name)
    window.go_to(Place.FIND)
    find = window.screen(Place.FIND)
    assert isinstance(find, FindScreen)
    QTest.keyClicks(find.field, "khai sinh")
    wait(lambda: bool(find.heading.text()))
    camera.take(window, "907-find")
    window.go_to(Place.SETTINGS)
    camera.take(window, "908-settings")
