"""The three columns of an open dossier: its papers, the pages of one, the page looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import GRID, Theme
from ui.widgets.dressed import dressed
from ui.widgets.page_view import PageView
from ui.widgets.papers import Papers
from ui.widgets.shortened import Shortened
from ui.widgets.strip import PICTURE, Strip

_PAPERS_WIDTH, _WIDE_PAPERS = 38 * GRID, 48 * GRID
_ROOMY = 180 * GRID
"""From this width on names need not be cut short."""
_STRIP_WIDTH = 3 * (PICTURE.width() + 2 * GRID) + 3 * GRID


class Columns(QWidget):
    """Holds the lists and the large page; the lists can step aside for it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.papers = Papers(theme)
        self.strip = Strip(theme)
        self.view = PageView(theme)
        self.paper_name = Shortened("section", most=2)
        self._side = dressed("column", QWidget())
        self._side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side = QHBoxLayout(self._side)
        side.setContentsMargins(0, 0, 1, 0)
        side.addWidget(self.papers)
        self._pages = dressed("column", QWidget())
        self._pages.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._pages.setFixedWidth(_STRIP_WIDTH)
        beside = QVBoxLayout(self._pages)
        beside.setContentsMargins(GRID, GRID + 4, 1, 0)
        beside.setSpacing(GRID)
        self.paper_name.setContentsMargins(GRID, 0, GRID, 0)
        beside.addWidget(self.paper_name)
        beside.addWidget(self.strip, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self._side)
        line.addWidget(self._pages)
        line.addWidget(self.view, 1)

    @property
    def large(self) -> bool:
        """Whether the page has all the room."""
        return self._side.isHidden()

    def enlarge(self, large: bool) -> None:
        """Give the page all the room, or share it."""
        self._side.setVisible(not large)
        self._pages.setVisible(not large)
        self.view.set_wide(large)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give names more room where there is some."""
        super().resizeEvent(event)
        self.papers.setFixedWidth(_WIDE_PAPERS if self.width() >= _ROOMY else _PAPERS_WIDTH)
