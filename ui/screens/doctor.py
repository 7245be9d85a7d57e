"""*Chẩn đoán*: the doctor's findings as a list, and a report for support to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from digitizer import diagnosis
from digitizer.doctor import Check, examine
from digitizer.errors import DigitizerError
from ui import doctor_words
from ui.asides import Aside
from ui.bridge import Pool
from ui.commands import Command
from ui.language import trouble
from ui.places import Parts
from ui.screens.history import ALL
from ui.theme import GRID
from ui.widgets.dressed import dressed
from ui.widgets.form import Words
from ui.widgets.middle import put_in_the_middle

_WIDTH = 110 * GRID
_SIGN = 20


class DoctorScreen(QWidget):
    """Looks at the machine each time it is gone to."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._looking = False
        self._checks: tuple[Check, ...] = ()
        self._report = ""
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.summary = QLabel()
        self.summary.setProperty("role", "count")
        self.said = Words("soft")
        self.copy = QPushButton(self.tr("Sao chép báo cáo"))
        self.copy.setProperty("role", "main")
        self.again = QPushButton(self.tr("Xem lại"))
        self.history = QPushButton(self.tr("Lịch sử của máy này"))
        self.history.clicked.connect(lambda: parts.aside(Aside.HISTORY, ALL))
        self.copy.clicked.connect(self._copy)
        self.again.clicked.connect(self._look)
        self._list = dressed("ground", QWidget())
        self._rows = QGridLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(2 * GRID)
        self._rows.setVerticalSpacing(GRID + 4)
        self._rows.setColumnStretch(3, 1)
        self._lay_out()
        parts.theme.changed.connect(self._fill)

    def enter(self) -> None:
        """Look again."""
        self.setFocus()
        self._look()

    def do(self, _command: Command) -> bool:
        """Nothing here is a key's."""
        return False

    def digit(self, number: int) -> None:
        """Means nothing here."""

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.copy)
        buttons.addWidget(self.again)
        buttons.addWidget(self.history)
        buttons.addWidget(self.said, 1)
        column = dressed("ground", QWidget())
        column.setMaximumWidth(_WIDTH)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 3 * GRID, 0, 3 * GRID)
        inside.setSpacing(2 * GRID)
        inside.addWidget(self.summary)
        inside.addLayout(buttons)
        inside.addWidget(self._list)
        inside.addStretch(1)
        middle = dressed("ground", QWidget())
        put_in_the_middle(middle, column, 12)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(middle)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _look(self) -> None:
        if self._looking:
            return
        self._looking = True
        self.summary.setText(self.tr("Đang xem máy này…"))
        self.said.setText("")
        self._allow(self.tr("Đang xem máy này"))
        app = self._parts.office.app
        troubles = self._parts.scanners.troubles

        def look() -> tuple[tuple[Check, ...], str]:
            with app.encryption.known():
                checks = tuple(examine(app.home.root, troubles()))
                return checks, diagnosis.made(app.home.root, checks)

        self._parts.bridge.ask(look, self._seen, self._failed, pool=Pool.LONG)

    def _seen(self, found: tuple[tuple[Check, ...], str]) -> None:
        self._looking = False
        self._checks, self._report = found
        self.summary.setText(doctor_words.summary(self._checks))
        self._allow("")
        self._fill()

    def _failed(self, error: DigitizerError) -> None:
        self._looking = False
        self.summary.setText(trouble(error))
        self._allow("" if self._report else self.tr("Chưa xem được máy này"))
        self.again.setEnabled(True)

    def _allow(self, why_not: str) -> None:
        for button in (self.copy, self.again):
            button.setEnabled(not why_not)
            button.setToolTip(why_not)
            button.setAccessibleDescription(why_not)

    def _fill(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        ordered = sorted(self._checks, key=lambda one: one.ok)
        for row, check in enumerate(ordered):
            line = doctor_words.line(check)
            sign, name, word, detail = QLabel(), QLabel(line.name), QLabel(line.word), Words("soft")
            shape, tone = ("good", "good") if line.ok else ("warn", "warn")
            colour = self._parts.theme.colour(tone)
            sign.setPixmap(
                self._parts.theme.icons.pixmap(shape, colour, _SIGN, self.devicePixelRatio())
            )
            name.setMinimumWidth(name.sizeHint().width() + GRID)
            detail.setText(line.detail)
            detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            name.setAccessibleName(f"{line.name}: {line.word}. {line.detail}")
            for column, widget in enumerate((sign, name, word, detail)):
                self._rows.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)
            self._rows.setAlignment(detail, Qt.AlignmentFlag(0))

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._report)
        self.said.setText(
            self.tr("✓ Đã sao chép, không có tên người và mã hồ sơ. Dán vào thư gửi người hỗ trợ.")
        )
