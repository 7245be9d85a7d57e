"""Child programs: run one, with low priority, a time limit and a whole-tree kill.

Both ends live here. The parent calls ``run_module``; a program's ``__main__`` calls ``serve``.
A program takes file names as arguments and prints one JSON value; a known trouble is printed as
``{"error": code, "detail": …}`` and becomes the same class in the parent. Every child dies with
its parent and takes its own children along. Knows nothing of what the programs do.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from digitizer.errors import (
    DigitizerError,
    ProgramCrashed,
    ProgramTimeout,
    Stopped,
    from_code,
    from_os,
)

if sys.platform != "win32":
    import resource

log = logging.getLogger(__name__)

_POLL_SECONDS = 0.05
_STAY = "--stay"
_PR_SET_PDEATHSIG = 1
_PARENT = "DIGITIZER_PARENT"

MOST_MEMORY = 4 << 30
"""Bytes of address space a program may take: thrice what an A3 page at 600 dpi in colour needs."""
MOST_SECONDS = 1800
"""Processor seconds for one answer: as much as the longest time limit of any program."""


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the children's environment: one thread each, UTF-8, who their parent is."""
    ours = {"OMP_THREAD_LIMIT": "1", "PYTHONUTF8": "1", _PARENT: str(os.getpid())}
    return {**os.environ, **ours, **(extra or {})}


def module_command(module: str, *args: str) -> list[str]:
    """Return the command line that runs one of our own modules with this interpreter.

    ``-P``: what lies in the folder the program was started from is not looked at for modules. A
    folder named ``digitizer`` there, such as a checkout in one's home, would be taken for ours.
    """
    return [sys.executable, "-P", "-m", module, *args]


