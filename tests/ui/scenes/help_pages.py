"""Help: the guide and its search, the sheets of F1 and of the keys, the diagnosis."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.camera import Camera, open_dossier, press, rest, wait
from tests.ui.papers import Papers
from tests.ui.stage import CODE, set_up
from ui.asides import Aside
from ui.places import Place
from ui.screens.doctor import DoctorScreen
from ui.screens.guide import GuideScreen


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    del papers
    with set_up(folder, pages=1) as stage:
        stage.prepare()
        with camera.window(stage) as window:
            open_dossier(window, CODE)
            press(window, Qt.Key.Key_F1)
            camera.take(window, "801-explained")
            press(window, Qt.Key.Key_Escape)
            press(window, "?")
            wait(window.shortcuts.isVisible)
            camera.take(window, "802-keys")
            press(window, Qt.Key.Key_Escape)
            if camera.wants("807"):
                window.go_to(Place.STACK)
                press(window, "?")
                wait(window.shortcuts.isVisible)
                camera.take(window, "807-keys-of-stack")
                press(window, Qt.Key.Key_Escape)
                window.go_to(Place.COUNTER)
            window.show_aside(Aside.GUIDE)
            guide = window.findChild(GuideScreen)
            assert isinstance(guide, GuideScreen)
            wait(lambda: guide.contents.count() > 0)
            guide.show_section("2.")
            rest(300)
            camera.take(window, "803-guide")
            QTest.keyClicks(guide.field, "ket giay")
            rest(300)
            camera.take(window, "804-guide-searched")
            window.go_to(Place.SETTINGS)
            window.settings.machine.doctor.click()
            doctor = window.findChild(DoctorScreen)
            assert isinstance(doctor, DoctorScreen)
            camera.take(window, "805-diagnosis-begun")
            wait(doctor.copy.isEnabled)
            camera.take(window, "806-diagnosis")
