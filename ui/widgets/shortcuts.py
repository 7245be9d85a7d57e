"""The sheet of shortcuts: lies over the window, blocks nothing, goes with any key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from ui.keys import SHEET
from ui.theme import GRID


class Shortcuts(QFrame):
    """Shows every key and what it does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self.setObjectName("sheet")
        self.setAccessibleName(self.tr("Các phím tắt"))
        grid = QGridLayout(self)
        grid.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 3 * GRID)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        title = QLabel(self.tr("Phím tắt"))
        title.setProperty("role", "name")
        grid.addWidget(title, 0, 0, 1, 5)
        lines = [*((key, command.value) for key, command in SHEET)]
        lines.insert(8, ("1 – 9", self.tr("Chọn giấy tờ theo số")))
        rows = -(-len(lines) // 2)
        for index, (key, text) in enumerate(lines):
            row, column = index % rows + 1, index // rows * 3
            name = QLabel(key, alignment=Qt.AlignmentFlag.AlignCenter)
            name.setProperty("role", "key")
            grid.addWidget(name, row, column)
            grid.addWidget(QLabel(text), row, column + 1)
        grid.setColumnMinimumWidth(2, 2 * GRID)
        note = QLabel(self.tr("Đầu đọc mã vạch: quét mã trên giấy tiếp nhận là mở hồ sơ."))
        note.setProperty("role", "soft")
        grid.addWidget(note, rows + 1, 0, 1, 5)
        parent.installEventFilter(self)
        self.hide()

    def toggle(self) -> None:
        """Show it, or hide it."""
        self.setVisible(not self.isVisible())
        self._centre()
        self.raise_()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay in the middle when the window changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._centre()
        return False

    def _centre(self) -> None:
        self.adjustSize()
        place = self.rect()
        place.moveCenter(self._window.rect().center())
        self.move(place.topLeft())
