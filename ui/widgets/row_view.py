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
        self._done = ""
        self._gap: int | None = None
        self._fresh = True
        theme.changed.connect(self._dress)

    @property
    def row(self) -> Row | None:
        """The chosen line."""
        found: Row | None = self.list.rows[self._at] if self._at >= 0 else None
        return None if found is None or found.heading else found

    @property
    def _at(self) -> int:
        """The number of the chosen line, or -1. Qt makes one current as the focus comes, without
        choosing it."""
        index = self.currentIndex()
        return index.row() if self.selectionModel().isSelected(index) else -1

    def begin(self) -> None:
        """The clerk comes to the list, before it is read anew: a line will be chosen."""
        self._fresh = True
        if self.row is None:
            self._choose_near(0)

    def act_on(self, row: Row) -> None:
        """The clerk does something to this line: once it goes, its neighbour is the next."""
        self._done = row.key

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these; what is chosen stays so while it is there.

        When it goes because of what the clerk did, its neighbour is chosen; when it goes by itself
        nothing is, lest a key that was meant for it meets another. The arrows go on from there.
        """
        chosen, at, fresh = self.row, self._at, self._fresh
        self._fresh = False
        scrolled = self.verticalScrollBar().value()
        if not rows:
            self._gap = None  # what comes next is another list
        if not self.list.show_rows(rows) or not rows:
            return
        keys = [row.key for row in self.list.rows]
        if chosen is not None and chosen.key in keys:
            self._choose(keys.index(chosen.key), scrolls=False)
        elif chosen is not None and chosen.key != self._done and not fresh:
            self._gap = at
        elif self._gap is None or fresh:
            self._choose_near(max(at, 0))
        self.verticalScrollBar().setValue(scrolled)

    def step(self, by: int) -> None:
        """Choose the next line (1) or the one before (-1)."""
        at, self._done = self._at, ""
        if at < 0 and self._gap is not None:  # between the lines
            at = self._gap - 1 if by > 0 else self._gap
        self._choose(at + by, by)

    def go_to(self, at: int) -> None:
        """Choose the line at ``at``, or the one nearest to it."""
        self._done = ""
        self._choose(at, 1 if at <= 0 else -1)

    def button_place(self, key: str) -> tuple[int, int]:
        """Return the middle of a line's button, in pixels of the viewport. Raises ``KeyError``."""
        for at, row in enumerate(self.list.rows):
            if row.key == key:
                middle = self._paint.button(self.visualRect(self.list.index(at)), row).center()
                return middle.x(), middle.y()
        raise KeyError(key)

    def _choose_near(self, at: int) -> None:
        """Choose the line at ``at`` or the nearest one that something is left to do about."""
        rows = self.list.rows
        open_ = [number for number, row in enumerate(rows) if not (row.heading or row.past)]
        behind = [number for number in open_ if number >= at]
        if open_:
            self._choose(behind[0] if behind else open_[-1], scrolls=False)
        elif rows:
            self._gap = 0

    def _choose(self, at: int, by: int = 1, *, scrolls: bool = True) -> None:
        """Choose a line; a heading is stepped over."""
        rows = self.list.rows
        at = max(0, min(at, len(rows) - 1))
        while 0 <= at < len(rows) and rows[at].heading:
            at += by
        if not 0 <= at < len(rows):
            return
        self._gap = None
        index = self.list.index(at)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        if scrolls:
            self.scrollTo(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose what is under the pointer."""
        self._gap, self._done = None, ""
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Press the button that is under the pointer."""
        super().mouseReleaseEvent(event)
        place = event.position().toPoint()
        index = self.indexAt(place)
        row: Row | None = index.data(ROW_ROLE)
        if row is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._paint.button(self.visualRect(index), row).contains(place):
            self.act_on(row)
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