def start(
    argv: list[str],
    *,
    stdin: int = subprocess.DEVNULL,
    extra_env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``argv`` in a session of its own with pipes on stdout and stderr."""
    return subprocess.Popen(
        argv,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(extra_env),
        start_new_session=True,
    )


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill ``process`` (made by ``start``) and every child it started, and reap it.

    Its children outlive a leader that died by itself. Until it is reaped its number cannot be
    another's; nor later, while one of its session is left.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def run_module(
    module: str,
    *args: str,
    timeout: float,
    stop: threading.Event | None = None,
    scratch: Path | None = None,
) -> Any:
    """Run one of our programs to its end and return the JSON value it printed.

    Args:
        module: Dotted name of a module whose ``__main__`` calls ``serve``.
        args: Its arguments; file names, never personal data.
        timeout: Seconds after which it is killed.
        stop: Set from another thread to kill it at once.
        scratch: Where its temporary files go, into a folder that is removed however it ends;
            the platform's temporary folder by default.

    Raises:
        ProgramTimeout, ProgramCrashed, Stopped: as they say.
        DigitizerError: whatever class the program reported.
        OSError: ``scratch`` takes nothing.
    """
    deadline = time.monotonic() + timeout
    with tempfile.TemporaryDirectory(
        prefix="digitizer-", dir=scratch, ignore_cleanup_errors=True
    ) as private:
        extra_env = {"TMPDIR": private, "TEMP": private, "TMP": private}
        with start(module_command(module, *args), extra_env=extra_env) as process:
            try:
                out, err = _wait(process, module, deadline, stop)
            finally:
                kill_tree(process)
    return _answer(module, process.returncode, out, err)


def _wait(
    process: subprocess.Popen[bytes], module: str, deadline: float, stop: threading.Event | None
) -> tuple[bytes, bytes]:
    while True:
        try:
            return process.communicate(timeout=_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if stop is not None and stop.is_set():
                raise Stopped from None
            if time.monotonic() >= deadline:
                raise ProgramTimeout(_short(module)) from None


def _answer(module: str, returncode: int, out: bytes, err: bytes) -> Any:
    name = _short(module)
    try:
        value = json.loads(out)
    except ValueError:
        log.error(
            "%s exited %s without an answer: %s",
            name,
            returncode,
            err[-2000:].decode("utf-8", "replace"),
        )
        raise ProgramCrashed(f"{name}, exit {returncode}") from None
    if isinstance(value, dict) and "error" in value:
        raise from_code(str(value["error"]), str(value.get("detail", "")))
    if returncode != 0:
        raise ProgramCrashed(f"{name}, exit {returncode}")
    return value


def _short(module: str) -> str:
    return module.rpartition(".")[2]


class Companion:
    """One of our programs that stays and answers question after question.

    For many small questions, where starting a program for each would be most of the work. It is
    started at the first question and anew after a crash, a time limit, or ``_QUESTIONS``: only
    the question that brought it down fails. Close it on the thread that asked.
    """

    _QUESTIONS = 100
    """So many questions one process answers; then its memory is given back."""

    def __init__(self, module: str, scratch: Path) -> None:
        """``module``: as for ``run_module``; ``scratch``: a folder for its temporary files."""
        self._module = module
        self._scratch = scratch
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._asked = 0
        self._said: IO[bytes] | None = None

    def ask(self, *args: str, timeout: float, stop: threading.Event | None = None) -> Any:
        """Return the JSON value that the program answers to ``args``; raises as ``run_module``."""
        deadline = time.monotonic() + timeout
        if self._asked >= self._QUESTIONS:
            self.close()
        process = self._process or self._started()
        self._asked += 1
        try:
            assert process.stdin is not None  # noqa: S101 - a pipe was asked for
            with contextlib.suppress(BrokenPipeError):  # it died: its answer is the empty one
                process.stdin.write(json.dumps(args).encode("ascii") + b"\n")
                process.stdin.flush()
            answer = self._answer(deadline, stop)
        except BaseException:
            self.close()
            raise
        if not answer:
            complaint = self._complaint()
            self.close()
            return _answer(self._module, process.returncode, b"", complaint)
        return _answer(self._module, 0, answer, b"")

    def _answer(self, deadline: float, stop: threading.Event | None) -> bytes:
        while True:
            try:
                return self._answers.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                if stop is not None and stop.is_set():
                    raise Stopped from None
                if time.monotonic() >= deadline:
                    raise ProgramTimeout(_short(self._module)) from None

    def _started(self) -> subprocess.Popen[bytes]:
        private = {name: str(self._scratch) for name in ("TMPDIR", "TEMP", "TMP")}
        self._said = tempfile.TemporaryFile(dir=self._scratch)  # noqa: SIM115 - closed with it
        process = subprocess.Popen(
            module_command(self._module, _STAY),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=environment(private),
            start_new_session=True,
        )
        answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=_hear, args=(process, answers), daemon=True).start()
        self._process, self._answers, self._asked = process, answers, 0
        return process

    def _complaint(self) -> bytes:
        """Return what the program said on its standard error before it ended."""
        if self._said is None:
            return b""
        self._said.seek(0)
        return self._said.read()

    def close(self) -> None:
        """End the program, if it runs."""
        process, self._process, self._asked = self._process, None, 0
        if process is not None:
            kill_tree(process)
            with contextlib.suppress(OSError):
                if process.stdin is not None:
                    process.stdin.close()
        if self._said is not None:
            self._said.close()
            self._said = None


def _hear(process: subprocess.Popen[bytes], answers: queue.SimpleQueue[bytes]) -> None:
    """Pass a companion's answers on; an empty one says that it has ended."""
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    with process.stdout as lines:
        for line in lines:
            answers.put(line)
    process.wait()
    answers.put(b"")


def serve(main: Callable[[list[str]], Any]) -> None:
    """Run ``main(argv)`` as a child program: print its value, or its error, as JSON.

    As a ``Companion`` it stays: it reads one JSON list of arguments a line, until there are no
    more.
    """
    die_with_parent()
    with contextlib.suppress(OSError):
        os.nice(10)
    _limit_memory()
    if sys.argv[1:] != [_STAY]:
        _say(main, sys.argv[1:])
        return
    for line in sys.stdin:
        _say(main, json.loads(line))
        sys.stdout.write("\n")
        sys.stdout.flush()


def _limit_memory() -> None:
    """Bound what a hostile file can make this program, and what it starts, take."""
    if sys.platform == "win32":
        return
    for kind, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CORE, 0)):
        _, ceiling = resource.getrlimit(kind)
        if ceiling == resource.RLIM_INFINITY or ceiling > most:
            resource.setrlimit(kind, (most, most))


def _limit_time() -> None:
    """Bound the processor time of the answer that is to come."""
    if sys.platform == "win32":
        return
    spent = resource.getrusage(resource.RUSAGE_SELF)
    until = int(spent.ru_utime + spent.ru_stime) + MOST_SECONDS
    _, ceiling = resource.getrlimit(resource.RLIMIT_CPU)
    if ceiling == resource.RLIM_INFINITY or ceiling > until:
        resource.setrlimit(resource.RLIMIT_CPU, (until, ceiling))


def _say(main: Callable[[list[str]], Any], argv: list[str]) -> None:
    _limit_time()
    try:
        answer: Any = main(argv)
    except DigitizerError as error:
        answer = {"error": error.code, "detail": error.detail}
    except OSError as error:
        known = from_os(error)
        answer = {"error": known.code, "detail": known.detail}
    except MemoryError:
        answer = {"error": "image-too-large", "detail": "out of memory"}
    sys.stdout.write(json.dumps(answer))  # ASCII: a file name may be no text
    sys.stdout.flush()


def die_with_parent() -> None:
    """Ask to be told of the parent's death, and take the whole session along when told.

    A parent that died while this process was still starting is noticed as well.
    """
    parent = int(os.environ.get(_PARENT) or os.getppid())
    if os.name != "posix":
        return

    def leave(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if os.getpgid(0) == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(143)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            leave()
