"""Landlock: a Linux process gives up the files and the network it does not need, for good.

Called by ``confinement`` alone. Needs no rights of its own and no set-up of the machine; what it
can hold depends on the kernel's version of it (``version``). Holds for the thread that calls and
for every thread and program that this one starts later, so it comes before any other thread.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import stat
from collections.abc import Iterable
from enum import IntFlag
from pathlib import Path

OLDEST = 2
"""The first version that lets files be renamed from one folder to another (Linux 5.19)."""

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # alike on every architecture
_ASK_VERSION, _PATH_BENEATH = 1, 1
_PR_SET_NO_NEW_PRIVS = 38
_TCP = 0b11  # bind and connect
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2


class Access(IntFlag):
    """What may be done with a file, or with all that is in a folder; the kernel's own bits."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15

    READ = READ_FILE | READ_DIR
    RUN = READ_FILE | EXECUTE
    USE = READ_FILE | WRITE_FILE | READ_DIR | IOCTL_DEV  # a device
    # Files and folders, and no links: whoever reads what a program made must not be led elsewhere.
    CHANGE = READ | WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER


_OF_FILES = (
    Access.EXECUTE | Access.WRITE_FILE | Access.READ_FILE | Access.TRUNCATE | Access.IOCTL_DEV
)
_SINCE = ((2, Access.REFER), (3, Access.TRUNCATE), (5, Access.IOCTL_DEV))
_TCP_SINCE, _SCOPES_SINCE = 4, 6


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Return the version that this kernel has, 0 for none."""
    try:
        return max(0, _call(_CREATE, None, 0, _ASK_VERSION))
    except OSError:  # too old, switched off, or forbidden by a container
        return 0


def handled(version: int) -> Access:
    """Return every access that a kernel with ``version`` can hold. PURE."""
    known = Access((1 << 13) - 1)
    for since, access in _SINCE:
        if version >= since:
            known |= access
    return known


def restrict(rules: Iterable[tuple[Path, Access]], *, network: bool) -> None:
    """Give up all access to files but that of ``rules``, and all signals to others.

    Args:
        rules: A file or folder, and what may be done there; one that is not there is left out.
        network: May connect and listen; else TCP is given up too, where the kernel can.

    Raises:
        OSError: the kernel would not.
    """
    has = version()
    holds = handled(has)
    wanted = _Ruleset(
        holds,
        _TCP if has >= _TCP_SINCE and not network else 0,
        (_SIGNALS | (0 if network else _ABSTRACT_SOCKETS)) if has >= _SCOPES_SINCE else 0,
    )
    size = 24 if has >= _SCOPES_SINCE else 16 if has >= _TCP_SINCE else 8
    ruleset = _call(_CREATE, ctypes.byref(wanted), size, 0)
    try:
        for path, access in rules:
            _allow(ruleset, path, access & holds)
        no_new_privileges()
        _call(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, access: Access) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # whoever wants it will meet the same
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            access &= _OF_FILES
        rule = _PathBeneath(access, opened)
        with contextlib.suppress(OSError):  # a file of the kernel's own, such as a pipe
            _call(_ADD, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)


def no_new_privileges() -> None:
    """Let no program that is started later have more rights than this one. Raises ``OSError``."""
    if _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")


@functools.cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def _call(number: int, *arguments: object) -> int:
    """Make a system call that has no function of its own in C. Raises ``OSError``."""
    words = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    answer = int(_libc().syscall(ctypes.c_long(number), *words))
    if answer < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}")
    return answer
