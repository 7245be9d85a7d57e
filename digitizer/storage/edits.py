"""Writes what a clerk can change about pages, so that it can be undone, and where pages stand.

Each function runs inside the caller's transaction and commits nothing. Called by the verbs and by
``digitizer.storage.changes``.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Sequence

from msgspec import Struct

from digitizer.errors import CopyRemoved
from digitizer.model import PlacedBy
from digitizer.storage import ways
from digitizer.storage.clerks import CLERK_NOW
from digitizer.storage.store import now

Reuses = dict[str, dict[str, str] | None]
"""By paper id, what papers are reused from (``ways.put_reuse``)."""

PageFacts = dict[str, dict[str, object]]
"""By page id, what the clerk can change about a page, by name."""

PAGE_FACTS = (
    "paper_id",
    "rank",
    "turn",
    "placed_by",
    "deleted_at",
    "kept",
    "crop",
    "separator",
    "seen",
)
"""Columns. SQL is put together from these names alone; whatever comes from outside is bound."""


_NEWEST_DONE = (
    "SELECT * FROM edit WHERE dossier_id = ? AND stack IS ? AND undone_at IS NULL "
    "ORDER BY id DESC LIMIT 1"
)
_LAST_UNDONE = (
    "SELECT * FROM edit WHERE dossier_id = ? AND stack IS ? AND undone_at IS NOT NULL "
    "ORDER BY id LIMIT 1"
)


class Step(Struct, frozen=True):
    """An edit that was taken back or done again.

    Attributes:
        verb: What it was.
        pages: Ids of the pages it was done to.
        papers: Ids of the papers they may be in now.
        touched: Ids of the papers they were in before and after the edit.
    """

    verb: str
    pages: tuple[str, ...]
    papers: tuple[str, ...]
    touched: frozenset[str]


def page_facts(tx: sqlite3.Connection, page_ids: Sequence[str]) -> PageFacts:
    """Return what the clerk can change about pages."""
    marks = ",".join("?" * len(page_ids))
    rows = tx.execute(
        f"SELECT id, {', '.join(PAGE_FACTS)} FROM page WHERE id IN ({marks})",  # noqa: S608
        tuple(page_ids),
    )
    return {row["id"]: {name: row[name] for name in PAGE_FACTS} for row in rows}


def set_page_facts(tx: sqlite3.Connection, facts: PageFacts) -> None:
    """Set what ``page_facts`` gave, wholly or changed; facts it does not name stay.

    Raises:
        CopyRemoved: a page is in, or would go into, a paper whose copies were removed.
    """
    removed = tx.execute(
        "SELECT 1 FROM paper WHERE removed_at IS NOT NULL AND id IN (SELECT paper_id FROM page "
        "WHERE id IN (SELECT value FROM json_each(?1)) UNION SELECT value FROM json_each(?2))",
        (json.dumps(list(facts)), json.dumps([v.get("paper_id") for v in facts.values()])),
    ).fetchone()
    if removed is not None:
        raise CopyRemoved
    for page_id, values in facts.items():
        names = [name for name in PAGE_FACTS if name in values]
        tx.execute(
            f"UPDATE page SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?",  # noqa: S608
            (*(values[name] for name in names), page_id),
        )


def record_edit(
    tx: sqlite3.Connection,
    dossier_id: str,
    verb: str,
    before: PageFacts,
    after: PageFacts,
    *,
    stack: str | None = None,
    reuse: tuple[Reuses, Reuses] = ({}, {}),
) -> None:
    """Change pages so that it can be undone; what was undone before cannot be redone any more.

    Remembered is what the verb changed, and in which paper each page was: nothing else of a page
    is the verb's to take back. ``stack``: it was made in the review of that stack. ``reuse``: what
    papers were reused from before and are after; that is the verb's to set.
    """
    set_page_facts(tx, after)
    before, after = _changed(before, after), _changed(after, before)
    tx.execute(
        "DELETE FROM edit WHERE dossier_id = ? AND stack IS ? AND undone_at IS NOT NULL",
        (dossier_id, stack),
    )
    tx.execute(
        "INSERT INTO edit (dossier_id, at, verb, before, after, stack, reuse_before, reuse_after, "  # noqa: S608
        f"clerk) VALUES (?, ?, ?, ?, ?, ?, ?, ?, {CLERK_NOW})",
        (
            dossier_id,
            now(),
            verb,
            json.dumps(before),
            json.dumps(after),
            stack,
            *(json.dumps(side) for side in reuse),
        ),
    )


def _changed(facts: PageFacts, others: PageFacts) -> PageFacts:
    """Return those of ``facts`` that ``others`` has otherwise; ``paper_id`` always."""
    return {
        page_id: {
            name: value
            for name, value in values.items()
            if name == "paper_id" or value != others[page_id][name]
        }
        for page_id, values in facts.items()
    }


def turned(facts: dict[str, object], degrees: int) -> dict[str, object]:
    """Return a page's facts with ``degrees`` clockwise (a multiple of 90) more."""
    return {**facts, "turn": (int(str(facts["turn"])) + degrees) % 360}


def papers_of(*facts: PageFacts) -> frozenset[str]:
    """Return the ids of the papers that pages are in by these facts."""
    return frozenset(str(values["paper_id"]) for side in facts for values in side.values())


