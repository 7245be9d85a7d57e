"""The training in the window: its lesson is walked by keyboard from the first step to sent."""

from __future__ import annotations

import gc
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from digitizer.profiles import NamedProfile
from digitizer.scanning import Profile
from digitizer.training.course import Course
from digitizer.training.place import LESSON, SCANNER, Place
from tests.ui.conftest import PATIENCE_MS, Clerk
from tests.ui.practice import with_paper
from tests.ui.stage import Stage
from ui import places
from ui.__main__ import training_window
from ui.lesson import END, STEPS
from ui.theme import Theme

CTRL = Qt.KeyboardModifier.ControlModifier

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


@contextmanager
def practising(place: Place, theme: Theme, qtbot: QtBot) -> Iterator[Clerk]:
    """Open the training's window; close it at the end of the block."""
    with Course(place) as course:
        window = training_window(course, theme)
        window.show()
        clerk = Clerk(window, qtbot)
        try:
            with qtbot.waitSignal(window.ready, timeout=PATIENCE_MS):
                window.begin()
            clerk.until(lambda: "Bước 1/8" in clerk.said)
            yield clerk
        finally:
            window.close()
            window.shut()
            window.deleteLater()
            gc.collect()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A training home whose papers are drawn."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return with_paper(tmp_path / "home")


def step(clerk: Clerk) -> int:
    lesson = clerk.window.lesson
    assert lesson is not None
    return lesson.step


def choose(clerk: Clerk, number: int) -> None:
    """Press a paper's number and wait until it is current: a digit might begin a bar code."""
    clerk.press(str(number))
    part = f"TP{number:02d}"
    clerk.until(lambda: clerk.office.paper is not None and clerk.office.paper.part == part)


def tray(place: Place) -> list[str]:
    return sorted(file.name.partition("-")[2] for file in place.tray.iterdir())


def test_the_lesson_goes_from_an_empty_desk_to_sent_by_keyboard(
    place: Place, theme: Theme, qtbot: QtBot
) -> None:
    with practising(place, theme, qtbot) as clerk:
        window = clerk.window
        assert window.windowTitle().startswith("TẬP HUẤN")
        clerk.until(lambda: tray(place) == ["1-to-khai.jpg", "2-mat-sau-trang.jpg"])
        clerk.press(Qt.Key.Key_F5)
        assert "Chưa mở hồ sơ nên chưa quét được" in clerk.said
        assert "Bước 1/8" in clerk.said
        assert "hanh dung" in clerk.said
        clerk.press(Qt.Key.Key_Escape)
        assert "Bước 1/8" in clerk.said
        assert "Chưa mở hồ sơ" not in clerk.said
        QTest.keyClicks(window.counter.finder.field, "hanh dung")
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.name == LESSON.no)
        clerk.until(lambda: "Trong khay: Tờ khai" in clerk.said)
        clerk.scan()
        clerk.until(lambda: "trang trắng" in clerk.said)
        clerk.until(lambda: clerk.pages("TP01") == 2)
        clerk.press(Qt.Key.Key_End)
        clerk.press(Qt.Key.Key_Delete)
        clerk.until(lambda: "Ctrl+Z" in clerk.said)
        clerk.press(Qt.Key.Key_Z, CTRL)
        clerk.until(lambda: "Giấy chứng sinh" in clerk.said)
        clerk.press(Qt.Key.Key_Return)
        clerk.scan()
        clerk.until(lambda: "máy sẽ kẹt giấy" in clerk.said)
        clerk.until(lambda: "3-can-cuoc-cha.jam.jpg" in tray(place))
        clerk.press(Qt.Key.Key_Return)
        clerk.scan()
        assert "Kẹt giấy" in clerk.said
        clerk.until(lambda: "đặt lại từ tờ sau trang này" in clerk.said)
        clerk.until(lambda: tray(place) == ["1-can-cuoc-cha.jpg", "2-can-cuoc-cha-sau.jpg"])
        clerk.until(lambda: clerk.pages("TP03") == 2)
        window.counter.banner.button.click()
        clerk.until(lambda: "Ctrl+Enter" in clerk.said)
        clerk.until(lambda: clerk.pages("TP03") == 4)
        clerk.press(Qt.Key.Key_Return, CTRL)
        clerk.until(lambda: step(clerk) == len(STEPS))
        clerk.until(lambda: window.counter.banner.notice == END)
    assert place.learned, "the next training begins anew"


