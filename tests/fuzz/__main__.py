"""``python -m tests.fuzz [EXAMPLES]``: every fuzz test with so many examples (2000), all anew."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.fuzz import VARIABLE

ROOT = Path(__file__).resolve().parents[2]
FILES = ("tests/fuzz", "tests/pages/test_fuzz.py", "tests/bridge/test_bridge_fuzz.py")


def main() -> int:
    """Run them one after the other; return pytest's status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("examples", type=int, nargs="?", default=2000)
    asked = parser.parse_args()
    unlimited = ("--timeout=0", "-o", "faulthandler_timeout=0")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *unlimited, *FILES]
    env = {**os.environ, VARIABLE: str(asked.examples)}  # the tests look at it when they are loaded
    return subprocess.run(words, cwd=ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
