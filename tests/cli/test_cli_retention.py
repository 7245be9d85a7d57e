"""``retention``, ``space`` and what other commands say of copies that were removed."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commandline import CODE, CommandLine

from digitizer.sandbox.meddling import Meddling
from digitizer.sandbox.server import Address

SECRET = "000.00.20.H02-261122-0666"


@pytest.fixture
def there(tmp_path: Path, server: Address) -> Meddling:
    """The hand that meddles at the server."""
    return Meddling(tmp_path / "server")


@pytest.fixture
def sent(worked: CommandLine, server: Address, there: Meddling) -> CommandLine:
    """A home whose dossier is sent, done with, and closed at the server."""
    worked.point(server)
    assert worked.ok("sync", "--once").value["sent"] == 1
    worked.ok("dossier", "close", CODE)
    there.stand(CODE, "done")
    worked.ok("sync", "--once")
    return worked


def age(command: CommandLine, days: int) -> None:
    """Let everything have happened so many days ago."""
    moment = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="microseconds")
    with (
        contextlib.closing(sqlite3.connect(command.home / "digitizer.db")) as db,
        db,
    ):
        db.execute("UPDATE receipt SET at = ?", (moment,))
        db.execute("UPDATE dossier SET finished_at = ? WHERE finished_at IS NOT NULL", (moment,))
        names = ("retention.since", "retention.changed")
        db.execute(f"UPDATE setting SET value = ? WHERE name IN {names}", (moment,))  # noqa: S608


def blobs(command: CommandLine) -> set[str]:
    return {path.name for path in command.home.glob("vault/??/*")}


def test_copies_go_by_themselves_on_the_next_sync_and_every_command_says_so(
    sent: CommandLine,
) -> None:
    told = sent.ok("retention", "run", "--dry-run").value
    assert (told["dossiers"], told["of"][0]["why_not"]) == (0, "young")
    age(sent, 31)
    told = sent.ok("retention", "run", "--dry-run").value
    assert (told["dossiers"], told["of"][0]["dossier"]) == (1, CODE)
    before = blobs(sent)
    assert before
    receipt = sent.papers()["TP01"]["receipt"]
    sent.ok("sync", "--once")
    assert blobs(sent) == set()
    shown = sent.ok("dossier", "show", CODE).value
    paper = next(one for one in shown["papers"] if one["part"] == "TP01")
    assert shown["removed_at"] and paper["removed_at"]
    assert (paper["state"], paper["receipt"], len(paper["pages"])) == ("sent", receipt, 2)
    assert shown["holder"] == "" and shown["digitized"] is False
    listed = next(one for one in sent.ok("dossier", "list").value if one["code"] == CODE)
    assert listed["removed_at"] == shown["removed_at"]
    assert "removed" in sent.run("dossier", "show", CODE, as_json=False).out
    log = sent.ok("retention", "log").value
    assert {one["sha256"] for one in log["files"]} == before
    assert [(one["dossier"], one["why"], one["files"]) for one in log["removals"]] == [
        (CODE, "sent", len(before))
    ]
    assert sent.ok("retention", "log", SECRET).value == {"removals": [], "files": []}
    assert sent.ok("status").value["removed"] == 1
    assert sent.ok("sync", "--once").value["sent"] == 0
    sent.sound()


def test_days_are_those_of_the_clerk_and_not_of_utc(command: CommandLine) -> None:
    """In the morning here it is still yesterday there."""
    with contextlib.closing(sqlite3.connect(command.home / "digitizer.db")) as db, db:
        db.execute("UPDATE dossier SET removed_at = '2026-11-25T23:30:00.000000+00:00'")
        db.execute(
            "INSERT INTO removal (dossier_id, why, asked_at, due_at, begun_at) "
            "SELECT id, 'sent', removed_at, removed_at, removed_at FROM dossier"
        )
    here = command.with_env(TZ="Asia/Ho_Chi_Minh").anew()
    shown = here.run("dossier", "show", CODE, as_json=False)
    assert "copies here were removed on 2026-11-26" in shown.out
    assert here.run("retention", "log", as_json=False).out.startswith(f"2026-11-26  {CODE}")


def test_run_says_what_it_did_and_what_the_server_would_not_give_back(
    sent: CommandLine, there: Meddling
) -> None:
    age(sent, 31)
    (key,) = there.keys(CODE)
    there.change(CODE, key, b"%PDF of the office")
    done = sent.run("retention", "run")
    assert (done.code, done.value["dossiers"], done.value["unproven"]) == (3, 0, 1)
    assert blobs(sent)
    sent.sound()
    done = sent.run("retention", "run")
    assert (done.code, done.value["dossiers"], done.value["unproven"]) == (0, 0, 0)


def test_days_are_set_and_shown_and_copies_can_be_kept(sent: CommandLine) -> None:
    assert sent.ok("retention", "show").value["days"] == 30
    assert sent.ok("retention", "set", "90").value["days"] == 90
    assert sent.ok("retention", "off").value["days"] is None
    assert sent.run("retention", "set", "0").code == 2
    assert sent.ok("retention", "set", "7").value["days"] == 7
    sent.ok("retention", "keep", CODE)
    assert sent.ok("retention", "show").value["kept"] == [CODE]
    age(sent, 31)
    assert sent.ok("retention", "run").value["dossiers"] == 0
    sent.ok("retention", "keep", CODE, "--off")
    assert sent.ok("retention", "run").value["dossiers"] == 1
    assert sent.run("retention", "keep", CODE).code == 3


def test_from_when_another_number_of_days_holds_is_said(sent: CommandLine) -> None:
    shown = sent.run("retention", "set", "1", as_json=False).out
    changed = datetime.fromisoformat(sent.ok("retention", "show").value["changed"])
    begins = (changed + timedelta(days=1)).astimezone(UTC).isoformat(timespec="minutes")
    told = f"copies go 1 day after the last receipt, none before {begins}; "
    assert shown.startswith(told)
    assert sent.run("retention", "show", as_json=False).out.startswith(told)
    age(sent, 2)
    shown = sent.run("retention", "show", as_json=False).out
    assert shown.startswith("copies go 1 day after the last receipt; ")
    with contextlib.closing(sqlite3.connect(sent.home / "digitizer.db")) as db, db:
        db.execute("UPDATE setting SET value = '2' WHERE name = 'retention.days'")  # by a file
    shown = sent.run("retention", "show", as_json=False).out
    assert shown.startswith("copies go 2 days after the last receipt, none before a day after")


def test_a_dossier_is_hard_to_remove_by_mistake_and_waits_a_day(command: CommandLine) -> None:
    command.ok("dossier", "new", "--code", SECRET, "--holder", "Lê Mật")
    assert command.run("retention", "remove", SECRET).code == 3
    assert command.run("retention", "remove", SECRET, "--reason", "why").code == 3
    for wrong in (
        ("--confirm", SECRET),
        ("--confirm", CODE, "--reason", "why"),
        ("--reason", "why", "--now"),
    ):
        assert command.run("retention", "remove", SECRET, *wrong).code == 3
    assert command.ok("retention", "show").value["asked"] == []


@pytest.fixture
def secret(command: CommandLine, paper: Path) -> Callable[[], CommandLine]:
    def made() -> CommandLine:
        command.ok("dossier", "new", "--code", SECRET, "--holder", "Lê Mật")
        command.ok("import", paper / "1.jpg", "--dossier", SECRET, "--paper", "TP01")
        return command

    return made


def test_one_that_never_was_sent_is_removed_with_a_reason_after_a_day_or_at_once(
    secret: Callable[[], CommandLine],
) -> None:
    command = secret()
    words = ("retention", "remove", SECRET, "--confirm", SECRET, "--reason", "bí mật nhà nước")
    refused = command.run(*words[:3])
    assert "1 paper, 1 page, 1 paper of them never confirmed" in refused.err
    asked = command.ok(*words).value
    assert asked["begun_at"] is None
    assert command.ok("retention", "show").value["asked"][0]["reason"] == "bí mật nhà nước"
    command.ok("work", "--until-idle")
    assert blobs(command), "its day has not passed"
    command.ok("retention", "keep", SECRET)
    assert command.ok("retention", "show").value["asked"] == []
    done = command.ok(*words, "--now").value
    assert done["done_at"] and done["why"] == "discarded"
    assert blobs(command) == set()
    shown = command.ok("dossier", "show", SECRET).value
    assert shown["removed_at"] and shown["holder"] == ""
    assert all(page["deleted"] for one in shown["papers"] for page in one["pages"])
    assert command.run(*words).code == 3, "there is nothing left"
    assert "Lê Mật" not in (command.home / "digitizer.db").read_bytes().decode("latin-1")
    command.sound()


def test_space_tells_what_is_free_taken_and_freed(sent: CommandLine) -> None:
    found = sent.ok("space").value
    assert found["level"] in ("fine", "soon", "low", "full")
    assert found["images"] > 0 and found["bundles"] > 0
    assert found["free"] <= found["total"]
    assert found["frees"][0]["dossiers"] == 1
    status = sent.ok("status").value
    assert status["disk"]["images"] == found["images"]
    assert status["free_disk"] > 0
    assert "pages" in sent.run("space", as_json=False).out


def test_a_scan_that_is_longer_than_the_disk_has_room_for_is_warned_of_and_goes_on(
    worked: CommandLine,
) -> None:
    with contextlib.closing(sqlite3.connect(worked.home / "digitizer.db")) as db, db:
        db.execute("UPDATE page SET bytes = 1e14")
    scan = ("scan", "--device", "test:0", "--dossier", CODE, "--pages", "1")
    done = worked.ok(*scan)
    assert done.lines[0] == {"event": "room", "pages": 0}
    assert [line["event"] for line in done.lines] == ["room", "page", "end"]
    assert "room for about 0 pages" in worked.run(*scan, as_json=False).err


def test_an_image_that_comes_again_after_its_copies_were_removed_is_read_like_a_new_one(
    sent: CommandLine, tmp_path: Path
) -> None:
    again = []
    for number, image in enumerate(sent.hashes("TP01")):
        again.append(tmp_path / f"{number}.jpg")
        again[-1].write_bytes((sent.home / "vault" / image[:2] / image).read_bytes())
    assert again
    receipt = sent.papers()["TP01"]["receipt"]["sha256"]
    age(sent, 31)
    sent.ok("sync", "--once")
    assert blobs(sent) == set()
    sent.ok("dossier", "new", "--code", SECRET)
    sent.ok("import", *again, "--dossier", SECRET, "--paper", "TP01")
    done = sent.ok("work", "--until-idle").value
    assert (done["failed"], done["left"]) == (0, 0)
    assert sent.papers(SECRET)["TP01"]["bundle"]
    assert sent.papers()["TP01"]["receipt"]["sha256"] == receipt
    sent.sound()


def test_files_that_another_dossier_needs_are_marked_in_the_text_too(
    secret: Callable[[], CommandLine], paper: Path
) -> None:
    command = secret()
    command.ok("import", paper / "2.jpg", "--dossier", SECRET, "--paper", "TP01")
    command.ok("import", paper / "1.jpg", "--dossier", CODE, "--paper", "TP01")
    shared, own = command.hashes("TP01", SECRET)
    words = ("retention", "remove", SECRET, "--confirm", SECRET, "--reason", "why", "--now")
    assert command.ok(*words).value["files"] == 1
    lines = command.run("retention", "log", "--files", as_json=False).out.splitlines()
    assert f"{own}  page  {SECRET}" in lines
    assert f"{shared}  page  {SECRET}  shared, stayed here" in lines
