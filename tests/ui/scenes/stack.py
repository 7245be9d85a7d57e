"""*Quét lô*: a stack with wrong cuts in it, fed, read, looked through, accepted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui import feed
from tests.ui.camera import Camera, parts_of, press, rest, wait
from tests.ui.papers import Papers
from tests.ui.stage import Stage, set_up
from ui.places import Place
from ui.window import Window

_SECONDS_A_PAGE = 0.5
_FED = 5


def _sheets() -> list[feed.Sheet]:
    """Four dossiers. Wrong: no separator before the note of birth, one too many in the identity
    papers, and nobody knows whose the last pages are."""
    part = feed.paper
    return [
        feed.dossier(feed.BIRTH),
        *[part("TP01", "Tờ khai đăng ký khai sinh", "1.001193"), *feed.pages(2, feed.FORM)],
        *feed.pages(2, feed.NOTE),
        *[part("TP03", "Giấy tờ tùy thân", "1.001193"), *feed.pages(2)],
        *[feed.STRAY, *feed.pages(1)],
        feed.dossier(feed.DEATH),
        *[part("TP01", "Tờ khai đăng ký khai tử", "1.000656"), *feed.pages(3)],
        *[feed.receipt(feed.MARRIAGE), *feed.pages(3), feed.BLANK],
        *[feed.LOST, *feed.pages(2)],
    ]


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    del papers
    with set_up(folder, pages=1, seconds_a_page=_SECONDS_A_PAGE) as stage:
        stage.prepare()
        drawn = feed.draw(_sheets(), folder / "sheets")
        with camera.window(stage) as window:
            window.go_to(Place.STACK)
            camera.take(window, "301-empty")
            if camera.wants("302", "303", "304", "305", "306", "307", "308", "309"):
                _feed(camera, window, stage, drawn)
                _review(camera, window)
            if camera.wants("310"):
                _jam(camera, window, stage, drawn)


def _feed(camera: Camera, window: Window, stage: Stage, drawn: list[Path]) -> None:
    stacks = parts_of(window).stacks
    stage.load(drawn)
    press(window, Qt.Key.Key_F5)
    wait(lambda: stacks.stack is not None and len(stacks.stack.pages) >= _FED)
    rest(400)
    camera.take(window, "302-scanning")
    wait(lambda: window.scanning.target is None)
    camera.take(window, "303-reading")
    wait(lambda: stacks.stack is not None and stacks.stack.ready)


def _review(camera: Camera, window: Window) -> None:
    stacks, screen = parts_of(window).stacks, window.stack

    def doubts() -> int:
        return len(stacks.stack.doubts) if stacks.stack else 0

    press(window, Qt.Key.Key_Return)
    rest(600)
    camera.take(window, "304-read")
    press(window, Qt.Key.Key_Return)
    rest(600)
    camera.take(window, "305-next-doubt")
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    press(window, "x")
    wait(lambda: screen.columns.choosing)
    camera.take(window, "306-choices")
    QTest.keyClicks(screen.choices.field, "le hoang")
    wait(lambda: screen.choices.list.count() > 0)
    rest(600)
    camera.take(window, "307-choices-typed")
    before = doubts()
    press(window, Qt.Key.Key_Return)
    wait(lambda: not screen.columns.choosing and doubts() < before)
    for letter in ("j", "c"):
        before = doubts()
        press(window, Qt.Key.Key_Return)
        press(window, letter)
        wait(lambda before=before: doubts() < before)  # type: ignore[misc]
    press(window, Qt.Key.Key_Home)
    rest(600)
    camera.take(window, "308-settled")
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait(lambda: window.banner.notice is not None)
    camera.take(window, "309-accepted")
    window.banner.clear()


def _jam(camera: Camera, window: Window, stage: Stage, drawn: list[Path]) -> None:
    stacks = parts_of(window).stacks
    stage.load(drawn[:4])
    (stage.stack / "99.jam.jpg").write_bytes(drawn[4].read_bytes())
    press(window, Qt.Key.Key_F5)
    wait(lambda: window.scanning.target is not None)
    wait(lambda: window.scanning.target is None and window.banner.notice is not None)
    wait(lambda: stacks.stack is not None and stacks.stack.unread == 0)
    rest(600)
    camera.take(window, "310-jam")
