"""What *Quét lô* says where no stack waits: how to feed one."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.theme import GRID, Theme

_WIDE = 96 * GRID
_SIGN = 56


class StackEmpty(QWidget):
    """Teaches the first step."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sign = QLabel()
        title = QLabel(self.tr("Quét cả lô giấy tờ trong một lần"))
        title.setProperty("role", "title")
        words = QLabel(
            self.tr(
                "1.  Đặt trước mỗi hồ sơ giấy tiếp nhận có mã, hoặc một tờ phân cách.\n"
                "2.  Cho cả chồng giấy vào khay rồi bấm F5. Trang nào quét xong là đã lưu.\n"
                "3.  Enter đưa đến từng chỗ phần mềm chưa chắc; sửa bằng phím hoặc kéo thả.\n"
                "4.  Ctrl+Enter để nhận cả lô. Trước đó chưa có gì được gửi đi."
            ),
            wordWrap=True,
        )
        words.setContentsMargins(0, GRID, 0, 0)
        inside = QWidget()
        inside.setFixedWidth(_WIDE)  # in a line of its own: lines that wrap have their height
        lines = QVBoxLayout(inside)
        lines.setSpacing(GRID)
        lines.addWidget(self._sign)
        lines.addWidget(title)
        lines.addWidget(words)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(inside)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addLayout(middle)
        column.addStretch(3)
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        colour = self._theme.colour("ink_soft")
        ratio = self.devicePixelRatio()
        self._sign.setPixmap(self._theme.icons.pixmap("stack", colour, _SIGN, ratio))
