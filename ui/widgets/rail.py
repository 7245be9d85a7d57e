"""The rail: the places, with what waits at each, and below them practice and help."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from ui.asides import Aside
from ui.icons import ICON
from ui.language import say
from ui.places import NAMES, Place
from ui.theme import GRID, Theme
from ui.widgets.place_button import PlaceButton

_WIDTH = 20 * GRID


class Rail(QWidget):
    """Signals say where the clerk wants to go.

    Signals:
        chosen: A ``Place``.
        practised: *Tập huấn*, or its end, was pressed.
        helped: *Trợ giúp* was pressed.
    """

    chosen = Signal(object)
    practised = Signal()
    helped = Signal()

    def __init__(self, theme: Theme, *, training: bool, parent: QWidget | None = None) -> None:
        """``training``: this is a training's own window, which it can end."""
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("rail")
        self.setMinimumWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 1, GRID)
        column.setSpacing(0)
        self._group = QButtonGroup(self)
        self._buttons: dict[Place, PlaceButton] = {}
        for number, place in enumerate(Place, start=1):
            button = PlaceButton(theme, say(NAMES[place]))
            button.setToolTip(f"Alt+{number}")
            self._group.addButton(button)
            self._buttons[place] = button
            button.clicked.connect(lambda _=False, place=place: self.chosen.emit(place))
            column.addWidget(button)
        column.addStretch(1)
        practise = self.tr("Kết thúc\ntập huấn") if training else self.tr("Tập huấn")
        self.practise, self._help = QPushButton(practise), QPushButton(self.tr("Trợ giúp"))
        for beside, signal in ((self.practise, self.practised), (self._help, self.helped)):
            beside.setProperty("role", "place")
            beside.setIconSize(ICON)
            beside.clicked.connect(signal)
            column.addWidget(beside)
        self._help.setCheckable(True)
        self._help.setToolTip("F1")
        theme.changed.connect(self._dress)
        self._dress()
        self.show_place(Place.COUNTER)

    def show_place(self, place: Place) -> None:
        """Mark where the clerk is."""
        self._buttons[place].setChecked(True)
        self._help.setChecked(False)

    def show_aside(self, aside: Aside) -> None:
        """Mark that the clerk is at none of the places; the guide is *Trợ giúp*."""
        self._group.setExclusive(False)
        for button in self._buttons.values():
            button.setChecked(False)
        self._group.setExclusive(True)
        self._help.setChecked(aside is Aside.GUIDE)

    def show_count(self, place: Place, count: int, *, urgent: bool = False) -> None:
        """Say how much waits at a place; ``urgent``: it needs a hand."""
        self._buttons[place].show_count(count, urgent=urgent)

    def button(self, place: Place) -> QPushButton:
        """Return the button of a place."""
        return self._buttons[place]

    def _dress(self) -> None:
        colour = self._theme.colour("ink_soft")
        for place, button in self._buttons.items():
            button.setIcon(self._theme.icons.icon(place.value, colour))
        self.practise.setIcon(self._theme.icons.icon("training", colour))
        self._help.setIcon(self._theme.icons.icon("help", colour))
