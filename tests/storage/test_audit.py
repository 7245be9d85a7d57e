"""The audit record: nothing that changes facts is without a line, and no line changes unnoticed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from digitizer.chain import PROGRAM, Act, Door, Line, breaks
from digitizer.storage import audit, auditlog, changes, clerks
from digitizer.storage import store as store_module
from digitizer.storage.audit import fact_tables, through
from digitizer.storage.audited import CACHES, TABLES
from digitizer.storage.auditrules import Event
from digitizer.storage.store import Store

CODE = "000.00.20.H02-261122-0007"


class _Undo(Exception):
    """Ends a transaction that is only looked at."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open_for_writing(tmp_path / "digitizer.db", tmp_path, "window")
    yield opened
    opened.close()


def lines(store: Store) -> list[Line]:
    return list(auditlog.every(store))


def acts(store: Store, after: int = 0) -> list[str]:
    return [line.act for line in lines(store)[after:]]


def filled(store: Store, pages: int = 2) -> str:
    """Add a dossier with a paper and pages; return its id."""
    with store.transaction() as tx:
        dossier = changes.add_dossier(tx, code=CODE, holder="Hoàng Thị Bích Ngọc")
        paper = changes.add_paper(tx, dossier, "TP01", "Tờ khai của Ngọc")
        changes.start_batch(tx, "lot", paper, "glass", "{}")
        for seq in range(1, pages + 1):
            changes.add_page(tx, "lot", seq, sha256=f"{seq:064x}", size=3, suffix=".jpg")
    return dossier


# --- nothing is forgotten ---------------------------------------------------------------------


def test_every_table_has_its_lines_or_is_a_cache_and_says_why(store: Store) -> None:
    """A new table fails here until ``audited`` names it. Column names that are gone fail too."""
    there = {
        str(row[0])
        for row in store.rows(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
            "AND name NOT LIKE 'sqlite%'"
        )
    }
    assert there == set(TABLES) | set(CACHES)
    assert not set(TABLES) & set(CACHES)
    assert all(len(reason) > 10 for reason in CACHES.values())
    for name, columns in fact_tables(store.reader).items():
        known = TABLES[name]
        named = {column for rule in known.rules for column in rule.of} | set(known.quiet)
        assert named <= set(columns), name
        assert all(len(reason) > 10 for reason in known.quiet.values()), name


def _value(kind: str, old: object = None) -> object:
    if kind == "TEXT":
        return f"{old or ''}x"
    return (old if isinstance(old, int | float) else 0) + 1


def _columns(tx: sqlite3.Connection, table: str) -> dict[str, str]:
    rows = tx.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
    return {str(row["name"]): str(row["type"]) for row in rows}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_row_that_comes_changes_or_goes_makes_a_line(store: Store, table: str) -> None:
    """By whatever code, down to the last column: asked of the database, not of the verbs."""
    with pytest.raises(_Undo), store.transaction() as tx:
        tx.execute("PRAGMA defer_foreign_keys=ON")
        tx.execute("PRAGMA ignore_check_constraints=ON")
        try:
            _come_change_and_go(tx, table)
        finally:
            tx.execute("PRAGMA ignore_check_constraints=OFF")
        raise _Undo
    assert acts(store) == [Act.RECORD_BEGUN], "what was rolled back is not recorded"


def _come_change_and_go(tx: sqlite3.Connection, table: str) -> None:
    def noted() -> list[sqlite3.Row]:
        found = tx.execute("SELECT * FROM happened").fetchall()
        tx.execute("DELETE FROM happened")
        return found

    kinds = _columns(tx, table)
    marks = ", ".join("?" * len(kinds))
    values = [_value(kind) for kind in kinds.values()]
    tx.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - our own names
    assert noted(), "it came"
    for column, kind in kinds.items():
        if column in TABLES[table].quiet:
            continue
        old = tx.execute(f"SELECT {column} FROM {table}").fetchone()[0]  # noqa: S608
        tx.execute(f"UPDATE {table} SET {column} = ?", (_value(kind, old),))  # noqa: S608
        assert noted(), f"{column} changed"
        tx.execute(f"UPDATE {table} SET {column} = {column}")  # noqa: S608
        assert not noted(), f"{column} is as it was"
    tx.execute(f"DELETE FROM {table}")  # noqa: S608
    assert noted(), "it went"


