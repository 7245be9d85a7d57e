"""Widgets that the style sheet knows by a name of their own."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound=QWidget)


def dressed(name: str, widget: W) -> W:
    """Return a widget after giving it the name that ``ui.style`` dresses it by."""
    widget.setObjectName(name)
    return widget
