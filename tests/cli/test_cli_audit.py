"""``audit``: told, exported, checked without a home; ``verify`` says where it breaks."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from commandline import CODE, CommandLine

from digitizer.sandbox.server import Address

LAN = "Nguyễn Thị Lan"


def test_who_did_what_is_told_exported_and_checked(command: CommandLine, tmp_path: Path) -> None:
    command.ok("clerk", "add", LAN)
    command.ok("dossier", "close", CODE)
    told = command.ok("audit", "list", "--dossier", CODE).value
    assert told[0]["act"] == "dossier.opened"
    closed = told[-1]
    assert (closed["act"], closed["name"], closed["door"]) == (
        "dossier.finished",
        LAN,
        "command dossier close",
    )
    assert LAN not in json.dumps(closed["who"])
    assert command.ok("audit", "list", "--since", "2999-01-01").value == []
    assert len(command.ok("audit", "list", "--most", "1").value) == 1
    plain = command.run("audit", "list", "--dossier", CODE, as_json=False)
    assert LAN in plain.out.splitlines()[-1]
    assert "dossier.finished" in plain.out.splitlines()[-1]

    file = tmp_path / "record.jsonl"
    head = command.ok("audit", "export", str(file)).value["head"]
    found = command.ok("audit", "head").value
    assert head == f"{found['seq']}:{found['hash']}"
    command.ok("dossier", "new", "--local")
    assert command.ok("audit", "check", str(file), "--here").value["problems"] == []
    assert command.ok("audit", "check", str(file), "--head", head).value["head"] == head

    shutil.rmtree(command.home)
    assert command.ok("audit", "check", str(file)).value["lines"] == found["seq"]
    assert not command.home.exists(), "checking needs no home, and makes none"
    file.write_text(file.read_text("ascii").replace(CODE, CODE[:-1] + "9"), "ascii")
    forged = command.run("audit", "check", str(file))
    assert forged.code == 3
    assert "line 2: its words" in forged.value["problems"][0]
    assert "line 2" in forged.trouble


def test_verify_says_where_the_record_breaks(command: CommandLine) -> None:
    assert command.ok("verify").value["problems"] == []
    with closing(sqlite3.connect(command.home / "digitizer.db")) as raw, raw:
        raw.execute("DROP TRIGGER audit_never_changed")
        raw.execute("UPDATE audit SET who = 'clerk somebody-else' WHERE seq = 2")
    found = command.run("verify")
    assert found.code == 3
    guard, problem = found.value["problems"]
    assert guard == {
        "kind": "audit",
        "subject": "its guard audit_never_changed is missing, or another",
    }
    assert problem["kind"] == "audit"
    assert problem["subject"].startswith("line 2:")


def test_a_deleted_page_is_told_and_keeps_its_dossier_here(
    worked: CommandLine, server: Address
) -> None:
    worked.point(server)
    assert worked.ok("verify").value["problems"] == []
    with closing(sqlite3.connect(worked.home / "digitizer.db")) as raw, raw:
        raw.execute("DELETE FROM page WHERE batch_seq = 2")
    found = worked.run("verify")
    assert found.code == 3
    (problem,) = [one for one in found.value["problems"] if one["kind"] == "audit"]
    assert "no such page" in problem["subject"]
    assert CODE not in problem["subject"]
    worked.ok("work", "--until-idle")
    sent = worked.run("sync", "--once").value
    assert sent["sent"] == 0
    assert [one["error"] for one in sent["errors"]] == ["record-contradicts"]


def test_what_makes_no_sense_is_refused_with_words(command: CommandLine, tmp_path: Path) -> None:
    assert command.run("audit", "list", "--since", "yesterday").code == 2
    assert command.run("audit", "list", "--dossier", "H00.00.00-260101-0001").code == 3
    assert command.run("audit", "check", str(tmp_path / "none")).code == 3
    folder = command.run("audit", "check", str(tmp_path))
    assert (folder.code, "audit export" in folder.trouble) == (3, True)
    unwritable = command.run("audit", "export", str(tmp_path / "none" / "record.jsonl"))
    assert (unwritable.code, "the output file" in unwritable.trouble) == (3, True)
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    assert command.run("audit", "check", str(empty), "--head", "1:x").code == 2
    unheld = command.run("audit", "check", str(empty), "--head", f"1:{'a' * 64}")
    assert (unheld.code, len(unheld.value["problems"])) == (3, 2)


def test_what_the_program_does_by_itself_is_put_on_nobody(worked: CommandLine) -> None:
    told = worked.ok("audit", "list", "--most", "9999").value
    doors = {(one["act"], one["door"], one["who"].partition(" ")[0]) for one in told}
    assert ("dossier.opened", "server", "program") in doors
    assert ("page.saved", "command import", "user") in doors
    assert ("paper.bundled", "lane", "program") in doors
