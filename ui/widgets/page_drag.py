"""The mouse on the strip: choosing several pages, and dragging them to another place or paper.

Everything happens inside the window, without the desktop's drag and drop: nothing jumps while the
pointer moves, and a line shows where the pages would go.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from ui.models.pages import BIN_ROLE, PAGE_ROLE
from ui.widgets.papers import Papers
from ui.widgets.strip import Strip

_CREEP_MS, _CREEP_EDGE, _CREEP_PIXELS = 30, 24, 12
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class PageDrag(QObject):
    """Listens to the mouse in front of the strip.

    Signals:
        dropped: The chosen pages are to stand before this row (int).
        handed: The chosen pages are to go to this paper (its id).
    """

    dropped = Signal(int)
    handed = Signal(str)

    def __init__(self, strip: Strip, papers: Papers) -> None:
        super().__init__(strip)
        self._strip, self._papers = strip, papers
        self._pressed: QPoint | None = None
        self._row = -1
        self._alone = False
        self.going = False
        self._creep = QTimer(self, interval=_CREEP_MS)
        self._creep.timeout.connect(self._creep_on)
        self._at = QPoint()
        strip.viewport().installEventFilter(self)

    def cancel(self) -> None:
        """Let the pages be where they are."""
        self._end()
        self._pressed = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take what the left button does on a page; let everything else pass."""
        if not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            return self._press(event)
        if self._pressed is None:
            return False
        if kind == QEvent.Type.MouseMove:
            self._move(event.position().toPoint())
            return True
        if kind == QEvent.Type.MouseButtonRelease:
            self._release()
            return True
        return False

    def _press(self, event: QMouseEvent) -> bool:
        strip = self._strip
        at = event.position().toPoint()
        index = strip.indexAt(at)
        if not index.isValid():
            return False
        self._alone = False
        if index.data(BIN_ROLE) is not None:
            strip.step(index.row() - strip.currentIndex().row())
            strip.turn_over_bin()
            return True
        page = index.data(PAGE_ROLE)
        label = strip.cells.label_at(strip.visualRect(index))
        if page.deleted and (label.contains(at) or strip.page == page):
            strip.restored.emit(page)
        elif event.modifiers() & _SHIFT:
            strip.extend_to(index.row())
        elif event.modifiers() & _CTRL and not page.deleted:
            strip.toggle(index.row())
        elif not strip.selectionModel().isSelected(index):
            strip.step(index.row() - strip.currentIndex().row())
        else:
            self._alone = True  # on release, unless these are dragged
        self._pressed, self._row = (None if page.deleted else at), index.row()
        return True

    def _move(self, at: QPoint) -> None:
        if self._pressed is None:
            return
        far = (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if not self.going and far and self._strip.selectionModel().hasSelection():
            self.going, self._alone = True, False
            self._strip.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self._creep.start()
        self._at = at
        if self.going:
            self._point()

    def _point(self) -> None:
        """Show where the pages would go."""
        paper = self._papers.paper_under(self._strip.viewport().mapToGlobal(self._at))
        self._papers.aim(paper)
        inside = self._strip.viewport().rect().contains(self._at)
        gap, behind = self._gap() if inside else (None, False)
        self._strip.show_gap(gap, behind=behind)

    def _gap(self) -> tuple[int, bool]:
        """Return the row that the pages would stand before, and whether that is at the right of
        the page under the pointer."""
        strip, count = self._strip, len(self._strip.list.pages)
        behind = False
        for row in range(count):
            cell = strip.visualRect(strip.list.index(row))
            same_line = cell.top() <= self._at.y() <= cell.bottom()
            if cell.top() > self._at.y() or (same_line and self._at.x() < cell.center().x()):
                return row, behind
            behind = same_line
        return count, behind

    def _release(self) -> None:
        going, gap, alone, row = self.going, self._strip.gap, self._alone, self._row
        paper = self._papers.paper_under(self._strip.viewport().mapToGlobal(self._at))
        self.cancel()
        if going and paper is not None:
            self.handed.emit(paper)
        elif going and gap is not None:
            self.dropped.emit(gap)
        elif alone:
            self._strip.go_to(row)

    def _creep_on(self) -> None:
        """Scroll while the pages are held at an edge."""
        bar, height = self._strip.verticalScrollBar(), self._strip.viewport().height()
        if self._at.y() < _CREEP_EDGE:
            bar.setValue(bar.value() - _CREEP_PIXELS)
        elif self._at.y() > height - _CREEP_EDGE:
            bar.setValue(bar.value() + _CREEP_PIXELS)
        self._point()

    def _end(self) -> None:
        self.going = False
        self._creep.stop()
        self._papers.aim(None)
        self._strip.show_gap(None)
        self._strip.viewport().unsetCursor()
