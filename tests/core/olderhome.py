"""Sets a home's database back to an older schema, with all that it can hold of today's facts."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from digitizer.storage.store import APPLICATION_ID, migrations, statements


def set_back(database: Path, version: int) -> None:
    """Make ``database`` what version ``version`` of the schema would have kept."""
    newer = database.with_suffix(".newer")
    database.replace(newer)
    with contextlib.closing(sqlite3.connect(database, isolation_level=None)) as old:
        for number, sql in migrations():
            if number <= version:
                for statement in statements(sql):
                    old.execute(statement)
        old.execute("ATTACH ? AS newer", (str(newer),))
        for (table,) in old.execute(
            "SELECT name FROM main.sqlite_schema WHERE type = 'table'"
        ).fetchall():
            shared = ", ".join(
                name
                for (name,) in old.execute(
                    "SELECT name FROM pragma_table_info(?, 'main') INTERSECT "
                    "SELECT name FROM pragma_table_info(?, 'newer')",
                    (table, table),
                )
            )
            taken = f"SELECT {shared} FROM newer.{table}"  # noqa: S608
            old.execute(f"INSERT OR REPLACE INTO {table} ({shared}) {taken}")
        old.execute("DETACH newer")
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.execute(f"PRAGMA user_version = {version}")
    newer.unlink()
