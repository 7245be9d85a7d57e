"""What the counter's bar says between its buttons, in two lines: how many pages are safe and the
light; below them what is done now, what a key did, or what is missing besides."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from ui.theme import GRID, Theme
from ui.widgets.dressed import dressed
from ui.widgets.light import LightSign
from ui.widgets.quiet_line import QuietLine
from ui.widgets.shortened import Shortened

_FIELD = 22 * GRID


class BarWords(QWidget):
    """The count and the light stand where they are, whatever the line below them says."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scanning = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.count = QLabel()
        self.count.setProperty("role", "count")
        self.light = LightSign(theme)
        self.doing = Shortened("soft")
        self.quiet = QuietLine()
        self.quiet.changed.connect(self._make_room)
        self.code = dressed("code", QLineEdit())
        self.code.setAccessibleName(self.tr("Mã kết quả"))
        self.code.setPlaceholderText(self.tr("Mã kết quả"))
        self.code.setMinimumWidth(_FIELD)
        self._first = QStackedWidget()  # as high as the higher of the two: no row moves
        self._first.addWidget(self.count)
        self._first.addWidget(self.code)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._first, 0, 0)
        grid.addWidget(self.light, 0, 1, Qt.AlignmentFlag.AlignVCenter)
        for line in (self.doing, self.quiet):
            grid.addWidget(line, 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.light.besides, 1, 0, 1, 2, Qt.AlignmentFlag.AlignRight)
        self._make_room()

    def show_doing(self, doing: str) -> None:
        """Say what a scan is doing; empty: nothing is scanned."""
        self._scanning = bool(doing)
        self.doing.say(doing)
        self._make_room()

    def ask_code(self, *, shown: bool) -> None:
        """Take the code of a result in a field, or no more."""
        self._first.setCurrentWidget(self.code if shown else self.count)
        self.code.clear()
        if shown:
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_room(self) -> None:
        """The second line says one thing at a time: what a key did, what is scanned, the rest."""
        said = bool(self.quiet.text())
        self.doing.setVisible(self._scanning and not said)
        self.light.besides.setVisible(not self._scanning and not said)
