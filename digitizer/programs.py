"""Child programs: run one, with low priority, a time limit and a whole-tree kill.

Both ends live here. The parent calls ``run_module``; a program's ``__main__`` calls ``serve``.
A program takes file names as arguments and prints one JSON value; a known trouble is printed as
``{"error": code, "detail": …}`` and becomes the same class in the parent. Every child dies with
its parent and takes its own children along. Before it looks at anything it gives up every right
but those that it says it needs (``confinement``); what it answers is bounded, and no more believed
than the files that it read. Knows nothing of what the programs do.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from msgspec.structs import replace

from digitizer import confinement, installed, jobs
from digitizer.allowance import MOST_ANSWER, limit_all, limit_time
from digitizer.confinement import Rights
from digitizer.ears import Complaint, Ear
from digitizer.errors import (
    DigitizerError,
    ProgramCrashed,
    ProgramTimeout,
    Stopped,
    from_code,
    from_os,
)
from digitizer.lastwords import last_words

log = logging.getLogger(__name__)

_POLL_SECONDS = 0.05
_STAY = "--stay"
_PR_SET_PDEATHSIG = 1
_PARENT = "DIGITIZER_PARENT"

_COMPLAINT_KEPT = 2000
_LEFTOVER_SECONDS = 1.0
UNSEEN: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows opens a console for a program that has none; nobody wants to see it."""


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the children's environment: one thread each, UTF-8, who their parent is."""
    ours = {
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",  # a thread that is there before has rights of its own
        "PYTHONUTF8": "1",
        _PARENT: str(os.getpid()),
    }
    return {**os.environ, **ours, **(extra or {})}


def interpreter() -> str:
    """Return the program that children of ours are run with."""
    return installed.interpreter()


def module_command(module: str, *args: str) -> list[str]:
    """Return the command line that runs one of our own modules with this interpreter; no module is
    taken from the folder that one happens to be in."""
    alone = () if installed.is_frozen() else ("-P",)
    return [interpreter(), *alone, "-m", module, *args]


class Child(subprocess.Popen[bytes]):
    """A process; on Windows, with the ``job`` that ends all it starts along with it."""

    job: jobs.Job | None = None


def start(
    argv: list[str],
    *,
    stdin: int = subprocess.DEVNULL,
    stderr: int | IO[bytes] = subprocess.PIPE,
    extra_env: Mapping[str, str] | None = None,
) -> Child:
    """Start ``argv`` in a session of its own with a pipe on its stdout."""
    process = Child(
        argv,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=environment(extra_env),
        start_new_session=True,
        creationflags=UNSEEN,
    )
    process.job = jobs.holding(int(getattr(process, "_handle", 0)))
    return process


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill ``process`` (started with a session of its own) and every child it started, and reap it.

    Its children outlive a leader that died by itself. Until it is reaped its number cannot be
    another's; nor later, while one of its session is left.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    if isinstance(process, Child) and process.job is not None:
        process.job.close()
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
            out = Ear(process.stdout, MOST_ANSWER, lambda: kill_tree(process))
            err = Complaint(process.stderr, _COMPLAINT_KEPT)
            try:
                _wait(process, (out, err), module, deadline, stop)
            finally:
                kill_tree(process)
                for ear in (out, err):
                    ear.join(_LEFTOVER_SECONDS)
    return _answer(module, process.returncode, out.heard, err.heard)


def _wait(
    process: Child,
    said: Sequence[threading.Thread],
    module: str,
    deadline: float,
    stop: threading.Event | None,
) -> None:
    """Wait until all is said and the process has ended."""
    while True:
        speaking = next((ear for ear in said if ear.is_alive()), None)
        if speaking is not None:
            speaking.join(_POLL_SECONDS)
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_POLL_SECONDS)
                return
        if stop is not None and stop.is_set():
            raise Stopped
        if time.monotonic() >= deadline:
            raise ProgramTimeout(_short(module))


