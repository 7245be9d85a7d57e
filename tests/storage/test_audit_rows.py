"""The record held against the rows: what was deleted or changed with another program is told, what
the program itself changed is not. Nothing of such a dossier leaves: ``tests/work/
test_deleted_rows.py``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from digitizer.chain import Act
from digitizer.storage import auditheld, auditlog, changes, clerks, secrecy
from digitizer.storage.audited import TABLES
from digitizer.storage.store import Store

CODE = "000.00.20.H02-261122-0007"
ELSEWHERE = "000.00.20.H02-261122-0008"
MAT = """INSERT INTO secrecy_mark VALUES ('{page}', 'mat', 'stamp', 'MẬT', 1.0, '', {look}, '')"""
ROWS = (
    "UPDATE page SET turn = 180, crop = '1,1,2,2', separator = 1, kept = 1, seen = 1 "
    "WHERE batch_seq = 1",
    "INSERT INTO bundle VALUES ('{paper}', 'f1', 'b1', 1, 1, '')",
    "INSERT INTO sending (paper_id, sha256, server) VALUES ('{paper}', 'b1', 's')",
    "INSERT INTO receipt (paper_id, fingerprint, sha256, server, ref, at) "
    "VALUES ('{paper}', 'f1', 'b1', 's', '', '')",
    "INSERT INTO signed_version (paper_id, bundle, sha256, bytes, look, signer, certificate, "
    "timestamped, long_term, at) VALUES ('{paper}', 'b1', 'v1', 1, 'personal', '', '', 0, 0, '')",
    MAT.replace("{page}", "{first}").replace("{look}", "1"),
    "INSERT INTO secrecy_decision (sha256, dossier_id, secret, levels, at) "
    "VALUES ('{first}', '{dossier}', 0, 'mat', '')",
    "INSERT INTO conflict (paper_id, kind, server, ours, found_at) "
    "VALUES ('{paper}', 'changed', 's', 'b1', '')",
    "INSERT INTO decision (conflict_id, choice, at) SELECT id, 'mine', '' FROM conflict",
    "INSERT INTO original (batch_id, first, pages, sha256) VALUES ('lot', 1, 2, 'o1')",
    "INSERT INTO way (paper_id, withheld_at) VALUES ('{paper}', '')",
    "INSERT INTO reuse VALUES ('{paper}', 'KQ', '', '')",
    "INSERT INTO mark VALUES ('{dossier}', 'TP01', 's', 1, '')",
    "INSERT INTO kept (dossier_id, at) VALUES ('{dossier}', '')",
    "INSERT INTO stack (id, opened_at) VALUES ('pile', '')",
    "INSERT INTO web_scan (paper_id, origin, asked_at) VALUES ('{paper}', 'https://x', '')",
    "INSERT INTO consent (origin, answer, said_by, said_at) "
    "VALUES ('https://x', 'allowed', '', '')",
)
"""A row of each table that lines are held against."""
LAWFUL = (
    "UPDATE page SET turn = 90, crop = '', separator = 0, kept = 0, seen = 0",
    "UPDATE page SET turn = 0, seen = 1",
    "UPDATE page SET turn = 90, crop = '2,2,3,3' WHERE batch_seq = 1",
    "UPDATE page SET paper_id = '{other}' WHERE batch_seq = 2",
    "UPDATE page SET deleted_at = 'x' WHERE batch_seq = 2",
    "UPDATE page SET paper_id = '{paper}' WHERE batch_seq = 2",
    "UPDATE page SET deleted_at = NULL WHERE batch_seq = 2",
    "UPDATE page SET deleted_at = 'x' WHERE batch_seq = 2",
    "INSERT OR REPLACE INTO bundle VALUES ('{paper}', 'f1', 'b2', 1, 1, '')",
    "INSERT OR REPLACE INTO receipt (paper_id, fingerprint, sha256, server, ref, at) "
    "VALUES ('{paper}', 'f1', 'b2', 's', '', '')",
    "DELETE FROM receipt",
    "UPDATE signed_version SET withdrawn_at = 'x'",
    "DELETE FROM secrecy_mark",
    MAT.replace("{page}", "{first}").replace("{look}", "2"),
    "DELETE FROM secrecy_mark",
    "UPDATE way SET withheld_at = NULL",
    "DELETE FROM reuse",
    "INSERT OR REPLACE INTO mark VALUES ('{dossier}', 'TP01', 's', 2, '')",
    "DELETE FROM kept",
    "UPDATE dossier SET code = NULL, local_number = 77 WHERE id = '{dossier}'",
    "UPDATE dossier SET code = '000.00.20.H02-261122-0009' WHERE id = '{dossier}'",
    "INSERT INTO removal (dossier_id, why, asked_at, due_at) VALUES ('{dossier}', 'sent', '', '')",
    "UPDATE removal SET taken_back_at = 'x'",
    "INSERT INTO removal (dossier_id, why, asked_at, due_at) "
    "VALUES ('{dossier}', 'discarded', '', 'x')",
    "UPDATE dossier SET removed_at = 'x' WHERE id = '{dossier}'",
    "INSERT INTO removed (removal_id, kind, sha256, bytes, noted_at) "
    "VALUES (2, 'page', 'a', 1, ''), (2, 'page', 'b', 1, '')",
    "UPDATE removal SET begun_at = 'x' WHERE id = 2",
    "UPDATE removed SET gone_at = 'x', shared = 1",
    "UPDATE removal SET done_at = 'x' WHERE id = 2",
)
"""What the program may come to do with them."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open_for_writing(tmp_path / "digitizer.db", tmp_path, "window")
    yield opened
    opened.close()


