"""The papers of a dossier as the components that they are: added, brought up to date, one more.

Each function runs inside the caller's transaction and commits nothing. Called by the verbs and by
``digitizer.storage.changes``, through which others know them.
"""

from __future__ import annotations

import sqlite3
import uuid

from digitizer.model import OTHER_PART, OTHER_TITLE, PaperKind

KEPT = "paper_id NOT IN (SELECT id FROM paper WHERE removed_at IS NOT NULL)"
"""Whether a page is in a paper whose copies are here, in SQL over ``page``: no other is moved."""


def new_id() -> str:
    """Return a fresh id; client-made, so that it can be an idempotency key."""
    return str(uuid.uuid4())


def add_paper(
    tx: sqlite3.Connection,
    dossier_id: str,
    part: str,
    title: str,
    *,
    kind: PaperKind = PaperKind.COMPONENT,
    required: bool = False,
    multiple: bool = False,
    file_template: str = "",
    position: int | None = None,
    copy: int = 1,
) -> str:
    """Add a paper, or bring the one with this part (and number) up to date. Returns its id."""
    if position is None:
        position = tx.execute(
            "SELECT coalesce(max(position), 0) + 1 FROM paper WHERE dossier_id = ?", (dossier_id,)
        ).fetchone()[0]
    tx.execute(
        "INSERT INTO paper (id, dossier_id, part, title, kind, required, multiple, file_template, "
        "position, copy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (dossier_id, part, copy) DO UPDATE SET "
        "title = excluded.title, kind = excluded.kind, required = excluded.required, "
        "multiple = excluded.multiple, file_template = excluded.file_template, "
        "position = excluded.position",
        (
            new_id(),
            dossier_id,
            part,
            title,
            kind.value,
            required,
            multiple,
            file_template,
            position,
            copy,
        ),
    )
    row = tx.execute(
        "SELECT id FROM paper WHERE dossier_id = ? AND part = ? AND copy = ?",
        (dossier_id, part, copy),
    ).fetchone()
    return str(row[0])


def other_paper(tx: sqlite3.Connection, dossier_id: str) -> str:
    """Return the id of the dossier's *giấy tờ khác*, adding it where there is none."""
    row = tx.execute(
        "SELECT id FROM paper WHERE dossier_id = ? AND part = ? AND copy = 1",
        (dossier_id, OTHER_PART),
    ).fetchone()
    if row is not None:
        return str(row[0])
    return add_paper(
        tx, dossier_id, OTHER_PART, OTHER_TITLE, kind=PaperKind.OTHER, multiple=True, position=999
    )


def another_paper(tx: sqlite3.Connection, dossier_id: str, part: str, title: str) -> str:
    """Add one more paper of a component, beside those it has, and return its id."""
    first = tx.execute(
        "SELECT *, (SELECT max(copy) FROM paper WHERE dossier_id = ?1 AND part = ?2) AS last "
        "FROM paper WHERE dossier_id = ?1 AND part = ?2 ORDER BY copy LIMIT 1",
        (dossier_id, part),
    ).fetchone()
    if first is None:
        return add_paper(tx, dossier_id, part, title)
    return add_paper(
        tx,
        dossier_id,
        part,
        title,
        kind=PaperKind(first["kind"]),
        required=False,
        multiple=bool(first["multiple"]),
        file_template=first["file_template"],
        position=first["position"],
        copy=first["last"] + 1,
    )


def open_paper(tx: sqlite3.Connection, paper_id: str) -> str:
    """Return the id of the paper that something for ``paper_id`` goes into: that one or, where
    its copies were removed from this machine, a further one of its component. What the server
    holds under the old one stays as it is there."""
    old = tx.execute("SELECT * FROM paper WHERE id = ?", (paper_id,)).fetchone()
    if old is None or old["removed_at"] is None:
        return paper_id
    free = tx.execute(
        "SELECT id FROM paper WHERE dossier_id = ? AND part = ? AND removed_at IS NULL "
        "ORDER BY copy LIMIT 1",
        (old["dossier_id"], old["part"]),
    ).fetchone()
    if free is not None:
        return str(free[0])
    return another_paper(tx, old["dossier_id"], old["part"], old["title"])
