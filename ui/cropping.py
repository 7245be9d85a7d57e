"""Cropping by hand: the whole page with a frame, until it is cropped or left as it was."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QObject, QRectF, Signal

from digitizer.boxes import Box, Cropping
from digitizer.model import Page
from digitizer.readings import Reading
from ui import work_words
from ui.commands import Command
from ui.page_verbs import PageVerbs
from ui.widgets.crop_frame import CropFrame
from ui.widgets.page_view import PageView

_BY = 0.01
_WHOLE = QRectF(0, 0, 1, 1)


class HandCrop(QObject):
    """Crops one page by hand.

    Signals:
        asked: What the keys do now; empty: as ever.
        ended: The page is to be shown as it is again.
    """

    asked = Signal(str)
    ended = Signal()

    def __init__(self, view: PageView, verbs: PageVerbs, parent: QObject) -> None:
        super().__init__(parent)
        self._view, self._verbs = view, verbs
        self._page: Page | None = None
        self.frame = CropFrame(view, lambda: view.place)

    @property
    def going(self) -> bool:
        """Whether a page is being cropped."""
        return self._page is not None

    def begin(self, page: Page) -> None:
        """Show the whole of a page with a frame around what counts of it."""
        if page.reading is None:
            self._verbs.told.emit(work_words.NOT_READ)
            return
        self._page = page
        self._view.whole()
        self._show(page)
        self.frame.begin(frame_of(page.box, page.reading, page.full_turn or 0))
        self.asked.emit(work_words.CROPS)

    def see(self, page: Page | None) -> None:
        """Another page is looked at, or this one is shown anew."""
        if self._page is not None and page is not None and page.id == self._page.id:
            self._show(page)
        else:
            self.cancel()

    def _show(self, page: Page) -> None:
        self._view.show_page(replace(page, crop=Cropping.WHOLE))

    def do(self, command: Command) -> bool:
        """Take the keys of the frame (undo leaves it); any other ends it and is done as ever."""
        page = self._page
        if page is None or page.reading is None:
            return False
        if command is Command.CROP:
            self.frame.next_corner()
        elif command is Command.NEXT_PAPER:
            wanted = box_of(self.frame.frame, page.reading, page.full_turn or 0)
            self.cancel()
            self._verbs.crop_to(page, wanted)
        elif command in (Command.UNDO, Command.REDO):
            self.cancel()  # what was begun last is the frame
        else:
            self.cancel()
            return False
        return True

    def pan(self, dx: int, dy: int) -> bool:
        """Move a corner by arrows."""
        if self.going:
            self.frame.nudge(dx * _BY, dy * _BY)
        return self.going

    def cancel(self) -> None:
        """Leave the page as it was."""
        if self.going:
            self._page = None
            self.frame.hide()
            self.asked.emit("")
            self.ended.emit()


def frame_of(box: Box | None, reading: Reading, turn: int) -> QRectF:
    """PURE: return a box of an image as parts of the upright page; None: all of it."""
    if box is None:
        return QRectF(_WHOLE)
    across, down = reading.width, reading.height
    frame = QRectF(box.left / across, box.top / down, box.width / across, box.height / down)
    return _turned(frame.intersected(_WHOLE), turn)


def box_of(frame: QRectF, reading: Reading, turn: int) -> Box | Cropping:
    """PURE: return a part of the upright page as a box of its image."""
    if frame == _WHOLE:
        return Cropping.WHOLE
    level = _turned(frame, -turn % 360)
    return Box(
        round(level.left() * reading.width),
        round(level.top() * reading.height),
        round(level.right() * reading.width),
        round(level.bottom() * reading.height),
    )


def _turned(part: QRectF, turn: int) -> QRectF:
    """Return a part of a page after it was turned clockwise."""
    for _ in range(turn // 90):
        part = QRectF(1 - part.bottom(), part.left(), part.height(), part.width())
    return part
