"""The line above a stack: which one it is, what stands there, and the menu of all that wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from digitizer.stacking import Stack
from digitizer.storage.stacks import StackHead
from ui import stack_words
from ui.icons import ICON
from ui.theme import GRID, Theme
from ui.widgets.shortened import Shortened


class StackChooser(QWidget):
    """Names the stack that is reviewed.

    Signals:
        chosen: Id of the stack to review; empty: none, the next scan begins one.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._waiting: tuple[StackHead, ...] = ()
        self._current = ""
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.button = QPushButton()
        self.button.setProperty("role", "flat")
        self.button.setIconSize(ICON)
        self.button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the words
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.open_menu)
        self.menu = QMenu(self)
        self.summary = Shortened("soft")
        line = QHBoxLayout(self)
        line.setContentsMargins(GRID, GRID // 2, 2 * GRID, GRID // 2)
        line.setSpacing(GRID)
        line.addWidget(self.button)
        line.addWidget(self.summary)
        line.addStretch(1)
        theme.changed.connect(self._dress)
        self._dress()

    def show_stacks(self, waiting: Sequence[StackHead], current: str, stack: Stack | None) -> None:
        """Name the stack that is reviewed; an open menu stays as it is."""
        self._waiting, self._current = tuple(waiting), current
        called = self.tr("Lô mới")
        for head in waiting:
            if head.id == current:
                called = stack_words.name(head, datetime.now(UTC))
        others = len([head for head in waiting if head.id != current])
        self.button.setText(called)
        self.button.setToolTip(self.tr("Chọn lô khác, hoặc bắt đầu lô mới"))
        said = stack_words.summary(stack) if stack is not None else ""
        if others:
            more = self.tr("{0} lô khác chờ nhận").format(others)
            said = f"{said} · {more}" if said else more
        self.summary.say(said)
        self.button.setAccessibleName(f"{called}. {said}")

    def open_menu(self) -> None:
        """Offer all stacks that wait, newest first."""
        self.menu.clear()
        today = datetime.now(UTC)
        for head in self._waiting:
            pages = self.tr("{0} trang").format(head.pages)
            action = self.menu.addAction(f"{stack_words.name(head, today)} · {pages}")
            action.setCheckable(True)
            action.setChecked(head.id == self._current)
            action.triggered.connect(lambda _=False, one=head.id: self.chosen.emit(one))
        if self._waiting:
            self.menu.addSeparator()
        self.menu.addAction(self.tr("Lô mới"), lambda: self.chosen.emit(""))
        self.menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _dress(self) -> None:
        self.button.setIcon(self._theme.icons.icon("down", self._theme.colour("ink_soft")))
