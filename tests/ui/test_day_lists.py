"""*Hôm nay*, *Cần xử lý*, *Chờ gửi* at the real window: a procedure system that fails in its ways,
lists that outlive a restart, buttons that do what they say."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from digitizer.app import App, Sends
from digitizer.model import PaperState
from digitizer.sandbox.faults import Fault
from digitizer.servers import Server
from digitizer.storage import changes
from tests.ui.conftest import Clerk
from tests.ui.stage import Stage, draw_page
from ui.places import Place
from ui.rows import Deed, Row
from ui.screens.listing import Listing

ALT = Qt.KeyboardModifier.AltModifier
AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
AWAY = Server("opencps", "http://127.0.0.1:9/o/rest/v2", "1", "u")


def code(serial: int) -> str:
    return f"000.00.20.H02-261122-{serial:04d}"


def work(
    stage: Stage, *serials: int, finished: bool = True, part: str = "TP01", reason: str = "empty"
) -> None:
    """Give dossiers a page each, have it read and bundled, and be done with them."""
    with App(stage.home, "test", sends=Sends.FINISHED) as app:
        app.local.start()
        for serial in serials:
            dossier = app.dossiers.find(code(serial))
            add_page(app, stage.home.parent, dossier.id, app.dossiers.paper_for(dossier, part),
                     reason)  # fmt: skip
            app.local.until_idle(threading.Event())
            if finished:
                app.dossiers.finish(dossier.id)
        app.settle()


def add_page(app: App, folder: Path, dossier_id: str, paper_id: str, reason: str = "empty") -> None:
    batch = changes.new_id()
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper_id, "test", "{}")
    file = folder / "0001.jpg"
    draw_page(file, ("TỜ KHAI", paper_id), dpi=100)
    app.capture.adopt(batch, 1, file)
    with app.store.transaction() as tx:
        changes.end_batch(tx, batch, reason)
    app.events.publish(dossier_id)


def go(clerk: Clerk, place: Place) -> Listing:
    """Go to one of the lists by its key, and wait until it is read."""
    number = list(Place).index(place) + 1
    clerk.press(Qt.Key(Qt.Key.Key_0 + number), ALT)
    assert clerk.window.place is place
    screen = clerk.window.screen(place)
    assert isinstance(screen, Listing)
    clerk.until(lambda: screen.view.isVisible() or screen.empty_title.isVisible())
    return screen


def rows(screen: Listing) -> list[Row]:
    return [row for row in screen.view.list.rows if not row.heading]


def row_of(screen: Listing, code: str) -> Row | None:
    return next((row for row in rows(screen) if row.code == code), None)


def click(screen: Listing, key: str) -> None:
    """Press a line's button with the pointer."""
    place = QPoint(*screen.view.button_place(key))
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(screen.view.viewport(), button, none, place)


def counted(clerk: Clerk, place: Place) -> str:
    return clerk.window.rail.button(place).accessibleName()


# --- Hôm nay ----------------------------------------------------------------------------------


def test_the_day_begins_with_what_is_due_and_opens_it_by_keys(clerk: Clerk) -> None:
    screen = go(clerk, Place.TODAY)
    assert [row.code for row in rows(screen)] == [code(serial) for serial in range(1, 11)]
    assert {row.state for row in rows(screen)} == {"Chưa quét"}
    assert rows(screen)[9].sentence.startswith("chưa tiếp nhận · ")
    assert screen.note.text() == "10 hồ sơ · 10 chưa xong"
    clerk.until(lambda: counted(clerk, Place.TODAY) == "Hôm nay, 10")
    clerk.until(lambda: screen.status.text().startswith("Danh sách lấy lúc"))
    clerk.press(Qt.Key.Key_Down)
    clerk.press(Qt.Key.Key_Down)
    clerk.press(Qt.Key.Key_Up)
    clerk.press(Qt.Key.Key_Space)
    clerk.until(lambda: clerk.name == code(2))
    assert clerk.window.place is Place.COUNTER
    screen = go(clerk, Place.TODAY)
    clerk.press(Qt.Key.Key_End)
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.name == code(10))
    assert clerk.window.place is Place.COUNTER


