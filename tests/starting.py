"""Starts the command as its user does, or, many times cheaper, forked from a process that has it
loaded: all that a test can see of either is the same.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

_HERE = Path(__file__).parent


class Starter:
    """A process that has the command loaded; forks it on request, one test at a time."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, str(_HERE / "starter.py"), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(_HERE.parent)},
                pass_fds=(theirs.fileno(),),
            )

    def start(
        self,
        words: Sequence[str | Path | bytes],
        env: Mapping[str, str],
        *,
        stdin: int = subprocess.DEVNULL,
        stderr: int = subprocess.PIPE,
    ) -> Forked:
        """Start the command with these words and exactly this environment.

        ``stdin``, ``stderr``: ``subprocess.DEVNULL`` or ``PIPE``.
        """
        null = os.open(os.devnull, os.O_RDWR)
        reads, says = os.pipe() if stdin == subprocess.PIPE else (null, None)
        out, writes = os.pipe()
        err, complains = os.pipe() if stderr == subprocess.PIPE else (None, null)
        ends, tells = os.pipe()
        request = {"words": [os.fsdecode(word) for word in words], "env": dict(env)}
        theirs = [reads, writes, complains, tells]
        socket.send_fds(self._socket, [json.dumps(request).encode()], theirs)
        pid = int(self._socket.recv(64))
        for one in {*theirs, null}:
            os.close(one)
        return Forked(
            pid,
            ends,
            None if says is None else os.fdopen(says, "wb"),
            os.fdopen(out, "rb"),
            None if err is None else os.fdopen(err, "rb"),
        )

    def close(self) -> None:
        """End it; commands it started go on."""
        self._socket.close()
        self._process.wait()


class Forked:
    """A command that a starter forked: what ``subprocess.Popen`` is of one it started itself."""

    def __init__(
        self,
        pid: int,
        ends: int,
        stdin: IO[bytes] | None,
        stdout: IO[bytes],
        stderr: IO[bytes] | None,
    ) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self._ends = ends

    def poll(self) -> int | None:
        """Its exit code, minus the signal that ended it, or None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: it did not end in so many seconds.
        """
        if self.returncode is None:
            if not select.select([self._ends], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("digitizer", timeout or 0.0)
            self.returncode = int(os.read(self._ends, 16))
            os.close(self._ends)
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it, if it runs."""
        self.send_signal(signal.SIGKILL)
