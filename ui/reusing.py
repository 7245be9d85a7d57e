"""*U*: the paper that is looked at was digitized before; what is it?

Asks in one line: a digit takes a paper that is kept here for the same person, K asks for the code
of an earlier result. The verbs are the core's (``digitizer.reusing``), each one step of undo.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from digitizer import reusing
from digitizer.errors import DigitizerError
from digitizer.model import Paper, PaperKind
from digitizer.reusing import Source
from ui import reuse_words, wording
from ui.commands import Command
from ui.office import Office
from ui.widgets.bar import Bar


class Reusing(QObject):
    """Waits for what the current paper is.

    Signals:
        ended: It waits no more; the field it may have had the keys in is gone.
    """

    ended = Signal()

    def __init__(self, office: Office, bar: Bar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._office, self._bar = office, bar
        self._paper: Paper | None = None
        self._sources: tuple[Source, ...] = ()
        self._source = ""
        bar.code.returnPressed.connect(self._take_code)
        office.desk_changed.connect(self._see_to_paper)
        office.paper_changed.connect(self._see_to_paper)

    @property
    def waits(self) -> bool:
        """Whether the clerk is asked."""
        return self._paper is not None

    def begin(self) -> None:
        """Ask what the current paper is."""
        desk, paper, app = self._office.desk, self._office.paper, self._office.app
        if desk is None or paper is None:
            return
        self._paper, self._sources = paper, ()
        dossier = desk.dossier

        def found(sources: tuple[Source, ...]) -> None:
            if self._paper == paper and not self._bar.code.isVisible():
                self._sources = sources[:9]
                self._bar.ask(reuse_words.asks(paper, self._sources))

        self._bar.ask(reuse_words.asks(paper, ()))
        self._office.bridge.ask(lambda: reusing.sources(app.store, dossier, paper.id), found)

    def cancel(self) -> None:
        """Ask no more."""
        if self.waits:
            self._end()

    def do(self, command: Command) -> bool:
        """Take the keys that answer; any other ends it and is done as ever."""
        paper = self._paper
        if paper is None:
            return False
        if command is Command.KEEP:
            self._ask_code("")
        elif command is Command.WHOLE and paper.way.reuse is not None:
            app = self._office.app
            self._run(lambda dossier: reusing.no_reuse(app.store, app.events, dossier, paper.id))
        else:
            self.cancel()
            return False
        return True

    def digit(self, number: int) -> None:
        """Take the paper with this number."""
        if number > len(self._sources):
            return
        source = self._sources[number - 1]
        if source.kind is PaperKind.RESULT:
            self._ask_code(source.paper_id)
        else:
            self._take(source.paper_id, "")

    def _ask_code(self, source: str) -> None:
        self._source = source
        self._bar.ask(reuse_words.ASKS_CODE)
        self._bar.ask_code(shown=True)

    def _take_code(self) -> None:
        code = self._bar.code.text().strip()
        if not self.waits or not code:
            return
        if not reusing.is_result_code(code):
            self._bar.ask(reuse_words.BAD_CODE)
        else:
            self._take(self._source, code)

    def _take(self, source: str, code: str) -> None:
        paper, app = self._paper, self._office.app
        if paper is None:
            return
        if source:
            self._run(
                lambda dossier: reusing.reuse_paper(
                    app.store, app.events, dossier, paper.id, source, code
                )
            )
        else:
            self._run(
                lambda dossier: reusing.reuse_result(app.store, app.events, dossier, paper.id, code)
            )

    def _run(self, verb: Callable[[str], object]) -> None:
        desk = self._office.desk
        dossier = desk.dossier.id if desk is not None else ""
        self._end()

        def refused(error: DigitizerError) -> None:
            self._office.said.emit(wording.failed(error))

        self._office.bridge.ask(lambda: verb(dossier), failed=refused)

    def _see_to_paper(self) -> None:
        """The question is about the paper that is looked at."""
        paper = self._office.paper
        if self._paper is not None and (paper is None or paper.id != self._paper.id):
            self.cancel()

    def _end(self) -> None:
        self._paper, self._sources, self._source = None, (), ""
        self._bar.ask("")
        typed = self._bar.code.isVisible()
        self._bar.ask_code(shown=False)
        if typed:
            self.ended.emit()
