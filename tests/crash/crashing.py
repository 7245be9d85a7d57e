"""Runs a scenario in a child under the shim, and tells what came of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KILLED = -9


@dataclass(frozen=True)
class Outcome:
    """How a child ended: its exit code, what it told before, the calls it made."""

    exit: int
    told: list[dict[str, Any]]
    calls: list[str]

    def pages(self) -> list[str]:
        """Hashes of the pages it reported as safe, in order."""
        return [one["sha256"] for one in self.told if "sha256" in one]

    def fact(self, name: str) -> Any:
        """The last value told under a name, or None."""
        return next((one[name] for one in reversed(self.told) if name in one), None)


def compiled_shim(folder: Path) -> Path:
    """Compile the shim into a folder."""
    shim = folder / "shim.so"
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-O1", "-o", str(shim), str(HERE / "shim.c"), "-ldl"],
        check=True,
    )
    return shim


class Nursery:
    """Forks children that run a scenario under the shim."""

    def __init__(self, shim: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore::DeprecationWarning", str(HERE / "nursery.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "LD_PRELOAD": str(shim), "PYTHONPATH": str(HERE.parent.parent)},
            text=True,
        )

    def run(self, home: Path, scenario: str, mode: str, nth: int) -> Outcome:
        """Run ``scenario`` on ``home``; the shim does ``mode`` at the ``nth`` call."""
        assert self._process.stdin and self._process.stdout
        request = {"home": str(home), "scenario": scenario, "mode": mode, "nth": nth}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Outcome(answer["exit"], answer["told"], answer["calls"])

    def close(self) -> None:
        """End it."""
        self._process.communicate()
