"""Writes facts. Each function runs inside the caller's transaction and commits nothing.

Called by the verbs, capture, recovery and the lanes. Knows no rule of the domain.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from digitizer.boxes import Box, text_of
from digitizer.model import PlacedBy, Reading, Signed, Words
from digitizer.pagetext import PageText
from digitizer.storage import edits, forgetting, texts
from digitizer.storage.clerks import CLERK_NOW
from digitizer.storage.components import KEPT, open_paper
from digitizer.storage.components import add_paper as add_paper
from digitizer.storage.components import another_paper as another_paper
from digitizer.storage.components import new_id as new_id
from digitizer.storage.components import other_paper as other_paper
from digitizer.storage.edits import PageFacts
from digitizer.storage.store import now

UNSORTED_TITLE = "Chưa phân loại"
UNSORTED = "dossier.unsorted"
"""The setting that names the dossier *Chưa phân loại*."""


def add_dossier(
    tx: sqlite3.Connection,
    *,
    code: str | None,
    procedure_code: str = "",
    procedure_name: str = "",
    holder: str = "",
    server_ref: str = "",
    template: str = "",
) -> str:
    """Add a dossier; without ``code`` it gets the next local number. Returns its id."""
    dossier_id = new_id()
    number = None if code is not None else _next_number(tx)
    tx.execute(
        "INSERT INTO dossier (id, code, local_number, procedure_code, procedure_name, holder, "
        "server_ref, template, opened_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            dossier_id,
            code,
            number,
            procedure_code,
            procedure_name,
            holder,
            server_ref,
            template,
            now(),
        ),
    )
    return dossier_id


def give_number(tx: sqlite3.Connection, dossier_id: str) -> None:
    """Give a dossier the next local number, unless it has one."""
    tx.execute(
        "UPDATE dossier SET local_number = ? WHERE id = ? AND local_number IS NULL",
        (_next_number(tx), dossier_id),
    )


def _next_number(tx: sqlite3.Connection) -> int:
    return int(tx.execute("SELECT coalesce(max(local_number), 0) + 1 FROM dossier").fetchone()[0])


def start_batch(
    tx: sqlite3.Connection,
    batch_id: str,
    paper_id: str,
    device: str,
    profile: str,
    *,
    after: str | None = None,
    replaces: str | None = None,
    continues: str | None = None,
) -> None:
    """Record that a batch begins; starting the same one again continues it.

    Args:
        tx: The transaction.
        batch_id: Its id.
        paper_id: Where its pages go.
        device: Where they come from.
        profile: The wish, as JSON.
        after: The page they go behind; empty: before the first; None: at the end.
        replaces: The page whose place they take, or None.
        continues: The batch that broke off before and whose stack this is the rest of, or None.
    """
    tx.execute(
        "INSERT INTO batch "
        "(id, paper_id, device, profile, started_at, after_page, replaces, continues, clerk) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
        + CLERK_NOW
        + ") ON CONFLICT (id) DO UPDATE SET ended_at = NULL, reason = NULL",
        (batch_id, paper_id, device, profile, now(), after, replaces, continues),
    )


def note_source(tx: sqlite3.Connection, batch_id: str, source: str) -> None:
    """Record beside a batch's wish where its paper really lay: the wish may leave that open."""
    tx.execute(
        "UPDATE batch SET profile = json_set(profile, '$.scanned_from', ?) WHERE id = ?",
        (source, batch_id),
    )


