"""Starts the command line in forked children, so that a thousand starts cost no thousand imports.

Run by ``test_kills``. Reads one JSON request a line: ``{"words", "out"}`` forks a child that runs
``digitizer`` with these words, its standard output going to the pipe named ``out``, and answers
with its process number; ``{"wait"}`` waits for a child and answers when it is gone for good.
"""

from __future__ import annotations

import json
import os
import sys
import traceback

from digitizer.cli import main as command
from drivers import host  # noqa: F401 - imported once for all children


def _live(words: list[str], out: str) -> None:
    os.setsid()
    os.dup2(os.open(out, os.O_WRONLY), 1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(0, 2)
    sys.stdout, sys.stderr = (open(number, "w", closefd=False) for number in (1, 2))  # noqa: SIM115 - for good
    sys.argv[1:] = words
    command.main()


def main() -> None:
    """Serve requests until standard input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            os.waitpid(request["wait"], 0)
            answer = request["wait"]
        else:
            answer = os.fork()
            if answer == 0:
                try:
                    _live(request["words"], request["out"])
                except SystemExit as left:
                    os._exit(int(left.code or 0))
                except BaseException:
                    traceback.print_exc()
                    os._exit(1)
        os.write(3, f"{answer}\n".encode())


if __name__ == "__main__":
    main()
