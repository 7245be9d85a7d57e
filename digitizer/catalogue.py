"""The catalogue: which procedures there are and which papers each asks for, as last heard.

Called by the verbs (``digitizer.dossiers``) inside their transactions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from digitizer.identifiers import same_procedure
from digitizer.model import PaperKind
from digitizer.procedure.port import RequiredPaper, ServerDossier
from digitizer.storage import changes
from digitizer.storage.store import now, stamp


def known_procedure(tx: sqlite3.Connection, code: str) -> sqlite3.Row | None:
    """Return the catalogue's row for a mã TTHC, which systems write with and without the groups
    that name the office."""
    rows: list[sqlite3.Row] = tx.execute("SELECT * FROM procedure ORDER BY code").fetchall()
    exact = (row for row in rows if row["code"] == code)
    alike = (row for row in rows if code and same_procedure(row["code"], code))
    return next(exact, None) or next(alike, None)


def copy_papers(tx: sqlite3.Connection, dossier_id: str, procedure: str) -> None:
    """Give a dossier the papers that its procedure is known to ask for."""
    rows = tx.execute(
        "SELECT * FROM procedure_paper WHERE procedure_code = ? ORDER BY position", (procedure,)
    ).fetchall()
    for row in rows:
        changes.add_paper(
            tx,
            dossier_id,
            row["part"],
            row["title"],
            kind=PaperKind(row["kind"]),
            required=bool(row["required"]),
            multiple=bool(row["multiple"]),
            file_template=row["file_template"],
            position=row["position"],
        )


def remember(tx: sqlite3.Connection, found: ServerDossier, papers: Sequence[RequiredPaper]) -> None:
    """Record what a procedure system says of a dossier's procedure and its papers."""
    if not found.procedure_code:
        return
    tx.execute(
        "INSERT INTO procedure VALUES (?, ?, ?, ?) ON CONFLICT (code) DO UPDATE SET "
        "name = excluded.name, template = excluded.template, fetched_at = excluded.fetched_at",
        (found.procedure_code, found.procedure_name, found.template, now()),
    )
    tx.execute("DELETE FROM procedure_paper WHERE procedure_code = ?", (found.procedure_code,))
    tx.executemany(
        "INSERT INTO procedure_paper VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                found.procedure_code,
                paper.part,
                paper.title,
                paper.kind.value,
                paper.required,
                paper.multiple,
                paper.file_template,
                position,
            )
            for position, paper in enumerate(papers, start=1)
        ],
    )


def told(found: ServerDossier) -> tuple[str | None, str | None]:
    """Return when a dossier was received and when it is due, as stored; None: not told."""
    received = stamp(found.received_at) if found.received_at else None
    due = stamp(found.due_at) if found.due_at else None
    return "" if found.unreceived else received, due
