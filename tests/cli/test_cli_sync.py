"""``server`` and ``sync`` against the sandbox: sent once, confirmed, and every trouble told."""

from __future__ import annotations

import hashlib
import shutil
import socket
import sqlite3
import stat
from pathlib import Path

import pytest
from commandline import CODE, CommandLine

from digitizer.ballast import BYTES
from digitizer.config import Home
from digitizer.sandbox.faults import Fault, Faults
from digitizer.sandbox.server import Address

PASSWORD = "một mật khẩu ¤ sai"


def attempts(command: CommandLine) -> list[tuple[int, int]]:
    """How often each upload was tried, and whether it is parked."""
    with sqlite3.connect(f"file:{command.home / 'digitizer.db'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT attempts, parked FROM work WHERE kind = 'upload'")
        found = [(row[0], row[1]) for row in rows]
    database.close()
    return found


def test_sent_once_confirmed_and_replaced(
    worked: CommandLine, server: Address, paper: Path
) -> None:
    worked.point(server)
    local = worked.ok("dossier", "new", "--local").value["code"]
    done = worked.ok("sync", "--once")
    assert set(done.value) >= {"sent", "received", "left", "errors"}
    assert (done.value["sent"], done.value["left"], done.value["errors"]) == (1, 0, [])
    assert Home(worked.home).ballast.stat().st_size == BYTES, "for the day that the disk is full"
    assert done.value["received"] == 10  # another address: every dossier is found there anew
    assert done.value["useful_bytes"] == done.value["sent_bytes"] > 0
    first = worked.papers()["TP01"]
    assert first["receipt"]["sha256"] == first["bundle"]["sha256"]
    assert worked.ok("sync", "--once").value == {
        "sent": 0, "received": 0, "left": 0, "errors": [], "useful_bytes": 0, "sent_bytes": 0,
    }  # fmt: skip

    worked.ok("import", paper / "3.jpg", "--dossier", CODE, "--paper", "TP01")
    worked.ok("import", paper / "4.jpg", "--dossier", local)
    assert worked.papers()["TP01"]["receipt"] is None
    assert worked.ok("work", "--until-idle").value["failed"] == 0
    assert worked.ok("sync", "--once").value["sent"] == 1  # and nothing of the local dossier
    second = worked.papers()["TP01"]
    assert second["bundle"]["pages"] == 3
    assert second["receipt"]["sha256"] != first["receipt"]["sha256"]
    assert worked.papers(local)["TP99"]["receipt"] is None
    worked.sound()


def test_a_paper_of_our_own_dossier_gets_its_title_and_goes(
    command: CommandLine, server: Address, paper: Path
) -> None:
    """Its bundle names the paper: once the server has told the title, it is made anew."""
    command.ok("import", paper / "1.jpg", "--dossier", CODE, "--paper", "TP01")
    command.ok("work", "--until-idle")
    command.point(server)
    done = command.ok("sync", "--once").value
    assert (done["sent"], done["received"], done["left"]) == (1, 10, 0)
    assert command.ok("sync", "--once").value["sent"] == 0


def test_what_has_to_be_read_first_is_told(
    command: CommandLine, server: Address, paper: Path
) -> None:
    command.point(server)
    command.ok("import", paper / "1.jpg", "--dossier", CODE)
    local = command.ok("dossier", "new", "--local").value["code"]
    command.ok("import", paper / "2.jpg", "--dossier", local)
    done = command.run("sync", "--once")
    assert (done.code, done.value["sent"], done.value["left"]) == (4, 0, 1)
    assert done.value["work"] > 0
    (error,) = done.value["errors"]  # nothing of the local dossier is to be sent
    assert (error["dossier"], error["error"], error["remedy"]) == (CODE, "pages-unchecked", "later")
    told = command.run("sync", "--once", as_json=False)
    assert told.code == 4
    assert "'digitizer work --until-idle'" in told.out
    said = told.err.splitlines()[-1]  # above it, how far it came
    assert said.startswith(f"digitizer: {CODE}: its pages are not all looked at")
    assert "'digitizer work --until-idle'" in said
    command.ok("work", "--until-idle")
    assert command.ok("sync", "--once").value["sent"] == 1


