"""Databases with and without a key: connected to, told apart, converted from one to the other.

With a key a database is SQLCipher's: every page of it, its journal and its backups encrypted and
authenticated. Its library speaks as Python's ``sqlite3`` does, but raises errors of its own:
``errors`` names both. Called by the store, by ``access`` and by ``digitizer.encrypting``. Raises
database errors and ``OSError`` as they come where nothing else is said.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from digitizer.durable import sync_file, sync_folder
from digitizer.errors import DiskFull, HomeDamaged, HomeLocked
from digitizer.homekeys import library

_LIBRARY = "sqlcipher3.dbapi2"
_HEAD = b"SQLite format 3\0"
_BUSY_MS = 5000
_SPARE_BYTES = 8 << 20
_BESIDE = ("-journal", "-wal", "-shm")
_HALF = ".converting"
_TABLES = """
SELECT name FROM {}.sqlite_master
WHERE type = 'table' AND (name = 'sqlite_sequence' OR name NOT LIKE 'sqlite\\_%' ESCAPE '\\')
AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name
"""
_SCHEMA = "SELECT type, name, sql FROM {}.sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
_NUMBERS = ("user_version", "application_id")


def errors() -> tuple[type[Exception], ...]:
    """Return what databases raise: with a key, once one was opened, too."""
    loaded = sys.modules.get(_LIBRARY)
    return (sqlite3.Error,) if loaded is None else (sqlite3.Error, loaded.Error)


def integrity_errors() -> tuple[type[Exception], ...]:
    """Return what databases raise where a row may not be as it was to be."""
    loaded = sys.modules.get(_LIBRARY)
    plain = sqlite3.IntegrityError
    return (plain,) if loaded is None else (plain, loaded.IntegrityError)


def connect(target: str, key: bytes | None) -> sqlite3.Connection:
    """Connect to a database by its URI; ``key``: None where it is plain.

    Raises:
        CipherMissing: there is a key, and no library.
    """
    if key is None:
        return _connected(sqlite3, target)
    connection = _connected(library(_LIBRARY), target)
    connection.execute("PRAGMA cipher_log_level=NONE")  # else a wrong key is told to the terminal
    connection.execute(f'PRAGMA key = "{_literal(key)}"')
    return connection


def _connected(module: ModuleType, target: str) -> sqlite3.Connection:
    connection: sqlite3.Connection = module.connect(
        target, uri=True, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = module.Row
    return connection


def _literal(key: bytes) -> str:
    return f"x'{key.hex()}'"


def is_plain(file: Path) -> bool:
    """Tell whether a file is a database without a key; one that is not there is none.

    To be asked while this process has it not open, for closing a file lets go of the locks that
    SQLite holds on it.
    """
    return _head(file) == _HEAD


def is_sealed(file: Path) -> bool:
    """Tell whether a file may be a database with a key: it is there, and no plain one. To be asked
    as ``is_plain``."""
    return _head(file) not in (_HEAD, b"")


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_HEAD))
    except FileNotFoundError:
        return b""


# --- from one to the other --------------------------------------------------------------------


def seal(file: Path, key: bytes) -> None:
    """Put a key on a plain database that nobody has open: it is the one or the other, whatever
    ends this.

    Raises:
        DiskFull: there is no room for both at once. HomeLocked: somebody has it open.
        HomeDamaged: it is not sound, or what was written is not.
        CipherMissing.
    """
    _convert(file, None, key)


def unseal(file: Path, key: bytes) -> None:
    """Take the key off a database. Raises as ``seal``."""
    _convert(file, key, None)


def clear(file: Path) -> None:
    """Remove what a conversion left that was ended in the middle."""
    half = file.with_name(file.name + _HALF)
    for beside in ("", *_BESIDE):
        half.with_name(half.name + beside).unlink(missing_ok=True)


def _convert(file: Path, before: bytes | None, after: bytes | None) -> None:
    library(_LIBRARY)
    clear(file)
    _end_journal(file, before)
    _ask_for_room(file)
    half = file.with_name(file.name + _HALF)
    half.touch(0o600)
    try:
        _check(file, before)
        with _open(file, before) as source:
            _export(source, half, after)
        _check(half, after)
        sync_file(half)
        half.replace(file)
    except PermissionError as error:
        if sys.platform == "win32":  # a file that somebody has open keeps its name there
            raise HomeLocked("database") from error
        raise
    finally:
        clear(file)
    sync_folder(file.parent)


@contextlib.contextmanager
def _open(file: Path, key: bytes | None) -> Iterator[sqlite3.Connection]:
    """Open by the library for keys, which reads plain ones too: it alone has both at once."""
    connection = _connected(library(_LIBRARY), file.absolute().as_uri())
    with contextlib.closing(connection):
        connection.execute("PRAGMA cipher_log_level=NONE")
        if key is not None:
            connection.execute(f'PRAGMA key = "{_literal(key)}"')
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        yield connection


def _end_journal(file: Path, key: bytes | None) -> None:
    """Put into the file what its journal holds, and do without one: the journal of the one must
    never meet the file of the other."""
    with _open(file, key) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except errors() as error:
            if (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF == sqlite3.SQLITE_BUSY:
                raise HomeLocked("somebody reads the database") from error
            raise
    left = [one for one in _BESIDE if file.with_name(file.name + one).exists()]
    if mode != "delete" or left:
        raise HomeLocked("somebody reads the database")


def _ask_for_room(file: Path) -> None:
    if shutil.disk_usage(file.parent).free < file.stat().st_size + _SPARE_BYTES:
        raise DiskFull("no room to convert the database")


def _export(source: sqlite3.Connection, half: Path, key: bytes | None) -> None:
    uri = half.absolute().as_uri()
    word = "" if key is None else _literal(key)
    source.execute("ATTACH DATABASE ? AS other KEY ?", (uri, word))
    source.execute("PRAGMA other.journal_mode=OFF")  # half a copy is thrown away
    source.execute("BEGIN")
    try:
        source.execute("SELECT sqlcipher_export('other')").fetchall()
    except errors() as error:  # whatever it met, it says the same
        _probe(half.with_name(f"{half.name}-journal"))
        raise HomeDamaged("it cannot be copied") from error
    source.execute("COMMIT")
    for name in _NUMBERS:
        number = int(source.execute(f"PRAGMA main.{name}").fetchone()[0])
        source.execute(f"PRAGMA other.{name}={number}")
    if _told(source, "main") != _told(source, "other"):
        raise HomeDamaged("the copy is not what it was made of")
    source.execute("DETACH DATABASE other")


def _probe(file: Path) -> None:
    """Raise ``OSError`` where nothing can be written."""
    try:
        file.write_bytes(bytes(1 << 16))
        sync_file(file)
    finally:
        file.unlink(missing_ok=True)


def _told(source: sqlite3.Connection, name: str) -> list[object]:
    """Return what two databases of the same content have in common: numbers, schema, rows."""
    tables = [str(row[0]) for row in source.execute(_TABLES.format(name))]
    schema = [tuple(row) for row in source.execute(_SCHEMA.format(name))]
    numbers = [int(source.execute(f"PRAGMA {name}.{one}").fetchone()[0]) for one in _NUMBERS]
    count = f"SELECT count(*) FROM {name}.{{}}"  # noqa: S608 - names that the schema has itself
    counts = [(one, source.execute(count.format(f'"{one}"')).fetchone()[0]) for one in tables]
    return [numbers, schema, counts]


def _check(file: Path, key: bytes | None) -> None:
    with _open(file, key) as opened:
        if key is not None and opened.execute("PRAGMA cipher_integrity_check").fetchall():
            raise HomeDamaged("a page is not authentic")
        found = [str(row[0]) for row in opened.execute("PRAGMA integrity_check(1)")]
        if found != ["ok"]:
            raise HomeDamaged(found[0])
