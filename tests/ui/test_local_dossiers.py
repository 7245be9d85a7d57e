"""Local dossiers at the window: they get their code by reader, page, hand or server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from PySide6.QtCore import QCoreApplication, Qt

from digitizer.app import App, Sends
from digitizer.model import Reading
from digitizer.readings import Code
from digitizer.sandbox.faults import Fault
from digitizer.servers import Server
from digitizer.storage import changes
from tests.ui.conftest import Clerk
from tests.ui.desks import CODE, OTHER, add_page, there, troubles
from tests.ui.stage import Stage
from ui.asides import Aside
from ui.screens.local import LocalScreen
from ui.wording import Act

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


def begun(stage: Stage, *, read: str = "") -> str:
    """A local dossier with a page, which holds the code ``read``; returns its number."""
    stage.prepare()
    with App(stage.home, "test", sends=Sends.FINISHED) as app:
        local = app.dossiers.open_new(code=None, procedure="1.000656", holder="Trần Thị Mới")
        sha256 = add_page(app, stage.home.parent, local.id)
        codes = (Code("QRCode", read),) if read else ()
        with app.store.transaction() as tx:
            reading = Reading(827, 1169, 100.0, 100.0, True, 0.0, 0, 0.0, codes)
            changes.put_reading(tx, sha256, reading)
    return local.name


def part_of(clerk: Clerk) -> str:
    """The paper that is current, by its part."""
    return clerk.office.paper.part if clerk.office.paper is not None else ""


def open_local(clerk: Clerk, name: str) -> None:
    clerk.office.open(clerk.office.app.dossiers.find(name).id)
    clerk.until(lambda: clerk.name == name)


def test_a_readers_code_is_asked_about_once_and_binds_by_a_key(
    stage: Stage, at_window: AtWindow
) -> None:
    local = begun(stage)
    with at_window(stage) as clerk:
        open_local(clerk, local)
        clerk.beep(CODE)
        clerk.until(lambda: clerk.said.startswith(f"Gắn mã {CODE} cho hồ sơ {local}?"))
        assert clerk.name == local, "nothing is opened before it is answered"
        clerk.press("y")
        clerk.until(lambda: clerk.name == CODE and clerk.pages("TP01") == 1)
        clerk.until(lambda: clerk.said.startswith(f"Đã gắn mã {CODE}"))
        clerk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert clerk.said == ""
        clerk.until(lambda: clerk.pages("TP01") == 0)
        open_local(clerk, local)
        clerk.beep(CODE)
        clerk.until(lambda: clerk.name == CODE)


def test_the_code_on_a_page_is_asked_about_by_itself(stage: Stage, at_window: AtWindow) -> None:
    new = "000.00.20.H02-261122-0777"
    local = begun(stage, read=new)
    with at_window(stage) as clerk:
        open_local(clerk, local)
        clerk.until(lambda: clerk.said.startswith(f"Gắn mã {new} cho hồ sơ {local}?"))
        clerk.window.banner.button.click()
        clerk.until(lambda: clerk.name == new)
        notice = clerk.window.banner.notice
        assert notice is not None
        assert notice.act is Act.UNBIND
        assert part_of(clerk) == "TP02"
        clerk.press("1")
        clerk.until(lambda: part_of(clerk) == "TP01")
        clerk.window.banner.button.click()
        clerk.until(lambda: clerk.name == local)
        assert part_of(clerk) == "TP01"


@pytest.mark.parametrize("code", [CODE, "000.00.20.H02-261122-0777"])
def test_binding_leaves_the_clerk_at_the_paper_and_the_page(
    stage: Stage, at_window: AtWindow, code: str
) -> None:
    local = begun(stage)
    with App(stage.home, "test", sends=Sends.FINISHED) as app:
        add_page(app, stage.home.parent, app.dossiers.find(local).id)
    with at_window(stage) as clerk:
        assert not clerk.window.header.bind.icon().isNull()
        open_local(clerk, local)
        clerk.press("1")
        clerk.until(lambda: len(clerk.window.counter.strip.list.pages) == 2)
        clerk.press(Qt.Key.Key_Right)
        page = clerk.window.counter.looked_at
        assert page == clerk.window.counter.strip.list.pages[1].id
        clerk.beep(code)
        clerk.until(lambda: clerk.said.startswith("Gắn mã"))
        stage.faults.slow_seconds = 3.0
        stage.faults.set(Fault.SLOW)
        clerk.press("y")
        clerk.until(lambda: clerk.name == code and clerk.pages("TP01") == 2)
        assert part_of(clerk) == "TP01"
        assert clerk.window.counter.looked_at == page
        assert clerk.said.startswith(f"Đã gắn mã {code}")
        stage.faults.set(Fault.SLOW, 0)


def test_what_is_seen_late_is_not_told_of_a_binding_taken_back(
    stage: Stage, at_window: AtWindow
) -> None:
    code = "000.00.20.H02-261122-0777"
    local = begun(stage)
    with at_window(stage) as clerk:
        open_local(clerk, local)
        clerk.beep(code)
        clerk.until(lambda: clerk.said.startswith("Gắn mã"))
        stage.faults.slow_seconds = 2.0
        stage.faults.set(Fault.SLOW)
        clerk.press("y")
        clerk.until(lambda: clerk.said.startswith(f"Đã gắn mã {code}"))
        clerk.window.banner.button.click()
        clerk.until(lambda: clerk.name == local)
        stage.faults.set(Fault.SLOW, 0)
        clerk.until(lambda: not any(one.is_alive() for one in clerk.office.bridge._long))
        QCoreApplication.processEvents()
        assert clerk.said == ""
        assert clerk.name == local


def test_what_another_desk_has_sent_is_told_when_binding(stage: Stage, at_window: AtWindow) -> None:
    local = begun(stage)
    there(stage).put(CODE, "TP02", b"%PDF", "other-desk-0001")
    with at_window(stage) as clerk:
        open_local(clerk, local)
        clerk.beep(CODE)
        clerk.until(lambda: clerk.said.startswith("Gắn mã"))
        clerk.press("y")
        clerk.until(lambda: "Bàn khác đã gửi: Giấy báo tử" in clerk.said)


def test_the_page_of_a_local_dossier_describes_binds_and_has_it_begun(
    stage: Stage, at_window: AtWindow
) -> None:
    begun(stage)
    with at_window(stage) as clerk:
        clerk.office.make(None)
        clerk.until(lambda: clerk.name == "L-000002")
        assert clerk.window.header.bind.isVisible()
        clerk.press("y")
        clerk.until(lambda: clerk.window.aside is Aside.LOCAL)
        page = clerk.window._shown
        assert isinstance(page, LocalScreen)
        clerk.until(lambda: page.age.text().startswith("Danh sách 7 thủ tục, lấy lúc "))
        assert page.begin.toolTip() == "Chọn thủ tục trước."
        page.holder.setText("Lê Văn Ba")
        page.holder.setFocus()
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.said.startswith("Đã lưu"))
        page.holder.setText("Lê Văn Tư")
        page.field.setText("khai tu")
        assert page.list.rowCount() == 1
        page.keep()
        clerk.until(lambda: page.begin.isEnabled())
        stage.faults.set(Fault.NO_CODE, 1)
        page.begin.click()
        clerk.until(lambda: clerk.said.startswith("Hệ thống đã nhận hồ sơ, chưa cấp mã"))
        assert clerk.office.desk is not None
        assert clerk.office.desk.dossier.holder == "Lê Văn Tư"
        clerk.office.fetch()
        clerk.until(lambda: clerk.name.startswith("000.00.20.H02-"))


def test_the_dossier_that_is_meant_is_found_by_a_name(stage: Stage, at_window: AtWindow) -> None:
    local = begun(stage)
    with at_window(stage) as clerk:
        open_local(clerk, local)
        clerk.press("y")
        clerk.until(lambda: clerk.window.aside is Aside.LOCAL)
        page = clerk.window._shown
        assert isinstance(page, LocalScreen)
        page.code.setText("pham duc thinh")
        clerk.until(lambda: page.found.rowCount() == 1 and not page._look.busy)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.name == CODE and clerk.pages("TP01") == 1)


def test_without_a_line_a_dossier_is_begun_later(stage: Stage, at_window: AtWindow) -> None:
    local = begun(stage)
    with App(stage.home, "test") as app:
        app.servers.set(Server("opencps", "http://127.0.0.1:9/o/rest/v2", "1", "u"), "p")
    with at_window(stage) as clerk:
        open_local(clerk, local)
        clerk.press("y")
        clerk.until(lambda: clerk.window.aside is Aside.LOCAL)
        page = clerk.window._shown
        assert isinstance(page, LocalScreen)
        page.begin.click()
        clerk.until(lambda: clerk.said.startswith("Đang mất mạng. Hồ sơ sẽ tự được tạo"))


@pytest.mark.parametrize("merge", [True, False])
def test_pages_on_both_sides_are_a_choice(stage: Stage, at_window: AtWindow, merge: bool) -> None:
    local = begun(stage)
    with App(stage.home, "test", sends=Sends.FINISHED) as app:
        add_page(app, stage.home.parent, app.dossiers.find(OTHER).id)
    with at_window(stage) as clerk:
        open_local(clerk, local)
        clerk.beep(OTHER)
        clerk.until(lambda: clerk.said.startswith("Gắn mã"))
        clerk.press("y")
        clerk.until(lambda: clerk.said.startswith(f"Hồ sơ {OTHER} đã có trang ở cùng giấy tờ"))
        if merge:
            clerk.press("y")
            clerk.until(lambda: clerk.name == OTHER and clerk.pages("TP01") == 2)
        else:
            clerk.beep(OTHER)
            clerk.until(lambda: clerk.name == OTHER and clerk.pages("TP01") == 1)


def test_a_code_that_no_server_knows_is_corrected_at_the_desk(
    stage: Stage, at_window: AtWindow
) -> None:
    wrong = "000.00.20.H02-261122-0999"
    stage.prepare()
    with App(stage.home, "test", sends=Sends.FINISHED) as app:
        app.dossiers.open_new(code=wrong, holder="Trần Thị Mới")
    with at_window(stage) as clerk:
        clerk.finish(wrong)
        screen = troubles(clerk)
        clerk.until(lambda: [row.code for row in screen.view.list.rows] == [wrong])
        assert "bấm Y rồi gắn mã đúng" in screen.view.list.rows[0].sentence
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.name == wrong and clerk.window.header.bind.isVisible())
        for _ in range(2):
            clerk.press("y")
        clerk.until(lambda: clerk.window.aside is Aside.LOCAL and clerk.name == "L-000001")
        assert clerk.said == ""
        page = clerk.window._shown
        assert isinstance(page, LocalScreen)
        page.code.setText(CODE)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.name == CODE)
