"""The home's lock: one process may write. Held by the kernel, so a crash lets go of it."""

from __future__ import annotations

import json
import os
import sys
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
        try:
            _take(self._descriptor)
        except OSError:
            os.close(self._descriptor)
            raise HomeLocked(_holder(note)) from None
        try:
            part = note.with_name(f"{note.name}.part")
            part.write_text(json.dumps({"pid": os.getpid(), "command": command}), encoding="utf-8")
            part.replace(note)  # whoever is refused meanwhile reads a whole note
        except OSError:
            os.close(self._descriptor)
            raise

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


def _holder(note: Path) -> str:
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
        return f"by process {said['pid']} (digitizer {said['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "by another process"