def test_a_page_that_cannot_be_read_is_told_as_what_it_is(
    command: CommandLine, server: Address, paper: Path
) -> None:
    """To wait for local work, as for pages that nobody has looked at yet, would be for ever."""
    command.point(server)
    command.ok("import", paper / "1.jpg", "--dossier", CODE, "--paper", "TP01")
    (blob,) = (file for file in (command.home / "vault").rglob("*") if file.is_file())
    blob.write_bytes(blob.read_bytes()[:2000])
    assert command.run("work", "--until-idle").value["failed"] == 1
    done = command.run("sync", "--once")
    assert (done.code, done.value["sent"], done.value["left"]) == (5, 0, 1)
    (error,) = done.value["errors"]
    assert (error["dossier"], error["paper"], error["remedy"]) == (CODE, "TP01", "never")
    assert error["error"] == "file-unreadable"
    assert done.trouble.startswith(f"digitizer: {CODE} TP01: ")


def test_a_part_the_procedure_has_not(worked: CommandLine, paper: Path) -> None:
    done = worked.run("import", paper / "1.jpg", "--dossier", CODE, "--paper", "TP77")
    assert (done.code, done.out) == (3, "")
    assert "no such paper" in done.trouble


def test_trouble_comes_and_goes(worked: CommandLine, server: Address, faults: Faults) -> None:
    worked.point(server)
    faults.set(Fault.UNAVAILABLE)
    done = worked.run("sync", "--once")
    assert done.code == 4
    assert done.value["sent"] == 0
    assert done.value["left"] == 1
    assert done.value["errors"]
    assert all(set(one) >= {"dossier", "paper", "error", "remedy"} for one in done.value["errors"])
    assert {one["remedy"] for one in done.value["errors"]} == {"later"}
    faults.set(Fault.UNAVAILABLE, 0)
    assert worked.ok("sync", "--once").value["sent"] == 1


def test_what_needs_a_hand_stays_told_while_there_is_no_line(
    command: CommandLine, server: Address, faults: Faults, paper: Path
) -> None:
    unknown = "H99-250612-00099"
    command.point(server)
    command.ok("dossier", "new", "--code", unknown)
    command.ok("import", paper / "1.jpg", "--dossier", unknown)
    command.ok("work", "--until-idle")
    assert command.run("sync", "--once").code == 3
    assert command.ok("status").value["errors"] == 1
    faults.set(Fault.UNAVAILABLE)
    assert command.run("sync", "--once").code in (3, 4)
    assert command.ok("status").value["errors"] == 1
    faults.set(Fault.UNAVAILABLE, 0)
    assert command.run("sync", "--once").code == 3  # tried again, and still unknown


@pytest.mark.parametrize(
    ("fault", "code"),
    [(Fault.NO_BYTES, 4), (Fault.WRONG_BYTES, 4), (Fault.NONSENSE, 4), (Fault.CUT, 4)],
)
def test_nothing_counts_as_sent_that_was_not_read_back(
    worked: CommandLine, server: Address, faults: Faults, fault: Fault, code: int
) -> None:
    worked.point(server)
    faults.set(fault)
    done = worked.run("sync", "--once")
    assert (done.code, done.value["sent"]) == (code, 0)
    assert worked.papers()["TP01"]["receipt"] is None
    faults.set(fault, 0)
    assert worked.ok("sync", "--once").value["sent"] == 1
    receipt = worked.papers()["TP01"]["receipt"]
    assert receipt["sha256"] == worked.papers()["TP01"]["bundle"]["sha256"]


def test_a_wrong_password_needs_the_user(worked: CommandLine, server: Address) -> None:
    worked.point(server, PASSWORD)
    done = worked.run("sync", "--once")
    assert done.code == 3
    assert done.value["errors"][0] == {
        "dossier": None, "paper": None, "error": "sign-in-refused", "detail": "", "remedy": "user",
    }  # fmt: skip
    assert "user name or password" in done.trouble
    assert attempts(worked) == [(0, 0)]
    worked.point(server)
    assert worked.ok("sync", "--once").value["sent"] == 1


