"""The system calls that a Linux program gives up, as the kernel's own filter (seccomp).

``assembled`` is PURE: wishes in, instructions out. Called by ``confinement`` alone. What Landlock
cannot hold is held here: sockets of every kind, new processes, changes to a file's mode and times,
other processes' memory, and the parts of the kernel that no program of ours needs.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from digitizer.landlock import no_new_privileges

_STATUS = Path("/proc/sys/kernel/seccomp/actions_avail")
_X86_64, _AARCH64 = 0xC000003E, 0xC00000B7

NUMBERS: Mapping[str, tuple[int | None, int | None]] = MappingProxyType(
    {  # on x86_64, on aarch64
        "ptrace": (101, 117),
        "process_vm_readv": (310, 270),
        "process_vm_writev": (311, 271),
        "pidfd_getfd": (438, 438),
        "kcmp": (312, 272),
        "bpf": (321, 280),
        "perf_event_open": (298, 241),
        "userfaultfd": (323, 282),
        "io_uring_setup": (425, 425),
        "io_uring_enter": (426, 426),
        "io_uring_register": (427, 427),
        "keyctl": (250, 219),
        "add_key": (248, 217),
        "request_key": (249, 218),
        "mount": (165, 40),
        "umount2": (166, 39),
        "pivot_root": (155, 41),
        "chroot": (161, 51),
        "unshare": (272, 97),
        "setns": (308, 268),
        "open_tree": (428, 428),
        "move_mount": (429, 429),
        "fsopen": (430, 430),
        "fsconfig": (431, 431),
        "fsmount": (432, 432),
        "fspick": (433, 433),
        "mount_setattr": (442, 442),
        "open_by_handle_at": (304, 265),
        "personality": (135, 92),
        "memfd_create": (319, 279),
        "execveat": (322, 281),
        "socket": (41, 198),
        "execve": (59, 221),
        "fork": (57, None),
        "vfork": (58, None),
        "clone": (56, 220),
        "clone3": (435, 435),
        "openat2": (437, 437),
        "open": (2, None),
        "openat": (257, 56),
        "kill": (62, 129),
        "tkill": (200, 130),
        "tgkill": (234, 131),
        "rt_sigqueueinfo": (129, 138),
        "rt_tgsigqueueinfo": (297, 240),
        "pidfd_send_signal": (424, 424),
        "chmod": (90, None),
        "fchmod": (91, 52),
        "fchmodat": (268, 53),
        "fchmodat2": (452, 452),
        "chown": (92, None),
        "fchown": (93, 55),
        "lchown": (94, None),
        "fchownat": (260, 54),
        "setxattr": (188, 5),
        "lsetxattr": (189, 6),
        "fsetxattr": (190, 7),
        "removexattr": (197, 14),
        "lremovexattr": (198, 15),
        "fremovexattr": (199, 16),
        "utime": (132, None),
        "utimes": (235, None),
        "futimesat": (261, None),
        "utimensat": (280, 88),
        "truncate": (76, 45),
    }
)
_MACHINES = {"x86_64": (0, _X86_64, 317), "aarch64": (1, _AARCH64, 277)}
"""By ``uname``: the column above, the kernel's name for it, the number of ``seccomp`` itself."""

_NEVER = (
    "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "bpf",
    "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register",
    "keyctl", "add_key", "request_key", "mount", "umount2", "pivot_root", "chroot", "unshare",
    "setns", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick",
    "mount_setattr", "open_by_handle_at", "personality",
)  # fmt: skip
_LABELS = (
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat",
    "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr",
    "utime", "utimes", "futimesat", "utimensat", "truncate", "memfd_create", "execveat",
)  # fmt: skip
_STARTING = ("execve", "fork", "vfork")
_OTHERS_SIGNALS = ("tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal")
_UNKNOWN = ("clone3", "openat2")
"""Their wishes lie in memory, where a filter cannot look: the C library takes the older ones."""

_NEW_NAMESPACES = 0x7E020080
_A_THREAD = 0x00010000
_TRUNCATES, _OPENED_HOW = 0o1000, 0o3
_X32 = 0x40000000

