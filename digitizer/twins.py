"""Find the pages of a dossier that were probably scanned twice across a seam (``seams``).

Called by the window and the command line, off the UI thread: it reads a few small files, and
only where a batch broke off.
"""

from __future__ import annotations

import csv
from io import TextIOWrapper

from digitizer.model import Dossier, Page
from digitizer.seams import Seen, Twin, apart, blank_backs, other_sides, pairs, same_side
from digitizer.storage import queries
from digitizer.storage.store import Store
from digitizer.storage.vault import Vault

_WORD_LEVEL = "5"


def twins(store: Store, vault: Vault, dossier: Dossier) -> tuple[Twin, ...]:
    """Return the twins of a dossier, in the order of its pages, each page once."""
    seen: dict[str, Seen] = {}

    def look_at(page: Page) -> Seen:
        if page.sha256 not in seen:
            look = queries.look(store, page.sha256)
            seen[page.sha256] = Seen(look, _words(vault, page))
        return seen[page.sha256]

    twice: list[Twin] = []
    for paper in dossier.papers:
        if paper.removed_at is not None:
            continue
        found: dict[str, Twin] = {}
        for pair in pairs(paper):
            if pair.page.id not in found and (
                pair.page.sha256 == pair.first.sha256
                or same_side(look_at(pair.page), look_at(pair.first))
            ):
                found[pair.page.id] = pair
        sheets = [one for one in found.values() if _of_both_sides(store, one)]
        for one in sheets:  # a sheet whose other side is another person's is another sheet
            behind = other_sides(paper, one)
            if behind is not None and apart(look_at(behind.page), look_at(behind.first)):
                del found[one.page.id]
        sheets = [one for one in sheets if one.page.id in found]
        found |= {back.page.id: back for back in blank_backs(paper, sheets)}
        twice += [found[page.id] for page in paper.live_pages if page.id in found]
    return tuple(twice)


def _of_both_sides(store: Store, twin: Twin) -> bool:
    """Tell whether both of its pages are of sheets that were scanned on both sides."""
    return all(
        queries.of_both_sides(store, batch) for batch in {twin.page.batch_id, twin.first.batch_id}
    )


def _words(vault: Vault, page: Page) -> tuple[str, ...]:
    if page.words is None or page.words.failed:
        return ()
    with TextIOWrapper(vault.opened(page.words.tsv), encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        texts = [row["text"].strip().lower() for row in rows if row["level"] == _WORD_LEVEL]
    return tuple(text for text in texts if any(sign.isalnum() for sign in text))
