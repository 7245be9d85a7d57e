"""Everyone can use it: names and roles for screen readers, the Tab key, colours to be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.ui.conftest import Clerk
from tests.ui.stage import CODE
from ui.places import Place
from ui.tokens import DARK, LIGHT, Tokens

_LEAST_CONTRAST = 4.5
"""WCAG 2.1, 1.4.3: of text against its ground."""
_GROUNDS = {
    "ink": ("ground", "paper", "accent_soft", "good_soft", "warn_soft", "bad_soft", "table"),
    "ink_soft": ("ground", "paper", "table"),
    "accent": ("paper", "accent_soft"),
    "on_accent": ("accent",),
    "good": ("paper", "good_soft"),
    "warn": ("paper", "warn_soft"),
    "bad": ("paper", "bad_soft"),
    "on_training": ("training",),
}


def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_its_ground(tokens: Tokens) -> None:
    faint = []
    for text, grounds in _GROUNDS.items():
        for ground in grounds:
            lights = sorted(_luminance(getattr(tokens, name)) for name in (text, ground))
            contrast = (lights[1] + 0.05) / (lights[0] + 0.05)
            if contrast < _LEAST_CONTRAST:
                faint.append(f"{text} on {ground}: {contrast:.2f}")
    assert faint == []


def _reached(window: QWidget) -> Iterator[QWidget]:
    """Yield what can be seen and takes the focus."""
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            yield widget


def _called(widget: QWidget) -> str:
    """Return what a screen reader calls a widget."""
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    assert found.role() is not QAccessible.Role.NoRole
    return found.text(QAccessible.Text.Name).strip()


def _where(widget: QWidget) -> str:
    about = widget.objectName() or widget.property("placeholderText") or ""
    return f"{type(widget.parent()).__name__} > {type(widget).__name__} {about}".rstrip()


def _enter(clerk: Clerk, place: Place) -> None:
    clerk.window.go_to(place)
    QApplication.processEvents()


@pytest.mark.parametrize("place", Place)
def test_what_takes_the_focus_has_a_name_and_what_is_off_says_why(
    clerk: Clerk, place: Place
) -> None:
    clerk.open(CODE)
    _enter(clerk, place)
    there = list(_reached(clerk.window))
    assert there
    assert [_where(one) for one in there if not _called(one)] == []
    off = [one for one in there if isinstance(one, QAbstractButton) and not one.isEnabled()]
    assert [_where(one) for one in off if not (one.toolTip() or one.accessibleDescription())] == []


@pytest.mark.parametrize("place", Place)
def test_tab_reaches_everything_and_goes_down_the_page(clerk: Clerk, place: Place) -> None:
    clerk.open(CODE)
    _enter(clerk, place)
    wanted = {
        one
        for one in _reached(clerk.window)
        if one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    }
    met: list[QWidget] = []
    while (focus := clerk.window.focusWidget()) is not None and focus not in met:
        met.append(focus)
        clerk.window.focusNextChild()
    assert {_where(one) for one in wanted - set(met)} == set()
