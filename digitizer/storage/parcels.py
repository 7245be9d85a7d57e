"""Facts about papers that come from another desk, told by the id they have there.

Called by ``digitizer.receiving``. What writes runs inside the caller's transaction and commits
nothing.
"""

from __future__ import annotations

import sqlite3

from digitizer.model import PaperKind
from digitizer.storage import changes, cipher

_NOTHING_IN_IT = """
    NOT EXISTS (SELECT 1 FROM page WHERE page.paper_id = paper.id)
    AND NOT EXISTS (SELECT 1 FROM batch WHERE batch.paper_id = paper.id)
    AND NOT EXISTS (SELECT 1 FROM bundle WHERE bundle.paper_id = paper.id)
    AND NOT EXISTS (SELECT 1 FROM sending WHERE sending.paper_id = paper.id)
    AND NOT EXISTS (SELECT 1 FROM receipt WHERE receipt.paper_id = paper.id)
"""


def dossier_of(tx: sqlite3.Connection, paper_id: str) -> str | None:
    """Return the dossier of a paper, or None where there is no such paper."""
    row = tx.execute("SELECT dossier_id FROM paper WHERE id = ?", (paper_id,)).fetchone()
    return None if row is None else str(row[0])


def untouched(tx: sqlite3.Connection, paper_id: str) -> bool:
    """Tell whether nothing was ever put into a paper, made of it or sent."""
    row = tx.execute(f"SELECT 1 FROM paper WHERE id = ? AND {_NOTHING_IN_IT}", (paper_id,))  # noqa: S608
    return row.fetchone() is not None


def batch_ended(tx: sqlite3.Connection, batch_id: str) -> bool:
    """Tell whether a batch came to its good end."""
    row = tx.execute("SELECT 1 FROM batch WHERE id = ? AND reason = 'empty'", (batch_id,))
    return row.fetchone() is not None


def batch_paper(tx: sqlite3.Connection, batch_id: str) -> str | None:
    """Return the paper that a batch goes into, or None where there is no such batch."""
    row = tx.execute("SELECT paper_id FROM batch WHERE id = ?", (batch_id,)).fetchone()
    return None if row is None else str(row[0])


def known_there(tx: sqlite3.Connection, dossier_id: str, part: str, sha256: str) -> bool:
    """Tell whether these very bytes are a bundle, or the original, of a paper of a component."""
    row = tx.execute(
        "SELECT 1 FROM paper JOIN bundle ON bundle.paper_id = paper.id "
        "WHERE paper.dossier_id = ?1 AND paper.part = ?2 AND bundle.sha256 = ?3 "
        "UNION ALL SELECT 1 FROM paper JOIN signed_version AS made ON made.paper_id = paper.id "
        "WHERE paper.dossier_id = ?1 AND paper.part = ?2 AND made.sha256 = ?3 "
        "UNION ALL SELECT 1 FROM paper JOIN page ON page.paper_id = paper.id "
        "JOIN original ON original.batch_id = page.batch_id "
        "WHERE paper.dossier_id = ?1 AND paper.part = ?2 AND original.sha256 = ?3 LIMIT 1",
        (dossier_id, part, sha256),
    )
    return row.fetchone() is not None


def claim(
    tx: sqlite3.Connection,
    dossier_id: str,
    part: str,
    *,
    key: str,
    title: str,
    kind: PaperKind,
    copy: int,
) -> str | None:
    """Return a paper of a component for a file from another desk; None where there is none left.

    An untouched one takes over the id that the paper has there: a procedure system that both
    desks send to then knows it for one and the same. Where the component is not known yet, or
    ``copy`` says that it has several papers, one is added.
    """
    free = tx.execute(
        f"SELECT id FROM paper WHERE dossier_id = ? AND part = ? AND {_NOTHING_IN_IT} "  # noqa: S608
        "ORDER BY copy LIMIT 1",
        (dossier_id, part),
    ).fetchone()
    if free is None:
        taken = tx.execute(
            "SELECT max(multiple) FROM paper WHERE dossier_id = ? AND part = ?", (dossier_id, part)
        ).fetchone()[0]
        if taken is None:
            made = changes.add_paper(tx, dossier_id, part, title, kind=kind)
        elif taken or copy > 1:
            made = changes.another_paper(tx, dossier_id, part, title)
        else:
            return None
    else:
        made = str(free[0])
    if not key:
        return made
    try:
        tx.execute("UPDATE paper SET id = ? WHERE id = ?", (key, made))
    except cipher.integrity_errors():  # something holds on to its own id
        return made
    return key
