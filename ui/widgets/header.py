"""The header: which dossier is open, or which place this is; at its right always the outbox, and
who is at the desk where there is a list of those.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from digitizer.model import Dossier
from ui import wording
from ui.clerks import DeskClerks
from ui.icons import ICON
from ui.theme import GRID, Theme
from ui.widgets.clerk_button import ClerkButton
from ui.widgets.shortened import Shortened

_HEIGHT = 9 * GRID
_LETTERS = 130
"""Of the running text; a header that is narrower is close."""
_ACROSS = 1.5
"""How much longer a line may be for the sake of a break between two parts."""
_SEARCH = "Tìm hồ sơ  Ctrl+F"


class Header(QWidget):
    """Name, code and procedure of the open dossier.

    Signals:
        searched: The clerk wants another dossier.
        asked: The clerk pressed the outbox.
        binding: The clerk wants to give the open local dossier its code.
    """

    searched = Signal()
    asked = Signal()
    binding = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.name = Shortened("name")
        self.code = QLabel()
        self.code.setProperty("role", "code")
        self.bind = _flat(self.tr("Gắn mã  Y"))
        self.bind.clicked.connect(self.binding)
        self.about = Shortened("soft")
        second = QHBoxLayout()
        second.setSpacing(2 * GRID)
        second.addWidget(self.code, 0, Qt.AlignmentFlag.AlignVCenter)
        second.addWidget(self.about, 0, Qt.AlignmentFlag.AlignVCenter)
        second.addStretch(1)
        self.title, self.note = Shortened("name"), Shortened("soft")
        self._words = QStackedWidget()
        self._words.addWidget(_two_lines(self.name, second))
        self._words.addWidget(_two_lines(self.title, self.note))
        self.search = _flat(self.tr(_SEARCH))
        self.search.clicked.connect(self.searched)
        self.outbox = _flat("")
        self.outbox.clicked.connect(self.asked)
        self.clerk = ClerkButton(theme)
        line = QHBoxLayout(self)
        line.setContentsMargins(3 * GRID, GRID, 2 * GRID, GRID)
        line.setSpacing(GRID)
        line.addWidget(self._words, 1)
        line.addSpacing(GRID)
        line.addWidget(self.bind)
        line.addWidget(self.search)
        line.addWidget(self.outbox)
        line.addWidget(self.clerk)
        self.setMinimumHeight(_HEIGHT)
        theme.changed.connect(self._paint_icons)
        theme.changed.connect(self._fit)
        self._troubled = self._bindable = self._close = False
        self._traffic = ""
        self._paint_icons()
        self.show_dossier(None)

    def seat(self, clerks: DeskClerks) -> None:
        """Show who is at the desk, and let that be changed."""
        clerks.changed.connect(lambda: self.clerk.show_clerks(clerks.all, clerks.at_desk))
        self.clerk.chosen.connect(clerks.use)

    def change_clerk(self) -> None:
        """Offer all who work here; where there is no list, lead to where one is begun."""
        if self.clerk.isHidden():
            self.clerk.edit.emit()
        else:
            self.clerk.open_menu()

    def show_dossier(self, dossier: Dossier | None, *, bindable: bool = False) -> None:
        """Say which dossier is open; ``bindable``: it waits for its code."""
        self._bindable = bindable and dossier is not None
        self._show_bind()
        if dossier is None:
            self.name.say(self.tr("Chưa mở hồ sơ nào"))
            self.code.hide()
            self.about.say(self.tr("Quét mã vạch trên giấy tiếp nhận, hoặc tìm theo mã hay tên"))
            return
        self.name.say(wording.name_of(dossier))
        self.code.setText(dossier.name)
        self.code.show()
        procedure = wording.about(dossier)
        parts = [procedure, wording.opened(dossier)]
        self.about.say(" · ".join(part for part in parts if part), procedure)

    def show_place(self, title: str, note: str) -> None:
        """Say which place this is, and what stands there."""
        self.title.say(title)
        self.note.say(note)
        self.note.setVisible(bool(note))
        self._words.setCurrentIndex(1)
        self._show_bind()

    def show_counter(self) -> None:
        """Say again which dossier is open."""
        self._words.setCurrentIndex(0)
        self._show_bind()

    def show_traffic(self, text: str, hint: str, *, troubled: bool) -> None:
        """Sum up the outbox; ``troubled`` where it does not move. ``hint`` is said on hover."""
        self._traffic = text
        self._fit()
        self.outbox.setToolTip(hint)
        self.outbox.setAccessibleDescription(hint)
        if troubled != self._troubled:
            self._troubled = troubled
            self._paint_icons()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """See whether all has room in one line."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where the type is large for the window, the buttons say in two lines what they say: the
        dossier's name and the state of the outbox are not cut."""
        self._close = self.fontMetrics().averageCharWidth() * _LETTERS > self.width()
        self.clerk.say_in_lines(2 if self._close else 1)
        search = self.tr(_SEARCH)
        self.search.setText(search.replace("  ", "\n") if self._close else search)
        self.outbox.setText(_halves(self._traffic) if self._close else self._traffic)
        self.outbox.setAccessibleName(self._traffic)
        self.search.setAccessibleName(search)

    def _show_bind(self) -> None:
        """Offer to give the open dossier its code, where that dossier is what is shown."""
        self.bind.setVisible(self._bindable and self._words.currentIndex() == 0)

    def _paint_icons(self) -> None:
        colour = self._theme.colour
        icons = self._theme.icons
        self.bind.setIcon(icons.icon("bind", colour("ink_soft")))
        self.search.setIcon(icons.icon("search", colour("ink_soft")))
        name = "trouble" if self._troubled else "outbox"
        tone = "warn" if self._troubled else "ink_soft"
        self.outbox.setIcon(icons.icon(name, colour(tone)))


def _two_lines(first: QWidget, second: QWidget | QHBoxLayout) -> QWidget:
    words = QWidget()
    column = QVBoxLayout(words)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addStretch(1)
    column.addWidget(first)
    if isinstance(second, QWidget):
        column.addWidget(second)
    else:
        column.addLayout(second)
    column.addStretch(1)
    return words


def _halves(text: str) -> str:
    """Break a text into two lines that are about as long, where it has a `` · `` near there."""
    words = text.split()
    breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    if not breaks:
        return text

    def cost(lines: tuple[str, str]) -> float:
        parted = lines[0].endswith(" ·") or lines[1].startswith("· ")
        return max(len(line) for line in lines) * (1.0 if parted else _ACROSS)

    first, second = min(breaks, key=cost)
    return f"{first.removesuffix(' ·')}\n{second.removeprefix('· ')}"


def _flat(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "flat")
    button.setIconSize(ICON)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button
