"""Peak memory of ``bundle`` for 300 pages against 30: it shall not grow with the stack."""

from __future__ import annotations

from pathlib import Path

from tests.bench import commands, pages, process
from tests.bench.table import Figure

FEW, MANY, QUICK_MANY = 30, 300, 60
_TARGET = 1.3
_MB = 1e6


def measure(folder: Path, *, many: int = MANY) -> list[Figure]:
    """Bundle a small stack and a large one of the same pages."""
    files = pages.short(folder / "stack", many)
    small = process.run(commands.bundle(files[:FEW], folder / "few.pdf"))
    large = process.run(commands.bundle(files, folder / "many.pdf"))
    ratio = large.peak_bytes / small.peak_bytes
    return [
        Figure(
            f"peak memory of bundle, {many} pages against {FEW}, MB",
            f"{large.peak_bytes / _MB:.0f}",
            f"{small.peak_bytes / _MB:.0f}",
            f"{ratio:.2f}",
            f"≤ {_TARGET:g}",
            ratio <= _TARGET,
        )
    ]