def test_paper_that_went_astray_lies_in_the_tray_again_and_no_other_scanner_is_found(
    place: Place, theme: Theme, qtbot: QtBot
) -> None:
    with practising(place, theme, qtbot) as clerk:
        clerk.until(lambda: bool(tray(place)))
        clerk.open(LESSON.no)
        clerk.until(lambda: "Trong khay: Tờ khai" in clerk.said)
        before = {file.name for file in place.tray.iterdir()}
        choose(clerk, 2)
        clerk.scan()
        clerk.until(lambda: {file.name for file in place.tray.iterdir()}.isdisjoint(before))
        clerk.until(lambda: "Trong khay: Tờ khai" in clerk.said)
        clerk.until(lambda: tray(place) == ["1-to-khai.jpg", "2-mat-sau-trang.jpg"])
        choose(clerk, 1)
        clerk.scan()
        clerk.until(lambda: step(clerk) > 3)
        profiles = clerk.window.settings.profiles
        clerk.window.go_to(places.Place.SETTINGS)
        profiles.look_for_scanners()
        fields = profiles.fields
        clerk.until(lambda: fields.look.isEnabled())
        names = [fields.device.itemText(at) for at in range(fields.device.count())]
        assert [name for name in names if SCANNER in name]
        assert len(names) <= 2, "the other one is 'whichever is found'"


def test_the_step_stays_when_another_dossier_is_opened(
    place: Place, theme: Theme, qtbot: QtBot
) -> None:
    with practising(place, theme, qtbot) as clerk:
        clerk.beep("000.00.20.H02-261122-0002")
        clerk.until(lambda: clerk.name.endswith("0002"))
        clerk.until(lambda: "Bước 1/8" in clerk.said)


def test_a_second_press_says_that_the_training_is_open(
    stage: Stage, clerk: Clerk, theme: Theme, qtbot: QtBot
) -> None:
    place = with_paper(stage.home)
    clerk.open("000.00.20.H02-261122-0007")
    with Course(place) as course:
        app = course.open()
        try:
            clerk.window.rail.practise.click()
            clerk.until(lambda: "Tập huấn đang mở rồi" in clerk.said)
        finally:
            app.close()
    assert clerk.name == "000.00.20.H02-261122-0007"
    assert not place.running


def test_scanner_and_sandbox_are_where_they_were_and_other_profiles_stay(place: Place) -> None:
    with Course(place) as first:
        app = first.open()
        before = app.servers.get()
        app.profiles.put(NamedProfile("của tôi", Profile(first.device, dpi=200)))
        assert [one.name for one in app.profiles.all()] == [SCANNER, "của tôi"]
        app.close()
    with Course(place) as second:
        app = second.open()
        assert app.servers.get() == before
        assert second.device == first.device
        assert [one.name for one in app.profiles.all()] == [SCANNER, "của tôi"]
        app.close()


def test_the_button_starts_a_training_of_this_home(
    stage: Stage, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    place = with_paper(stage.home)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    clerk.window.rail.practise.click()
    clerk.until(lambda: "cửa sổ riêng" in clerk.said)
    launcher = clerk.window._launcher
    assert launcher is not None
    assert launcher._started is not None
    started.append(launcher._started)
    try:
        clerk.until(lambda: place.running)
        clerk.window.rail.practise.click()
        clerk.until(lambda: "Tập huấn đang mở rồi" in clerk.said)
    finally:
        for process in started:
            process.terminate()
            process.wait(20)
    assert not place.running
