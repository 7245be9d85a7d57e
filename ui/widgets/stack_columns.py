"""*Quét lô*, its three columns: dossiers (or where pages go), the filmstrip, the page looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from ui.theme import GRID, Theme
from ui.widgets.choices import Choices
from ui.widgets.dressed import dressed
from ui.widgets.film_strip import FilmStrip
from ui.widgets.page_view import PageView
from ui.widgets.reason_line import ReasonLine
from ui.widgets.stack_groups import StackGroups

_SIDE, _WIDE_SIDE = 34 * GRID, 44 * GRID
_ROOMY = 180 * GRID
"""From this width on names need not be cut short."""


class StackColumns(QWidget):
    """Holds the lists and the large page; the lists can step aside for it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.groups, self.choices = StackGroups(theme), Choices(theme)
        self.strip = FilmStrip(theme)
        self.reason, self.view = ReasonLine(theme), PageView(theme)
        heading = QLabel(self.tr("Hồ sơ"))
        heading.setProperty("role", "section")
        heading.setContentsMargins(2 * GRID, GRID + 4, GRID, GRID)
        dossiers = QWidget()
        listed = QVBoxLayout(dossiers)
        listed.setContentsMargins(0, 0, 0, 0)
        listed.setSpacing(0)
        listed.addWidget(heading)
        listed.addWidget(self.groups, 1)
        self._lists = QStackedWidget()
        self._lists.addWidget(dossiers)
        self._lists.addWidget(self.choices)
        self._side = _column(self._lists)
        self._film = _column(self.strip)
        page = QVBoxLayout()
        page.setSpacing(0)
        page.addWidget(self.reason)
        page.addWidget(self.view, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self._side)
        line.addWidget(self._film)
        line.addLayout(page, 1)
        theme.changed.connect(self._fit)
        self._fit()

    @property
    def choosing(self) -> bool:
        """Whether it is asked where pages go."""
        return self._lists.currentIndex() == 1

    def show_choices(self, shown: bool) -> None:
        """Show where pages can go, or the dossiers."""
        self._lists.setCurrentIndex(1 if shown else 0)

    @property
    def large(self) -> bool:
        """Whether the page has all the room."""
        return self._side.isHidden()

    def enlarge(self, large: bool) -> None:
        """Give the page all the room, or share it."""
        self._side.setVisible(not large)
        self._film.setVisible(not large)
        self.view.set_wide(large)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give names more room where there is some."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._side.setFixedWidth(_WIDE_SIDE if self.width() >= _ROOMY else _SIDE)
        self._film.setFixedWidth(self.strip.sizeHint().width() + GRID)


def _column(content: QWidget) -> QWidget:
    column = dressed("column", QWidget())
    column.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    inside = QVBoxLayout(column)
    inside.setContentsMargins(0, 0, 1, 0)
    inside.addWidget(content)
    return column
