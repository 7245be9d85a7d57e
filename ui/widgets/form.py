"""What forms are made of: a section with its heading, soft words, widgets side by side."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme import GRID
from ui.widgets.dressed import dressed

_LABEL_WIDTH = 24 * GRID
TALL = "tall"
"""The property of fields that are lines of text without a frame: their names stand at their top."""


def section(inside: QVBoxLayout, title: str, *rows: tuple[str, QWidget]) -> QFormLayout:
    """Add a heading and rows, each a label (may be empty) and what stands beside it."""
    heading = QLabel(title)
    heading.setProperty("role", "section")
    inside.addSpacing(2 * GRID)
    inside.addWidget(heading)
    line = dressed("line", QWidget())
    line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    line.setFixedHeight(1)
    inside.addWidget(line)
    form = QFormLayout()
    form.setContentsMargins(0, GRID, 0, 0)
    form.setHorizontalSpacing(3 * GRID)
    form.setVerticalSpacing(GRID + 4)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for label, widget in rows:
        name = QLabel(label)
        name.setMinimumWidth(_LABEL_WIDTH)
        if widget.property(TALL):  # Qt centres a name on the first one and three quarter lines
            name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        name.setBuddy(widget)
        if label:
            widget.setAccessibleName(label)
        form.addRow(name, widget)
    inside.addLayout(form)
    return form


class Words(QLabel):
    """Some lines of text that are never cut.

    Asks for the height of its lines outright: through a scroll area and two layouts Qt works out
    another width than the label gets in the end.
    """

    def __init__(self, role: str) -> None:
        """``role``: how the style sheet dresses it."""
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._role = role
        self.setProperty("role", role)
        self.setProperty(TALL, True)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show ``text``; what tells of a failure (✗) looks like one, whatever the lines are for."""
        role = "wrong" if "✗" in text else self._role
        if role != self.property("role"):
            self.setProperty("role", role)
            self.style().polish(self)
        super().setText(text)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Let layouts ask for sizes alone."""
        return False

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the height of the lines at the width that it has."""
        return QSize(super().sizeHint().width(), self._height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same height."""
        return QSize(super().minimumSizeHint().width(), self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another width may call for other lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _height(self) -> int:
        return self.heightForWidth(self.width()) if self.text() else 0


def beside(*widgets: QWidget) -> QWidget:
    """Return a row; labels and fields take the room that buttons leave, which are as wide as their
    words."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(GRID)
    for widget in widgets:
        line.addWidget(widget, 0 if isinstance(widget, QPushButton) else 1)
        if isinstance(widget, QPushButton):
            widget.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    line.addStretch(0)
    return row
