"""*Tìm*: everything kept here by one field, from the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest

from digitizer.app import App
from digitizer.finding import Place as Spot
from digitizer.model import Reading, Words
from digitizer.pagetext import PageText
from digitizer.storage import changes
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, HOLDER, Stage
from ui.bridge import Bridge
from ui.finding import AsTyped
from ui.models.heads import DOSSIER_ROLE
from ui.models.places import PLACE_ROLE
from ui.places import Place
from ui.screens.find import FindScreen
from ui.widgets.places import begun_later

ALT = Qt.KeyboardModifier.AltModifier
READING = Reading(620, 877, 75.0, 75.0, False, 0.1, 0, 0.0)
AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


def shelve(app: App, part: str, *texts: str) -> None:
    """Put pages that were read into a paper of the dossier ``CODE``."""
    dossier = app.dossiers.find(CODE)
    paper = app.dossiers.paper_for(dossier, part)
    for number, text in enumerate(texts, start=1):
        sha256 = f"{part}-{number}".ljust(64, "0")
        with app.store.transaction() as tx:
            changes.start_batch(tx, f"{part}-{number}", paper, "test", "{}")
            changes.add_page(tx, f"{part}-{number}", 1, sha256=sha256, size=1, suffix="jpg")
            changes.end_batch(tx, f"{part}-{number}", "empty")
        words = Words("a" * 64, "b" * 64, 3, 90.0)
        app.dossiers.note_reading(sha256, READING, words, (), PageText(text, text))


@pytest.fixture
def shelved(stage: Stage) -> Stage:
    """A desk whose dossier ``CODE`` says something on its pages."""
    stage.prepare()
    with App(stage.home, "test") as app:
        shelve(app, "TP01", "Tờ khai đăng ký khai sinh", "Ông Hoàng Văn Bình cam đoan")
        shelve(app, "TP02", "Giấy chứng sinh, bác sĩ cam đoan")
    return stage


def screen_of(clerk: Clerk) -> FindScreen:
    """Go to *Tìm*."""
    clerk.press(Qt.Key.Key_6, ALT)
    found = clerk.window.screen(Place.FIND)
    assert isinstance(found, FindScreen)
    assert clerk.window.place is Place.FIND
    return found


def rows(screen: FindScreen) -> list[str]:
    """What the rows are: holders, and where pages stand."""
    said = []
    for row in range(screen.list.rowCount()):
        index = screen.list.index(row)
        spot: Spot | None = index.data(PLACE_ROLE)
        holder = index.data(DOSSIER_ROLE).holder
        said.append(holder if spot is None else f"{spot.part} {spot.number}")
    return said


def test_a_page_is_found_by_its_words_and_opened(shelved: Stage, at_window: AtWindow) -> None:
    with at_window(shelved) as clerk:
        app = clerk.window.app
        assert app is not None
        screen = screen_of(clerk)
        assert clerk.window.focusWidget() is screen.field
        assert "Enter để mở" in screen.hint.text()
        QTest.keyClicks(screen.field, "binh cam doan")
        clerk.until(lambda: rows(screen) == [HOLDER, "TP01 2"])  # indexed behind the start
        assert screen.heading.text() == "Tìm thấy 1 hồ sơ"
        spoken = screen.list.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
        assert spoken.startswith("Trang 2 · ")
        assert "cam đoan" in spoken
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.name == CODE)
        assert clerk.window.place is Place.COUNTER
        strip = clerk.window.counter.strip
        clerk.until(lambda: strip.page is not None)
        assert strip.page is not None
        assert strip.page.sha256.startswith("TP01-2")
        back = screen_of(clerk)
        assert back.field.text() == back.field.selectedText() == "binh cam doan"


def test_arrows_choose_another_place(shelved: Stage, at_window: AtWindow) -> None:
    with at_window(shelved) as clerk:
        screen = screen_of(clerk)
        QTest.keyClicks(screen.field, "cam doan")
        clerk.until(lambda: rows(screen) == [HOLDER, "TP02 1", "TP01 2"])
        assert screen.view.currentIndex().row() == 1  # the page it was found by, not its dossier
        clerk.press(Qt.Key.Key_Down)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.name == CODE)
        paper = clerk.office.paper
        assert paper is not None
        assert paper.part == "TP01"


def test_nothing_found_says_what_to_try(shelved: Stage, at_window: AtWindow) -> None:
    with at_window(shelved) as clerk:
        screen = screen_of(clerk)
        QTest.keyClicks(screen.field, "xyzzy")
        clerk.until(lambda: screen.heading.text().startswith("Không tìm thấy"))
        assert "không dấu" in screen.hint.text()
        assert not screen.view.isVisible()
        clerk.press(Qt.Key.Key_Return)  # nothing to open
        assert clerk.window.place is Place.FIND
        screen.field.clear()
        assert "Enter để mở" in screen.hint.text()
        clerk.press(Qt.Key.Key_Escape)
        assert clerk.window.place is Place.COUNTER


def test_a_whole_code_in_the_field_opens_its_dossier(shelved: Stage, at_window: AtWindow) -> None:
    with at_window(shelved) as clerk:
        screen = screen_of(clerk)
        QTest.keyClicks(screen.field, CODE)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.name == CODE)
        assert clerk.window.place is Place.COUNTER


def test_the_newest_question_wins(clerk: Clerk) -> None:
    bridge: Bridge = clerk.window.bridge
    owner = QObject()
    asked: list[str] = []
    shown: list[tuple[str, str]] = []

    def look(typed: str) -> str:
        asked.append(typed)
        return typed.upper()

    looking = AsTyped(bridge, look, lambda typed, found: shown.append((typed, found)), owner)
    for typed in ("n", "ng", "ngo", "ngoc"):
        looking.ask(typed)
    assert looking.busy
    clerk.until(lambda: not looking.busy)
    assert shown == [("ngoc", "NGOC")]
    assert asked == ["n", "ngoc"]


@pytest.mark.parametrize(
    ("room", "shown"),
    [(99, "… của bà Hoàng "), (12, "… bà Hoàng "), (10, "… Hoàng "), (1, "… ")],
)
def test_what_stands_before_a_mark_is_cut_at_a_word(room: int, shown: str) -> None:
    assert begun_later("… của bà Hoàng ", room, len) == shown
    assert begun_later("bà Hoàng ", 9, len) == "bà Hoàng "
