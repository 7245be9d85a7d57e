"""A choice among a few values, with an arrow of the product's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from ui.language import say
from ui.theme import GRID, Theme

_SIGN = 18
_WIDEST = 52 * GRID


class Choice(QComboBox):
    """Shows words, gives values as they were put in (Qt's own data would make an enum a str)."""

    def __init__(self, theme: Theme, options: Mapping[str, object] | None = None) -> None:
        """``options``: words → value, in order."""
        super().__init__()
        self._theme = theme
        self._values: list[object] = []
        self.offer(options or {})
        self.setMaximumWidth(_WIDEST)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not by the wheel of a passing pointer
        theme.changed.connect(self.update)

    @property
    def value(self) -> Any:
        """What is chosen."""
        return self._values[self.currentIndex()] if self.currentIndex() >= 0 else None

    def offer(self, options: Mapping[str, object]) -> None:
        """Let the clerk choose among these: words → value, in order."""
        self.clear()
        self._values = list(options.values())
        self.addItems([say(words) for words in options])
        if options:
            self.setCurrentIndex(0)  # Qt leaves it open where there is a text for no choice

    def explain(self, words: str) -> None:
        """Say why there is nothing to choose among yet, in the place of a choice."""
        self.setPlaceholderText(words)
        self.setAccessibleDescription("" if self._values else words)

    def choose(self, value: object, words: str = "") -> None:
        """Show ``value``; one that is not among the options is added with these ``words``."""
        if value not in self._values:
            self._values.append(value)
            self.addItem(words or str(value))
        self.setCurrentIndex(self._values.index(value))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the page scroll; a value must not change under a passing pointer."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it as the style does, with as much of the words as fits, then the arrow."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        styled = QStylePainter(self)
        with styled:
            styled.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
            room = self.style().subControlRect(
                QStyle.ComplexControl.CC_ComboBox,
                option,
                QStyle.SubControl.SC_ComboBoxEditField,
                self,
            )
            text = option.currentText
            if self.currentIndex() < 0:
                text = self.placeholderText()
                soft = self._theme.colour("ink_soft")
                option.palette.setColor(QPalette.ColorRole.ButtonText, soft)
            option.currentText = self.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, room.width() - GRID
            )
            styled.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        colour = self._theme.colour("ink_soft")
        arrow = self._theme.icons.pixmap("down", colour, _SIGN, self.devicePixelRatio())
        place = self.rect()
        with QPainter(self) as painter:
            painter.drawPixmap(
                place.right() - _SIGN - GRID, place.center().y() - _SIGN // 2 + 1, arrow
            )
