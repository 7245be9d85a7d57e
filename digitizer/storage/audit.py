"""Writes the audit record: within each transaction that changes facts, one line for each change.

Triggers made of ``audited`` note on the store's writing connection what changes, in a table of that
connection alone, so that what is rolled back is not noted either. Before the commit ``seal`` says
who it was and by which door, chains the lines, and writes them: facts and record are there
together, or neither. What changes no fact here is said with ``append`` (within a transaction) or
``tell``. Reading the record: ``digitizer.storage.auditlog``.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar

from msgspec import Struct
from msgspec.structs import replace

from digitizer.chain import (
    BY_ITSELF,
    NOTHING_BEFORE,
    PROGRAM,
    Act,
    Door,
    Line,
    canonical,
    hash_of,
)
from digitizer.storage.audited import CACHES, TABLES
from digitizer.storage.auditrules import Event, Rule, Table

_DOOR: ContextVar[str] = ContextVar("door", default="")
_NOTED = """
CREATE TEMP TABLE happened (
    id      INTEGER PRIMARY KEY,
    act     TEXT NOT NULL,
    dossier TEXT,
    subject TEXT,
    detail  TEXT NOT NULL,
    who     TEXT NOT NULL DEFAULT '',
    door    TEXT NOT NULL DEFAULT ''
) STRICT
"""
_SEATED = """
SELECT clerk.id FROM setting JOIN clerk ON clerk.id = setting.value
WHERE setting.name = 'clerk.now' AND clerk.removed_at IS NULL
"""


class Said(Struct, frozen=True):
    """What is to become a line. Empty ``who`` and ``door``: as things stand when it is sealed."""

    act: str
    dossier: str = ""
    subject: str = ""
    detail: str = "{}"
    who: str = ""
    door: str = ""


@contextlib.contextmanager
def through(door: str) -> Iterator[None]:
    """Have what this thread changes in the block come in by ``door`` (a ``Door``, or what
    ``door_of`` gave), not by the process's own."""
    token = _DOOR.set(str(door))
    try:
        yield
    finally:
        _DOOR.reset(token)


def door_of(command: str) -> str:
    """Return the door of a process that was started as ``command``."""
    if command in (Door.WINDOW, Door.WATCH, Door.START):
        return command
    if command == "training":
        return Door.WINDOW
    return f"{Door.COMMAND} {command}"


def account() -> str:
    """Return the name of the system's account that works here; its number where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return str(os.getuid()) if hasattr(os, "getuid") else ""


# --- what is noted --------------------------------------------------------------------------


def install(connection: sqlite3.Connection) -> None:
    """Have a writing connection note from now on what changes on it."""
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("BEGIN")
    connection.execute(_NOTED)
    for number, sql in enumerate(triggers(connection)):
        connection.execute(f"CREATE TEMP TRIGGER noted_{number} {sql}")
    connection.execute("COMMIT")


def triggers(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the triggers of every table that is there and no cache."""
    for table, columns in fact_tables(connection).items():
        known = TABLES.get(table)
        rules = known.rules if known else ()
        general = known or Table(f"@.{columns[0]}", "''", ())
        for rule in (*rules, *_general(table, columns, general)):
            yield _trigger(table, general, rule)


