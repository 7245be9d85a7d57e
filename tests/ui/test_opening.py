"""Opening a home: without blocking, and with clear words where it cannot be opened."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from digitizer.app import App
from digitizer.errors import HomeLocked, from_code
from digitizer.storage import changes
from drivers.host import all_devices, scanner_for
from tests.ui.conftest import PATIENCE_MS, Clerk
from tests.ui.stage import CODE, Stage, draw_page
from ui.homes import opens
from ui.scanning import Scanners
from ui.theme import Theme
from ui.window import Window

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


@pytest.fixture
def window(tmp_path: Path, theme: Theme, qtbot: QtBot):  # type: ignore[no-untyped-def]
    window = Window(opens(tmp_path / "home"), Scanners(scanner_for, all_devices), theme)
    window.show()
    yield window
    window.close()
    window.shut()
    window.deleteLater()


def test_the_window_is_there_before_the_home_is_open(
    tmp_path: Path, theme: Theme, qtbot: QtBot
) -> None:
    opened_on: list[int] = []
    go_on = threading.Event()
    opening = opens(tmp_path / "home")

    def slow() -> App:
        opened_on.append(threading.get_ident())
        go_on.wait()
        return opening()

    window = Window(slow, Scanners(scanner_for, all_devices), theme)
    window.show()
    window.begin()
    qtbot.waitUntil(lambda: bool(opened_on), timeout=PATIENCE_MS)
    assert window.opening.isVisible()
    assert window.opening.title.text() == "Đang mở kho hồ sơ…"
    with qtbot.waitSignal(window.ready, timeout=PATIENCE_MS):
        go_on.set()
    assert opened_on != [threading.get_ident()]
    window.close()
    window.shut()


def test_a_home_in_use_is_said_and_tried_again(
    tmp_path: Path, window: Window, qtbot: QtBot
) -> None:
    with App(tmp_path / "home", "sync"):
        window.begin()
        qtbot.waitUntil(window.opening.button.isVisible, timeout=PATIENCE_MS)
        assert window.opening.title.text() == HomeLocked.title
        assert window.opening.hint.text() == HomeLocked.hint
    with qtbot.waitSignal(window.ready, timeout=PATIENCE_MS):
        window.opening.button.click()


def test_a_newer_home_is_left_alone(tmp_path: Path, window: Window, qtbot: QtBot) -> None:
    home = tmp_path / "home"
    App(home, "test").close()
    with sqlite3.connect(home / "digitizer.db") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    window.begin()
    qtbot.waitUntil(window.opening.button.isVisible, timeout=PATIENCE_MS)
    assert window.opening.title.text() == from_code("home-too-new").title


def test_what_a_crash_left_is_told(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    with App(stage.home, "test") as app:
        dossier = app.dossiers.find(CODE)
        with app.store.transaction() as tx:
            changes.start_batch(
                tx, "11111111-1111-4111-8111-111111111111", dossier.papers[0].id, "x", "{}"
            )
    left = stage.home / "incoming" / "11111111-1111-4111-8111-111111111111"
    left.mkdir()
    for number in (1, 2):
        draw_page(left / f"{number:04d}.jpg", (f"Trang {number}",), dpi=75)
    with at_window(stage) as clerk:
        assert clerk.said.startswith("Đã khôi phục 2 trang")
        clerk.open(CODE)
        assert clerk.counted == "Đã lưu 2 trang"


def test_without_a_display_it_says_so_in_one_line(tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-m", "ui"],
        env={**environment, "DIGITIZER_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert "no display" in done.stderr


@pytest.mark.skipif(not hasattr(signal, "SIGTERM") or sys.platform == "win32", reason="POSIX")
def test_sigterm_closes_the_window_and_lets_go_of_the_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    process = subprocess.Popen(
        [sys.executable, "-m", "ui"],
        env={**os.environ, "DIGITIZER_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until_open(home)
        process.send_signal(signal.SIGTERM)
        _, noise = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert noise == ""
    App(home, "test").close()
    assert home.stat().st_mode & 0o077 == 0
    shutil.rmtree(home)


PAINTED = """
import os, signal
from PySide6.QtWidgets import QApplication, QWidget
from ui.__main__ import _Signals

class Painted(QWidget):
    seen = False

    def paintEvent(self, event):
        if not self.seen:
            self.seen = True
            os.kill(os.getpid(), signal.SIGTERM)
            print("open" if self.isVisible() else "closed")

program = QApplication([])
signals = _Signals(program)
window = Painted()
window.show()
program.exec()
signals.close()
print("closed" if not window.isVisible() else "open")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_a_signal_in_the_middle_of_a_painting_closes_the_window_after_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PAINTED], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout.split(), done.returncode) == (["open", "closed"], 0)


def until_open(home: Path) -> None:
    """Wait until a window holds the home."""
    waited = threading.Event()
    for _ in range(600):
        holder = home / "lock.holder"
        if holder.is_file() and "window" in holder.read_text():
            waited.wait(0.3)
            return
        waited.wait(0.1)
    raise AssertionError("the window never opened its home")