def test_a_table_that_nobody_named_is_recorded_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = store_module.migrations()
    Store.open_for_writing(tmp_path / "digitizer.db", tmp_path).close()
    later = (old[-1][0] + 1, "CREATE TABLE later (id TEXT PRIMARY KEY, said TEXT) STRICT;\n")
    monkeypatch.setattr(store_module, "migrations", lambda: [*old, later])
    store = Store.open_for_writing(tmp_path / "digitizer.db", tmp_path, "window")
    with store.transaction() as tx:
        tx.execute("INSERT INTO later VALUES ('one', 'a secret')")
        tx.execute("UPDATE later SET said = 'another'")
        tx.execute("DELETE FROM later")
    upgraded, came, changed, went = lines(store)[1:]
    assert (upgraded.act, upgraded.detail["to"]) == (Act.HOME_UPGRADED, later[0])
    assert [one.act for one in (came, changed, went)] == [
        Act.ROW_ADDED,
        Act.ROW_CHANGED,
        Act.ROW_REMOVED,
    ]
    assert changed.detail == {"table": "later", "changed": "said"}
    assert {one.subject for one in (came, changed, went)} == {"one"}
    store.close()


def test_what_no_rule_speaks_of_has_a_rule_all_the_same(store: Store) -> None:
    """Each table of facts has triggers for all three events."""
    made = list(audit.triggers(store.reader))
    for table in fact_tables(store.reader):
        events = {sql.split(" ON main.")[0] for sql in made if f" ON main.{table} " in f"{sql} "}
        kinds = {" ".join(event.split()[:2]) for event in events}
        assert {Event.CHANGED, Event.WENT} <= kinds, table
        assert kinds & {Event.CAME, Event.COMING}, table


# --- with the facts, or not at all ------------------------------------------------------------


def test_facts_and_lines_are_there_together_or_neither(store: Store) -> None:
    filled(store)
    before = len(lines(store))
    with pytest.raises(_Undo), store.transaction() as tx:
        tx.execute("UPDATE page SET turn = 90")
        audit.append(tx, Act.PAGE_REREAD, "one")
        raise _Undo
    assert len(lines(store)) == before
    with store.transaction() as tx:
        with pytest.raises(sqlite3.IntegrityError):
            tx.execute("UPDATE page SET turn = 45")
        tx.execute("UPDATE page SET kept = 1 WHERE batch_seq = 1")
    assert acts(store, before) == [Act.PAGE_KEPT], "a statement that failed says nothing"


def test_nothing_is_written_where_nothing_changed(store: Store) -> None:
    filled(store)
    before = len(lines(store))
    with store.transaction() as tx:
        changes.set_setting(tx, "bundle.style", "compact")
        changes.set_setting(tx, "bundle.style", "compact")
        tx.execute("UPDATE page SET turn = turn")
        tx.execute("INSERT INTO line_speed (server, bytes, seconds) VALUES ('s', 1, 1.0)")
    (line,) = lines(store)[before:]
    assert (line.act, line.subject, line.detail) == (
        Act.SETTING_CHANGED,
        "bundle.style",
        {"value": "compact"},
    )


def test_a_line_says_who_and_by_which_door(store: Store) -> None:
    filled(store)
    with store.transaction() as tx:
        lan = clerks.put(tx, "Nguyễn Thị Lan", "lan")
        clerks.seat(tx, lan)
    seated = lines(store)[-1]
    assert (seated.act, seated.subject) == (Act.CLERK_SEATED, lan)
    assert seated.who == f"user {audit.account()}", "nobody says of themselves that they sit down"
    with store.transaction() as tx:
        tx.execute("UPDATE page SET turn = 90 WHERE batch_seq = 1")
    assert (lines(store)[-1].who, lines(store)[-1].door) == (f"clerk {lan}", "window")

    def lane() -> None:
        with through(Door.LANE), store.transaction() as tx:
            tx.execute("UPDATE page SET turn = 180 WHERE batch_seq = 1")

    thread = threading.Thread(target=lane)
    thread.start()
    thread.join()
    assert (lines(store)[-1].who, lines(store)[-1].door) == (PROGRAM, "lane")
    with store.transaction() as tx:
        tx.execute("UPDATE page SET turn = 0 WHERE batch_seq = 1")
    assert lines(store)[-1].door == "window", "a lane's door is its thread's own"
    assert audit.door_of("dossier new") == "command dossier new"
    assert audit.door_of("watch") == "watch"