def end_batch(tx: sqlite3.Connection, batch_id: str, reason: str) -> None:
    """Record how a batch ended; pages that were put between others, or in the place of one, can
    be taken back from now on."""
    tx.execute("UPDATE batch SET ended_at = ?, reason = ? WHERE id = ?", (now(), reason, batch_id))
    batch = tx.execute(
        "SELECT batch.*, paper.dossier_id FROM batch JOIN paper ON paper.id = batch.paper_id "
        "WHERE batch.id = ?",
        (batch_id,),
    ).fetchone()
    if batch is None or (batch["after_page"] is None and batch["replaces"] is None):
        return
    fresh = edits.page_facts(
        tx,
        [
            row[0]
            for row in tx.execute(
                "SELECT id FROM page WHERE batch_id = ? AND paper_id = ? AND deleted_at IS NULL",
                (batch_id, batch["paper_id"]),
            )
        ],
    )
    if not fresh:
        return
    before: PageFacts = {page: {**facts, "deleted_at": now()} for page, facts in fresh.items()}
    after: PageFacts = dict(fresh)
    if batch["replaces"] is not None:
        old = edits.page_facts(tx, [batch["replaces"]])
        before |= old
        after |= {page: {**facts, "deleted_at": now()} for page, facts in old.items()}
    verb = "insert" if batch["replaces"] is None else "replace"
    edits.record_edit(tx, batch["dossier_id"], verb, before, after)


def add_page(
    tx: sqlite3.Connection,
    batch_id: str,
    seq: int,
    *,
    sha256: str,
    size: int,
    suffix: str,
) -> bool:
    """Add a page where its batch's pages go; False where that batch has this seq already. Where
    the copies of its paper were removed meanwhile, that is a further one of the component."""
    batch = tx.execute("SELECT * FROM batch WHERE id = ?", (batch_id,)).fetchone()
    paper_id = open_paper(tx, batch["paper_id"])
    forgetting.begin_anew(tx, sha256)
    added = tx.execute(
        "INSERT INTO page (id, batch_id, batch_seq, paper_id, rank, sha256, bytes, suffix, "
        "placed_by, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (batch_id, batch_seq) DO NOTHING",
        (
            new_id(),
            batch_id,
            seq,
            paper_id,
            _rank(tx, batch, paper_id, seq),
            sha256,
            size,
            suffix,
            PlacedBy.BATCH.value,
            now(),
        ),
    )
    return added.rowcount == 1


def add_original(
    tx: sqlite3.Connection, batch_id: str, first: int, *, sha256: str, pages: int
) -> None:
    """Record the signed PDF that a batch's pages from ``first`` on were rendered from."""
    tx.execute(
        "INSERT INTO original (batch_id, first, pages, sha256) VALUES (?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        (batch_id, first, pages, sha256),
    )


def put_signed(tx: sqlite3.Connection, sha256: str, signed: Signed) -> None:
    """Record what a look at a signed PDF found."""
    listed = json.dumps([one.to_json() for one in signed.signatures], ensure_ascii=False)
    tx.execute(
        "INSERT OR REPLACE INTO signed VALUES (?, ?, ?, ?)", (sha256, listed, signed.pdfa, now())
    )


def _rank(tx: sqlite3.Connection, batch: sqlite3.Row, paper_id: str, seq: int) -> float:
    """Return the rank of a batch's next page: behind the batch's own last one before it, else
    where the batch was told to begin, else at the end."""
    anchor = batch["after_page"] if batch["replaces"] is None else batch["replaces"]
    if anchor is None:
        return edits.end_rank(tx, paper_id)
    own = tx.execute(
        "SELECT id FROM page WHERE batch_id = ? AND batch_seq < ? AND paper_id = ? "
        "ORDER BY batch_seq DESC LIMIT 1",
        (batch["id"], seq, paper_id),
    ).fetchone()
    return edits.rank_behind(tx, paper_id, own["id"] if own is not None else anchor)


