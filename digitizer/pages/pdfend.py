"""What a PDF lacks at its end, where nothing else of it is missing.

PURE over the file's bytes; called by ``pages.pdfpages``. A PDF is written from front to back, and
its table of objects last: where that table is whole, every object is there, and the few bytes
after it, which say where it begins, can be written anew. Guesses nothing about any other damage.
"""

from __future__ import annotations

import mmap
import re
from pathlib import Path

from digitizer.errors import FileUnreadable

_END, _TAIL = b"%%EOF", 4096
_LONGEST_TRAILER = 1 << 16
_TABLE = re.compile(rb"xref\s+[0-9]+\s+[0-9]+\s+[0-9]{10} [0-9]{5} [nf]")
_CUT_END = re.compile(rb"\s*[startxef0-9\s%EO]{0,40}")
_OBJECT = re.compile(rb"[0-9]+\s+[0-9]+\s+obj\s*<<")
_FARTHEST_HEAD = 32
"""Bytes from the number of an object to its dictionary, at most."""


def lacking(path: Path) -> bytes:
    """Return the bytes that the PDF at ``path`` lacks to be whole; empty: it is.

    Raises:
        FileUnreadable: It is cut short before the end of its table of objects.
    """
    if path.stat().st_size == 0:
        raise FileUnreadable(path.name)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.rfind(_END, max(0, len(data) - _TAIL)) >= 0:
            return b""
        at = _table(data)
        if at is None:
            at = _table_stream(data)
    if at is None:
        raise FileUnreadable(path.name)
    return b"\nstartxref\n%d\n%s\n" % (at, _END)


def _table(data: mmap.mmap) -> int | None:
    """Return where the table is that, with its trailer, ends the file; None: there is none."""
    trailer = data.rfind(b"trailer")
    if trailer < 0 or len(data) - trailer > _LONGEST_TRAILER:
        return None
    if not _ends_with(data[trailer:], b">>"):
        return None
    table = data.rfind(b"xref", 0, trailer)
    if table < 0 or _TABLE.match(data[table : table + 80]) is None:
        return None
    return None if b"obj" in data[table:] else table


def _table_stream(data: mmap.mmap) -> int | None:
    """Return where the object is that holds the table and ends the file; None: there is none."""
    if not _ends_with(data[max(0, len(data) - _TAIL) :], b"endobj"):
        return None
    last = data.rfind(b"/XRef")
    head = data.rfind(b"obj", 0, max(last, 0))
    if head < 0 or data.find(b"endobj", head, last) >= 0:
        return None
    start = max(0, head - _FARTHEST_HEAD)
    heads = [found.start() for found in _OBJECT.finditer(data[start : head + _FARTHEST_HEAD])]
    return start + heads[-1] if heads else None


def _ends_with(tail: bytes, mark: bytes) -> bool:
    """Tell whether nothing but a cut end of a PDF is behind the last ``mark``."""
    _, found, rest = tail.rpartition(mark)
    return bool(found) and _CUT_END.fullmatch(rest) is not None