def do(store: Store, names: dict[str, str], *statements: str) -> None:
    """Change facts through the store, which records it."""
    for sql in statements:
        with store.transaction() as tx:
            tx.execute(sql.format(**names))


def intrude(store: Store, *statements: str) -> None:
    """Change them with another program."""
    with closing(sqlite3.connect(store.path)) as raw, raw:
        for sql in statements:
            raw.execute(sql)


@pytest.fixture
def names(store: Store) -> dict[str, str]:
    """A home with a row of everything; its ids."""
    with store.transaction() as tx:
        clerks.put(tx, "Nguyễn Thị Lan", "lan")
        dossier = changes.add_dossier(tx, code=CODE)
        paper = changes.add_paper(tx, dossier, "TP01", "")
        other = changes.add_paper(tx, changes.add_dossier(tx, code=ELSEWHERE), "TP01", "")
        changes.start_batch(tx, "lot", paper, "glass", "{}")
        for seq in (1, 2):
            changes.add_page(tx, "lot", seq, sha256=f"{seq:064x}", size=3, suffix=".jpg")
    found = {"dossier": dossier, "paper": paper, "other": other, "first": f"{1:064x}", "code": CODE}
    do(store, found, *ROWS)
    assert list(auditlog.faults(store)) == []
    return found


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("DELETE FROM page WHERE batch_seq = 2", "no such page"),
        ("UPDATE page SET sha256 = '{first}' WHERE batch_seq = 2", "with another image"),
        ("UPDATE page SET paper_id = '{other}' WHERE batch_seq = 2", "not in that paper"),
        ("UPDATE page SET deleted_at = 'x'", "not there, or deleted"),
        ("UPDATE batch SET id = 'x'", "no such scan"),
        ("UPDATE page SET turn = 90 WHERE batch_seq = 1", "turned otherwise"),
        ("UPDATE page SET crop = '' WHERE batch_seq = 1", "cropped otherwise"),
        ("UPDATE page SET separator = 0", "a separator, or none"),
        ("UPDATE page SET kept = 0", "kept, or not"),
        ("UPDATE page SET seen = 0", "seen, or not"),
        ("UPDATE signed_version SET certificate = '0'", "signed otherwise"),
        ("UPDATE signed_version SET look = 'copy'", "signed otherwise"),
        ("UPDATE conflict SET kind = 'other'", "no such conflict"),
        ("DELETE FROM bundle", "no such bundle"),
        ("UPDATE bundle SET sha256 = 'x'", "no such bundle"),
        ("DELETE FROM sending", "no such sending"),
        ("DELETE FROM receipt", "no such receipt"),
        ("UPDATE receipt SET sha256 = 'x'", "no such receipt"),
        ("DELETE FROM signed_version", "no such signed version"),
        ("UPDATE signed_version SET withdrawn_at = 'x'", "is withdrawn"),
        ("DELETE FROM secrecy_mark", "bears no such marking"),
        ("UPDATE secrecy_mark SET level = 'unknown'", "bears no such marking"),
        ("DELETE FROM secrecy_decision", "no such decision about the image"),
        ("UPDATE secrecy_decision SET secret = 1", "no such decision about the image"),
        ("DELETE FROM conflict", "no such conflict"),
        ("DELETE FROM decision", "no such decision"),
        ("DELETE FROM original", "no such original"),
        ("DELETE FROM way", "not held back"),
        ("UPDATE way SET withheld_at = NULL", "not held back"),
        ("DELETE FROM reuse", "not reused"),
        ("DELETE FROM mark", "no such count"),
        ("DELETE FROM kept", "not kept"),
        ("DELETE FROM stack", "no such stack"),
        ("DELETE FROM web_scan", "for a web page"),
        ("UPDATE consent SET answer = 'refused'", "answer to a web page"),
        ("DELETE FROM clerk", "no such clerk"),
        ("DELETE FROM dossier WHERE id <> '{dossier}'", "no such dossier"),
        ("UPDATE dossier SET code = 'x' WHERE id = '{dossier}'", "with another code"),
        ("DELETE FROM paper WHERE id = '{other}'", "no such paper"),
        ("UPDATE paper SET dossier_id = 'x' WHERE id = '{paper}'", "no such paper"),
    ],
)
def test_a_row_that_went_without_a_line_is_told(
    store: Store, names: dict[str, str], sql: str, told: str
) -> None:
    intrude(store, sql.format(**names))
    found = list(auditheld.missing(store))
    assert any(told in one for one in found), found
    assert all(one.startswith("line ") for one in found)
    assert not any(CODE in one or ELSEWHERE in one or "Lan" in one for one in found)


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (("DROP TRIGGER audit_never_changed",), ["audit_never_changed"]),
        (
            (
                "DROP TRIGGER audit_never_removed",
                "DROP TRIGGER audit_only_behind",
                "CREATE TRIGGER audit_only_behind BEFORE INSERT ON audit BEGIN SELECT 1; END",
            ),
            ["audit_never_removed", "audit_only_behind"],
        ),
    ],
)
def test_a_guard_of_the_record_that_was_taken_away_is_told(
    store: Store, names: dict[str, str], statements: tuple[str, ...], named: list[str]
) -> None:
    assert names
    intrude(store, *statements)
    found = list(auditlog.faults(store))
    assert found == [f"its guard {name} is missing, or another" for name in named]


