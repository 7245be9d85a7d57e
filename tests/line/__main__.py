"""Moves a backlog over a weak line and prints the table: ``python -m tests.line``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.line.run import Backlog, run, table


def main() -> None:
    """Run as asked; the exit code is 1 where a paper did not arrive exactly once."""
    usual = Backlog()
    parser = argparse.ArgumentParser(prog="python -m tests.line", description=__doc__)
    parser.add_argument("--papers", type=int, default=usual.papers)
    parser.add_argument("--cuts", type=int, default=usual.cuts)
    backlog = Backlog(**vars(parser.parse_args()))

    def told(text: str) -> None:
        sys.stderr.write(f"\r{text}")
        sys.stderr.flush()

    with tempfile.TemporaryDirectory(prefix="line-") as folder:
        outcome = run(backlog, Path(folder), told)
    sys.stderr.write("\n")
    sys.stdout.write(table(backlog, outcome))
    sys.exit(0 if outcome.server.once(backlog.papers) else 1)


if __name__ == "__main__":
    main()
