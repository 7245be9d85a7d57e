"""*U*: a paper of the same person that is kept here, and an earlier result by its code."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QTest

from digitizer.app import App
from tests.ui.camera import Camera, open_dossier, pages, press, rest, wait
from tests.ui.filled import take_in
from tests.ui.papers import Papers
from tests.ui.stage import CODE, HOLDER, set_up

_EARLIER = "000.00.20.H02-261122-0099"


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    with set_up(folder, pages=1) as stage:
        stage.prepare()
        with App(stage.home, "test") as app:
            app.dossiers.open_new(code=_EARLIER, procedure="1.001193", holder=HOLDER)
        take_in(stage, "TP02", papers.birth, _EARLIER)
        with camera.window(stage) as window:
            open_dossier(window, CODE)
            bar = window.counter.bar
            press(window, "2")
            press(window, "u")
            wait(lambda: "1:" in bar.quiet.toolTip() + bar.quiet.text())
            camera.take(window, "131-reuse")
            press(window, "1")
            wait(lambda: pages(window, "TP02") > 0)
            rest(400)
            camera.take(window, "132-reused")
            press(window, "3")
            press(window, "u")
            press(window, "k")
            wait(bar.code.isVisible)
            QTest.keyClicks(bar.code, "KQ.G07.000122")
            camera.take(window, "133-result-code")
