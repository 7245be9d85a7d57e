"""Find the pages of a dossier that were probably scanned twice across a seam (``seams``).

Called by the window and the command line, off the UI thread: it reads a few small files, and
only where a batch broke off.
"""

from __future__ import annotations

import csv

from digitizer.model import Dossier, Page
from digitizer.seams import Seen, Twin, pairs, same_side
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

    found: dict[str, Twin] = {}
    for paper in dossier.papers:
        for pair in pairs(paper):
            if pair.page.id not in found and (
                pair.page.sha256 == pair.first.sha256
                or same_side(look_at(pair.page), look_at(pair.first))
            ):
                found[pair.page.id] = pair
    return tuple(found.values())


def _words(vault: Vault, page: Page) -> tuple[str, ...]:
    if page.words is None or page.words.failed:
        return ()
    with vault.path(page.words.tsv).open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        texts = [row["text"].strip().lower() for row in rows if row["level"] == _WORD_LEVEL]
    return tuple(text for text in texts if any(sign.isalnum() for sign in text))
