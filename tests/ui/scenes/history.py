"""*Lịch sử*: of a dossier that two clerks worked at, of one page, of the machine."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from digitizer.app import App
from tests.readymade import add_ready_paper
from tests.ui.camera import Camera, open_dossier, press, wait
from tests.ui.papers import Papers
from tests.ui.stage import CODE, set_up
from ui.asides import Aside
from ui.screens.history import ALL, HistoryScreen


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    del papers
    with set_up(folder, pages=3) as stage:
        stage.prepare()
        with App(stage.home, "window") as app:
            lan = app.clerks.put("Nguyễn Thị Lan", "")
            minh = app.clerks.put("Trần Quang Minh", "")
            dossier = app.dossiers.find(CODE)
            app.clerks.use(lan.id)
            for part in ("TP01", "TP02"):
                add_ready_paper(app, dossier, part)
            app.clerks.use(minh.id)
            page = app.dossiers.get(dossier.id).papers[0].pages[0].id
            app.dossiers.turn(dossier.id, [page], 90)
            app.dossiers.delete(dossier.id, [page])
            app.dossiers.undo(dossier.id)
            app.dossiers.finish(dossier.id)
            app.dossiers.reopen(dossier.id)
        with camera.window(stage) as window:
            open_dossier(window, CODE)
            press(window, "1")
            wait(lambda: bool(window.counter.looked_at))
            press(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
            screen = window.findChild(HistoryScreen)
            assert isinstance(screen, HistoryScreen)
            wait(lambda: bool(screen.view.list.rows))
            camera.take(window, "811-history")
            press(window, Qt.Key.Key_Space)
            wait(lambda: screen.button.text() == "Cả hồ sơ")
            camera.take(window, "812-history-page")
            window.show_aside(Aside.HISTORY, ALL)
            wait(lambda: screen.status.text() == "Mọi việc trên máy này")
            camera.take(window, "813-history-machine")
