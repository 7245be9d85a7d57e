"""Enter and the arrows work on a list while its search field keeps the focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView


class ListKeys(QObject):
    """Steers ``view`` by the keys of ``field``."""

    def __init__(
        self, field: QLineEdit, view: QListView, confirm: Callable[[], None], *, page: int
    ) -> None:
        """``confirm``: what Enter does; ``page``: so many rows Page Up and Page Down go."""
        super().__init__(field)
        self._view = view
        self._confirm = confirm
        self._steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
        }
        field.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take the keys that are the list's."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._confirm()
            return True
        if key in self._steps:
            self.choose(self._view.currentIndex().row() + self._steps[key])
            return True
        return False

    def choose(self, row: int) -> None:
        """Choose a row of the list, or the nearest there is."""
        model = self._view.model()
        last = model.rowCount() - 1
        if last >= 0:
            index = model.index(max(0, min(row, last)), 0)
            self._view.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self._view.scrollTo(index)
