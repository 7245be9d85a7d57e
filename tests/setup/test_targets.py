"""What the Makefile starts beside the tests can be started: nothing else runs it for weeks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = sorted(set(re.findall(r"-m (tests\.[\w.]+)", (ROOT / "Makefile").read_text("utf-8"))))


def test_there_are_programs() -> None:
    assert "tests.histories" in PROGRAMS


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_starts_and_says_what_it_takes(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", program, "--help"], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"usage:" in done.stdout
