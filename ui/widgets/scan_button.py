"""The one large button of a place that scans, and the line of a bar that begins with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.icons import LARGE_ICON
from ui.theme import GRID, Theme
from ui.widgets.profile_button import ProfileButton

SIDES, BETWEEN = 2 * GRID, 2 * GRID
"""Pixels left and right of a bar, and between what stands in it."""


class ScanButton(QPushButton):
    """Says what it does, with its icon."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scan")
        self._theme = theme
        self.setProperty("role", "main")
        self.setIconSize(LARGE_ICON)
        self.setMinimumWidth(28 * GRID)

    def show_as(self, icon: str, text: str) -> None:
        """Take an icon, by its name, and a text."""
        colour = self._theme.colour("on_accent")
        self.setIcon(self._theme.icons.icon(icon, colour, LARGE_ICON))
        self.setText(text)


def lay_out(
    bar: QWidget,
    scan: ScanButton,
    profile: ProfileButton,
    said: tuple[QWidget, ...],
    ends: tuple[QWidget, ...],
) -> None:
    """Lay out a bottom bar: what scans, what is ``said`` below each other, what ends the work."""
    words = QVBoxLayout()
    words.setSpacing(0)
    for widget in said:
        words.addWidget(widget)
        if not widget.sizePolicy().expandingDirections() & Qt.Orientation.Horizontal:
            words.setAlignment(widget, Qt.AlignmentFlag.AlignLeft)
    line = QHBoxLayout(bar)
    line.setContentsMargins(SIDES, GRID + 4, SIDES, GRID + 4)
    line.setSpacing(BETWEEN)
    line.addWidget(scan)
    line.addWidget(profile)
    line.addSpacing(GRID)
    line.addLayout(words, 1)
    for widget in ends:
        line.addWidget(widget)
