"""The database: opens, migrates, runs transactions and reads; converts SQLite's errors once.

One writing connection behind a lock, one reading connection a thread (WAL lets them run side by
side). ``synchronous=FULL``: when ``transaction`` returns, its facts survive a power cut.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from digitizer.errors import (
    DigitizerError,
    DiskFull,
    HomeDamaged,
    HomeLocked,
    HomeReadOnly,
    HomeTooNew,
)
from digitizer.storage import audit, cipher

APPLICATION_ID = 0x44475A31
"""Marks the file as ours ("DGZ1")."""
RECORDED_FROM = 19
"""The schema that brings the audit record."""

_BUSY_MS = 5000
_CACHE_KB = 512
"""Of each reading connection, one a thread: searches of 100,000 pages are no quicker with SQLite's
own 2,000, which add up."""


def now() -> str:
    """Return the moment as stored: UTC, ISO 8601, microseconds: text order is time order."""
    return stamp(datetime.now(UTC))


def stamp(moment: datetime) -> str:
    """Return a moment (with its zone) as it is stored."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def converted(error: Exception) -> DigitizerError:
    """Return the row of the error table for what SQLite said (its codes, not its texts)."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if code == sqlite3.SQLITE_FULL or name == "SQLITE_IOERR_SHMSIZE":  # no room for its index
        return DiskFull("database")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return HomeLocked("database busy")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return HomeDamaged(name)
    return HomeReadOnly(f"database: {name}")


_ENVIRONMENT = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOLFS,
    sqlite3.SQLITE_PROTOCOL,
}


@contextlib.contextmanager
def converting() -> Iterator[None]:
    """Turn SQLite errors that the environment made into rows of the table; bugs pass on."""
    try:
        yield
    except cipher.errors() as error:
        if (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in _ENVIRONMENT:
            raise converted(error) from error
        raise


def _nothing() -> None:
    """Nobody can make room."""


class Store:
    """An open database. Close it on the thread that opened it, after the lanes have ended.

    Attributes:
        path: The file.
        writable: Whether facts can be changed through it.
        door: By which what is changed comes in, for the audit record.
        relieve: Called once a transaction met a full disk: may make room for the next one.
    """

    def __init__(
        self,
        path: Path,
        *,
        writable: bool,
        at_rest: bool = False,
        door: str = "",
        key: bytes | None = None,
    ) -> None:
        """Open ``path`` as it is; use ``open_for_writing`` or ``open_for_reading``."""
        self._key = key
        self.path = path
        self.writable = writable
        self.door = door
        self._at_rest = at_rest
        self.relieve: Callable[[], object] = _nothing
        self._write_lock = threading.RLock()
        self._local = threading.local()
        self._readers: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._readers_lock = threading.Lock()
        self._writer = self._connect() if writable else None

    @classmethod
    def open_for_writing(
        cls, path: Path, backups: Path, door: str = "", *, key: bytes | None = None
    ) -> Store:
        """Open or create, and migrate (after a backup) where the schema is older.

        ``door``: by which what is changed comes in, for the audit record (``audit.door_of``);
        ``key``: the database's, where it is encrypted, as its backups are then.

        Raises:
            HomeTooNew, HomeDamaged, HomeReadOnly, DiskFull; CipherMissing where there is a key.
        """
        with converting():
            store = cls(path, writable=True, door=door, key=key)
            try:
                store._migrate(backups)
                store._note_changes()
            except BaseException:
                store.close()
                raise
            return store

    @classmethod
    def open_for_reading(
        cls, path: Path, *, at_rest: bool = False, key: bytes | None = None
    ) -> Store:
        """Open beside a process that may be writing. Raises as ``open_for_writing`` does.

        ``at_rest``: for one look that leaves no file behind. Nobody writes, or what is written
        meanwhile does not matter.
        """
        with converting():
            store = cls(path, writable=False, at_rest=at_rest, key=key)
            try:
                store._refuse_newer(store.reader)
            except BaseException:
                store.close()
                raise
            return store

    def look_at(self, backup: Path) -> Store:
        """Open a backup of this database for one look; it may be older than the key. Raises as
        ``open_for_reading``."""
        key = None if cipher.is_plain(backup) else self._key
        return Store.open_for_reading(backup, at_rest=True, key=key)

    @property
    def encrypted(self) -> bool:
        """Whether it has a key."""
        return self._key is not None

    @property
    def reader(self) -> sqlite3.Connection:
        """This thread's reading connection."""
        found: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if found is None:
            self._let_go()
            found = self._connect(read_only=True)
            with self._readers_lock:
                self._readers.append((threading.current_thread(), found))
            self._local.reader = found
        return found

    def _let_go(self) -> None:
        """Close what threads that have ended were reading with: each holds memory and files."""
        with self._readers_lock:
            over = [one for one in self._readers if not one[0].is_alive()]
            self._readers = [one for one in self._readers if one not in over]
        for _, connection in over:
            connection.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit everything in the block durably, and the record of it, or nothing of both.

        Raises:
            DiskFull and the other rows of ``converted``; nothing was written then.
        """
        if self._writer is None:
            raise HomeReadOnly(str(self.path))
        with self._write_lock, converting():
            connection = self._writer
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                audit.seal(connection, self.door, now())
                connection.execute("COMMIT")
            except BaseException as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
                    self.relieve()
                raise

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Run a query on this thread's reading connection."""
        with converting():
            return list(self.reader.execute(sql, values))

    def each(self, sql: str, *values: Any) -> Iterator[sqlite3.Row]:
        """Run a query as ``rows`` does and give its rows one by one: those not taken cost
        nothing."""
        with converting(), contextlib.closing(self.reader.execute(sql, values)) as found:
            yield from found

    def version(self) -> int:
        """Return the schema's number."""
        return int(self.rows("PRAGMA user_version")[0][0])

    def outdated(self) -> bool:
        """Tell whether the schema is older than this program's."""
        return self.version() < max(number for number, _ in migrations())

    def close(self) -> None:
        """Close every connection. No other thread may be using the store."""
        with self._readers_lock:
            for _, connection in self._readers:
                connection.close()
            self._readers.clear()
        if self._writer is not None:
            self._writer.close()  # last: only then does the file alone hold everything again

    def _connect(self, *, read_only: bool = False) -> sqlite3.Connection:
        if read_only or not self.writable:
            rest = "&immutable=1" if self._at_rest else ""
            target = f"{self.path.absolute().as_uri()}?mode=ro{rest}"
        else:
            target = self.path.absolute().as_uri()
        connection = cipher.connect(target, self._key)
        with contextlib.ExitStack() as failing:
            failing.callback(connection.close)
            connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
            connection.execute("PRAGMA foreign_keys=ON")
            if not read_only and self.writable:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("PRAGMA secure_delete=ON")  # what is deleted does not stay there
            else:
                connection.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
            failing.pop_all()
        return connection

    def _migrate(self, backups: Path) -> None:
        assert self._writer is not None  # noqa: S101 - opened for writing
        writer = self._writer
        self._refuse_newer(writer)
        version = int(writer.execute("PRAGMA user_version").fetchone()[0])
        todo = [(number, sql) for number, sql in migrations() if number > version]
        if not todo:
            return
        if version > 0:
            self.back_up(backups / f"digitizer-v{version}-{now().replace(':', '')}.db")
        writer.execute("PRAGMA foreign_keys=OFF")
        for number, sql in todo:
            writer.execute("BEGIN IMMEDIATE")
            try:
                for statement in statements(sql):
                    writer.execute(statement)
                if number == RECORDED_FROM:
                    audit.begin(writer, version, now())
                elif version >= RECORDED_FROM:
                    audit.upgraded(writer, number, now())
                writer.execute(f"PRAGMA application_id={APPLICATION_ID}")
                writer.execute(f"PRAGMA user_version={number}")
                writer.execute("COMMIT")
            except BaseException:
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
                raise
        writer.execute("PRAGMA foreign_keys=ON")

    def _note_changes(self) -> None:
        assert self._writer is not None  # noqa: S101 - opened for writing
        audit.install(self._writer)

    def back_up(self, target: Path) -> None:
        """Write a copy of the database, with the key that it has. Called before a migration."""
        assert self._writer is not None  # noqa: S101 - opened for writing
        self._writer.execute("VACUUM INTO ?", (str(target),))

    @staticmethod
    def _refuse_newer(connection: sqlite3.Connection) -> None:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        newest = max(number for number, _ in migrations())
        if version > newest:
            raise HomeTooNew(f"schema {version}, this version knows {newest}")


def migrations() -> list[tuple[int, str]]:
    """Return every numbered schema step, in order, with its SQL."""
    folder = resources.files("digitizer.storage") / "schema"
    found = [
        (int(item.name.partition("_")[0]), item.read_text(encoding="utf-8"))
        for item in folder.iterdir()
        if item.name.endswith(".sql")
    ]
    return sorted(found)


def statements(sql: str) -> Iterator[str]:
    """Split a script into statements (``executescript`` would commit between them)."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
