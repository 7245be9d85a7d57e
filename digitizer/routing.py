"""PURE: codes on a batch's pages → which dossier each page belongs to.

A page whose code holds the mã hồ sơ of a dossier we know goes to that dossier, and so do the
pages after it, up to the next such code or the end of the batch. Called when readings arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digitizer.identifiers import dossier_codes
from digitizer.model import Page, PlacedBy, Reading


@dataclass(frozen=True, slots=True)
class Route:
    """A page that belongs to another dossier than the one it was scanned into."""

    page: Page
    dossier_id: str


def named_dossiers(reading: Reading, find: Callable[[str], str | None]) -> set[str | None]:
    """Return the ids of the dossiers that the page's codes name; None stands for unknown ones."""
    return {find(text) for code in reading.codes for text in dossier_codes(code.text)}


def routes(pages: Sequence[Page], find: Callable[[str], str | None]) -> list[Route]:
    """Return where the pages of one batch belong by their codes.

    Args:
        pages: The whole batch in feeding order. Only the run of pages up to the first unread
            one is looked at: what comes after it may hide behind a code not yet read.
        find: Mã hồ sơ → id of the dossier we know by it, or None.

    A page that names a dossier we do not know, or several, stays where it was scanned and ends
    what an earlier code said: a meaning never leaks into the next dossier. Pages that the clerk
    placed or deleted keep their place but still carry their code's meaning to those after them.
    """
    found: list[Route] = []
    current: str | None = None
    for page in pages:
        if page.reading is None:
            if page.deleted:
                continue
            break
        named = named_dossiers(page.reading, find)
        if named:
            current = named.pop() if len(named) == 1 else None
        if current is not None and page.placed_by is not PlacedBy.CLERK and not page.deleted:
            found.append(Route(page, current))
    return found
