"""JPEG files by their markers, without decoding: frame, end, density, orientation.

PURE functions over bytes and files; called by intake and the bundle's pictures.
Marker codes after ITU-T T.81, table B.1.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import IO

from msgspec import Struct
from PIL import Image

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
APP0 = 0xE0
_SOS, _APP1 = 0xDA, 0xE1
_FIRST_SOF, _LAST_SOF = 0xC0, 0xCF
_NOT_SOF = {0xC4, 0xC8, 0xCC}
_BARE = {0x01, *range(0xD0, 0xD8)}
_TAIL = 1 << 16
_ORIENTATION_TAG = 0x0112
_ORIENTATION = {0: 1, 90: 6, 180: 3, 270: 8}


class Segment(Struct, frozen=True):
    """A marker segment: ``kind`` its code, ``start`` the offset of its 0xFF, ``length`` of all
    of it, ``head`` its first bytes after the length field."""

    kind: int
    start: int
    length: int
    head: bytes


class Frame(Struct, frozen=True):
    """What the start of frame says. ``kind``: its marker code (0xC0 baseline, 0xC2
    progressive …)."""

    kind: int
    bits: int
    components: int


def segments(file: IO[bytes]) -> Iterator[Segment]:
    """Yield the marker segments of a JPEG up to and including its first scan header."""
    file.seek(0)
    if file.read(2) != SOI:
        return
    while True:
        start = file.tell()
        marker = file.read(2)
        if len(marker) < 2 or marker[0] != 0xFF:
            return
        if marker[1] == 0xFF:
            file.seek(start + 1)
            continue
        if marker[1] in _BARE:
            continue
        size = file.read(2)
        if len(size) < 2:
            return
        length = int.from_bytes(size, "big")
        if length < len(size):
            return  # it counts itself: this is no segment
        yield Segment(marker[1], start, length + 2, file.read(min(length - 2, 16)))
        if marker[1] == _SOS:
            return
        file.seek(start + 2 + length)


def frame(file: IO[bytes]) -> Frame | None:
    """Return the frame of a JPEG, or None where there is none before its first scan."""
    for segment in segments(file):
        kind, head = segment.kind, segment.head
        if _FIRST_SOF <= kind <= _LAST_SOF and kind not in _NOT_SOF and len(head) >= 6:
            return Frame(kind, head[0], head[5])
    return None


def ends(file: IO[bytes]) -> bool:
    """Tell whether an end marker follows the last scan: a copy cut short has none."""
    scan = 0
    for segment in segments(file):
        scan = segment.start
    file.seek(0, io.SEEK_END)
    size = file.tell()
    # What follows the end (previews, maker data) may be long, so look further if need be.
    for back in (_TAIL, size):
        file.seek(max(scan, size - back))
        if EOI in file.read():
            return True
    return False


def with_facts(data: bytes, dpi: tuple[float, float], turn: int) -> bytes:
    """Return a JPEG whose header states ``dpi`` and, by EXIF, ``turn``; no pixel is touched.

    Args:
        data: The JPEG.
        dpi: Dots per inch across and down.
        turn: Degrees clockwise that its pixels must be turned to be upright.
    """
    across, down = (max(1, min(65535, round(value))) for value in dpi)
    header = struct.pack(">BBH5sHBHHBB", 0xFF, APP0, 16, b"JFIF\0", 0x0101, 1, across, down, 0, 0)
    if turn:
        exif = Image.Exif()
        exif[_ORIENTATION_TAG] = _ORIENTATION[turn]
        body = exif.tobytes()
        if not body.startswith(b"Exif\0\0"):
            body = b"Exif\0\0" + body
        header += struct.pack(">BBH", 0xFF, _APP1, len(body) + 2) + body
    kept, position = [SOI, header], 2
    for segment in segments(io.BytesIO(data)):
        end = segment.start + segment.length
        replaced = (segment.kind == APP0 and segment.head.startswith(b"JFIF\0")) or (
            segment.kind == _APP1 and segment.head.startswith(b"Exif\0\0")
        )
        kept.append(data[position : segment.start if replaced else end])
        position = end
    return b"".join([*kept, data[position:]])
