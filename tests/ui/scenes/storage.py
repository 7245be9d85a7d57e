"""Copies that were removed, and *Bản lưu và ổ đĩa*."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QTimer

from digitizer import space
from digitizer.app import App
from digitizer.policy import FREE
from digitizer.sandbox.meddling import Meddling
from digitizer.space import Freed, Level
from tests.readymade import add_ready_paper
from tests.ui.camera import Camera, open_dossier, rest, wait
from tests.ui.papers import Papers
from tests.ui.stage import CODE, Stage, set_up
from ui.diskwatch import DiskWatch
from ui.places import Place
from ui.screens.storage import Kept


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    with set_up(folder / "desk", pages=1) as stage:
        _removed(stage)
        with camera.window(stage) as window:
            open_dossier(window, CODE)
            assert window.office is not None and window.office.desk is not None
            paper = window.office.desk.dossier.paper("TP01")
            assert paper is not None
            window.office.choose_paper(paper.id)
            rest(300)
            camera.take(window, "C01-removed")
            window.go_to(Place.TODAY)
            rest(600)
            camera.take(window, "C02-removed-today")
            watch = window.findChild(DiskWatch)
            assert watch is not None and window.app is not None
            app = window.app
            found = space.look(app.home, app.store, app.work.server)
            now = datetime.now(UTC)
            told = replace(
                found,
                total=120_000_000_000,
                free=430_000_000,
                images=21_400_000_000,
                bundles=19_800_000_000,
                words=1_300_000_000,
                database=900_000_000,
                pages_a_day=240.0,
                pages_left=260,
                days_left=1,
                frees=(
                    Freed(now + timedelta(days=2), 86, 1_900_000_000),
                    Freed(now + timedelta(days=9), 210, 4_200_000_000),
                ),
                level=Level.LOW,
            )
            for timer in watch.findChildren(QTimer):
                timer.stop()
            window.go_to(Place.COUNTER)
            watch.hear(told)
            rest(200)
            camera.take(window, "C03-disk-low")
            window.go_to(Place.SETTINGS)
            window.settings.show_disk()
            wait(lambda: bool(window.settings.storage.disk.text()))
            rest(300)
            window.settings.storage.show_kept(Kept(app.retention.life(), told, 312, 1))
            rest(200)
            camera.take(window, "C04-storage")


def _removed(stage: Stage) -> None:
    stage.prepare()
    with App(stage.home, "shots", policy=FREE) as app:
        dossier = app.dossiers.find(CODE)
        add_ready_paper(app, dossier)
        app.sync.start()
        app.sync.until_idle(threading.Event(), one_round=True)
        app.dossiers.finish(dossier.id)
        Meddling(stage.home.parent / "server").stand(CODE, "done")
        app.syncing.down(threading.Event())
        app.retention.notice()
    with App(stage.home, "shots", policy=FREE) as app:
        app.settle()
        app.sweeper.once(threading.Event(), moment=datetime.now(UTC) + timedelta(days=40))
