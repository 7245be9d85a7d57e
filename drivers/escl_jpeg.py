"""Is a JPEG whole, how large is it, and does it tell its true resolution?

PURE. Used by ``drivers.escl_pages``. Looks at marker segments alone (ITU-T T.81, annex B; JFIF
1.02) and decodes nothing: what a scanner delivered goes on as it is, except that a resolution
that is missing or wrong is written into its head.
"""

from __future__ import annotations

import struct

from msgspec import Struct

HEAD_BYTES = 1 << 18
"""So much from the beginning holds every marker before the pixels, profiles included."""
TAIL_BYTES = 1 << 10
"""The end is looked for in so much: some devices pad."""

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_PADDING = b"\0\r\n"
_APP0, _APP14, _SOS = 0xE0, 0xEE, 0xDA
_ALONE = (0x01, *range(0xD0, 0xD9))
_FRAMES = tuple(number for number in range(0xC0, 0xD0) if number not in (0xC4, 0xC8, 0xCC))
_PER_INCH = 1
_CM_PER_INCH = 2.54
_PLAUSIBLE_DPI = 50


class Head(Struct, frozen=True):
    """What a JPEG says of itself.

    Attributes:
        width: Pixels, as is ``height``.
        channels: 1 for grey, 3 for colour.
        jfif_at: Where the JFIF segment's unit byte is, or None where there is no such segment.
        dpi: Across and along, as JFIF tells it, or None.
        plain: True where a JFIF segment may be put in without changing the colours.
    """

    width: int
    height: int
    channels: int
    jfif_at: int | None
    dpi: tuple[float, float] | None
    plain: bool


def begins(head: bytes) -> bool:
    """Tell whether this is the beginning of a JPEG."""
    return head.startswith(_SOI + b"\xff")


def ends(tail: bytes) -> bool:
    """Tell whether these last bytes of a file end a JPEG; padding after the end is let pass."""
    return tail.rstrip(_PADDING).endswith(_EOI)


def read_head(head: bytes) -> Head | None:
    """Read the markers before the pixels, or return None where they make no sense."""
    if not begins(head):
        return None
    at, jfif_at, dpi, plain = 2, None, None, True
    while at + 4 <= len(head) and head[at] == 0xFF:
        marker = head[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker in _ALONE:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", head, at + 2)
        body = head[at + 4 : at + 2 + length]
        if length < 2 or len(body) != length - 2 or marker == _SOS:
            return None
        if marker == _APP0 and body.startswith(b"JFIF\0") and len(body) >= 12:
            jfif_at, dpi = at + 11, _density(body)
        elif marker == _APP14 and body.startswith(b"Adobe"):
            plain = len(body) >= 12 and body[11] != 0
        elif marker in _FRAMES:
            if len(body) < 6:
                return None
            height, width, channels = struct.unpack_from(">HHB", body, 1)
            ids = body[6::3][:channels]
            plain = plain and (channels == 1 or ids != b"RGB")
            return Head(width, height, channels, jfif_at, dpi, plain and channels in (1, 3))
        at += 2 + length
    return None


def true_dpi(head: Head, asked: int, inches_wide: float) -> tuple[int, int]:
    """Return the resolution that fits the pixels: what was asked, or what the file tells.

    Args:
        head: Of the page.
        asked: What the device was told to scan at.
        inches_wide: The width of the region that it was told to scan.
    """
    told = head.dpi
    if told is None or min(told) < _PLAUSIBLE_DPI or inches_wide <= 0:
        return asked, asked
    across, along = round(told[0]), round(told[1])
    off_asked = abs(head.width / asked - inches_wide)
    off_told = abs(head.width / across - inches_wide)
    return (across, along) if off_told < off_asked else (asked, asked)


def corrected(start: bytes, head: Head, dpi: tuple[int, int]) -> tuple[int, bytes]:
    """Return how many bytes of the file's start to replace, and with what.

    ``(0, b"")`` where the file tells ``dpi`` already, or could only do so in other colours.
    """
    if head.dpi is not None and all(abs(a - b) < 0.5 for a, b in zip(head.dpi, dpi, strict=True)):
        return 0, b""
    density = struct.pack(">BHH", _PER_INCH, *dpi)
    if head.jfif_at is not None:
        end = head.jfif_at + len(density)
        return end, start[: head.jfif_at] + density
    if not head.plain:
        return 0, b""
    segment = b"JFIF\0\x01\x02" + density + b"\0\0"
    return 2, _SOI + b"\xff\xe0" + struct.pack(">H", len(segment) + 2) + segment


def _density(body: bytes) -> tuple[float, float] | None:
    units, across, along = struct.unpack_from(">BHH", body, 7)
    if units == _PER_INCH and across and along:
        return float(across), float(along)
    if units == 2 and across and along:
        return across * _CM_PER_INCH, along * _CM_PER_INCH
    return None
