"""Where the demonstration keeps things: one folder of its own, emptied when it starts again.

Private to the user (0700). Holds the dossiers of nobody: everything in it can be removed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from demo.errors import DemoFailed

HOME_VARIABLE = "DEMO_HOME"
_MARK = ".digitizer-demo"


@dataclass(frozen=True, slots=True)
class Place:
    """The demonstration's folders.

    Attributes:
        root: Holds the others.
        paper: Pages drawn, kept for the next run.
        tray: What lies in the scanner's feeder.
        sane: SANE's configuration, which knows the virtual scanner alone.
        home: The home folder of ``digitizer``.
        server: What the sandbox keeps.
        received: The PDFs as downloaded from the sandbox.
        logs: What the two servers say.
    """

    root: Path
    paper: Path
    tray: Path
    sane: Path
    home: Path
    server: Path
    received: Path
    logs: Path


def default_root() -> Path:
    """Return ``$DEMO_HOME``, else a folder in the user's cache."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named).absolute() if named else Path(platformdirs.user_cache_dir("digitizer-demo"))


@contextmanager
def taken(root: Path) -> Iterator[Place]:
    """Take the folder for this run and empty it, but for the drawn paper.

    Raises:
        DemoFailed: it holds something else, another demonstration uses it, or it cannot be
            written.
    """
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark = root / _MARK
        if not mark.exists() and any(root.iterdir()):
            raise DemoFailed(f"{root} holds something else; set {HOME_VARIABLE} to another folder")
        root.chmod(0o700)
        lock = os.open(mark, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DemoFailed(f"cannot use {root}: {error.strerror}") from error
    try:
        yield _emptied(root, lock)
    finally:
        os.close(lock)


def _emptied(root: Path, lock: int) -> Place:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DemoFailed("another demonstration is running; close its window first") from None
    place = Place(
        root,
        *(root / n for n in ("paper", "tray", "sane", "home", "server", "received", "logs")),
    )
    try:
        for folder in (
            place.tray,
            place.sane,
            place.home,
            place.server,
            place.received,
            place.logs,
        ):
            if folder.exists():
                shutil.rmtree(folder)
            folder.mkdir(mode=0o700)
        place.paper.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise DemoFailed(f"cannot empty {root}: {error.strerror}") from error
    return place
