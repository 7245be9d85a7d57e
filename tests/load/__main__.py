"""Lets a province come online and prints the table: ``python -m tests.load``."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.load.province import Load, run, table

_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 4 << 30


def main() -> None:
    """Run as asked; the exit code is 1 where a paper did not arrive exactly once."""
    usual = Load()
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--desks", type=int, default=usual.desks)
    parser.add_argument("--papers", type=int, default=usual.papers)
    parser.add_argument("--size", type=int, default=usual.size, help="bytes a paper")
    parser.add_argument("--within", type=float, default=usual.within, help="seconds")
    parser.add_argument("--processes", type=int, default=usual.processes)
    parser.add_argument("--capacity", type=int, help="calls the server answers at a time")
    load = Load(**vars(parser.parse_args()))
    room = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
    with tempfile.TemporaryDirectory(prefix="load-", dir=_MEMORY if room else None) as folder:
        outcome = run(load, Path(folder))
    sys.stdout.write(table(load, outcome))
    sys.exit(0 if outcome.server.once(load.desks * load.papers) else 1)


if __name__ == "__main__":
    main()
