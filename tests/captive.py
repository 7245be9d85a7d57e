"""A confined program under test: it is told its rights and some deeds, and tells how each ended.

``tried`` and ``all_tried`` run it. What a deed does is what hostile code in a child would do.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from digitizer import landlock, programs
from digitizer.confinement import Rights

ROOT = Path(__file__).resolve().parent.parent
DONE = "done"


def tried(deed: str, *told: str | Path, rights: Rights | None = None, kernel: int = 0) -> str:
    """Let a program with ``rights`` do a deed of ``DEEDS``; return ``DONE`` or the name of the
    error. ``kernel``: with no more of Landlock than that version has."""
    (ended,) = all_tried([(deed, *told)], rights, kernel)
    return ended


def all_tried(
    deeds: Sequence[tuple[str | Path, ...]], rights: Rights | None = None, kernel: int = 0
) -> list[str]:
    """Let one program do several deeds, one after the other; return how each ended."""
    own = rights or Rights()
    wanted = {
        "reads": [str(one) for one in own.reads],
        "writes": [str(one) for one in own.writes],
        "runs": [str(one) for one in own.runs],
        "network": own.network,
        "around": [str(one) for one in own.around],
    }
    words = [json.dumps(wanted), str(kernel), json.dumps([[str(one) for one in d] for d in deeds])]
    with mock.patch.dict(os.environ, PYTHONPATH=str(ROOT)):
        return list(programs.run_module("tests.captive", *words, timeout=120))


def _rights(argv: list[str]) -> Rights:
    wanted, kernel = json.loads(argv[0]), int(argv[1])
    if kernel:
        landlock.version = lambda: kernel  # type: ignore[assignment]
    return Rights(**{k: tuple(v) if isinstance(v, list) else v for k, v in wanted.items()})


def _main(argv: list[str]) -> Any:
    return [_ended(*deed) for deed in json.loads(argv[2])]


def _ended(deed: str, *told: str) -> str:
    try:
        DEEDS[deed](*told)
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return DONE


def _connect(host: str, port: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as line:
        line.settimeout(10)
        line.connect((host, int(port)))


def _connect_unix(name: str) -> None:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(name)


def _send(port: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.sendto(b"x", ("127.0.0.1", int(port)))


def _append(file: str) -> None:
    with Path(file).open("ab") as opened:
        opened.write(b"x")


def _empty_through_reading(file: str) -> None:
    os.close(os.open(file, os.O_RDONLY | os.O_TRUNC))


def _run(*words: str) -> None:
    subprocess.run(words, capture_output=True, check=False)


def _trace(process: str) -> None:
    if ctypes.CDLL(None, use_errno=True).ptrace(16, int(process), None, None) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _memory() -> None:
    os.close(os.memfd_create("x"))


DEEDS: dict[str, Callable[..., object]] = {
    "read": lambda file: Path(file).read_bytes(),
    "list": lambda folder: next(Path(folder).iterdir(), None),
    "append": _append,
    "write": lambda file: Path(file).write_bytes(b"x"),
    "remove": lambda file: Path(file).unlink(),
    "rename": lambda file, to: Path(file).rename(to),
    "link": lambda file, to: os.link(file, to),
    "symlink": lambda file, to: Path(to).symlink_to(file),
    "pipe": lambda file: os.mkfifo(file),
    "folder": lambda folder: Path(folder).mkdir(),
    "truncate": lambda file: os.truncate(file, 0),
    "empty through reading": _empty_through_reading,
    "mode": lambda file: Path(file).chmod(0o777),
    "times": lambda file: os.utime(file),
    "connect": _connect,
    "connect unix": _connect_unix,
    "send": _send,
    "run": _run,
    "fork": _fork,
    "signal": lambda process: os.kill(int(process), signal.SIGCONT),
    "trace": _trace,
    "memory": _memory,
}


if __name__ == "__main__":
    programs.serve(_main, _rights)
