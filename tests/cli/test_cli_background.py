"""``sync --background``: every other command gets the home, and it ends as it is told to."""

from __future__ import annotations

import json
import re
import signal
import threading
from pathlib import Path, PureWindowsPath

from commandline import CODE, CommandLine

LONGEST_HOME = PureWindowsPath(
    "C:/", "Users", "a-name-of-20-letters", "AppData", "Local", "digitizer-training"
)
MOST_OF_A_PATH = 259
"""Characters that Windows takes in a path, unless it is told otherwise."""


def has_it(home: Path) -> bool:
    try:
        held = json.loads((home / "lock.holder").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(held["command"] == "sync --background")


def test_other_commands_get_the_home(command: CommandLine) -> None:
    background = command.start("sync", "--background", as_json=False)
    look = threading.Event()
    for _ in range(600):
        if has_it(command.home):
            break
        look.wait(0.05)
    assert has_it(command.home)
    assert command.ok("dossier", "new", "--local").value["local"]
    assert command.ok("status").value["dossiers"] == 2
    done = background.end(signal.SIGTERM)
    assert (done.code, done.out, done.err) == (0, "", "")


def test_it_stands_alone(command: CommandLine) -> None:
    for option in ("--once", "--retry", "--now"):
        done = command.run("sync", "--background", option)
        assert done.code == 2
        assert "stands alone" in done.trouble


def test_every_name_in_a_home_is_good_on_windows(worked: CommandLine) -> None:
    """What a home of Linux holds, Windows could hold too, in the longest place it may lie in."""
    assert worked.papers(CODE)["TP01"]["bundle"]
    names = [path.relative_to(worked.home) for path in worked.home.rglob("*")]
    assert len(names) > 20
    for name in names:
        for step in name.parts:
            assert not re.search(r'[<>:"\\|?*\x00-\x1f]', step) and not step.endswith((".", " "))
            assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", step, re.IGNORECASE)
    folded = [str(PureWindowsPath(*name.parts)).lower() for name in names]
    assert len(set(folded)) == len(folded), "none differ in case alone"
    longest = max(len(str(PureWindowsPath(LONGEST_HOME, *name.parts))) for name in names)
    assert longest + len(".0123456789abcdef0123456789abcdef.part") <= MOST_OF_A_PATH
