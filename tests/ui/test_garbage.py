"""Objects that hold each other are taken apart on Qt's thread alone: one may be a widget."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from digitizer.app import App
from tests.ui.conftest import PATIENCE_MS
from ui.garbage import Collector

RINGS = 20_000
"""So many that Python would have collected long before, on the thread that makes them."""
PROGRAM = """
import gc, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
import ui.__main__ as program

class Looked(program.Window):
    def __init__(self, *parts):
        super().__init__(*parts)
        self.ready.connect(self.look)

    def look(self):
        print(gc.isenabled())
        QApplication.quit()

program.Window = Looked
program.run(Path(sys.argv[1]))
"""


class Ring:
    """Holds itself, and says on which thread it ended."""

    def __init__(self, ended: list[int]) -> None:
        self._ended = ended
        self._itself = self

    def __del__(self) -> None:
        self._ended.append(threading.get_ident())


@pytest.fixture
def collector() -> Iterator[Collector]:
    """One that looks often."""
    made = Collector(every_ms=10)
    yield made
    made.end()
    gc.disable()  # as it is for all tests here


def test_what_another_thread_leaves_is_collected_on_qts(collector: Collector, qtbot: QtBot) -> None:
    ended: list[int] = []

    def make() -> None:
        for _ in range(RINGS):
            Ring(ended)

    collector.begin()
    other = threading.Thread(target=make)
    other.start()
    other.join()
    assert ended == []
    qtbot.waitUntil(lambda: len(ended) == RINGS, timeout=PATIENCE_MS)
    assert set(ended) == {threading.get_ident()}


def test_python_collects_again_after_the_end(collector: Collector) -> None:
    collector.begin()
    assert not gc.isenabled()
    collector.end()
    assert gc.isenabled()


def test_the_window_leaves_no_collecting_to_other_threads(tmp_path: Path) -> None:
    App(tmp_path / "home", "test").close()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "home")], capture_output=True, check=True
    )
    assert done.stdout == b"False\n"
