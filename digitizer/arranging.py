"""Puts pages earlier, later, or into another dossier, by what holds when it is done.

Called by the window off its own thread: a key that is pressed twice moves pages twice, however
old the list on the screen is. Each verb is one transaction and one edit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from digitizer.boxes import Box, Cropping, stored
from digitizer.events import Events
from digitizer.storage import changes, edits
from digitizer.storage.store import Store


def shift(store: Store, events: Events, dossier_id: str, page_ids: Sequence[str], by: int) -> bool:
    """Put pages of one paper, as one block, a place earlier (-1) or later (1).

    Returns whether anything moved: pages that are at the end already stay.
    """
    with store.transaction() as tx:
        rows = tx.execute(
            "SELECT id, paper_id FROM page WHERE deleted_at IS NULL "
            "AND paper_id = (SELECT paper_id FROM page WHERE id = ?) "
            "ORDER BY rank, batch_id, batch_seq",
            (page_ids[0],),
        ).fetchall()
        ids = [str(row["id"]) for row in rows]
        moving = [one for one in ids if one in page_ids]
        ordered = _shifted(ids, moving, by)
        if not moving or ordered == ids:
            return False
        at = ordered.index(moving[0])
        behind = ordered[at - 1] if at else ""
        paper_id = str(rows[0]["paper_id"])
        edits.carry(tx, dossier_id, "order", moving, paper_id, behind)
    events.publish(dossier_id)
    return True


def _shifted(ids: list[str], moving: list[str], by: int) -> list[str]:
    """PURE: return ``ids`` with ``moving`` together, one place on from the first (or last) of
    them."""
    if not moving:
        return ids
    rest = [one for one in ids if one not in moving]
    edge = moving[0] if by < 0 else moving[-1]
    at = sum(one not in moving for one in ids[: ids.index(edge)]) + by
    at = max(0, min(at, len(rest)))
    return [*rest[:at], *moving, *rest[at:]]


def to_dossier(
    store: Store, events: Events, dossier_id: str, page_ids: Sequence[str], goal: str
) -> str:
    """Move pages to another dossier: behind the same paper there, where it has one of that
    component and title, else into its *giấy tờ khác*.

    Args:
        store, events: Of the home.
        dossier_id: Where the edit is remembered, and taken back.
        page_ids: The pages, in the order that they are to have.
        goal: The other dossier.

    Returns:
        The id of the paper they are in now.
    """
    with store.transaction() as tx:
        same = tx.execute(
            "SELECT there.id FROM paper AS there JOIN paper AS here USING (part, title) "
            "JOIN page ON page.paper_id = here.id "
            "WHERE page.id = ? AND there.dossier_id = ? ORDER BY there.copy LIMIT 1",
            (page_ids[0], goal),
        ).fetchone()
        paper_id = str(same["id"]) if same is not None else changes.other_paper(tx, goal)
        edits.carry(tx, dossier_id, "move", page_ids, paper_id)
    events.publish(dossier_id, goal)
    return paper_id


def to_other(store: Store, events: Events, dossier_id: str, page_ids: Sequence[str]) -> str:
    """Move pages to the *giấy tờ khác* of their own dossier, adding it where there is none.

    Returns the id of that paper.
    """
    with store.transaction() as tx:
        paper_id = changes.other_paper(tx, dossier_id)
        edits.carry(tx, dossier_id, "move", page_ids, paper_id)
    events.publish(dossier_id)
    return paper_id


def crop_each(
    store: Store, events: Events, dossier_id: str, wanted: Mapping[str, Box | Cropping]
) -> None:
    """Say of each page (by its id) which part of its image it is."""
    with store.transaction() as tx:
        before = edits.page_facts(tx, list(wanted))
        after = {one: {**before[one], "crop": stored(part)} for one, part in wanted.items()}
        edits.record_edit(tx, dossier_id, "crop", before, after)
    events.publish(dossier_id)
