"""Starts the command line in forked children, so that a thousand starts cost no thousand imports.

The other half of ``starting``, which runs this file. Reads one JSON request a message from the
socket it is given, ``{"words", "env"}``, with four descriptors: the child's standard input, output
and error, and a pipe on which its end is told (its exit code, or minus the signal that ended it).
Answers with the child's process number. From there on the child is the command as
``python -m digitizer`` starts it, with that environment, and leaves as that does.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys

import digitizer.__main__
import digitizer.app
import digitizer.cli.main
import digitizer.diagnosis
import drivers.host
import drivers.watching  # noqa: F401 - loaded once for all children, as those above


def serve(asked: socket.socket) -> dict[str, object] | None:
    """Serve requests until the other end closes: None; in a child, what it has to be."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(asked, 1 << 20, 4)
        if not message:
            return None
        hears, number = os.pipe()
        if os.fork() == 0:  # SIGCHLD is ignored: nobody has to wait for it
            _mind(descriptors, number)
            asked.close()
            os.close(hears)
            return dict(json.loads(message))
        for one in (*descriptors, number):
            os.close(one)
        with os.fdopen(hears, "rb") as told:
            asked.send(told.readline())


def _mind(descriptors: list[int], number: int) -> None:
    """Fork the command, which returns; stay until it has ended, and tell how."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child:
        for one in descriptors[:3]:
            os.close(one)
        os.write(number, f"{child}\n".encode())
        os.close(number)
        _, status = os.waitpid(child, 0)
        os.write(descriptors[3], f"{os.waitstatus_to_exitcode(status)}".encode())
        os._exit(0)
    for place, one in enumerate(descriptors[:3]):
        os.dup2(one, place)
    for one in (*descriptors, number):
        os.close(one)


def become(wanted: dict[str, object]) -> None:
    """Be the command: its words, its environment, its own streams."""
    os.environ.clear()
    os.environ.update(wanted["env"])  # type: ignore[arg-type]
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - for good, as the next two
    sys.stdout = open(1, "w", errors="surrogateescape", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.argv = [digitizer.__main__.__file__, *wanted["words"]]  # type: ignore[misc]
    digitizer.__main__.main()


def prepare() -> None:
    """Make what every child makes before it looks at its words."""
    digitizer.cli.main.command().make_context("digitizer", ["--home", "x", "status"])
    gc.freeze()


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    prepare()
    if (wanted := serve(socket.socket(fileno=int(sys.argv[1])))) is not None:
        become(wanted)
