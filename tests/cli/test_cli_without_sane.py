"""A machine on which SANE's binding cannot be imported, as on Windows: folders, eSCL scanners and
everything behind them work; what is missing is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commandline import CHECKOUT, CODE, CommandLine

BLOCK = '''
"""Lets nothing import SANE's binding."""
import sys


class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name in ("sane", "_sane"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Blocked())
'''


@pytest.fixture
def without(command: CommandLine, tmp_path: Path) -> CommandLine:
    """The command where SANE cannot be imported, in every child either."""
    folder = tmp_path / "block"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(BLOCK, "utf-8")
    return command.anew().with_env(PYTHONPATH=f"{folder}:{CHECKOUT}")


def test_the_doctor_says_what_is_missing(without: CommandLine) -> None:
    rows = {row["check"]: row for row in without.ok("doctor").value}
    assert not rows["scanner driver sane"]["ok"]
    assert rows["scanner driver sane"]["fix"]
    assert rows["window"]["ok"] and rows["home"]["ok"]


def test_a_folder_and_a_network_scanner_work(
    without: CommandLine, command: CommandLine, paper: Path
) -> None:
    without.ok("import", paper / "1.jpg", "--dossier", CODE, "--paper", "TP01")
    scanner = command.start("virtual-scanner", paper)
    url = json.loads(scanner.line())["url"]
    done = without.ok("scan", "--device", f"escl:{url}", "--dossier", CODE, "--pages", "1")
    assert [line["event"] for line in done.lines] == ["page", "end"]
    assert without.ok("work", "--until-idle").value["failed"] == 0
    assert without.papers()["TP01"]["bundle"]["pdfa"]


def test_a_scanner_of_sane_is_refused_in_words(without: CommandLine) -> None:
    done = without.run("scan", "--device", "test:0", "--dossier", CODE)
    assert done.code == 3
    assert "python-sane" in done.trouble


def test_the_list_of_devices_is_what_is_left(without: CommandLine) -> None:
    assert without.ok("devices").value == []
