"""The strip over a window in which everything is a sample."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.theme import GRID


class TrainingMark(QWidget):
    """Says that this is the training, in a colour that nothing else has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        text = QLabel(self.tr("TẬP HUẤN · hồ sơ và giấy tờ mẫu, không gửi đi đâu"))
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        line.addWidget(text, 1, Qt.AlignmentFlag.AlignCenter)


def marked(content: QWidget) -> QWidget:
    """Return ``content`` under the strip that says what window this is."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(TrainingMark())
    column.addWidget(content, 1)
    return whole