def test_no_line_names_a_citizen_or_says_what_was_typed(store: Store, tmp_path: Path) -> None:
    dossier = filled(store)
    with store.transaction() as tx:
        clerks.seat(tx, clerks.put(tx, "Nguyễn Thị Lan", "lan-account"))
        for name in ("server.user", "server.ca", "watch.rules"):
            changes.set_setting(tx, name, "lan-account")
        tx.execute("UPDATE dossier SET holder = 'Trần Văn Bình'")
        tx.execute("UPDATE paper SET title = 'Giấy của Bình'")
        tx.execute(
            "INSERT INTO creation VALUES (?, 'citizen', '012345678901', 'Thôn Đồng Tâm', '09', '')",
            (dossier,),
        )
        tx.execute(
            "INSERT INTO question (path, sha256, asked_at) VALUES ('/mnt/Bình.pdf', 'ab', '')"
        )
        tx.execute("INSERT INTO reuse SELECT id, 'KQ.G07.000122', '', '' FROM paper")
    told = "\n".join(str(one.to_json()) for one in lines(store))
    for never in ("Ngọc", "Bình", "Lan", "lan-account", "012345678901", "Đồng Tâm", "KQ.G07"):
        assert never not in told
    assert told.count(CODE) == 1, "the code stands where the dossier was opened, and only there"


# --- it is only added to ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET act = 'x' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 2",
        "INSERT INTO audit SELECT seq + 99, at, who, door, act, dossier, subject, detail, hash "
        "FROM audit WHERE seq = 2",
    ],
)
def test_the_database_takes_no_change_of_a_line(store: Store, sql: str) -> None:
    filled(store)
    with pytest.raises(sqlite3.IntegrityError, match="only added to"), store.transaction() as tx:
        tx.execute(sql)
    assert not list(auditlog.faults(store))


def forge(path: Path, *statements: str) -> None:
    """Change a database as somebody would who has its file and knows its guards."""
    with closing(sqlite3.connect(path)) as raw, raw:
        for name in ("never_changed", "never_removed", "only_behind"):
            raw.execute(f"DROP TRIGGER IF EXISTS audit_{name}")
        for sql in statements:
            raw.execute(sql)


@pytest.mark.parametrize(
    ("statements", "where"),
    [
        (("UPDATE audit SET who = 'clerk x' WHERE seq = 4",), "line 4: its words"),
        (("UPDATE audit SET at = '2020-01-01' WHERE seq = 4",), "line 4: its words"),
        (("UPDATE audit SET detail = 'no json' WHERE seq = 4",), "line 4: its words"),
        (("DELETE FROM audit WHERE seq = 4",), "line 5: it follows line 3"),
        (
            (
                "DELETE FROM audit WHERE seq = 4",
                "UPDATE audit SET seq = seq - 1 WHERE seq > 4",
            ),
            "line 4: its words",
        ),
        (
            ("UPDATE audit SET hash = iif(hash GLOB 'f*', '0', 'f') || substr(hash, 2) "
             "WHERE seq = 3",),
            "line 3: its words",
        ),
        (("DELETE FROM audit WHERE act = 'page.saved'",), "no line for page"),
        (("DELETE FROM audit",), "it is empty"),
        (
            ("INSERT INTO batch SELECT 'theirs', paper_id, device, profile, started_at, '', '', "
             "NULL, NULL, NULL, NULL, NULL FROM batch",),
            "no line for batch theirs",
        ),
    ],
)  # fmt: skip
def test_a_forged_record_is_found_out_and_said_where(
    store: Store, statements: Sequence[str], where: str
) -> None:
    filled(store)
    assert not list(auditlog.faults(store))
    forge(store.path, *statements)
    assert any(where in one for one in auditlog.faults(store)), list(auditlog.faults(store))


