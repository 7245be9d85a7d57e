"""*Cài đặt* is long: it is there section by section, and nothing that is there moves meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import Clerk
from tests.ui.stage import Stage
from ui.places import Place
from ui.rows import Part
from ui.screens.settings import SettingsScreen
from ui.theme import GRID

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


def place_of(part: QWidget, screen: QWidget) -> QRect:
    return QRect(part.mapTo(screen, QPoint(0, 0)), part.size())


def sections_of(screen: SettingsScreen) -> list[QWidget]:
    """What is there, from top to bottom, without making more."""
    column = screen.form._column
    items = [column.itemAt(at) for at in range(column.count())]
    return [widget for item in items if item is not None and (widget := item.widget()) is not None]


class Seen(QObject):
    """Where a part stood each time it was painted."""

    def __init__(self, part: QWidget, screen: QWidget) -> None:
        super().__init__(screen)
        self.places: list[QRect] = []
        self._part, self._screen = part, screen
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if watched is self._part and event.type() is QEvent.Type.Paint:
            self.places.append(place_of(self._part, self._screen))
        return False


def test_one_section_comes_in_a_turn_and_none_moves(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        clerk.window.go_to(Place.SETTINGS)
        screen = clerk.window.settings
        assert len(sections_of(screen)) == 1  # the rest is not waited for
        grown, turns = QSignalSpy(screen.form.grown), 0
        name = screen.profiles.fields.name
        name.setFocus()
        first, last = Seen(name, screen), Seen(screen.profiles.save, screen)
        while not screen.form.is_whole:
            QApplication.processEvents()
            turns += 1
            assert grown.count() <= turns
            assert clerk.window.focusWidget() is name
        assert grown.count() == len(sections_of(screen)) - 1
        for seen in (first, last):
            seen._part.update()
            paints = len(seen.places)
            clerk.until(lambda seen=seen, paints=paints: len(seen.places) > paints)  # type: ignore[misc]
            assert len(set(map(str, seen.places))) == 1


def test_a_section_that_is_come_for_has_the_keys_at_once(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        clerk.window._signposts.disk()
        screen = clerk.window.settings
        assert len(sections_of(screen)) == 2
        days = screen.storage.days
        assert clerk.window.focusWidget() is days
        seen = Seen(days, screen)
        clerk.until(lambda: screen.form.is_whole and bool(seen.places))
        days.update()
        paints = len(seen.places)
        clerk.until(lambda: len(seen.places) > paints)
        assert clerk.window.focusWidget() is days
        assert len(set(map(str, seen.places))) == 1
        assert 0 <= place_of(days, screen).top() <= 20 * GRID


def test_figures_that_come_late_do_not_push_a_section_away(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        clerk.window._signposts.folders()  # below the figures of the disk
        screen = clerk.window.settings
        clerk.until(lambda: screen.form.is_whole and screen.storage.disk.text() != "")
        clerk.until(lambda: 0 <= place_of(screen.folders, screen).top() <= 16 * GRID)
        before = place_of(screen.folders, screen)
        screen.storage.removed.setText("Đã xóa bản trên máy của 312 hồ sơ")
        screen.storage.form.setRowVisible(screen.storage.removed, True)
        top = screen.storage.removed.height
        clerk.until(lambda: top() > 0 and place_of(screen.folders, screen) == before)


def test_tab_goes_from_top_to_bottom_whatever_was_made_first(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        clerk.window._signposts.part(Part.WEB)
        clerk.window._signposts.disk()
        screen = clerk.window.settings
        clerk.until(lambda: screen.form.is_whole)
        screen.profiles.which.setFocus(Qt.FocusReason.TabFocusReason)
        met: list[QWidget] = []
        while (widget := clerk.window.focusWidget()) is not None and widget not in met:
            met.append(widget)
            clerk.press(Qt.Key.Key_Tab)
        sections = sections_of(screen)
        order = [next((at for at, one in enumerate(sections) if one.isAncestorOf(widget)), -1)
                 for widget in met]  # fmt: skip
        inside = [at for at in order if at >= 0]
        assert inside == sorted(inside)
        assert {sections.index(screen.server), sections.index(screen.storage)} <= set(inside)
        assert order.index(-1) == len(inside)  # then out of the form, and all of it was met
