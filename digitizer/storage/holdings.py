"""Which rows name which blobs, in one list: for ``verify``, and for whoever removes blobs.

A blob that no row of a paper names which is still kept here is nobody's. Whoever adds a table that
names blobs adds a line to ``_NAMES``. Knows no file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from msgspec import Struct

from digitizer.storage.store import Store

_OF_PAGE = "JOIN paper ON paper.id = page.paper_id"
_NAMES = (
    ("page", "page.sha256", f"page {_OF_PAGE}"),
    ("bundle", "bundle.sha256", "bundle JOIN paper ON paper.id = bundle.paper_id"),
    (
        "signed",
        "signed_version.sha256",
        "signed_version JOIN paper ON paper.id = signed_version.paper_id",
    ),
    (
        "original",
        "original.sha256",
        "original JOIN page ON page.batch_id = original.batch_id AND page.batch_seq "
        f"BETWEEN original.first AND original.first + original.pages - 1 {_OF_PAGE}",
    ),
    ("other", "conflict.theirs", "conflict JOIN paper ON paper.id = conflict.paper_id"),
    ("words", "words.tsv", f"words JOIN page ON page.sha256 = words.sha256 {_OF_PAGE}"),
    ("words", "words.pdf", f"words JOIN page ON page.sha256 = words.sha256 {_OF_PAGE}"),
)
"""What kind of file, the column that names it, and where that stands beside its ``paper``."""

_ALL = " UNION ".join(
    f"SELECT {column} FROM {rows} WHERE paper.removed_at IS NULL AND {column} <> ''"  # noqa: S608
    for _, column, rows in _NAMES
)
_OF_DOSSIER = " UNION ".join(
    f"SELECT '{kind}' AS kind, {column} AS sha256 FROM {rows} "  # noqa: S608 - names of ours
    f"WHERE paper.dossier_id = ?1 AND paper.removed_at = ?2 AND {column} <> ''"
    for kind, column, rows in _NAMES
)
_NEEDED = " OR ".join(
    f"EXISTS (SELECT 1 FROM {rows} WHERE {column} = wanted.value AND {column} <> '' "  # noqa: S608
    "AND paper.removed_at IS NULL)"
    for _, column, rows in _NAMES
)


class Named(Struct, frozen=True):
    """A blob that a row names, and as what: ``page``, ``bundle``, ``signed``, ``original``,
    ``words`` or ``other`` (another desk's version)."""

    kind: str
    sha256: str


def blobs(store: Store) -> list[str]:
    """Return the hash of every blob that must be here: a row of a paper that is kept names it."""
    return [str(row[0]) for row in store.rows(f"{_ALL} ORDER BY 1")]


def of_removed(tx: sqlite3.Connection, dossier_id: str, moment: str) -> list[Named]:
    """Return the blobs of the papers of a dossier whose copies were removed at ``moment``, each
    once."""
    found: dict[str, Named] = {}
    for row in tx.execute(f"{_OF_DOSSIER} ORDER BY 1, 2", (dossier_id, moment)):
        found.setdefault(row["sha256"], Named(row["kind"], row["sha256"]))
    return list(found.values())


def needed(tx: sqlite3.Connection, hashes: Iterable[str]) -> frozenset[str]:
    """Return those of some blobs that a paper which is kept needs."""
    rows = tx.execute(
        f"SELECT wanted.value FROM json_each(?) AS wanted WHERE {_NEEDED}",  # noqa: S608
        (json.dumps(list(hashes)),),
    )
    return frozenset(str(row[0]) for row in rows)
