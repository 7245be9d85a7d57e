"""The image of a page as Qt reads it: in the formats that pages come in, and no others.

Called by whoever decodes pages, off Qt's thread. Left to itself Qt takes whatever it has a plug-in
for by a file's content, drawings that fetch other files among them.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImageReader

from digitizer.errors import FileUnreadable

_FORMATS = frozenset(
    (b"jpg", b"jpeg", b"png", b"tif", b"tiff", b"bmp", b"webp", b"pbm", b"pgm", b"ppm")
)


class _OfBytes(QImageReader):
    """Reads what is in memory, which it keeps there."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._buffer = QBuffer()
        self._buffer.setData(data)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.setDevice(self._buffer)


def reader_of(file: Path | bytes) -> QImageReader:
    """Return a reader of a file, or of what is in one; it may still be no image. Raises
    ``FileUnreadable``."""
    reader = _OfBytes(file) if isinstance(file, bytes) else QImageReader(str(file))
    reader.setDecideFormatFromContent(True)
    kind = reader.format().data()
    if kind and kind not in _FORMATS:
        raise FileUnreadable("" if isinstance(file, bytes) else file.name[:12])
    return reader
