"""Whether a file looks as if it had been written to its end: cheap, by a few of its bytes.

PURE but for reading. Used by ``drivers.watch_state``. Only a hint: the intake program reads a file
to its end and has the last word, so an odd file is called unended rather than whole.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

_TAIL_BYTES = 1024
_BLOCK_BYTES = 1 << 16
_PADDING_BYTES = 1 << 24
"""So many NUL bytes after the end are looked through; some copiers pad to whole clusters."""

_ENDS = ((b"\xff\xd8", b"\xff\xd9"), (b"\x89PNG", b"IEND"), (b"%PDF", b"%%EOF"))
_MOST_FRAMES, _MOST_PARTS = 4096, 65536
_OFFSETS, _LENGTHS = (273, 324), (279, 325)  # TIFF 6.0: of strips, of tiles
_WIDTHS = {3: "H", 4: "I"}


def ended(stream: BinaryIO, size: int) -> bool:
    """Tell whether a file of ``size`` bytes has an end; True where its kind is not known."""
    stream.seek(0)
    head = stream.read(16)
    for start, end in _ENDS:
        if head.startswith(start):
            return end in _tail(stream, size)
    if head[:4] in (b"II*\0", b"MM\0*"):
        return _tiff_ended(stream, size, "<" if head[:2] == b"II" else ">")
    if head[:2] == b"BM" and len(head) >= 6:
        return size >= int(struct.unpack("<I", head[2:6])[0])
    if head[:4] == b"RIFF" and len(head) >= 8:
        return size >= int(struct.unpack("<I", head[4:8])[0]) + 8
    return True


def is_pdf(head: bytes) -> bool:
    """Tell a PDF by its first bytes: one that is cut short can be repaired, to fewer pages."""
    return head.startswith(b"%PDF")


def _tail(stream: BinaryIO, size: int) -> bytes:
    """Return the last bytes of a file before any padding."""
    end, least = size, max(0, size - _PADDING_BYTES)
    while end > least:
        start = max(least, end - _BLOCK_BYTES)
        stream.seek(start)
        block = stream.read(end - start).rstrip(b"\0")
        if block:
            end = start + len(block)
            break
        end = start
    start = max(0, end - _TAIL_BYTES)
    stream.seek(start)
    return stream.read(end - start)


def _tiff_ended(stream: BinaryIO, size: int, order: str) -> bool:
    """Tell whether every directory of a TIFF, and all it points to of the image, is there."""
    stream.seek(4)
    at = _number(stream, order + "I")
    for _ in range(_MOST_FRAMES):
        if at is None or at < 8 or at + 2 > size:
            return False
        stream.seek(at)
        count = _number(stream, order + "H")
        if count is None or at + 2 + 12 * count + 4 > size:
            return False
        entries = stream.read(12 * count)
        at = _number(stream, order + "I")
        if not _frame_there(stream, size, order, entries):
            return False
        if at == 0:
            return True
    return True


def _frame_there(stream: BinaryIO, size: int, order: str, entries: bytes) -> bool:
    parts: dict[int, tuple[int, ...]] = {}
    for start in range(0, len(entries), 12):
        tag, kind, count = struct.unpack_from(order + "HHI", entries, start)
        if tag not in _OFFSETS + _LENGTHS or kind not in _WIDTHS or count > _MOST_PARTS:
            continue
        shape = f"{order}{count}{_WIDTHS[kind]}"
        inside = entries[start + 8 : start + 12]
        if struct.calcsize(shape) > len(inside):
            (where,) = struct.unpack(order + "I", inside)
            stream.seek(where)
            inside = stream.read(struct.calcsize(shape))
            if len(inside) < struct.calcsize(shape):
                return False
        parts[tag] = struct.unpack_from(shape, inside)
    return all(
        offset + length <= size
        for where, how_long in zip(_OFFSETS, _LENGTHS, strict=True)
        for offset, length in zip(parts.get(where, ()), parts.get(how_long, ()), strict=False)
    )


def _number(stream: BinaryIO, shape: str) -> int | None:
    data = stream.read(struct.calcsize(shape))
    return int(struct.unpack(shape, data)[0]) if len(data) == struct.calcsize(shape) else None