def test_a_scan_moves_its_dossier_on_where_it_stands(clerk: Clerk) -> None:
    clerk.open(code(3))
    clerk.scan()
    screen = go(clerk, Place.TODAY)
    clerk.until(lambda: (row := row_of(screen, code(3))) is not None and row.state == "Đang làm")
    assert [row.code for row in rows(screen)][2] == code(3)
    clerk.press(Qt.Key.Key_1, ALT)
    clerk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    screen = go(clerk, Place.TODAY)
    clerk.until(lambda: (row := row_of(screen, code(3))) is not None and row.state == "Đã gửi")
    clerk.until(lambda: counted(clerk, Place.TODAY) == "Hôm nay, 9")
    assert "chưa có kết quả" in rows(screen)[2].sentence


def test_without_a_line_the_list_is_as_it_was_and_says_so(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    stage.faults.set(Fault.UNAVAILABLE)
    with at_window(stage) as clerk:
        screen = go(clerk, Place.TODAY)
        clerk.until(
            lambda: screen.status.text().startswith(
                "Hệ thống thủ tục đang quá tải. Danh sách lấy lúc"
            )
        )
        assert len(rows(screen)) == 10
        stage.faults.set(Fault.UNAVAILABLE, 0)
        screen.button.click()
        clerk.until(lambda: screen.status.text().startswith("Danh sách lấy lúc"))


def test_a_desk_without_a_server_teaches_and_leads_to_settings(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        today = go(clerk, Place.TODAY)
        assert today.empty_title.text() == "Hôm nay chưa có hồ sơ nào"
        assert go(clerk, Place.TROUBLE).empty_title.text() == "Mọi việc đều ổn"
        outbox = go(clerk, Place.OUTBOX)
        assert outbox.empty_title.text() == "Không có gì chờ gửi"
        assert counted(clerk, Place.TROUBLE) == "Cần xử lý"
        outbox.button.click()
        assert clerk.window.place is Place.SETTINGS


# --- Chờ gửi ----------------------------------------------------------------------------------


def test_an_offline_day_waits_in_order_and_outlives_a_restart(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    work(stage, 5, 4)
    with App(stage.home, "test") as app:
        app.servers.set(AWAY, "p")
    for _ in range(2):
        with at_window(stage) as clerk:
            screen = go(clerk, Place.OUTBOX)
            clerk.until(lambda screen=screen: screen.status.text().startswith("Mất mạng từ"))
            assert [row.code for row in rows(screen)] == [code(5), code(4)]
            assert {row.state for row in rows(screen)} == {"Chờ gửi"}
            assert rows(screen)[0].sentence.startswith("1 giấy tờ · ")
            clerk.until(lambda clerk=clerk: counted(clerk, Place.OUTBOX) == "Chờ gửi, 2")
            assert counted(clerk, Place.TROUBLE) == "Cần xử lý", "a lost line mends itself"
    with App(stage.home, "test") as app:
        app.servers.set(stage.server, stage.password)
    with at_window(stage) as clerk:
        screen = go(clerk, Place.OUTBOX)
        clerk.until(lambda: {row.state[:11] for row in rows(screen)} == {"Đã gửi lúc "})
        assert [row.code for row in rows(screen)] == [code(4), code(5)], "the last one first"
        assert screen.view.list.rows[0].title == "Đã gửi hôm nay: 2 hồ sơ"
        clerk.until(lambda: counted(clerk, Place.OUTBOX) == "Chờ gửi")


def test_a_file_that_was_not_kept_says_when_it_goes_again_and_goes_at_once_if_told(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    work(stage, 4)
    with App(stage.home, "test") as app, app.store.transaction() as tx:
        tx.execute("UPDATE work SET attempts = 9 WHERE kind = 'upload'")  # far from its next one
    stage.faults.set(Fault.WRONG_BYTES)
    with at_window(stage) as clerk:
        screen = go(clerk, Place.OUTBOX)
        clerk.until(lambda: any(row.deed is Deed.SEND for row in rows(screen)))
        (row,) = rows(screen)
        assert row.state.startswith("Tự gửi lại lúc ")
        assert row.sentence == "Máy chủ giữ bản không đúng (đã thử 10 lần)"
        said = "Máy chủ giữ bản không đúng. Tự gửi lại lúc"
        clerk.until(lambda: screen.status.text().startswith(said))
        stage.faults.set(Fault.WRONG_BYTES, 0)
        click(screen, row.key)
        clerk.until(lambda: [row.mark for row in rows(screen)] == ["sent"])
        app_now = clerk.office.app
        dossier = app_now.dossiers.find(code(4))
        paper = dossier.paper("TP01")
        assert paper is not None
        assert dossier.state(paper) is PaperState.SENT


def test_what_is_sent_now_shows_how_far_it_is(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    work(stage, 4)
    stage.faults.slow_seconds = 1.0
    stage.faults.set(Fault.SLOW)
    with at_window(stage) as clerk:
        screen = go(clerk, Place.OUTBOX)
        clerk.until(lambda: [row.state for row in rows(screen)] == ["Đang gửi"])
        (row,) = rows(screen)
        assert row.sentence.startswith("Tờ khai đăng ký khai tử · ")
        assert row.share is not None
        stage.faults.set(Fault.SLOW, 0)
        clerk.until(lambda: [row.mark for row in rows(screen)] == ["sent"])


# --- Cần xử lý --------------------------------------------------------------------------------


def test_a_refused_password_leads_to_settings(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    work(stage, 4)
    stage.faults.set(Fault.NOT_AUTHENTICATED)
    with at_window(stage) as clerk:
        screen = go(clerk, Place.TROUBLE)
        clerk.until(lambda: len(rows(screen)) == 1)
        (row,) = rows(screen)
        assert (row.title, row.deed) == ("Sai tên đăng nhập hoặc mật khẩu", Deed.PASSWORD)
        clerk.until(lambda: counted(clerk, Place.TROUBLE) == "Cần xử lý, 1")
        clerk.press(Qt.Key.Key_Return)
        assert clerk.window.place is Place.SETTINGS


def test_a_refused_paper_is_opened_where_it_is_and_others_are_tried_again(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    work(stage, 4, 5)
    with App(stage.home, "test") as app, app.store.transaction() as tx:
        for serial, error in ((4, "upload-refused"), (5, "upload-conflict")):
            tx.execute(
                "UPDATE work SET parked = 1, attempts = 1, error = ? "
                "WHERE dossier_id = (SELECT id FROM dossier WHERE code = ?)",
                (error, code(serial)),
            )
    with at_window(stage) as clerk:
        screen = go(clerk, Place.TROUBLE)
        clerk.until(lambda: len(rows(screen)) == 2)
        refused, conflict = row_of(screen, code(4)), row_of(screen, code(5))
        assert refused is not None
        assert conflict is not None
        assert refused.sentence.startswith(
            "Hệ thống thủ tục từ chối giấy tờ này (Tờ khai đăng ký khai tử)."
        )
        assert (refused.deed, conflict.deed) == (Deed.OPEN, Deed.RETRY)
        click(screen, conflict.key)
        clerk.until(lambda: [row.code for row in rows(screen)] == [code(4)])
        click(screen, refused.key)
        clerk.until(lambda: clerk.name == code(4))
        assert clerk.office.paper is not None
        assert clerk.office.paper.part == "TP01"
        outbox = go(clerk, Place.OUTBOX)
        clerk.until(lambda: row_of(outbox, code(5)) is not None)


def test_pages_to_look_at_are_opened_at_the_page(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    work(stage, 1, finished=False, part="TP02", reason="interrupted")
    with at_window(stage) as clerk:
        screen = go(clerk, Place.TROUBLE)
        clerk.until(lambda: len(rows(screen)) == 1)
        (row,) = rows(screen)
        assert (row.state, row.deed) == ("Quét dở dang", Deed.PAGE)
        click(screen, row.key)
        clerk.until(lambda: clerk.name == code(1))
        assert clerk.office.paper is not None
        assert clerk.office.paper.part == "TP02"
        clerk.until(lambda: clerk.window.counter.strip.page is not None)
        assert clerk.window.counter.strip.page.id == row.page_id


def test_what_nobody_claimed_and_what_has_no_code_needs_a_decision(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    with App(stage.home, "test") as app:
        local = app.dossiers.open_new(code=None, holder="Nguyễn Thị Phương Thảo")
        for dossier in (local, app.dossiers.unsorted()):
            paper = app.dossiers.paper_for(dossier, None)
            add_page(app, stage.home.parent, dossier.id, paper)
        app.dossiers.finish(local.id)
    with at_window(stage) as clerk:
        screen = go(clerk, Place.TROUBLE)
        clerk.until(lambda: len(rows(screen)) == 2)
        assert [(row.title, row.state) for row in rows(screen)] == [
            ("Chưa phân loại", "1 trang"),
            ("Nguyễn Thị Phương Thảo", "Chưa có mã hồ sơ"),
        ]
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.office.desk is not None)
        assert clerk.office.desk is not None
        assert clerk.office.desk.dossier.holder == "Chưa phân loại"
        assert clerk.window.screen(Place.TODAY) is not None
        today = go(clerk, Place.TODAY)
        assert all(row.title != "Chưa phân loại" for row in rows(today))


def test_what_was_set_aside_at_start_is_told_until_somebody_has_seen_it(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    left = stage.home / "incoming" / "left-by-a-crash"
    left.mkdir()
    (left / "0001.part").write_bytes(b"half a page")
    with at_window(stage) as clerk:
        screen = go(clerk, Place.TROUBLE)
        clerk.until(lambda: [row.state for row in rows(screen)] == ["1 tệp dở dang"])
        clerk.press(Qt.Key.Key_Return)
        assert screen.empty_title.isVisible()
        clerk.until(lambda: counted(clerk, Place.TROUBLE) == "Cần xử lý")


# --- the look ---------------------------------------------------------------------------------


def test_a_screen_reader_hears_the_line_and_its_button(clerk: Clerk) -> None:
    screen = go(clerk, Place.TODAY)
    assert clerk.window.focusWidget() is screen.view
    found = QAccessible.queryAccessibleInterface(screen.view)
    assert found is not None
    assert found.text(QAccessible.Text.Name) == "Hồ sơ hôm nay"
    said = found.child(0).text(QAccessible.Text.Name)
    assert said.startswith("Chưa quét. Nguyễn Thị Hạnh Dung, 000.00.20.H02-261122-0001.")
    assert said.endswith("Enter: Mở hồ sơ")


def test_what_is_chosen_stays_chosen_when_lines_come_and_go(clerk: Clerk) -> None:
    screen = go(clerk, Place.TODAY)
    view, before = screen.view, tuple(rows(screen))
    view.go_to(4)
    view.show_rows(before[2:])
    assert view.row == before[4]
    view.show_rows([row for row in before[2:] if row != before[4]])
    assert view.row is None, "its line is gone by itself: no key may meet another one"
    clerk.press(Qt.Key.Key_Down)
    assert view.row == before[5]


# --- the two sides of a dossier ------------------------------------------------------------------


def test_a_dossier_that_was_sent_opens_at_its_result_and_says_what_it_lacks(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    work(stage, 3)
    with at_window(stage) as clerk:
        clerk.open(code(1))
        assert clerk.office.desk is not None
        assert [paper.part for paper in clerk.office.desk.dossier.papers][-2:] == ["TP99", "KQ01"]
        light = clerk.window.counter.bar.light
        assert light.text.text() == "Số hóa: chưa có giấy tờ"
        clerk.until(lambda: clerk.office.app.sync.state().done > 0)
        clerk.open(code(3))
        assert clerk.office.paper is not None
        assert clerk.office.paper.part == "KQ01"
        assert light.text.text() == "Số hóa: còn thiếu kết quả"
        assert light.accessibleName() == "Số hóa: còn thiếu kết quả. Đủ giấy tờ"
        clerk.scan()
        clerk.until(lambda: light.text.text() == "Số hóa: kết quả chưa gửi")
        clerk.until(lambda: light.text.text() == "Được tính số hóa")


@pytest.mark.parametrize("size", [(1366, 768), (1024, 620)])
def test_the_parts_of_a_line_do_not_overlap(clerk: Clerk, size: tuple[int, int]) -> None:
    clerk.window.resize(*size)
    screen = go(clerk, Place.TODAY)
    view = screen.view
    x, y = view.button_place(rows(screen)[0].key)
    assert view.viewport().rect().contains(x, y)
    assert view.visualRect(view.list.index(0)).contains(x, y)
