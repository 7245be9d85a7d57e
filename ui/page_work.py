"""What a clerk does to the order of pages, and what is found out about it, on top of the office.

Which pages are fronts and which backs is worked out here (pure); the verbs are the core's. Knows
no widget.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from digitizer.model import Page
from digitizer.seams import Twin
from ui import scan_words
from ui.office import Office
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
    """Orders pages of the open dossier, and says which were probably scanned twice."""

    def __init__(self, office: Office, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._told: frozenset[str] = frozenset()
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

    def keep(self, page_id: str) -> None:
        """Keep a page that looks like the one before it."""
        self._office.edit(lambda dossier: self._office.app.dossiers.keep(dossier, [page_id]))

    def _look(self) -> None:
        desk = self._office.desk
        if desk is None or desk.dossier.id != self._dossier:
            self._dossier = desk.dossier.id if desk else ""
            self._told = frozenset()
        twins: tuple[Twin, ...] = desk.twins if desk else ()
        found = frozenset(twin.page.id for twin in twins)
        fresh, self._told = found - self._told, found
        if found and desk is not None:
            say = self._office.noted if fresh else self._office.revised
            say.emit(scan_words.twins(desk.dossier, twins))
        else:
            self._office.settled.emit(Act.REMOVE)