_LOAD, _AND, _EQUAL, _ATLEAST, _ANY, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_FILTER_MODE, _ALL_THREADS = 1, 1


class Wishes(Struct, frozen=True):
    """What a program still wants: sockets, other programs, and to change files' modes and times."""

    sockets: bool = False
    starts: bool = False
    labels: bool = False


class Step(Struct, frozen=True):
    """One instruction: ``then`` and ``other`` are how many to leap over, ``value`` its operand."""

    code: int
    then: int
    other: int
    value: int


def known(machine: str) -> bool:
    """Tell whether there is a filter for ``machine``, as ``os.uname`` names it. PURE."""
    return machine in _MACHINES


def assembled(machine: str, wishes: Wishes, process: int) -> list[Step]:
    """Return the filter for a program.

    Args:
        machine: As ``os.uname`` names it; one that is ``known``.
        wishes: What it still wants.
        process: Its number: without other programs it signals nobody else.
    """
    column, architecture, _ = _MACHINES[machine]
    steps = [
        Step(_LOAD, 0, 0, _ARCHITECTURE),
        Step(_EQUAL, 1, 0, architecture),
        Step(_RETURN, 0, 0, _KILL),
        Step(_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        steps += [Step(_ATLEAST, 0, 1, _X32), _fails(errno.ENOSYS)]

    def when(name: str, *then: Step) -> None:
        number = NUMBERS[name][column]
        if number is not None:
            steps.extend((Step(_EQUAL, 0, len(then), number), *then))

    for name in _UNKNOWN:
        when(name, _fails(errno.ENOSYS))
    for name in _NEVER:
        when(name, _fails())
    if not wishes.labels:
        for name in _LABELS:
            when(name, _fails())
    if not wishes.sockets:
        when("socket", _fails())
    if wishes.starts:
        when("clone", _argument(0), Step(_ANY, 0, 1, _NEW_NAMESPACES), _fails(), _allows())
    else:
        for name in (*_STARTING, *_OTHERS_SIGNALS):
            when(name, _fails())
        when("clone", _argument(0), Step(_ANY, 1, 0, _A_THREAD), _fails(), _allows())
        for name, allowed in (("kill", (0, process)), ("tgkill", (process, process))):
            own = [Step(_EQUAL, 2, 0, allowed[0]), Step(_EQUAL, 1, 0, allowed[1])]
            when(name, _argument(0), *own, _fails(), _allows())
    for name, place in (("open", 1), ("openat", 2)):  # to empty a file that may only be read
        emptied = (
            Step(_AND, 0, 0, _TRUNCATES | _OPENED_HOW),
            Step(_EQUAL, 0, 1, _TRUNCATES),
        )
        when(name, _argument(place), *emptied, _fails(), _allows())
    return [*steps, _allows()]


def _fails(number: int = errno.EPERM) -> Step:
    return Step(_RETURN, 0, 0, _FAIL | number)


def _allows() -> Step:
    return Step(_RETURN, 0, 0, _ALLOW)


def _argument(place: int) -> Step:
    """Load the lower half of an argument: the kernel takes no more of any that is looked at."""
    return Step(_LOAD, 0, 0, _ARGUMENTS + 8 * place)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def restrict(wishes: Wishes) -> None:
    """Give up the system calls that are not wished for, in every thread.

    Raises:
        OSError: the kernel would not.
    """
    install(assembled(os.uname().machine, wishes, os.getpid()))


def install(steps: Sequence[Step]) -> None:
    """Let the kernel go through ``steps`` at every system call from now on. Raises ``OSError``."""
    packed = b"".join(struct.pack("=HBBI", s.code, s.then, s.other, s.value) for s in steps)
    program = _Program(len(steps), packed)
    no_new_privileges()
    libc = ctypes.CDLL(None, use_errno=True)
    number = ctypes.c_long(_MACHINES[os.uname().machine][2])
    if libc.syscall(number, _FILTER_MODE, _ALL_THREADS, ctypes.byref(program)) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def offered() -> bool:
    """Tell whether this kernel filters system calls, and we know how for this machine."""
    return known(os.uname().machine) and _STATUS.exists()
