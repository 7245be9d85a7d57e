"""The step of the schema that brings signatures: waiting work keeps its place and its attempts."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from digitizer.storage import store as store_module
from digitizer.storage.store import Store

_BEFORE = 16


def test_work_of_an_older_home_keeps_its_attempts_and_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = store_module.migrations()
    older = [step for step in steps if step[0] <= _BEFORE]
    monkeypatch.setattr(store_module, "migrations", lambda: older)
    Store.open_for_writing(tmp_path / "digitizer.db", tmp_path).close()
    with contextlib.closing(sqlite3.connect(tmp_path / "digitizer.db")) as tx, tx:
        tx.execute(
            "INSERT INTO dossier (id, code, opened_at) VALUES ('d', 'H01.1-261122-0001', '2026')"
        )
        for subject in ("one", "two"):
            tx.execute(
                "INSERT INTO work (dossier_id, kind, subject, version, attempts) "
                "VALUES ('d', 'upload', ?, 'v', 3)",
                (subject,),
            )
        with pytest.raises(sqlite3.IntegrityError):
            tx.execute(
                "INSERT INTO work (dossier_id, kind, subject, version) "
                "VALUES ('d', 'sign', 's', '')"
            )
        rows = tx.execute("SELECT rowid, * FROM work ORDER BY rowid")
        before = [tuple(row) for row in rows]
    monkeypatch.setattr(store_module, "migrations", lambda: steps)
    store = Store.open_for_writing(tmp_path / "digitizer.db", tmp_path)
    assert [tuple(row) for row in store.rows("SELECT rowid, * FROM work ORDER BY rowid")] == before
    with store.transaction() as tx:
        for kind, subject in (("sign", "three"), ("upload", "four")):
            tx.execute(
                "INSERT INTO work (dossier_id, kind, subject, version) VALUES ('d', ?, ?, 'v')",
                (kind, subject),
            )
    places = {row["subject"]: row["place"] for row in store.rows("SELECT * FROM work")}
    assert places == {"one": 1, "two": 2, "three": 0, "four": 3}
    store.close()
