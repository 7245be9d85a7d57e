"""The program's icon in the sizes that desktops ask for, drawn from ``ui/assets/app.svg``.

The window draws the same file itself; here it becomes files, with the same renderer.
"""

from __future__ import annotations

import os
from pathlib import Path

from shipping.contents import ROOT

ICON = ROOT / "ui/assets/app.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_ICO = (16, 24, 32, 48, 64, 128, 256)


def png(size: int) -> bytes:
    """Return the icon as a PNG of ``size`` pixels square."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice, QRectF
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    with QPainter(image) as painter:
        QSvgRenderer(str(ICON)).render(painter, QRectF(0, 0, size, size))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes
    return bytes(buffer.data().data())


def write_icons(theme: Path) -> None:
    """Write them below a theme's folder (``…/icons/hicolor``), the drawing itself too."""
    for size in SIZES:
        file = theme / f"{size}x{size}/apps/digitizer.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(png(size))
    drawing = theme / "scalable/apps/digitizer.svg"
    drawing.parent.mkdir(parents=True, exist_ok=True)
    drawing.write_bytes(ICON.read_bytes())


def write_ico(file: Path) -> None:
    """Write them as one file for Windows."""
    import io

    from PIL import Image

    images = [Image.open(io.BytesIO(png(size))) for size in _ICO]
    images[-1].save(file, format="ICO", append_images=images[:-1], sizes=[(s, s) for s in _ICO])
