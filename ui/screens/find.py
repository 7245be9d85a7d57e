"""*Tìm*."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.commands import Command
from ui.places import Parts


class FindScreen(QWidget):
    """Being built."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        column = QVBoxLayout(self)
        column.addWidget(QLabel(self.tr("Tìm")))

    def enter(self) -> None:
        """Take the focus."""
        self.setFocus()

    def do(self, _command: Command) -> bool:
        """Do what a key asks for."""
        return False

    def digit(self, number: int) -> None:
        """Means nothing here."""
