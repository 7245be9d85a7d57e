"""The ``digitizer`` command as child processes: short ones for a result, servers to keep.

All take the demonstration's environment: SANE knows the virtual scanner alone, and no password
goes into the user's own keyring. Every child is ended with the demonstration.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from demo.errors import CommandFailed, DemoFailed
from demo.place import Place

_START_SECONDS = 60.0
_END_SECONDS = 5.0
_WATCH_SECONDS = 0.5
_NO_KEYRING = "keyring.backends.fail.Keyring"
_CHECKOUT = Path(__file__).resolve().parent.parent
_DIGITIZER = (sys.executable, "-m", "digitizer")


class Commands:
    """Runs ``digitizer --home … COMMAND``."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._environment = {
            **os.environ,
            "DIGITIZER_POLICY": "",
            "SANE_CONFIG_DIR": str(place.sane),
            "PYTHON_KEYRING_BACKEND": _NO_KEYRING,
            "PYTHONUTF8": "1",
        }

    def lines(self, *words: str, typed: str = "") -> Iterator[dict[str, Any]]:
        """Run a command with ``--json`` and yield its output line by line, as it comes.

        Args:
            words: The command and its arguments.
            typed: Its standard input.

        Raises:
            CommandFailed: its exit code was not 0; with what it said.
        """
        with tempfile.TemporaryFile() as said:
            with self._started(words, said, stdin=subprocess.PIPE) as process:
                assert process.stdin is not None and process.stdout is not None  # noqa: S101
                with contextlib.suppress(BrokenPipeError), process.stdin:
                    process.stdin.write(typed.encode())
                for line in process.stdout:
                    yield json.loads(line)
                process.wait()
            _require_success(words, process.returncode, said)

    def value(self, *words: str, typed: str = "") -> Any:
        """Run a command with ``--json`` and return its result."""
        *_, last = self.lines(*words, typed=typed)
        return last

    def watched(self, *words: str, watch: Callable[[], None]) -> Any:
        """The same, calling ``watch`` twice a second meanwhile."""
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as out:
            with self._started(words, said, stdout=out) as process:
                while True:
                    try:
                        process.wait(_WATCH_SECONDS)
                        break
                    except subprocess.TimeoutExpired:
                        watch()
            _require_success(words, process.returncode, said)
            out.seek(0)
            return json.load(out)

    @contextlib.contextmanager
    def server(self, *words: str) -> Iterator[dict[str, Any]]:
        """Keep a command running while the block does; gives the first line it printed."""
        log = self._place.logs / f"{words[0]}.log"
        with log.open("w+b") as said, self._started(words, said) as process:
            assert process.stdout is not None  # noqa: S101
            ready, _, _ = select.select([process.stdout], [], [], _START_SECONDS)
            line = process.stdout.readline() if ready else b""
            if not line:
                raise DemoFailed(f"'digitizer {words[0]}' did not start: {_last_line(said)}")
            yield json.loads(line)

    def window(self, code: str) -> int:
        """Open the window on a dossier and wait until it is closed; returns its exit code."""
        command = [*_DIGITIZER, "--home", str(self._place.home), "--open", code]
        with subprocess.Popen(command, env=self._environment, cwd=_CHECKOUT) as process:
            try:
                return process.wait()
            finally:
                _end(process)

    @contextlib.contextmanager
    def _started(
        self,
        words: tuple[str, ...],
        said: IO[bytes],
        *,
        stdin: int = subprocess.DEVNULL,
        stdout: int | IO[bytes] = subprocess.PIPE,
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Start a command; whatever happens, it has ended when the block has.

        It leads a session of its own: Ctrl-C is for the demonstration, which then ends it.
        """
        with subprocess.Popen(
            [*_DIGITIZER, "--home", str(self._place.home), "--json", *words],
            stdin=stdin,
            stdout=stdout,
            stderr=said,
            env=self._environment,
            cwd=_CHECKOUT,
            start_new_session=True,
        ) as process:
            try:
                yield process
            finally:
                _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a child to end, and kill it where it does not."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _require_success(words: tuple[str, ...], code: int, said: IO[bytes]) -> None:
    if code != 0:
        command = " ".join(words)
        raise CommandFailed(f"'digitizer {command}' ended with {code}: {_last_line(said)}", code)


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1].removeprefix("digitizer: ") if lines else "it said nothing"
