"""Standard streams that are closed, cut or full, and locales that know no Vietnamese."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from commandline import CODE, COMMAND, CommandLine

HOLDER = "Nguyễn Văn Ánh"


def by_shell(command: CommandLine, text: str) -> tuple[int, str]:
    """Run ``text`` with ``digitizer`` as the command; its exit code and standard error."""
    arguments = " ".join(f"'{part}'" for part in (*COMMAND, "--home", str(command.home)))
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f'digitizer() {{ {arguments} "$@"; }}; {text}'],
        env=dict(command.env),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode, done.stderr


def test_a_reader_that_leaves_early_costs_no_page(command: CommandLine, paper: Path) -> None:
    """``| head -1``, as well as an output that was never open."""
    code, err = by_shell(command, f"digitizer --json import {paper} --dossier {CODE} | head -1")
    assert (code, err) == (0, "")
    assert len(command.hashes()) == 4
    code, err = by_shell(command, f"digitizer --json import {paper} --dossier {CODE} >&-")
    assert (code, err) == (0, "")
    assert len(command.hashes()) == 8
    command.sound()


def test_an_output_that_takes_nothing_is_told(command: CommandLine, paper: Path) -> None:
    code, err = by_shell(command, "digitizer --json status >/dev/full")
    assert (code, len(err.splitlines())) == (3, 1)
    assert "standard output" in err
    code, err = by_shell(
        command, f"digitizer --json import {paper}/1.jpg --dossier {CODE} >/dev/full"
    )
    assert code == 3
    assert len(command.hashes()) == 1  # saved all the same


def test_closed_streams_never_stand_for_the_database(command: CommandLine, paper: Path) -> None:
    text = f"digitizer --json import {paper}/1.jpg --dossier {CODE} <&- >&- 2>&-"
    assert by_shell(command, text) == (0, "")
    assert by_shell(command, "digitizer --json dossier show L-000777 2>&-") == (3, "")
    code, err = by_shell(
        command, "digitizer --json server set --kind opencps --url http://127.0.0.1:1 --user u <&-"
    )
    assert code == 3
    assert "no password" in err
    assert len(command.hashes()) == 1
    command.sound()


@pytest.mark.parametrize(
    "language",
    [
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "POSIX"},
        {"PYTHONIOENCODING": "ascii"},
    ],
)
def test_any_locale_speaks_vietnamese(command: CommandLine, language: dict[str, str]) -> None:
    there = command.with_env(**language)
    (head,) = there.ok("dossier", "list").value
    assert head["holder"] == HOLDER
    assert HOLDER in there.run("dossier", "list", as_json=False).out


def test_vietnamese_names_in_a_locale_that_knows_none(
    command: CommandLine, paper: Path, tmp_path: Path
) -> None:
    there = command.with_env(LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    file = tmp_path / "giấy tờ.jpg"
    file.write_bytes((paper / "1.jpg").read_bytes())
    assert len(there.ok("import", file, "--dossier", CODE).pages) == 1
    seen = there.ok("inspect", file).value[0]["file"]
    assert os.fsencode(seen) == bytes(file)  # escaped where the locale could not read it


def wait_until_it_catches(pid: int) -> None:
    """Wait until a process handles SIGTERM: Python itself has started."""
    for _ in range(1000):
        status = Path(f"/proc/{pid}/status").read_text()
        (caught,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
        if int(caught, 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.01)
    raise AssertionError("it never did")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_while_it_starts(bare: CommandLine, number: signal.Signals) -> None:
    """At any moment from the program's first line on: exit 4 or done, never a traceback."""
    for delay in (0.0, 0.1, 0.2, 0.3, 0.5):
        running = bare.anew().start("dossier", "new", "--local")
        wait_until_it_catches(running.process.pid)
        time.sleep(delay)  # what is tested is the moment, not an event
        done = running.end(number, within=2.0)
        assert done.code in (0, 4)
    bare.sound()