def test_a_record_cut_off_is_found_out_by_a_head_that_was_noted(store: Store) -> None:
    filled(store)
    with store.transaction() as tx:
        tx.execute("UPDATE page SET turn = 90")
    noted = auditlog.head(store)
    assert auditlog.head_in(str(noted)) == noted
    assert auditlog.holds(store, noted)
    forge(store.path, "DELETE FROM audit WHERE act = 'page.turned'")
    left = list(auditlog.faults(store))
    assert all("its guard" in one for one in left), "what is left is whole in itself"
    assert not auditlog.holds(store, noted)
    for wrong in ("", "1", "x:y", f"1:{'g' * 64}", f"٣:{'a' * 64}", f"-1:{'a' * 64}"):
        assert auditlog.head_in(wrong) is None


def test_a_line_hangs_on_every_line_before_it() -> None:
    first = Line(1, "", "", "", "", "", "", {}, "0" * 64, "")
    assert [one.seq for one in breaks([first])] == [1]


def test_the_tail_is_looked_at_alone(store: Store) -> None:
    filled(store, pages=20)
    assert auditlog.tail_broken(store, 5) == ""
    assert auditlog.tail_broken(store, 500) == ""
    last = auditlog.head(store).seq
    forge(store.path, f"UPDATE audit SET subject = 'x' WHERE seq = {last - 2}")  # noqa: S608
    assert auditlog.tail_broken(store, 5).startswith(f"line {last - 2}: its words")
    assert auditlog.tail_broken(store, 2) == ""


# --- reading ----------------------------------------------------------------------------------


def test_lines_are_read_newest_first_in_parts(store: Store) -> None:
    dossier = filled(store, pages=5)
    every = [line.seq for line in lines(store) if line.dossier == dossier][::-1]
    first = auditlog.newest(store, 3, dossier_id=dossier)
    assert [line.seq for line in first] == every[:3]
    rest = auditlog.newest(store, 99, dossier_id=dossier, below=first[-1].seq)
    assert [line.seq for line in rest] == every[3:]
    assert not list(breaks(first[::-1], first[-1].seq - 1, first[-1].before))
    assert auditlog.newest(store, 9, since="9999") == []


def test_a_dossiers_lines_are_found_by_the_index(store: Store) -> None:
    """A home of years has hundreds of thousands of lines."""
    for test in (
        auditlog.OF_DOSSIER,
        "dossier IN (SELECT value FROM json_each(?)) AND dossier <> ''",
    ):
        rows = store.rows(f"EXPLAIN QUERY PLAN SELECT * FROM audit WHERE {test}", "x")  # noqa: S608
        assert any("audit_dossier" in row["detail"] for row in rows), test


def test_a_page_is_followed_through_the_dossiers_it_was_in(store: Store) -> None:
    filled(store)
    page = str(store.rows("SELECT id FROM page LIMIT 1")[0][0])
    last = ""
    for number in range(2):
        with store.transaction() as tx:
            last = changes.add_dossier(tx, code=None)
            paper = changes.add_paper(tx, last, f"TP{number}", "")
            tx.execute("UPDATE page SET paper_id = ? WHERE id = ?", (paper, page))
    found = [line.act for line in auditlog.of_page(store, page, last, 99)]
    moved = [Act.PAGE_LEFT, Act.PAGE_MOVED]
    assert sorted(found[:2]) == moved
    assert sorted(found[2:4]) == moved
    assert found[4:] == [Act.PAGE_SAVED]
    forge(store.path, "UPDATE audit SET detail = 'no json' WHERE act = 'page.moved'")
    kept = [line.act for line in auditlog.of_page(store, page, last, 99)]
    assert kept == [Act.PAGE_MOVED], "a forged line leads nowhere, and hides none that is there"
