"""The word index: what dossiers and pages say, to be searched. A cache of the facts.

Triggers of the schema note what changed; ``catch_up`` brings the words up to that, a little at a
time, on whichever thread has time for it (``digitizer.indexing``). Emptied, it grows back. Read
by the search (``digitizer.finding``). Keeps no copy of the text: excerpts are made of the facts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence

from msgspec import Struct

from digitizer.identifiers import local_code
from digitizer.sought import Sought, Word, fold, numbers_in, plain, words_of
from digitizer.storage.queries import CROP_NOW, TURN_NOW
from digitizer.storage.store import Store

_DOSSIERS_AT_ONCE = 500
_GARBAGE = 10_000
_ANEW = 500
"""Dossiers whose words are not in the index yet are looked through one by one, this many."""

SAID = f"""
JOIN paper ON paper.id = page.paper_id
JOIN dossier ON dossier.id = paper.dossier_id
LEFT JOIN reading ON reading.sha256 = page.sha256
LEFT JOIN page_text ON page_text.sha256 = page.sha256
                   AND page_text.turn = {TURN_NOW} AND page_text.crop = {CROP_NOW}
"""
"""Joins to ``page`` what it says as it is turned and cropped now."""


class Hit(Struct, frozen=True):
    """A page that says what is looked for."""

    page_id: str
    dossier_id: str


def waiting(store: Store) -> int:
    """Count the dossiers and pages whose words have changed since the index was brought up."""
    (row,) = store.rows(
        "SELECT (SELECT count(*) FROM unindexed_dossier) + (SELECT count(*) FROM unindexed_page)"
    )
    return int(row[0])


def catch_up(store: Store, at_most: int) -> int:
    """Index dossiers, then up to ``at_most`` pages, whose words changed, the oldest change first;
    return how many of both. The store's lock is held meanwhile, some tenths of a millisecond a
    page.

    Raises:
        DiskFull and the other rows of the store; nothing was changed.
    """
    with store.transaction() as tx:
        heads = tx.execute(
            "SELECT unindexed_dossier.dossier_id AS wanted, dossier.* FROM unindexed_dossier "
            "LEFT JOIN dossier ON dossier.id = unindexed_dossier.dossier_id "
            "ORDER BY unindexed_dossier.rowid LIMIT ?",
            (_DOSSIERS_AT_ONCE,),
        ).fetchall()
        for row in heads:
            _index_head(tx, row)
        if len(heads) == _DOSSIERS_AT_ONCE:
            return len(heads)
        wanted = [
            str(row[0])
            for row in tx.execute(
                "SELECT page_id FROM unindexed_page ORDER BY rowid LIMIT ?", (at_most,)
            )
        ]
        _forget_pages(tx, wanted)
        for row in tx.execute(
            "SELECT page.id, dossier.code, dossier.local_number, dossier.holder, "  # noqa: S608 - joins of ours
            "dossier.procedure_name, reading.codes, page_text.text, page_text.raw, "
            f"page_text.fields FROM page {SAID} "
            "WHERE page.id IN (SELECT value FROM json_each(?)) AND page.deleted_at IS NULL "
            "ORDER BY page.saved_at, page.batch_seq",
            (json.dumps(wanted),),
        ).fetchall():
            _index_page(tx, row)
    return len(heads) + len(wanted)


def empty(store: Store) -> None:
    """Forget every word; all of it is indexed anew by and by."""
    with store.transaction() as tx:
        tx.execute("INSERT INTO page_words (page_words) VALUES ('delete-all')")
        tx.execute("DELETE FROM indexed_page")
        tx.execute("DELETE FROM dossier_words")
        tx.execute("DELETE FROM sqlite_sequence WHERE name = 'indexed_page'")
        tx.execute("INSERT OR IGNORE INTO unindexed_dossier SELECT id FROM dossier")
        tx.execute("INSERT OR IGNORE INTO unindexed_page SELECT id FROM page")


def is_bloated(store: Store) -> bool:
    """Tell whether most of what the index holds is of pages as they were once."""
    (row,) = store.rows(
        "SELECT count(*) AS used, coalesce((SELECT seq FROM sqlite_sequence "
        "WHERE name = 'indexed_page'), 0) AS given FROM indexed_page"
    )
    return bool(row["given"] - row["used"] > 2 * row["used"] + _GARBAGE)


def heads(store: Store, sought: Sought, at_most: int) -> list[str]:
    """Return the ids of dossiers whose code, holder and procedure hold every piece: first where
    the pieces are whole words, then where words begin with them, each newest first; a dossier
    that was only just made is among them."""
    columns = ["folded" if fold(piece) == piece else "exact" for piece in sought.pieces]
    holds = " AND ".join(f"instr({column}, ?)" for column in columns) or "1"
    inside = " + ".join(
        f"(instr(' ' || {column} || ' ', ' ' || ? || ' ') = 0)"
        f" + (instr(' ' || {column}, ' ' || ?) = 0)"
        for column in columns
    )
    rows = store.rows(
        f"SELECT dossier_id, opened_at, {inside or '0'} AS inside FROM dossier_words "  # noqa: S608 - columns of ours
        "WHERE dossier_id NOT IN (SELECT dossier_id FROM unindexed_dossier) "
        f"AND {holds} ORDER BY {'inside, ' if inside else ''}opened_at DESC LIMIT ?",
        *(piece for piece in sought.pieces for _ in range(2)),
        *sought.pieces,
        at_most,
    )
    found = [(-int(row["inside"]), str(row["opened_at"]), str(row["dossier_id"])) for row in rows]
    for row in store.rows(
        "SELECT dossier.* FROM unindexed_dossier JOIN dossier ON dossier.id = dossier_id "
        "ORDER BY unindexed_dossier.rowid DESC LIMIT ?",
        _ANEW,
    ):
        text = {"exact": _head(row), "folded": fold(_head(row))}
        pairs = [
            (piece, text[column]) for piece, column in zip(sought.pieces, columns, strict=True)
        ]
        if all(piece in head for piece, head in pairs):
            inside_of = sum(_inside(piece, head) for piece, head in pairs)
            found.append((-inside_of, str(row["opened_at"]), str(row["id"])))
    return [dossier_id for _, _, dossier_id in sorted(found, reverse=True)[:at_most]]


def _inside(piece: str, head: str) -> int:
    """Return 0 for a whole word, 1 for the beginning of one, 2 for what stands within."""
    return (f" {piece} " not in f" {head} ") + (f" {piece}" not in f" {head}")


def hits(store: Store, sought: Sought, at_most: int, *, in_a_row: bool) -> Iterator[Hit]:
    """Give the pages that say every word, the last indexed first, ``at_most`` of them; only as
    many are looked up as are taken.

    ``in_a_row``: the words must stand in this order without another between.
    """
    if not sought.words:
        return
    asked = _asked(sought.words, in_a_row=in_a_row)
    yield from (
        Hit(str(row["page_id"]), str(row["dossier_id"]))
        for row in store.each(
            "SELECT page.id AS page_id, paper.dossier_id FROM page_words "
            "CROSS JOIN indexed_page ON indexed_page.id = page_words.rowid "
            "CROSS JOIN page ON page.id = indexed_page.page_id "
            "CROSS JOIN paper ON paper.id = page.paper_id "
            "WHERE page_words MATCH ? AND page.deleted_at IS NULL "
            "ORDER BY page_words.rowid DESC LIMIT ?",
            asked,
            at_most,
        )
    )


def _asked(words: Sequence[Word], *, in_a_row: bool) -> str:
    """Return the question in FTS5's language. Words hold letters and digits alone."""
    parts = [
        f'{"exact" if word.exact else "folded"} : "{word.text}"{" *" if word.begins else ""}'
        for word in words
        if word.exact or not in_a_row
    ]
    if in_a_row:
        row = " ".join(fold(word.text) for word in words)
        parts.append(f'folded : "{row}"{" *" if words[-1].begins else ""}')
    return " AND ".join(parts)


