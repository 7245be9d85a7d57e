"""Which paper a separator sheet, or a code that nobody knows, began, and what is needed to say so:
facts read and written inside the caller's transaction, which sees what it has just added.

Called by ``digitizer.placing``. Knows no rule of the domain.
"""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from digitizer.model import PlacedBy
from digitizer.storage.components import KEPT
from digitizer.storage.store import now


class PaperThere(Struct, frozen=True):
    """A paper as a transaction sees it. ``pages``: whether any page that counts is in it."""

    id: str
    part: str
    title: str
    multiple: bool
    pages: bool


def opened(tx: sqlite3.Connection, page_id: str) -> str | None:
    """Return the id of the paper that a page began, or None: none yet."""
    row = tx.execute("SELECT paper_id FROM opening WHERE page_id = ?", (page_id,)).fetchone()
    return None if row is None else str(row[0])


def remember(tx: sqlite3.Connection, page_id: str, paper_id: str) -> None:
    """Record which paper a page began."""
    tx.execute("INSERT INTO opening VALUES (?, ?)", (page_id, paper_id))


def take_out(tx: sqlite3.Connection, page_id: str) -> None:
    """Take a side of a separator sheet out of its paper; not where the clerk placed it."""
    tx.execute(
        "UPDATE page SET separator = 1, deleted_at = coalesce(deleted_at, ?) "  # noqa: S608
        f"WHERE id = ? AND separator = 0 AND placed_by <> ? AND {KEPT}",
        (now(), page_id, PlacedBy.CLERK.value),
    )


def bring_back(tx: sqlite3.Connection, page_id: str) -> None:
    """Bring a page back that turned out to be no separator's."""
    tx.execute(
        "UPDATE page SET separator = 0, deleted_at = NULL "  # noqa: S608 - a condition of ours
        f"WHERE id = ? AND separator = 1 AND placed_by <> ? AND {KEPT}",
        (page_id, PlacedBy.CLERK.value),
    )


def papers(tx: sqlite3.Connection, dossier_id: str, opener: str) -> list[PaperThere]:
    """Return the papers of a dossier, in their order, as they are before a page that begins one: it
    and those behind it in its batch, wherever they lie until they are led on, do not count."""
    rows = tx.execute(
        "SELECT paper.*, EXISTS (SELECT 1 FROM page WHERE page.paper_id = paper.id "
        "AND page.deleted_at IS NULL AND NOT (page.batch_id = opener.batch_id "
        "AND page.batch_seq >= opener.batch_seq)) AS has_pages "
        "FROM paper, page AS opener WHERE paper.dossier_id = ? AND opener.id = ? "
        "ORDER BY position, part, copy",
        (dossier_id, opener),
    )
    return [
        PaperThere(
            row["id"], row["part"], row["title"], bool(row["multiple"]), bool(row["has_pages"])
        )
        for row in rows
    ]


def paper_of(tx: sqlite3.Connection, page_id: str, dossier_id: str) -> str | None:
    """Return the id of the paper that a page is in, or None where that is another dossier's."""
    row = tx.execute(
        "SELECT paper.id FROM page JOIN paper ON paper.id = page.paper_id "
        "WHERE page.id = ? AND paper.dossier_id = ?",
        (page_id, dossier_id),
    ).fetchone()
    return None if row is None else str(row[0])


def home_paper(tx: sqlite3.Connection, batch_id: str) -> str:
    """Return the id of the paper that a batch was scanned into."""
    row = tx.execute("SELECT paper_id FROM batch WHERE id = ?", (batch_id,)).fetchone()
    return str(row[0])


def home_dossier(tx: sqlite3.Connection, batch_id: str) -> str:
    """Return the id of the dossier that a batch was scanned into."""
    row = tx.execute(
        "SELECT paper.dossier_id FROM batch JOIN paper ON paper.id = batch.paper_id "
        "WHERE batch.id = ?",
        (batch_id,),
    ).fetchone()
    return str(row[0])


def dossier_with(tx: sqlite3.Connection, code: str) -> str | None:
    """Return the id of the dossier with this mã hồ sơ, or None."""
    row = tx.execute("SELECT id FROM dossier WHERE code = ?", (code,)).fetchone()
    return None if row is None else str(row[0])


def procedure_of(tx: sqlite3.Connection, dossier_id: str) -> str:
    """Return a dossier's mã TTHC, or nothing where it is not known."""
    row = tx.execute("SELECT procedure_code FROM dossier WHERE id = ?", (dossier_id,)).fetchone()
    return str(row[0])


def has_list(tx: sqlite3.Connection, dossier_id: str) -> bool:
    """Tell whether the list of a dossier's papers is known."""
    row = tx.execute("SELECT template FROM dossier WHERE id = ?", (dossier_id,)).fetchone()
    return bool(row[0])
