"""``python -m tests.fuzz [EXAMPLES]``: every fuzz test with so many examples (2000), all anew."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

from tests.fuzz import VARIABLE

ROOT = Path(__file__).resolve().parents[2]
FILES = ("tests/fuzz", "tests/pages/test_fuzz.py", "tests/bridge/test_bridge_fuzz.py")


def main() -> int:
    """Run them one after the other; return pytest's status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("examples", type=int, nargs="?", default=2000)
    asked = parser.parse_args()
    if os.environ.get(VARIABLE) is None:  # the tests look at it when they are loaded
        words = [sys.executable, "-m", "tests.fuzz"]
        os.execve(sys.executable, words, {**os.environ, VARIABLE: str(asked.examples)})  # noqa: S606
    os.chdir(ROOT)
    return int(
        pytest.main(
            ["-q", "-p", "no:cacheprovider", "--timeout=0", "-o", "faulthandler_timeout=0", *FILES]
        )
    )


if __name__ == "__main__":
    sys.exit(main())
