"""The page, as large as fits, or as wide as the window. Keeps one picture; asks for another when
page or size changes."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from digitizer.model import Page
from ui.pictures import Pictures, Wanted, wanted
from ui.theme import GRID, Theme

_RESIZED_MS = 120
_WIDEST = 140 * GRID
_STEP = 0.8
"""The part of the view that one step down moves on by."""
_ENDLESS = 100_000


class PageView(QWidget):
    """Shows one page, or a sentence where there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures: Pictures | None = None
        self._page: Page | None = None
        self._wanted: Wanted | None = None
        self._image: QImage | None = None
        self._shown: Page | None = None
        self._unreadable = False
        self._empty = ""
        self._wide = False
        self._top = 0
        self._settled = QTimer(self, singleShot=True, interval=_RESIZED_MS)
        self._settled.timeout.connect(self._ask)
        self.setAccessibleName(self.tr("Trang đang xem"))
        self.setMinimumSize(QSize(30 * GRID, 30 * GRID))
        theme.changed.connect(self.update)

    def use(self, pictures: Pictures) -> None:
        """Take pictures from ``pictures``."""
        self._pictures = pictures

    @property
    def shown(self) -> Page | None:
        """The page whose picture is on the screen."""
        return self._shown

    def show_page(self, page: Page | None, empty: str = "") -> None:
        """Show ``page``; ``empty`` is said where there is none. The old picture stays until the
        new one is there, so that nothing flickers."""
        self._page, self._empty = page, empty
        if page is None:
            self._wanted = self._image = self._shown = None
            self._unreadable = False
        else:
            self._ask()
        self.update()

    def set_wide(self, wide: bool) -> None:
        """Show the page as wide as there is room (then it is longer than the view), or whole."""
        self._wide, self._top = wide, 0
        self._ask()
        self.update()

    def step(self, by: int) -> bool:
        """Move down (1) or up (-1) a long page; False where its end is reached."""
        return self._scroll(round(by * _STEP * self.height()))

    def _scroll(self, pixels: int) -> bool:
        longest = max(0, self._place().height() + 4 * GRID - self.height())
        top = max(0, min(self._top + pixels, longest))
        moved, self._top = top != self._top, top
        self.update()
        return moved

    def _room(self) -> QSize:
        """Return the size that a page is fitted into."""
        room = self.size() - QSize(4 * GRID, 4 * GRID)
        if self._wide:
            room = QSize(min(room.width(), _WIDEST), _ENDLESS)
        return room.expandedTo(QSize(1, 1))

    def _place(self) -> QRect:
        """Return where the picture lies."""
        if self._image is None:
            return QRect()
        size = self._image.size().scaled(self._room(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        if self._wide:
            place.moveTop(2 * GRID - self._top)
        return place

    def _ask(self) -> None:
        if self._page is None or self._pictures is None:
            return
        what = wanted(self._page, self._room() * self.devicePixelRatio())
        if what == self._wanted:
            return
        self._wanted = what
        page = self._page
        self._pictures.large(what, lambda image: self._take(page, what, image))

    def _take(self, page: Page, what: Wanted, image: QImage | None) -> None:
        if what == self._wanted:
            self._image, self._unreadable = image, image is None
            if self._shown is None or self._shown.id != page.id:
                self._top = 0
            self._shown = None if image is None else page
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for a sharper picture once the size has settled."""
        super().resizeEvent(event)
        self._settled.start()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Move along a long page."""
        self._scroll(-event.angleDelta().y())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the page on the table."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("table"))
        room = self.rect().adjusted(2 * GRID, 2 * GRID, -2 * GRID, -2 * GRID)
        if self._image is None:
            text = self.tr("Không mở được ảnh của trang này.") if self._unreadable else self._empty
            painter.setPen(self._theme.colour("ink_soft"))
            painter.setFont(self._theme.font(1.15))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, flags, text)
            return
        place = self._place()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
