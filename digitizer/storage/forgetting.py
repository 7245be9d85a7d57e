"""What the rows of a removed dossier tell of persons, and deleting it.

Called by ``digitizer.storage.removals`` inside the transaction that marks a dossier as removed,
by ``digitizer.storage.changes`` where an image comes again, and by whoever takes in what the
server tells: of a dossier that is forgotten nothing is learnt that tells of persons. Whoever adds
a table that tells of persons adds a line here. Knows no file.
"""

from __future__ import annotations

import sqlite3

from digitizer.storage.store import Store

_WORDS = "retention.words"
"""The setting that says that the word index may hold words of what is removed."""
_IMAGES = """
SELECT page.sha256 FROM page JOIN paper ON paper.id = page.paper_id
WHERE paper.dossier_id = ? AND paper.removed_at = ?
EXCEPT SELECT page.sha256 FROM page JOIN paper ON paper.id = page.paper_id
WHERE paper.removed_at IS NULL
AND page.sha256 IN (SELECT page.sha256 FROM page JOIN paper ON paper.id = page.paper_id
    WHERE paper.dossier_id = ? AND paper.removed_at = ?)
"""
_ONLY_REMOVED = """
SELECT 1 FROM page JOIN paper ON paper.id = page.paper_id WHERE page.sha256 = {image}
GROUP BY page.sha256 HAVING count(paper.removed_at) = count(*)
"""
PAPERS = "(SELECT id FROM paper WHERE dossier_id = ?1 AND removed_at = ?2)"
"""In SQL: the ids of the papers of a dossier (?1) that were removed at a moment (?2)."""
_BATCHES = f"""(SELECT DISTINCT batch_id FROM page AS mine WHERE paper_id IN {PAPERS}
    AND NOT EXISTS (SELECT 1 FROM page JOIN paper ON paper.id = page.paper_id
        WHERE page.batch_id = mine.batch_id AND paper.removed_at IS NULL))"""  # noqa: S608
_HERE = """EXISTS (SELECT 1 FROM page JOIN paper ON paper.id = page.paper_id
    WHERE paper.dossier_id = dossier.id AND paper.removed_at IS NULL)"""
_FORGOTTEN = f"dossier.removed_at IS NOT NULL AND NOT {_HERE}"
_SCRUBBED = (
    "UPDATE dossier SET holder = '' WHERE id = ?1",
    f"UPDATE dossier SET holder = '' WHERE merged_into = ?1 AND NOT {_HERE}",  # noqa: S608 - a condition of ours
    "DELETE FROM dossier_words WHERE dossier_id = ?1",
    "DELETE FROM creation WHERE dossier_id = ?1",
    "DELETE FROM edit WHERE dossier_id = ?1",
    "DELETE FROM work WHERE dossier_id = ?1",
    "UPDATE elsewhere SET title = '' WHERE dossier_id = ?1",
    f"UPDATE OR IGNORE conflict SET word = '' WHERE kind = 'other' AND paper_id IN {PAPERS}",  # noqa: S608
    f"DELETE FROM indexed_page WHERE page_id IN (SELECT id FROM page WHERE paper_id IN {PAPERS})",  # noqa: S608
    f"UPDATE taken SET path = '' WHERE gone_at IS NOT NULL AND batch_id IN {_BATCHES}",  # noqa: S608
    f"UPDATE gathering SET folder = '' WHERE closed_at IS NOT NULL AND batch_id IN {_BATCHES}",  # noqa: S608
    "DELETE FROM question WHERE settled_at IS NOT NULL AND sha256 IN "  # noqa: S608
    f"(SELECT sha256 FROM taken WHERE batch_id IN {_BATCHES})",
    "UPDATE signed SET signatures = '[]' WHERE sha256 IN (SELECT original.sha256 FROM original "  # noqa: S608
    f"WHERE batch_id IN {_BATCHES}) AND sha256 NOT IN (SELECT original.sha256 FROM original "
    f"WHERE batch_id NOT IN {_BATCHES})",
)
"""What tells of persons, by the dossier (?1) and the moment of its removal (?2)."""
_OF_FORGOTTEN = f"(SELECT id FROM dossier WHERE {_FORGOTTEN})"  # noqa: S608 - conditions of ours
_LEARNT = (
    (
        "dossier",
        "holder",
        f"NOT {_HERE} AND (removed_at IS NOT NULL OR merged_into IN {_OF_FORGOTTEN})",
    ),
    ("elsewhere", "title", f"dossier_id IN {_OF_FORGOTTEN}"),
    ("secrecy_mark", "read", f"EXISTS ({_ONLY_REMOVED.format(image='secrecy_mark.sha256')})"),
)
"""By table and column, which rows of dossiers that are forgotten tell nothing there; older versions
learnt it again from the server, or kept what was read of a marking."""
_OF_IMAGE = (
    "DELETE FROM page_text WHERE sha256 = ?",
    "DELETE FROM heading WHERE sha256 = ?",
    "UPDATE reading SET codes = '[]', look = '' WHERE sha256 = ?",
    "UPDATE secrecy_mark SET read = '' WHERE sha256 = ?",
)
"""Of a marking its level and how it was seen stay: the audit record is held against them."""


