"""Facts about what was signed here, and the list of what waits for a signature.

What writes runs inside the caller's transaction and commits nothing. Called by the verbs
(``digitizer.batchsigning``) and by whatever reads papers. Knows no key.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from digitizer.paperfiles import SignedVersion
from digitizer.signingrules import BEFORE, NAMES, CopyKind, Look, Rules
from digitizer.storage.clerks import CLERK_NOW
from digitizer.storage.store import Store, now, stamp


class Awaiting(Struct, frozen=True):
    """A paper that waits for a signature: its dossier, itself, and the file that is to be signed.
    ``finished``: the clerk is done with the dossier."""

    dossier_id: str
    paper_id: str
    sha256: str
    finished: bool


def of_dossier(store: Store, dossier_id: str) -> dict[str, list[SignedVersion]]:
    """Return by paper the signed versions of a dossier's bundles that count, oldest first."""
    found: dict[str, list[SignedVersion]] = defaultdict(list)
    for row in store.rows(
        "SELECT signed_version.* FROM signed_version "
        "JOIN paper ON paper.id = signed_version.paper_id "
        "WHERE paper.dossier_id = ? AND withdrawn_at IS NULL ORDER BY signed_version.id",
        dossier_id,
    ):
        found[row["paper_id"]].append(
            SignedVersion(
                row["id"],
                row["bundle"],
                row["sha256"],
                row["bytes"],
                Look(row["look"]),
                CopyKind(row["copy_kind"]) if row["copy_kind"] else None,
                row["signer"],
                row["organisation"],
                row["certificate"],
                bool(row["timestamped"]),
                bool(row["long_term"]),
                datetime.fromisoformat(row["at"]),
            )
        )
    return found


def put(tx: sqlite3.Connection, paper_id: str, made: SignedVersion) -> int:
    """Record a signed version, with who is at the desk; return its id (``made.id`` is not
    looked at)."""
    added = tx.execute(
        "INSERT INTO signed_version (paper_id, bundle, sha256, bytes, look, copy_kind, signer, "  # noqa: S608 - words of ours
        "organisation, certificate, timestamped, long_term, at, clerk) "
        f"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {CLERK_NOW})",
        (
            paper_id,
            made.bundle,
            made.sha256,
            made.bytes,
            made.look.value,
            made.copy.value if made.copy else "",
            made.signer,
            made.organisation,
            made.certificate,
            made.timestamped,
            made.long_term,
            stamp(made.at),
        ),
    )
    assert added.lastrowid is not None  # noqa: S101 - a row was inserted
    return added.lastrowid


def withdraw(tx: sqlite3.Connection, paper_id: str, bundle: str) -> int:
    """Take back every signature on one bundle of a paper; return how many."""
    changed = tx.execute(
        "UPDATE signed_version SET withdrawn_at = ? "
        "WHERE paper_id = ? AND bundle = ? AND withdrawn_at IS NULL",
        (now(), paper_id, bundle),
    )
    return changed.rowcount


def signers(store: Store, dossier_id: str) -> Mapping[int, str]:
    """Return by the id of a signed version who was at the desk then; nobody named: not there."""
    rows = store.rows(
        "SELECT signed_version.id, clerk.name FROM signed_version "
        "JOIN paper ON paper.id = signed_version.paper_id "
        "JOIN clerk ON clerk.id = signed_version.clerk WHERE paper.dossier_id = ?",
        dossier_id,
    )
    return {row["id"]: row["name"] for row in rows}


def awaiting(store: Store, *, finished_only: bool, most: int = -1) -> tuple[Awaiting, ...]:
    """Return what waits for a signature by the plan: dossier by dossier, those that were finished
    first before.

    Args:
        store: The facts.
        finished_only: Only of dossiers the clerk has finished.
        most: At most so many; -1: all.
    """
    condition = "AND dossier.finished_at IS NOT NULL" if finished_only else ""
    rows = store.rows(
        "SELECT work.*, dossier.finished_at FROM work "  # noqa: S608 - a condition of ours
        "JOIN dossier ON dossier.id = work.dossier_id JOIN paper ON paper.id = work.subject "
        f"WHERE work.kind = 'sign' {condition} ORDER BY dossier.finished_at IS NULL, "
        "dossier.finished_at, dossier.opened_at, dossier.id, paper.position, paper.copy LIMIT ?",
        most,
    )
    return tuple(
        Awaiting(row["dossier_id"], row["subject"], row["version"], row["finished_at"] is not None)
        for row in rows
    )


def count(store: Store, *, finished_only: bool) -> tuple[int, int]:
    """Return how many papers wait for a signature, and of how many dossiers."""
    condition = "AND dossier.finished_at IS NOT NULL" if finished_only else ""
    row = store.rows(
        "SELECT count(*) AS papers, count(DISTINCT dossier_id) AS dossiers FROM work "  # noqa: S608
        "JOIN dossier ON dossier.id = work.dossier_id "
        f"WHERE work.kind = 'sign' {condition}",
    )[0]
    return int(row["papers"]), int(row["dossiers"])


def rules(store: Store) -> Rules:
    """Return how this office signs."""
    marks = ",".join("?" * len(NAMES))
    rows = store.rows(f"SELECT name, value FROM setting WHERE name IN ({marks})", *NAMES)  # noqa: S608
    return Rules.of({row["name"]: row["value"] for row in rows})


def sign_first(store: Store) -> Look | None:
    """Return the signature that a paper must bear before it is sent, or None."""
    rows = store.rows("SELECT name, value FROM setting WHERE name = ?", BEFORE)
    return Rules.of({row["name"]: row["value"] for row in rows}).before


def known(store: Store, paper_ids: Sequence[str]) -> frozenset[str]:
    """Return the hashes of every version of these papers that was ever signed here."""
    marks = ",".join("?" * len(paper_ids))
    rows = store.rows(
        f"SELECT sha256 FROM signed_version WHERE paper_id IN ({marks})",  # noqa: S608
        *paper_ids,
    )
    return frozenset(str(row[0]) for row in rows)
