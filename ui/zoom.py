"""PURE: where a page lies in its view at some zoom, and which part of it is seen.

Used by the page view. Places are parts of the page, 0 to 1 from its top left; sizes are
device-independent pixels.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, QSizeF

CLOSEST = 10.0
STEP = 1.25
_AROUND = 0.2


class Zoom(Struct, frozen=True):
    """How a page is looked at.

    Attributes:
        factor: How many times larger than whole.
        x, y: The part of the page that is in the middle of the view.
    """

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5

    @property
    def near(self) -> bool:
        """Whether it is nearer than whole."""
        return self.factor > 1.0


def by(zoom: Zoom, times: float) -> Zoom:
    """Return the zoom ``times`` nearer about the middle; whole at the least."""
    factor = min(max(zoom.factor * times, 1.0), CLOSEST)
    return replace(zoom, factor=factor) if factor > 1.001 else Zoom()


def fitted(page: QSizeF, room: QSizeF) -> QSizeF:
    """Return the size at which ``page`` fits wholly into ``room``."""
    if page.isEmpty():
        return room
    scale = min(room.width() / page.width(), room.height() / page.height())
    return QSizeF(page.width() * scale, page.height() * scale)


def placed(zoom: Zoom, whole: QSizeF, view: QSizeF, margin: float) -> QRectF:
    """Return where the page lies: no further from the view's edges than ``margin``, in the middle
    where there is room to spare.

    Args:
        zoom: How it is looked at.
        whole: Its size where it is seen whole.
        view: The size of the view.
        margin: Between the page's edge and the view's.
    """
    size = whole * zoom.factor
    return QRectF(
        _start(zoom.x, size.width(), view.width(), margin),
        _start(zoom.y, size.height(), view.height(), margin),
        size.width(),
        size.height(),
    )


def _start(middle: float, length: float, room: float, margin: float) -> float:
    if length <= room - 2 * margin:
        return (room - length) / 2
    return min(max(room / 2 - middle * length, room - margin - length), margin)


def settled(zoom: Zoom, place: QRectF, view: QSizeF) -> Zoom:
    """Return the zoom with its middle where it really is, for a page that lies at ``place``."""
    return replace(
        zoom,
        x=(view.width() / 2 - place.x()) / max(place.width(), 1.0),
        y=(view.height() / 2 - place.y()) / max(place.height(), 1.0),
    )


def about(zoom: Zoom, times: float, at: QPointF, place: QRectF, view: QSizeF) -> Zoom:
    """Return the zoom ``times`` nearer so that what is under ``at`` stays there.

    Args:
        zoom: How the page is looked at now.
        times: How much nearer; less than 1: further.
        at: A place of the view.
        place: Where the page lies now.
        view: The size of the view.
    """
    new = by(zoom, times)
    if not new.near:
        return new
    times = new.factor / zoom.factor
    x = (at.x() - place.x()) / max(place.width(), 1.0)
    y = (at.y() - place.y()) / max(place.height(), 1.0)
    return replace(
        new,
        x=x + (view.width() / 2 - at.x()) / max(place.width() * times, 1.0),
        y=y + (view.height() / 2 - at.y()) / max(place.height() * times, 1.0),
    )


def moved(zoom: Zoom, dx: float, dy: float, place: QRectF) -> Zoom:
    """Return the zoom after the view went right and down over the page by so many pixels."""
    return replace(
        zoom,
        x=zoom.x + dx / max(place.width(), 1.0),
        y=zoom.y + dy / max(place.height(), 1.0),
    )


def seen(place: QRectF, view: QSizeF) -> QRectF:
    """Return the part of the page that is seen, and some around it."""
    if place.isEmpty():
        return QRectF()
    window = QRectF(0, 0, view.width(), view.height())
    beyond = QSizeF(view.width() * _AROUND, view.height() * _AROUND)
    wide = window.adjusted(-beyond.width(), -beyond.height(), beyond.width(), beyond.height())
    part = wide.intersected(place)
    return QRectF(
        (part.x() - place.x()) / place.width(),
        (part.y() - place.y()) / place.height(),
        part.width() / place.width(),
        part.height() / place.height(),
    )


def on_view(part: QRectF, place: QRectF) -> QRectF:
    """Return where a part of the page lies in the view."""
    return QRectF(
        place.x() + part.x() * place.width(),
        place.y() + part.y() * place.height(),
        part.width() * place.width(),
        part.height() * place.height(),
    )
