"""``limits`` and ``paper``: how and when papers go out, which stay, which are reused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from commandline import CODE, CommandLine

from digitizer.policyfile import VARIABLE
from digitizer.sandbox.server import Address

OTHER = "000.00.20.H02-261122-0002"
FREE = {"kbits": 0, "hours": "any", "compact": "offer", "minutes": 10, "speed_kbits": None}


def test_limits_are_told_set_and_kept(command: CommandLine) -> None:
    assert command.ok("limits").value == FREE
    done = command.ok("limits", "--kbits", "512", "--hours", "not 7:00-17:00").value
    assert done == {**FREE, "kbits": 512, "hours": "17:00-07:00"}
    assert command.ok("limits", "--compact", "auto").value == {**done, "compact": "auto"}
    assert command.ok("limits", "--hours", "any").value["hours"] == "any"
    assert command.run("limits", "--hours", "evening").code == 2
    assert command.run("limits", "--kbits", "-1").code == 2
    said = command.run("limits", as_json=False).out
    assert said.startswith("512 kbit/s at most, at any time; one file 10 minutes at most")


def test_what_the_administrator_locks_stays(command: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "digitizer.toml"
    file.write_text(
        "[locked.sync]\nkbits = 256\nhours = '17:00-07:00'\n[default.sync]\ncompact = 'auto'\n"
        "minutes = 'x'\n",
        encoding="utf-8",
    )
    command = command.with_env(**{VARIABLE: str(file)})
    assert command.run("limits", "--kbits", "512").code == 5
    done = command.ok("limits", "--compact", "never").value
    assert (done["kbits"], done["hours"], done["compact"]) == (256, "17:00-07:00", "never")
    found = {one["check"]: one for one in command.ok("doctor").value}
    assert "default.sync.minutes" in found["administrator's file"]["detail"]


def test_a_paper_stays_goes_after_all_and_out_of_hours_waits(
    worked: CommandLine, server: Address
) -> None:
    worked.point(server)
    assert worked.papers()["TP01"]["withheld"] is False
    worked.ok("paper", "hold", CODE, "--paper", "TP01")
    assert worked.ok("sync", "--once").value["sent"] == 0
    assert worked.ok("status").value["withheld"] == 1
    worked.ok("paper", "release", CODE, "--paper", "TP01")
    worked.ok("limits", "--hours", _closed())
    waits = worked.run("sync", "--once")
    assert (waits.code, waits.value["sent"], waits.value["left"]) == (4, 0, 1)
    assert waits.value["waits_until"]
    assert "--now sends" in waits.trouble
    assert worked.ok("sync", "--once", "--now").value["sent"] == 1
    assert worked.papers()["TP01"]["receipt"]
    assert worked.ok("sync", "--once").value == {
        "sent": 0, "received": 0, "left": 0, "errors": [], "useful_bytes": 0, "sent_bytes": 0,
    }  # fmt: skip
    found = worked.ok("status").value
    assert (found["outbox"], found["outbox_bytes"], found["too_big"]) == (0, 0, 0)


def test_a_paper_is_reused_and_that_is_undone(worked: CommandLine, paper: Path) -> None:
    worked.ok("paper", "style", CODE, "compact", "--paper", "TP01")
    assert worked.papers()["TP01"]["style"] == "compact"
    worked.ok("paper", "style", CODE, "home", "--paper", "TP01")
    assert worked.papers()["TP01"]["style"] == "faithful"
    goal = ("paper", "reuse", OTHER, "--paper", "TP99")
    worked.ok("import", paper / "3.jpg", "--dossier", OTHER)
    taken = worked.ok(*goal, "--from", CODE, "--from-paper", "TP01").value
    reused = {one["part"]: one for one in taken["papers"]}["TP99"]
    assert reused["reuse"] == {"flag": 1, "result": None}
    before = [page["sha256"] for page in worked.papers()["TP01"]["pages"]]
    there = [page["sha256"] for page in reused["pages"] if not page["deleted"]]
    assert there == before
    worked.ok("page", "undo", OTHER)
    assert worked.papers(OTHER)["TP99"]["reuse"] is None
    worked.ok(*goal, "--result", "KQ.G07.000122")
    assert worked.papers(OTHER)["TP99"]["reuse"] == {"flag": 2, "result": "KQ.G07.000122"}
    worked.ok(*goal, "--none")
    assert worked.papers(OTHER)["TP99"]["reuse"] is None
    assert worked.run(*goal, "--result", "hai từ").code == 3
    assert worked.run(*goal, "--from", CODE, "--from-paper", "TP02").code == 3
    assert worked.run(*goal).code == 2
    worked.sound()


def _closed() -> str:
    """Hours that begin three hours from now."""
    hour = (datetime.now(UTC).hour + 7 + 3) % 24
    return f"{hour:02d}:00-{(hour + 1) % 24:02d}:00"
