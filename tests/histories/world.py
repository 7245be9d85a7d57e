"""Makes the world that histories happen in, and takes it down."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.crash.crashing import Nursery, compiled_shim
from tests.histories.machine import World
from tests.histories.province import Province


@contextlib.contextmanager
def made(folder: Path) -> Iterator[World]:
    """Yield a world whose files are all in ``folder``."""
    nursery = Nursery(compiled_shim(folder))
    try:
        with Province(folder) as province:
            yield World(folder, province, nursery)
    finally:
        nursery.close()
