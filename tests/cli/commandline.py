"""Runs the real command as a script outside the repository would, and holds every run to what
the contract says of all commands: exit codes, one line of trouble, nothing but JSON on standard
output.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from starting import Forked, Starter

from digitizer.sandbox.server import Address

COMMAND = (sys.executable, "-m", "digitizer")
CHECKOUT = Path(__file__).parent.parent.parent
CODE = "000.00.20.H02-261122-0001"
_MARK = "DIGITIZER_TEST_RUN"
_LIMIT_SECONDS = 90.0
_TROUBLES = (2, 3, 4, 5)


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def value(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.out)

    @property
    def pages(self) -> list[dict[str, Any]]:
        """The page events."""
        return [line for line in self.lines if line["event"] == "page"]

    @property
    def trouble(self) -> str:
        """The one line on standard error."""
        (line,) = self.err.splitlines()
        return line


@dataclass
class Running:
    """A command at work."""

    process: subprocess.Popen[bytes] | Forked
    mark: str
    as_json: bool
    read: list[str] = field(default_factory=list)
    _lines: queue.SimpleQueue[bytes | None] = field(default_factory=queue.SimpleQueue)
    _noise: list[bytes] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def listen(self) -> None:
        """Begin to read what it says."""
        self._threads = [
            threading.Thread(target=self._hear_out), threading.Thread(target=self._hear_err)
        ]  # fmt: skip
        for thread in self._threads:
            thread.start()

    def line(self, timeout: float = 30.0) -> str:
        """The next line of standard output, as soon as it is there."""
        line = self._lines.get(timeout=timeout)
        if line is None:
            raise EOFError(b"".join(self._noise).decode(errors="replace"))
        self.read.append(line.decode().rstrip("\n"))
        return self.read[-1]

    def event(self, timeout: float = 30.0) -> dict[str, Any]:
        """The next line, as JSON."""
        return dict(json.loads(self.line(timeout)))

    def end(self, number: signal.Signals | None = None, *, within: float = _LIMIT_SECONDS) -> Done:
        """Send a signal if one is given, wait for the end, and check what holds for every end."""
        began = time.monotonic()
        if number is not None:
            self.process.send_signal(number)
        try:
            self.process.wait(within + 30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        took = time.monotonic() - began
        for thread in self._threads:
            thread.join()
        while (line := self._lines.get()) is not None:
            self.read.append(line.decode().rstrip("\n"))
        done = Done(
            self.process.returncode,
            "".join(f"{line}\n" for line in self.read),
            b"".join(self._noise).decode(errors="backslashreplace"),
        )
        busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # others at work beside it
        assert took < within * busy, f"it took {took:.1f} s to end: {done}"
        check(done, as_json=self.as_json)
        return done

    def kill(self) -> None:
        """End it without a question, where a test did not come to its end."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()

    def left(self) -> list[str]:
        """What it left running, after a moment to end."""
        for _ in range(20):
            if not (alive := marked(self.mark)):
                return []
            time.sleep(0.1)
        return alive

    def _hear_out(self) -> None:
        assert self.process.stdout
        with self.process.stdout as out:
            for line in out:
                self._lines.put(line)
        self._lines.put(None)

    def _hear_err(self) -> None:
        assert self.process.stderr
        with self.process.stderr as err:
            self._noise.extend(err)