def test_what_the_program_changes_itself_is_not_missed(store: Store, names: dict[str, str]) -> None:
    for sql in LAWFUL:
        do(store, names, sql)
        assert list(auditlog.faults(store)) == [], sql


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE page SET deleted_at = NULL", "the page is not deleted"),
        ("UPDATE page SET paper_id = '{other}' WHERE batch_seq = 2", "not in that paper"),
        ("UPDATE signed_version SET withdrawn_at = NULL", "not withdrawn"),
        ("UPDATE dossier SET code = '{code}' WHERE id = '{dossier}'", "another code"),
        ("UPDATE page SET turn = 180 WHERE batch_seq = 1", "turned otherwise"),
        ("UPDATE dossier SET removed_at = NULL", "not removed"),
        ("DELETE FROM removal WHERE id = 1", "no such removal"),
        ("DELETE FROM removal WHERE id = 1", "taken back"),
        ("DELETE FROM removal WHERE id = 2", "no removal that has begun"),
        ("UPDATE removal SET why = 'sent'", "no such removal"),
        ("UPDATE removal SET begun_at = NULL", "no removal that has begun"),
        ("DELETE FROM removed", "not as many"),
        ("DELETE FROM removed WHERE sha256 = 'a'", "not as many"),
    ],
)
def test_nor_does_an_old_state_come_back_unnoticed(
    store: Store, names: dict[str, str], sql: str, told: str
) -> None:
    do(store, names, *LAWFUL)
    intrude(store, sql.format(**names))
    found = list(auditheld.missing(store))
    assert any(told in one for one in found), found