def _index_head(tx: sqlite3.Connection, row: sqlite3.Row) -> None:
    tx.execute("DELETE FROM unindexed_dossier WHERE dossier_id = ?", (row["wanted"],))
    if row["id"] is None:
        tx.execute("DELETE FROM dossier_words WHERE dossier_id = ?", (row["wanted"],))
        return
    exact = _head(row)
    tx.execute(
        "INSERT OR REPLACE INTO dossier_words VALUES (?, ?, ?, ?)",
        (row["id"], row["opened_at"], exact, fold(exact)),
    )


def _head(row: sqlite3.Row) -> str:
    name = row["code"] or local_code(row["local_number"] or 0)
    return plain(f"{name} {row['holder']} {row['procedure_name']}")


def _forget_pages(tx: sqlite3.Connection, page_ids: Sequence[str]) -> None:
    each = [(page_id,) for page_id in page_ids]
    tx.executemany("DELETE FROM unindexed_page WHERE page_id = ?", each)
    tx.executemany("DELETE FROM indexed_page WHERE page_id = ?", each)


def _index_page(tx: sqlite3.Connection, row: sqlite3.Row) -> None:
    said = words_of(" ".join(spoken(row)))
    if not said:
        return
    text = [*words_of(_head(row)), *said]
    known = set(text)
    text += [word for word in words_of(row["raw"] or "") if word not in known]
    added = tx.execute("INSERT INTO indexed_page (page_id) VALUES (?)", (row["id"],))
    tx.execute(
        "INSERT INTO page_words (rowid, folded, exact) VALUES (?, ?, ?)",
        (
            added.lastrowid,
            " ".join(folded for _, folded in text),
            " ".join(exact for exact, folded in text if exact != folded),
        ),
    )


def spoken(row: sqlite3.Row) -> list[str]:
    """Return what a page says, the text first: then its key fields, and what its codes hold."""
    fields = [str(one["value"]) for one in json.loads(row["fields"] or "[]")]
    numbers = numbers_in(f"{row['text'] or ''}\n{' | '.join(fields)}")
    codes = [str(one["text"]) for one in json.loads(row["codes"] or "[]")]
    return [row["text"] or "", *fields, *numbers, *codes]
