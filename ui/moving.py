"""*M, then a digit*: pages that are about to go to another paper or dossier.

Holds which pages, and where they would go; says so in one line. The verbs are ``page_verbs``'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from digitizer.model import OTHER_PART, Dossier, Page, Paper
from ui import work_words
from ui.commands import Command
from ui.office import Office
from ui.page_verbs import PageVerbs


class Moving(QObject):
    """Waits for where the pages go.

    Signals:
        asked: What is asked for, in one line; empty: nothing any more.
        aimed: Id of the paper that Enter would choose, or None.
        seeking: A dossier is to be chosen: what is asked for, in one line; empty: no more.
    """

    asked = Signal(str)
    aimed = Signal(object)
    seeking = Signal(str)

    def __init__(self, office: Office, verbs: PageVerbs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._office, self._verbs = office, verbs
        self._pages: tuple[Page, ...] = ()
        self._aim: str | None = None
        self._number = 0
        self._seeks = False
        self._dossier = ""
        office.desk_changed.connect(self._see_to_dossier)

    @property
    def waits(self) -> bool:
        """Whether pages are about to go."""
        return bool(self._pages)

    @property
    def seeks(self) -> bool:
        """Whether a dossier is being looked for."""
        return self._seeks

    def begin(self, pages: Sequence[Page]) -> None:
        """Ask where these pages go."""
        desk = self._office.desk
        if desk is None or not pages:
            return
        self._pages, self._dossier, self._aim = tuple(pages), desk.dossier.id, None
        self._number = 0
        other = not any(paper.part == OTHER_PART for paper in desk.dossier.listed)
        self.asked.emit(work_words.asks_where(len(pages), desk.dossier, other=other))

    def cancel(self) -> None:
        """Leave the pages where they are."""
        if self.waits:
            self._end()

    def do(self, command: Command) -> bool:
        """Take the keys that say where; any other ends it and is done as ever."""
        if not self.waits:
            return False
        if command in (Command.ELSEWHERE, Command.FIND):
            self._seeks = True
            self.seeking.emit(work_words.asks_which(len(self._pages)))
        elif command is Command.WHOLE and self._number:
            self.digit(0)
        elif command is Command.WHOLE:
            pages = self._end()
            self._verbs.to_other(pages)
        elif command in (Command.NEXT_PAGE, Command.PREVIOUS_PAGE):
            self._step(1 if command is Command.NEXT_PAGE else -1)
        elif command is Command.NEXT_PAPER and self._aim is not None:
            self.hand_to(self._aim)
        else:
            self.cancel()
            return False
        return True

    def digit(self, number: int) -> None:
        """Move the pages to the paper with this number; where another digit may follow, aim at it
        and wait for that or for Enter."""
        papers, number = self._papers, 10 * self._number + number
        self._number = 0
        if number > len(papers):
            self._verbs.told.emit(work_words.no_such_paper(number))
        elif 10 * number <= len(papers):
            self._number, self._aim = number, papers[number - 1].id
            self.aimed.emit(self._aim)
            self.asked.emit(work_words.asks_rest(len(self._pages), number, papers[number - 1].name))
        else:
            self.hand_to(papers[number - 1].id)

    def hand_to(self, paper_id: str) -> None:
        """Move the pages to this paper."""
        paper = next((one for one in self._papers if one.id == paper_id), None)
        pages = self._end()
        if paper is not None:
            self._verbs.to_paper(pages, paper)

    def to_dossier(self, dossier: Dossier) -> None:
        """Move the pages to this dossier."""
        pages = self._end()
        self._verbs.to_dossier(pages, dossier)

    def to_code(self, code: str) -> None:
        """Move the pages to the dossier with this mã hồ sơ, if it is here."""
        app, office = self._office.app, self._office

        def found(dossier: Dossier) -> None:
            if self.seeks:
                self.to_dossier(dossier)

        office.bridge.ask(
            lambda: app.dossiers.find(code),
            found,
            lambda _: office.said.emit(work_words.not_here(code)),
        )

    def _step(self, by: int) -> None:
        ids = [paper.id for paper in self._papers]
        start = self._aim or self._office.paper_id
        self._number = 0
        if ids:
            at = ids.index(start) + by if start in ids else 0
            self._aim = ids[max(0, min(at, len(ids) - 1))]
            self.aimed.emit(self._aim)

    @property
    def _papers(self) -> tuple[Paper, ...]:
        return self._office.desk.dossier.listed if self._office.desk else ()

    def _see_to_dossier(self) -> None:
        """Pages of a dossier that is closed go nowhere."""
        desk = self._office.desk
        if self.waits and (desk is None or desk.dossier.id != self._dossier):
            self.cancel()

    def _end(self) -> tuple[Page, ...]:
        pages, self._pages = self._pages, ()
        seeks, self._seeks, self._aim = self._seeks, False, None
        self.asked.emit("")
        self.aimed.emit(None)
        if seeks:
            self.seeking.emit("")
        return pages
