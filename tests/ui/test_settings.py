"""Settings: scanners are found, choices hold at once, the procedure system is tried."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from digitizer import errors, pace
from digitizer.app import App
from digitizer.errors import Offline, SignInRefused
from digitizer.pace import Pace
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, GOOD, Stage
from ui import wording
from ui.places import Place
from ui.theme import GRID

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


def test_scanners_are_found_and_chosen(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(device="", server=False)
    with at_window(stage) as clerk:
        section = clerk.window.settings.profiles
        fields = section.fields
        clerk.window.go_to(Place.SETTINGS)
        fields.look.click()
        assert not fields.look.isEnabled()
        assert fields.look.toolTip()
        clerk.until(fields.look.isEnabled)
        assert fields.device_said.text() == "Tìm thấy 3 máy quét."
        fields.device.setFocus()
        clerk.press(Qt.Key.Key_Down)
        assert fields.device.value == GOOD
        fields.name.setFocus()
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: section.said.text().startswith("✓"))
        app = clerk.window.app
        assert app is not None
        assert [one.profile.device for one in app.profiles.all()] == [GOOD]


def test_a_scanner_that_was_chosen_is_shown_by_its_name(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        clerk.window.go_to(Place.SETTINGS)
        fields = clerk.window.settings.profiles.fields
        clerk.until(lambda: fields.device.value == GOOD)
        assert fields.device.currentText() == "Quầy 1"  # nobody has looked for it yet
        fields.look.click()
        clerk.until(fields.look.isEnabled)
        assert (fields.device.value, fields.device.currentText()) == (GOOD, "eSCL Quầy 1")
        clerk.office.profiles.read()
        gone = [one for one in fields._found if one.device.id != GOOD]
        fields.offer_scanners(gone, "")
        shown = (fields.device.value, fields.device.currentText())
        assert shown == (GOOD, "eSCL Quầy 1 (không thấy)")


def test_without_a_choice_the_first_scanner_found_scans(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(device="")
    with at_window(stage) as clerk:
        clerk.open(CODE)
        bar, papers = clerk.window.counter.bar, clerk.window.counter.papers
        clerk.press(Qt.Key.Key_F5)
        assert clerk.window.scanning.searching
        assert bar.doing.text().startswith("Đang tìm máy quét")
        assert not any(row._scanning for row in papers._rows.values())
        clerk.until(lambda: not clerk.window.scanning.searching)
        assert bar.doing.text() == "Đang quét vào: Tờ khai đăng ký khai sinh"
        clerk.until(lambda: clerk.pages("TP01") == 3)
        clerk.until(lambda: clerk.window.scanning.target is None)
        clerk.press(Qt.Key.Key_F5)
        assert not clerk.window.scanning.searching
        clerk.until(lambda: clerk.pages("TP01") == 6)


def test_a_search_for_a_scanner_can_be_stopped(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(device="")
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.press(Qt.Key.Key_F5)
        clerk.press(Qt.Key.Key_Escape)
        clerk.until(lambda: clerk.window.scanning.target is None)
        assert "Đã dừng quét" in clerk.said
        assert clerk.pages("TP01") == 0


def test_a_server_is_saved_tried_and_used(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        clerk.until(lambda: clerk.window.counter.header.outbox.text() == "Chưa khai báo nơi gửi")
        form = clerk.window.settings.server
        form.url.setText(stage.server.url)
        form.group.setText(stage.server.group)
        form.user.setText(stage.server.user)
        form.password.setText("sai")
        form.check.click()
        assert not form.check.isEnabled()
        clerk.until(form.check.isEnabled)
        assert SignInRefused.title in form.said.text()
        form.password.setText(stage.password)
        form.check.click()
        clerk.until(form.check.isEnabled)
        assert "Kết nối được" in form.said.text()
        assert form.password.text() == ""
        clerk.until(lambda: clerk.window.counter.finder.list.rowCount() == 10)
        form.check.click()
        clerk.until(form.check.isEnabled)
        assert "Kết nối được" in form.said.text()


def test_a_wrong_password_is_not_tried_again_by_itself(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    with App(stage.home, "test") as app:
        app.servers.set(stage.server, "sai")
    with at_window(stage) as clerk:
        clerk.until(lambda: SignInRefused.title in clerk.said)
        office = clerk.office
        office.fetch()
        assert not office._fetching
        office.open_code("000.00.20.H02-261122-9999")
        clerk.until(lambda: office.opening == "")
        assert office.locked_out
        office.retry()
        assert not office.locked_out
        clerk.until(lambda: office.locked_out)


def test_a_server_that_is_not_there_is_said_in_words(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        form = clerk.window.settings.server
        form.url.setText("http://127.0.0.1:9/o/rest/v2")
        form.group.setText("1")
        form.user.setText("x")
        form.password.setText("x")
        form.check.click()
        clerk.until(form.check.isEnabled)
        assert Offline.title in form.said.text()
        clerk.until(lambda: "mất mạng từ" in clerk.window.counter.header.outbox.text())


def test_a_folder_needs_no_account(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        form = clerk.window.settings.server
        clerk.window.go_to(Place.SETTINGS)
        form.kind.choose("folder")
        assert not form.user.isVisible()
        folder = stage.home.parent / "out"
        folder.mkdir()
        form.url.setText(str(folder))
        form.check.click()
        clerk.until(form.check.isEnabled)
        assert "Kết nối được" in form.said.text()


def test_the_machine_in_use_goes_first(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        form = clerk.window.settings
        clerk.window.go_to(Place.SETTINGS)
        clerk.until(lambda: form.machine.pace.value is Pace.WORK)
        form.machine.pace.setFocus()
        clerk.press(Qt.Key.Key_Down)
        app = clerk.window.app
        assert app is not None
        clerk.until(lambda: pace.get(app.store) is Pace.DESK)


def test_a_trouble_with_the_server_leads_to_the_server(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        untrusted = wording.lane_paused(errors.ServerUntrusted())
        assert untrusted is not None
        clerk.window.banner.say(untrusted)
        assert clerk.window.banner.button.text() == "Mở Cài đặt"
        clerk.window.banner.button.click()
        settings = clerk.window.settings
        assert clerk.window.focusWidget() is settings.server.url

        def top(part: QWidget) -> int:
            return part.mapTo(settings, part.rect().topLeft()).y()

        clerk.until(lambda: 0 <= top(settings.server) <= 2 * GRID)
        unable = wording.lane_paused(errors.NotSupported())
        assert unable is not None
        clerk.window.banner.say(unable)
        clerk.window.banner.button.click()  # dossiers go out as folders, there
        assert clerk.window.focusWidget() is settings.carrying.out
        clerk.until(lambda: 0 <= top(settings.carrying) < settings.height() // 2)
        clerk.press(Qt.Key.Key_F9)  # nobody is on the list: leads to where they are added
        first = settings.clerks.first
        clerk.until(lambda: top(first) + first.height() <= settings.height())
        assert clerk.window.focusWidget() is first
        assert top(settings.clerks) >= 0


def test_the_keys_that_turn_pages_go_through_the_form(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        clerk.press(Qt.Key.Key_7, Qt.KeyboardModifier.AltModifier)
        settings = clerk.window.settings
        clerk.until(lambda: settings.form.is_whole)
        bar = settings._scroll.verticalScrollBar()
        clerk.press(Qt.Key.Key_PageDown)
        assert bar.value() > 0
        clerk.press(Qt.Key.Key_End)
        assert bar.value() == bar.maximum()
        clerk.press(Qt.Key.Key_Home)
        assert bar.value() == 0
