"""A thin field over the page: a text to find in the paper, how often it is there, on and back."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from ui.keys import SEEKS
from ui.theme import GRID

_WIDTH = 46 * GRID


class FindBar(QFrame):
    """Signals say what is looked for.

    Signals:
        typed: The text to find.
        stepped: On to the next place (1) or back (-1).
    """

    typed = Signal(str)
    stepped = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sheet")
        self.field = QLineEdit(clearButtonEnabled=True)
        self.field.setProperty(SEEKS, True)
        self.field.setPlaceholderText(self.tr("Tìm chữ trong giấy tờ này"))
        self.field.setAccessibleName(self.tr("Tìm chữ trong giấy tờ này"))
        self.field.setToolTip(self.tr("F3: chỗ tiếp theo · Shift+F3: chỗ trước · Esc: đóng"))
        self.count = QLabel()
        self.count.setProperty("role", "soft")
        self.count.setMinimumWidth(12 * GRID)
        self.field.textChanged.connect(self.typed)
        self.field.returnPressed.connect(self._step)
        line = QHBoxLayout(self)
        line.setContentsMargins(GRID, GRID, GRID + 4, GRID)
        line.setSpacing(GRID + 4)
        line.addWidget(self.field, 1)
        line.addWidget(self.count)
        self.hide()

    def begin(self) -> None:
        """Take the next text."""
        self.show()
        self.raise_()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_text(self, text: str) -> None:
        """Show a text that is looked for already; the keys stay where they are."""
        self.field.blockSignals(True)
        self.field.setText(text)
        self.field.blockSignals(False)
        self.show()
        self.raise_()

    def say(self, text: str) -> None:
        """Say how often the text is there."""
        self.count.setText(text)
        self.field.setAccessibleDescription(text)

    def lie_over(self, view: QWidget, seen: QRectF | None = None) -> None:
        """Lie at the right of the view: at its top, or at its bottom where it would hide ``seen``
        (pixels of the view)."""
        width, height = min(_WIDTH, view.width() - 2 * GRID), self.sizeHint().height()
        place = QRect(view.width() - width - GRID, GRID, width, height)
        if seen is not None and QRectF(place).intersects(seen):
            place.moveBottom(view.height() - GRID)
        self.setGeometry(place)

    def _step(self) -> None:
        back = QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        self.stepped.emit(-1 if back else 1)
