"""The finder: what is typed beside an offered code, and how one lets go of it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.ui.conftest import Clerk
from tests.ui.stage import CODE

UNKNOWN = "000.00.20.H02-261122-4711"


def test_typing_beside_an_offered_code_seeks_and_makes_nothing(clerk: Clerk) -> None:
    """The button that makes the unknown one has the focus: letters are not lost, nor is Enter
    taken for it."""
    clerk.beep(UNKNOWN)
    finder = clerk.window.counter.finder
    clerk.until(lambda: clerk.window.focusWidget() is finder.make)
    for letter in CODE:
        clerk.press(letter)
    assert finder.field.text() == CODE
    assert clerk.window.focusWidget() is finder.field
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.name == CODE)
    app = clerk.window.app
    assert app is not None
    assert UNKNOWN not in [head.name for head in app.dossiers.heads()]


def test_escape_lets_go_of_what_was_sought(clerk: Clerk) -> None:
    clerk.beep(UNKNOWN)
    finder = clerk.window.counter.finder
    clerk.until(lambda: clerk.window.focusWidget() is finder.make)
    clerk.press(Qt.Key.Key_F5)  # no dossier is open: what was typed stays
    assert finder.field.text() == UNKNOWN
    clerk.press(Qt.Key.Key_Escape)
    assert finder.field.text() == ""
    assert clerk.window.focusWidget() is finder.field
    clerk.until(lambda: not finder.make.isVisible())
    assert "Mở hồ sơ trước khi quét" in clerk.said
    clerk.press(Qt.Key.Key_Escape)
    assert clerk.window.banner.notice is None
