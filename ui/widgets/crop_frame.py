"""The frame that a page is cropped to by hand: drag its corners and sides, or move one corner."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from ui.tokens import LIGHT

SMALLEST = 0.05
"""Parts of the page that a frame is wide and high at the least."""
_REACH = 24.0
_HANDLE = 10.0
_SHADE = 110
_CORNERS = ((False, False), (True, False), (True, True), (False, True))
"""Clockwise from the top left: whether at the right, whether at the bottom."""


class CropFrame(QWidget):
    """Lies over a page view and holds the frame, in parts (0 to 1) of the whole page."""

    def __init__(self, view: QWidget, place: Callable[[], QRectF]) -> None:
        """``place``: where the page lies in ``view``."""
        super().__init__(view)
        self._view, self._place = view, place
        self.frame = QRectF(0, 0, 1, 1)
        self._corner = 0
        self._held: tuple[bool | None, bool | None] | None = None
        self.setAccessibleName(self.tr("Khung cắt trang"))
        self.hide()

    def begin(self, frame: QRectF) -> None:
        """Show this frame; its top left corner is the one that keys move."""
        self.frame, self._corner, self._held = frame, 0, None
        self.setGeometry(self._view.rect())
        self.show()
        self.raise_()

    def next_corner(self) -> None:
        """Let keys move the next corner, clockwise."""
        self._corner = (self._corner + 1) % len(_CORNERS)
        self.update()

    def nudge(self, dx: float, dy: float) -> None:
        """Move that corner by parts of the page."""
        right, bottom = _CORNERS[self._corner]
        at = QPointF(
            (self.frame.right() if right else self.frame.left()) + dx,
            (self.frame.bottom() if bottom else self.frame.top()) + dy,
        )
        self._pull(right, bottom, at)

    def _pull(self, right: bool | None, bottom: bool | None, at: QPointF) -> None:
        """Put a side or two where ``at`` is; None: that side stays."""
        frame = QRectF(self.frame)
        if right:
            frame.setRight(min(max(at.x(), frame.left() + SMALLEST), 1.0))
        elif right is False:
            frame.setLeft(max(min(at.x(), frame.right() - SMALLEST), 0.0))
        if bottom:
            frame.setBottom(min(max(at.y(), frame.top() + SMALLEST), 1.0))
        elif bottom is False:
            frame.setTop(max(min(at.y(), frame.bottom() - SMALLEST), 0.0))
        self.frame = frame
        self.update()

    def on_view(self) -> QRectF:
        """Return where the frame lies in the view."""
        place = self._place()
        return QRectF(
            place.x() + self.frame.x() * place.width(),
            place.y() + self.frame.y() * place.height(),
            self.frame.width() * place.width(),
            self.frame.height() * place.height(),
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of the sides that are near."""
        at, lies = event.position(), self.on_view()
        across = _nearer(at.x(), lies.left(), lies.right())
        down = _nearer(at.y(), lies.top(), lies.bottom())
        self._held = (across, down) if (across, down) != (None, None) else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag them."""
        place = self._place()
        if self._held is not None and not place.isEmpty():
            at = event.position() - place.topLeft()
            self._pull(*self._held, QPointF(at.x() / place.width(), at.y() / place.height()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        self._held = None

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Darken what is cut off, and draw the frame with its handles."""
        painter = QPainter(self)
        lies = self.on_view()
        shade = QColor(0, 0, 0, _SHADE)
        outside = QRegion(self._place().toAlignedRect()).subtracted(QRegion(lies.toAlignedRect()))
        painter.save()
        painter.setClipRegion(outside)
        painter.fillRect(self.rect(), shade)
        painter.restore()
        accent = QColor(LIGHT.accent)
        painter.setPen(QPen(accent, 2))
        painter.drawRect(lies)
        corners = (lies.topLeft(), lies.topRight(), lies.bottomRight(), lies.bottomLeft())
        for number, corner in enumerate(corners):
            current = number == self._corner
            size = _HANDLE * (1.6 if current else 1.0)
            handle = QRectF(0, 0, size, size)
            handle.moveCenter(corner)
            painter.setBrush(accent if current else QColor(Qt.GlobalColor.white))
            painter.drawRect(handle)


def _nearer(at: float, start: float, end: float) -> bool | None:
    """Return which of two sides is near: the end (True), the start (False), neither (None)."""
    if min(abs(at - start), abs(at - end)) > _REACH:
        return None
    return abs(at - end) < abs(at - start)
