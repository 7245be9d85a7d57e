"""Web pages that scan: the question, the scan that runs for one, what the settings say of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import Qt

from tests.bridge.webpage import end_of, press_scan, visit
from tests.ui.camera import Camera, choose, go_to_settings, open_dossier, press, wait
from tests.ui.papers import Papers
from tests.ui.stage import CODE, GOOD, JAMMED, Stage, set_up
from ui.window import Window

ORIGIN, STRANGER = "https://motcua.yenbai.example", "http://quet-nhanh.example"


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    with set_up(folder / "desk", pages=2, seconds_a_page=1.0) as stage, ThreadPoolExecutor(4) as go:
        stage.prepare(dpi=300)
        with camera.window(stage) as window:
            _scans(camera, window, stage, papers, go)


def _scans(
    camera: Camera, window: Window, stage: Stage, papers: Papers, go: ThreadPoolExecutor
) -> None:
    desk = window.web
    assert desk is not None
    desk.switch(on=True)
    wait(lambda: desk.port != 0)
    open_dossier(window, CODE)
    stage.load(papers.birth)
    first = go.submit(_press, desk.port)
    wait(lambda: bool(desk.asking))
    camera.take(window, "650-web-asks")
    press(window, Qt.Key.Key_F7)
    wait(lambda: window.scanning.progress is not None)
    camera.take(window, "651-web-scans")
    wait(first.done)
    choose(window, JAMMED)
    stage.load((*papers.birth, *papers.birth, *papers.birth))
    second = go.submit(_press, desk.port)
    wait(second.done)
    wait(lambda: window.banner.notice is not None and bool(window.banner.notice.dossier_id))
    camera.take(window, "652-web-jam")
    choose(window, GOOD)
    desk.refuse("https://quangcao.example")
    stranger = go.submit(_knock, desk.port)
    wait(lambda: bool(desk.asking))
    go_to_settings(window)
    window.settings._scroll.ensureWidgetVisible(window.settings.web, 0, 80)
    camera.take(window, "653-web-settings")
    desk.refuse(STRANGER)
    wait(stranger.done)


def _press(port: int) -> bytes:
    with visit(port, ORIGIN) as page:
        return press_scan(page)


def _knock(port: int) -> None:
    with visit(port, STRANGER) as page:
        end_of(page)
