"""A long form, section below section: the first is there at once, each other one is made in a turn
of the event loop of its own, or when it is asked for. Used by *Cài đặt*."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QSpacerItem, QVBoxLayout, QWidget

from ui.theme import GRID

_ROOM = 10_000
"""Pixels that the end of the form would like to have: sections get the least that they take, be
there much room or little, so that no row moves as more comes."""
_LINES = 14
"""A section is less high than so many lines, on average: the form is as high as that while it
grows, so that none is squeezed to make room for another."""
_PASSES = 3
"""The first gives lines of text their width, the next one their height, then all else its place."""
_Made = TypeVar("_Made", bound=QWidget)


class Section(Generic[_Made]):
    """One section of a form: called, it is its widget, which is made the first time.

    Attributes:
        widget: What was made.
    """

    def __init__(self, form: Sections, make: Callable[[], _Made]) -> None:
        self._form = form
        self._make = make
        self.widget: _Made | None = None

    def __call__(self) -> _Made:
        """Return the widget, in its place."""
        if self.widget is None:
            self.widget = self._make()
            self._form.place(self, self.widget)
        return self.widget


class Sections(QWidget):
    """The form. What is there stays where it is while more comes below it, and Tab goes from top to
    bottom whatever was made first.

    Makers give a section this form as its parent: a style sheet is worked out again for everything
    in a widget that is put into another one.

    Signals:
        grown: One more section has its place, in its turn.
        whole: All of them are.
        resized: Rows of a section came or went, perhaps above what is looked at.
    """

    grown = Signal()
    whole = Signal()
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ground")
        self._sections: list[Section[Any]] = []
        self._orderly = True
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        policy = QSizePolicy.Policy.Preferred
        self._column.addSpacerItem(QSpacerItem(0, _ROOM, policy, policy))
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._make_next)

    def later(self, make: Callable[[], _Made]) -> Section[_Made]:
        """Add a section below the others."""
        one = Section(self, make)
        self._sections.append(one)
        return one

    def begin(self) -> None:
        """Make the first section, and from now on one a turn."""
        self.setMinimumHeight(len(self._sections) * _LINES * self.fontMetrics().height())
        self._sections[0]()
        self._turn.start()

    def settle(self) -> None:
        """Have every row in its place before anything is drawn: lines of text take another height
        once they know their width."""
        for _ in range(_PASSES):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Tell it."""
        super().resizeEvent(event)
        self.resized.emit()

    @property
    def is_whole(self) -> bool:
        """Whether every section is there."""
        return all(one.widget is not None for one in self._sections)

    def place(self, one: Section[Any], widget: QWidget) -> None:
        """Put the widget of a section that has just been made below those that stand before it."""
        at = self._sections.index(one)
        above = sum(each.widget is not None for each in self._sections[:at])
        self._orderly &= above == at
        self._column.insertWidget(above, widget)
        if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            widget.show()  # a layout shows it a turn later: too late for the keys
        if self.is_whole:
            self._turn.stop()
            self.setMinimumHeight(0)
            if not self._orderly:
                self._put_in_order()
            self.whole.emit()

    def _put_in_order(self) -> None:
        """Have Tab go through the sections as they stand."""
        ways = [field for one in self._sections for field in _fields(one())]
        for before, after in pairwise(ways):
            QWidget.setTabOrder(before, after)

    def _make_next(self) -> None:
        next(one for one in self._sections if one.widget is None)()
        self.settle()
        self.grown.emit()


def _fields(section: QWidget) -> list[QWidget]:
    """Return what takes the keys in a section, as Tab goes through it."""
    found, widget = list[QWidget](), section.nextInFocusChain()
    while widget is not None and widget is not section:
        if section.isAncestorOf(widget) and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found
