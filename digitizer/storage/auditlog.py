"""Reads the audit record, and finds where it is not whole.

Called by ``verify``, the doctor, the command line and the window's *Lịch sử*. Changes nothing; may
run beside the process that writes.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from digitizer.chain import NOTHING_BEFORE, Act, Line, breaks
from digitizer.storage import auditheld
from digitizer.storage.audit import fact_tables
from digitizer.storage.audited import TABLES
from digitizer.storage.store import RECORDED_FROM, Store, migrations

_LINES = """
SELECT audit.*, coalesce((SELECT older.hash FROM audit AS older WHERE older.seq = audit.seq - 1),
    ?1) AS before FROM audit
"""
OF_DOSSIER = "dossier = ? AND dossier <> ''"
"""In SQL; the second half lets SQLite see that the index holds them all."""
SAID = "CASE WHEN json_valid(detail) THEN json_extract(detail, '$.{}') END"
"""In SQL: one of the details of a line, by its name; NULL too where somebody wrote what is none."""
_GUARDS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
_NAMED = 3
"""So many of the rows that the record does not know are named."""


class Head(Struct, frozen=True):
    """The newest line of a record: noted elsewhere, it proves later that nothing was taken away
    up to it. ``seq`` 0: there is none."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


def head_in(text: str) -> Head | None:
    """Return the head that ``str`` of one gave; None where it is none."""
    number, _, named = text.strip().partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    whole = len(named) == len(NOTHING_BEFORE) and set(named) <= set("0123456789abcdef")
    return Head(int(number), named) if whole else None


