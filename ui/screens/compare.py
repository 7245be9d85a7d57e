"""*So hai bản*: what is here and what the server has, side by side; one key decides.

Pages are drawn by a child program, a few at a time; nothing is decoded on Qt's thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from digitizer.conflicts import Met
from digitizer.errors import DigitizerError
from digitizer.versions import Choice
from ui import reads_versions, version_words, wording
from ui.commands import Command
from ui.places import Parts, Place
from ui.screens.version_side import VersionSide
from ui.theme import GRID
from ui.widgets import two_sides
from ui.widgets.shortened import Shortened, heading


class CompareScreen(QWidget):
    """Shows one conflict at a time and goes on to the next."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._met: Met | None = None
        self.page = 1
        self._asked = 0
        self.title, self.said = Shortened("count"), Shortened("soft")
        self.ours = VersionSide(parts, self.tr("Bản của máy này"))
        self.theirs = VersionSide(parts, self.tr("Bản ở nơi nhận"))
        self.number = QLabel()
        self.number.setProperty("role", "soft")
        self.before = QPushButton(self.tr("←  Trang trước"))
        self.behind = QPushButton(self.tr("Trang sau  →"))
        self.opens = QPushButton(self.tr("Mở hồ sơ  Dấu cách"))
        self.buttons = {choice: QPushButton() for choice in Choice}
        self.before.clicked.connect(lambda: self._turn(-1))
        self.behind.clicked.connect(lambda: self._turn(1))
        self.opens.clicked.connect(self._open)
        self._bar = QHBoxLayout()
        for choice, button in self.buttons.items():
            button.clicked.connect(lambda _=False, choice=choice: self.decide(choice))
        self._lay_out()
        self._show_nothing()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addLayout(heading(self.title, self.said), 1)
        for widget in (self.number, self.before, self.behind, self.opens):
            head.addWidget(widget)
        self._bar.setSpacing(2 * GRID)
        self._bar.addWidget(_line(self.buttons[Choice.MINE]))
        self._bar.addWidget(_line(self.buttons[Choice.THEIRS], self.buttons[Choice.BOTH]), 1)
        two_sides.lay_out(self, head, ((self.ours, 1), (self.theirs, 1)), self._bar)

    # --- a page beside the places ---------------------------------------------------------------

    def enter(self) -> None:
        """Take the keys; ``show_section`` says what is compared."""
        self.setFocus()

    def show_section(self, section: str) -> None:
        """Show the conflict with this number."""
        app = self._parts.office.app
        self._read(lambda: reads_versions.met(app, int(section)))

    def do(self, command: Command) -> bool:
        """Turn the pages of both, or open the dossier."""
        if command in (Command.NEXT_PAGE, Command.PREVIOUS_PAGE):
            self._turn(1 if command is Command.NEXT_PAGE else -1)
        elif command is Command.FIRST_PAGE:
            self._turn(1 - self.page)
        elif command is Command.LAST_PAGE:
            self._turn(self._pages - self.page)
        elif command is Command.LARGE:
            self._open()
        elif command is Command.STOP:
            self._parts.go(Place.TROUBLE)
        else:
            return False
        return True

    def digit(self, number: int) -> None:
        """Decide."""
        if self._met is not None and number <= len(self._met.choices):
            self.decide(self._met.choices[number - 1])

    # --- deciding -------------------------------------------------------------------------------

    def decide(self, choice: Choice) -> None:
        """Keep this, and go on to what is to be decided next; back to the list at the end."""
        met, office = self._met, self._parts.office
        if met is None or choice not in met.choices:
            return
        self._met = None

        def done(found: Met) -> None:
            office.noted.emit(
                wording.Notice(
                    wording.Tone.GOOD,
                    version_words.button(found, choice),
                    version_words.decided(found),
                )
            )
            self._read(lambda: reads_versions.next_met(office.app))

        def failed(error: DigitizerError) -> None:
            office.said.emit(wording.failed(error))
            self._parts.go(Place.TROUBLE)

        self._parts.bridge.ask(
            lambda: office.app.conflicts.resolve(met.conflict.id, choice), done, failed
        )

    def _open(self) -> None:
        if self._met is not None:
            self._parts.show_page(self._met.dossier.id, self._met.paper.id, None)

    # --- what is shown --------------------------------------------------------------------------

    @property
    def _pages(self) -> int:
        return max(self.ours.pages, self.theirs.pages, 1)

    def _read(self, read: Callable[[], Met | None]) -> None:
        self._asked += 1
        asked = self._asked

        def show(met: Met | None) -> None:
            if asked != self._asked or not self.isVisible():
                return
            if met is None:
                self._parts.go(Place.TROUBLE)
            else:
                self._show(met)

        def failed(error: DigitizerError) -> None:
            self._parts.office.said.emit(wording.failed(error))
            self._parts.go(Place.TROUBLE)

        self._parts.bridge.ask(read, show, failed)

    def _show_nothing(self) -> None:
        for widget in (*self.buttons.values(), self.theirs, self.before, self.behind):
            widget.hide()

    def _show(self, met: Met) -> None:
        self._met, self.page = met, 1
        name = wording.name_of(met.dossier)
        self.title.say(f"{met.paper.name} · {name} · {met.dossier.name}", met.paper.name)
        self.said.say(version_words.sentence(met))
        self.ours.use(met.conflict.ours, "")
        self.theirs.use(met.conflict.theirs, met.conflict.word)
        self.theirs.setVisible(bool(met.conflict.theirs))
        self._bar.setStretch(0, int(bool(met.conflict.theirs)))  # each below what it keeps
        for choice, button in self.buttons.items():
            button.setVisible(choice in met.choices)
            if choice in met.choices:
                key = met.choices.index(choice) + 1
                button.setText(f"{key}   {version_words.button(met, choice)}")
        self._turn(0)

    def _turn(self, by: int) -> None:
        self.page = max(1, min(self.page + by, self._pages))
        for side in (self.ours, self.theirs):
            side.show_page(self.page, self._count)
        self._count()

    def _count(self) -> None:
        self.number.setText(self.tr("Trang {0} trong {1}").format(self.page, self._pages))
        self.before.setEnabled(self.page > 1)
        self.behind.setEnabled(self.page < self._pages)
        for button in (self.before, self.behind):
            button.setVisible(self._pages > 1)
            button.setToolTip("" if button.isEnabled() else self.tr("Không còn trang nữa"))


def _line(*buttons: QPushButton) -> QWidget:
    """Return buttons beside each other, at the left."""
    found = QWidget()
    line = two_sides.bar(buttons)
    line.setContentsMargins(0, 0, 0, 0)
    found.setLayout(line)
    return found
