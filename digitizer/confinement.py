"""What a child program may do, and giving up all else before it meets a byte from outside.

Each program says its ``Rights``; ``programs.serve`` (and ``drivers.worker``) has them held by
``confine``. On Linux the kernel holds them (``landlock``, ``syscalls``), as far as it can; on
Windows a job object bounds memory and processes (``jobs``); elsewhere there are only the limits of
``allowance``. What is missing is no error: ``held`` says what a program can still do, and the
doctor tells (decision 26).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from digitizer import jobs, landlock, syscalls
from digitizer.landlock import Access
from digitizer.syscalls import Wishes

_MOST_PROGRAMS = 2
"""That a program has running at a time, where the system counts them."""
_SYSTEM = (
    "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/usr/share",
    "/usr/local/share", "/etc", "/var/cache/fontconfig", "/proc/self", "/proc/sys", "/proc/cpuinfo",
    "/proc/meminfo", "/proc/stat", "/sys/devices/system", "/sys/fs/cgroup",
)  # fmt: skip
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/dev/random")
_LINE_BYTES = 256
"""The kernel reads no more of a script's first line."""
_LOADERS = ("/lib64/ld-linux*.so*", "/lib/ld-linux*.so*", "/lib/ld-musl-*.so*")
_NAMED = (
    "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "LD_PRELOAD", "SANE_CONFIG_DIR", "FONTCONFIG_PATH",
)  # fmt: skip
"""Environment variables with files and folders that libraries are told to read from."""
_NETWORK = ("/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager/resolv.conf")
"""Who is asked for the addresses of names."""


class Rights(Struct, frozen=True):
    """What a program may do beside reading the system's libraries and its own code.

    Attributes:
        reads: Files and folders it may read.
        writes: Folders it may read and change; no links, no pipes.
        runs: Programs it may start, by name or path; what they may do is as little.
        network: It may connect and listen.
        around: It may read, and start programs from, all that lies in none of these folders, and
            use devices. Empty: only what is said above.
    """

    reads: tuple[str | Path, ...] = ()
    writes: tuple[str | Path, ...] = ()
    runs: tuple[str | Path, ...] = ()
    network: bool = False
    around: tuple[str | Path, ...] = ()


class Held(Struct, frozen=True):
    """What a confined program found that it could not do; see ``tried``."""

    files: bool
    network: bool
    programs: bool


def confine(rights: Rights) -> None:
    """Give up everything but ``rights``, for good; as far as this system can.

    Before any other thread is started, and before anything from outside is looked at.

    Raises:
        OSError: the system said that it could, and then would not.
    """
    if sys.platform == "win32":
        jobs.confine(processes=1 + _MOST_PROGRAMS * bool(rights.runs))
    elif sys.platform == "linux":
        if landlock.version() >= landlock.OLDEST:
            landlock.restrict(rules(rights), network=rights.network)
        if syscalls.offered():
            starts = bool(rights.runs or rights.around)
            syscalls.restrict(Wishes(rights.network, starts, labels=bool(rights.around)))


def rules(rights: Rights) -> Iterator[tuple[Path, Access]]:
    """Yield the files and folders that ``rights`` mean, and what may be done there."""
    for place in (*_SYSTEM, *_python(), *_of_environment(), *rights.reads):
        if place:  # nothing is not the folder one is in
            yield Path(place), Access.READ
    for place in _DEVICES:
        yield Path(place), Access.READ_FILE | Access.WRITE_FILE
    for place in rights.writes:
        if place:
            yield Path(place), Access.CHANGE
    if rights.runs:
        yield from _to_run(rights.runs)
    if rights.network:
        for place in _NETWORK:
            yield Path(place), Access.READ
    if rights.around:
        closed = [Path(one).resolve() for one in rights.around]
        for found in beside(Path("/"), closed):
            devices = found.is_relative_to("/dev")
            yield found, (Access.USE if devices else Access.READ | Access.RUN)


def beside(top: Path, closed: list[Path]) -> Iterator[Path]:
    """Yield ``top``, or, where some of ``closed`` lie in it, what is in it beside those."""
    if any(top.is_relative_to(one) for one in closed):
        return
    if not any(one.is_relative_to(top) for one in closed):
        yield top
        return
    try:
        inside = sorted(top.iterdir())
    except OSError:
        return
    for child in inside:
        if not child.is_symlink():  # what it leads to is met by its own name
            yield from beside(child, closed)


def _python() -> Iterator[str | Path]:
    """Yield where this interpreter's modules are, and ours."""
    yield from (entry for entry in sys.path if Path(entry).is_absolute())
    yield Path(sys.base_prefix, "lib")
    yield Path(sys.prefix, "pyvenv.cfg")
    if getattr(sys, "frozen", False):
        yield getattr(sys, "_MEIPASS", "")
        yield sys.executable  # modules lie in the program's own file, and are read when wanted
    ours = {__name__, getattr(sys.modules["__main__"].__spec__, "name", "")}
    for package in {name.partition(".")[0] for name in ours}:
        yield from getattr(sys.modules.get(package), "__path__", ())


def _of_environment() -> Iterator[str]:
    for name in _NAMED:
        yield from (part for part in os.environ.get(name, "").split(os.pathsep) if part)


def _to_run(programs: Iterable[str | Path]) -> Iterator[tuple[Path, Access]]:
    """Yield what starting programs takes: them, what they bring along, and the loader."""
    for pattern in _LOADERS:
        yield from ((found, Access.RUN) for found in Path("/").glob(pattern[1:]))
    for program in programs:
        named = shutil.which(program)
        if named is not None:
            binary = Path(named).resolve()
            yield binary, Access.RUN
            yield from ((reader, Access.RUN) for reader in _interpreter(binary))
            for beside_it in ("lib", "share"):
                yield binary.parent.parent / beside_it, Access.READ


def _interpreter(program: Path) -> Iterator[Path]:
    """Yield what runs a program that is a script."""
    with contextlib.suppress(OSError), program.open("rb") as opened:
        first = opened.readline(_LINE_BYTES)
        if first.startswith(b"#!") and first[2:].split():
            yield Path(os.fsdecode(first[2:].split()[0])).resolve()


def tried() -> Held:
    """Try what a program without rights must not do, and return what was refused."""
    return Held(not _lists_root(), not _opens_sockets(), not _starts_programs())


def _lists_root() -> bool:
    try:
        next(Path("/").iterdir(), None)
    except OSError:
        return False
    return True


def _opens_sockets() -> bool:
    try:
        socket.socket().close()
    except OSError:
        return False
    return True


def _starts_programs() -> bool:
    if not hasattr(os, "fork"):
        return True
    try:
        child = os.fork()
    except OSError:
        return False
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True
