"""The image of a page as Qt reads it: in the formats that pages come in, and no others.

Called by whoever decodes pages, off Qt's thread. Left to itself Qt takes whatever it has a plug-in
for by a file's content, drawings that fetch other files among them. Its plug-ins are not asked
either: the one for drawings connects signals to look at a file, and holding Python's lock it waits
for Qt's thread, which may wait for that lock; the window would stand still.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImageReader

from digitizer.errors import FileUnreadable

_BEGINNINGS = {
    b"\xff\xd8\xff": b"jpeg",
    b"\x89PNG\r\n\x1a\n": b"png",
    b"II*\0": b"tiff",
    b"MM\0*": b"tiff",
    b"BM": b"bmp",
    b"P1": b"pbm",
    b"P4": b"pbm",
    b"P2": b"pgm",
    b"P5": b"pgm",
    b"P3": b"ppm",
    b"P6": b"ppm",
}
_WEBP_AT = 8
_LONGEST = 12


class _OfBytes(QImageReader):
    """Reads what is in memory, which it keeps there."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._buffer = QBuffer()
        self._buffer.setData(data)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.setDevice(self._buffer)


def reader_of(file: Path | bytes) -> QImageReader:
    """Return a reader of a file, or of what is in one; it may still be broken. Raises
    ``FileUnreadable``: it is gone, or does not begin as an image of a page does."""
    kind = _kind(file)
    if kind is None:
        raise FileUnreadable("" if isinstance(file, bytes) else file.name[:12])
    reader = _OfBytes(file) if isinstance(file, bytes) else QImageReader(str(file))
    reader.setAutoDetectImageFormat(False)
    reader.setFormat(kind)
    return reader


def _kind(file: Path | bytes) -> bytes | None:
    """Return the format that a file begins as."""
    if isinstance(file, bytes):
        head = file[:_LONGEST]
    else:
        try:
            with file.open("rb") as opened:
                head = opened.read(_LONGEST)
        except OSError:
            return None
    if head.startswith(b"RIFF") and head[_WEBP_AT:] == b"WEBP":
        return b"webp"
    return next((kind for start, kind in _BEGINNINGS.items() if head.startswith(start)), None)
