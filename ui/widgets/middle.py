"""A column in the middle of a page, with air at both sides that grows with the window."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import GRID


def put_in_the_middle(page: QWidget, column: QWidget, share: int) -> None:
    """Lay ``column`` out in ``page``: as wide as it may become, ``share`` times what is left free
    at each side where it may grow."""
    line = QHBoxLayout(page)
    line.setContentsMargins(3 * GRID, 0, 3 * GRID, 0)
    line.addStretch(1)
    line.addWidget(column, share)
    line.addStretch(1)
