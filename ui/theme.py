"""How it looks: colour tokens for light and dark, type, the 8-pixel grid, the style sheet.

Widgets ask the theme for colours they paint themselves with and name roles (object names,
properties) that the style sheet dresses. Knows no screen.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ui.icons import Icons
from ui.style import sheet
from ui.tokens import DARK, LIGHT, Tokens

GRID = 8
"""Pixels; every distance is a multiple, or half of one inside a control."""

_FAMILIES = ("Segoe UI", "Be Vietnam Pro", "Noto Sans", "Roboto", "Open Sans", "DejaVu Sans")
"""In order of preference: each draws stacked Vietnamese marks (ế, ộ, ữ) without clipping."""


class Theme(QObject):
    """The look of the running program.

    Signals:
        changed: Colours or type changed: paint anew.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tokens = LIGHT
        self.icons = Icons()
        self._points = 11
        self._colours = "auto"
        self._family = _family()
        self._worn: tuple[Tokens, int] | None = None
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._desktop_changed)

    def dress(self, *, points: int = 11, colours: str = "auto") -> None:
        """Give the program its look.

        Args:
            points: Size of the running text; 11 or 14.
            colours: ``light``, ``dark``, or ``auto`` as the desktop is.
        """
        self._points, self._colours = points, colours
        tokens = DARK if self._dark() else LIGHT
        if self._worn == (tokens, points):
            return
        self._worn = (tokens, points)
        self.tokens = tokens
        program = QApplication.instance()
        if isinstance(program, QApplication):
            program.setStyleSheet("")  # one sheet in the place of another takes five times as long
            program.setFont(QFont(self._family, points))
            program.setPalette(_palette(self.tokens))
            program.setStyleSheet(sheet(self.tokens, points))
        self.changed.emit()

    def colour(self, name: str) -> QColor:
        """Return a token as a colour to paint with."""
        return QColor(getattr(self.tokens, name))

    def font(self, scale: float = 1.0, *, bold: bool = False) -> QFont:
        """Return the program's type at ``scale`` times the running text."""
        font = QFont(self._family)
        font.setPointSizeF(max(11.0, self._points * scale))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def _dark(self) -> bool:
        if self._colours == "auto":
            return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return self._colours == "dark"

    def _desktop_changed(self) -> None:
        self.dress(points=self._points, colours=self._colours)


def _family() -> str:
    there = set(QFontDatabase.families())
    return next((name for name in _FAMILIES if name in there), QApplication.font().family())


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, name in (
        (role.Window, tokens.ground),
        (role.WindowText, tokens.ink),
        (role.Base, tokens.paper),
        (role.AlternateBase, tokens.ground),
        (role.Text, tokens.ink),
        (role.Button, tokens.paper),
        (role.ButtonText, tokens.ink),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent),
        (role.PlaceholderText, tokens.ink_soft),
        (role.ToolTipBase, tokens.paper),
        (role.ToolTipText, tokens.ink),
        (role.Mid, tokens.line),
    ):
        palette.setColor(where, QColor(name))
    disabled = QPalette.ColorGroup.Disabled
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, where, QColor(tokens.ink_soft))
    return palette
