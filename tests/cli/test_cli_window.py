"""``digitizer`` without a word: the window, without the command line's own libraries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
import ui.__main__ as window
from digitizer import __main__ as command

window.main = lambda: print(sorted({"typer", "rich", "digitizer.cli.main"} & set(sys.modules)))
sys.argv = ["digitizer"]
command.main()
"""


def test_no_word_loads_no_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_without_a_screen_it_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "digitizer"],
        env={"DIGITIZER_HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("digitizer: ")
    assert not (tmp_path / "home").exists()
