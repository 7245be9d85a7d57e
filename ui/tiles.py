"""Decodes a part of a page as sharp as it can be shown: its pixels and no others are kept.

A JPEG is read only down to the part's last line, at the scale that is needed, and never larger
than it is. Called by the pictures' pool, off Qt's thread.
"""

from __future__ import annotations

import math
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from digitizer.boxes import Box
from digitizer.errors import FileUnreadable
from ui.imagefiles import reader_of
from ui.pictures import Part, Wanted

_ALIGNED = 8
"""JPEG keeps pixels in blocks of this many."""


class Tile(Struct, frozen=True):
    """A part of a picture.

    Attributes:
        what: The whole picture; its size is the one it is seen at.
        left, top, width, height: Which part, 0 to 1, of the page as it is seen.
    """

    what: Wanted
    left: float
    top: float
    width: float
    height: float


def decode_tile(file: Path | bytes, tile: Tile) -> QImage:
    """Read a part of a page, cropped, level and turned. Blocks.

    Raises:
        FileUnreadable: the image is gone, or none.
    """
    reader = reader_of(file)
    full = reader.size()
    if not full.isValid():
        raise FileUnreadable(tile.what.sha256[:12])
    part = tile.what.part or Part(
        Box(0, 0, full.width(), full.height()), 0.0, full.width(), full.height()
    )
    level = _level(tile, part)
    across = tile.what.height if tile.what.turn % 180 else tile.what.width
    scale = min(1.0, across / max(part.box.width, 1))
    source = _source(level, part, full)
    if source.isEmpty():
        raise FileUnreadable(tile.what.sha256[:12])
    reader.setClipRect(source)
    reader.setScaledSize(
        QSize(max(1, round(source.width() * scale)), max(1, round(source.height() * scale)))
    )
    image = reader.read()
    if image.isNull():
        raise FileUnreadable(tile.what.sha256[:12])
    out = QImage(
        max(1, round(level.width() * scale)),
        max(1, round(level.height() * scale)),
        QImage.Format.Format_RGB32,
    )
    out.fill(Qt.GlobalColor.white)
    painter = QPainter(out)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(out.width() / level.width(), out.height() / level.height())
    painter.translate(-level.x(), -level.y())
    painter.translate(part.width / 2, part.height / 2)
    painter.rotate(part.skew)
    painter.translate(-part.width / 2, -part.height / 2)
    painter.drawImage(QRectF(source), image)
    painter.end()
    return out.transformed(QTransform().rotate(tile.what.turn)) if tile.what.turn else out


def _level(tile: Tile, part: Part) -> QRectF:
    """Return the tile's part of the level image before it is turned, in its pixels."""
    left, top, width, height = tile.left, tile.top, tile.width, tile.height
    for _ in range((-tile.what.turn % 360) // 90):  # back, clockwise
        left, top, width, height = 1 - top - height, left, height, width
    box = part.box
    return QRectF(
        box.left + left * box.width,
        box.top + top * box.height,
        width * box.width,
        height * box.height,
    )


def _source(level: QRectF, part: Part, full: QSize) -> QRect:
    """Return the pixels of the image that a part of the level image shows."""
    cos, sin = math.cos(math.radians(part.skew)), math.sin(math.radians(part.skew))
    middle = QPointF(part.width / 2, part.height / 2)
    corners = [
        corner - middle
        for corner in (level.topLeft(), level.topRight(), level.bottomLeft(), level.bottomRight())
    ]
    xs = [middle.x() + corner.x() * cos + corner.y() * sin for corner in corners]
    ys = [middle.y() - corner.x() * sin + corner.y() * cos for corner in corners]
    left, top = (math.floor(min(side) / _ALIGNED) * _ALIGNED for side in (xs, ys))
    right, bottom = (math.ceil(max(side) / _ALIGNED) * _ALIGNED for side in (xs, ys))
    whole = QRect(0, 0, full.width(), full.height())
    return QRect(left, top, right - left, bottom - top).intersected(whole)


def tile_of(what: Wanted, seen: QRectF, size: QSize) -> Tile:
    """Return the tile that shows ``seen`` of a page that is seen at ``size`` (device pixels)."""
    sized = replace(what, width=size.width(), height=size.height())
    return Tile(sized, seen.x(), seen.y(), seen.width(), seen.height())
