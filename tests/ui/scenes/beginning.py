"""The first run: searching, nothing found, found, a wrong password, done."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import Qt

from digitizer.scanning import Capabilities
from drivers.host import all_devices
from tests.ui.camera import Camera, press, rest, wait
from tests.ui.papers import Papers
from tests.ui.stage import GOOD, set_up
from ui.asides import Aside
from ui.screens.first_run import FirstRun
from ui.window import Window


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    looked = threading.Event()

    def devices() -> list[Capabilities]:
        """Find what is connected, once the search has been seen."""
        looked.wait()
        return all_devices()

    with set_up(folder, pages=1) as stage:
        stage.load(papers.form[:1])
        config = folder / "sane.d" / "airscan.conf"
        connected = config.read_text(encoding="utf-8")
        config.write_text("[devices]\n[options]\ndiscovery = disable\n", encoding="utf-8")
        with camera.window(stage, devices) as window:
            screen = _first_run(window)
            camera.take(window, "701-searching")
            looked.set()
            wait(screen.look.isEnabled)
            camera.take(window, "702-none-found")
            config.write_text(connected, encoding="utf-8")
            screen.look.click()
            wait(screen.scan.isEnabled)
            form = screen.server
            form.url.setText(stage.server.url)
            form.group.setText(stage.server.group)
            form.user.setText(stage.server.user)
            form.password.setText("sai")
            form.check.click()
            wait(form.check.isEnabled)
            camera.take(window, "703-wrong-password")
            screen.device.choose(GOOD)
            press(window, Qt.Key.Key_F5)
            wait(lambda: screen.trial_said.text().startswith("✓"))
            form.password.setText(stage.password)
            form.check.click()
            wait(screen.start.isVisible)
            rest(600)
            form.url.setText("https://motcua.tanlap.example/o/rest/v2")
            camera.take(window, "704-done")


def _first_run(window: Window) -> FirstRun:
    wait(lambda: window.aside is Aside.FIRST_RUN)
    found = window.findChild(FirstRun)
    assert isinstance(found, FirstRun)
    return found
