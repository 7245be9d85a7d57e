"""*Hướng dẫn*: the guide's sections at the left, one of them at the right, a field to search it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollBar,
    QVBoxLayout,
    QWidget,
)

from digitizer.errors import DigitizerError
from ui import guide
from ui.asides import Aside
from ui.bridge import Pool
from ui.commands import Command
from ui.guide import Guide
from ui.keys import SEEKS
from ui.language import say, trouble
from ui.places import Parts
from ui.theme import GRID
from ui.widgets.dressed import dressed
from ui.widgets.reader import Reader

_COLUMN = 40 * GRID
_PICTURE = 90 * GRID


class GuideScreen(QWidget):
    """Shows the guide; reads it when it is first shown."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._guide = Guide()
        self._wanted = ""
        self.setObjectName("paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field = QLineEdit()
        self.field.setProperty(SEEKS, True)
        self.field.setPlaceholderText(self.tr("Tìm trong hướng dẫn  (Ctrl+F)"))
        self.field.setAccessibleName(self.tr("Tìm trong hướng dẫn"))
        self.field.setClearButtonEnabled(True)
        self.said = QLabel()
        self.said.setProperty("role", "soft")
        self.said.hide()
        self.contents = QListWidget()
        self.contents.setObjectName("contents")
        self.contents.setAccessibleName(self.tr("Các mục của hướng dẫn"))
        self.contents.setWordWrap(True)
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doctor = QPushButton(self.tr("Chẩn đoán máy này"))
        self.doctor.clicked.connect(lambda: parts.aside(Aside.DOCTOR, ""))
        self.reader = Reader(parts.theme)
        self.reader.setAccessibleName(self.tr("Nội dung hướng dẫn"))
        self._lay_out()
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self._find_next)
        self.contents.currentRowChanged.connect(self._show)
        ratio = self.devicePixelRatioF()
        parts.bridge.ask(
            lambda: guide.read(guide.folder(), _PICTURE, ratio),
            self._read,
            self._unread,
            pool=Pool.PICTURES,
        )

    def enter(self) -> None:
        """Take the focus."""
        self.contents.setFocus(Qt.FocusReason.OtherFocusReason)

    def do(self, command: Command) -> bool:
        """Search; go from section to section with what turns pages elsewhere; Space reads on."""
        if command is Command.FIND:
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.field.selectAll()
            return True
        if command in (Command.NEXT_PAGE, Command.PREVIOUS_PAGE):
            self._step(1 if command is Command.NEXT_PAGE else -1)
            return True
        if command in (Command.FIRST_PAGE, Command.LAST_PAGE):
            last = self.contents.count() - 1
            self.contents.setCurrentRow(0 if command is Command.FIRST_PAGE else last)
            return True
        if command is Command.LARGE:
            self.reader.verticalScrollBar().triggerAction(QScrollBar.SliderAction.SliderPageStepAdd)
            return True
        return command in (Command.NEXT_PAPER, Command.PREVIOUS_PAPER)

    def digit(self, number: int) -> None:
        """Show the section of this number."""
        if 0 < number < self.contents.count():
            self.contents.setCurrentRow(number)

    def show_section(self, heading: str) -> None:
        """Show the section whose title begins so, once the guide is read."""
        self._wanted = heading
        if self._guide.sections:
            self.field.clear()
            self.contents.setCurrentRow(self._guide.at(heading))

    # --- what is shown ----------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = dressed("column", QWidget())
        column.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column.setFixedWidth(_COLUMN)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        inside.setSpacing(GRID)
        inside.addWidget(self.field)
        inside.addWidget(self.said)
        inside.addWidget(self.contents, 1)
        inside.addWidget(self.doctor)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(column)
        line.addWidget(self.reader, 1)

    def _read(self, read: Guide) -> None:
        self._guide = read
        self.contents.clear()
        for one in read.sections:
            self.contents.addItem(QListWidgetItem(one.title))
        self.contents.setCurrentRow(read.at(self._wanted) if self._wanted else 0)

    def _unread(self, error: DigitizerError) -> None:
        self.said.setText(trouble(error))
        self.said.show()

    def _show(self, row: int) -> None:
        if 0 <= row < len(self._guide.sections):
            self.reader.show_text(self._guide.sections[row].text, self._guide.pictures)
            self.reader.verticalScrollBar().setValue(0)

    def _step(self, by: int) -> None:
        row = self.contents.currentRow() + by
        while 0 <= row < self.contents.count():
            if not self.contents.item(row).isHidden():
                self.contents.setCurrentRow(row)
                return
            row += by

    # --- search -----------------------------------------------------------------------------

    def _search(self, typed: str) -> None:
        """Leave the sections that hold what is typed, and go to the first of them."""
        found = self._guide.holding(typed)
        for row in range(self.contents.count()):
            self.contents.item(row).setHidden(bool(typed.strip()) and row not in found)
        self.said.setVisible(bool(typed.strip()))
        if not typed.strip():
            return
        self.said.setText(say("Có trong {0} mục", len(found)) if found else self.tr("Không thấy"))
        if found:
            if self.contents.currentRow() not in found:
                self.contents.setCurrentRow(found[0])
            self.reader.moveCursor(self.reader.textCursor().MoveOperation.Start)
            self.reader.find_next(typed.strip())

    def _find_next(self) -> None:
        """Go to the next place, in the next section where this one has no more."""
        typed = self.field.text().strip()
        if self.reader.find_next(typed):
            return
        found = self._guide.holding(typed)
        if typed and found:
            later = [row for row in found if row > self.contents.currentRow()]
            self.contents.setCurrentRow((later or list(found))[0])
            self.reader.moveCursor(self.reader.textCursor().MoveOperation.Start)
            self.reader.find_next(typed)
