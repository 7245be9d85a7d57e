"""*Dấu mật*: a page that may be a state secret, what was found on it from close by, two choices.

One page at a time; a key decides and goes on to the next, back to *Cần xử lý* at the end. A dossier
that is secret can be removed from this machine from here, and that taken back for a day.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QHideEvent, QImage
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from digitizer.boxes import Box
from digitizer.clearing import Suspect
from digitizer.errors import DigitizerError
from digitizer.model import Dossier, Page
from ui import reads_secrets, secret_words, wording
from ui.commands import Command
from ui.pictures import Part, Wanted, wanted
from ui.places import Parts, Place
from ui.reads_secrets import Marked
from ui.theme import GRID
from ui.widgets import two_sides
from ui.widgets.removal_line import RemovalLine
from ui.widgets.shortened import Shortened, heading
from ui.widgets.trial_page import TrialPage

_PAGE, _CLOSE = QSize(1000, 1414), QSize(1200, 800)
"""Pixels that the page, and what was found on it, are drawn to fit into."""
_AROUND = 0.6
"""How much is shown around a marking, in lengths of it."""


class SecretScreen(QWidget):
    """Shows one page that stops its dossier."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._marked: Marked | None = None
        self._asked = 0
        self.title, self.said = Shortened("count"), Shortened("soft")
        self.sheet, self.close_up = TrialPage(parts.theme), TrialPage(parts.theme)
        self.explained, self.sent = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.decided = QLabel(wordWrap=True)
        self.decided.setProperty("role", "soft")
        self.sent.setProperty("role", "strong")
        self.ordinary = QPushButton(self.tr("1   Không phải tài liệu mật"))
        self.secret = QPushButton(self.tr("2   Là tài liệu mật"))
        self.removes = QPushButton()
        self.removal, self.goes = RemovalLine(), QLabel(wordWrap=True)
        self.goes.setProperty("role", "strong")
        self.removal.hide()
        self.opens = QPushButton(self.tr("Mở hồ sơ  Dấu cách"))
        self.ordinary.clicked.connect(lambda: self.digit(1))
        self.secret.clicked.connect(lambda: self.digit(2))
        self.removes.clicked.connect(lambda: self.digit(3))
        self.removal.sealed.connect(self._remove)
        self.removal.left.connect(self._ask_no_more)
        self.opens.clicked.connect(self._open)
        self._lay_out()

    def _lay_out(self) -> None:
        near = QVBoxLayout()
        near.setSpacing(GRID + GRID // 2)
        near.addWidget(self.close_up, 1)
        for label in (self.sent, self.explained, self.decided, self.goes, self.removal):
            near.addWidget(label)
        two_sides.lay_out(
            self,
            heading(self.title, self.said),
            ((self.sheet, 2), (near, 3)),
            two_sides.bar((self.ordinary, self.secret, self.removes), (self.opens,)),
        )

    # --- a page beside the places ---------------------------------------------------------------

    def enter(self) -> None:
        """Take the keys; ``show_section`` says which page is shown."""
        self.setFocus()

    def show_section(self, section: str) -> None:
        """Show the page with this id, else the first that waits."""
        self._read(section)

    def do(self, command: Command) -> bool:
        """Open the dossier, take a question back, or go back to the list."""
        if command is Command.LARGE:
            self._open()
        elif command is Command.STOP and self.removal.isVisible():
            self._ask_no_more()
        elif command is Command.STOP:
            self._parts.go(Place.TROUBLE)
        else:
            return False
        return True

    def digit(self, number: int) -> None:
        """Decide: 1 it is none, 2 it is one; 3: remove the dossier that is one, or do not."""
        marked, office = self._marked, self._parts.office
        if marked is None:
            return
        if number == 3 and marked.suspect.page.secrecy.confirmed:
            self._remove_or_not(marked)
        elif number in (1, 2):
            self._marked = None

            def done(_dossier: Dossier) -> None:
                self._parts.waits.look()
                self._read("")

            self._parts.bridge.ask(
                lambda: reads_secrets.decide(office.app, marked.suspect, secret=number == 2),
                done,
                self._failed,
            )

    # --- removing it ----------------------------------------------------------------------------

    def _remove_or_not(self, marked: Marked) -> None:
        """Ask before it is removed; take back that it is about to be."""
        dossier, app = marked.suspect.dossier, self._parts.office.app
        if marked.removal is None:
            self.removal.ask(secret_words.what_goes(marked), dossier.name)
            self.removes.hide()
        else:
            self._parts.bridge.ask(
                lambda: app.retention.take_back(dossier.id), self._read_again, self._failed
            )

    def _remove(self) -> None:
        marked, app = self._marked, self._parts.office.app
        if marked is not None:
            dossier_id = marked.suspect.dossier.id
            self._parts.bridge.ask(
                lambda: reads_secrets.remove(app, dossier_id), self._read_again, self._failed
            )

    def _ask_no_more(self) -> None:
        self.removal.hide()
        self.removes.setVisible(self._marked is not None)
        self.setFocus()

    def _read_again(self, _done: object) -> None:
        if self._marked is not None:
            self._read(self._marked.suspect.page.id)
        self.setFocus()

    # --- Qt -------------------------------------------------------------------------------------

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Have the banner say it again, where it is still to be said."""
        super().hideEvent(event)
        self._parts.spare(())

    # --- what is shown --------------------------------------------------------------------------

    @property
    def shown(self) -> Suspect | None:
        """What is shown now."""
        return None if self._marked is None else self._marked.suspect

    def _read(self, page_id: str) -> None:
        self._asked += 1
        asked, app = self._asked, self._parts.office.app

        def show(found: Marked | None) -> None:
            if asked != self._asked or not self.isVisible():
                return
            if found is None:
                self._parts.go(Place.TROUBLE)
            else:
                self._show(found)

        self._parts.bridge.ask(lambda: reads_secrets.marked(app, page_id), show, self._failed)

    def _failed(self, error: DigitizerError) -> None:
        self._parts.office.said.emit(wording.failed(error))
        self._parts.go(Place.TROUBLE)

    def _open(self) -> None:
        one = self.shown
        if one is not None:
            self._parts.show_page(one.dossier.id, one.paper.id, one.page.id)

    def _show(self, marked: Marked) -> None:
        self._marked, one = marked, marked.suspect
        self._parts.spare([secret_words.row_of(one.dossier.id)])
        self.title.say(f"{secret_words.state(one)} · {wording.name_of(one.dossier)}")
        self.said.say(f"{one.dossier.name} · {secret_words.found(one)}")
        self.explained.setText(secret_words.explained(one))
        for label, words in (
            (self.sent, secret_words.sent_before(one)),
            (self.decided, secret_words.decided(one)),
            (self.goes, secret_words.about_to_go(marked)),
        ):
            label.setText(words)
            label.setVisible(bool(words))
        self.secret.setVisible(not one.page.secrecy.confirmed)
        self.removal.hide()
        self.removes.setVisible(one.page.secrecy.confirmed)
        self.removes.setText(
            self.tr("3   Xóa khỏi máy…") if marked.removal is None else self.tr("3   Không xóa nữa")
        )
        self._draw(self.sheet, wanted(one.page, _PAGE), self.tr("Cả trang"))
        near = _near(one.page)
        self.close_up.setVisible(near is not None)
        if near is not None:
            self._draw(self.close_up, near, self.tr("Chỗ tìm thấy"))

    def _draw(self, place: TrialPage, what: Wanted, name: str) -> None:
        place.say(self.tr("Đang mở…"))
        asked = self._asked

        def show(picture: QImage | None) -> None:
            if asked != self._asked:
                return
            if picture is None:
                place.say(self.tr("Không mở được ảnh này."))
            else:
                place.show_picture(picture, name)

        self._parts.pictures.large(what, show)


def _near(page: Page) -> Wanted | None:
    """Return the picture of what was found on a page, with what stands around it."""
    mark, reading = page.secrecy.worst, page.reading
    if mark is None or mark.box is None or reading is None:
        return None
    box = mark.box
    rim = round(max(box.width, box.height) * _AROUND)
    around = Box(
        max(0, box.left - rim),
        max(0, box.top - rim),
        min(reading.width, box.right + rim),
        min(reading.height, box.bottom + rim),
    )
    part = Part(around, 0.0, reading.width, reading.height)
    return Wanted(page.sha256, page.full_turn or 0, _CLOSE.width(), _CLOSE.height(), part)
