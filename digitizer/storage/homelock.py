"""The home's lock: one process may write. Held by the kernel, so a crash lets go of it.

What sends in the background gives way: whoever else wants the home says so by a file beside the
lock, and waits until it was let go of.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from digitizer.errors import HomeLocked

if sys.platform == "win32":
    import msvcrt

    def take(descriptor: int) -> None:
        """Take the lock of an open file; raises ``OSError`` where somebody else has it."""
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def take(descriptor: int) -> None:
        """Take the lock of an open file; raises ``OSError`` where somebody else has it."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_LETTING_GO_SECONDS, _LOOK_SECONDS = 2.0, 0.01
"""A child that was being started when its parent was killed holds the lock until it is another
program."""
_GIVING_WAY_SECONDS = 10.0
BACKGROUND = "sync --background"
"""The command that gives way."""


class HomeLock:
    """Taken at construction, let go of by ``release`` or by the end of the process."""

    def __init__(self, path: Path, command: str) -> None:
        """Take the lock or raise ``HomeLocked``, which says who holds it.

        ``command`` names what this process is doing (``scan``, ``window`` …). Where ``BACKGROUND``
        holds it, that is asked to let go, and waited for.
        """
        self._asked = path.with_name(f"{path.name}.wanted")
        self._descriptor = os.open(
            path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600
        )
        try:
            self._wait(path.with_name(f"{path.name}.holder"), command)
        except BaseException:
            self.release()
            raise

    def _wait(self, note: Path, command: str) -> None:
        """Take the lock of the open file, and note who has it. Raises ``HomeLocked``."""
        began = time.monotonic()
        try:
            while not self._taken():
                gives_way = command != BACKGROUND and _gives_way(note)
                waits = _GIVING_WAY_SECONDS if gives_way else _LETTING_GO_SECONDS
                if time.monotonic() > began + waits or not (gives_way or _has_died(note)):
                    raise HomeLocked(_holder(note))
                if gives_way:
                    self._asked.touch(0o600)
                time.sleep(_LOOK_SECONDS)  # the kernel tells nobody when it lets go
        finally:
            with contextlib.suppress(OSError):
                self._asked.unlink(missing_ok=True)
        part = note.with_name(f"{note.name}.part")
        part.write_text(json.dumps({"pid": os.getpid(), "command": command}), encoding="utf-8")
        part.replace(note)  # whoever is refused meanwhile reads a whole note

    def _taken(self) -> bool:
        try:
            take(self._descriptor)
        except OSError:
            return False
        return True

    def wanted(self) -> bool:
        """Tell whether somebody waits for it."""
        return self._asked.exists()

    def release(self) -> None:
        """Let another process have the home."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def last_process(path: Path) -> int | None:
    """Return the process that took a home's lock last, which may have let go of it since; None
    where nothing says so."""
    return _process(path.with_name(f"{path.name}.holder"))


def _process(note: Path) -> int | None:
    try:
        return int(json.loads(note.read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None


def _has_died(note: Path) -> bool:
    """Tell whether who took the lock last is known to be gone."""
    process = _process(note)
    if sys.platform == "win32" or process is None:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _gives_way(note: Path) -> bool:
    try:
        return bool(json.loads(note.read_text(encoding="utf-8"))["command"] == BACKGROUND)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _holder(note: Path) -> str:
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
        return f"by process {said['pid']} (digitizer {said['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "by another process"
