"""PURE: may anything of a dossier leave this machine? Its pages have to be looked at first, and
none may be (or may have to be taken for) a state secret.

Asked by the plan and by everything that lets something out: uploads, exports, web pages, dossiers
begun at the server, signatures (decision 23). ``storage.secrecy.bars`` asks the same of the
database, by itself, right before bytes go.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from digitizer.errors import DigitizerError, PagesUnchecked, StateSecret, StateSecretSuspected
from digitizer.model import Dossier, Page, Paper
from digitizer.readings import LOOKED


class Clearance(Struct, frozen=True):
    """What stands in the way of a dossier, or of a paper.

    Attributes:
        unseen: Pages that are not looked at yet.
        undecided: Pages that bear a marking nobody has decided about.
        secret: Pages that somebody said are state secrets.
    """

    unseen: tuple[Page, ...] = ()
    undecided: tuple[Page, ...] = ()
    secret: tuple[Page, ...] = ()

    @property
    def given(self) -> bool:
        """Whether it may leave."""
        return not (self.unseen or self.undecided or self.secret)

    @property
    def stopped(self) -> bool:
        """Whether a person has to do something about it."""
        return bool(self.undecided or self.secret)

    @property
    def refusal(self) -> type[DigitizerError] | None:
        """The row of the error table that says why not; None where it may leave."""
        if self.secret:
            return StateSecret
        if self.undecided:
            return StateSecretSuspected
        return PagesUnchecked if self.unseen else None

    def check(self, name: str) -> None:
        """Raise ``refusal``, where there is one, about what is called ``name``.

        Raises:
            StateSecret, StateSecretSuspected: somebody has to see to it.
            PagesUnchecked: it may be asked again when its pages are looked at.
        """
        if self.refusal is not None:
            raise self.refusal(name)


def of(dossier: Dossier) -> Clearance:
    """Return what stands in the way of a dossier.

    One that was sent as it is, by a version that did not look yet, is not looked at for nothing:
    only when something is to leave again.
    """
    found = _of(page for paper in dossier.papers for page in paper.pages)
    filled = [paper for paper in dossier.papers if paper.live_pages]
    if found.unseen and all(dossier.receipt(paper) is not None for paper in filled):
        return replace(found, unseen=())
    return found


def of_paper(paper: Paper) -> Clearance:
    """Return what stands in the way of one paper, where its dossier is only a drawer: what web
    pages scan goes into one dossier a day."""
    return _of(paper.pages)


def looked(page: Page) -> bool:
    """Tell whether everything on a page was looked at by a program as good as this one's."""
    if page.reading is None:
        return False
    if page.reading.blank:
        return page.reading.looked >= LOOKED
    return page.words is not None and page.words.looked >= LOOKED


def _of(pages: Iterable[Page]) -> Clearance:
    """Pages that were taken out count where they bear something: the paper itself is still in the
    dossier, and taking a page out is no decision."""
    there = tuple(pages)
    return Clearance(
        tuple(page for page in there if not page.deleted and not _settled(page)),
        tuple(page for page in there if page.secrecy.undecided),
        tuple(page for page in there if page.secrecy.confirmed),
    )


def _settled(page: Page) -> bool:
    """Tell whether a page is looked at, and nothing of its batch can still come to its dossier."""
    return looked(page) and page.batch_read and not page.batch_open
