"""The finder: what is typed beside an offered code, and how one lets go of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from PySide6.QtCore import Qt

from digitizer.app import App
from digitizer.sandbox.faults import Fault
from digitizer.servers import Server
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, Stage, set_up
from ui.places import Place
from ui.screens.finder import Finder

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
UNKNOWN = "000.00.20.H02-261122-4711"
AWAY = Server("opencps", "http://127.0.0.1:9/o/rest/v2", "1", "u")


def heard(finder: Finder) -> str:
    """What a screen reader says of the button that has the focus."""
    return finder.make.accessibleDescription()


def test_typing_beside_an_offered_code_seeks_and_makes_nothing(clerk: Clerk) -> None:
    """The button that makes the unknown one has the focus: letters are not lost, nor is Enter
    taken for it."""
    clerk.beep(UNKNOWN)
    finder = clerk.window.counter.finder
    clerk.until(lambda: clerk.window.focusWidget() is finder.make)
    for letter in CODE:
        clerk.press(letter)
    assert finder.field.text() == CODE
    assert clerk.window.focusWidget() is finder.field
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.name == CODE)
    app = clerk.window.app
    assert app is not None
    assert UNKNOWN not in [head.name for head in app.dossiers.heads()]


def test_whether_the_server_denied_a_code_or_was_not_reached_is_told(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        finder = clerk.window.counter.finder
        clerk.beep(UNKNOWN)
        clerk.until(lambda: clerk.window.focusWidget() is finder.make)
        assert heard(finder) == (
            "Hệ thống thủ tục không có hồ sơ mã này. "
            "Xem lại mã trên giấy tiếp nhận. Nếu mã đúng, bấm Tạo hồ sơ để quét ngay."
        )
        assert finder._heading.text() == "Hệ thống thủ tục không có hồ sơ mã này"
        stage.faults.set(Fault.UNAVAILABLE)
        clerk.beep(UNKNOWN)
        clerk.until(lambda: "đang quá tải" in heard(finder))
        assert heard(finder).startswith(
            "Chưa hỏi được hệ thống thủ tục. Hệ thống thủ tục đang quá tải. "
            "Máy này chưa có hồ sơ mã này."
        )
        for letter in CODE:
            clerk.press(letter)
        clerk.until(lambda: finder._heading.text() == "Tìm thấy")


def test_without_a_line_or_a_server_a_code_is_looked_for_here_alone(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        finder = clerk.window.counter.finder
        clerk.beep(UNKNOWN)
        clerk.until(lambda: "Chưa khai báo hệ thống thủ tục" in heard(finder))
    with App(stage.home, "test") as app:
        app.servers.set(AWAY, "p")
    with at_window(stage) as clerk:
        finder = clerk.window.counter.finder
        clerk.beep(UNKNOWN)
        clerk.until(lambda: heard(finder).startswith("Chưa hỏi được hệ thống thủ tục. Mất mạng."))


def test_escape_lets_go_of_what_was_sought(clerk: Clerk) -> None:
    clerk.beep(UNKNOWN)
    finder = clerk.window.counter.finder
    clerk.until(lambda: clerk.window.focusWidget() is finder.make)
    clerk.press(Qt.Key.Key_F5)  # no dossier is open: what was typed stays
    assert finder.field.text() == UNKNOWN
    clerk.press(Qt.Key.Key_Escape)
    assert finder.field.text() == ""
    assert clerk.window.focusWidget() is finder.field
    clerk.until(lambda: not finder.make.isVisible())
    assert "Mở hồ sơ trước khi quét" in clerk.said
    clerk.press(Qt.Key.Key_Escape)
    assert clerk.window.banner.notice is None


def test_undo_after_finishing_brings_no_earlier_code_back(clerk: Clerk) -> None:
    """Enter would open that citizen's dossier."""
    finder = clerk.window.counter.finder
    for letter in CODE[-4:]:
        clerk.press(letter)
    assert finder.field.text() == CODE[-4:]
    clerk.until(lambda: not clerk.window.keys._typed)  # a reader comes after a moment
    clerk.beep(CODE)
    clerk.until(lambda: clerk.name == CODE)
    clerk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    clerk.until(lambda: clerk.office.desk is None and finder.isVisible())
    clerk.press("Z", Qt.KeyboardModifier.ControlModifier)
    assert finder.field.text() == ""


def test_a_scan_that_goes_on_is_seen_stopped_and_found_from_here(
    tmp_path: Path, at_window: AtWindow
) -> None:
    with set_up(tmp_path, pages=9, seconds_a_page=0.4) as stage:
        stage.prepare()
        with at_window(stage) as clerk:
            counter, scanning = clerk.window.counter, clerk.window.scanning
            shown = counter.finder.scan
            clerk.open(CODE)
            clerk.press(Qt.Key.Key_F5)
            clerk.until(lambda: clerk.pages("TP01") > 0)
            clerk.press("f", Qt.KeyboardModifier.ControlModifier)
            clerk.until(shown.isVisible)
            assert "Tờ khai đăng ký khai sinh · Hoàng Thị Bích Ngọc" in shown.doing.text()
            assert shown.stop_button.text() == "Dừng", "Esc leads back to the open dossier"
            clerk.office.close_desk()
            assert shown.stop_button.text() == "Dừng  Esc"
            shown.go_button.click()
            clerk.until(lambda: clerk.name == CODE and counter.papers.isVisible())
            assert scanning.target is not None
            clerk.press("f", Qt.KeyboardModifier.ControlModifier)
            clerk.until(shown.isVisible)
            shown.stop_button.click()
            clerk.until(lambda: scanning.target is None)
            assert not shown.isVisible()
            assert 0 < clerk.pages("TP01") < 9


def test_a_stack_that_is_fed_is_told_and_one_press_away(
    tmp_path: Path, at_window: AtWindow
) -> None:
    with set_up(tmp_path, pages=9, seconds_a_page=0.4) as stage:
        stage.prepare()
        with at_window(stage) as clerk:
            window, shown = clerk.window, clerk.window.counter.finder.scan
            window.go_to(Place.STACK)
            clerk.press(Qt.Key.Key_F5)
            window.go_to(Place.COUNTER)
            clerk.until(shown.isVisible)
            clerk.until(lambda: "Đang quét vào: Quét lô" in shown.doing.text())
            assert shown.go_button.text() == "Đến Quét lô"
            clerk.open(CODE)
            assert window.counter._hint() == "Máy đang quét một lô giấy.\nQuét xong rồi bấm lại F5."
            clerk.press("f", Qt.KeyboardModifier.ControlModifier)
            shown.go_button.click()
            assert window.place is Place.STACK
            window.scanning.stop()
            clerk.until(lambda: window.scanning.target is None)
            assert shown.isHidden()
