"""Runs the demonstration as `make demo` does, without its window, and looks for what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 240


@dataclass(frozen=True)
class Run:
    """One finished run: where it kept things, what it said, how it ended."""

    root: Path
    said: str
    code: int


def environment(root: Path, **extra: str) -> dict[str, str]:
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("DEMO_", "SANE_"))}
    return {**plain, "DEMO_HOME": str(root), "DEMO_WINDOW": "0", **extra}


@contextmanager
def started(root: Path, **extra: str) -> Iterator[subprocess.Popen[str]]:
    """A demonstration under way, and nothing left of it afterwards."""
    with subprocess.Popen(
        [sys.executable, "-m", "demo"],
        cwd=CHECKOUT,
        env=environment(root, **extra),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)


def run(root: Path, **extra: str) -> Run:
    with started(root, **extra) as process:
        said, _ = process.communicate(timeout=LONGEST_SECONDS)
    return Run(root, said, process.returncode)


def left_of(root: Path) -> list[str]:
    """Command lines of processes that still work on a demonstration, given a moment to end."""
    deadline = time.monotonic() + 5
    while (found := working_on(root)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def working_on(root: Path) -> list[str]:
    """Command lines of processes that work on a demonstration now."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().decode("utf-8", "replace").replace("\0", " ")
        except OSError:  # it ended just now
            continue
        if str(root) in command:
            found.append(command)
    return found
