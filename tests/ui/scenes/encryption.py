"""*Mở khóa kho* at the start; *Mã hóa kho* in *Cài đặt*: off, its key, on its way, on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digitizer.encrypting import State
from digitizer.homekeys import TAIL, Custody, Mode
from drivers.host import all_devices, scanner_for
from tests.sealedhome import PASSPHRASE, encrypt
from tests.ui.camera import Camera, parts_of, wait
from tests.ui.papers import Papers
from tests.ui.stage import set_up
from ui.encryption_words import Progress
from ui.homes import opens
from ui.places import Place
from ui.scanning import Scanners
from ui.screens.encryption import EncryptionSection
from ui.window import Window


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    del papers
    if camera.wants("D0"):
        encrypt(folder / "locked" / "home", Custody.PASSPHRASE, PASSPHRASE)
        with _locked(camera, folder / "locked" / "home") as window:
            unlock = window.opening.unlock
            camera.take(window, "D00-locked")
            unlock.passphrase.field.setText("sai")
            unlock.open.click()
            wait(lambda: unlock.isVisible() and bool(unlock.said.text()))
            camera.take(window, "D01-wrong")
            unlock.lost.click()
            unlock.custody.choose(Custody.PASSPHRASE)
            unlock.custody.activated.emit(unlock.custody.currentIndex())
            camera.take(window, "D02-recovery")
    if camera.wants("D1"):
        with set_up(folder / "desk", pages=1) as stage:
            stage.prepare(server=False)
            with camera.window(stage) as window:
                _switched_on(camera, window)
        with set_up(folder / "on", pages=1) as stage:
            stage.prepare(server=False)
            encrypt(stage.home, Custody.PASSPHRASE, PASSPHRASE)
            opener = opens(stage.home)
            opener.give(PASSPHRASE)
            with camera.window(stage, opener=opener) as window:
                section = _section(window)
                wait(lambda: "✓" in section.state.text())
                window.settings.show_encryption()
                camera.take(window, "D15-on")
                section.main.click()
                camera.take(window, "D16-change")
                section.other.click()
                section.other.click()
                camera.take(window, "D17-off")


def _switched_on(camera: Camera, window: Window) -> None:
    section = _section(window)
    camera.take(window, "D10-plain")
    section.custody.choose(Custody.PASSPHRASE)
    section.custody.activated.emit(section.custody.currentIndex())
    section.first.field.setText(PASSPHRASE)
    section.second.field.setText("khác")
    section.main.click()
    window.settings.show_encryption()
    camera.take(window, "D11-passphrase")
    section.second.field.setText(PASSPHRASE)
    section.main.click()
    wait(lambda: bool(section.recovery.key))
    section.recovery.tail.setText(section.recovery.key[-TAIL:])
    window.settings.show_encryption()
    camera.take(window, "D12-recovery-key")
    section.other.click()
    desk = parts_of(window).encryption
    assert desk is not None
    desk.state = State(Mode.SWITCHING_ON, Custody.PASSPHRASE, True, True)
    desk.progress, desk.going = Progress(3204, 8790), True
    desk.changed.emit()
    window.settings.show_encryption()
    camera.take(window, "D13-going")
    desk.going = False
    desk.changed.emit()
    camera.take(window, "D14-paused")


def _section(window: Window) -> EncryptionSection:
    desk = parts_of(window).encryption
    assert desk is not None
    wait(lambda: desk.state is not None)
    window.go_to(Place.SETTINGS)
    window.settings.show_encryption()
    section = window.settings.encryption
    assert section is not None
    return section


@contextmanager
def _locked(camera: Camera, home: Path) -> Iterator[Window]:
    window = camera.made(opens(home), Scanners(scanner_for, all_devices))
    window.begin()
    wait(window.opening.unlock.isVisible)
    try:
        yield window
    finally:
        window.close()
        window.shut()
