"""What is said to the kernels: the filter's instructions, the layouts, the order of calls.

What comes of it on this one, ``test_confinement`` tries.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Any

import pytest

from digitizer import jobs, landlock, syscalls
from digitizer.landlock import Access


def test_versions_of_landlock_hold_what_they_know() -> None:
    assert Access.REFER not in landlock.handled(1)
    assert Access.REFER in landlock.handled(2) and Access.TRUNCATE not in landlock.handled(2)
    assert Access.TRUNCATE in landlock.handled(3) and Access.IOCTL_DEV not in landlock.handled(4)
    assert Access.IOCTL_DEV in landlock.handled(99)


ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x50001, 0x50026, 0x80000000
_PID = 4711
_LEAST, _RUNS, _NETWORK = (
    syscalls.Wishes(),
    syscalls.Wishes(starts=True),
    syscalls.Wishes(sockets=True),
)


def decided(
    machine: str, wishes: syscalls.Wishes, name: str, *arguments: int, foreign: bool = False
) -> int:
    """Go through a filter as the kernel does."""
    column, architecture, _ = syscalls._MACHINES[machine]
    number = syscalls.NUMBERS[name][column] if name in syscalls.NUMBERS else int(name)
    data = {0: number, 4: architecture ^ 1 if foreign else architecture}
    data.update({16 + 8 * at: value & 0xFFFFFFFF for at, value in enumerate(arguments)})
    steps, at, held = syscalls.assembled(machine, wishes, _PID), 0, 0
    while True:
        step = steps[at]
        at += 1
        match step.code:
            case 0x20:
                held = data[step.value] or 0
            case 0x54:
                held &= step.value
            case 0x06:
                return step.value
            case code:
                yes = {0x15: held == step.value, 0x35: held >= step.value}.get(
                    code, bool(held & step.value)
                )
                at += step.then if yes else step.other


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_decides(machine: str) -> None:
    def of(wishes: syscalls.Wishes, name: str, *arguments: int) -> int:
        return decided(machine, wishes, name, *arguments)

    a_thread, a_process, a_namespace = 0x3D0F00, 0x11, 0x10000011
    assert of(_LEAST, "0") == ALLOW
    assert of(_LEAST, "socket", 2, 1, 0) == EPERM
    assert of(_NETWORK, "socket", 2, 1, 0) == ALLOW
    assert of(_LEAST, "clone", a_thread) == ALLOW
    assert of(_LEAST, "clone", a_process) == EPERM
    assert of(_RUNS, "clone", a_process) == ALLOW
    assert of(_RUNS, "clone", a_namespace) == EPERM
    assert of(_LEAST, "clone3") == of(_RUNS, "clone3") == ENOSYS
    assert of(_LEAST, "execve") == EPERM
    assert of(_RUNS, "execve") == ALLOW
    assert of(_LEAST, "kill", 0, 9) == of(_LEAST, "kill", _PID, 9) == ALLOW
    assert of(_LEAST, "kill", _PID + 1, 9) == of(_LEAST, "kill", -1, 9) == EPERM
    assert of(_LEAST, "tgkill", _PID, 1, 6) == ALLOW
    assert of(_LEAST, "openat", -100, 0, os.O_RDONLY) == ALLOW
    assert of(_LEAST, "openat", -100, 0, os.O_WRONLY | os.O_TRUNC | os.O_CREAT) == ALLOW
    assert of(_LEAST, "openat", -100, 0, os.O_RDONLY | os.O_TRUNC) == EPERM
    for name in ("ptrace", "bpf", "io_uring_setup", "unshare", "keyctl", "process_vm_readv"):
        assert of(_RUNS, name) == of(_NETWORK, name) == EPERM
    assert decided(machine, _LEAST, "0", foreign=True) == KILL


def test_the_numbers_are_the_systems_own() -> None:
    header = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
    if not header.exists():
        pytest.skip("no headers of the kernel here")
    pairs = (line.split()[1:] for line in header.read_text().splitlines() if "__NR_" in line)
    known = {words[0].removeprefix("__NR_"): int(words[1]) for words in pairs if len(words) == 2}
    for name, (number, _) in syscalls.NUMBERS.items():
        assert known.get(name, number) == number, name


class Kernel:
    """Stands in for Windows' ``kernel32``, and remembers what it was asked."""

    def __init__(self) -> None:
        self.said: list[tuple[Any, ...]] = []
        self.limits = jobs.Limits()
        self.CreateJobObjectW = self.named("create", 77)
        self.AssignProcessToJobObject = self.named("assign", 1)
        self.CloseHandle = self.named("close", 1)

    def named(self, name: str, answer: int) -> Any:
        def call(*arguments: Any) -> int:
            values = [getattr(one, "value", one) for one in arguments]
            self.said.append((name, *values))
            return answer

        return call

    def SetInformationJobObject(  # noqa: N802 - its name there
        self, job: Any, kind: int, limits: Any, size: int
    ) -> int:
        ctypes.memmove(ctypes.byref(self.limits), limits, size)
        self.said.append(("limit", job.value, kind))
        return 1


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_size_t) != 8, reason="sizes of 64-bit systems")
def test_windows_jobs_have_its_layout_and_end_what_is_in_them() -> None:
    assert ctypes.sizeof(jobs.Limits) == 144
    assert jobs.Limits.process_memory.offset == 112
    kernel = Kernel()
    job = jobs.Job(kernel, processes=3, memory=1 << 30)
    job.take(12)
    job.close()
    job.close()
    assert kernel.said == [
        ("create", None, None),
        ("limit", 77, 9),
        ("assign", 77, 12),
        ("close", 77),
    ]
    assert kernel.limits.basic.flags == 0x2000 | 0x400 | 0x100 | 0x8
    assert kernel.limits.basic.active_processes == 3
    assert kernel.limits.process_memory == 1 << 30


def test_a_job_that_is_refused_is_an_error() -> None:
    kernel = Kernel()
    kernel.AssignProcessToJobObject = kernel.named("assign", 0)
    with pytest.raises(OSError, match="not taken"):
        jobs.Job(kernel).take(12)