def put_reading(tx: sqlite3.Connection, sha256: str, reading: Reading) -> None:
    """Record what a look at an image found.

    Who turned a page before it was read saw the image as it is, and so said its whole turn:
    the reading's is no longer on top of that.
    """
    if not tx.execute("SELECT 1 FROM reading WHERE sha256 = ?", (sha256,)).fetchone():
        tx.execute(
            "UPDATE page SET turn = (turn + 360 - ?) % 360 WHERE sha256 = ? AND turn <> 0 "
            "AND paper_id IN (SELECT id FROM paper WHERE removed_at IS NULL)",
            (reading.turn, sha256),
        )
    facts: dict[str, object] = {
        "sha256": sha256,
        "width": reading.width,
        "height": reading.height,
        "dpi_x": reading.dpi_x,
        "dpi_y": reading.dpi_y,
        "blank": reading.blank,
        "ink": reading.ink,
        "turn": reading.turn,
        "skew": reading.skew,
        "codes": json.dumps(reading.to_json()["codes"], ensure_ascii=False),
        "look": reading.look,
        "blank_reason": reading.blank_reason or "",
        "turn_confidence": reading.turn_confidence,
        "crop": text_of(reading.crop),
        "crop_sure": reading.crop_sure,
        "looked": reading.looked,
    }
    _replace(tx, "reading", facts)


def put_words(
    tx: sqlite3.Connection,
    sha256: str,
    turn: int,
    words: Words,
    box: Box | None = None,
    said: PageText | None = None,
) -> None:
    """Record what OCR read on an image at one turn and in one box (None: all of it); ``said`` is
    None where it failed."""
    facts: dict[str, object] = {
        "sha256": sha256,
        "turn": turn,
        "crop": text_of(box),
        "tsv": words.tsv,
        "pdf": words.pdf,
        "count": words.count,
        "confidence": words.confidence,
        "failed": words.failed,
        "looked": words.looked,
    }
    _replace(tx, "words", facts)
    texts.put(tx, sha256, turn, box, said)


def _replace(tx: sqlite3.Connection, table: str, facts: dict[str, object]) -> None:
    """Put a row of named columns; the names are this module's own."""
    tx.execute(
        f"INSERT OR REPLACE INTO {table} ({', '.join(facts)}) "  # noqa: S608
        f"VALUES ({', '.join('?' * len(facts))})",
        tuple(facts.values()),
    )


def set_setting(tx: sqlite3.Connection, name: str, value: str) -> None:
    """Set one setting."""
    tx.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))


def route_page(tx: sqlite3.Connection, page_id: str, paper_id: str) -> bool:
    """Put a page behind the last one of a paper, as a code says.

    False where it is there already or, since it was read, was placed by the clerk or deleted:
    that is not overruled. Where that paper's copies were removed, it is a further one.
    """
    here = f"SELECT 1 FROM page WHERE id = ? AND {KEPT}"  # noqa: S608 - a condition of ours
    if tx.execute(here, (page_id,)).fetchone() is None:
        return False
    paper_id = open_paper(tx, paper_id)
    moved = tx.execute(
        "UPDATE page SET paper_id = ?1, rank = ?2, placed_by = ?3 WHERE id = ?4 "
        "AND paper_id <> ?1 AND placed_by <> ?5 AND (deleted_at IS NULL OR separator = 1)",
        (
            paper_id,
            edits.end_rank(tx, paper_id),
            PlacedBy.CODE.value,
            page_id,
            PlacedBy.CLERK.value,
        ),
    )
    return moved.rowcount == 1


def unsorted_dossier(tx: sqlite3.Connection) -> str:
    """Return the id of *Chưa phân loại*, the local dossier of what no dossier claimed yet, adding
    it where there is none."""
    row = tx.execute("SELECT value FROM setting WHERE name = ?", (UNSORTED,)).fetchone()
    if row is not None:
        return str(row[0])
    dossier_id = add_dossier(tx, code=None, holder=UNSORTED_TITLE)
    set_setting(tx, UNSORTED, dossier_id)
    return dossier_id


def put_headings(tx: sqlite3.Connection, sha256: str, turn: int, lines: Sequence[str]) -> None:
    """Record which lines of an image, at one turn, may be its title."""
    tx.execute(
        "INSERT OR REPLACE INTO heading VALUES (?, ?, ?)",
        (sha256, turn, json.dumps(list(lines), ensure_ascii=False)),
    )
