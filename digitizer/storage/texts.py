"""What pages say, written and read: plain text, changes and key fields (``page_text``).

Called by ``storage.changes``, by the verb that reads words again, and by the command line. What
writes runs inside the caller's transaction.
"""

from __future__ import annotations

import json
import sqlite3

from digitizer.boxes import Box, text_of
from digitizer.pagetext import PageText
from digitizer.storage.store import Store

Key = tuple[str, int, str]
"""An image's hash, the turn and the crop that it was read in."""


def put(
    tx: sqlite3.Connection, sha256: str, turn: int, box: Box | None, said: PageText | None
) -> None:
    """Record what an image says at one turn and in one box; None: nothing is known any more."""
    key = (sha256, turn, text_of(box))
    tx.execute("DELETE FROM page_text WHERE sha256 = ? AND turn = ? AND crop = ?", key)
    if said is None:
        return
    found = said.to_json()
    changes, fields = (
        json.dumps(found[name], ensure_ascii=False) for name in ("changes", "fields")
    )
    tx.execute(
        "INSERT INTO page_text (sha256, turn, crop, text, raw, changes, fields) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*key, said.text, said.raw, changes, fields),
    )


def forget_failed(tx: sqlite3.Connection, sha256: str) -> None:
    """Forget that OCR of an image failed, so that it is tried again."""
    tx.execute("DELETE FROM words WHERE sha256 = ? AND failed <> ''", (sha256,))


def of_dossier(store: Store, dossier_id: str) -> dict[Key, PageText]:
    """Return what the pages of a dossier say."""
    rows = store.rows(
        "SELECT DISTINCT page_text.* FROM page_text JOIN page USING (sha256) "
        "JOIN paper ON paper.id = page.paper_id WHERE paper.dossier_id = ?",
        dossier_id,
    )
    return {(row["sha256"], row["turn"], row["crop"]): _said(row) for row in rows}


def words_of(store: Store, sha256: str, turn: int, box: Box | None) -> str:
    """Return the blob of the table of words of an image at one turn and in one box; empty where
    there is none."""
    rows = store.rows(
        "SELECT tsv FROM words WHERE sha256 = ? AND turn = ? AND crop = ?",
        sha256,
        turn,
        text_of(box),
    )
    return str(rows[0]["tsv"]) if rows else ""


def of_image(store: Store, sha256: str, turn: int, box: Box | None) -> PageText | None:
    """Return what an image says at one turn and in one box, or None."""
    rows = store.rows(
        "SELECT * FROM page_text WHERE sha256 = ? AND turn = ? AND crop = ?",
        sha256,
        turn,
        text_of(box),
    )
    return _said(rows[0]) if rows else None


def _said(row: sqlite3.Row) -> PageText:
    return PageText.from_json(
        {
            "text": row["text"],
            "raw": row["raw"],
            "changes": json.loads(row["changes"]),
            "fields": json.loads(row["fields"]),
        }
    )
