"""Memory that is free goes back to the system."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

_HELD = """
import ctypes, sys
from pathlib import Path

from digitizer.allocation import give_back

if sys.argv[1] == "settled":
    give_back()
c = ctypes.CDLL(None)
c.malloc.restype = ctypes.c_void_p
c.malloc.argtypes = [ctypes.c_size_t]
c.free.argtypes = [ctypes.c_void_p]
MB = 1 << 20

def resident():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))

c.free(c.malloc(30 * MB))  # a picture of a whole page
before = resident()
blocks = [c.malloc(MB) for _ in range(50)]
for block in blocks:
    ctypes.memset(block, 1, MB)
small = c.malloc(1000)  # what stays behind them
for block in blocks:
    c.free(block)
print(resident() - before)
"""


def _kept(how: str) -> int:
    """The MB that a process keeps of 50 that it freed."""
    done = subprocess.run(
        [sys.executable, "-c", _HELD, how], stdout=subprocess.PIPE, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="another C library")
def test_freed_blocks_are_given_back_to_the_system() -> None:
    assert _kept("settled") < 10
    assert _kept("plain") > 40  # or there was nothing to change
