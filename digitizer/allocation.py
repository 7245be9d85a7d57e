"""How the C library keeps memory: what is free goes back to the system. Called by the window.

The GNU C library learns from every large block that is freed to keep larger ones, and gives each
thread a heap of its own: pictures of pages leave holes that nothing else fits into, for the day
that a window stays open. Libraries without ``mallopt`` have no such habit that could be changed.
"""

from __future__ import annotations

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""The numbers of ``malloc.h``."""
_LARGE_BYTES = 128 * 1024
_HEAPS = 2


def give_back() -> None:
    """Let blocks of 128 KiB and more return to the system when they are freed, and threads share
    two heaps. Call it before threads are started; calling it again changes nothing."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, TypeError, OSError):  # another C library; Windows names none
        return
    for option, value in (
        (_TRIM_THRESHOLD, _LARGE_BYTES),
        (_MMAP_THRESHOLD, _LARGE_BYTES),
        (_ARENA_MAX, _HEAPS),
    ):
        mallopt(option, value)