def test_no_line_burns_no_attempt(worked: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    args = ("--kind", "opencps", "--url", url, "--group", "1", "--user", "u")
    worked.ok("server", "set", *args, said="p\n")
    for _ in range(2):
        done = worked.run("sync", "--once")
        assert (done.code, done.value["sent"], done.value["left"]) == (4, 0, 1)
        assert [one["error"] for one in done.value["errors"]] == ["offline"]
    assert attempts(worked) == [(0, 0)]
    assert worked.ok("status").value["outbox"] == 1


def test_into_a_folder(worked: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "gửi đi"
    out.mkdir()
    worked.ok("server", "set", "--kind", "folder", "--url", out)
    assert worked.ok("server", "show").value == {
        "kind": "folder", "url": str(out), "group": "", "user": "", "ca": None,
    }  # fmt: skip
    assert worked.ok("sync", "--once").value["sent"] == 1
    (file,) = (out / CODE).glob("*.pdf")
    assert file.name.startswith(f"{CODE}.")
    receipt = worked.papers()["TP01"]["receipt"]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == receipt["sha256"]
    shown = worked.ok("dossier", "show", CODE).value
    assert shown["procedure"] == "1.001193"  # a folder tells nothing: what is known stays
    assert shown["holder"]
    shutil.rmtree(out)
    done = worked.run("sync", "--once")
    assert done.code in (0, 4)


@pytest.mark.parametrize(
    ("args", "said", "code", "words"),
    [
        (("--kind", "fax", "--url", "http://127.0.0.1"), "p", 2, "opencps, folder"),
        (("--kind", "opencps"), "p", 2, "--url"),
        (("--kind", "opencps", "--url", "ftp://127.0.0.1"), "p", 3, "https://"),
        (("--kind", "opencps", "--url", "http://a:b@127.0.0.1", "--user", "u"), "p", 3, "no user"),
        (("--kind", "opencps", "--url", "http://example.org", "--user", "u"), "p", 3, "in clear"),
        (("--kind", "opencps", "--url", "http://127.0.0.1", "--user", "u"), "", 3, "password"),
        (("--kind", "opencps", "--url", "http://127.0.0.1", "--user", "u"), "\n", 3, "password"),
    ],
)
def test_a_server_that_cannot_be_set(
    command: CommandLine, args: tuple[str, ...], said: str, code: int, words: str
) -> None:
    done = command.run("server", "set", *args, said=said)
    assert (done.code, done.out) == (code, "")
    assert words in done.trouble
    assert command.ok("server", "show").value is None


def test_the_password_is_in_one_private_file_alone(worked: CommandLine, server: Address) -> None:
    """No keyring here: then it lies in a file of the home, and nowhere else."""
    worked.point(server, PASSWORD)
    worked.run("sync", "--once")
    assert "password" not in worked.ok("server", "show").out
    holders = [
        file
        for file in worked.home.rglob("*")
        if file.is_file() and PASSWORD.encode() in file.read_bytes()
    ]
    assert holders == [worked.home / "server-password"]
    worked.point(server)
    assert server.password.encode() not in (worked.home / "digitizer.db").read_bytes()


def test_the_home_is_private_and_its_log_tells_of_nobody(
    worked: CommandLine, server: Address, paper: Path, tmp_path: Path
) -> None:
    worked.point(server)
    worked.ok("sync", "--once")
    named = tmp_path / "Trần Thị Bưởi.jpg"
    named.write_bytes((paper / "1.jpg").read_bytes()[:900])
    worked.run("import", named, "--dossier", CODE)
    worked.run("watch", tmp_path / "Lê Văn Cam", "--once")
    for path in (worked.home, *worked.home.rglob("*")):
        allowed = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) & ~allowed == 0, path
    log = "".join(file.read_text() for file in (worked.home / "log").iterdir())
    assert log
    heads = worked.ok("dossier", "list").value
    for words in (*(one["holder"] for one in heads), "Bưởi", "Cam", "giay", "Trang", "Ánh"):
        assert not words or words not in log