@dataclass(frozen=True)
class CommandLine:
    """The command, on one home, with an environment of its own."""

    home: Path
    env: Mapping[str, str]
    starter: Starter | None = None
    prefix: Sequence[str] = ()
    started: list[Running] = field(default_factory=list)

    def with_env(self, **more: str) -> CommandLine:
        """The same with other variables."""
        return replace(self, env={**self.env, **more})

    def at(self, home: Path) -> CommandLine:
        """The same on another home."""
        return replace(self, home=home)

    @property
    def temporary(self) -> Path:
        """Where its temporary files go."""
        return Path(self.env["TMPDIR"])

    def anew(self) -> CommandLine:
        """The same, started as its user starts it: not forked from one that is loaded."""
        return replace(self, starter=None)

    def start(
        self,
        *args: str | Path | bytes,
        as_json: bool = True,
        stdin: int = subprocess.DEVNULL,
    ) -> Running:
        """Start a command; end it by ``Running.end``."""
        mark = uuid.uuid4().hex
        options = ("--json",) if as_json else ()
        words = ("--home", self.home, *options, *args)
        env = {**self.env, _MARK: mark}
        process: subprocess.Popen[bytes] | Forked
        if self.starter and not self.prefix and _as_the_starter(env):
            process = self.starter.start(words, env, stdin=stdin)
        else:
            process = subprocess.Popen(
                [*self.prefix, *COMMAND, *words],
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=env,
            )
        running = Running(process, mark, as_json)
        running.listen()
        self.started.append(running)
        return running

    def without_home(self, *args: str) -> Done:
        """Run a command without ``--home``."""
        done = subprocess.run(
            [*COMMAND, "--json", *args], env=self.env, stdin=subprocess.DEVNULL, capture_output=True
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def run(self, *args: str | Path | bytes, as_json: bool = True, said: str | None = None) -> Done:
        """Run a command to its end. ``said``: what standard input holds."""
        if said is None:
            return self.start(*args, as_json=as_json).end()
        running = self.start(*args, as_json=as_json, stdin=subprocess.PIPE)
        assert running.process.stdin
        with contextlib.suppress(BrokenPipeError), running.process.stdin as stdin:
            stdin.write(said.encode())
        return running.end()

    def ok(self, *args: str | Path | bytes, said: str | None = None) -> Done:
        """Run a command that must succeed."""
        done = self.run(*args, said=said)
        assert done.code == 0, done
        return done

    def point(self, server: Address, password: str | None = None) -> None:
        """Set ``server`` as the procedure system, with its own password or another."""
        where = ("--kind", "opencps", "--url", server.url, "--group", server.group)
        said = f"{server.password if password is None else password}\n"
        self.ok("server", "set", *where, "--user", server.user, said=said)

    def papers(self, code: str = CODE) -> dict[str, dict[str, Any]]:
        """A dossier's papers by their part, as ``dossier show`` tells them."""
        return {paper["part"]: paper for paper in self.ok("dossier", "show", code).value["papers"]}

    def hashes(self, part: str = "TP99", code: str = CODE) -> list[str]:
        """The pages of a paper, in their order."""
        papers = self.papers(code)
        return [page["sha256"] for page in papers[part]["pages"]] if part in papers else []

    def sound(self) -> None:
        """Check that the home is fit: ``verify`` finds nothing, and nothing is left over."""
        done = self.ok("verify")
        assert done.value["problems"] == []
        assert list((self.home / "incoming").rglob("*")) == []


def together(runs: Sequence[tuple[CommandLine, Sequence[str | Path]]]) -> list[Done]:
    """Run commands four at a time, to their ends; their results in the same order."""
    found = []
    for first in range(0, len(runs), 4):
        started = [command.start(*args) for command, args in runs[first : first + 4]]
        found += [running.end() for running in started]
    return found


def check(done: Done, *, as_json: bool) -> None:
    """What holds for every command, however it ended."""
    assert "Traceback" not in done.err, done
    assert "Exception ignored" not in done.err, done
    assert done.code in (0, *_TROUBLES, -signal.SIGKILL), done
    if done.code in _TROUBLES:
        assert done.err.endswith("\n"), done
        assert len(done.err.splitlines()) == 1 or not as_json, done
        assert done.err.splitlines()[-1].startswith("digitizer: "), done
    if as_json:
        assert done.code != 0 or len(done.err.splitlines()) <= 1, done
        for line in done.out.splitlines():
            json.loads(line)


def marked(mark: str) -> list[str]:
    """Every process that inherited ``mark``."""
    return list(_marked(f"{_MARK}={mark}".encode()))


def _marked(wanted: bytes) -> Iterator[str]:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        with contextlib.suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                if command:  # a zombie has none
                    yield f"{folder.name} {command.decode(errors='replace')}"


def _as_the_starter(env: Mapping[str, str]) -> bool:
    """Whether nothing in ``env`` is read before the command's first line, when it is loaded. Which
    keyring there is is looked up when one is wanted first."""
    early = {key: env[key] for key in env if key.startswith(("PYTHON", "LD_", "LC_", "LANG"))}
    early.pop("PYTHON_KEYRING_BACKEND")
    return early == {
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
    }


def environment(temporary: Path, sane: Path) -> dict[str, str]:
    """A bare environment: nothing of the tester's own home, devices, keyring or language."""
    temporary.mkdir(exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(temporary),
        "TMPDIR": str(temporary),
        "PYTHONPATH": str(CHECKOUT),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SANE_CONFIG_DIR": str(sane),
        "LC_ALL": "C.UTF-8",
    }
