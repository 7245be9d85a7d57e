"""How the program runs where it was frozen: interpreter, packages and all in one folder.

PyInstaller makes such a tree (``packaging/digitizer.spec``). It has no ``python``: the program
itself takes ``-m MODULE`` in its place, so that children are started alike in a checkout and there.
Called by ``digitizer.__main__`` before anything else is loaded, and by ``programs``.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import MutableMapping, Sequence
from pathlib import Path

OURS = ("digitizer", "drivers", "ui")
"""Packages whose modules may be run by name."""
_RUN = "-m"
_LIBRARIES, _LIBRARIES_BEFORE = "LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG"
_AFRESH = "PYINSTALLER_RESET_ENVIRONMENT"


def is_frozen() -> bool:
    """Tell whether this is a frozen tree."""
    return bool(getattr(sys, "frozen", False))


def interpreter() -> str:
    """Return the program that takes ``-m MODULE`` and can be talked to by pipes.

    On Windows the window has a program of its own, without a console: ``digitizerw.exe``.
    """
    if is_frozen() and sys.platform == "win32":
        return str(Path(sys.executable).with_name("digitizer.exe"))
    return sys.executable


def identity() -> tuple[int, int]:
    """Return what tells this program's file from one that was installed in its place."""
    try:
        found = Path(sys.executable).stat()
    except OSError:  # removed, or between the two
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)


def run_named(words: Sequence[str]) -> bool:
    """Where ``words`` are ``-m MODULE ARGS…`` of one of our modules, be that module.

    Returns False where they are anything else; a module that is not ours is none.
    """
    if not is_frozen() or len(words) < 2 or words[0] != _RUN:
        return False
    module = words[1]
    if module.partition(".")[0] not in OURS:
        return False
    sys.argv = [module, *words[2:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return True


def settle(environment: MutableMapping[str, str], folder: Path, platform: str) -> None:
    """Make the environment of a frozen program fit for what it starts.

    Programs of the system must not be given our libraries (the loader has read the path by now);
    our own children begin afresh. What was put into the tree beside us is found first.

    Args:
        environment: ``os.environ``; changed in place.
        folder: Where the program lies.
        platform: As ``sys.platform`` names it.
    """
    before = environment.pop(_LIBRARIES_BEFORE, None)
    if before:
        environment[_LIBRARIES] = before
    else:
        environment.pop(_LIBRARIES, None)
    environment[_AFRESH] = "1"
    tesseract = folder / "tesseract"
    if platform == "win32" and tesseract.is_dir():
        environment["PATH"] = os.pathsep.join((str(tesseract), environment.get("PATH", "")))
        environment["TESSDATA_PREFIX"] = str(tesseract / "tessdata")


def settle_here() -> None:
    """``settle`` this process; nothing to do in a checkout."""
    if is_frozen():
        settle(os.environ, Path(sys.executable).parent, sys.platform)
