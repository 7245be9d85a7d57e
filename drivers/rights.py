"""What a driver may do in its worker: a scanner's devices and the network, never the dossiers.

Called by ``drivers.worker``. Knows drivers only by name; one that it does not know gets as much as
SANE's, whose back ends are anybody's programs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from digitizer import programs
from digitizer.confinement import Rights, beside
from drivers.wire import Request

_SHARED = ("/tmp", "/var/tmp", "/var/lock", "/run/lock", "/dev/shm")  # noqa: S108 - back ends' own
_NOBODYS = (Path("/proc/1"),)
"""Where neither the person nor the home has a folder: something that no back end wants."""
_OWN = (".sane", ".hplip")
"""What back ends keep in a person's folder."""


def of(request: Request) -> Rights:
    """Return what a request's driver needs.

    A request to scan may write into its batch's folder; any may keep what it learns in ``state``.
    """
    writes = tuple(folder for folder in (request.into, request.state) if folder is not None)
    files = request.profile.files if request.profile is not None else ()
    match request.driver:
        case "folder":  # it starts the program that takes the files apart, which has less
            return Rights(reads=files, writes=writes, runs=(programs.interpreter(),))
        case "escl":
            return Rights(writes=writes, network=True)
    closed = (Path.home(), *([request.state.parent] if request.state else ()), *_lent())
    closed = tuple(one for one in closed if one != one.parent) or _NOBODYS
    return Rights(
        reads=tuple(Path.home() / name for name in _OWN),
        writes=(*writes, *_shared(closed)),
        network=True,
        around=closed,
    )


def _lent() -> Iterator[Path]:
    """Yield where copies of pages lie in memory, while programs read them."""
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        yield Path(runtime, "digitizer")


def _shared(closed: tuple[Path, ...]) -> Iterator[Path]:
    known = [one.resolve() for one in closed]
    for folder in _SHARED:
        yield from beside(Path(folder), known)
