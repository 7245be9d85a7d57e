"""A desk and an open window for the window's tests."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from digitizer.allocation import give_back
from digitizer.homekeys import Custody
from drivers.host import all_devices, scanner_for
from tests.readymade import add_ready_paper
from tests.sealedhome import PASSPHRASE, encrypt, keyring_in
from tests.ui.stage import CODE, Stage, set_up
from ui.__main__ import watch
from ui.homes import HomeOpener, opens
from ui.office import Office
from ui.scanning import Scanners
from ui.theme import Theme
from ui.window import Window

PATIENCE_MS = 180_000
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    """The look, dressed once, in a program that keeps no more memory than the real one."""
    give_back()  # as ``ui.__main__`` does: hundreds of windows come and go
    qapp.setStyle("Fusion")
    theme = Theme(qapp)
    theme.dress(colours="light")
    return theme


@pytest.fixture(scope="module", autouse=True)
def collected() -> Iterator[None]:
    """What these tests leave of widgets is taken apart here, on Qt's thread: on any other it would
    wait for this one for ever (``ui.garbage``)."""
    gc.disable()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    gc.enable()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Scanners, a procedure system and a home."""
    with set_up(tmp_path) as stage:
        yield stage


def type_as_reader(window: QWidget, text: str) -> None:
    """Type as a barcode reader does: Shift is pressed before a capital, Enter at the end."""
    handle = window.windowHandle()
    for letter in text:
        shift = letter.isupper()
        if shift:
            QTest.keyPress(handle, Qt.Key.Key_Shift)
        modifiers = Qt.KeyboardModifier.ShiftModifier if shift else NONE
        QTest.keyClick(handle, letter, modifiers)
        if shift:
            QTest.keyRelease(handle, Qt.Key.Key_Shift)
    QTest.keyClick(handle, Qt.Key.Key_Return)


class Clerk:
    """Works at one window: presses keys, waits, looks."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window = window
        self.pressed = 0
        self._qtbot = qtbot

    @property
    def office(self) -> Office:
        assert self.window.office is not None
        return self.window.office

    def press(
        self,
        key: Qt.Key | str,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press a key, alone or with others, as the desktop delivers it."""
        self.pressed += 1
        QTest.keyClick(self.window.windowHandle(), key, modifiers)

    def beep(self, text: str) -> None:
        """Let a barcode reader type: very fast, Enter at the end; also where the machine is so
        busy that this typist is not."""
        timer = self.window.keys._timer
        between = timer.interval()
        timer.setInterval(10_000)
        try:
            self.pressed += len(text) + 1
            type_as_reader(self.window, text)
        finally:
            timer.setInterval(between)

    def until(self, ready: Callable[[], bool]) -> None:
        """Let the window run until ``ready``."""
        self._qtbot.waitUntil(ready, timeout=PATIENCE_MS)

    def open(self, code: str) -> None:
        """Open a dossier by its bar code and wait for it."""
        self.beep(code)
        self.until(lambda: self.name == code)

    def scan(self) -> None:
        """F5, and wait for the end."""
        self.press(Qt.Key.Key_F5)
        assert self.window.scanning.target is not None
        self.until(lambda: self.window.scanning.target is None)

    def finish(self, code: str = CODE) -> None:
        """Have a paper of a dossier ready, and be done with the dossier; no scanner, no OCR."""
        dossiers = self.office.app.dossiers
        found = dossiers.find(code)
        add_ready_paper(self.office.app, found)
        dossiers.finish(found.id)

    @property
    def receipts(self) -> int:
        """How many papers the procedure system has confirmed."""
        return int(self.office.app.store.rows("SELECT count(*) FROM receipt")[0][0])

    @property
    def name(self) -> str:
        """The open dossier's code, or nothing."""
        desk = self.office.desk
        return desk.dossier.name if desk else ""

    @property
    def counted(self) -> str:
        """What the bar says is safe."""
        return self.window.counter.bar.count.text()

    @property
    def said(self) -> str:
        """What the banner says."""
        notice = self.window.counter.banner.notice
        return f"{notice.title}. {notice.hint}" if notice else ""

    def pages(self, part: str) -> int:
        """How many live pages a paper of the open dossier has, as the window knows it."""
        desk = self.office.desk
        paper = desk.dossier.paper(part) if desk else None
        return len(paper.live_pages) if paper else 0


@contextmanager
def shown(window: Window, qtbot: QtBot) -> Iterator[Clerk]:
    """Show a window to a clerk; close it at the end of the block."""
    window.show()
    try:
        yield Clerk(window, qtbot)
    finally:
        window.close()
        window.shut()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()


@pytest.fixture
def at_window(theme: Theme, qtbot: QtBot) -> Callable[[Stage], AbstractContextManager[Clerk]]:
    """How to open the window on a stage's home; closes it at the end of the block."""

    @contextmanager
    def open_window(stage: Stage) -> Iterator[Clerk]:
        scanners = Scanners(scanner_for, all_devices, watch, web_port=0)
        window = Window(opens(stage.home), scanners, theme)
        with shown(window, qtbot) as clerk:
            with qtbot.waitSignal(window.ready, timeout=PATIENCE_MS):
                window.begin()
            clerk.until(lambda: window.office is not None and window.office.traffic is not None)
            yield clerk

    return open_window


@pytest.fixture
def clerk(
    stage: Stage, at_window: Callable[[Stage], AbstractContextManager[Clerk]]
) -> Iterator[Clerk]:
    """A clerk at the window of a desk with a scanner and a procedure system."""
    stage.prepare()
    with at_window(stage) as clerk:
        yield clerk


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted home that takes ``PASSPHRASE``, to be copied: making one takes seconds."""

    home: Path
    key: str

    def at(self, place: Path) -> Path:
        """Return a copy of it."""
        return shutil.copytree(self.home, place, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """The home."""
    home = tmp_path_factory.mktemp("sealed") / "home"
    return Sealed(home, encrypt(home, Custody.PASSPHRASE, PASSPHRASE))


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[Path]:
    """The file of the keyring that there is."""
    with keyring_in(tmp_path / "ring.json") as file:
        yield file


@pytest.fixture
def begun(theme: Theme, qtbot: QtBot) -> Callable[[HomeOpener], AbstractContextManager[Clerk]]:
    """How a window is begun on a home, whether that opens or not."""

    @contextmanager
    def open_window(opener: HomeOpener) -> Iterator[Clerk]:
        window = Window(opener, Scanners(scanner_for, list), theme)
        with shown(window, qtbot) as clerk:
            window.begin()
            yield clerk

    return open_window