def head(store: Store) -> Head:
    """Return the newest line's number and hash."""
    rows = store.rows("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
    return Head(rows[0]["seq"], rows[0]["hash"]) if rows else Head(0, NOTHING_BEFORE)


def holds(store: Store, one: Head) -> bool:
    """Tell whether the record goes through a line that was its newest once."""
    if one.seq == 0:
        return True
    return bool(store.rows("SELECT 1 FROM audit WHERE seq = ? AND hash = ?", one.seq, one.hash))


def every(store: Store) -> Iterator[Line]:
    """Yield every line in order, as they stood when the first was asked for."""
    before = NOTHING_BEFORE
    for row in store.each("SELECT * FROM audit ORDER BY seq"):
        line = _line(row, before)
        before = line.hash
        yield line


def newest(
    store: Store, most: int, *, dossier_id: str = "", since: str = "", below: int = 0
) -> list[Line]:
    """Return the newest lines, the newest first.

    Args:
        store: The home's.
        most: How many at most.
        dossier_id: Only of this dossier; empty: of all.
        since: Only from this moment on, as the store writes it; empty: of all time.
        below: Only those with a smaller number; 0: all.
    """
    values: list[str | int] = [NOTHING_BEFORE]
    tests = []
    for test, value in ((OF_DOSSIER, dossier_id), ("at >= ?", since), ("seq < ?", below)):
        if value:
            tests.append(test)
            values.append(value)
    where = f"WHERE {' AND '.join(tests)}" if tests else ""
    rows = store.rows(f"{_LINES} {where} ORDER BY seq DESC LIMIT ?", *values, most)
    return [_line(row, row["before"]) for row in rows]


def of_page(
    store: Store, page_id: str, dossier_id: str, most: int, *, below: int = 0
) -> list[Line]:
    """Return the newest lines about one page, the newest first, also from the dossiers that it was
    in before it came to ``dossier_id``. ``most`` and ``below``: as ``newest`` takes them."""
    known: set[str] = set()
    asking = {dossier_id}
    while asking:
        known |= asking
        rows = store.rows(
            "SELECT DISTINCT paper.dossier_id FROM audit "  # noqa: S608 - words of ours
            f"JOIN paper ON paper.id = {SAID.format('was')} "
            "WHERE audit.dossier IN (SELECT value FROM json_each(?)) AND audit.dossier <> '' "
            "AND audit.subject = ? AND audit.act = ?",
            json.dumps(sorted(asking)),
            page_id,
            Act.PAGE_MOVED,
        )
        asking = {str(row[0]) for row in rows} - known
    rows = store.rows(
        f"{_LINES} WHERE dossier IN (SELECT value FROM json_each(?2)) "  # noqa: S608
        "AND dossier <> '' AND subject = ?3 AND (?4 = 0 OR seq < ?4) ORDER BY seq DESC LIMIT ?5",
        NOTHING_BEFORE,
        json.dumps(sorted(known)),
        page_id,
        below,
        most,
    )
    return [_line(row, row["before"]) for row in rows]


def _line(row: sqlite3.Row, before: str) -> Line:
    return Line(
        row["seq"],
        row["at"],
        row["who"],
        row["door"],
        row["act"],
        row["dossier"],
        row["subject"],
        _detail(row["detail"]),
        before,
        row["hash"],
    )


def _detail(text: str) -> dict[str, Any]:
    """Return what a line says besides; what this program did not write never fits its hash."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, dict) else {"": text}


# --- whether it is whole ----------------------------------------------------------------------


def tail_broken(store: Store, most: int) -> str:
    """Say what is wrong with the newest lines; empty: nothing. Looks at ``most`` of them."""
    lines = newest(store, most)[::-1]
    if not lines:
        return "it is empty"
    before = None if lines[0].seq > 1 else NOTHING_BEFORE
    for broken in breaks(lines, lines[0].seq - 1, before):
        return f"line {broken.seq}: {broken.what}"
    return ""


def faults(store: Store) -> Iterator[str]:
    """Yield what is wrong with the record: broken links, facts it does not know of, and facts it
    knows of that are not there."""
    if head(store).seq == 0:
        yield "it is empty"
        return
    yield from _guards_missing(store)
    for broken in breaks(every(store)):
        yield f"line {broken.seq}: {broken.what}"
    yield from _unknown(store)
    yield from auditheld.missing(store)


def _guards_missing(store: Store) -> Iterator[str]:
    """Yield which triggers that keep the record from being changed are not there as they were
    made: somebody took them away to change it, or is about to."""
    there = {str(row["name"]): str(row["sql"]) for row in store.rows(_GUARDS)}
    with contextlib.closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(dict(migrations())[RECORDED_FROM])
        fresh.row_factory = sqlite3.Row
        for row in fresh.execute(_GUARDS):
            if there.get(row["name"]) != row["sql"]:
                yield f"its guard {row['name']} is missing, or another"


def _unknown(store: Store) -> Iterator[str]:
    """Yield rows that no line says came: lines were cut off, or another program wrote them."""
    before = _counted_before(store)
    for table in fact_tables(store.reader):
        known = TABLES.get(table)
        if known is None or not known.proven:
            continue
        sql = (
            f"SELECT {known.proven} FROM {table} "  # noqa: S608 - our own names
            "EXCEPT SELECT subject FROM audit WHERE act = ?"
        )
        found = [str(row[0]) for row in store.each(sql, known.came)]
        allowed = before.get(table, 0)
        if len(found) > allowed and allowed:
            yield f"{len(found)} of {table} without a line, {allowed} are older than the record"
        elif len(found) > allowed:
            more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
            yield f"no line for {table} {', '.join(found[:_NAMED])}{more}"


def _counted_before(store: Store) -> dict[str, int]:
    rows = store.rows("SELECT act, detail FROM audit WHERE seq = 1")
    if not rows or rows[0]["act"] != Act.RECORD_BEGUN:
        return {}
    return {k: v for k, v in _detail(rows[0]["detail"]).items() if isinstance(v, int)}


def clerks_in(store: Store, lines: Sequence[Line]) -> dict[str, str]:
    """Return the names of the clerks that lines speak of, by their ids."""
    wanted = sorted({line.who.partition(" ")[2] for line in lines if line.who[:6] == "clerk "})
    rows = store.rows(
        "SELECT id, name FROM clerk WHERE id IN (SELECT value FROM json_each(?))",
        json.dumps(wanted),
    )
    return {str(row["id"]): str(row["name"]) for row in rows}
