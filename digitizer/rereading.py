"""Reads the words of pages again whose OCR failed: a verb of its own.

Called by the command line and the window. A page that OCR could not read is bundled without text
and says so; the facts that it failed are what is forgotten here, and the plan grows the work back.
"""

from __future__ import annotations

from digitizer.chain import Act
from digitizer.events import Events
from digitizer.model import Dossier, Page
from digitizer.storage import audit, queries, texts
from digitizer.storage.store import Store


def unreadable(dossier: Dossier) -> tuple[Page, ...]:
    """Return the live pages of a dossier whose words could not be read."""
    return tuple(
        page
        for paper in dossier.papers
        for page in paper.live_pages
        if page.words is not None and page.words.failed and paper.removed_at is None
    )


def read_again(store: Store, events: Events, dossier: Dossier) -> int:
    """Have the words of all unreadable pages of a dossier read again; return how many pages."""
    pages = unreadable(dossier)
    images = {page.sha256 for page in pages}
    with store.transaction() as tx:
        for sha256 in images:
            texts.forget_failed(tx, sha256)
        for page in pages:
            audit.append(tx, Act.PAGE_REREAD, page.id, dossier=dossier.id)
    for sha256 in images:
        events.publish(*queries.dossiers_with(store, sha256))
    return len(pages)
