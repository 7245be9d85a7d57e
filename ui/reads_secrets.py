"""What the page *Dấu mật* reads of the core and does there. Every function blocks, briefly: run by
the bridge. Knows no Qt."""

from __future__ import annotations

from msgspec import Struct

from digitizer import clearing
from digitizer.app import App
from digitizer.clearing import Suspect
from digitizer.model import Dossier, Paper
from digitizer.storage import removals
from digitizer.storage.removals import Removal
from ui.language import say


class Marked(Struct, frozen=True):
    """A page that stops its dossier, and what becomes of that dossier's copies here.

    Attributes:
        suspect: The page.
        removal: That the copies are about to be removed by hand; None: they stay.
        server: The procedure system that is set, or None.
    """

    suspect: Suspect
    removal: Removal | None
    server: str | None

    @property
    def papers(self) -> int:
        """How many papers of the dossier have pages here."""
        return len(self._filled)

    @property
    def pages(self) -> int:
        """How many pages of the dossier are here, those taken out of their papers too."""
        return sum(len(paper.pages) for paper in self._filled)

    @property
    def unsent(self) -> int:
        """How many of these papers no procedure system has."""
        dossier = self.suspect.dossier
        return sum(dossier.receipt(paper, self.server) is None for paper in self._filled)

    @property
    def _filled(self) -> list[Paper]:
        papers = self.suspect.dossier.papers
        return [paper for paper in papers if paper.pages and paper.removed_at is None]


def marked(app: App, page_id: str) -> Marked | None:
    """Return the page with this id where it stops its dossier, else the first that nobody has
    decided about; None where there is none."""
    there = clearing.waiting(app.store)
    wanted = [one for one in there if one.page.id == page_id]
    open_ones = [one for one in there if not one.page.secrecy.confirmed]
    one = next(iter(wanted or open_ones), None)
    if one is None:
        return None
    removal = next(iter(removals.open_removals(app.store, one.dossier.id)), None)
    return Marked(one, removal, app.work.server)


def decide(app: App, one: Suspect, *, secret: bool) -> Dossier:
    """Record what the clerk says of a page; what is no secret is not about to be removed."""
    if secret:
        return app.clearing.find_secret(one.dossier.id, one.page.id)
    app.retention.take_back(one.dossier.id)
    return app.clearing.find_ordinary(one.dossier.id, one.page.id)


def remove(app: App, dossier_id: str) -> Removal:
    """Have all copies of a dossier removed in a day; the reason is recorded."""
    return app.retention.discard(dossier_id, say("Tài liệu mật, xóa ở màn hình Dấu mật"))
