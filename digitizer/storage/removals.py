"""Facts about copies that are removed from this machine: what may go, what goes, what is gone.

Functions that take ``tx`` run inside the caller's transaction and commit nothing. Called by
``digitizer.retention``. Touches no file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from digitizer.storage import forgetting, holdings
from digitizer.storage.clerks import CLERK_NOW
from digitizer.storage.store import Store, now


class Why(StrEnum):
    """Why copies go."""

    SENT = "sent"  # their time is over, and the server has them
    DISCARDED = "discarded"  # somebody wanted it, and said why


class Removal(Struct, frozen=True):
    """That the copies of a dossier go, or went.

    Attributes:
        code: What the dossier is called.
        reason: What somebody said; empty where its time was over.
        due_at: Not before.
        begun_at: When the facts said so; None: it can still be taken back.
        done_at: When the last file was gone.
        files, bytes: What went, shared ones not counted.
    """

    id: int
    dossier_id: str
    code: str
    why: Why
    reason: str
    clerk: str
    asked_at: datetime
    due_at: datetime
    begun_at: datetime | None
    done_at: datetime | None
    files: int = 0
    bytes: int = 0


class Gone(Struct, frozen=True):
    """A file that was removed, or is about to be (``gone_at`` None). ``code``: of which dossier;
    empty: of none. ``shared``: its bytes stay, something else needs them."""

    code: str
    kind: str
    sha256: str
    bytes: int
    noted_at: datetime
    gone_at: datetime | None
    shared: bool


class Around(Struct, frozen=True):
    """What stands around a dossier: somebody wants it kept; the server's list names it; pages are
    coming into it; work is left on it; it has papers with pages that are not removed."""

    kept: bool
    listed: bool
    busy: bool
    work: bool
    filled: bool


_CODE = "coalesce(dossier.code, printf('L-%06d', dossier.local_number))"
_REMOVALS = f"""
SELECT removal.*, {_CODE} AS code, coalesce(clerk.name, '') AS clerk_name,
    (SELECT count(*) FROM removed WHERE removal_id = removal.id AND shared = 0) AS files,
    (SELECT coalesce(sum(bytes), 0) FROM removed WHERE removal_id = removal.id AND shared = 0)
        AS bytes