def fact_tables(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Return the tables that are there and no caches, with their columns."""
    names = [
        str(row[0])
        for row in connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
            "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
        )
    ]
    return {
        name: tuple(
            str(row[0])
            for row in connection.execute("SELECT name FROM pragma_table_info(?)", (name,))
        )
        for name in names
        if name not in CACHES
    }


def _general(table: str, columns: Sequence[str], known: Table) -> Iterator[Rule]:
    """Yield the rules for what the table's own ones do not cover."""
    events = {rule.event for rule in known.rules}
    said = {"table": f"'{table}'"}
    if Event.CAME not in events and Event.COMING not in events:
        yield Rule(Event.CAME, Act.ROW_ADDED, detail=said)
    if Event.WENT not in events:
        yield Rule(Event.WENT, Act.ROW_REMOVED, detail=said)
    covered = {column for rule in known.rules for column in rule.of} | set(known.quiet)
    left = tuple(column for column in columns if column not in covered)
    if left:
        yield Rule(Event.CHANGED, Act.ROW_CHANGED, left, detail=said, names=True)


def _trigger(table: str, known: Table, rule: Rule) -> str:
    other = [f"old.{column} IS NOT new.{column}" for column in rule.of]
    tests = [f"({' OR '.join(other)})"] if other else []
    tests += [f"({rule.when})"] if rule.when else []
    detail = dict(rule.detail)
    if rule.names:
        parts = (f"iif({test}, '{at} ', '')" for test, at in zip(other, rule.of, strict=True))
        detail["changed"] = f"trim({' || '.join(parts)})"
    said = ", ".join(f"'{name}', {sql}" for name, sql in detail.items())
    of = f" OF {', '.join(rule.of)}" if rule.of else ""
    when = f" WHEN {' AND '.join(tests)}" if tests else ""
    sql = (  # of our own tables and rules alone
        f"{rule.event}{of} ON main.{table}{when} BEGIN "  # noqa: S608
        "INSERT INTO happened (act, dossier, subject, detail) "
        f"VALUES ('{rule.act}', {rule.dossier or known.dossier}, "
        f"CAST({rule.subject or known.subject} AS TEXT), json_object({said})); END"
    )
    return sql.replace("@", "old" if rule.event is Event.WENT else "new")


# --- what is said -----------------------------------------------------------------------------


def append(
    tx: sqlite3.Connection, act: Act, subject: str = "", *, dossier: str = "", **detail: str | int
) -> None:
    """Say in the record, within the transaction ``tx``, what no changed fact says by itself.

    Args:
        tx: The transaction, of a store's ``transaction``.
        act: What was done.
        subject: The id of what it was done to.
        dossier: The id of the dossier of that.
        detail: What else there is to say; no names, titles, paths or texts.
    """
    say(tx, Said(act, dossier, subject, canonical(detail)))


def say(tx: sqlite3.Connection, said: Said) -> None:
    """Say what ``append`` does, of somebody and by a door of its own if need be."""
    tx.execute(
        "INSERT INTO happened (act, dossier, subject, detail, who, door) VALUES (?, ?, ?, ?, ?, ?)",
        (said.act, said.dossier, said.subject, said.detail, said.who, said.door),
    )


# --- what is written --------------------------------------------------------------------------


def seal(tx: sqlite3.Connection, door: str, at: str) -> None:
    """Write what was noted within a transaction into the record; called before the commit.

    Args:
        tx: The transaction.
        door: The process's own door.
        at: Now, as the store writes moments.
    """
    noted = tx.execute(
        "SELECT act, dossier, subject, detail, who, door FROM happened ORDER BY id"
    ).fetchall()
    if noted:
        tx.execute("DELETE FROM happened")
        write(tx, [Said(*row) for row in noted], door_now(door), at)


def write(tx: sqlite3.Connection, said: Iterable[Said], door: str, at: str) -> None:
    """Chain lines to the record."""
    said = list(said)
    # who sits down next cannot be the one who says so, nor can who stood up
    by = who(tx, door) if all(one.act != Act.CLERK_SEATED for one in said) else _somebody()
    last = tx.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    seq, before = tuple(last) if last is not None else (0, NOTHING_BEFORE)
    rows = []
    for one in said:
        seq += 1
        detail = {k: v for k, v in json.loads(one.detail).items() if v is not None}
        line = Line(
            seq,
            at,
            one.who or by,
            one.door or door,
            one.act,
            one.dossier or "",
            one.subject or "",
            detail,
            before,
            "",
        )
        line = replace(line, hash=hash_of(line))
        before = line.hash
        rows.append(
            (
                line.seq,
                line.at,
                line.who,
                line.door,
                line.act,
                line.dossier,
                line.subject,
                canonical(detail),
                line.hash,
            )
        )
    tx.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def door_now(door: str) -> str:
    """Return the door that is open on this thread, else ``door``."""
    return _DOOR.get() or door


def who(tx: sqlite3.Connection, door: str) -> str:
    """Return who it is that comes in by a door."""
    if door.partition(" ")[0] in BY_ITSELF:
        return PROGRAM
    seated = tx.execute(_SEATED).fetchone()
    return f"clerk {seated[0]}" if seated is not None else _somebody()


def _somebody() -> str:
    return f"user {account()}"


# --- how it begins ----------------------------------------------------------------------------


def begin(tx: sqlite3.Connection, version: int, at: str) -> None:
    """Begin the record of a home in the migration that brings it: what was there before is
    counted, for its lines were never written. ``version``: of the schema the home comes from."""
    here = fact_tables(tx)
    there = {
        table: _count(tx, table, known.proven)
        for table, known in TABLES.items()
        if known.proven and table in here
    }
    detail = canonical({"from": version, **there})
    write(tx, [Said(Act.RECORD_BEGUN, detail=detail)], Door.START, at)


def upgraded(tx: sqlite3.Connection, version: int, at: str) -> None:
    """Say that the schema has this number from now on."""
    write(tx, [Said(Act.HOME_UPGRADED, detail=canonical({"to": version}))], Door.START, at)


def _count(tx: sqlite3.Connection, table: str, column: str) -> int:
    sql = f"SELECT count(DISTINCT {column}) FROM {table}"  # noqa: S608 - our own names
    return int(tx.execute(sql).fetchone()[0])
