"""The server's side of a history: the sandbox, the line to it, and what can become of its rows."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.server import Address, Sandbox
from tests.line.proxy import HOST, Line

KNOWN = (
    "000.00.20.H02-261122-0001",
    "000.00.20.H02-261122-0002",
    "000.00.20.H02-261122-0007",
)
"""Dossiers that the server has from the start; the others of its demonstration are taken out."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that came in whole: ``held`` is what its key held just then, empty for nothing."""

    code: str
    key: str
    sha256: str
    held: str


@dataclass(frozen=True, slots=True)
class Backup:
    """The server's rows as they were once; bytes are never removed."""

    dossiers: list[tuple[Any, ...]]
    files: list[tuple[Any, ...]]


class Province:
    """A procedure system and the line to it; ``with Province(folder) as province``."""

    def __init__(self, folder: Path) -> None:
        self.faults = Faults()
        self._folder = folder / "province"
        self._sandbox = Sandbox(self._folder, self.faults)
        self._parts = contextlib.ExitStack()
        self._seen = 0

    def __enter__(self) -> Self:
        direct = self._parts.enter_context(self._sandbox)
        port = int(direct.url.partition(f"{HOST}:")[2].partition("/")[0])
        self.line = self._parts.enter_context(Line(port))
        url = direct.url.replace(f":{port}/", f":{self.line.port}/")
        self.address = Address(url, direct.group, direct.user, direct.password)
        self._rows = sqlite3.connect(
            self._folder / "sandbox.sqlite", isolation_level=None, timeout=10
        )
        self._parts.callback(self._rows.close)
        self._rows.execute("PRAGMA synchronous=OFF")
        marks = ",".join("?" * len(KNOWN))
        self._rows.execute(f"DELETE FROM dossier WHERE no NOT IN ({marks})", KNOWN)  # noqa: S608
        self._first = self.backup()
        return self

    def __exit__(self, *_: object) -> None:
        self._parts.close()

    def begin_anew(self) -> None:
        """Be as at the very start."""
        self.calm()
        self.restore(self._first)
        self._rows.execute("DELETE FROM arrival")
        self._seen = 0
        for blob in (self._folder / "files").iterdir():
            blob.unlink()

    def calm(self) -> None:
        """End all faults; the line is back."""
        for fault in Fault:
            self.faults.set(fault, 0)
        self.line.cut_next()
        self.line.come_back()

    def backup(self) -> Backup:
        """Return its rows as they are."""
        read = self._rows.execute
        return Backup(
            read("SELECT * FROM dossier").fetchall(), read("SELECT * FROM file").fetchall()
        )

    def restore(self, backup: Backup) -> None:
        """Have the rows of an earlier moment again."""
        with self._writing():
            for table, rows in (("dossier", backup.dossiers), ("file", backup.files)):
                self._rows.execute(f"DELETE FROM {table}")  # noqa: S608
                if rows:
                    marks = ",".join("?" * len(rows[0]))
                    self._rows.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608

    def forget_rows(self, which: int) -> bool:
        """Lose a file altogether; False where there is none."""
        return self._change("DELETE FROM file WHERE id = ?", which)

    def forget_bytes(self, which: int) -> bool:
        """Lose the bytes of a file, as a storage failure or a faulty program's POST does."""
        return self._change(
            "UPDATE file SET blob = NULL, size = 0, version = version + 1 WHERE id = ?", which
        )

    def set_clock(self, milliseconds: int) -> None:
        """Have every file's row be older, or younger (negative), by its own clock."""
        self._rows.execute("UPDATE file SET modified = max(0, modified - ?)", (milliseconds,))

    def learn(self, code: str) -> None:
        """Get a dossier that it did not have."""
        self._rows.execute(
            "INSERT INTO dossier (reference, no, service, template, agency, holder, holder_kind, "
            "holder_id, status, submitted, received) SELECT ?, ?, service, template, agency, "
            "holder, holder_kind, holder_id, status, submitted, received FROM dossier "
            "ORDER BY id LIMIT 1",
            (f"ref-{code}", code),
        )

    def knows(self, code: str) -> bool:
        """Tell whether it has a dossier."""
        return bool(self._rows.execute("SELECT 1 FROM dossier WHERE no = ?", (code,)).fetchone())

    def arrivals(self) -> list[Arrival]:
        """Return what came in whole since this was asked last."""
        rows = self._rows.execute(
            "SELECT arrival.id, coalesce(dossier.no, ''), arrival.reference, sha256, held "
            "FROM arrival LEFT JOIN dossier ON dossier.id = arrival.dossier "
            "WHERE arrival.id > ? ORDER BY 1",
            (self._seen,),
        ).fetchall()
        if rows:
            self._seen = rows[-1][0]
        return [Arrival(*row[1:]) for row in rows]

    def held(self) -> list[tuple[str, str, str | None]]:
        """Return every live file: its dossier's code, its key, the name of its bytes."""
        return self._rows.execute(
            "SELECT dossier.no, file.reference, file.blob FROM file "
            "JOIN dossier ON dossier.id = file.dossier WHERE removed = 0"
        ).fetchall()

    def content(self, blob: str) -> bytes:
        """Return stored bytes."""
        return (self._folder / "files" / blob).read_bytes()

    def _change(self, sql: str, which: int) -> bool:
        rows = self._rows.execute("SELECT id FROM file WHERE removed = 0 ORDER BY id").fetchall()
        if rows:
            self._rows.execute(sql, rows[which % len(rows)])
        return bool(rows)

    @contextlib.contextmanager
    def _writing(self) -> Any:
        self._rows.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._rows.execute("COMMIT")
        except BaseException:
            self._rows.execute("ROLLBACK")
            raise
