"""Reads and writes what is known about files of watched folders.

Called by ``digitizer.delivering``. Functions that take ``tx`` run inside the caller's transaction
and commit nothing. Knows no rule and looks at no file.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from digitizer.storage.store import Store, now

_ROOM = 100_000
"""Numbers left free behind a file that was interrupted: no file has more pages."""


class Delivered(Struct, frozen=True):
    """A file that was taken, or half taken: ``first`` is its first page's number in the batch."""

    id: int
    path: str
    sha256: str
    batch: str
    first: int
    whole: bool
    gone: bool


class Question(Struct, frozen=True):
    """A file whose bytes were taken before. ``answer``: ``take``, ``skip`` or None so far."""

    id: int
    path: str
    sha256: str
    asked_at: str
    answer: str | None


class Gathering(Struct, frozen=True):
    """The files of one folder that are becoming one paper."""

    batch: str
    folder: str


def place_of(path: Path) -> str:
    """Return a path as it is stored: absolute, any name made text."""
    return os.fsencode(path.absolute()).decode("utf-8", "backslashreplace")


def of_bytes(store: Store, sha256: str) -> list[Delivered]:
    """Return every delivery of these bytes, oldest first."""
    rows = store.rows("SELECT * FROM taken WHERE sha256 = ? ORDER BY id", sha256)
    return [_delivered(row) for row in rows]


def still_here(store: Store) -> list[Delivered]:
    """Return files that were taken and, as far as is known, not yet moved away."""
    rows = store.rows("SELECT * FROM taken WHERE gone_at IS NULL AND taken_at IS NOT NULL")
    return [_delivered(row) for row in rows]


def begin(tx: sqlite3.Connection, place: str, sha256: str, batch: str, first: int) -> Delivered:
    """Record that a file begins to be taken, together with its first page."""
    added = tx.execute(
        "INSERT INTO taken (path, sha256, batch_id, first) VALUES (?, ?, ?, ?)",
        (place, sha256, batch, first),
    )
    assert added.lastrowid is not None  # noqa: S101 - a row was inserted
    return Delivered(added.lastrowid, place, sha256, batch, first, whole=False, gone=False)


def complete(tx: sqlite3.Connection, delivered: Delivered) -> None:
    """Record that all its pages are safe."""
    tx.execute(
        "UPDATE taken SET taken_at = ?, path = ? WHERE id = ?",
        (now(), delivered.path, delivered.id),
    )


def gone(tx: sqlite3.Connection, delivered: Iterable[int]) -> None:
    """Record that files are no longer where they were taken from."""
    moment = now()
    tx.executemany(
        "UPDATE taken SET gone_at = ? WHERE id = ?", [(moment, number) for number in delivered]
    )


def next_first(tx: sqlite3.Connection, batch: str) -> int:
    """Return the number of a batch's next page; a file in it that was interrupted keeps room."""
    last = tx.execute(
        "SELECT coalesce(max(batch_seq), 0) FROM page WHERE batch_id = ?", (batch,)
    ).fetchone()[0]
    half = tx.execute(
        "SELECT 1 FROM taken WHERE batch_id = ? AND taken_at IS NULL", (batch,)
    ).fetchone()
    return int(last) + 1 + (_ROOM if half else 0)


def reopen(tx: sqlite3.Connection, batch: str) -> None:
    """Let a batch that was interrupted go on."""
    tx.execute(
        "UPDATE batch SET ended_at = NULL, reason = NULL WHERE id = ? AND ended_at IS NOT NULL",
        (batch,),
    )


def batch_exists(tx: sqlite3.Connection, batch: str) -> bool:
    """Tell whether a batch was begun before."""
    return tx.execute("SELECT 1 FROM batch WHERE id = ?", (batch,)).fetchone() is not None


def unused(tx: sqlite3.Connection, paper_id: str) -> bool:
    """Tell whether nothing was ever put into a paper."""
    found = tx.execute(
        "SELECT 1 FROM batch WHERE paper_id = ?1 UNION ALL SELECT 1 FROM page WHERE paper_id = ?1",
        (paper_id,),
    ).fetchone()
    return found is None


def title_of(tx: sqlite3.Connection, paper_id: str) -> str:
    """Return a paper's title."""
    return str(tx.execute("SELECT title FROM paper WHERE id = ?", (paper_id,)).fetchone()[0])


def gathering_in(tx: sqlite3.Connection, folder: str) -> str | None:
    """Return the batch that a folder's files are becoming, or None."""
    row = tx.execute(
        "SELECT batch_id FROM gathering WHERE folder = ? AND closed_at IS NULL", (folder,)
    ).fetchone()
    return None if row is None else str(row[0])


def gather(tx: sqlite3.Connection, folder: str, batch: str) -> None:
    """Record that a folder's files become one batch from now on."""
    tx.execute("INSERT INTO gathering (batch_id, folder) VALUES (?, ?)", (batch, folder))


def end_gathering(tx: sqlite3.Connection, batch: str) -> None:
    """Record that a folder was quiet for long enough."""
    tx.execute("UPDATE gathering SET closed_at = ? WHERE batch_id = ?", (now(), batch))


def gatherings(store: Store) -> list[Gathering]:
    """Return what is being gathered."""
    rows = store.rows("SELECT batch_id, folder FROM gathering WHERE closed_at IS NULL")
    return [Gathering(row["batch_id"], row["folder"]) for row in rows]


def question_about(store: Store, place: str) -> Question | None:
    """Return the open question about a file, answered or not."""
    rows = store.rows("SELECT * FROM question WHERE path = ? AND settled_at IS NULL", place)
    return _question(rows[0]) if rows else None


def questions(store: Store) -> list[Question]:
    """Return every open question, oldest first."""
    rows = store.rows("SELECT * FROM question WHERE settled_at IS NULL ORDER BY id")
    return [_question(row) for row in rows]


def ask(tx: sqlite3.Connection, place: str, sha256: str, answer: str | None) -> Question:
    """Record a question; ``answer`` where a rule has one already."""
    moment = now()
    added = tx.execute(
        "INSERT INTO question (path, sha256, asked_at, answer) VALUES (?, ?, ?, ?)",
        (place, sha256, moment, answer),
    )
    assert added.lastrowid is not None  # noqa: S101 - a row was inserted
    return Question(added.lastrowid, place, sha256, moment, answer)


def answer(tx: sqlite3.Connection, place: str, said: str) -> bool:
    """Record what the clerk said; False where nothing was asked about that file."""
    changed = tx.execute(
        "UPDATE question SET answer = ? WHERE path = ? AND settled_at IS NULL", (said, place)
    )
    return changed.rowcount == 1


def settle(tx: sqlite3.Connection, question: Question) -> None:
    """Record that an answer was followed, or that the question is void."""
    tx.execute("UPDATE question SET settled_at = ? WHERE id = ?", (now(), question.id))


def _delivered(row: sqlite3.Row) -> Delivered:
    return Delivered(
        row["id"],
        row["path"],
        row["sha256"],
        row["batch_id"],
        row["first"],
        row["taken_at"] is not None,
        row["gone_at"] is not None,
    )


def _question(row: sqlite3.Row) -> Question:
    return Question(row["id"], row["path"], row["sha256"], row["asked_at"], row["answer"])
