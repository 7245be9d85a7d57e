"""The catalogue: which procedures there are and which papers each asks for, as last heard.

Called by the verbs (``digitizer.dossiers``) inside their transactions, and by the way down.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from digitizer.identifiers import same_procedure
from digitizer.model import OTHER_PART, Dossier, PaperKind
from digitizer.procedure.port import PaperList, ProcedureSystem, RequiredPaper, ServerDossier
from digitizer.sought import fold
from digitizer.storage import changes
from digitizer.storage.store import Store, now, stamp

_LAST = 998
"""Where a paper stands that the list has no more: behind all others but *giấy tờ khác*."""


class Procedure(Struct, frozen=True):
    """A procedure that is known here. ``fetched_at``: when its list was last found true."""

    code: str
    name: str
    template: str
    fetched_at: datetime
    papers: tuple[RequiredPaper, ...]


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


def change_papers(tx: sqlite3.Connection, dossier_id: str, procedure: str) -> None:
    """Give a dossier the papers of another procedure; those that hold pages stay."""
    copy_papers(tx, dossier_id, procedure)
    rows = tx.execute(
        "SELECT part FROM procedure_paper WHERE procedure_code = ?", (procedure,)
    ).fetchall()
    _drop(tx, dossier_id, {row["part"] for row in rows})


def adopt(
    tx: sqlite3.Connection, dossier_id: str, found: ServerDossier, papers: Sequence[RequiredPaper]
) -> None:
    """Bring a dossier that is here up to what the server says of it and of its list.

    A paper that the list no longer has stays with its pages, and is no longer required; one that
    is renamed goes on being what was sent.
    """
    tx.execute(
        "UPDATE dossier SET procedure_code = coalesce(nullif(?, ''), procedure_code), "
        "procedure_name = coalesce(nullif(?, ''), procedure_name), "
        "holder = coalesce(nullif(?, ''), holder), server_ref = ?, "
        "template = coalesce(nullif(?, ''), template), "
        "received_at = coalesce(?, received_at), due_at = coalesce(?, due_at), "
        "status = ?, ended = ? WHERE id = ?",
        (
            found.procedure_code,
            found.procedure_name,
            found.holder,
            found.ref,
            found.template,
            *told(found),
            found.status,
            found.ended,
            dossier_id,
        ),
    )
    for position, paper in enumerate(papers, start=1):
        _rename(tx, dossier_id, paper)
        changes.add_paper(
            tx,
            dossier_id,
            paper.part,
            paper.title,
            kind=paper.kind,
            required=paper.required,
            multiple=paper.multiple,
            file_template=paper.file_template,
            position=position,
        )
    if papers and found.procedure_code:  # else it is the list of this one dossier, in its own words
        _drop(tx, dossier_id, {paper.part for paper in papers})


def _rename(tx: sqlite3.Connection, dossier_id: str, paper: RequiredPaper) -> None:
    """Let what was sent under another title stay good, and further copies follow the first."""
    tx.execute(
        "UPDATE paper SET sent_title = title WHERE dossier_id = ? AND part = ? AND title <> ? "
        "AND sent_title = '' AND EXISTS (SELECT 1 FROM receipt WHERE receipt.paper_id = paper.id)",
        (dossier_id, paper.part, paper.title),
    )
    tx.execute(
        "UPDATE paper SET kind = ?3, multiple = ?4, file_template = ?5, title = iif(title = "
        "(SELECT title FROM paper WHERE dossier_id = ?1 AND part = ?2 AND copy = 1), ?6, title) "
        "WHERE dossier_id = ?1 AND part = ?2 AND copy > 1",
        (
            dossier_id,
            paper.part,
            paper.kind.value,
            paper.multiple,
            paper.file_template,
            paper.title,
        ),
    )


def _drop(tx: sqlite3.Connection, dossier_id: str, parts: Collection[str]) -> None:
    """Note which papers the list has not, and take the note back where it has them again."""
    for row in tx.execute(
        "SELECT id, part, dropped_at FROM paper WHERE dossier_id = ?", (dossier_id,)
    ).fetchall():
        dropped = row["part"] not in parts and row["part"] != OTHER_PART
        if dropped and row["dropped_at"] is None:
            tx.execute(
                "UPDATE paper SET dropped_at = ?, required = 0, position = ? WHERE id = ?",
                (now(), _LAST, row["id"]),
            )
        elif not dropped and row["dropped_at"] is not None:
            tx.execute("UPDATE paper SET dropped_at = NULL WHERE id = ?", (row["id"],))


def tells_nothing_new(old: Dossier, found: ServerDossier, papers: Sequence[RequiredPaper]) -> bool:
    """Tell whether the server says of a dossier just what is known here."""
    heads = (old.procedure_code, old.procedure_name, old.holder, old.server_ref, old.template)
    said = (found.procedure_code, found.procedure_name, found.holder, found.ref, found.template)
    if heads != tuple(new or here for new, here in zip(said, heads, strict=True)):
        return False
    received = (found.received_at, found.unreceived)
    if found.status and received != (old.received_at, old.unreceived):
        return False
    if found.due_at not in (None, old.due_at):
        return False
    if (found.status, found.ended) != (old.status, old.ended):
        return False
    known = {(p.part, p.title, p.kind, p.required, p.multiple, p.file_template) for p in old.papers}
    wanted = {(p.part, p.title, p.kind, p.required, p.multiple, p.file_template) for p in papers}
    if not wanted <= known:
        return False
    parts = {paper.part for paper in papers}
    listed = {paper.part for paper in old.papers if not paper.dropped}
    alike = listed - {OTHER_PART} == parts - {OTHER_PART}
    return alike or not (papers and found.procedure_code)


def remember(
    tx: sqlite3.Connection,
    found: ServerDossier,
    papers: Sequence[RequiredPaper],
    server: str = "",
    version: str = "",
) -> None:
    """Record what a procedure system says of a dossier's procedure and its papers.

    Args:
        tx: The transaction.
        found: The dossier.
        papers: The list of its procedure.
        server: The name of the system.
        version: The tag of the list there; empty where it has none.
    """
    if not found.procedure_code:
        return
    tx.execute(
        "INSERT INTO procedure (code, name, template, fetched_at, server, version, agency) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (code) DO UPDATE SET "
        "name = excluded.name, template = excluded.template, fetched_at = excluded.fetched_at, "
        "server = excluded.server, version = excluded.version, "
        "agency = coalesce(nullif(excluded.agency, ''), agency)",
        (
            found.procedure_code,
            found.procedure_name,
            found.template,
            now(),
            server,
            version,
            found.agency,
        ),
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


def procedures(store: Store) -> list[Procedure]:
    """Return every procedure that is known here with its papers, by name."""
    found = [
        Procedure(
            row["code"],
            row["name"],
            row["template"],
            datetime.fromisoformat(row["fetched_at"]),
            _papers(store, row["code"]),
        )
        for row in store.rows("SELECT * FROM procedure ORDER BY code")
    ]
    return sorted(found, key=lambda one: fold(one.name))


def list_now(store: Store, system: ProcedureSystem, server: str, template: str) -> PaperList:
    """Ask ``system`` for a procedure's list as it is now. One that is unchanged since it was kept
    here is not sent again, also after a restart. Blocks; raises as the port says."""
    kept = kept_list(store, server, template) or PaperList(())
    return system.papers_since(template, kept.version) or kept


def kept_list(store: Store, server: str, template: str) -> PaperList | None:
    """Return a procedure's list as ``server`` told it last, or None: it never did."""
    rows = store.rows(
        "SELECT code, version FROM procedure WHERE server = ? AND template = ? AND version <> '' "
        "ORDER BY fetched_at DESC LIMIT 1",
        server,
        template,
    )
    return PaperList(_papers(store, rows[0]["code"]), rows[0]["version"]) if rows else None


def found_true(store: Store, server: str, lists: Collection[tuple[str, str]]) -> None:
    """Record that these lists (template, version) of ``server`` are true now."""
    if lists:
        with store.transaction() as tx:
            tx.executemany(
                "UPDATE procedure SET fetched_at = ? "
                "WHERE server = ? AND template = ? AND version = ?",
                [(now(), server, template, version) for template, version in lists],
            )


def _papers(store: Store, procedure: str) -> tuple[RequiredPaper, ...]:
    return tuple(
        RequiredPaper(
            row["part"],
            row["title"],
            PaperKind(row["kind"]),
            bool(row["required"]),
            bool(row["multiple"]),
            row["file_template"],
        )
        for row in store.rows(
            "SELECT * FROM procedure_paper WHERE procedure_code = ? ORDER BY position", procedure
        )
    )
