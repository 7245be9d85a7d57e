"""The bar of *Mở hồ sơ*, while a scan runs: stops it, says where its pages go, and leads there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ui.scan_words import Doing
from ui.target import Target
from ui.theme import GRID, Theme
from ui.widgets.scan_button import ScanButton
from ui.widgets.shortened import Shortened


class ScanElsewhere(QWidget):
    """Hidden while nothing is scanned.

    Signals:
        stop: The clerk wants the scan to end.
        went: The clerk wants to see the dossier of this ``Target``.
        to_stack: The clerk wants to see the stack that is fed.
    """

    stop = Signal()
    went = Signal(object)
    to_stack = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._target: Target | None = None
        self._by_key = True
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.stop_button = ScanButton(theme)
        self.stop_button.clicked.connect(self.stop)
        self.doing = Shortened("soft", most=2)
        self.doing.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.go_button = QPushButton()
        self.go_button.clicked.connect(self._go)
        for button in (self.stop_button, self.go_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * GRID, GRID + 4, 2 * GRID, GRID + 4)
        line.setSpacing(2 * GRID)
        line.addWidget(self.stop_button)
        line.addWidget(self.doing, 1)
        line.addWidget(self.go_button)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def show_scan(self, target: Target | None, doing: Doing, *, by_key: bool) -> None:
        """Say what is being scanned; ``by_key``: Esc stops it, nothing else comes first."""
        self._target, self._by_key = target, by_key
        self.doing.say(doing.text, doing.name)
        self.setVisible(target is not None)
        if target is not None:
            self.go_button.setText(
                self.tr("Đến Quét lô") if target.stack else self.tr("Đến hồ sơ đang quét")
            )
            self.go_button.setVisible(bool(target.stack or target.dossier_id))
        self._dress()

    def _go(self) -> None:
        if self._target is not None and self._target.stack:
            self.to_stack.emit()
        else:
            self.went.emit(self._target)

    def _dress(self) -> None:
        self.stop_button.show_as("stop", self.tr("Dừng  Esc") if self._by_key else self.tr("Dừng"))
