"""The database: migrations, refusal, transactions, what SQLite's errors become."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from digitizer.errors import HomeDamaged, HomeReadOnly, HomeTooNew
from digitizer.storage import store as store_module
from digitizer.storage.store import Store


def opened(folder: Path) -> Store:
    return Store.open_for_writing(folder / "digitizer.db", folder)


def test_a_new_database_is_strict_wal_and_fully_synchronous(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with store.transaction() as tx:
        assert tx.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert tx.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert tx.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    tables = store.rows("SELECT name, strict FROM pragma_table_list WHERE type = 'table'")
    assert {row["name"] for row in tables if not row["strict"]} <= {
        "sqlite_schema",
        "sqlite_sequence",
        "sqlite_temp_schema",
    }
    assert store.version() == max(number for number, _ in store_module.migrations())
    store.close()


def test_an_older_database_is_backed_up_and_migrated_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(tmp_path)
    with store.transaction() as tx:
        tx.execute("INSERT INTO setting VALUES ('a', 'b')")
    store.close()
    old = store_module.migrations()
    newer = [*old, (old[-1][0] + 1, "CREATE TABLE later (x TEXT) STRICT;\nDROP TABLE edit;\n")]
    monkeypatch.setattr(store_module, "migrations", lambda: newer)
    store = opened(tmp_path)
    assert store.version() == newer[-1][0]
    assert store.rows("SELECT value FROM setting")[0][0] == "b"
    store.close()
    (backup,) = tmp_path.glob("digitizer-v*.db")
    kept = sqlite3.connect(backup)
    assert kept.execute("PRAGMA user_version").fetchone()[0] == old[-1][0]
    assert kept.execute("SELECT value FROM setting").fetchone()[0] == "b"
    kept.close()


def test_a_migration_that_fails_leaves_the_old_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(tmp_path).close()
    old = store_module.migrations()
    broken = [*old, (old[-1][0] + 1, "CREATE TABLE later (x TEXT) STRICT;\nDROP TABLE nothing;\n")]
    monkeypatch.setattr(store_module, "migrations", lambda: broken)
    with pytest.raises(sqlite3.OperationalError):
        opened(tmp_path)
    monkeypatch.setattr(store_module, "migrations", lambda: old)
    store = opened(tmp_path)
    assert store.version() == old[-1][0]
    assert not store.rows("SELECT 1 FROM sqlite_master WHERE name = 'later'")
    store.close()


def test_a_newer_database_is_refused_untouched_for_writing_and_reading(tmp_path: Path) -> None:
    opened(tmp_path).close()
    path = tmp_path / "digitizer.db"
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA user_version = 999")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(HomeTooNew, match="999"):
        opened(tmp_path)
    with pytest.raises(HomeTooNew):
        Store.open_for_reading(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_damaged_not_a_bug(tmp_path: Path) -> None:
    (tmp_path / "digitizer.db").write_bytes(b"not a database, not at all" * 100)
    with pytest.raises(HomeDamaged):
        opened(tmp_path)


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        tx.execute("INSERT INTO setting VALUES ('a', 'b')")
        raise ZeroDivisionError
    assert not store.rows("SELECT * FROM setting")
    store.close()


def test_a_store_opened_for_reading_sees_commits_and_writes_nothing(tmp_path: Path) -> None:
    store = opened(tmp_path)
    reader = Store.open_for_reading(tmp_path / "digitizer.db")
    with store.transaction() as tx:
        tx.execute("INSERT INTO setting VALUES ('a', 'b')")
        assert not reader.rows("SELECT * FROM setting")
    assert len(reader.rows("SELECT * FROM setting")) == 1
    with pytest.raises(HomeReadOnly), reader.transaction():
        pass
    reader.close()
    store.close()


def test_what_ended_threads_read_with_is_closed(tmp_path: Path) -> None:
    """A window starts a thread for each scan and each look at the server, all day."""
    file = tmp_path / "digitizer.db"
    store = Store.open_for_writing(file, tmp_path)
    try:
        assert store.version() > 0  # this thread reads too, and goes on
        for _ in range(30):
            thread = threading.Thread(target=store.version)
            thread.start()
            thread.join()
        held = [one for one in Path("/proc/self/fd").iterdir() if _leads_to(one, file)]
        assert len(held) <= 3, "the writing one, this thread's, and at most the last one's"
        assert store.version() > 0
    finally:
        store.close()


def _leads_to(link: Path, file: Path) -> bool:
    try:
        return link.readlink() == file
    except OSError:  # closed meanwhile
        return False


def test_many_threads_write_one_after_the_other(tmp_path: Path) -> None:
    store = opened(tmp_path)

    def write(number: int) -> None:
        for step in range(20):
            with store.transaction() as tx:
                tx.execute("INSERT INTO setting VALUES (?, 'x')", (f"{number}-{step}",))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.rows("SELECT count(*) FROM setting")[0][0] == 100
    store.close()
