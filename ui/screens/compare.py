"""*So hai bản*: what is here and what the server has, side by side; one key decides.

Pages are drawn by a child program, a few at a time; nothing is decoded on Qt's thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from digitizer.conflicts import Met
from digitizer.errors import DigitizerError
from digitizer.versions import Choice
from ui import reads_versions, version_words, wording
from ui.bridge import Pool
from ui.commands import Command
from ui.language import trouble
from ui.places import Parts, Place
from ui.reads_versions import Seen
from ui.theme import GRID
from ui.widgets.shortened import Shortened
from ui.widgets.trial_page import TrialPage

_PICTURE = QSize(1000, 1414)
"""Pixels that a page is drawn to fit into."""


class CompareScreen(QWidget):
    """Shows one conflict at a time and goes on to the next."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._met: Met | None = None
        self.page = 1
        self._asked = 0
        self.setObjectName("ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.said = Shortened("count"), Shortened("soft")
        self.ours = _Side(parts, self.tr("Bản của máy này"))
        self.theirs = _Side(parts, self.tr("Bản ở nơi nhận"))
        self.number = QLabel()
        self.number.setProperty("role", "soft")
        self.before = QPushButton(self.tr("←  Trang trước"))
        self.behind = QPushButton(self.tr("Trang sau  →"))
        self.opens = QPushButton(self.tr("Mở hồ sơ  Dấu cách"))
        self.buttons = {choice: QPushButton() for choice in Choice}
        self.before.clicked.connect(lambda: self._turn(-1))
        self.behind.clicked.connect(lambda: self._turn(1))
        self.opens.clicked.connect(self._open)
        for choice, button in self.buttons.items():
            button.setProperty("role", "main")
            button.clicked.connect(lambda _=False, choice=choice: self.decide(choice))
        self._lay_out()
        self._show_nothing()

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(0)
        for words in (self.title, self.said):
            words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            head.addWidget(words)
        sides = QHBoxLayout()
        sides.setSpacing(2 * GRID)
        sides.addWidget(self.ours, 1)
        sides.addWidget(self.theirs, 1)
        bar = QHBoxLayout()
        bar.setSpacing(GRID)
        for button in self.buttons.values():
            bar.addWidget(button)
        bar.addStretch(1)
        bar.addWidget(self.number)
        for button in (self.before, self.behind, self.opens):
            bar.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        whole.setSpacing(GRID + GRID // 2)
        whole.addLayout(head)
        whole.addLayout(sides, 1)
        whole.addLayout(bar)

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
        for widget in (*self.buttons.values(), self.theirs):
            widget.hide()

    def _show(self, met: Met) -> None:
        self._met, self.page = met, 1
        name = wording.name_of(met.dossier)
        self.title.say(f"{met.paper.name} · {name} · {met.dossier.name}")
        self.said.say(version_words.sentence(met))
        self.ours.use(met.conflict.ours, "")
        self.theirs.use(met.conflict.theirs, met.conflict.word)
        self.theirs.setVisible(bool(met.conflict.theirs))
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


class _Side(QWidget):
    """One version: what it is, and a page of it."""

    def __init__(self, parts: Parts, name: str) -> None:
        super().__init__()
        self._parts = parts
        self._name = name
        self._sha256 = self._word = ""
        self._pictures: dict[int, QImage] = {}
        self._wanted = 1
        self._asking = False
        self.pages = 0
        self.heading = Shortened("section")
        self.heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.picture = TrialPage(parts.theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.heading)
        column.addWidget(self.picture, 1)

    def use(self, sha256: str, word: str) -> None:
        """Show this version from now on; ``word``: what the server calls it."""
        self._sha256, self._pictures, self.pages = sha256, {}, 0
        self._word = word
        self._say()
        self.picture.say(self.tr("Đang mở…"))

    def show_page(self, number: int, counted: Callable[[], None]) -> None:
        """Show a page, once it is drawn; ``counted`` is called when it is known how many."""
        self._wanted = number
        if not self._sha256:
            return
        if number in self._pictures:
            words = self.tr("{0}, trang {1}").format(self._name, number)
            self.picture.show_picture(self._pictures[number], words)
        elif self.pages and number > self.pages:
            self.picture.say(self.tr("Bản này chỉ có {0} trang.").format(self.pages))
        elif not self._asking:
            self._ask(number, counted)

    def _ask(self, number: int, counted: Callable[[], None]) -> None:
        self._asking = True
        app, sha256 = self._parts.office.app, self._sha256

        def seen(found: Seen) -> None:
            self._asking = False
            if sha256 == self._sha256:
                self.pages = found.pages
                self._pictures |= found.pictures
                self._say()
                counted()
            self.show_page(self._wanted, counted)

        def failed(error: DigitizerError) -> None:
            self._asking = False
            if sha256 == self._sha256:
                self.picture.say(trouble(error))
            else:
                self.show_page(self._wanted, counted)

        self._parts.bridge.ask(
            lambda: reads_versions.see(app, sha256, number, _PICTURE.width(), _PICTURE.height()),
            seen,
            failed,
            pool=Pool.LONG,
        )

    def _say(self) -> None:
        pages = self.tr("{0} trang").format(self.pages) if self.pages else ""
        self.heading.say(" · ".join(part for part in (self._name, pages, self._word) if part))
