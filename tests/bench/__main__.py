"""The bench program: measures, prints the table, exits 1 where a target is missed."""

from __future__ import annotations

import argparse
import functools
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench import atrest, capture, ingest, memory, speed, table, window
from tests.bench.table import Figure

Measure = Callable[[Path], list[Figure]]

FIGURES: dict[str, Measure] = {
    "speed": speed.measure,
    "duplex": speed.measure_duplex,
    "memory": memory.measure,
    "capture": capture.measure,
    "ingest": ingest.measure,
    "window": window.measure,
    "atrest": atrest.measure,
}
RIVALS = {"speed": ("ocrmypdf",), "duplex": ("ocrmypdf",), "window": ("simple-scan",)}
"""Programs that a figure is measured against, by their commands; ``make bench`` installs them."""
QUICK: dict[str, Measure] = {
    "speed": functools.partial(speed.measure, count=speed.QUICK_COUNT),
    "duplex": functools.partial(speed.measure_duplex, sheets=speed.QUICK_SHEETS),
    "memory": functools.partial(memory.measure, many=memory.QUICK_MANY),
    "capture": functools.partial(capture.measure, count=capture.QUICK_COUNT),
    "ingest": functools.partial(ingest.measure, count=ingest.QUICK_COUNT),
    "window": functools.partial(
        window.measure, dossiers=window.QUICK_DOSSIERS, pages=window.QUICK_PAGES
    ),
    "atrest": functools.partial(
        atrest.measure, count=atrest.QUICK_COUNT, dossiers=atrest.QUICK_DOSSIERS
    ),
}


def rivals_of(figures: Iterable[str]) -> tuple[str, ...]:
    """Return the commands of the programs that some figures are measured against, each once."""
    return tuple(dict.fromkeys(rival for name in figures for rival in RIVALS.get(name, ())))


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "figures", nargs="*", metavar="FIGURE", help=f"of {', '.join(FIGURES)}; all by default"
    )
    parser.add_argument("--write", action="store_true", help=f"write {table.DOCUMENT}")
    parser.add_argument("--quick", action="store_true", help="fewer pages, to try the bench")
    chosen = parser.parse_args()
    if unknown := set(chosen.figures) - set(FIGURES):
        parser.error(f"no such figure: {', '.join(sorted(unknown))}")
    measures = QUICK if chosen.quick else FIGURES
    names = chosen.figures or list(measures)
    rivals = rivals_of(names)
    path = table.path_env()["PATH"]
    if missing := [rival for rival in rivals if shutil.which(rival, path=path) is None]:
        parser.error(f"not installed: {', '.join(missing)}; 'make bench' does it")
    figures: list[Figure] = []
    for name in names:
        print(f"measuring {name} …", file=sys.stderr, flush=True)  # noqa: T201
        with tempfile.TemporaryDirectory(prefix="digitizer-bench-") as folder:
            figures += measures[name](Path(folder))
    versions = table.versions(rivals)
    print(f"{table.machine()} · {versions}\n\n{table.render(figures)}")  # noqa: T201
    if chosen.write:
        table.write(figures, versions)
    return 0 if all(figure.met is not False for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
