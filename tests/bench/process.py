"""Runs a command to its end and measures it with all its descendants."""

from __future__ import annotations

import contextlib
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.table import path_env

_SAMPLE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Run:
    """``seconds`` of wall clock; ``peak_bytes``: the largest sum of proportional memory, 0 where
    it was not watched."""

    seconds: float
    peak_bytes: int


def run(command: list[str], *, memory: bool = True) -> Run:
    """Run ``command``; raise ``CalledProcessError`` where it fails.

    ``memory``: Look at its memory ten times a second, which takes it some of its time.
    """
    began = time.monotonic()
    peak = 0
    with subprocess.Popen(
        ["nice", "-n", "10", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=path_env(),
    ) as process:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                _, errors = process.communicate(timeout=_SAMPLE_SECONDS)
                break
            if memory:
                peak = max(peak, _tree_bytes(process.pid))
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=errors)
    return Run(time.monotonic() - began, peak)


def _tree_bytes(root: int) -> int:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    total, open_ends = 0, [root]
    while open_ends:
        pid = open_ends.pop()
        open_ends.extend(children.get(pid, ()))
        total += _proportional_bytes(pid)
    return total


def _proportional_bytes(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
