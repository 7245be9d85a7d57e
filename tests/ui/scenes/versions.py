"""Two versions of a paper side by side, told on the paper; a dossier that waits for its code."""

from __future__ import annotations

import threading
from pathlib import Path

from digitizer.app import App, Sends
from digitizer.sandbox.meddling import Meddling
from tests.ui.camera import Camera, wait
from tests.ui.filled import take_in
from tests.ui.papers import Papers
from tests.ui.stage import set_up
from ui.asides import Aside
from ui.places import Place
from ui.screens.compare import CompareScreen

_CODE = "000.00.20.H02-261122-0007"


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    with set_up(folder, pages=1) as stage:
        stage.prepare()
        take_in(stage, "TP01", papers.birth, _CODE, finished=True)
        with App(stage.home, "test", sends=Sends.FINISHED) as app:
            dossier = app.dossiers.find(_CODE)
            bundle = dossier.bundle(dossier.papers[0])
            assert bundle is not None
            theirs = app.vault.path(bundle.sha256).read_bytes() + b"\n%%EOF\n"
            there = Meddling(folder / "server")
            there.put(_CODE, "TP01", theirs, "other-desk-0001", "Tờ khai (quầy 2)")
            app.syncing.down(threading.Event())
            local = app.dossiers.open_new(code=None, procedure="1.001193", holder="").name
        take_in(stage, "TP01", papers.birth, local)
        with camera.window(stage) as window:
            window.go_to(Place.TROUBLE)
            trouble = window.screen(Place.TROUBLE)
            wait(lambda: bool(trouble.view.list.rows))  # type: ignore[attr-defined]
            camera.take(window, "413-conflict")
            trouble.press(trouble.view.list.rows[0])  # type: ignore[attr-defined]
            wait(lambda: window.aside is Aside.COMPARE)
            shown = window._shown
            assert isinstance(shown, CompareScreen)
            for side in (shown.ours, shown.theirs):
                wait(lambda side=side: side.picture.accessibleName().endswith(", trang 1"))
            camera.take(window, "414-compare")
            office = window.office
            assert office is not None
            window.go_to(Place.COUNTER)
            office.open(app_dossier(office.app, _CODE))
            wait(lambda: office.desk is not None and office.desk.dossier.code == _CODE)
            camera.take(window, "415-conflict-on-paper")
            office.open(app_dossier(office.app, local))
            wait(lambda: office.desk is not None and office.desk.dossier.name == local)
            window.open_code("000.00.20.H02-261122-0001")
            wait(lambda: window.banner.isVisible())
            camera.take(window, "416-bind")
            window.show_aside(Aside.LOCAL)
            wait(lambda: bool(window._shown.list.rowCount()))  # type: ignore[attr-defined]
            camera.take(window, "417-local")


def app_dossier(app: App, name: str) -> str:
    """Return the id of a dossier."""
    return app.dossiers.find(name).id
