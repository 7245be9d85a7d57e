"""A small disk that really is one, and really gets full."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def small_disk(place: Path, size: int) -> Iterator[Path]:
    """A disk of so many bytes at ``place``, where this machine lets us have one."""
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "digitizer-test", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting takes an administrator")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def fill(disk: Path) -> None:
    """Leave not one byte."""
    with contextlib.suppress(OSError), (disk / "others").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 16))
    found = os.statvfs(disk)
    assert found.f_bavail * found.f_frsize == 0
