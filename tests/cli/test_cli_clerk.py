"""``clerk``, and what ``sync`` and ``dossier show`` tell of who."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import CODE, CommandLine

from digitizer.sandbox.accounts import Accounts
from digitizer.sandbox.faults import Faults
from digitizer.sandbox.server import Address, Sandbox

LAN = "Nguyễn Thị Lan"


@pytest.fixture
def accounts() -> Accounts:
    found = Accounts()
    found.set("lan", "của Lan")
    return found


@pytest.fixture
def there(tmp_path: Path, accounts: Accounts) -> Iterator[Address]:
    with Sandbox(tmp_path / "server", Faults(), accounts=accounts) as address:
        yield address


def test_a_clerks_paper_waits_for_their_password_and_goes_in_their_name(
    worked: CommandLine, there: Address, accounts: Accounts
) -> None:
    worked.point(there)
    assert worked.ok("clerk", "list").value == []
    lan = {"name": LAN, "account": "lan", "at_desk": True}
    assert worked.ok("clerk", "add", LAN, "--account", "lan", said="sai\n").value == lan
    worked.ok("dossier", "close", CODE)
    done = worked.run("sync", "--once")
    assert (done.code, done.value["sent"], done.value["left"]) == (3, 0, 1)
    assert {(one["error"], one["clerk"]) for one in done.value["errors"]} == {
        ("clerk-refused", LAN)
    }
    assert done.trouble.startswith(f"digitizer: {LAN}: ")
    assert "clerk password" in done.trouble
    assert "more)" not in done.trouble, "one account, however many papers wait for it"
    worked.ok("clerk", "password", LAN, said="của Lan\n")
    assert worked.ok("sync", "--once").value["sent"] == 1
    assert accounts.uploaders() == ["lan"]
    shown = worked.ok("dossier", "show", CODE).value
    assert shown["closed_by"] == LAN
    (first,) = (one for one in shown["papers"] if one["part"] == "TP01")
    assert (first["receipt"]["by"], first["receipt"]["account"]) == (LAN, "lan")
    assert [page["by"] for page in first["pages"]] == [None, None], "scanned before"
    log = "".join(file.read_text() for file in (worked.home / "log").iterdir())
    assert "Lan" not in log


def test_the_list_is_kept(command: CommandLine) -> None:
    command.ok("clerk", "add", LAN)
    command.ok("clerk", "add", "Mai")
    assert command.ok("clerk", "use", "mai").value["name"] == "Mai"
    assert [one["at_desk"] for one in command.ok("clerk", "list").value] == [False, True]
    assert command.ok("clerk", "remove", "Mai").value["at_desk"] is False
    assert command.ok("clerk", "use", "--nobody").value is None
    assert [one["name"] for one in command.ok("clerk", "list").value] == [LAN]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("clerk", "use"), 2),
        (("clerk", "use", "Mai"), 3),
        (("clerk", "remove", "Mai"), 3),
        (("clerk", "add", " "), 3),
        (("clerk", "add", "Mai", "--account", "mai"), 3),
        (("clerk", "password", "Mai"), 3),
    ],
)
def test_what_cannot_be(command: CommandLine, args: tuple[str, ...], code: int) -> None:
    done = command.run(*args, said="")
    assert (done.code, done.out) == (code, "")