def carry(
    tx: sqlite3.Connection,
    dossier_id: str,
    verb: str,
    page_ids: Sequence[str],
    paper_id: str,
    behind: str | None = None,
) -> frozenset[str]:
    """Put pages, in the given order, to a place in a paper; return the ids of the papers this
    touched.

    Args:
        tx: The transaction.
        dossier_id: Where the edit is remembered,
        verb: and as what.
        page_ids: The pages.
        paper_id: Where they go.
        behind: As ``ranks_behind`` takes it; None: behind the last.
    """
    before = page_facts(tx, page_ids)
    ranks = ranks_behind(tx, paper_id, behind, len(page_ids), frozenset(page_ids))
    moved = {"paper_id": paper_id, "placed_by": PlacedBy.CLERK.value}
    after = {
        page_id: {**before[page_id], **moved, "rank": rank}
        for page_id, rank in zip(page_ids, ranks, strict=True)
    }
    record_edit(tx, dossier_id, verb, before, after)
    return papers_of(before, after)


def step(
    tx: sqlite3.Connection, dossier_id: str, *, undone: bool, stack: str | None = None
) -> Step | None:
    """Take the newest edit of a dossier (of a stack's review) back, or do the last undone one
    again; None where there is none.

    A page that is in another paper than the edit left it in, because a code or a verb of another
    dossier took it there, is let be. A turn is taken back by as much as it was, so that turns in
    between stay.
    """
    row = tx.execute(_NEWEST_DONE if undone else _LAST_UNDONE, (dossier_id, stack)).fetchone()
    if row is None:
        return None
    old, new = json.loads(row["before"]), json.loads(row["after"])
    before, after = _changed(old, new), _changed(new, old)  # older versions kept all facts
    left, wanted = (after, before) if undone else (before, after)
    now_there = page_facts(tx, list(wanted))
    stepped: PageFacts = {}
    for page_id, values in wanted.items():
        current = now_there[page_id]
        if current["paper_id"] == left[page_id]["paper_id"]:
            stepped[page_id] = dict(values)
            if "turn" in values:
                by = int(str(values["turn"])) - int(str(left[page_id]["turn"]))
                stepped[page_id]["turn"] = (int(str(current["turn"])) + by) % 360
    set_page_facts(tx, stepped)
    reuses: Reuses = json.loads(row["reuse_before"] if undone else row["reuse_after"])
    ways.put_reuse(tx, reuses)
    tx.execute("UPDATE edit SET undone_at = ? WHERE id = ?", (now() if undone else None, row["id"]))
    papers = dict.fromkeys([*(str(values["paper_id"]) for values in wanted.values()), *reuses])
    touched = papers_of(old, new) | frozenset(reuses)
    return Step(str(row["verb"]), tuple(wanted), tuple(papers), touched)


def end_rank(tx: sqlite3.Connection, paper_id: str) -> float:
    """Return the rank that puts a page behind all others of a paper."""
    row = tx.execute(
        "SELECT coalesce(max(rank), 0) + 1 FROM page WHERE paper_id = ?", (paper_id,)
    ).fetchone()
    return float(row[0])


def rank_behind(tx: sqlite3.Connection, paper_id: str, page_id: str) -> float:
    """Return a rank between a page of a paper (empty: its start) and what follows it; the end of
    the paper where the page is not in it (any more)."""
    return ranks_behind(tx, paper_id, page_id, 1)[0]


def ranks_behind(
    tx: sqlite3.Connection,
    paper_id: str,
    page_id: str | None,
    count: int,
    moving: frozenset[str] = frozenset(),
) -> list[float]:
    """Return ``count`` ascending ranks behind a page of a paper and before what follows it.

    Args:
        tx: The transaction.
        paper_id: The paper.
        page_id: The page; empty: the paper's start. None, or a page that is not in it: its end.
        count: How many.
        moving: Pages that are about to leave their places and do not count.
    """
    for _ in range(2):
        ranks = {
            str(row["id"]): float(row["rank"])
            for row in tx.execute("SELECT id, rank FROM page WHERE paper_id = ?", (paper_id,))
            if row["id"] not in moving
        }
        if page_id and page_id in ranks:
            at = ranks[page_id]
        elif page_id == "" and ranks:
            at = min(ranks.values()) - 1.0
        else:
            break
        behind = [rank for rank in ranks.values() if rank > at]
        if not behind:
            break
        step = (min(behind) - at) / (count + 1)
        found = [at + step * number for number in range(1, count + 1)]
        if all(one < other for one, other in itertools.pairwise([at, *found, min(behind)])):
            return found
        _spread(tx, paper_id)  # halved so often that no number lies between
    end = end_rank(tx, paper_id)
    return [end + number for number in range(count)]


def _spread(tx: sqlite3.Connection, paper_id: str) -> None:
    """Number the ranks of a paper's pages anew: 1, 2, 3 …"""
    rows = tx.execute(
        "SELECT id FROM page WHERE paper_id = ? ORDER BY rank, batch_id, batch_seq", (paper_id,)
    ).fetchall()
    tx.executemany(
        "UPDATE page SET rank = ? WHERE id = ?",
        [(float(number), row["id"]) for number, row in enumerate(rows, start=1)],
    )
