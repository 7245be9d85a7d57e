"""Pictures of pages, made small on worker threads: thumbnails and the one large view.

A JPEG is decoded at the size asked for, so a 300 dpi page costs a fraction of itself. Memory stays
flat: a bounded number of thumbnails is kept, and the view keeps its own one picture.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from PySide6.QtCore import QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap, QTransform

from digitizer.boxes import Box
from digitizer.errors import DigitizerError, FileUnreadable
from digitizer.model import Page
from ui.bridge import Bridge, Pool
from ui.imagefiles import reader_of

T = TypeVar("T")

THUMBNAILS_KEPT = 96
_SKEW_THAT_MATTERS = 0.05
"""Degrees; a page that lies straighter is shown as it is, as its bundle does."""


class Part(Struct, frozen=True):
    """The part of an image that is the page: a box on the image levelled by ``skew`` (degrees
    clockwise), and the pixels of the whole image."""

    box: Box
    skew: float
    width: int
    height: int


class Wanted(Struct, frozen=True):
    """A picture: an image of the vault (or a part of it), turned (degrees clockwise), fitted into
    a size (pixels)."""

    sha256: str
    turn: int
    width: int
    height: int
    part: Part | None = None


def wanted(page: Page, size: QSize) -> Wanted:
    """Return the picture of ``page`` as the clerk sees it, to fit into ``size`` (pixels)."""
    full = page.full_turn
    turn = page.turn if full is None else full
    part, reading = None, page.reading
    if reading is not None and (page.box is not None or abs(reading.skew) >= _SKEW_THAT_MATTERS):
        box = page.box or Box(0, 0, reading.width, reading.height)
        part = Part(box, reading.skew, reading.width, reading.height)
    return Wanted(page.sha256, turn, size.width(), size.height(), part)


def decode(file: Path | bytes, what: Wanted) -> QImage:
    """Read an image, a file or what is in it, scaled, cropped and turned. Blocks; lets other
    threads run meanwhile.

    Raises:
        FileUnreadable: it is gone, or no image.
    """
    reader = reader_of(file)
    full = reader.size()
    if full.isValid():
        box = QSize(what.width, what.height)
        if what.turn % 180:
            box.transpose()
        fitted = _fitted(full, box, what.part)
        if fitted.width() < full.width():
            reader.setScaledSize(fitted.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        raise FileUnreadable(what.sha256[:12])
    if what.part is not None:
        image = _cut(image, what.part)
    if what.turn:
        image = image.transformed(QTransform().rotate(what.turn))
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _fitted(full: QSize, box: QSize, part: Part | None) -> QSize:
    """Return the size of the whole image at which it, or its part, fits into ``box``."""
    if part is None:
        return full.scaled(box, Qt.AspectRatioMode.KeepAspectRatio)
    share = min(box.width() / part.box.width, box.height() / part.box.height)
    return QSize(round(full.width() * share), round(full.height() * share))


def _cut(image: QImage, part: Part) -> QImage:
    """Return the part of a level image; white where it reaches beyond the image."""
    x, y = image.width() / part.width, image.height() / part.height
    size = QSize(max(1, round(part.box.width * x)), max(1, round(part.box.height * y)))
    cut = QImage(size, QImage.Format.Format_RGB32)
    cut.fill(Qt.GlobalColor.white)
    painter = QPainter(cut)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate(image.width() / 2 - part.box.left * x, image.height() / 2 - part.box.top * y)
    painter.rotate(part.skew)
    painter.drawImage(QPointF(-image.width() / 2, -image.height() / 2), image)
    painter.end()
    return cut


class Pictures(QObject):
    """Asks for pictures and keeps thumbnails.

    Signals:
        arrived: Hash of an image whose thumbnail is there now.
    """

    arrived = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        shown: Callable[[str], Path | bytes],
        parent: QObject | None = None,
    ) -> None:
        """``shown``: an image's hash → where it lies, or what is in it; blocks."""
        super().__init__(parent)
        self._bridge = bridge
        self._shown = shown
        self._kept: OrderedDict[Wanted, QPixmap] = OrderedDict()
        self._asked: set[Wanted] = set()

    def thumbnail(self, what: Wanted) -> QPixmap | None:
        """Return a thumbnail, or None and ask for it: ``arrived`` tells when it is there.

        One that cannot be read is a null pixmap.
        """
        if what in self._kept:
            self._kept.move_to_end(what)
            return self._kept[what]
        if what not in self._asked:
            self._asked.add(what)
            self.large(what, lambda image: self._keep(what, image))
        return None

    def large(self, what: Wanted, show: Callable[[QImage | None], None]) -> None:
        """Decode a picture and give it to ``show``; None where it cannot be read."""
        self.decoded(what.sha256, lambda file: decode(file, what), show)

    def decoded(
        self,
        sha256: str,
        work: Callable[[Path | bytes], QImage],
        show: Callable[[QImage | None], None],
    ) -> None:
        """Give what ``work`` makes of an image's file, off Qt's thread, to ``show``; None where
        it cannot be read."""

        def failed(_error: DigitizerError) -> None:
            show(None)

        self._bridge.ask(lambda: work(self._shown(sha256)), show, failed, pool=Pool.PICTURES)

    def look(self, read: Callable[[], T], show: Callable[[T], None]) -> None:
        """Read what is drawn over pictures, then ``show`` it; no verb waits for that."""
        self._bridge.ask(read, show, pool=Pool.PICTURES)

    def _keep(self, what: Wanted, image: QImage | None) -> None:
        self._asked.discard(what)
        self._kept[what] = QPixmap() if image is None else QPixmap.fromImage(image)
        while len(self._kept) > THUMBNAILS_KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit(what.sha256)
