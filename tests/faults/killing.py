"""Commands that are started quickly and killed with all that is below them.

Used by the tests of kills and of power cuts.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from starting import Starter


class Running:
    """A command that takes pages, at work, and what it has told so far."""

    def __init__(self, starter: Starter, home: Path, words: Sequence[str], **env: str) -> None:
        self._told: list[dict[str, object]] = []
        self._more = threading.Condition()
        self._over = False
        self._process = starter.start(
            ("--json", "--home", home, *words), {**os.environ, **env}, stderr=subprocess.DEVNULL
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, pages: int) -> None:
        """Wait until so many pages are reported, or the scan is over."""
        with self._more:
            self._more.wait_for(lambda: self._over or len(self.pages) >= pages, 60)

    def wait(self, seconds: float) -> None:
        """Wait until the scan is over, at most so long."""
        with self._more:
            self._more.wait_for(lambda: self._over, seconds)

    def kill_tree(self) -> None:
        """SIGKILL to the command and all below it, as fast as that goes."""
        for process in tree(self._process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.end()

    def end(self) -> None:
        """Wait until it is gone."""
        self._process.wait()
        self._reader.join()

    @property
    def over(self) -> bool:
        """Whether it told its last line."""
        return self._over

    @property
    def pages(self) -> list[object]:
        """Hashes of the pages it reported."""
        return [line["sha256"] for line in self._told if line["event"] == "page"]

    def _read(self) -> None:
        with self._process.stdout as lines:
            for line in lines:
                if line.endswith(b"\n"):  # a line that was cut told nothing
                    with self._more:
                        self._told.append(json.loads(line))
                        self._more.notify_all()
        with self._more:
            self._over = True
            self._more.notify_all()


def tree(root: int) -> list[int]:
    """Return a process and all its descendants, the root first."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found = [root]
    for process in found:
        found.extend(children.get(process, ()))
    return found
