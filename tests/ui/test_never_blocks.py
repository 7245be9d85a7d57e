"""The window never blocks: 20 pages (ten sheets with blank backs) are scanned, read and put into
words while the loop ticks.

The seconds are printed (``-s`` shows them), not judged, but for a gross stall. What is judged is
the cause: no call on the UI thread reaches SQLite, a file of the home or an image decoder.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from PySide6.QtCore import Qt

import ui.pictures
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault
from tests.ui.conftest import Clerk
from tests.ui.pulse import Pulse
from tests.ui.stage import CODE, FORM, Stage, draw_page

GROSS_STALL_SECONDS = 1.0
PAGES = 20

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


class Guard:
    """Notes every call that reaches the disk from the UI thread."""

    def __init__(self, home: str) -> None:
        self.caught: list[str] = []
        self.watched = 0
        self.on = False
        self._home = home
        self._ui = threading.get_ident()
        sys.addaudithook(self._audit)

    def check(self, what: str) -> None:
        if self.on:
            self.watched += 1
            if threading.get_ident() == self._ui:
                self.caught.append(what)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event == "open" and str(arguments[0]).startswith(self._home):
            self.check(f"open {arguments[0]}")
        elif event in ("sqlite3.connect", "subprocess.Popen", "socket.connect"):
            self.check(event)


@contextmanager
def guarded(home: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guard]:
    """Watch the real calls; they do what they always do."""
    guard = Guard(home)

    def watch(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def watched(*arguments: Any, **named: Any) -> Any:
            guard.check(name)
            return real(*arguments, **named)

        monkeypatch.setattr(owner, name, watched)

    watch(Store, "rows")
    watch(Store, "transaction")
    watch(Vault, "adopt")
    watch(ui.pictures, "decode")
    guard.on = True
    try:
        yield guard
    finally:
        guard.on = False


def test_twenty_pages_are_scanned_and_read_while_the_loop_ticks(
    stage: Stage,
    at_window: AtWindow,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    stage.refill(PAGES, FORM[:5])
    for number in range(2, PAGES + 1, 2):
        draw_page(stage.stack / f"{number:02d}.jpg", ())
    stage.prepare()
    pulse = Pulse()
    with guarded(str(stage.home), monkeypatch) as guard, at_window(stage) as clerk:
        clerk.open(CODE)
        pulse.start()
        clerk.press(Qt.Key.Key_F5)
        clerk.until(lambda: clerk.pages("TP01") == PAGES)
        clerk.until(lambda: clerk.window.scanning.target is None)
        clerk.press(Qt.Key.Key_Home)
        for _ in range(5):
            clerk.press(Qt.Key.Key_Right)
        clerk.press("r")

        def read() -> bool:
            desk = clerk.office.desk
            paper = desk.dossier.paper("TP01") if desk else None
            return paper is not None and all(page.read for page in paper.live_pages)

        clerk.until(read)
        guard.on = False
    record_property("event loop", pulse.summary())
    sys.stdout.write(f"\nevent loop, {PAGES} pages scanned and read: {pulse.summary()}\n")
    assert guard.caught == []
    assert guard.watched > 100
    assert max(pulse.gaps) < GROSS_STALL_SECONDS


def test_the_guard_bites(
    stage: Stage, at_window: AtWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.prepare(server=False)
    with guarded(str(stage.home), monkeypatch) as guard, at_window(stage) as clerk:
        assert guard.caught == []
        assert clerk.window.app is not None
        clerk.window.app.dossiers.heads()
        assert guard.caught
        guard.on = False
