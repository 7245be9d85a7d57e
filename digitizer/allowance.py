"""How much a child program may take: memory, processor time, the size of a file, of an answer.

Called by ``programs``. Where the platform has no such limits (Windows) ``jobs`` bounds memory.
"""

from __future__ import annotations

import sys

if sys.platform != "win32":
    import resource

MOST_MEMORY = 4 << 30
"""Bytes of address space a program may take: thrice what an A3 page at 600 dpi in colour needs."""
MOST_SECONDS = 1800
"""Processor seconds for one answer: as much as the longest time limit of any program."""
MOST_FILE = 4 << 30
"""Bytes of one file that it writes; twice the largest that is read back from a server."""
MOST_ANSWER = 16 << 20
"""Bytes that it may say: a page of 20 000 words with everything found on it has a quarter."""


def limit_all() -> None:
    """Bound what a hostile file can make this program, and what it starts, take."""
    if sys.platform == "win32":
        return
    limits = (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_FSIZE, MOST_FILE),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in limits:
        _, ceiling = resource.getrlimit(kind)
        if ceiling == resource.RLIM_INFINITY or ceiling > most:
            resource.setrlimit(kind, (most, most))


def limit_time() -> None:
    """Bound the processor time of the answer that is to come."""
    if sys.platform == "win32":
        return
    spent = resource.getrusage(resource.RUSAGE_SELF)
    until = int(spent.ru_utime + spent.ru_stime) + MOST_SECONDS
    _, ceiling = resource.getrlimit(resource.RLIMIT_CPU)
    if ceiling == resource.RLIM_INFINITY or ceiling > until:
        resource.setrlimit(resource.RLIMIT_CPU, (until, ceiling))
