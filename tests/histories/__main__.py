"""Runs many histories and prints what happened in them: ``python -m tests.histories 10000``.

Progress goes to standard error. A history that goes wrong is made as short as it gets and printed
as the calls that lead to it; the others go on. The exit code is 1 where one did.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.histories.machine import World, of
from tests.histories.world import made

_A_ROUND = 100
_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 1 << 30


def main() -> None:
    """Run as many histories as asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.histories", description=__doc__)
    parser.add_argument("histories", type=int, nargs="?", default=10_000)
    parser.add_argument("--steps", type=int, default=12, help="most steps a history")
    parser.add_argument("--seed", type=int, default=0, help="of the first round")
    asked = parser.parse_args()
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="histories-", dir=_fast_folder()) as folder,
        made(Path(folder)) as world,
    ):
        violations = _run(world, asked.histories, asked.steps, asked.seed)
        tally = world.tally
    sys.stdout.write(_table(tally, violations, time.monotonic() - began))
    sys.exit(1 if violations else 0)


def _fast_folder() -> Path | None:
    """Return a folder in memory where there is room; homes wait for the disk at every step."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES:
        return _MEMORY
    return None


def _run(world: World, histories: int, steps: int, first: int) -> int:
    """Run them in rounds, each from a seed of its own; return how many rounds went wrong."""
    violations = number = 0
    while world.tally["histories"] < histories:
        left = histories - world.tally["histories"]
        run = settings(
            max_examples=min(_A_ROUND, left),
            stateful_step_count=steps,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        machine = seed(first + number)(of(world))
        try:
            run_state_machine_as_test(machine, settings=run)
        except Exception:
            violations += 1
            sys.stderr.write(f"\nround {first + number}:\n{traceback.format_exc()}\n")
        number += 1
        done = world.tally["histories"]
        sys.stderr.write(f"\r{done} of {histories} histories, {violations} violations")
        sys.stderr.flush()
    sys.stderr.write("\n")
    return violations


def _table(tally: Counter[str], violations: int, seconds: float) -> str:
    rows = [("histories", tally["histories"]), ("steps", tally["steps"])]
    rows += sorted(
        (name, count) for name, count in tally.items() if name not in ("histories", "steps")
    )
    rows += [("violations", violations), ("seconds", round(seconds))]
    width = max(len(name) for name, _ in rows)
    return "".join(f"| {name:<{width}} | {count:>8} |\n" for name, count in rows)


if __name__ == "__main__":
    main()
