"""The camera of ``shots``: opens the window on a stage, works it by keys, saves what is seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from msgspec.structs import asdict, replace
from PIL import Image, ImageColor
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from digitizer.scanning import Capabilities
from drivers.host import all_devices, scanner_for
from tests.ui.stage import Stage
from ui.__main__ import watch
from ui.homes import HomeOpener, opens
from ui.office import Office
from ui.places import Parts, Place
from ui.scanning import Scanners
from ui.theme import Theme
from ui.tokens import Tokens
from ui.window import Window

Devices = Callable[[], list[Capabilities]]

_PATIENCE_SECONDS = 180.0
_COLOURS = 110


def wait(ready: Callable[[], bool]) -> None:
    """Let the window run until ``ready``."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while not ready():
        if time.monotonic() > until:
            raise TimeoutError("the window did not get there")
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()


def rest(milliseconds: int) -> None:
    """Let the window run for a while."""
    until = time.monotonic() + milliseconds / 1000
    wait(lambda: time.monotonic() > until)


def make_small(file: Path, tokens: Tokens) -> None:
    """Save a picture with few colours: the theme's, the many of the paper, the rare of a seal."""
    with Image.open(file) as opened:
        picture = opened.convert("RGB")
    named = [ImageColor.getrgb(colour) for colour in dict.fromkeys(asdict(tokens).values())]
    palette = np.concatenate(
        [np.array(named, np.int32)]
        + [
            np.array(picture.quantize(_COLOURS, method).getpalette(), np.int32).reshape(-1, 3)
            for method in (Image.Quantize.MEDIANCUT, Image.Quantize.MAXCOVERAGE)
        ]
    )
    pixels = np.asarray(picture).reshape(-1, 3)
    there, which = np.unique(pixels, axis=0, return_inverse=True)
    nearest = [int(((palette - one) ** 2).sum(axis=1).argmin()) for one in there.astype(np.int32)]
    indexed = np.array(nearest, np.uint8)[which].reshape(picture.height, picture.width)
    small = Image.fromarray(indexed, "P")
    small.putpalette(palette.astype(np.uint8).tobytes())
    small.save(file, optimize=True)


class Camera:
    """Takes pictures of one window, in one size and one palette.

    Attributes:
        colours: ``light`` or ``dark``.
    """

    def __init__(
        self,
        out: Path,
        theme: Theme,
        size: tuple[int, int],
        colours: str,
        only: tuple[str, ...] = ("",),
        *,
        small: bool = False,
    ) -> None:
        """``only``: how the names of the pictures begin that are kept; ``small``: with few
        colours, for the documents."""
        self._out = out
        self._theme = theme
        self._size = size
        self._only = only
        self._small = small
        self.colours = colours

    def wants(self, *begins: str) -> bool:
        """Whether a picture may be kept whose name begins so."""
        return any(
            name.startswith(one) or one.startswith(name) for name in begins for one in self._only
        )

    def made(self, opener: HomeOpener, scanners: Scanners) -> Window:
        """Return a window in this size that opens nothing yet."""
        window = Window(opener, scanners, self._theme)
        window.resize(*self._size)
        window.show()
        return window

    @contextmanager
    def window(
        self, stage: Stage, devices: Devices = all_devices, *, opener: HomeOpener | None = None
    ) -> Iterator[Window]:
        """Open the window on the stage's home; ``opener``: knows what opens it."""
        scanners = Scanners(scanner_for, devices, watch, web_port=0)
        window = self.made(opener or opens(stage.home), scanners)
        read: list[bool] = []
        window.ready.connect(
            lambda: office_of(window).settings_changed.connect(lambda: read.append(True))
        )
        window.begin()
        wait(lambda: bool(read))  # what was chosen before takes nothing back from now on
        dress(window, self.colours)
        try:
            yield window
        finally:
            window.close()
            window.shut()

    def take(self, window: QWidget, name: str) -> None:
        """Save what is seen now."""
        if not name.startswith(self._only):
            return
        rest(250)
        QApplication.sendPostedEvents()  # a text that changed just now has its room
        file = self._out / f"{name}.png"
        window.grab().save(str(file))
        if self._small:
            make_small(file, self._theme.tokens)


def scan(window: Window, stage: Stage, files: tuple[Path, ...]) -> None:
    """Put pages into the feeder, press F5 and wait for the end."""
    stage.load(files)
    press(window, Qt.Key.Key_F5)
    wait(lambda: window.scanning.target is not None)
    wait(lambda: window.scanning.target is None)


def office_of(window: Window) -> Office:
    """Return what the window is doing."""
    assert window.office is not None
    return window.office


def parts_of(window: Window) -> Parts:
    """Return what its places stand on."""
    assert window._parts is not None
    return window._parts


def open_dossier(window: Window, code: str) -> None:
    """Open the dossier with this mã hồ sơ and wait for it."""
    office = office_of(window)
    office.open_code(code)
    wait(lambda: office.desk is not None and office.desk.dossier.name == code)


def choose(window: Window, device: str) -> None:
    """Choose a scanner."""
    profiles = office_of(window).profiles
    current = profiles.current
    profiles.keep(
        replace(current, profile=replace(current.profile, device=device)),
        current.name,
        lambda _error: None,
    )
    wait(lambda: profiles.current.profile.device == device)


def go_to_settings(window: Window) -> None:
    """Go to *Cài đặt* and wait until all of it is there."""
    window.go_to(Place.SETTINGS)
    wait(lambda: window.settings.form.is_whole)


def dress(window: Window, colours: str, text: int = 11) -> None:
    """Choose how the window looks."""
    wishes = office_of(window).settings.wishes
    office_of(window).keep_wishes(replace(wishes, colours=colours, text=text))
    rest(300)


def press(
    window: Window,
    key: Qt.Key | str,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Press a key as the desktop would deliver it."""
    QTest.keyClick(window.windowHandle(), key, modifiers)
    rest(150)


def pages(window: Window, part: str) -> int:
    """How many pages a paper of the open dossier has."""
    desk = window.office.desk if window.office else None
    paper = desk.dossier.paper(part) if desk else None
    return len(paper.live_pages) if paper else 0


def idle(window: Window) -> bool:
    """Whether no work is left that could be done now."""
    app = window.app
    if app is None:
        return True
    return not app.store.rows(
        "SELECT 1 FROM work JOIN dossier ON dossier.id = work.dossier_id "
        "WHERE kind <> 'upload' OR dossier.finished_at IS NOT NULL"
    )
