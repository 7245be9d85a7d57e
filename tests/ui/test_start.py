"""The window is there before what it does not need yet is loaded, and before all is planned."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from digitizer.app import App
from digitizer.work.queue import WorkQueue
from tests.bench import bighome
from tests.ui.conftest import Clerk
from tests.ui.stage import Stage

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]

HEAVY = {
    "PIL", "digitizer.cli.main", "digitizer.sandbox.server", "digitizer.training.course",
    "digitizer.training.place", "digitizer.watching", "drivers.host", "drivers.watching", "httpx",
    "keyring", "numpy", "pikepdf", "pyhanko", "pypdfium2", "pytesseract", "rich", "sane",
    "starlette", "typer", "ui.screens.find", "ui.screens.settings", "ui.training", "uvicorn",
    "watchdog", "zeroconf", "zxingcpp",
}  # fmt: skip
PROGRAM = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import ui.__main__ as program

class Looked(program.Window):
    def __init__(self, *parts):
        super().__init__(*parts)
        self.looking = QTimer(self, interval=5)
        self.looking.timeout.connect(self.look)
        self.looking.start()

    def look(self):
        if self.counter.finder.view.isVisible():
            QApplication.quit()

program.Window = Looked
program.run(Path(sys.argv[1]))
print(json.dumps(sorted(sys.modules)))
"""


def test_the_first_paint_needs_no_driver_network_or_picture(tmp_path: Path) -> None:
    with App(tmp_path / "home", "test") as app:
        app.dossiers.open_new(code=None)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "home")],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(json.loads(done.stdout))
    assert "ui.screens.finder" in loaded
    assert loaded & HEAVY == set()


def test_the_window_does_not_wait_for_the_plan(
    stage: Stage, at_window: AtWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bighome.make(stage.home, 30, pictures=False)
    planned: list[str] = []
    go = threading.Event()
    real = WorkQueue.replan

    def replan(queue: WorkQueue, dossier_id: str) -> bool:
        assert go.wait(60)
        planned.append(dossier_id)
        return real(queue, dossier_id)

    monkeypatch.setattr(WorkQueue, "replan", replan)
    with at_window(stage) as clerk:
        finder = clerk.window.counter.finder
        clerk.until(lambda: finder.list.rowCount() == made.dossiers)
        assert clerk.window.focusWidget() is finder.field
        assert planned == []
        go.set()
        app = clerk.window.app
        assert app is not None
        clerk.until(app.planner.quiet)
        assert len(set(planned)) == made.dossiers
