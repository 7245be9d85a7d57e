"""A sheet over the window: blocks nothing, takes no focus, goes with any key or click."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from ui.theme import GRID

_ALONE = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)


class Sheet(QFrame):
    """Stands in the middle of the window while it is shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setObjectName("sheet")
        parent.installEventFilter(self)
        self.hide()

    def toggle(self) -> None:
        """Show it, or hide it."""
        if self.isVisible():
            self.hide()
            return
        program = QApplication.instance()
        if program is not None:
            program.installEventFilter(self)
        self.show()
        self._centre()
        self.raise_()

    def hide(self) -> None:
        """Take it away, and listen to keys no more."""
        program = QApplication.instance()
        if program is not None:
            program.removeEventFilter(self)
        super().hide()

    def answers(self, event: QKeyEvent) -> bool:
        """Do what a key means to the sheet itself; True takes it from the window."""
        return event.key() == Qt.Key.Key_Escape

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay in the middle when the window changes its size; go with a key or a click."""
        if not self.isVisible():
            return False
        kind = event.type()
        if kind == QEvent.Type.Resize and watched is self._window:
            self._centre()
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if Qt.Key(event.key()) not in _ALONE:
                self.hide()
                return self.answers(event)
        elif (
            kind == QEvent.Type.MouseButtonPress
            and isinstance(event, QMouseEvent)
            and isinstance(watched, QWidget)
            and watched is not self
            and not self.isAncestorOf(watched)
        ):
            self.hide()
        return False

    def _centre(self) -> None:
        self.adjustSize()
        place = self.rect()
        room = self._window.rect().adjusted(GRID, GRID, -GRID, -GRID)
        place.setSize(place.size().boundedTo(room.size()))
        place.moveCenter(room.center())
        self.setGeometry(place)
