"""In the lists one thing looks as if Enter were its own, and is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton

from tests.ui.conftest import Clerk
from ui.places import Place
from ui.screens.listing import Listing

ALT = Qt.KeyboardModifier.AltModifier


def edge(screen: Listing) -> QColor:
    """The colour of the edge of the chosen line's button."""
    view = screen.view
    row = view.row
    assert row is not None
    button = view._paint.button(view.visualRect(view.currentIndex()), row)
    image = view.viewport().grab().toImage()
    ratio = image.devicePixelRatio()
    return image.pixelColor(round(button.center().x() * ratio), round((button.top() + 1) * ratio))


def test_the_button_of_a_line_gives_its_ring_to_a_button_that_has_the_focus(clerk: Clerk) -> None:
    clerk.press(Qt.Key.Key_3, ALT)
    screen = clerk.window.screen(Place.TODAY)
    assert isinstance(screen, Listing)
    clerk.until(lambda: screen.view.row is not None)
    accent = clerk.window._theme.colour("accent")
    assert edge(screen) == accent
    clerk.press(Qt.Key.Key_Tab)
    assert isinstance(clerk.window.focusWidget(), QPushButton)
    assert edge(screen) != accent
