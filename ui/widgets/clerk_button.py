"""The header's button that names who is at the desk, and its menu of all who work there."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from digitizer.storage.clerks import Clerk
from ui import clerk_words
from ui.icons import ICON
from ui.theme import GRID, Theme

_WIDEST = 22 * GRID
_MENU_WIDEST = 60 * GRID
_DIGITS = 9


class ClerkButton(QPushButton):
    """Hidden where there is no list. A digit of the open menu chooses, as Enter does.

    Signals:
        chosen: The id of who is at the desk from now on.
        edit: Somebody wants to change the list.
    """

    chosen = Signal(str)
    edit = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._all: tuple[Clerk, ...] = ()
        self._at_desk: Clerk | None = None
        self._between = "  "
        self.setProperty("role", "flat")
        self.setIconSize(ICON)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.menu_of_clerks = QMenu(self)
        self.clicked.connect(self.open_menu)
        theme.changed.connect(self._dress)
        self.hide()

    def show_clerks(self, clerks: tuple[Clerk, ...], at_desk: Clerk | None) -> None:
        """Name who is at the desk; an open menu stays as it is."""
        self._all, self._at_desk = clerks, at_desk
        self.setVisible(bool(clerks))
        self._dress()

    def say_in_lines(self, lines: int) -> None:
        """Name the key beside the name (1), or below it (2)."""
        self._between = "  " if lines == 1 else "\n"
        self._dress()

    def open_menu(self) -> None:
        """Offer all who work here, right below this button."""
        menu = self.menu_of_clerks
        menu.clear()
        for number, one in enumerate(self._all, start=1):
            sign = f"&{number}  " if number <= _DIGITS else "     "
            action = menu.addAction(sign + self._shortened(one.name, _MENU_WIDEST))
            action.setCheckable(True)
            action.setChecked(one == self._at_desk)
            action.triggered.connect(lambda _=False, id_=one.id: self.chosen.emit(id_))
            if one == self._at_desk:
                menu.setActiveAction(action)
        menu.addSeparator()
        menu.addAction(self.tr("Sửa danh sách…"), self.edit.emit)
        corner = self.mapToGlobal(self.rect().bottomRight())
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _dress(self) -> None:
        one = self._at_desk
        name = one.name if one else self.tr("Ai đang làm?")
        self.setText(f"{self._shortened(name, _WIDEST)}{self._between}F9")
        tone = "ink_soft" if one else "warn"
        self.setIcon(self._theme.icons.icon("clerk", self._theme.colour(tone)))
        self.setAccessibleName(self.tr("Người làm ở bàn này: {0}").format(name))
        hint = self.tr("Bấm hoặc F9 để đổi người")
        if one is not None:
            hint = f"{name} · {clerk_words.account(one.account)}\n{hint}"
        self.setToolTip(hint)
        self.setAccessibleDescription(hint)

    def _shortened(self, name: str, room: int) -> str:
        short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
        return short.replace("&", "&&")