def _answer(module: str, returncode: int, out: bytes, err: bytes) -> Any:
    name = _short(module)
    try:
        value = json.loads(out)
    except (ValueError, RecursionError):
        log.error("%s exited %s without an answer; %s", name, returncode, last_words(err))
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

    def __init__(self, module: str, scratch: Path, reads: Sequence[Path] = ()) -> None:
        """Nothing is started yet.

        Args:
            module: As for ``run_module``.
            scratch: The folder for all that it writes.
            reads: What it may read beside, whatever it is asked: that is fixed when it starts.
        """
        self._module = module
        self._scratch = scratch
        self._reads = [str(one) for one in reads]
        self._process: Child | None = None
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
            self._tell(process, args)
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

    def _started(self) -> Child:
        private = {name: str(self._scratch) for name in ("TMPDIR", "TEMP", "TMP")}
        self._said = tempfile.TemporaryFile(dir=self._scratch)  # noqa: SIM115 - closed with it
        process = start(
            module_command(self._module, _STAY),
            stdin=subprocess.PIPE,
            stderr=self._said,
            extra_env=private,
        )
        answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=_hear, args=(process, answers), daemon=True).start()
        self._process, self._answers, self._asked = process, answers, 0
        self._tell(process, self._reads)
        return process

    def _tell(self, process: Child, value: object) -> None:
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        with contextlib.suppress(BrokenPipeError):  # it died: its answer is the empty one
            process.stdin.write(json.dumps(value).encode("ascii") + b"\n")
            process.stdin.flush()

    def _complaint(self) -> bytes:
        """Return the last that the program said on its standard error before it ended."""
        if self._said is None:
            return b""
        self._said.seek(max(0, self._said.seek(0, os.SEEK_END) - _COMPLAINT_KEPT))
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


def _hear(process: Child, answers: queue.SimpleQueue[bytes]) -> None:
    """Pass a companion's answers on; an empty one says that it has ended. One that says too much
    at once is ended."""
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    with process.stdout as lines:
        while line := lines.readline(MOST_ANSWER + 1):
            if len(line) > MOST_ANSWER:
                kill_tree(process)
                break
            answers.put(line)
    process.wait()
    answers.put(b"")


def _least(_argv: list[str]) -> Rights:
    return Rights()


def serve(main: Callable[[list[str]], Any], rights: Callable[[list[str]], Rights] = _least) -> None:
    """Run ``main(argv)`` as a child program: print its value, or its error, as JSON.

    As a ``Companion`` it stays: it reads one JSON list of arguments a line, until there are no
    more. The first line of all lists what it may read.

    Args:
        main: What the program does.
        rights: What it needs for its arguments beside its temporary folder; a companion is asked
            without any. By default nothing. Whatever is not in it is given up before ``main``.
    """
    die_with_parent()
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.nice(10)
    limit_all()
    if sys.argv[1:] != [_STAY]:
        _say(lambda argv: _confined(main, rights(argv), argv), sys.argv[1:])
        return
    reads = json.loads(sys.stdin.readline() or "[]")
    own = rights([])
    _confine(replace(own, reads=(*own.reads, *reads)))
    for line in sys.stdin:
        _say(main, json.loads(line))
        sys.stdout.write("\n")
        sys.stdout.flush()


def _confined(main: Callable[[list[str]], Any], rights: Rights, argv: list[str]) -> Any:
    _confine(rights)
    return main(argv)


def _confine(rights: Rights) -> None:
    confinement.confine(replace(rights, writes=(*rights.writes, tempfile.gettempdir())))


def _say(main: Callable[[list[str]], Any], argv: list[str]) -> None:
    limit_time()
    try:
        answer: Any = main(argv)
    except DigitizerError as error:
        answer = {"error": error.code, "detail": error.detail}
    except OSError as error:
        known = from_os(error)
        answer = {"error": known.code, "detail": known.detail}
        if error.errno == errno.EFBIG:  # than ``allowance`` has
            answer = {"error": "image-too-large", "detail": "a file of more than 4 GB"}
    except MemoryError:
        answer = {"error": "image-too-large", "detail": "out of memory"}
    sys.stdout.write(json.dumps(answer))  # ASCII: a file name may be no text
    sys.stdout.flush()


def die_with_parent() -> None:
    """Ask to be told of the parent's death, and take the whole session along when told.

    A parent that died while this process was still starting is noticed as well.
    """
    parent = int(os.environ.get(_PARENT) or os.getppid())
    if sys.platform == "win32":
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
