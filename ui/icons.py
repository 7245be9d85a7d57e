"""The product's own icons: SVG outlines beside this file's ``assets``, drawn in any colour."""

from __future__ import annotations

from functools import cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

ICON = QSize(26, 20)
"""An icon of a button, with the gap after it, in device-independent pixels."""
LARGE_ICON = QSize(36, 28)
"""The same for the one large button."""


class Icons:
    """Draws icons in one colour each and keeps what was drawn. UI thread only."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[str, str, int, float], QPixmap] = {}

    def pixmap(self, name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
        """Return an icon.

        Args:
            name: A file of ``assets`` without its ``.svg``.
            colour: Of its lines.
            size: Side in device-independent pixels.
            ratio: Device pixels for each of them.
        """
        key = (name, colour.name(), size, ratio)
        if key not in self._drawn:
            self._drawn[key] = _draw(name, colour, size, ratio)
        return self._drawn[key]

    def icon(self, name: str, colour: QColor, size: QSize = ICON) -> QIcon:
        """Return an icon of ``size`` for a button, sharp at twice the usual density too; at its
        right a gap, for styles put the text right beside it."""
        found = QIcon()
        for ratio in (1.0, 2.0):
            sign = self.pixmap(name, colour, size.height(), ratio)
            with_gap = QPixmap(size * ratio)
            with_gap.setDevicePixelRatio(ratio)
            with_gap.fill(Qt.GlobalColor.transparent)
            with QPainter(with_gap) as painter:
                painter.drawPixmap(0, 0, sign)
            found.addPixmap(with_gap)
        return found


def app_icon() -> QIcon:
    """Return the product's icon in the sizes that desktops ask for."""
    found = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        found.addPixmap(_draw("app", QColor(Qt.GlobalColor.black), size, 1.0))
    return found


@cache
def _outline(name: str) -> str:
    """Read an icon's file once: most are drawn in several colours and sizes."""
    return (resources.files("ui") / "assets" / f"{name}.svg").read_text(encoding="utf-8")


def _draw(name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    drawn = _outline(name).replace("currentColor", colour.name())
    renderer = QSvgRenderer(QByteArray(drawn.encode()))
    side = round(size * ratio)
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        renderer.render(painter, QRectF(0, 0, side, side))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
