"""The last step: the window on what was scanned, with paper left in the feeder to try it."""

from __future__ import annotations

import os
import subprocess
import sys

from demo.commands import Commands
from demo.errors import Interrupted
from demo.paper import OTHER, OURS, Paper, Sheet
from demo.place import Place
from demo.telling import Telling

_SWITCH = "DEMO_WINDOW"
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
_PROBE_SECONDS = 30.0
_PROBE = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"


def show(place: Place, paper: Paper, commands: Commands, telling: Telling) -> int:
    """Open the window where there is a display, and wait until it is closed.

    Returns the demonstration's exit code: 0, or the window's where it did not end well.
    """
    telling.line()
    reason = why_not()
    if reason:
        telling.line(f"The window was not opened: {reason}.")
        return 0
    paper.load(place.tray, Sheet.OTHER_LETTER, Sheet.BACK, Sheet.OTHER_ASKEW)
    telling.line(f"The window opens on the dossier of {OURS.holder}:")
    telling.line("1, 2, 3 show what was scanned into its papers.")
    telling.line("To scan: Ctrl+F, 0007, Enter; choose a paper, F5; Ctrl+Enter sends it.")
    telling.line(f"The scanner takes what lies in {place.tray}: papers of")
    telling.line(f"{OTHER.holder} now, and any image you put there.")
    telling.line("Close the window to end the demonstration.")
    try:
        code = commands.window(OURS.no)
    except Interrupted:
        return 0
    if code != 0:
        telling.line(f"The window ended with {code}; the log is in {place.home / 'log'}.")
    return code


def why_not() -> str:
    """Say why no window can be opened, or nothing where one can."""
    if os.environ.get(_SWITCH) == "0":
        return f"{_SWITCH}=0"
    if os.environ.get("CI"):
        return "nobody watches here (CI is set)"
    if not any(os.environ.get(name) for name in _DISPLAYS):
        return "there is no display"
    try:
        probe = subprocess.run(
            [sys.executable, "-c", _PROBE], capture_output=True, timeout=_PROBE_SECONDS
        )
    except subprocess.TimeoutExpired:
        return "the display does not answer"
    return "" if probe.returncode == 0 else "the display cannot be used"
