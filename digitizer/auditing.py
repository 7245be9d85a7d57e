"""The audit record as a file, for inspectors: written, and checked without the home.

A file holds the record's lines, one JSON object each, from the first on; how to check one without
this program is said in the administrator's guide. Called by the command line. Knows no screen.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from digitizer.chain import NOTHING_BEFORE, Break, Line, breaks, canonical, from_json
from digitizer.durable import replacing
from digitizer.errors import (
    DiskFull,
    FileMissing,
    OutputUnwritable,
    RecordUnreadable,
    Stopped,
    from_os,
)
from digitizer.storage import auditlog
from digitizer.storage.auditlog import Head
from digitizer.storage.store import Store

_LINE_BYTES = 1 << 20
_TOLD = 20
"""So many breaks are told of: behind the first, most say the same."""


class Checked(Struct, frozen=True):
    """What a file of the record holds.

    Attributes:
        lines: How many.
        head: Its newest line.
        breaks: Where it is not whole; the first few.
        goes_through: Whether it holds the head that was asked for; None: none was.
    """

    lines: int
    head: Head
    breaks: tuple[Break, ...]
    goes_through: bool | None = None


def export(store: Store, out: Path, stop: threading.Event) -> Head:
    """Write the whole record to ``out``, whole or not at all; returns its newest line.

    Raises:
        Stopped: ``stop`` was set; nothing is there.
        OutputUnwritable, DiskFull: The folder does not take it.
    """
    last = Head(0, NOTHING_BEFORE)
    try:
        with replacing(out) as file:
            for line in auditlog.every(store):
                if stop.is_set():
                    raise Stopped(out.name)
                file.write(canonical(line.to_json()).encode("ascii") + b"\n")
                last = Head(line.seq, line.hash)
    except OSError as error:
        known = from_os(error)
        raise known if isinstance(known, DiskFull) else OutputUnwritable(out.name) from error
    return last


def check(file: Path, wanted: Head | None = None) -> Checked:
    """Check a file that ``export`` wrote, by itself; ``wanted``: a head it has to go through.

    Raises:
        FileMissing, RecordUnreadable.
    """
    reader = _Reader(file)
    found: list[Break] = []
    for broken in breaks(reader.lines(wanted)):
        if len(found) < _TOLD:
            found.append(broken)
    found += reader.strange[: _TOLD - len(found)]
    if not reader.count:
        found.append(Break(0, "there is none"))
    goes = None if wanted is None else (wanted.seq == 0 or reader.met)
    return Checked(reader.count, reader.head, tuple(sorted(found, key=lambda b: b.seq)), goes)


class _Reader:
    """Reads a file's lines one by one, and remembers what it met."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.count = 0
        self.head = Head(0, NOTHING_BEFORE)
        self.strange: list[Break] = []
        self.met = False

    def lines(self, wanted: Head | None) -> Iterator[Line]:
        """Yield what is a line; what is none is noted."""
        try:
            with self._file.open("rb") as opened:
                while text := opened.readline(_LINE_BYTES):
                    self.count += 1
                    line = _parsed(text)
                    if line is None:
                        self.strange.append(Break(self.count, "it is no line of a record"))
                        if len(self.strange) >= _TOLD:
                            return
                        continue
                    self.head = Head(line.seq, line.hash)
                    self.met = self.met or self.head == wanted
                    yield line
        except FileNotFoundError as error:
            raise FileMissing(self._file.name) from error
        except OSError as error:
            raise RecordUnreadable(self._file.name) from error


def _parsed(text: bytes) -> Line | None:
    try:
        return from_json(json.loads(text))
    except (ValueError, RecursionError):
        return None
