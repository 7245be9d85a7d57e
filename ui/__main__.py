"""The window's entry point and composition root: meets Qt, the core and the drivers.

The drivers are loaded when they are first used: the window is there before.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

from digitizer.allocation import give_back
from digitizer.app import App
from digitizer.bridge.talk import PORT
from digitizer.config import Home, default_home
from digitizer.errors import DigitizerError, ScreenMissing
from digitizer.policyfile import read_policy
from digitizer.rules import Rule
from digitizer.scanning import Capabilities, Scanner
from ui.garbage import Collector
from ui.homes import HomeOpener, opens, starts
from ui.language import chosen, say, speak
from ui.scanning import Scanners
from ui.theme import Theme
from ui.window import Window

if TYPE_CHECKING:
    from digitizer.training.course import Course
    from digitizer.watching import Watcher

_AGAIN = 64
"""What the loop returns when the home is to be opened anew."""


def run(
    home: Path, code: str = "", course: Course | None = None, speaks_as: Path | None = None
) -> int:
    """Show the window on ``home`` until it is closed; returns the exit code.

    Args:
        home: The home folder.
        code: Mã hồ sơ of the dossier to open at once; empty: none.
        course: ``home`` is a training home; it knows the one scanner there is.
        speaks_as: The home whose language the window speaks; None: its own.

    Raises:
        ScreenMissing: there is no display to show it on.
    """
    os.umask(0o077)
    give_back()
    if not _has_display():
        raise ScreenMissing
    program = QApplication([sys.argv[0]])
    program.setApplicationName("digitizer")
    speak(program, chosen(home if speaks_as is None else speaks_as, read_policy()))
    program.setApplicationDisplayName(say("Số hóa hồ sơ"))
    program.setDesktopFileName("digitizer")
    program.setStyle("Fusion")
    theme = Theme()
    theme.dress()
    if course is None:
        make = partial(_window, home, theme, opens(home))
    else:
        make = partial(training_window, course, theme)
    signals = _Signals(program)
    try:
        return show(program, make, code)
    finally:
        signals.close()


def show(program: QApplication, make: Callable[[], Window], code: str = "") -> int:
    """Show a window until it is closed, and another one where its home has to be opened anew;
    returns the exit code.

    Args:
        program: Runs the loop.
        make: Makes a window.
        code: Mã hồ sơ of the dossier that the first one opens.
    """
    collector = Collector(program)
    try:
        result = _AGAIN
        while result == _AGAIN:
            result = _show_one(program, make, code, collector)
            code = ""
    finally:
        collector.end()
    return result


def _show_one(
    program: QApplication, make: Callable[[], Window], code: str, collector: Collector
) -> int:
    window = make()
    window.ready.connect(collector.begin)
    if code:
        window.ready.connect(partial(window.open_code, code))
    window.reopens.connect(partial(program.exit, _AGAIN))
    window.show()
    window.begin()
    program.setQuitOnLastWindowClosed(True)
    try:
        return program.exec()
    finally:
        program.setQuitOnLastWindowClosed(False)  # the next one is about to come
        window.close()
        window.shut()
        window.deleteLater()


def _window(home: Path, theme: Theme, opener: HomeOpener) -> Window:
    state = Home(home).scanners
    scanners = Scanners(
        partial(_scanner, state), partial(_devices, state), watch, driver_troubles, PORT
    )
    return Window(opener, scanners, theme)


def driver_troubles() -> dict[str, DigitizerError | None]:
    """Return for each driver why it cannot run on this machine, or None."""
    from drivers.host import troubles

    return troubles()


def watch(app: App, rules: Sequence[Rule]) -> Watcher:
    """Return a watch of folders, not yet started."""
    from digitizer.watching import Watcher
    from drivers.host import HostedScanner
    from drivers.watching import FolderLookout

    return Watcher(app, rules, HostedScanner("folder"), FolderLookout)


def training_window(course: Course, theme: Theme) -> Window:
    """Return the window on a training, whose scanner is the only one it finds."""

    from digitizer.training.place import SCANNER
    from drivers.host import scanner_for

    def only() -> list[Capabilities]:
        scanner, name = scanner_for(course.device)
        found = scanner.capabilities(name)
        return [replace(found, device=replace(found.device, id=course.device, name=SCANNER))]

    return Window(starts(course.open), Scanners(scanner_for, only), theme, course)


def main() -> None:
    """Run on the default home, as ``python -m ui`` and ``digitizer`` without a word do."""
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        sys.exit(run(default_home()))
    except ScreenMissing as error:
        sys.stderr.write(f"digitizer: {error}\n")
        sys.exit(3)


def _scanner(state: Path, device: str) -> tuple[Scanner, str]:
    from drivers.host import scanner_for

    return scanner_for(device, state)


def _devices(state: Path) -> list[Capabilities]:
    from drivers.host import all_devices

    return all_devices(state)


def _has_display() -> bool:
    """Tell whether Qt will find a screen; without one it would abort the process."""
    if sys.platform in ("win32", "darwin"):
        return True
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in named)


class _Signals(QObject):
    """Lets Ctrl-C and SIGTERM close the window: Qt's loop runs no Python by itself, so the
    interpreter is woken through a socket. Python handles a signal wherever it just is, maybe while
    something is painted: the window is closed from the loop."""

    def __init__(self, program: QApplication) -> None:
        super().__init__(program)
        self._program = program
        self._asked = False
        self._ear, self._mouth = socket.socketpair()
        for end in (self._ear, self._mouth):
            end.setblocking(False)
        self._before_fd = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        self._before = {
            number: signal.signal(number, self._quit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        self._notifier = QSocketNotifier(self._ear.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)

    def close(self) -> None:
        """Put everything back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before_fd)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._ear.close()
        self._mouth.close()

    def _heard(self) -> None:
        self._ear.recv(64)
        if self._asked:
            self._program.quit()

    def _quit(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True


if __name__ == "__main__":
    main()
