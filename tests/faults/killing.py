"""Commands that are started quickly and killed with all that is below them.

Used by the tests of kills and of power cuts.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path


class Starter:
    """Forks the command line; see ``starter``."""

    def __init__(self, **env: str) -> None:
        self._answers, writes = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("starter.py"))],
            stdin=subprocess.PIPE,
            text=True,
            env={**os.environ, **env, "PYTHONPATH": str(Path(__file__).parents[2])},
            preexec_fn=lambda: os.dup2(writes, 3),
            pass_fds=(3, writes),
        )
        os.close(writes)
        self._lines = os.fdopen(self._answers)

    def ask(self, **request: object) -> int:
        """Send one request and return its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return int(self._lines.readline())

    def close(self) -> None:
        """End it."""
        self._process.communicate()
        self._lines.close()


class Running:
    """A command that takes pages, at work, and what it has told so far."""

    def __init__(self, starter: Starter, home: Path, words: Sequence[str]) -> None:
        self._starter = starter
        pipe = home.with_name("pipe")
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
        self._told: list[dict[str, object]] = []
        self._more = threading.Condition()
        self._over = False
        self._reader = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._reader.start()
        self.process = starter.ask(words=["--json", "--home", str(home), *words], out=str(pipe))

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
        for process in tree(self.process):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.end()

    def end(self) -> None:
        """Wait until it is gone."""
        self._starter.ask(wait=self.process)
        self._reader.join()

    @property
    def pages(self) -> list[object]:
        """Hashes of the pages it reported."""
        return [line["sha256"] for line in self._told if line["event"] == "page"]

    def _read(self, pipe: Path) -> None:
        with pipe.open("rb") as lines:
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
