"""The page, whole or as near as one likes, alone or beside the next. What is there is stretched at
once; a sharper picture of the part that is seen follows."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, QTimer
from PySide6.QtGui import (
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from digitizer.model import Page
from ui import zoom
from ui.pictures import Pictures
from ui.theme import GRID, Theme
from ui.widgets.page_sheet import Sheet
from ui.zoom import Zoom

_RESIZED_MS = 120
_SETTLED_MS = 60
_WIDEST = 140 * GRID
_STEP, _PAN = 0.8, 0.2
"""The parts of the view that one step down, and one arrow, move on by."""
_ENDLESS = 100_000
_MARGIN = 2 * GRID
_NOTCH = 120.0


class Layer(Protocol):
    """Something drawn over a page."""

    def paint(self, painter: QPainter, place: QRectF, page: Page) -> None:
        """Draw over a page that lies at ``place`` of the view."""

    def tip(self, at: QPointF, page: Page) -> str:
        """Return what is said of a place (0 to 1) of a page; empty: nothing."""


class PageView(QWidget):
    """Shows one page, or two side by side, or a sentence where there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures: Pictures | None = None
        self.layer: Layer | None = None
        self._sheets = (Sheet(theme, self._come), Sheet(theme, self._come))
        self._empty = ""
        self._wide = False
        self.zoom = Zoom()
        self._lay: Page | None = None
        self._sought: tuple[str, QRectF] | None = None
        self._held: QPoint | None = None
        self._resized = QTimer(self, singleShot=True, interval=_RESIZED_MS)
        self._resized.timeout.connect(self._ask)
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self._sharpen)
        self.setAccessibleName(self.tr("Trang đang xem"))
        self.setMinimumSize(QSize(30 * GRID, 30 * GRID))
        theme.changed.connect(self.update)

    def use(self, pictures: Pictures) -> None:
        """Take pictures from ``pictures``."""
        self._pictures = pictures

    @property
    def shown(self) -> Page | None:
        """The page whose picture is on the screen."""
        return self._sheets[0].shown

    @property
    def beside(self) -> Page | None:
        """The page beside it."""
        return self._sheets[1].shown

    @property
    def place(self) -> QRectF:
        """Where the page lies in the view."""
        return self._places()[0]

    @property
    def sharp(self) -> bool:
        """Whether a picture as sharp as it can be shown is there, besides the whole one."""
        return self._sheets[0].tile is not None

    def show_page(self, page: Page | None, empty: str = "", beside: Page | None = None) -> None:
        """Show ``page``; ``empty`` is said where there is none. The old picture stays until the
        new one is there, so that nothing flickers; the zoom stays.

        Args:
            page: The page.
            empty: What is said in the place of a page.
            beside: The page at its right.
        """
        self._empty = empty
        if self._sought is not None and (page is None or page.id != self._sought[0]):
            self._sought = None  # another page is looked at by now
        both = (self._sheets[1].page is None) != (beside is None)
        for sheet, one in zip(self._sheets, (page, beside), strict=True):
            sheet.show(one)
        if both and self._wide:
            self._fit_wide()
        self._ask()
        self.update()

    # --- nearer and further -----------------------------------------------------------------

    def set_wide(self, wide: bool) -> None:
        """Show the page as wide as there is room (then it is longer than the view), or whole."""
        self._wide, self.zoom = wide, Zoom()
        if wide:
            self._fit_wide()
        self._ask()
        self._moved()

    def nearer(self, steps: int) -> None:
        """Look nearer by so many steps (below 0: further) about the middle."""
        self._wide = False
        self.zoom = zoom.by(self.zoom, zoom.STEP**steps)
        self._moved()

    def whole(self) -> None:
        """Show the whole page."""
        self._wide, self.zoom = False, Zoom()
        self._moved()

    def step(self, by: int) -> bool:
        """Move down (1) or up (-1) a long page; False where its end is reached."""
        return self._wide and self._move(0, by * _STEP * self.height())

    def pan(self, dx: int, dy: int) -> bool:
        """Move over a page that is looked at nearer, by arrows; False where it is seen whole that
        way, so that the arrow may mean the next page."""
        place = self._place()
        long = place.height() > self.height() if dy else place.width() > self.width()
        if not long or self._wide or not self.zoom.near:
            return False
        self._move(dx * _PAN * self.width(), dy * _PAN * self.height())
        return True

    def reveal(self, part: QRectF, page_id: str) -> None:
        """Move so that this part (0 to 1) of a page is seen, now or as soon as its picture is
        there."""
        self._sought = (page_id, part)
        self._reveal()

    def _reveal(self) -> None:
        if self._sought is None or self.shown is None or self.shown.id != self._sought[0]:
            return
        part, self._sought = self._sought[1], None
        where = zoom.on_view(part, self._places()[0])
        if self.zoom.near and not QRectF(self.rect()).contains(where):
            place = self._place()
            middle = where.center() - place.topLeft()
            self.zoom = Zoom(
                self.zoom.factor, middle.x() / place.width(), middle.y() / place.height()
            )
            self._moved()

    def _move(self, dx: float, dy: float) -> bool:
        before = self._place()
        view = QSizeF(self.size())
        self.zoom = zoom.moved(zoom.settled(self.zoom, before, view), dx, dy, before)
        self.zoom = zoom.settled(self.zoom, self._place(), view)
        self._moved()
        return (self._place().topLeft() - before.topLeft()).manhattanLength() >= 1

    def _moved(self) -> None:
        self._settled.start()
        self.setCursor(
            Qt.CursorShape.OpenHandCursor if self.zoom.near else Qt.CursorShape.ArrowCursor
        )
        self.update()

    def _fit_wide(self) -> None:
        whole = self._whole()
        factor = min(self._room().width(), _WIDEST) / max(whole.width(), 1.0)
        self.zoom = Zoom(max(factor, 1.0), 0.5, 0.0)

    # --- where it lies ----------------------------------------------------------------------

    def _room(self) -> QSizeF:
        """Return the size that a page is fitted into."""
        size = self.size() - QSize(2 * _MARGIN, 2 * _MARGIN)
        return QSizeF(size.expandedTo(QSize(1, 1)))

    def _shapes(self) -> list[float]:
        """Return how wide each page is where it is one high."""
        found = [
            sheet.image.width() / sheet.image.height()
            for sheet in self._sheets
            if sheet.image is not None and not sheet.image.isNull()
        ]
        return found or [1.0]

    def _whole(self) -> QSizeF:
        shapes = self._shapes()
        high = 10_000.0
        wide = sum(shapes) * high + (len(shapes) - 1) * high * 0.02
        return zoom.fitted(QSizeF(wide, high), self._room())

    def _place(self) -> QRectF:
        """Return where the page lies, or both."""
        return zoom.placed(self.zoom, self._whole(), QSizeF(self.size()), _MARGIN)

    def _places(self) -> list[QRectF]:
        """Return where each page lies."""
        place, shapes = self._place(), self._shapes()
        first = QRectF(place.topLeft(), QSizeF(shapes[0] * place.height(), place.height()))
        if len(shapes) == 1:
            return [place]
        second = QSizeF(shapes[1] * place.height(), place.height())
        return [first, QRectF(QPointF(place.right() - second.width(), place.y()), second)]

    def _ask(self) -> None:
        if self._pictures is None:
            return
        room = self._room()
        if self._wide:
            room = QSizeF(min(room.width(), _WIDEST), _ENDLESS)
        if self._sheets[1].page is not None:
            room.setWidth(room.width() / 2)
        size = (room * self.devicePixelRatio()).toSize().expandedTo(QSize(1, 1))
        for sheet in self._sheets:
            sheet.ask(self._pictures, size)
        self._settled.start()

    def _sharpen(self) -> None:
        if self._pictures is None:
            return
        there = [sheet for sheet in self._sheets if sheet.image is not None]
        for sheet, place in zip(there, self._places(), strict=False):
            size = (place.size() * self.devicePixelRatio()).toSize()
            sheet.sharpen(self._pictures, zoom.seen(place, QSizeF(self.size())), size)

    def _come(self) -> None:
        """Another picture is there."""
        page = self.shown
        other = page is not None and (self._lay is None or self._lay.id != page.id)
        if self._wide:
            top = 0.0 if other else self.zoom.y
            self._fit_wide()
            self.zoom = Zoom(self.zoom.factor, 0.5, top)
        self._lay = page
        self._reveal()
        self._settled.start()
        self.update()

    # --- Qt ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for a sharper picture once the size has settled."""
        super().resizeEvent(event)
        if self._wide:
            self._fit_wide()
        self._resized.start()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Move along a long page; with Ctrl look nearer at what is under the pointer."""
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            place, times = self._place(), zoom.STEP ** (turned.y() / _NOTCH)
            view = QSizeF(self.size())
            before = zoom.settled(self.zoom, place, view)
            self._wide = False
            self.zoom = zoom.about(before, times, event.position(), place, view)
            self._moved()
        elif self.zoom.near:
            self._move(-turned.x(), -turned.y())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take hold of a page that is looked at nearer."""
        if event.button() is Qt.MouseButton.LeftButton and self.zoom.near:
            self._held = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag it."""
        if self._held is not None:
            at = event.position().toPoint()
            by, self._held = self._held - at, at
            self._move(by.x(), by.y())
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go of it."""
        if self._held is not None:
            self._held = None
            self._moved()

    def event(self, event: QEvent) -> bool:
        """Say what is known of the place under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.said_at(event.pos()), self)
            return True
        return super().event(event)

    def said_at(self, at: QPoint) -> str:
        """Return what is said of a place of the view."""
        there = [sheet for sheet in self._sheets if sheet.shown is not None]
        for sheet, place in zip(there, self._places(), strict=False):
            if self.layer is not None and sheet.shown is not None and place.contains(QPointF(at)):
                part = QPointF(
                    (at.x() - place.x()) / place.width(), (at.y() - place.y()) / place.height()
                )
                return self.layer.tip(part, sheet.shown)
        return ""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the page on the table."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("table"))
        if self._sheets[0].image is None:
            unreadable = self._sheets[0].unreadable
            text = self.tr("Không mở được ảnh của trang này.") if unreadable else self._empty
            painter.setPen(self._theme.colour("ink_soft"))
            painter.setFont(self._theme.font(1.15))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            room = self.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
            painter.drawText(room, flags, text)
            return
        there = [sheet for sheet in self._sheets if sheet.image is not None]
        for sheet, place in zip(there, self._places(), strict=False):
            sheet.paint(painter, place)
            if self.layer is not None and sheet.shown is not None:
                self.layer.paint(painter, place, sheet.shown)
