"""What the tests of an encrypted home's window share: typing as an input method does, waiting for
what it asks, a home to be copied."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from digitizer.app import App
from digitizer.policy import FREE
from tests.ui.conftest import Clerk
from ui.encryption import DeskEncryption
from ui.homes import HomeOpener
from ui.places import Place
from ui.screens.encryption import EncryptionSection
from ui.screens.opening import Opening

OTHER = "một câu khác hẳn câu trước"
OPENS = Callable[[HomeOpener], AbstractContextManager[Clerk]]


def type_in(clerk: Clerk, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Type into what has the focus, as an input method for Vietnamese gives it, and end it."""
    field = clerk.window.focusWidget()
    assert isinstance(field, QLineEdit)
    typed = QInputMethodEvent()
    typed.setCommitString(text)
    QApplication.sendEvent(field, typed)
    clerk.press(key)


def keep_files(home: Path) -> None:
    """Have a few files in a vault."""
    with App(home, "test", policy=FREE) as app:
        for number in range(5):
            file = app.home.work / f"{number}.txt"
            file.write_text(f"page {number}")
            app.vault.keep(file)


def locked(clerk: Clerk) -> Opening:
    """The page before the home, once it asks for something."""
    opening = clerk.window.opening
    clerk.until(opening.unlock.isVisible)
    return opening


def desk_of(clerk: Clerk) -> DeskEncryption:
    """What switches, once it knows how the home lies there."""
    parts = clerk.window._parts
    assert parts is not None and parts.encryption is not None
    desk = parts.encryption
    clerk.until(lambda: desk.state is not None)
    return desk


def section_of(clerk: Clerk) -> EncryptionSection:
    """*Mã hóa kho*, with the keys."""
    desk_of(clerk)
    clerk.window.go_to(Place.SETTINGS)
    clerk.window.settings.show_encryption()
    section = clerk.window.settings.encryption
    assert section is not None
    return section


def opened(clerk: Clerk) -> None:
    """Wait until the home is open."""
    clerk.until(lambda: clerk.window.office is not None and clerk.office.traffic is not None)
