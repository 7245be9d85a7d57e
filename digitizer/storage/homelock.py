"""The home's lock: one process may write. Held by the kernel, so a crash lets go of it."""

from __future__ import annotations

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

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_LETTING_GO_SECONDS, _LOOK_SECONDS = 2.0, 0.01
"""A child that was being started when its parent was killed holds the lock until it is another
program."""


class HomeLock:
    """Taken at construction, let go of by ``release`` or by the end of the process."""

    def __init__(self, path: Path, command: str) -> None:
        """Take the lock or raise ``HomeLocked``, which says who holds it.

        ``command`` names what this process is doing (``scan``, ``window`` …).
        """
        self._descriptor = os.open(
            path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600
        )
        note = path.with_name(f"{path.name}.holder")
        patience = time.monotonic() + _LETTING_GO_SECONDS
        while not self._taken():
            if time.monotonic() > patience or not _has_died(note):
                os.close(self._descriptor)
                raise HomeLocked(_holder(note))
            time.sleep(_LOOK_SECONDS)  # the kernel tells nobody when it lets go
        try:
            part = note.with_name(f"{note.name}.part")
            part.write_text(json.dumps({"pid": os.getpid(), "command": command}), encoding="utf-8")
            part.replace(note)  # whoever is refused meanwhile reads a whole note
        except OSError:
            os.close(self._descriptor)
            raise

    def _taken(self) -> bool:
        try:
            _take(self._descriptor)
        except OSError:
            return False
        return True

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


def _has_died(note: Path) -> bool:
    """Tell whether who took the lock last is known to be gone."""
    if sys.platform == "win32":
        return False
    try:
        os.kill(int(json.loads(note.read_text(encoding="utf-8"))["pid"]), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return False
    return False


def _holder(note: Path) -> str:
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
        return f"by process {said['pid']} (digitizer {said['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "by another process"
