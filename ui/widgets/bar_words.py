"""What the counter's bar says between its buttons, in two lines: how many pages are safe and the
light; below them what is done now, what a key did, or what is missing besides. Where the type is
too large for that the light has a line of its own.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from ui import wording
from ui.theme import GRID, Theme
from ui.widgets.dressed import dressed
from ui.widgets.light import LightSign
from ui.widgets.quiet_line import QuietLine
from ui.widgets.shortened import Shortened

_FIELD = 22 * GRID
_MANY = 999
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class BarWords(QWidget):
    """The count and the light stand where they are, whatever the line below them says; in large
    type the light gives way to a line that takes two."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scanning = False
        self._tall: bool | None = None
        self._low: tuple[bool, bool] | None = None
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
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._first, 0, 0)
        theme.changed.connect(self._arrange)
        self._arrange()

    def show_doing(self, doing: str, name: str = "") -> None:
        """Say what a scan is doing; empty: nothing is scanned. ``name`` in it gives way."""
        self._scanning = bool(doing)
        self.doing.say(doing, name)
        self._make_room()

    def ask_code(self, *, shown: bool) -> None:
        """Take the code of a result in a field, or no more."""
        self._first.setCurrentWidget(self.code if shown else self.count)
        self.code.clear()
        if shown:
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for the same width whatever is said."""
        return QSize(self.light.widest, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """See whether count and light have room beside each other."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the light beside the count, or below it where the longest it may say is too long."""
        self.count.ensurePolished()
        count = self.count.fontMetrics().horizontalAdvance(wording.saved(_MANY))
        tall = count + 2 * GRID + self.light.widest > self.width()
        line = self.quiet.fontMetrics().height()
        for row in (1, 2):
            self._grid.setRowMinimumHeight(row, line if tall or row == 1 else 0)
        if tall is not self._tall:
            self._tall, self._low = tall, None
            for words in (self.doing, self.quiet):
                words.allow(2 if tall else 1)
            if tall:
                self._put(self.light, 1, _LEFT | _MIDDLE)
                self._put(self.light.besides, 2, _LEFT)
            else:
                self._grid.addWidget(self.light, 0, 1, _MIDDLE)
                self._put(self.light.besides, 1, _RIGHT)
        self._make_room()

    def _put(self, widget: QWidget, row: int, side: Qt.AlignmentFlag, rows: int = 1) -> None:
        self._grid.addWidget(widget, row, 0, rows, 1 if self._tall else 2, side)

    def _make_room(self) -> None:
        """The line below says one thing at a time: what a key did, what is scanned, the rest."""
        said = bool(self.quiet.text())
        self.doing.setVisible(self._scanning and not said)
        self.light.besides.setVisible(not self._scanning and not said)
        low = [len(one.lines_at(self.width())) > 1 for one in (self.doing, self.quiet)]
        two = low[1] if said else low[0] and self._scanning
        if self._low != (low[0], low[1]):
            self._low = (low[0], low[1])
            for words, double in zip((self.doing, self.quiet), low, strict=True):
                last = 2 if self._tall else 1
                self._put(words, 1 if double else last, _LEFT, 2 if double else 1)
        self.light.setVisible(not two)
