"""Windows' job objects: a child's whole tree ends with its job, and takes no more than it may.

Called by ``programs`` (a child and all it starts end together, also when this process dies) and,
inside a child, by ``confinement``. Nothing here runs on other systems; the layouts and the order of
calls are tested there.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

from digitizer.allowance import MOST_MEMORY

_EXTENDED_LIMITS = 9
_ACTIVE_PROCESSES, _PROCESS_MEMORY, _DIE_ON_UNHANDLED, _KILL_ON_CLOSE = 0x8, 0x100, 0x400, 0x2000


class _Basic(ctypes.Structure):
    _fields_ = (
        ("per_process_time", ctypes.c_int64),
        ("per_job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class Limits(ctypes.Structure):
    """``JOBOBJECT_EXTENDED_LIMIT_INFORMATION``."""

    _fields_ = (
        ("basic", _Basic),
        ("io", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


class Job:
    """One job, which ends all that is in it when it is closed."""

    def __init__(self, kernel: Any, *, processes: int = 0, memory: int = 0) -> None:
        """Make one.

        Args:
            kernel: Windows' ``kernel32``.
            processes: At most so many at a time; 0: any number.
            memory: Bytes that each of them may take; 0: any number.

        Raises:
            OSError: there is none to be had.
        """
        self._kernel = kernel
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        self._handle = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
        limits = Limits()
        limits.basic.flags = _KILL_ON_CLOSE | _DIE_ON_UNHANDLED
        if processes:
            limits.basic.flags |= _ACTIVE_PROCESSES
            limits.basic.active_processes = processes
        if memory:
            limits.basic.flags |= _PROCESS_MEMORY
            limits.process_memory = memory
        size = ctypes.sizeof(limits)
        if not self._handle or not kernel.SetInformationJobObject(
            self._handle, _EXTENDED_LIMITS, ctypes.byref(limits), size
        ):
            raise OSError("no job object")

    def take(self, process: int) -> None:
        """Put a process into it, by its handle; what it starts later is in it too. Raises
        ``OSError``."""
        if not self._kernel.AssignProcessToJobObject(self._handle, ctypes.c_void_p(process)):
            raise OSError("not taken into the job")

    def close(self) -> None:
        """End all that is in it; once is enough."""
        handle, self._handle = self._handle, ctypes.c_void_p()
        if handle:
            self._kernel.CloseHandle(handle)


def holding(process: int) -> Job | None:
    """Return a job that ends ``process`` (a handle) and all it starts; None: no such system."""
    if sys.platform != "win32":
        return None
    job = Job(ctypes.WinDLL("kernel32", use_last_error=True))
    job.take(process)
    return job


def confine(*, processes: int) -> None:
    """Bound the memory of this process and how many it may be with what it starts. Raises
    ``OSError``."""
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        job = Job(kernel, processes=processes, memory=MOST_MEMORY)
        job.take(kernel.GetCurrentProcess())  # its handle stays open as long as this process