def forget(tx: sqlite3.Connection, dossier_id: str, moment: str) -> None:
    """Delete what tells of persons of the papers of a dossier that were removed at ``moment``; an
    image that another dossier needs keeps what was read of it."""
    images = [
        (row[0],)
        for row in tx.execute(_IMAGES, (dossier_id, moment, dossier_id, moment)).fetchall()
    ]
    tx.execute("INSERT OR REPLACE INTO setting VALUES (?, '1')", (_WORDS,))
    for sql in _OF_IMAGE:
        tx.executemany(sql, images)
    for sql in _SCRUBBED:
        tx.execute(sql, (dossier_id, moment) if "?2" in sql else (dossier_id,))


def forgotten(tx: sqlite3.Connection, dossier_id: str) -> bool:
    """Tell whether the copies of a dossier were removed and nobody has scanned into it since: the
    server is not to tell us again whose it is."""
    found = f"SELECT 1 FROM dossier WHERE id = ? AND {_FORGOTTEN}"  # noqa: S608 - a condition of ours
    return tx.execute(found, (dossier_id,)).fetchone() is not None


def forget_again(store: Store) -> None:
    """Delete what was learnt of persons since their dossiers were removed, or was kept by versions
    that did not know of it. Writes nothing where that is nothing."""
    found = [
        (table, column, where)
        for table, column, where in _LEARNT
        if store.rows(f"SELECT 1 FROM {table} WHERE {column} <> '' AND {where} LIMIT 1")  # noqa: S608 - names of _LEARNT alone
    ]
    if not found:
        return
    with store.transaction() as tx:
        tx.execute("INSERT OR REPLACE INTO setting VALUES (?, '1')", (_WORDS,))
        for table, column, where in found:
            tx.execute(f"UPDATE {table} SET {column} = '' WHERE {column} <> '' AND {where}")  # noqa: S608 - names of _LEARNT alone


def begin_anew(tx: sqlite3.Connection, sha256: str) -> None:
    """Forget what was read of an image that comes again after all its copies were removed: its
    codes are forgotten and the files of its words are gone, so it is read like one never seen."""
    if tx.execute(_ONLY_REMOVED.format(image="?"), (sha256,)).fetchone():
        tx.execute("DELETE FROM reading WHERE sha256 = ?", (sha256,))
        tx.execute("DELETE FROM words WHERE sha256 = ?", (sha256,))


def words_linger(store: Store) -> bool:
    """Tell whether the word index may hold words of what is removed."""
    return bool(store.rows("SELECT 1 FROM setting WHERE name = ?", _WORDS))


def words_are_gone(tx: sqlite3.Connection) -> None:
    """Record that it was emptied since."""
    tx.execute("DELETE FROM setting WHERE name = ?", (_WORDS,))
