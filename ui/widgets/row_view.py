"""The view of one of the three lists: lines are chosen by arrow or pointer, and have a button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from ui.models.rows import ROW_ROLE, RowList
from ui.rows import Row
from ui.theme import Theme
from ui.widgets.row_paint import RowPaint


class RowView(QListView):
    """Shows a ``RowList``.

    Signals:
        pressed_on: The button of this ``Row`` was pressed.
        opened: This ``Row`` was double-clicked.
    """

    pressed_on = Signal(object)
    opened = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rows")
        self.list = RowList(self)
        self._paint = RowPaint(theme, self)
        self.setModel(self.list)
        self.setItemDelegate(self._paint)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        theme.changed.connect(self._dress)

    @property
    def row(self) -> Row | None:
        """The chosen line."""
        found: Row | None = self.currentIndex().data(ROW_ROLE)
        return None if found is None or found.heading else found

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these; what is chosen stays so while it is there, else its neighbour is."""
        chosen, at = self.row, self.currentIndex().row()
        scrolled = self.verticalScrollBar().value()
        if not self.list.show_rows(rows):
            return
        keys = [row.key for row in self.list.rows]
        if chosen is not None:
            at = keys.index(chosen.key) if chosen.key in keys else min(at, len(keys) - 1)
        self._choose(max(at, 0), scrolls=False)
        self.verticalScrollBar().setValue(scrolled)

    def step(self, by: int) -> None:
        """Choose the next line (1) or the one before (-1)."""
        self._choose(self.currentIndex().row() + by, by)

    def go_to(self, at: int) -> None:
        """Choose the line at ``at``, or the one nearest to it."""
        self._choose(at, 1 if at <= 0 else -1)

    def button_place(self, key: str) -> tuple[int, int]:
        """Return the middle of a line's button, in pixels of the viewport. Raises ``KeyError``."""
        for at, row in enumerate(self.list.rows):
            if row.key == key:
                middle = self._paint.button(self.visualRect(self.list.index(at)), row).center()
                return middle.x(), middle.y()
        raise KeyError(key)

    def _choose(self, at: int, by: int = 1, *, scrolls: bool = True) -> None:
        """Choose a line; a heading is stepped over."""
        rows = self.list.rows
        at = max(0, min(at, len(rows) - 1))
        while 0 <= at < len(rows) and rows[at].heading:
            at += by
        if not 0 <= at < len(rows):
            return
        index = self.list.index(at)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        if scrolls:
            self.scrollTo(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Press the button that is under the pointer."""
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        index = self.indexAt(place)
        row: Row | None = index.data(ROW_ROLE)
        if row is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._paint.button(self.visualRect(index), row).contains(place):
            self.pressed_on.emit(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open what is under the pointer; a button is not pressed twice."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        row: Row | None = index.data(ROW_ROLE)
        if row is not None and not self._paint.button(self.visualRect(index), row).contains(place):
            self.opened.emit(row)

    def _dress(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
