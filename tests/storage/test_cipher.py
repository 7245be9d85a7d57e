"""Databases with a key: real SQLCipher files, converted both ways without a loss."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from digitizer.errors import CipherMissing, HomeDamaged, HomeLocked
from digitizer.storage import changes, cipher
from digitizer.storage.store import Store, migrations
from tests.sealedhome import read_by_another

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
WORD = "Bưởi"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A plain one with a fact, an index of words, and what counts rows."""
    path = tmp_path / "digitizer.db"
    store = Store.open_for_writing(path, tmp_path, "test")
    with store.transaction() as tx:
        changes.add_dossier(tx, code="000.00.20.H02-261122-0001", holder=WORD)
        tx.execute("INSERT INTO indexed_page (page_id) VALUES ('a'), ('b')")
        tx.execute("DELETE FROM indexed_page WHERE page_id = 'b'")
        tx.execute("INSERT INTO page_words (rowid, folded, exact) VALUES (1, 'buoi', 'bưởi')")
    store.close()
    return path


def told(store: Store) -> list[object]:
    """All that a database holds."""
    tables = [
        str(row[0])
        for row in store.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'page_words'"
        )
    ]
    found: list[object] = [
        [tuple(row) for row in store.rows(f'SELECT rowid, * FROM "{table}"')]  # noqa: S608
        if table not in ("page_words_idx", "page_words_config")
        else [tuple(row) for row in store.rows(f'SELECT * FROM "{table}"')]  # noqa: S608
        for table in sorted(tables)
    ]
    schema = store.rows("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
    return [*found, [tuple(row) for row in schema]]


def content(path: Path, key: bytes | None = None) -> list[object]:
    store = Store.open_for_reading(path, key=key)
    try:
        return told(store)
    finally:
        store.close()


def test_a_database_with_a_key_is_no_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "digitizer.db"
    store = Store.open_for_writing(path, tmp_path, "test", key=KEY)
    with store.transaction() as tx:
        changes.add_dossier(tx, code=None, holder=WORD)
    wal = path.with_name("digitizer.db-wal")
    assert wal.stat().st_size > 0
    for file in (path, wal):
        assert WORD.encode() not in file.read_bytes()
    store.close()
    assert not path.read_bytes().startswith(b"SQLite format 3")
    assert cipher.is_sealed(path) and not cipher.is_plain(path)
    with contextlib.closing(sqlite3.connect(path)) as plain, pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT * FROM dossier")


@pytest.mark.parametrize("key", [OTHER, None])
def test_another_key_opens_nothing_and_is_a_known_trouble(
    database: Path, capfd: pytest.CaptureFixture[str], key: bytes | None
) -> None:
    cipher.seal(database, KEY)
    before = database.read_bytes()
    with pytest.raises(HomeDamaged):
        Store.open_for_writing(database, database.parent, "test", key=key)
    with pytest.raises(HomeDamaged):
        Store.open_for_reading(database, key=key)
    assert database.read_bytes() == before
    assert capfd.readouterr().err == "", "the library's own words reach no terminal"


def test_it_is_the_same_with_a_key_and_without_one_again(database: Path) -> None:
    before = content(database)
    cipher.seal(database, KEY)
    assert cipher.is_sealed(database)
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert content(database, KEY) == before
    cipher.unseal(database, KEY)
    assert cipher.is_plain(database)
    assert content(database) == before
    assert sorted(one.name for one in database.parent.iterdir()) == ["digitizer.db"]


def test_words_are_found_and_numbers_go_on_in_it(database: Path) -> None:
    cipher.seal(database, KEY)
    store = Store.open_for_writing(database, database.parent, "test", key=KEY)
    try:
        assert store.version() == max(number for number, _ in migrations())
        found = store.rows("SELECT rowid FROM page_words WHERE page_words MATCH 'buoi'")
        assert [row[0] for row in found] == [1]
        with store.transaction() as tx:
            tx.execute("INSERT INTO indexed_page (page_id) VALUES ('c')")
        assert store.rows("SELECT id FROM indexed_page WHERE page_id = 'c'")[0][0] == 3
    finally:
        store.close()


def test_what_a_killed_program_left_in_the_journal_is_not_lost(database: Path) -> None:
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("INSERT INTO setting VALUES ('late', 'word')")
    for beside in ("", "-wal"):
        file = database.with_name(database.name + beside)
        file.with_name(f"left{beside}").write_bytes(file.read_bytes())
    writer.close()
    left = database.with_name("left")
    assert left.with_name("left-wal").stat().st_size > 0
    cipher.seal(left, KEY)
    assert not left.with_name("left-wal").exists()
    store = Store.open_for_reading(left, key=KEY)
    assert store.rows("SELECT value FROM setting WHERE name = 'late'")[0][0] == "word"
    store.close()


def test_while_somebody_reads_it_stays_as_it_is(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "_BUSY_MS", 50)
    with read_by_another(database), pytest.raises(HomeLocked):
        cipher.seal(database, KEY)
    assert cipher.is_plain(database)
    cipher.seal(database, KEY)


def test_one_that_is_not_sound_is_not_converted(database: Path) -> None:
    data = bytearray(database.read_bytes())
    data[4096:40960] = os.urandom(36864)
    database.write_bytes(data)
    with pytest.raises(Exception) as met:
        cipher.seal(database, KEY)
    assert isinstance(met.value, (HomeDamaged, *cipher.errors()))
    assert database.read_bytes()[100:] == data[100:], "but for the head, which names its journal"
    assert [one.name for one in database.parent.iterdir()] == ["digitizer.db"]


def test_without_the_library_nothing_is_converted_or_opened(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cipher.seal(database, KEY)
    for name in [one for one in sys.modules if one.startswith("sqlcipher3")]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(CipherMissing):
        Store.open_for_reading(database, key=KEY)
    with pytest.raises(CipherMissing):
        cipher.unseal(database, KEY)
    assert cipher.is_sealed(database)
