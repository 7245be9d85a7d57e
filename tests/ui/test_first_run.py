"""The first run: when it is shown, that it fills itself, and that its page of trial stays out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from digitizer.app import App
from digitizer.profiles import OFFICE
from digitizer.servers import Server
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, EMPTY, GOOD, Stage
from ui import newcomers
from ui.asides import Aside
from ui.places import Place
from ui.scanning import Scanners
from ui.screens.first_run import FirstRun

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]

CTRL = Qt.KeyboardModifier.ControlModifier


def first_run(clerk: Clerk) -> FirstRun:
    clerk.until(lambda: clerk.window.aside is Aside.FIRST_RUN)
    screen = clerk.window.findChild(FirstRun)
    assert isinstance(screen, FirstRun)
    return screen


def stands_out(screen: FirstRun) -> list[QPushButton]:
    """The buttons that are seen and look like the one to press."""
    buttons = screen.findChildren(QPushButton)
    return [one for one in buttons if one.property("role") == "main" and one.isVisible()]


def counted(clerk: Clerk) -> tuple[int, int, int]:
    """How many pages, batches and vault files there are."""
    app = clerk.window.app
    assert app is not None
    (row,) = app.store.rows(
        "SELECT (SELECT count(*) FROM page) AS pages, (SELECT count(*) FROM batch) AS batches"
    )
    files = sum(one.is_file() for one in app.home.vault.rglob("*"))
    return row["pages"], row["batches"], files


def test_all_three_by_hand(stage: Stage, at_window: AtWindow) -> None:
    with at_window(stage) as clerk:
        screen = first_run(clerk)
        assert clerk.window.header.title.text() == "Cài đặt lần đầu"
        assert stands_out(screen) == [screen.server.check]
        assert not screen.scan.isEnabled()
        assert screen.scan.accessibleDescription() == "Đang tìm máy quét"
        assert screen.device.placeholderText() == "Đang tìm máy quét…"
        assert screen.device.accessibleDescription() == "Đang tìm máy quét…"
        assert screen.device.value is None
        assert screen.skip.isVisible()
        assert not screen.start.isVisible()
        clerk.until(screen.scan.isEnabled)
        assert "Tìm thấy 3 máy quét" in screen.device_said.text()
        assert screen.device.accessibleDescription() == ""
        assert stands_out(screen) == [screen.scan]
        assert screen.device.value is not None
        screen.device.choose(GOOD)
        clerk.press(Qt.Key.Key_F5)
        clerk.until(lambda: screen.trial_said.text().startswith("✓"))
        assert "2480 × 3508" in screen.trial_said.text()
        assert "300 dpi" in screen.trial_said.text()
        assert stands_out(screen) == [screen.server.check]
        assert screen.page.accessibleName() == screen.trial_said.text()
        assert counted(clerk) == (0, 0, 0)
        app = clerk.window.app
        assert app is not None
        assert list(app.home.incoming.iterdir()) == []
        assert list(app.home.work.iterdir()) == []
        form = screen.server
        form.url.setText(stage.server.url)
        form.group.setText(stage.server.group)
        form.user.setText(stage.server.user)
        form.password.setText("sai")
        form.check.click()
        clerk.until(form.check.isEnabled)
        assert form.said.text() == "✗ Sai tên đăng nhập hoặc mật khẩu. Sửa lại rồi bấm Enter."
        assert not screen.start.isVisible()
        clerk.press(Qt.Key.Key_Return, CTRL)  # not everything is done: no way on yet
        assert clerk.window.aside is not None
        form.password.setText(stage.password)
        form.check.click()
        clerk.until(screen.start.isVisible)
        assert screen.practise.isVisible()
        assert stands_out(screen) == [screen.start]
        assert not screen.skip.isVisible()
        clerk.press(Qt.Key.Key_Return, CTRL)
        clerk.until(lambda: not newcomers.is_new(app))
        assert clerk.window.place is Place.COUNTER
        assert clerk.window.aside is None
        assert [one.profile.device for one in app.profiles.all()] == [GOOD]
        assert counted(clerk) == (0, 0, 0)
    with at_window(stage) as clerk:
        clerk.open(CODE)
        assert clerk.window.aside is None


def test_the_cursor_goes_where_the_fault_is(stage: Stage, at_window: AtWindow) -> None:
    with at_window(stage) as clerk:
        form = first_run(clerk).server

        def asked(url: str, group: str, user: str, password: str) -> QWidget | None:
            """Fill the form in, press Enter in its last field; return where the cursor is then."""
            texts = zip((form.url, form.group, form.user), (url, group, user), strict=True)
            for field, text in texts:
                field.setText(text)
            form.password.setText(password)
            form.password.setFocus()
            clerk.press(Qt.Key.Key_Return)
            clerk.until(form.check.isEnabled)
            assert form.said.text().startswith("✗"), form.said.text()
            return clerk.window.focusWidget()

        right = stage.server
        assert asked("motcua", right.group, right.user, stage.password) is form.url
        assert form.url.cursorPosition() == len("motcua")
        clerk.press("x")
        assert form.url.text() == "motcuax", "nothing of it is lost by going on"
        gone = "http://127.0.0.1:9/o/rest/v2"
        assert asked(gone, right.group, right.user, stage.password) is form.url
        other = right.url.replace("/o/rest", "/other")
        assert asked(other, right.group, right.user, stage.password) is form.url
        assert asked(right.url, "", right.user, stage.password) is form.group
        assert asked(right.url, right.group, "", stage.password) is form.user
        assert asked(right.url, right.group, right.user, "sai") is form.password


def test_the_answer_is_brought_into_view(stage: Stage, at_window: AtWindow) -> None:
    with at_window(stage) as clerk:
        clerk.window.resize(clerk.window.minimumSize())
        screen = first_run(clerk)
        form = screen.server
        scrolled = screen._scroll.verticalScrollBar()

        def seen(widget: QWidget) -> bool:
            """Whether all of it is in front of the clerk."""
            at = widget.mapTo(screen._scroll.viewport(), widget.rect().topLeft())
            return screen._scroll.viewport().rect().contains(QRect(at, widget.size()))

        clerk.until(lambda: scrolled.maximum() > 0)
        form.url.setText("motcua")
        form.url.setFocus()
        scrolled.setValue(0)
        assert seen(form.url)
        assert not seen(form.said)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: form.said.text().startswith("✗"))
        clerk.until(lambda: seen(form.said))
        assert clerk.window.focusWidget() is form.url
        assert seen(form.url), "both the fault and where it is"


def test_who_went_on_meanwhile_keeps_the_cursor(stage: Stage, at_window: AtWindow) -> None:
    with at_window(stage) as clerk:
        form = first_run(clerk).server
        form.url.setText("motcua")
        form.password.setFocus()
        clerk.press(Qt.Key.Key_Return)
        form.group.setFocus()
        clerk.until(form.check.isEnabled)
        assert form.said.text().startswith("✗")
        assert clerk.window.focusWidget() is form.group


def test_who_went_on_keeps_it_behind_another_programs_window_too(
    stage: Stage, at_window: AtWindow, qtbot: QtBot
) -> None:
    with at_window(stage) as clerk:
        form = first_run(clerk).server
        form.url.setText("motcua")
        form.password.setFocus()
        other = QLineEdit()
        qtbot.addWidget(other)
        other.show()
        other.activateWindow()
        clerk.until(lambda: QApplication.focusWidget() is other)
        form.check.click()
        form.group.setFocus()
        clerk.until(form.check.isEnabled)
        assert form.said.text().startswith("✗")
        assert clerk.window.focusWidget() is form.group


def test_skipping_is_remembered_and_it_can_be_had_again(stage: Stage, at_window: AtWindow) -> None:
    with at_window(stage) as clerk:
        screen = first_run(clerk)
        screen.skip.click()
        app = clerk.window.app
        assert app is not None
        clerk.until(lambda: not newcomers.is_new(app))
        clerk.window.go_to(Place.SETTINGS)
        clerk.window.settings.machine.first_run.click()
        assert clerk.window.aside is Aside.FIRST_RUN
        clerk.press(Qt.Key.Key_Escape)
        assert clerk.window.aside is None
        assert clerk.window.place is Place.SETTINGS


def test_a_feeder_without_paper_and_a_desk_without_scanners(
    stage: Stage, at_window: AtWindow
) -> None:
    with at_window(stage) as clerk:
        screen = first_run(clerk)
        clerk.until(screen.scan.isEnabled)
        screen.device.choose(EMPTY)
        screen.scan.click()
        clerk.until(lambda: screen.trial_said.text().startswith("Đặt một tờ giấy"))
        assert counted(clerk) == (0, 0, 0)
        screen._devices_found([])
        assert "cáp đã cắm chặt chưa" in screen.device_said.text()
        assert screen.device.placeholderText() == "Chưa thấy máy quét nào"
        assert not screen.scan.isEnabled()
        assert screen.scan.toolTip() == "Chưa có máy quét"


def test_a_bar_code_leads_away_from_it(stage: Stage, at_window: AtWindow) -> None:
    with at_window(stage) as clerk:
        first_run(clerk)
        clerk.beep(CODE)
        clerk.until(lambda: clerk.window.aside is None)
        assert clerk.window.place is Place.COUNTER


def test_whose_home_is_new(stage: Stage) -> None:
    with App(stage.home, "test") as app:
        assert newcomers.is_new(app)
        app.keep_settings({"window.text": "14"})
        assert newcomers.is_new(app)
        dossier = app.dossiers.open_new(code=CODE)
        assert dossier.code == CODE
        assert not newcomers.is_new(app)
    other = replace(stage, home=stage.home.with_name("other"))
    with App(other.home, "test") as app:
        app.servers.set(Server("folder", str(stage.home), "", ""), "")
        assert not newcomers.is_new(app)
    with App(stage.home.with_name("third"), "test") as app:
        app.profiles.put(OFFICE)
        assert not newcomers.is_new(app)


def test_the_page_of_trial_leaves_nothing(stage: Stage) -> None:
    from drivers.host import all_devices, scanner_for

    with App(stage.home, "test") as app:
        found = all_devices()
        wish = replace(OFFICE.profile, device=GOOD, dpi=150)
        scanners = Scanners(scanner_for, all_devices)
        trial = newcomers.scan_trial(app, scanners, found, wish, threading.Event())
        assert (trial.width, trial.height, trial.dpi, trial.colour) == (1240, 1754, 150, True)
        assert not trial.picture.isNull()
        assert list(app.home.work.iterdir()) == []
