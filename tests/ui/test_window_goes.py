"""A window that was closed goes away with all that it stood on: one opens after the other where a
home has to be opened anew, and after a training."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import getCppPointer

from tests.ui.conftest import PATIENCE_MS, Clerk
from tests.ui.stage import CODE, Stage
from ui.asides import Aside
from ui.places import Place

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


def go_everywhere(clerk: Clerk) -> list[weakref.ref[object]]:
    """Have the window make all its places, and return its parts without holding them."""
    window = clerk.window
    for place in Place:
        window.go_to(place)
    for aside in (Aside.FIRST_RUN, Aside.GUIDE, Aside.DOCTOR, Aside.SIGN, Aside.HISTORY):
        window.show_aside(aside)
    clerk.office.make(CODE)
    clerk.until(lambda: clerk.name == CODE)
    parts = (window, clerk.office, window.app, window.bridge, window.scanning, window.settings)
    return [weakref.ref(part) for part in parts]


def widgets() -> set[int]:
    """Where Qt keeps the widgets there are: what Python holds of one comes and goes."""
    return {getCppPointer(one)[0] for one in QApplication.allWidgets()}


def test_nothing_of_a_closed_window_stays(stage: Stage, at_window: AtWindow, qtbot: QtBot) -> None:
    stage.prepare(server=False)
    before = widgets()
    with at_window(stage) as clerk:
        left = go_everywhere(clerk)
    del clerk

    def gone() -> bool:
        """A thread may hold what it was asked for a moment longer."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        return not [part() for part in left if part() is not None]

    qtbot.waitUntil(gone, timeout=PATIENCE_MS)
    assert widgets() <= before
