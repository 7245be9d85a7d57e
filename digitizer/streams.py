"""The three standard streams, made what they should be: first thing in every process."""

from __future__ import annotations

import io
import os
import sys


def open_streams() -> None:
    """Make the three standard streams what they should be, whatever the caller left of them.

    One that is closed becomes the null device, lest the next file opened (the database) be
    taken for it. Text goes out as UTF-8 in any locale; a file name that is none is escaped, in
    JSON as JSON escapes it.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115 - for good
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115 - for good
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115 - for good
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
