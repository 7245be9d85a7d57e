"""A recovery key as it is shown once: large, in groups, with the way to paper, and a field for its
end, which proves that somebody has it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from digitizer.homekeys import TAIL
from ui.encryption_words import spelled
from ui.theme import GRID, Theme
from ui.widgets.dressed import dressed
from ui.widgets.file_dialog import file_dialog
from ui.widgets.form import Words, beside

_LARGER = 1.35


class RecoveryKey(QWidget):
    """Shows one key until it is forgotten.

    Signals:
        printed: It is to be written as a PDF, to be printed (``Path``).
        typed: Something else stands in the field.
        entered: Enter was pressed in it.
    """

    printed = Signal(object)
    typed = Signal()
    entered = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.key = ""
        self.dialog: QFileDialog | None = None
        self.why, self.said = Words("strong"), Words("soft")
        self.why.setText(
            self.tr(
                "Khóa khôi phục. Quên mật khẩu kho, hỏng máy hay mất tài khoản thì chỉ khóa này "
                "mở được kho; mất cả khóa này thì không ai mở được nữa. Khóa chỉ hiện một lần: in "
                "ra hoặc chép lại, cất trong tủ của cơ quan, không để cạnh máy."
            )
        )
        self.shown = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        ground = dressed("paper", QWidget())
        ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        inside.addWidget(self.shown)
        self.write = QPushButton(self.tr("Ghi tệp PDF để in…"))
        self.tail = QLineEdit(maxLength=TAIL + 2)
        self.tail.setMaximumWidth(20 * GRID)
        self.tail.setPlaceholderText("······")
        asked = self.tr("Gõ {0} ký tự cuối của khóa để xác nhận đã có trên giấy").format(TAIL)
        self.tail.setAccessibleName(asked)
        name = QLabel(asked)
        name.setBuddy(self.tail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.why)
        column.addWidget(ground)
        column.addWidget(beside(self.write, self.said))
        column.addSpacing(GRID)
        column.addWidget(name)
        column.addWidget(self.tail)
        self.write.clicked.connect(self._ask_where)
        self.tail.textChanged.connect(self.typed)
        self.tail.returnPressed.connect(self.entered)
        theme.changed.connect(self._dress)

    @property
    def end(self) -> str:
        """What was typed as the end of the key."""
        return "".join(self.tail.text().split()).upper()

    @property
    def confirmed(self) -> bool:
        """Whether that is its end."""
        return bool(self.key) and self.end == self.key[-TAIL:]

    def show_key(self, key: str) -> None:
        """Show it, and have its end typed."""
        self.key = key
        self.shown.setText(spelled(key))
        self.shown.setAccessibleName(spelled(key))
        self.said.setText("")
        self.tail.clear()
        self._dress()

    def forget(self) -> None:
        """Let nothing of it stay here."""
        if self.dialog is not None:
            self.dialog.close()
        self.key = ""
        self.shown.clear()
        self.shown.setAccessibleName("")
        self.tail.clear()

    def _ask_where(self) -> None:
        if self.dialog is not None:
            self.dialog.close()
        dialog = self.dialog = file_dialog(
            self, self.tr("Ghi khóa khôi phục ra tệp PDF để in"), self.tr("Ghi")
        )
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile("khoa-khoi-phuc.pdf")
        dialog.fileSelected.connect(lambda file: self.printed.emit(Path(file)))
        dialog.finished.connect(self._dialog_closed)
        dialog.show()

    def _dialog_closed(self) -> None:
        self.dialog = None

    def _dress(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self._theme.font(_LARGER).pointSizeF())
        self.shown.setFont(font)
