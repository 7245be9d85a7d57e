"""The image of a page as Qt reads it: in the formats that pages come in, and no others.

Called by whoever decodes pages, off Qt's thread. Left to itself Qt takes whatever it has a plug-in
for by a file's content, drawings that fetch other files among them.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImageReader

from digitizer.errors import FileUnreadable

_FORMATS = frozenset(
    (b"jpg", b"jpeg", b"png", b"tif", b"tiff", b"bmp", b"webp", b"pbm", b"pgm", b"ppm")
)


def reader_of(file: Path) -> QImageReader:
    """Return a reader of ``file``, which may still be no image. Raises ``FileUnreadable``."""
    reader = QImageReader(str(file))
    reader.setDecideFormatFromContent(True)
    kind = reader.format().data()
    if kind and kind not in _FORMATS:
        raise FileUnreadable(file.name[:12])
    return reader