def test_a_paper_that_took_over_its_id_at_another_desk_is_the_same(
    store: Store, names: dict[str, str]
) -> None:
    with store.transaction() as tx:
        fresh = changes.add_paper(tx, names["dossier"], "TP02", "")
    do(store, {"new": "theirs", "old": fresh}, "UPDATE paper SET id = '{new}' WHERE id = '{old}'")
    assert list(auditlog.faults(store)) == []
    intrude(store, "UPDATE paper SET id = 'x' WHERE id = 'theirs'")
    assert any("paper.added theirs" in one for one in auditheld.missing(store))


def test_a_removal_of_an_older_version_says_no_level_and_counts(
    store: Store, names: dict[str, str]
) -> None:
    with store.transaction() as tx:
        secrecy.put_marks(tx, names["first"], [], looked=99)
    removed = [line for line in auditlog.every(store) if line.act == Act.ROW_REMOVED]
    assert [line.detail for line in removed] == [{"level": "mat", "table": "secrecy_mark"}]
    with closing(sqlite3.connect(store.path)) as raw, raw:
        raw.execute("DROP TRIGGER audit_never_changed")
        raw.execute("""UPDATE audit SET detail = '{"table":"secrecy_mark"}' WHERE seq = ?""",
                    (removed[0].seq,))  # fmt: skip
    assert list(auditheld.missing(store)) == []


def test_a_removal_of_an_older_version_says_no_number_of_files(
    store: Store, names: dict[str, str]
) -> None:
    do(store, names, *LAWFUL)
    with closing(sqlite3.connect(store.path)) as raw, raw:
        raw.execute("DROP TRIGGER audit_never_changed")
        raw.execute("""UPDATE audit SET detail = '{"why":"discarded"}'
            WHERE act = 'copies.removed'""")
        raw.execute("DELETE FROM removed")
    assert list(auditheld.missing(store)) == []


def test_a_home_from_before_the_record_misses_nothing(store: Store, names: dict[str, str]) -> None:
    intrude(
        store,
        "DROP TRIGGER audit_never_removed",
        "DELETE FROM audit WHERE seq > 1",
        "DELETE FROM page",
    )
    assert names
    assert list(auditheld.missing(store)) == []


def test_every_kind_of_row_that_lines_say_came_is_held_against_them(store: Store) -> None:
    """A new table of facts is held too, or named here with a reason."""
    held = {one.act for one in auditheld.HELD}
    not_held = {
        "creation": "on its way: gone when the server has begun the dossier",
        "question": "forgotten with the file it was about",
        "profile": "replaced at will",
        "setting": "replaced at will",
    }
    for name, table in TABLES.items():
        acts = {rule.act for rule in table.rules if "INSERT" in rule.event}
        assert acts & held or name in not_held, name


def test_no_line_costs_a_walk_through_a_table(store: Store) -> None:
    """Each is looked up by a key, or in a list that is made once; what a later line says, among
    its dossier's first."""
    asked: list[str] = []
    store.reader.set_trace_callback(asked.append)
    list(auditheld.missing(store))
    store.reader.set_trace_callback(None)
    rows = store.rows(f"EXPLAIN QUERY PLAN {asked[-1]}")
    once = {row["id"] for row in rows if row["detail"].startswith("LIST SUBQUERY")}
    walked = {
        row["detail"]
        for row in rows
        if row["detail"].startswith("SCAN") and row["parent"] not in once
    }
    assert walked == {"SCAN said"}
