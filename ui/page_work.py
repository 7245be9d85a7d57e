"""What a clerk does to the order of pages, and what is found out about it, on top of the office.

Which pages are fronts and which backs is worked out here (pure); the verbs are the core's. Knows
no widget.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from digitizer import rereading
from digitizer.model import Page
from digitizer.seams import Twin
from ui import scan_words
from ui.office import Office
from ui.reads import Desk
from ui.wording import Act


def sides(pages: Sequence[Page]) -> tuple[list[Page], list[Page]]:
    """Return the fronts and the backs among a paper's pages.

    The backs are the last batch, the fronts as many pages before it; where that does not go up,
    the two halves.
    """
    last = [page for page in pages if page.batch_id == pages[-1].batch_id] if pages else []
    before = [page for page in pages if page not in last]
    if last and len(before) >= len(last) and pages[-len(last) :] == tuple(last):
        return before[-len(last) :], last
    half = (len(pages) + 1) // 2
    return list(pages[:half]), list(pages[half:])


class PageWork(QObject):
    """Orders pages of the open dossier, and says which were probably scanned twice and which seem
    to be another paper."""

    def __init__(self, office: Office, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._told: frozenset[str] = frozenset()
        self._asked: set[str] = set()
        self._told_unread: frozenset[str] = frozenset()
        self._dossier = ""
        office.desk_changed.connect(self._look)

    def interleave(self, *, backwards: bool = True) -> None:
        """Put the backs of the current paper between their fronts."""
        paper = self._office.paper
        if paper is None or len(paper.live_pages) < 2:
            return
        fronts, backs = sides(paper.live_pages)
        ids = [page.id for page in fronts], [page.id for page in backs]

        def woven(dossier: str) -> None:
            self._office.app.dossiers.interleave(dossier, *ids, backwards=backwards)

        self._office.edit(woven, lambda: self._office.said.emit(scan_words.woven(len(backs))))

    def turn_backs_over(self) -> None:
        """Take the weaving back and weave again with the backs the other way round."""
        paper = self._office.paper
        if paper is None:
            return
        woven = paper.live_pages[-2 * (len(paper.live_pages) // 2) :]
        fronts, backs = [p.id for p in woven[0::2]], [p.id for p in woven[1::2]]
        self._office.edit(
            lambda dossier: self._office.app.dossiers.interleave(
                dossier, fronts, backs, backwards=True
            )
        )

    def remove(self, page_ids: Sequence[str]) -> None:
        """Take pages out; ``undo`` brings them back."""
        self._office.edit(lambda dossier: self._office.app.dossiers.delete(dossier, page_ids))

    def file(self, page_ids: Sequence[str], paper_id: str) -> None:
        """Move pages to the paper that they seem to be; ``undo`` takes them back."""
        self._office.edit(
            lambda dossier: self._office.app.dossiers.move(dossier, page_ids, paper_id)
        )

    def read_again(self) -> None:
        """Have the words of the dossier's unreadable pages read again."""
        desk = self._office.desk
        if desk is not None:
            app, dossier = self._office.app, desk.dossier
            self._office.edit(lambda _: rereading.read_again(app.store, app.events, dossier))

    def _look(self) -> None:
        desk = self._office.desk
        if desk is None or desk.dossier.id != self._dossier:
            self._dossier = desk.dossier.id if desk else ""
            self._told = self._told_unread = frozenset()
            self._asked.clear()
        self._look_at_words(desk)
        twins: tuple[Twin, ...] = desk.twins if desk else ()
        found = frozenset(twin.page.id for twin in twins)
        fresh, self._told = found - self._told, found
        if found and desk is not None:
            say = self._office.noted if fresh else self._office.revised
            say.emit(scan_words.twins(desk.dossier, twins))
        else:
            self._office.settled.emit(Act.REMOVE)
            if desk is not None:
                self._suggest(desk)

    def _suggest(self, desk: Desk) -> None:
        """Ask about the first pages that seem to be a paper of the list; about the next ones once
        these have gone there. A clerk who closes the question is asked no more."""
        ready = [one for one in desk.suggestions if not any(p.batch_open for p in one.pages)]
        if ready and not self._asked & {one.pages[0].id for one in ready}:
            self._asked.add(ready[0].pages[0].id)
            self._office.noted.emit(scan_words.suggested(desk.dossier, ready[0]))

    def _look_at_words(self, desk: Desk | None) -> None:
        pages = rereading.unreadable(desk.dossier) if desk else ()
        found = frozenset(page.id for page in pages)
        fresh, self._told_unread = found - self._told_unread, found
        if fresh and desk is not None:
            self._office.noted.emit(scan_words.unreadable(desk.dossier, pages))
