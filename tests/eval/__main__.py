"""The evaluation program: measures each task, prints its table, exits 1 on a missed target."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Callable
from pathlib import Path

from tests import eval as tasks
from tests.bench import table
from tests.bench.table import Figure

Measure = Callable[[Path], list[Figure]]


def names() -> list[str]:
    """Return the tasks there are: the modules of this package."""
    return [found.name for found in pkgutil.iter_modules(tasks.__path__) if found.name[0] != "_"]


def main() -> int:
    """Run the evaluation."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of pages to measure on")
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=f"of {', '.join(names())}")
    parser.add_argument("--write", action="store_true", help=f"write {table.DOCUMENT}")
    chosen = parser.parse_args()
    if unknown := set(chosen.tasks) - set(names()):
        parser.error(f"no such task: {', '.join(sorted(unknown))}")
    if not chosen.data.is_dir():
        parser.error(f"no such folder: {chosen.data}")
    missed = False
    for name in chosen.tasks or names():
        print(f"measuring {name} …", file=sys.stderr, flush=True)  # noqa: T201
        measure: Measure = importlib.import_module(f"tests.eval.{name}").measure
        found = measure(chosen.data)
        print(f"\n### {name}\n\n{table.render(found)}", flush=True)  # noqa: T201
        missed |= any(figure.met is False for figure in found)
        if chosen.write:
            table.write_engine(name, found)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
