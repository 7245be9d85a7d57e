"""What *Hôm nay*, *Cần xử lý* and *Chờ gửi* have in common: a line about the whole with one
button, the list, what is said when it is empty; the keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import reads
from ui.asides import Aside
from ui.commands import Command
from ui.places import Parts, Place
from ui.rows import Deed, Row
from ui.theme import GRID
from ui.widgets.dressed import dressed
from ui.widgets.row_paint import WIDEST
from ui.widgets.row_view import RowView
from ui.widgets.shortened import Shortened, heading

_SIGN = 20
_LARGE_SIGN = 48
_WIDTH = 64 * GRID
_GATHER_MS = 200
"""How long news are gathered before the list is read anew."""
_END = 1_000_000


class Listing(QWidget):
    """One of the lists. It is read anew by itself while it can be seen."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._said = ("working", "ink_soft", "")
        self._empty = ("sent", "", "")
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._sign = QLabel()
        self._sign.setFixedSize(_SIGN, _SIGN)
        self.status, self.note = Shortened("strong"), Shortened("soft")
        self.button = QPushButton()
        self.button.clicked.connect(self.act)
        self.view = RowView(parts.theme)
        self.view.pressed_on.connect(self.press)
        self.view.opened.connect(self.open)
        self._large = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self.empty_title = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.empty_title.setProperty("role", "name")
        self.empty_hint = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.empty_hint.setProperty("role", "soft")
        self._nothing = QWidget()
        self._lay_out()
        self._timer = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._timer.timeout.connect(self._look)
        parts.office.traffic_changed.connect(self._hear)
        parts.theme.changed.connect(self._dress)
        self._show_nothing_yet()

    def _lay_out(self) -> None:
        head = dressed("header", QWidget())
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bounds = QHBoxLayout(head)
        bounds.setContentsMargins(0, 0, 0, 0)
        whole = QWidget()
        whole.setMaximumWidth(WIDEST)
        bounds.addWidget(whole, 1)
        bounds.addStretch(0)
        line = QHBoxLayout(whole)
        line.setContentsMargins(3 * GRID, GRID + 4, 2 * GRID, GRID + 4)
        line.setSpacing(GRID + GRID // 2)
        line.addWidget(self._sign)
        line.addLayout(heading(self.status, self.note), 1)
        line.addWidget(self.button)
        inside = QVBoxLayout()
        inside.setSpacing(2 * GRID)
        inside.addStretch(2)
        for label in (self._large, self.empty_title, self.empty_hint):
            label.setFixedWidth(_WIDTH)
            inside.addWidget(label)
        inside.addStretch(3)
        middle = QHBoxLayout(self._nothing)
        middle.addStretch(1)
        middle.addLayout(inside)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.view, 1)
        column.addWidget(self._nothing, 1)

    # --- what a list says of itself -----------------------------------------------------------

    def look(self) -> None:
        """Read the list and show it; each list its own way (a class of Qt cannot be an ABC)."""
        raise NotImplementedError

    def act(self) -> None:
        """Do what the button above the list does: send and fetch now."""
        self._parts.office.retry()

    def press(self, row: Row) -> None:
        """Do what the button of a line does."""
        if row.deed in (Deed.OPEN, Deed.PAGE):
            self.open(row)
        elif row.deed in (Deed.RETRY, Deed.SEND):
            self._retry(row.dossier_id)
        elif row.deed is Deed.PASSWORD:
            self._parts.mend_password(row.clerk)
        elif row.deed is Deed.SETTINGS:
            self._parts.mend(row.part)
        elif row.deed in (Deed.COMPARE, Deed.DECIDE):
            self._parts.aside(Aside.COMPARE, str(row.conflict))
        elif row.deed is Deed.SIGN:
            self._parts.aside(Aside.SIGN, "")
        elif row.deed is Deed.MARKED:
            self._parts.aside(Aside.MARKED, row.page_id)
        elif row.deed is Deed.STACK:
            self._parts.go(Place.STACK)
        elif row.deed is Deed.FOLDERS:
            self._parts.look_at_folders()

    def open(self, row: Row) -> None:
        """Open the dossier of a line at the counter, where it is about that."""
        if row.dossier_id:
            self._parts.show_page(row.dossier_id, row.paper_id or None, row.page_id or None)

    # --- a place ------------------------------------------------------------------------------

    def enter(self) -> None:
        """Take the focus, and read it now."""
        self.view.begin()
        self._take_focus()
        self.look()

    def do(self, command: Command) -> bool:
        """Do what a key asks for."""
        if command in (Command.NEXT_PAGE, Command.PREVIOUS_PAGE):
            self.view.step(1 if command is Command.NEXT_PAGE else -1)
        elif command in (Command.FIRST_PAGE, Command.LAST_PAGE):
            self.view.go_to(0 if command is Command.FIRST_PAGE else _END)
        elif command is Command.NEXT_PAPER:
            self._press_chosen()
        elif command is Command.LARGE:
            if self.view.row is not None:
                self.open(self.view.row)
        else:
            return False
        return True

    def digit(self, number: int) -> None:
        """Means nothing here."""

    def _press_chosen(self) -> None:
        row = self.view.row
        if row is not None and row.deed is not Deed.NONE:
            self.view.act_on(row)
            self.press(row)
        elif row is not None:
            self.open(row)

    def _retry(self, dossier_id: str) -> None:
        """Take up again what failed: of a dossier, or what stops all (which signs in anew)."""
        if not dossier_id:
            self._parts.office.retry()
            return
        app = self._parts.office.app
        self._parts.bridge.ask(lambda: reads.retry(app, dossier_id))

    # --- what is shown ------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[Row], empty: tuple[str, str, str]) -> None:
        """Show these lines, or ``empty`` (an icon, a title, what to do) where there are none."""
        here = self.window().focusWidget() in (self, self.view)
        self.view.show_rows(rows)
        self.view.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        if here:
            self._take_focus()
        self._empty = empty
        self.empty_title.setText(empty[1])
        self.empty_hint.setText(empty[2])
        self._dress()

    def say(self, said: tuple[str, str, str], note: str = "") -> None:
        """Say how the whole stands: an icon, its tone, a sentence; and below it a note."""
        self.status.say(said[2])
        self.note.say(note)
        self.note.setVisible(bool(note))
        if said != self._said:
            self._said = said
            self._dress()

    def _take_focus(self) -> None:
        """Have the keys, without a list to give them to as well."""
        there = self if self.view.isHidden() else self.view
        there.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_nothing_yet(self) -> None:
        self.view.hide()
        self._nothing.hide()

    def _hear(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _look(self) -> None:
        if self.isVisible():
            self.look()

    def _dress(self) -> None:
        theme, ratio = self._parts.theme, self.devicePixelRatio()
        mark, tone, _ = self._said
        self._sign.setPixmap(theme.icons.pixmap(mark, theme.colour(tone), _SIGN, ratio))
        large = theme.icons.pixmap(self._empty[0], theme.colour("ink_soft"), _LARGE_SIGN, ratio)
        self._large.setPixmap(large)
