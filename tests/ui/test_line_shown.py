"""The line at the real window: hours, limits, what is left here and goes after all; papers that
are reused by two keys."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from digitizer.app import App
from digitizer.limits import Compacting, Hours, Limits
from digitizer.policyfile import VARIABLE
from digitizer.sandbox.server import Sandbox
from digitizer.servers import Server
from digitizer.storage import ways
from tests.ui.conftest import Clerk
from tests.ui.filled import fill
from tests.ui.stage import CODE, HOLDER, Stage, draw_page
from ui.places import Place
from ui.rows import Deed, Row
from ui.screens.listing import Listing

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
EARLIER = "000.00.20.H02-261122-0099"


def closed() -> Hours:
    """Hours that begin three hours from now."""
    start = (datetime.now(UTC).hour + 7 + 3) % 24 * 60
    return Hours(start, (start + 60) % 1440)


def finished(stage: Stage, *limits: Limits) -> None:
    """Have a dossier finished, with a page that is ready to be sent."""
    file = stage.home.parent / "page.jpg"
    draw_page(file, ("TỜ KHAI",), dpi=100)
    fill(stage, "TP01", [file])
    with App(stage.home, "test") as app:
        app.dossiers.finish(app.dossiers.find(CODE).id)
        for one in limits:
            app.keep_limits(one)


def outbox(clerk: Clerk) -> Listing:
    clerk.press(Qt.Key.Key_5, ALT)
    screen = clerk.window.screen(Place.OUTBOX)
    assert isinstance(screen, Listing)
    clerk.until(lambda: screen.view.isVisible())
    return screen


def row(screen: Listing) -> Row:
    """The line of the dossier."""
    return next((one for one in screen.view.list.rows if one.code == CODE), Row("", ""))


def test_out_of_hours_it_says_until_when_and_goes_when_told(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    hours = closed()
    finished(stage, Limits(hours=hours))
    with at_window(stage) as clerk:
        screen = outbox(clerk)
        until = f"{hours.start // 60}:00"
        clerk.until(lambda: screen.status.text().startswith(f"Đến {until} mới gửi"))
        clerk.press(Qt.Key.Key_1, ALT)
        clerk.until(lambda: f"gửi lúc {until}" in clerk.window.counter.header.outbox.text().lower())
        screen = outbox(clerk)
        clerk.until(lambda: row(screen).state == "Chờ gửi")
        screen.button.click()
        clerk.until(lambda: row(screen).state.startswith("Đã gửi"))


def test_what_is_being_sent_is_left_here_and_goes_after_all(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    finished(stage, Limits(kbits=8))
    with at_window(stage) as clerk:
        screen = outbox(clerk)
        clerk.until(lambda: row(screen).deed is Deed.HOLD and bool(row(screen).share))
        clerk.until(lambda: "còn 1 giấy tờ" in screen.status.text())
        screen.press(row(screen))
        clerk.until(lambda: row(screen).deed is Deed.LET_GO)
        assert [one.title for one in screen.view.list.rows if one.heading] == [
            "Để lại, không gửi: 1 giấy tờ"
        ]
        clerk.open(CODE)
        desk = clerk.office.desk
        mine = desk.dossier.paper("TP01") if desk else None
        assert mine is not None
        line = clerk.window.counter.papers._rows[mine.id]
        clerk.until(lambda: "Để lại, không gửi" in line.accessibleName())
        clerk.office.app.limits = Limits()
        screen = outbox(clerk)
        clerk.press(Qt.Key.Key_Home)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: row(screen).state.startswith("Đã gửi"))


def test_delete_leaves_what_is_chosen_here(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    finished(stage, Limits(hours=closed()))
    with at_window(stage) as clerk:
        screen = outbox(clerk)
        clerk.until(lambda: row(screen).state == "Chờ gửi")
        clerk.press(Qt.Key.Key_Home)
        clerk.press(Qt.Key.Key_Delete)
        clerk.until(lambda: row(screen).deed is Deed.LET_GO)


def test_a_paper_too_big_for_the_line_is_offered_smaller(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    finished(stage, Limits(hours=closed()))
    with App(stage.home, "test") as app, app.store.transaction() as tx:
        ways.note_speed(tx, app.work.server or "", 1000, 1000.0)
    with at_window(stage) as clerk:
        screen = outbox(clerk)
        clerk.until(lambda: row(screen).deed is Deed.COMPACT)
        assert "tệp lớn, đường truyền cần hơn 10 phút mỗi tệp" in row(screen).sentence
        screen.press(row(screen))
        app = clerk.office.app
        clerk.until(lambda: len(app.store.rows("SELECT * FROM bundle")) == 2)
        clerk.until(lambda: row(screen).deed is Deed.NONE and row(screen).state == "Chờ gửi")


def test_the_line_is_set_and_kept(clerk: Clerk) -> None:
    clerk.window.go_to(Place.SETTINGS)
    form = clerk.window.settings.line
    app = clerk.office.app
    assert not form.hours.isVisibleTo(form)
    form.when.choose(True)
    form.when.activated.emit(1)
    clerk.until(lambda: app.limits.hours == Hours(17 * 60, 7 * 60))
    assert form.hours.isVisibleTo(form)
    form.start.choose(18 * 60 + 30)
    form.start.activated.emit(1)
    clerk.until(lambda: app.limits.hours == Hours(18 * 60 + 30, 7 * 60))
    form.speed.choose(512)
    form.speed.activated.emit(1)
    form.longest.choose(20)
    form.longest.activated.emit(1)
    form.compact.choose(Compacting.AUTO)
    form.compact.activated.emit(1)
    kept = Limits(512, Hours(18 * 60 + 30, 7 * 60), Compacting.AUTO, 20)
    clerk.until(lambda: app.limits == kept)


def test_what_is_locked_is_not_set(
    stage: Stage, at_window: AtWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "digitizer.toml"
    file.write_text("[locked.sync]\nkbits = 300\n", encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(file))
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.window.go_to(Place.SETTINGS)
        form = clerk.window.settings.line
        assert not form.speed.isEnabled()
        assert form.speed.currentText() == "Tối đa 300 kbit/s"
        assert form.when.isEnabled()


def test_a_paper_of_the_same_person_is_reused_by_two_keys(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    with App(stage.home, "test") as app:
        app.dossiers.open_new(code=EARLIER, holder=HOLDER)
    file = stage.home.parent / "page.jpg"
    draw_page(file, ("GIẤY CHỨNG SINH",), dpi=100)
    fill(stage, "TP02", [file, file], EARLIER)
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.press("2")
        clerk.press("u")
        bar = clerk.window.counter.bar
        clerk.until(lambda: "1: TP02 " in bar.quiet.toolTip() + bar.quiet.text())
        clerk.press("1")
        clerk.until(lambda: clerk.pages("TP02") == 2)
        desk = clerk.office.desk
        assert desk is not None
        paper = desk.dossier.paper("TP02")
        assert paper is not None
        assert paper.reuse is not None
        row = clerk.window.counter.papers._rows[paper.id]
        clerk.until(lambda: "Dùng lại từ hồ sơ khác" in row.accessibleName())
        clerk.press("z", CTRL)
        clerk.until(lambda: clerk.pages("TP02") == 0)
        clerk.until(lambda: bar.quiet.text() == "Đã hoàn tác: dùng lại 2 trang.")


def test_an_earlier_result_is_named_by_its_code(clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.press("2")
    clerk.press("u")
    bar = clerk.window.counter.bar
    clerk.until(lambda: "K: mã kết quả cũ" in bar.quiet.toolTip() + bar.quiet.text())
    clerk.press("k")
    clerk.until(lambda: bar.code.isVisible())
    assert clerk.window.focusWidget() is bar.code
    assert bar.quiet.text() == "Mã kết quả, ví dụ KQ.G07.000122 · Enter · Esc"
    assert bar.light.isVisible()
    QTest.keyClicks(bar.code, "KQ 1")
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: bar.quiet.text().startswith("Mã kết quả viết liền"))
    bar.code.clear()
    QTest.keyClicks(bar.code, "KQ.G07.000122")
    clerk.press(Qt.Key.Key_Return)
    paper = clerk.office.paper
    assert paper is not None
    row = clerk.window.counter.papers._rows[paper.id]
    clerk.until(lambda: "Dùng lại kết quả KQ.G07.000122" in row.accessibleName())
    assert not bar.code.isVisible()
    clerk.press("u")
    clerk.until(lambda: bar.quiet.text().startswith("Dùng lại · "))
    clerk.press("0")
    clerk.until(lambda: "Còn thiếu" in row.accessibleName())
    clerk.press("u")
    clerk.press("k")
    clerk.until(lambda: bar.code.isVisible())
    clerk.press(Qt.Key.Key_Escape)
    assert not bar.code.isVisible()
    assert clerk.office.desk is not None


def test_a_server_that_comes_up_after_the_window_is_no_lost_line_any_more(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    folder = stage.home.parent / "other"
    with Sandbox(folder, stage.faults) as was:
        port = int(was.url.split(":")[2].split("/")[0])
    server = Server("opencps", was.url, was.group, was.user)
    with App(stage.home, "test") as app:
        app.servers.set(server, was.password)
        app.server_changed()
    finished(stage)
    with at_window(stage) as clerk:
        header = clerk.window.counter.header
        clerk.until(lambda: header.outbox.text().startswith("1 chờ gửi · mất mạng từ "))
        clerk.until(lambda: clerk.office.unfetched is not None)
        with Sandbox(folder, stage.faults, port=port):
            clerk.office.app.sync.wake()  # as its watch of the line does, half a minute later
            clerk.until(lambda: header.outbox.text().startswith("Đã gửi hết · cập nhật lúc "))
