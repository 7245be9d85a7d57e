"""One page on the table: its whole picture, a sharper one of the part that is seen, and whatever
lies over it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPen

from digitizer.model import Page
from ui.pictures import Pictures, Wanted, wanted
from ui.theme import Theme
from ui.tiles import Tile, decode_tile, tile_of
from ui.zoom import on_view

_SHARP = 1.05
"""A picture may be stretched by this before a sharper one is asked for."""


class Sheet:
    """Holds the pictures of one page. At most one tile is decoded for it at a time."""

    def __init__(self, theme: Theme, changed: Callable[[], None]) -> None:
        """``changed`` is called when another picture is there."""
        self._theme = theme
        self._changed = changed
        self.page: Page | None = None
        self.shown: Page | None = None
        self.image: QImage | None = None
        self.unreadable = False
        self._wanted: Wanted | None = None
        self._pictured: Wanted | None = None
        self._tile: tuple[Tile, QImage] | None = None
        self._wish: Tile | None = None
        self._flying: Tile | None = None

    @property
    def tile(self) -> QImage | None:
        """The sharper picture, if there is one."""
        return self._tile[1] if self._tile else None

    def show(self, page: Page | None) -> None:
        """Show this page as soon as its picture is there; none at once."""
        self.page = page
        if page is None:
            self._wanted = self._pictured = self.image = self.shown = None
            self._tile = self._wish = None
            self.unreadable = False

    def ask(self, pictures: Pictures, room: QSize) -> None:
        """Ask for the whole picture to fit into ``room`` (device pixels)."""
        if self.page is None:
            return
        what = wanted(self.page, room)
        if what != self._wanted:
            self._wanted = what
            pictures.large(what, lambda image: self._take(what, image))
        elif what == self._pictured and not self.unreadable:
            self.shown = self.page  # the picture is the same, and more may be known of the page

    def sharpen(self, pictures: Pictures, seen: QRectF, size: QSize) -> None:
        """Ask for a sharper picture of the part that is seen, where the page is ``size`` (device
        pixels) and the whole picture is not sharp enough."""
        if self.image is None or self.shown is None or seen.isEmpty():
            return
        if size.width() <= self.image.width() * _SHARP:
            self._tile = self._wish = None
            return
        self._wish = tile_of(wanted(self.shown, size), seen, size)
        self._fetch(pictures)

    def paint(self, painter: QPainter, place: QRectF) -> None:
        """Draw the page where it lies: what is there, stretched."""
        if self.image is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self.image)
        if self._tile is not None:
            tile, image = self._tile
            part = QRectF(tile.left, tile.top, tile.width, tile.height)
            painter.drawImage(on_view(part, place), image)
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))

    def _take(self, what: Wanted, image: QImage | None) -> None:
        if what != self._wanted:
            return
        self._pictured = what
        self.image, self.unreadable = image, image is None
        if self._tile is not None and not _same(self._tile[0], what):
            self._tile = self._wish = None
        self.shown = None if image is None else self.page
        self._changed()

    def _fetch(self, pictures: Pictures) -> None:
        wish = self._wish
        if wish is None or self._flying is not None or (self._tile and self._tile[0] == wish):
            return
        self._flying = wish

        def show(image: QImage | None) -> None:
            self._flying = None
            current = self._wanted is not None and _same(wish, self._wanted)
            if image is not None and current and self._wish is not None:
                self._tile = (wish, image)
                self._changed()
            self._fetch_on(pictures, wish, failed=image is None)

        pictures.decoded(wish.what.sha256, lambda file: decode_tile(file, wish), show)

    def _fetch_on(self, pictures: Pictures, done: Tile, *, failed: bool) -> None:
        """Ask for what was wished for meanwhile."""
        if self._wish != done and not failed:
            self._fetch(pictures)


def _same(tile: Tile, what: Wanted) -> bool:
    """Whether a tile is of this page as it is turned and cropped now."""
    mine = tile.what
    return (mine.sha256, mine.turn, mine.part) == (what.sha256, what.turn, what.part)
