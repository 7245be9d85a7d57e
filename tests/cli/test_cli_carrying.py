"""``export``, ``receive`` and what ``server set`` wants to know, as scripts call them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from commandline import CODE, CommandLine, environment

from digitizer.sandbox.server import Address


@pytest.fixture
def other(tmp_path: Path, sane: Path) -> CommandLine:
    """Another desk."""
    return CommandLine(tmp_path / "other", environment(tmp_path / "tmp", sane))


def test_from_one_desk_to_another(worked: CommandLine, other: CommandLine, tmp_path: Path) -> None:
    stick = tmp_path / "USB của xã"
    stick.mkdir()
    (done,) = worked.ok("export", stick).value
    assert done == {"dossier": CODE, "papers": 1, "unready": 0, "error": None}
    assert worked.ok("export", stick, CODE).value == [done]

    taken = other.ok("receive", stick).value
    assert (taken["taken"], taken["here"], taken["conflict"], taken["refused"]) == (1, 0, 0, 0)
    (file,) = taken["files"]
    assert (file["dossier"], file["paper"], file["outcome"]) == (CODE, "TP01", "taken")
    assert other.ok("receive", stick).value["here"] == 1
    assert other.ok("work", "--until-idle").value["failed"] == 0
    mine, theirs = other.papers()["TP01"], worked.papers()["TP01"]
    assert mine["bundle"]["sha256"] == theirs["bundle"]["sha256"]
    assert len(mine["pages"]) == 2
    other.sound()

    found = next((stick / CODE).glob("*.pdf"))
    found.write_bytes(found.read_bytes()[:-30])
    shutil.rmtree(other.home)
    done_badly = other.run("receive", stick)
    assert done_badly.code == 5
    assert done_badly.value["files"][0]["error"] == "parcel-wrong"


def test_what_cannot_be_carried(command: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for args, code, words in (
        (("receive", tmp_path / "empty"), 3, "no exported dossier"),
        (("receive", tmp_path / "nowhere"), 3, "cannot be read"),
        (("export", tmp_path / "nowhere"), 3, "cannot be written"),
        (("export", tmp_path / "empty", "000.00.20.H02-261122-9999"), 3, "no such dossier"),
    ):
        done = command.run(*args)
        assert (done.code, words in done.err) == (code, True), done
    assert command.ok("export", tmp_path / "empty").value == []


@pytest.mark.parametrize(
    ("args", "said", "code", "words"),
    [
        (("--kind", "opencps", "--url", "https://a.example", "--user", "u"), "p", 3, "the group"),
        (("--kind", "folder", "--url", "/var/empty", "--auth", "session"), "", 2, "--auth"),
        (("--kind", "opencps", "--url", "https://a.example", "--sso", "x"), "", 2, "--sso"),
        (("--kind", "igate", "--url", "https://a.example", "--user", "u", "--sso", "http://s.example"),
         "p", 3, "in clear"),
    ],
)  # fmt: skip
def test_an_account_that_is_not_enough(
    command: CommandLine, args: tuple[str, ...], said: str, code: int, words: str
) -> None:
    done = command.run("server", "set", *args, said=f"{said}\n")
    assert (done.code, words in done.err) == (code, True), done
    assert command.ok("server", "show").value is None


def test_an_account_of_the_office_may_be_wanting_until_one_signs_in(command: CommandLine) -> None:
    """Each clerk may have one of their own instead."""
    known = ("--url", "https://a.example")
    for args in (("--kind", "opencps", *known, "--group", "1"), ("--kind", "igate", *known)):
        assert command.ok("server", "set", *args).value["user"] == ""
        done = command.run("sync", "--once")
        assert (done.code, "the user" in done.err) == (3, True), done


def test_by_session_and_by_igate(worked: CommandLine, server: Address) -> None:
    said = f"{server.password}\n"
    where = ("--url", server.url, "--user", server.user)
    worked.ok(
        "server", "set", "--kind", "opencps", *where, "--group", server.group,
        "--auth", "session", said=said,
    )  # fmt: skip
    assert worked.ok("server", "show").value["auth"] == "session"
    assert worked.ok("sync", "--once").value["sent"] == 1

    host = server.url.partition("/o/")[0]
    worked.ok("server", "set", "--kind", "igate", "--url", host, "--user", server.user, said=said)
    done = worked.run("sync", "--once")
    assert done.code == 3
    assert "export" in done.err
    assert [row["error"] for row in done.value["errors"]] == ["not-supported"]
    assert done.value["left"] == 1

    assert worked.ok("server", "marks").value == {"marks": "on"}
    assert worked.ok("server", "marks", "off").value == {"marks": "off"}
