"""The sheet of shortcuts: lies over the window, blocks nothing, goes with any key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from ui.commands import Command
from ui.key_sheets import ALL, KeySheet, Line
from ui.language import say
from ui.theme import GRID
from ui.widgets.sheet import Sheet

_SMALLEST = 11
"""Points: large type may become so small that every key can be seen at once."""


class Shortcuts(Sheet):
    """Shows keys and what they do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Các phím tắt"))
        self._shown: KeySheet | None = None
        self._whole = whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(GRID)
        self._title, self._note = QLabel(), QLabel()
        self._title.setProperty("role", "name")
        closing = QLabel(self.tr("Esc hoặc ? để đóng"))
        for label in (self._note, closing):
            label.setProperty("role", "soft")
        self._always = (self._note, closing)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(closing)
        whole.addLayout(head)
        self._body = QWidget()
        whole.addWidget(self._body)
        whole.addWidget(self._note)

    def _build(self, sheet: KeySheet) -> None:
        """Lay out the keys of a sheet in the place of those of another."""
        self._shown = sheet
        self._texts: list[list[QLabel]] = []
        self._small: list[QLabel] = list(self._always)
        self._headings: list[QLabel] = []
        self._grids: list[QGridLayout] = []
        self._title.setText(say(sheet.title))
        self._note.setText(say(sheet.note))
        body = QWidget()
        columns = QHBoxLayout(body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(4 * GRID)
        for groups in sheet.columns:
            columns.addLayout(self._column([sheet.groups[group] for group in groups]))
        self._whole.replaceWidget(self._body, body)
        self._body.deleteLater()
        self._body = body

    def _column(self, groups: Sequence[tuple[str, Sequence[Line]]]) -> QLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(2)
        texts: list[QLabel] = []
        row = 0
        for name, lines in groups:
            heading = QLabel(say(name))
            heading.setProperty("role", "section")
            self._headings.append(heading)
            heading.setContentsMargins(0, GRID if row else 0, 0, 0)
            grid.addWidget(heading, row, 0, 1, 2)
            for key, does in lines:
                row += 1
                sign = QLabel(say(key), alignment=Qt.AlignmentFlag.AlignCenter)
                sign.setProperty("role", "key")
                grid.addWidget(sign, row, 0)
                text = QLabel(say(does.value if isinstance(does, Command) else does))
                texts.append(text)
                grid.addWidget(text, row, 1)
                self._small += [sign, text]
            row += 1
        grid.setRowStretch(row, 1)
        self._grids.append(grid)
        self._texts.append(texts)
        return grid

    def toggle(self, sheet: KeySheet = ALL) -> None:
        """Show a sheet, or hide what is shown; long lines are broken where the window is too
        narrow for them, and type that is too large for it is made smaller."""
        if not self.isVisible():
            if sheet is not self._shown:
                self._build(sheet)
            self._fit(self._window.size().shrunkBy(QMargins(GRID, GRID, GRID, GRID)))
        super().toggle()

    def _fit(self, room: QSize) -> None:
        self.ensurePolished()
        font = self.font()
        for points in range(font.pointSize(), _SMALLEST - 1, -1):
            font.setPointSize(points)
            bold = QFont(font)
            bold.setWeight(QFont.Weight.DemiBold)
            for label in self._small:
                label.setFont(font)
            for heading in self._headings:
                heading.setFont(bold)
            self._break_lines(room.width())
            self._measure()
            if self._whole.sizeHint().height() <= room.height():
                return

    def _measure(self) -> None:
        """Forget how high the lines were in another type."""
        for layout in (*self._grids, self._whole):
            layout.invalidate()
        self._whole.activate()

    def _break_lines(self, room: int) -> None:
        """Let the columns be as wide as they like, or as equal widths in ``room`` allow."""
        for text in (text for column in self._texts for text in column):
            text.setWordWrap(False)
            text.setMinimumSize(0, 0)  # a label's hint is no smaller than it was made to be
            text.setFixedSize(text.sizeHint())
        self._measure()
        wide = [max(text.width() for text in column) for column in self._texts]
        left = room - (self._whole.sizeHint().width() - sum(wide))
        most = max(wide)
        while sum(min(one, most) for one in wide) > left and most > GRID:
            most -= 1
        for text in (text for column in self._texts for text in column):
            if text.width() > most:
                text.setWordWrap(True)
                lines = text.fontMetrics().boundingRect(
                    0, 0, most, room, int(Qt.TextFlag.TextWordWrap), text.text()
                )
                text.setFixedSize(most, lines.height())

    def answers(self, event: QKeyEvent) -> bool:
        """The key that shows it hides it."""
        return super().answers(event) or event.text() == "?"
