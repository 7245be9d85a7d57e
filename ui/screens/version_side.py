"""A file of a paper as it is kept here: what it is, and a page of it; for whoever decides on it.

Pages are drawn by a child program, a few at a time; nothing is decoded on Qt's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from digitizer.errors import DigitizerError
from ui import reads_versions
from ui.bridge import Pool
from ui.language import say, trouble
from ui.places import Parts
from ui.reads_versions import Seen
from ui.theme import GRID
from ui.widgets.shortened import Shortened
from ui.widgets.trial_page import TrialPage

_PICTURE = QSize(1000, 1414)
"""Pixels that a page is drawn to fit into."""
_KEPT = 12
"""So many drawn pages are kept, those nearest to the one that is looked at: one has 5 MB."""


class VersionSide(QWidget):
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

    def use(self, sha256: str, word: str, name: str = "") -> None:
        """Show this version from now on.

        Args:
            sha256: Its file in the vault; empty: there is none.
            word: What the server calls it.
            name: What it is called from now on; empty: as before.
        """
        self._name = name or self._name
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
            self.picture.say(say("Bản này chỉ có {0} trang.", self.pages))
        elif not self._asking:
            self._ask(number, counted)

    def _ask(self, number: int, counted: Callable[[], None]) -> None:
        self._asking = True
        app, sha256 = self._parts.office.app, self._sha256

        def seen(found: Seen) -> None:
            self._asking = False
            if sha256 == self._sha256:
                self.pages = found.pages
                self._keep(found.pictures)
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

    def _keep(self, fresh: Mapping[int, QImage]) -> None:
        drawn = {**self._pictures, **fresh}
        near = sorted(drawn, key=lambda number: abs(number - self._wanted))[:_KEPT]
        self._pictures = {number: drawn[number] for number in near}

    def _say(self) -> None:
        pages = self.tr("{0} trang").format(self.pages) if self.pages else ""
        self.heading.say(" · ".join(part for part in (self._name, pages, self._word) if part))
