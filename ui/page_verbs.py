"""What is done to the chosen pages: the core's verbs, each one step of undo.

Works on the office's open dossier. A verb that can be seen says nothing; one that cannot says one
quiet line (``told``). Knows no widget.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from digitizer import arranging, splitting
from digitizer.boxes import Box, Cropping
from digitizer.model import OTHER_TITLE, Dossier, Page, Paper
from digitizer.storage.edits import Step
from ui import work_words
from ui.language import say
from ui.office import Office


class _Goal(Struct, frozen=True):
    """Where to look once the facts are here: one of these papers, at one of these pages."""

    papers: tuple[str, ...]
    pages: tuple[str, ...]
    say: Callable[[Paper], str] | None = None


class PageVerbs(QObject):
    """Changes pages of the open dossier.

    Signals:
        told: A quiet line.
        leaving: Ids of pages that are not where they were any more; the facts follow.
        settled: The facts say so by now.
        look: Id of the page to look at, in the paper that is current.
    """

    told = Signal(str)
    leaving = Signal(object)
    settled = Signal()
    look = Signal(str)

    def __init__(self, office: Office, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._goal: _Goal | None = None
        office.desk_changed.connect(self._reach)

    def turn(self, pages: Sequence[Page], degrees: int) -> None:
        """Turn pages clockwise."""
        self._do(pages, lambda dossier: self._verbs.turn(dossier, _ids(pages), degrees))

    def delete(self, pages: Sequence[Page]) -> None:
        """Take pages out."""
        self._let_go(pages)
        self._do(pages, lambda dossier: self._verbs.delete(dossier, _ids(pages)), takes=True)

    def restore(self, pages: Sequence[Page]) -> None:
        """Bring pages back that were taken out."""
        self._do(pages, lambda dossier: self._verbs.restore(dossier, _ids(pages)))

    def keep(self, pages: Sequence[Page]) -> None:
        """Keep pages that look like the ones before them."""
        self._do(pages, lambda dossier: self._verbs.keep(dossier, _ids(pages)))

    def crop(self, pages: Sequence[Page]) -> None:
        """Crop pages to the paper that was found in their images; where all that can be are
        already, take that back."""
        found = {page.id: page.reading.crop for page in pages if page.reading}
        there = {page_id: box for page_id, box in found.items() if box is not None}
        wanted: dict[str, Box | Cropping] = {
            page.id: there[page.id] for page in pages if page.id in there and page.box is None
        }
        wanted = wanted or {page.id: Cropping.WHOLE for page in pages if page.box}
        if not wanted:
            self._office.said.emit(work_words.cannot_crop(pages))
            return
        self._do(
            pages,
            lambda dossier: arranging.crop_each(
                self._office.app.store, self._office.app.events, dossier, wanted
            ),
        )

    def crop_to(self, page: Page, wanted: Box | Cropping) -> None:
        """Crop a page to a frame."""
        self._do([page], lambda dossier: self._verbs.crop(dossier, [page.id], wanted))

    def shift(self, pages: Sequence[Page], by: int) -> None:
        """Put pages a place earlier (-1) or later (1)."""
        end = work_words.FIRST_ALREADY if by < 0 else work_words.LAST_ALREADY
        again = self._goes_again(pages)

        def shifted(moved: bool) -> None:
            self.told.emit(again if moved else end)

        self._run(
            lambda app, dossier: arranging.shift(app.store, app.events, dossier, _ids(pages), by),
            shifted,
        )

    def put_behind(self, pages: Sequence[Page], paper_id: str, after: str) -> None:
        """Put pages of a paper behind one of its pages (empty: before the first)."""
        self._do(pages, lambda dossier: self._verbs.move(dossier, _ids(pages), paper_id, after))

    def to_paper(self, pages: Sequence[Page], paper: Paper) -> None:
        """Move pages behind the last of another paper of the dossier."""
        if all(page.paper_id == paper.id for page in pages):
            self.told.emit(work_words.SAME_PAPER)
            return
        self._let_go(pages)
        said = work_words.moved_to(len(pages), paper.name)
        self._run(
            lambda app, dossier: app.dossiers.move(dossier, _ids(pages), paper.id),
            lambda _: self.told.emit(said),
        )

    def to_other(self, pages: Sequence[Page]) -> None:
        """Move pages to *giấy tờ khác*."""
        self._let_go(pages)
        said = work_words.moved_to(len(pages), OTHER_TITLE)
        self._run(
            lambda app, dossier: arranging.to_other(app.store, app.events, dossier, _ids(pages)),
            lambda _: self.told.emit(said),
        )

    def to_dossier(self, pages: Sequence[Page], goal: Dossier) -> None:
        """Move pages to another dossier."""
        if self._office.desk is not None and goal.id == self._office.desk.dossier.id:
            self.told.emit(work_words.SAME_DOSSIER)
            return
        self._let_go(pages)
        whose = say("hồ sơ {0}", goal.holder or goal.name)
        said = work_words.moved_to(len(pages), whose)
        self._run(
            lambda app, dossier: arranging.to_dossier(
                app.store, app.events, dossier, _ids(pages), goal.id
            ),
            lambda _: self.told.emit(said),
        )

    def split(self, pages: Sequence[Page]) -> None:
        """Make one page and what follows it, or several pages, a paper of their own."""
        first = pages[0].id

        def parted(paper_id: str | None) -> None:
            if paper_id is None:
                self.told.emit(work_words.CANNOT_SPLIT)
            else:
                self._go_for(_Goal((paper_id,), (first,), _say_split))

        if len(pages) == 1:
            self._run(
                lambda app, dossier: splitting.split_from(app.store, app.events, dossier, first),
                parted,
            )
        else:
            self._run(
                lambda app, dossier: splitting.split_off(
                    app.store, app.events, dossier, _ids(pages)
                ),
                parted,
            )

    def join(self, page: Page) -> None:
        """Join the paper of a page with the copy before it."""

        def joined(paper_id: str | None) -> None:
            if paper_id is None:
                self.told.emit(work_words.CANNOT_JOIN)
            else:
                self._go_for(_Goal((paper_id,), (page.id,)))

        self._run(
            lambda app, dossier: splitting.join(app.store, app.events, dossier, page.paper_id),
            joined,
        )

    def undo(self) -> None:
        """Take the newest edit back, say what it was, and look there."""
        self._run(lambda app, dossier: app.dossiers.undo(dossier), self._undone)

    def redo(self) -> None:
        """Do the last undone edit again, say what it was, and look there."""
        self._run(lambda app, dossier: app.dossiers.redo(dossier), self._redone)

    # --- how it goes ------------------------------------------------------------------------

    @property
    def _verbs(self) -> Any:
        return self._office.app.dossiers

    def _undone(self, step: Step | None) -> None:
        self.told.emit(work_words.undone(step))
        self._look_at(step)

    def _redone(self, step: Step | None) -> None:
        self.told.emit(work_words.redone(step))
        self._look_at(step)

    def _look_at(self, step: Step | None) -> None:
        if step is not None and step.pages:
            self._go_for(_Goal(step.papers, step.pages))

    def _do(
        self, pages: Sequence[Page], verb: Callable[[str], Any], *, takes: bool = False
    ) -> None:
        """Run a verb that can be seen; that the file there is replaced by it cannot."""
        again = self._goes_again(pages, takes=takes)

        def done(_: object) -> None:
            if again:
                self.told.emit(again)

        self._run(lambda _app, dossier: verb(dossier), done)

    def _goes_again(self, pages: Sequence[Page], *, takes: bool = False) -> str:
        """Say that what is sent already is about to be replaced, where it is; ``takes``: these
        pages will not be there."""
        desk, ids = self._office.desk, set(_ids(pages))
        if desk is None or desk.dossier.finished_at is None:
            return ""
        mine = {page.paper_id for page in pages}
        for paper in desk.dossier.papers:
            stays = any(not takes or page.id not in ids for page in paper.live_pages)
            if paper.id in mine and paper.receipts and stays:
                return work_words.GOES_AGAIN
        return ""

    def _run(
        self, verb: Callable[[Any, str], Any], done: Callable[[Any], None] | None = None
    ) -> None:
        """Run a verb on the open dossier, then ``done`` with what it gave."""
        office, given = self._office, list[Any]()
        app = office.app
        whose = office.desk.dossier.id if office.desk is not None else ""

        def finished() -> None:
            self.settled.emit()
            here = office.desk is not None and office.desk.dossier.id == whose
            if done is not None and here:
                done(given[0])

        self._office.edit(
            lambda dossier: given.append(verb(app, dossier)), finished, self.settled.emit
        )

    def _let_go(self, pages: Sequence[Page]) -> None:
        self.leaving.emit(_ids(pages))

    def _go_for(self, goal: _Goal) -> None:
        self._goal = goal
        self._reach()

    def _reach(self) -> None:
        """Look where the goal is, once the facts have it there; the first facts after it decide."""
        goal, desk = self._goal, self._office.desk
        if desk is None:
            self._goal = None
        if goal is None or desk is None:
            return
        there = [paper for paper in desk.dossier.listed if paper.id in goal.papers]
        held = [(paper, page.id) for paper in there for page in paper.live_pages]
        found = [(paper, page_id) for paper, page_id in held if page_id in goal.pages]
        if not found:
            return
        self._goal = None
        paper, page_id = next((one for one in found if one[1] == goal.pages[0]), found[0])
        if paper.id != self._office.paper_id:
            self._office.choose_paper(paper.id)
        self.look.emit(page_id)
        if goal.say is not None:
            self.told.emit(goal.say(paper))


def _ids(pages: Sequence[Page]) -> list[str]:
    return [page.id for page in pages]


def _say_split(paper: Paper) -> str:
    return work_words.split(len(paper.live_pages), paper.name)
