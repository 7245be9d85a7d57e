"""Parts a paper in two and joins what was parted: verbs of their own.

Called by the window off its own thread. Each is one transaction and one edit, so that ``undo``
takes it back. A copy that is left without pages stays in the store and out of the lists
(``Dossier.listed``): nothing of it is deleted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from digitizer.events import Events
from digitizer.model import OTHER_PART
from digitizer.storage import changes, edits
from digitizer.storage.store import Store


def split_from(store: Store, events: Events, dossier_id: str, page_id: str) -> str | None:
    """Make a page and what follows it in its paper a paper of their own.

    That is one more copy of the paper where it may be several files, else one of *giấy tờ khác*.
    Deleted pages that follow go along.

    Returns:
        The id of the paper they are in now; None where no page that counts is before it: then
        nothing was changed.
    """
    with store.transaction() as tx:
        rows = _siblings(tx, page_id)
        at = [row["id"] for row in rows].index(page_id) if rows else 0
        if not any(row["deleted_at"] is None for row in rows[:at]):
            return None
        paper_id = _part(tx, dossier_id, [row["id"] for row in rows[at:]])
    events.publish(dossier_id)
    return paper_id


def split_off(store: Store, events: Events, dossier_id: str, page_ids: Sequence[str]) -> str | None:
    """Make some pages of a paper a paper of their own, as ``split_from`` does.

    Returns None, and changes nothing, where no page that counts would be left behind.
    """
    with store.transaction() as tx:
        rows = _siblings(tx, page_ids[0])
        left = [row for row in rows if row["id"] not in page_ids and row["deleted_at"] is None]
        if not left:
            return None
        paper_id = _part(tx, dossier_id, list(page_ids))
    events.publish(dossier_id)
    return paper_id


def join(store: Store, events: Events, dossier_id: str, paper_id: str) -> str | None:
    """Put all pages of a copy behind those of the copy before it.

    Returns:
        The id of the paper they are in now; None where there is no copy before it with pages.
    """
    with store.transaction() as tx:
        row = tx.execute(
            "SELECT before.id FROM paper AS before JOIN paper AS this "
            "ON before.dossier_id = this.dossier_id AND before.part = this.part "
            "AND before.copy < this.copy WHERE this.id = ? AND EXISTS (SELECT 1 FROM page "
            "WHERE page.paper_id = before.id AND page.deleted_at IS NULL) "
            "ORDER BY before.copy DESC LIMIT 1",
            (paper_id,),
        ).fetchone()
        moving = [
            one["id"]
            for one in tx.execute(
                "SELECT id FROM page WHERE paper_id = ? ORDER BY rank, batch_id, batch_seq",
                (paper_id,),
            )
        ]
        if row is None or not moving:
            return None
        edits.carry(tx, dossier_id, "join", moving, str(row["id"]))
    events.publish(dossier_id)
    return str(row["id"])


def _siblings(tx: sqlite3.Connection, page_id: str) -> list[sqlite3.Row]:
    """Return the pages of a page's paper in their order, deleted ones too."""
    return tx.execute(
        "SELECT id, deleted_at FROM page "
        "WHERE paper_id = (SELECT paper_id FROM page WHERE id = ?) "
        "ORDER BY rank, batch_id, batch_seq",
        (page_id,),
    ).fetchall()


def _part(tx: sqlite3.Connection, dossier_id: str, page_ids: list[str]) -> str:
    here = tx.execute(
        "SELECT paper.* FROM paper JOIN page ON page.paper_id = paper.id WHERE page.id = ?",
        (page_ids[0],),
    ).fetchone()
    part, behind = (here["part"], here["copy"]) if here["multiple"] else (OTHER_PART, 0)
    if part == OTHER_PART:
        changes.other_paper(tx, here["dossier_id"])
    free = tx.execute(
        "SELECT id FROM paper WHERE dossier_id = ? AND part = ? AND copy > ? "
        "AND NOT EXISTS (SELECT 1 FROM page WHERE page.paper_id = paper.id) "
        "ORDER BY copy LIMIT 1",
        (here["dossier_id"], part, behind),
    ).fetchone()
    if free is not None:
        paper_id = str(free["id"])
    else:
        title = tx.execute(
            "SELECT title FROM paper WHERE dossier_id = ? AND part = ? ORDER BY copy LIMIT 1",
            (here["dossier_id"], part),
        ).fetchone()["title"]
        paper_id = changes.another_paper(tx, here["dossier_id"], part, title)
    edits.carry(tx, dossier_id, "split", page_ids, paper_id)
    return paper_id