FROM removal JOIN dossier ON dossier.id = removal.dossier_id
LEFT JOIN clerk ON clerk.id = removal.clerk
"""  # noqa: S608 - put together from names of ours
_FILLED = """EXISTS (SELECT 1 FROM page WHERE page.paper_id = paper.id)
    OR EXISTS (SELECT 1 FROM bundle WHERE bundle.paper_id = paper.id)"""
_DONE = """
SELECT DISTINCT paper.dossier_id FROM receipt CROSS JOIN paper ON paper.id = receipt.paper_id
JOIN dossier ON dossier.id = paper.dossier_id
WHERE receipt.at <= ?1 AND receipt.server = ?2 AND paper.removed_at IS NULL
AND dossier.code IS NOT NULL AND (dossier.finished_at IS NOT NULL OR dossier.ended = 1)
AND NOT EXISTS (SELECT 1 FROM kept WHERE kept.dossier_id = dossier.id)
"""


# --- what may go --------------------------------------------------------------------------


def done_before(store: Store, server: str, moment: str) -> list[str]:
    """Return the ids of dossiers somebody is done with and of which something was received by
    ``moment``, what was received first before; whether they may go is not said by that."""
    rows = store.rows(f"{_DONE} ORDER BY receipt.at", moment, server)
    return list(dict.fromkeys(str(row[0]) for row in rows))


def around(tx: sqlite3.Connection, dossier_id: str, server: str | None) -> Around:
    """Return what stands around a dossier now."""
    row = tx.execute(
        "SELECT EXISTS (SELECT 1 FROM kept WHERE dossier_id = ?1) AS kept, "  # noqa: S608
        "EXISTS (SELECT 1 FROM waiting WHERE dossier_id = ?1 AND server = ?2) AS listed, "
        "EXISTS (SELECT 1 FROM batch JOIN paper ON paper.id = batch.paper_id "
        "WHERE paper.dossier_id = ?1 AND batch.ended_at IS NULL) "
        "OR EXISTS (SELECT 1 FROM page JOIN paper ON paper.id = page.paper_id "
        "JOIN batch ON batch.id = page.batch_id "
        "WHERE paper.dossier_id = ?1 AND batch.ended_at IS NULL) AS busy, "
        "EXISTS (SELECT 1 FROM work WHERE dossier_id = ?1) AS work, "
        "EXISTS (SELECT 1 FROM paper WHERE dossier_id = ?1 AND removed_at IS NULL "
        f"AND ({_FILLED})) AS filled",
        (dossier_id, server),
    ).fetchone()
    return Around(*(bool(row[name]) for name in ("kept", "listed", "busy", "work", "filled")))


# --- what goes ----------------------------------------------------------------------------


def ask(tx: sqlite3.Connection, dossier_id: str, why: Why, reason: str, due_at: str) -> int:
    """Record that the copies of a dossier are to go; asked again, the new word counts."""
    take_back(tx, dossier_id)
    added = tx.execute(
        "INSERT INTO removal (dossier_id, why, reason, clerk, asked_at, due_at) "  # noqa: S608
        f"VALUES (?, ?, ?, {CLERK_NOW}, ?, ?)",
        (dossier_id, why.value, reason, now(), due_at),
    )
    assert added.lastrowid is not None  # noqa: S101 - a row was inserted
    return added.lastrowid


def take_back(tx: sqlite3.Connection, dossier_id: str) -> bool:
    """Take a removal back that has not begun; False where there is none."""
    changed = tx.execute(
        "UPDATE removal SET taken_back_at = ? "
        "WHERE dossier_id = ? AND begun_at IS NULL AND taken_back_at IS NULL",
        (now(), dossier_id),
    )
    return changed.rowcount == 1


def begin(tx: sqlite3.Connection, removal_id: int, size_of: Callable[[str], int]) -> list[str]:
    """Let the facts say that the copies of a dossier are removed, forget what its rows tell of
    persons, and note every file that nothing else needs. Returns their hashes.

    Args:
        tx: The transaction.
        removal_id: As ``ask`` gave it.
        size_of: Tells a blob's bytes by its hash; 0: it is not there.
    """
    (dossier_id, why) = tx.execute(
        "SELECT dossier_id, why FROM removal WHERE id = ?", (removal_id,)
    ).fetchone()
    moment = now()
    tx.execute(
        "UPDATE paper SET removed_at = ? WHERE dossier_id = ? AND removed_at IS NULL "  # noqa: S608
        f"AND ({_FILLED})",
        (moment, dossier_id),
    )
    tx.execute("UPDATE dossier SET removed_at = ? WHERE id = ?", (moment, dossier_id))
    if why == Why.DISCARDED:
        tx.execute(
            "UPDATE page SET deleted_at = ?2 WHERE deleted_at IS NULL "  # noqa: S608
            f"AND paper_id IN {forgetting.PAPERS} AND NOT EXISTS "
            "(SELECT 1 FROM receipt WHERE receipt.paper_id = page.paper_id)",
            (dossier_id, moment),
        )
    named = holdings.of_removed(tx, dossier_id, moment)
    shared = holdings.needed(tx, (one.sha256 for one in named))
    tx.executemany(
        "INSERT INTO removed (removal_id, kind, sha256, bytes, noted_at, shared) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                removal_id,
                one.kind,
                one.sha256,
                size_of(one.sha256),
                moment,
                one.sha256 in shared,
            )
            for one in named
        ],
    )
    # behind the files: the line of it says how many there are
    tx.execute("UPDATE removal SET begun_at = ? WHERE id = ?", (moment, removal_id))
    forgetting.forget(tx, dossier_id, moment)
    return [one.sha256 for one in named if one.sha256 not in shared]


def pending(store: Store) -> list[str]:
    """Return hashes of files that are to go and may be there still."""
    rows = store.rows("SELECT DISTINCT sha256 FROM removed WHERE gone_at IS NULL AND shared = 0")
    return [str(row[0]) for row in rows]


def are_shared(tx: sqlite3.Connection, hashes: Iterable[str]) -> frozenset[str]:
    """Note, of files that are to go, those that something has come to need since; return them."""
    found = holdings.needed(tx, hashes)
    tx.executemany(
        "UPDATE removed SET shared = 1 WHERE sha256 = ? AND gone_at IS NULL",
        [(one,) for one in found],
    )
    return found


def are_gone(tx: sqlite3.Connection, hashes: Sequence[str]) -> None:
    """Record that files are gone; removals whose last one that was are done."""
    moment = now()
    tx.execute(
        "UPDATE removed SET gone_at = ? WHERE gone_at IS NULL AND shared = 0 "
        "AND sha256 IN (SELECT value FROM json_each(?))",
        (moment, json.dumps(list(hashes))),
    )
    tx.execute(
        "UPDATE removal SET done_at = ? WHERE begun_at IS NOT NULL AND done_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM removed WHERE removal_id = removal.id "
        "AND gone_at IS NULL AND shared = 0)",
        (moment,),
    )


def note_file(tx: sqlite3.Connection, kind: str, sha256: str, size: int) -> None:
    """Record that a file of no dossier is gone."""
    moment = now()
    tx.execute(
        "INSERT INTO removed (kind, sha256, bytes, noted_at, gone_at) VALUES (?, ?, ?, ?, ?)",
        (kind, sha256, size, moment, moment),
    )


def known(tx: sqlite3.Connection, hashes: Iterable[str]) -> frozenset[str]:
    """Return those of some hashes that are to go, and are noted so, already."""
    rows = tx.execute(
        "SELECT sha256 FROM removed WHERE gone_at IS NULL AND shared = 0 "
        "AND sha256 IN (SELECT value FROM json_each(?))",
        (json.dumps(list(hashes)),),
    )
    return frozenset(str(row[0]) for row in rows)


def keep(tx: sqlite3.Connection, dossier_id: str) -> None:
    """Record that the copies of a dossier stay here."""
    tx.execute(
        f"INSERT INTO kept VALUES (?, {CLERK_NOW}, ?) ON CONFLICT DO NOTHING",  # noqa: S608
        (dossier_id, now()),
    )


def let_go(tx: sqlite3.Connection, dossier_id: str) -> bool:
    """Take ``keep`` back; False where nobody said so."""
    return tx.execute("DELETE FROM kept WHERE dossier_id = ?", (dossier_id,)).rowcount == 1


# --- what is told -------------------------------------------------------------------------


def open_removals(store: Store, dossier_id: str | None = None) -> list[Removal]:
    """Return the removals that have not begun (of one dossier, or all), what is due first."""
    rows = store.rows(
        f"{_REMOVALS} WHERE begun_at IS NULL AND taken_back_at IS NULL "
        "AND (?1 IS NULL OR dossier_id = ?1) ORDER BY due_at",
        dossier_id,
    )
    return [_removal(row) for row in rows]


def find(store: Store, removal_id: int) -> Removal:
    """Return a removal as it stands, by what ``ask`` gave."""
    (row,) = store.rows(f"{_REMOVALS} WHERE removal.id = ?", removal_id)
    return _removal(row)


def begun(store: Store, most: int) -> list[Removal]:
    """Return removals that have begun, the last ones first."""
    rows = store.rows(
        f"{_REMOVALS} WHERE begun_at IS NOT NULL ORDER BY begun_at DESC, removal.id DESC LIMIT ?",
        most,
    )
    return [_removal(row) for row in rows]


def begun_in_all(store: Store) -> tuple[int, int]:
    """Return how many removals have begun, and the bytes of what went with them."""
    (row,) = store.rows(
        "SELECT (SELECT count(*) FROM removal WHERE begun_at IS NOT NULL), "
        "(SELECT coalesce(sum(bytes), 0) FROM removed "
        "WHERE removal_id IS NOT NULL AND shared = 0)"
    )
    return int(row[0]), int(row[1])


def unfinished(store: Store) -> bool:
    """Tell whether files that are to go may be there still."""
    return bool(
        store.rows("SELECT 1 FROM removed WHERE gone_at IS NULL AND shared = 0 LIMIT 1")
        or store.rows(
            "SELECT 1 FROM removal WHERE begun_at IS NOT NULL AND done_at IS NULL LIMIT 1"
        )
    )


def log(store: Store, most: int, code: str | None = None) -> list[Gone]:
    """Return files that were removed (of the dossier with this mã hồ sơ or local number, or all),
    the last ones first."""
    rows = store.rows(
        f"SELECT removed.*, iif(dossier.id IS NULL, '', {_CODE}) AS code FROM removed "  # noqa: S608
        "LEFT JOIN removal ON removal.id = removed.removal_id "
        "LEFT JOIN dossier ON dossier.id = removal.dossier_id "
        f"WHERE ?1 IS NULL OR {_CODE} = ?1 ORDER BY removed.id DESC LIMIT ?2",
        code,
        most,
    )
    return [
        Gone(
            row["code"],
            row["kind"],
            row["sha256"],
            row["bytes"],
            datetime.fromisoformat(row["noted_at"]),
            datetime.fromisoformat(row["gone_at"]) if row["gone_at"] else None,
            bool(row["shared"]),
        )
        for row in rows
    ]


def gone(store: Store) -> list[str]:
    """Return the hashes of blobs that were removed and that nothing needs (again)."""
    rows = store.rows(
        "SELECT DISTINCT sha256 FROM removed WHERE gone_at IS NOT NULL AND removal_id IS NOT NULL"
    )
    hashes = [str(row[0]) for row in rows]
    return sorted(set(hashes) - holdings.needed(store.reader, hashes)) if hashes else []


def kept(store: Store) -> list[str]:
    """Return what the dossiers are called whose copies stay here."""
    rows = store.rows(
        f"SELECT {_CODE} FROM kept JOIN dossier ON dossier.id = kept.dossier_id ORDER BY kept.at"  # noqa: S608
    )
    return [str(row[0]) for row in rows]


def _removal(row: sqlite3.Row) -> Removal:
    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(row[name]) if row[name] else None

    return Removal(
        row["id"],
        row["dossier_id"],
        row["code"],
        Why(row["why"]),
        row["reason"],
        row["clerk_name"],
        datetime.fromisoformat(row["asked_at"]),
        datetime.fromisoformat(row["due_at"]),
        moment("begun_at"),
        moment("done_at"),
        row["files"],
        row["bytes"],
    )
