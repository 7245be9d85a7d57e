"""Papers that are not digitized again: taken from another dossier here, or an earlier result.

Component states 2 and 3 of domain facts §5. Verbs of the window and the command line; each is one
transaction and one edit, so that ``undo`` takes it back, the pages that came along with it. No
byte is copied: pages are rows, images are blobs.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from digitizer.errors import CopyRemoved, NothingToReuse, ResultCodeBad
from digitizer.events import Events
from digitizer.model import Dossier, PaperKind, PlacedBy
from digitizer.storage import changes, edits, queries, ways
from digitizer.storage.store import Store, now

DEVICE = "reuse"
"""What the batch of such pages has for a scanner."""
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{2,99}")
_MOST = 30


class Source(Struct, frozen=True):
    """A paper here that another dossier may reuse: the dossier (its head alone), its title, its
    kind, how many pages it has, and when the last of them came."""

    paper_id: str
    dossier: Dossier
    title: str
    kind: PaperKind
    pages: int
    at: datetime


def is_result_code(text: str) -> bool:
    """Tell whether a text may be the code of a result: one word of letters and digits, such as
    ``000.00.00.G09-KQ002269`` or ``KQ.G07.000122``."""
    return _CODE.fullmatch(text) is not None


def reuse_paper(
    store: Store, events: Events, dossier_id: str, paper_id: str, source_id: str, code: str = ""
) -> int:
    """Say that a paper is one that lies in another dossier here, and take its pages along.

    Pages that the paper has are taken out; ``undo`` brings them back.

    Args:
        store, events: Of the home.
        dossier_id: The dossier of the paper; the edit is remembered there.
        paper_id: The paper.
        source_id: The paper that it is; of any dossier.
        code: The code of the earlier result that it is; empty: it is a component.

    Returns:
        How many pages came along.

    Raises:
        NothingToReuse: the source has no page, or is the paper itself.
        CopyRemoved: the copies of the source, or of the paper, were removed from here.
        ResultCodeBad: the source is a result and ``code`` is empty, or it is no such code.
    """
    if code and not is_result_code(code):
        raise ResultCodeBad(code[:60])
    with store.transaction() as tx:
        source = tx.execute("SELECT * FROM paper WHERE id = ?", (source_id,)).fetchone()
        pages = _live(tx, source_id)
        if source is None or not pages or source_id == paper_id:
            raise NothingToReuse
        if source["removed_at"] is not None:
            raise CopyRemoved
        if source["kind"] == PaperKind.RESULT and not code:
            raise ResultCodeBad(str(source["part"]))
        batch = changes.new_id()
        profile = json.dumps({"reuse": source_id})
        changes.start_batch(tx, batch, paper_id, DEVICE, profile)
        _copy(tx, batch, paper_id, pages)
        _carry_original(tx, batch, pages)
        changes.end_batch(tx, batch, "count")
        fresh = [str(r[0]) for r in tx.execute("SELECT id FROM page WHERE batch_id = ?", (batch,))]
        old = [str(row["id"]) for row in _live(tx, paper_id) if row["batch_id"] != batch]
        after = edits.page_facts(tx, [*fresh, *old])
        moment = now()
        before = {page: {**facts, "deleted_at": moment} for page, facts in after.items()}
        before |= {page: after[page] for page in old}
        after |= {page: {**after[page], "deleted_at": moment} for page in old}
        said = {"code": code, "source": source_id, "batch": batch}
        _record(tx, dossier_id, paper_id, said, before, after)
    events.publish(dossier_id)
    return len(pages)


def reuse_result(store: Store, events: Events, dossier_id: str, paper_id: str, code: str) -> None:
    """Say that a paper is an earlier result with this code; pages that it has stay.

    Raises:
        ResultCodeBad: it is no such code.
    """
    if not is_result_code(code):
        raise ResultCodeBad(code[:60])
    with store.transaction() as tx:
        said = {"code": code, "source": "", "batch": ""}
        _record(tx, dossier_id, paper_id, said, {}, {})
    events.publish(dossier_id)


def no_reuse(store: Store, events: Events, dossier_id: str, paper_id: str) -> bool:
    """Take back that a paper is reused, and take out the pages that came along with that; False
    where nobody said so."""
    with store.transaction() as tx:
        said = ways.reuse_of(tx, paper_id)
        if said is None:
            return False
        came = [str(r["id"]) for r in _live(tx, paper_id) if r["batch_id"] == said["batch"]]
        before = edits.page_facts(tx, came)
        after = {page: {**facts, "deleted_at": now()} for page, facts in before.items()}
        _record(tx, dossier_id, paper_id, None, before, after)
    events.publish(dossier_id)
    return True


def sources(store: Store, dossier: Dossier, paper_id: str) -> tuple[Source, ...]:
    """Return papers of other dossiers here that ``paper_id`` may be, the likeliest first: those of
    the same holder, then those of the same title, newest first.

    A dossier whose holder is not known has none by its holder.
    """
    rows = store.rows(
        "SELECT dossier.*, paper.id AS paper_id, paper.title, paper.kind, "
        "count(page.id) AS pages, max(page.saved_at) AS at "
        "FROM paper AS mine CROSS JOIN dossier JOIN paper ON paper.dossier_id = dossier.id "
        "JOIN page ON page.paper_id = paper.id AND page.deleted_at IS NULL "
        "WHERE mine.id = ?1 AND paper.removed_at IS NULL "
        "AND dossier.id <> ?2 AND dossier.holder = ?3 AND ?3 <> '' "
        "GROUP BY paper.id ORDER BY paper.title = mine.title DESC, at DESC LIMIT ?4",
        paper_id,
        dossier.id,
        dossier.holder,
        _MOST,
    )
    return tuple(
        Source(
            row["paper_id"],
            queries.head_of(row),
            row["title"],
            PaperKind(row["kind"]),
            row["pages"],
            datetime.fromisoformat(row["at"]),
        )
        for row in rows
    )


def _live(tx: sqlite3.Connection, paper_id: str) -> list[sqlite3.Row]:
    return tx.execute(
        "SELECT * FROM page WHERE paper_id = ? AND deleted_at IS NULL "
        "ORDER BY rank, batch_id, batch_seq",
        (paper_id,),
    ).fetchall()


def _copy(tx: sqlite3.Connection, batch: str, paper_id: str, pages: Sequence[sqlite3.Row]) -> None:
    """Put the same images into a paper, as they are turned and cropped, behind what it has. The
    clerk put them there: no code on them leads them away."""
    end = edits.end_rank(tx, paper_id)
    tx.executemany(
        "INSERT INTO page (id, batch_id, batch_seq, paper_id, rank, sha256, bytes, suffix, turn, "
        "crop, kept, placed_by, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
        [
            (
                changes.new_id(),
                batch,
                seq,
                paper_id,
                end + seq,
                page["sha256"],
                page["bytes"],
                page["suffix"],
                page["turn"],
                page["crop"],
                PlacedBy.CLERK.value,
                now(),
            )
            for seq, page in enumerate(pages, start=1)
        ],
    )


def _carry_original(tx: sqlite3.Connection, batch: str, pages: Sequence[sqlite3.Row]) -> None:
    """Where the pages are one signed PDF, page for page, they stay that."""
    first = pages[0]
    row = tx.execute(
        "SELECT * FROM original WHERE batch_id = ? AND first = ?",
        (first["batch_id"], first["batch_seq"]),
    ).fetchone()
    if row is None or row["pages"] != len(pages):
        return
    runs = [(page["batch_id"], page["batch_seq"]) for page in pages]
    if runs == [(first["batch_id"], first["batch_seq"] + at) for at in range(len(pages))]:
        changes.add_original(tx, batch, 1, sha256=row["sha256"], pages=row["pages"])


def _record(
    tx: sqlite3.Connection,
    dossier_id: str,
    paper_id: str,
    said: dict[str, str] | None,
    before: edits.PageFacts,
    after: edits.PageFacts,
) -> None:
    was = ways.reuse_of(tx, paper_id)
    ways.put_reuse(tx, {paper_id: said})
    verb = "reuse" if said is not None else "no-reuse"
    edits.record_edit(
        tx, dossier_id, verb, before, after, reuse=({paper_id: was}, {paper_id: said})
    )
