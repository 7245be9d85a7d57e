"""Finds dossiers and the places in their pages: the search of the window and the command line.

Everything kept here is looked through at once: mã hồ sơ, names, procedures, the text of pages as
read and as mended, their key fields and codes. Best first: a dossier whose code was typed, then
those whose code, holder or procedure hold all words, then those with a page that says the words
one behind the other, then those with a page that says them all; newer before older. Reads only,
off the UI thread; how the words come into the index is ``digitizer.indexing``.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence

from msgspec import Struct

from digitizer.identifiers import dossier_codes
from digitizer.model import Dossier
from digitizer.sought import Excerpt, Sought, excerpt
from digitizer.storage import begun, queries, wordindex
from digitizer.storage.store import Store

DOSSIERS, PLACES = 20, 3
_PAGES_LOOKED_AT = 2000
"""So many pages that say the words are gone through for dossiers that hold them: where one stack
holds more, it hides older dossiers."""
_PAGES_READ = 12
"""So many pages are read for places in a dossier that was found by its name."""
_DOSSIERS_READ = 5


class Place(Struct, frozen=True):
    """A page that says what was looked for.

    Attributes:
        paper_id, page_id: Where to go.
        part: The paper's component, ``TP01``; of its second paper ``TP01#2``.
        paper: The paper's title.
        seq: The page's number in its paper as ``dossier show`` counts, deleted ones too.
        number: Its number among those that are left.
        excerpt: The words around.
    """

    paper_id: str
    page_id: str
    part: str
    paper: str
    seq: int
    number: int
    excerpt: Excerpt


class Found(Struct, frozen=True):
    """A dossier (its head alone) with the places found in its pages. ``named``: its own code,
    holder or procedure hold what was looked for."""

    dossier: Dossier
    places: tuple[Place, ...] = ()
    named: bool = False


def find(
    store: Store, typed: str, *, dossiers: int = DOSSIERS, places: int = PLACES
) -> tuple[Found, ...]:
    """Return what is found by what was typed, best first; nothing where no word was typed.

    Args:
        store: The home's facts.
        typed: Words; the last one may be unfinished unless a space follows it.
        dossiers: At most so many dossiers,
        places: each with at most so many places.
    """
    sought = Sought.parse(typed)
    if not sought.pieces:
        return ()
    named = _named(store, sought, dossiers)
    pages: dict[str, list[str]] = {dossier_id: [] for dossier_id in named}
    for hit in _hits(store, sought):
        if hit.dossier_id not in pages and len(pages) == dossiers:
            if all(pages.values()):
                break
            continue
        there = pages.setdefault(hit.dossier_id, [])
        if len(there) < places and hit.page_id not in there:
            there.append(hit.page_id)
    for dossier_id in [one for one in named if not pages[one]][:_DOSSIERS_READ]:
        pages[dossier_id] = _live_pages(store, dossier_id)
    shown = _places(store, sought, [page for found in pages.values() for page in found])
    return tuple(
        Found(
            head,
            tuple(shown[page] for page in pages[head.id] if page in shown)[:places],
            head.id in named,
        )
        for head in queries.heads_of(store, list(pages))
    )


def dossiers_named(store: Store, typed: str, at_most: int) -> list[Dossier]:
    """Return the heads of dossiers by what was typed of their code, holder or procedure, best
    first; all that are somebody's work, newest first, where nothing was typed."""
    sought = Sought.parse(typed)
    ids = _named(store, sought, at_most)
    empty = frozenset() if sought.pieces else begun.left_again(store, ids)
    return queries.heads_of(store, [one for one in ids if one not in empty])


def _named(store: Store, sought: Sought, at_most: int) -> list[str]:
    codes = dossier_codes(sought.typed) or (sought.typed.upper(),)
    exact = [queries.dossier_id_of(store, code) for code in codes]
    ids = [one for one in exact if one is not None]
    ids += wordindex.heads(store, sought, at_most)
    return list(dict.fromkeys(ids))[:at_most]


def _hits(store: Store, sought: Sought) -> Iterator[wordindex.Hit]:
    """Give the pages that say the words: first those that say them in a row."""
    ways = (True, False) if len(sought.words) > 1 else (False,)
    return itertools.chain.from_iterable(
        wordindex.hits(store, sought, _PAGES_LOOKED_AT, in_a_row=way) for way in ways
    )


def _live_pages(store: Store, dossier_id: str) -> list[str]:
    rows = store.rows(
        "SELECT page.id FROM page JOIN paper ON paper.id = page.paper_id "
        "WHERE paper.dossier_id = ? AND page.deleted_at IS NULL "
        "ORDER BY paper.position, paper.copy, page.rank LIMIT ?",
        dossier_id,
        _PAGES_READ,
    )
    return [str(row[0]) for row in rows]


def _places(store: Store, sought: Sought, page_ids: Sequence[str]) -> dict[str, Place]:
    """Return those of the pages whose own words, not only their dossier's, say something."""
    before = (
        "SELECT count(*) FROM page AS other WHERE other.paper_id = page.paper_id AND "
        "(other.rank, other.batch_id, other.batch_seq) "
        "<= (page.rank, page.batch_id, page.batch_seq)"
    )
    found: dict[str, Place] = {}
    for row in store.each(
        "SELECT page.id, page.paper_id, paper.part, paper.title, paper.copy, "  # noqa: S608 - joins of ours
        "reading.codes, page_text.text, page_text.raw, page_text.fields, "
        f"({before}) AS seq, ({before} AND other.deleted_at IS NULL) AS number "
        f"FROM page {wordindex.SAID} WHERE page.id IN (SELECT value FROM json_each(?))",
        json.dumps(list(page_ids)),
    ):
        text, *rest = wordindex.spoken(row)
        told = (excerpt(one, sought) for one in (text, row["raw"] or "", "; ".join(rest)))
        if (said := next((one for one in told if one is not None), None)) is not None:
            copy = row["copy"]
            found[row["id"]] = Place(
                row["paper_id"],
                row["id"],
                row["part"] if copy == 1 else f"{row['part']}#{copy}",
                row["title"] if copy == 1 else f"{row['title']} ({copy})",
                row["seq"],
                row["number"],
                said,
            )
    return found
