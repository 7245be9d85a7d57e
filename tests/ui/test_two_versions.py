"""Two versions of a paper at the real window: told under *Cần xử lý* and on the paper, shown side
by side, decided by one key; a local dossier that gets its code by reader, page or server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pikepdf
import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt

from digitizer.app import App, Sends
from digitizer.model import Reading
from digitizer.readings import Code
from digitizer.sandbox.faults import Fault
from digitizer.sandbox.meddling import Meddling
from digitizer.servers import Server
from digitizer.storage import changes
from digitizer.versions import Choice
from tests.ui.conftest import Clerk
from tests.ui.stage import Stage, draw_page
from ui.asides import Aside
from ui.places import Place
from ui.rows import Deed
from ui.screens.compare import CompareScreen
from ui.screens.listing import Listing
from ui.screens.local import LocalScreen
from ui.screens.version_side import VersionSide
from ui.wording import Act

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
ALT = Qt.KeyboardModifier.AltModifier
CODE, OTHER = (f"000.00.20.H02-261122-{serial:04d}" for serial in (4, 5))


def there(stage: Stage) -> Meddling:
    return Meddling(stage.home.parent / "server")


def add_page(app: App, folder: Path, dossier_id: str, part: str = "TP01") -> str:
    """Put a drawn page into a paper; return its image's hash."""
    paper_id = app.dossiers.paper_for(app.dossiers.get(dossier_id), part)
    batch = changes.new_id()
    with app.store.transaction() as tx:
        changes.start_batch(tx, batch, paper_id, "test", "{}")
    file = folder / "0001.jpg"
    draw_page(file, ("TỜ KHAI", part), dpi=100)
    app.capture.adopt(batch, 1, file)
    with app.store.transaction() as tx:
        changes.end_batch(tx, batch, "empty")
    app.events.publish(dossier_id)
    return app.dossiers.get(dossier_id).papers[0].pages[-1].sha256


def met_another(stage: Stage) -> bytes:
    """Let a paper of ours meet the file of another desk, which looks like a PDF; return that."""
    stage.prepare()
    with App(stage.home, "test", sends=Sends.FINISHED) as app:
        app.local.start()
        dossier = app.dossiers.find(CODE)
        add_page(app, stage.home.parent, dossier.id)
        app.local.until_idle(threading.Event())
        made = app.dossiers.get(dossier.id)
        bundle = made.bundle(made.papers[0])
        assert bundle is not None
        theirs = app.vault.path(bundle.sha256).read_bytes() + b"\n% of another desk\n%%EOF\n"
        there(stage).put(CODE, "TP01", theirs, "other-desk-0001", "Tờ khai (quầy 2)")
        app.dossiers.finish(dossier.id)
        app.syncing.down(threading.Event())
    return theirs


def troubles(clerk: Clerk) -> Listing:
    clerk.press(Qt.Key.Key_4, ALT)
    screen = clerk.window.screen(Place.TROUBLE)
    assert isinstance(screen, Listing)
    return screen


def compared(clerk: Clerk) -> CompareScreen:
    """The comparison, once both pages are drawn."""
    clerk.until(lambda: clerk.window.aside is Aside.COMPARE)
    screen = clerk.window._shown
    assert isinstance(screen, CompareScreen)
    for side in (screen.ours, screen.theirs):
        clerk.until(lambda side=side: side.picture.accessibleName().endswith(", trang 1"))
    return screen


def test_another_desks_version_is_shown_beside_ours_and_decided_by_a_key(
    stage: Stage, at_window: AtWindow
) -> None:
    met_another(stage)
    with at_window(stage) as clerk:
        screen = troubles(clerk)
        clerk.until(lambda: [row.deed for row in screen.view.list.rows] == [Deed.COMPARE])
        (row,) = screen.view.list.rows
        assert (row.code, row.state) == (CODE, "Hai bản khác nhau")
        clerk.press(Qt.Key.Key_Return)
        shown = compared(clerk)
        assert shown.ours.heading.text() == "Bản của máy này · 1 trang"
        assert shown.theirs.heading.text() == "Bản ở nơi nhận · 1 trang · Tờ khai (quầy 2)"
        texts = [one.text() for one in shown.buttons.values() if one.isVisible()]
        assert texts == ["1   Giữ bản của máy này", "2   Giữ bản ở nơi nhận"]
        clerk.press("1")
        clerk.until(lambda: clerk.window.aside is None and clerk.window.place is Place.TROUBLE)
        clerk.until(lambda: screen.empty_title.isVisible())
        app = clerk.office.app

        def received() -> bool:
            now = app.dossiers.find(CODE)
            return now.receipt(now.papers[0], app.work.server) is not None

        clerk.until(received)
        (key,) = there(stage).keys(CODE)
        now = app.dossiers.find(CODE)
        bundle = now.bundle(now.papers[0])
        assert bundle is not None
        assert there(stage).read(CODE, key) == app.vault.path(bundle.sha256).read_bytes()


def test_each_choice_stands_below_the_version_that_it_keeps(
    stage: Stage, at_window: AtWindow
) -> None:
    met_another(stage)
    with at_window(stage) as clerk:
        screen = troubles(clerk)
        clerk.until(lambda: [row.deed for row in screen.view.list.rows] == [Deed.COMPARE])
        clerk.press(Qt.Key.Key_Return)
        shown = compared(clerk)
        for choice, side in ((Choice.MINE, shown.ours), (Choice.THEIRS, shown.theirs)):
            button = shown.buttons[choice]
            clerk.until(button.isVisible)
            left = button.mapTo(shown, QPoint(0, 0)).x()
            clerk.until(lambda left=left, side=side: left == side.x())  # type: ignore[misc]


def test_the_paper_says_it_too_and_theirs_can_stay(stage: Stage, at_window: AtWindow) -> None:
    theirs = met_another(stage)
    with at_window(stage) as clerk:
        clerk.open(CODE)
        papers = clerk.window.counter.papers
        assert clerk.office.paper is not None
        line = papers._rows[clerk.office.desk.dossier.papers[0].id]  # type: ignore[union-attr]
        assert line._line.state == "Bàn khác đã gửi tệp khác"
        line.retry.click()
        compared(clerk)
        clerk.press("2")
        clerk.until(lambda: clerk.window.place is Place.TROUBLE and clerk.window.aside is None)
        clerk.open(CODE)
        clerk.until(lambda: clerk.office.desk is not None)
        line = papers._rows[clerk.office.desk.dossier.papers[0].id]  # type: ignore[union-attr]
        clerk.until(lambda: line._line.state.startswith("Giữ ở máy này, không gửi"))
        assert there(stage).read(CODE, "other-desk-0001") == theirs


def test_a_file_that_cannot_be_shown_is_said_so(stage: Stage, at_window: AtWindow) -> None:
    met_another(stage)
    there(stage).change(CODE, "other-desk-0001", b"PK no page at all")
    with App(stage.home, "test", sends=Sends.FINISHED) as app:
        with app.store.transaction() as tx:
            tx.execute("DELETE FROM conflict")
        app.syncing.down(threading.Event())
    with at_window(stage) as clerk:
        screen = troubles(clerk)
        clerk.until(lambda: len(screen.view.list.rows) == 1)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.window.aside is Aside.COMPARE)
        shown = clerk.window._shown
        assert isinstance(shown, CompareScreen)
        said = "Tệp hỏng hoặc không phải ảnh"
        clerk.until(lambda: shown.theirs.picture.accessibleName().startswith(said))
        clerk.press(Qt.Key.Key_Escape)
        assert clerk.window.place is Place.TROUBLE


# --- local dossiers -----------------------------------------------------------------------------


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


def test_a_long_file_is_leafed_through_without_keeping_every_page(
    clerk: Clerk, tmp_path: Path
) -> None:
    long = pikepdf.new()
    for _ in range(30):
        long.add_blank_page(page_size=(100, 140))
    long.save(tmp_path / "long.pdf")
    side = VersionSide(clerk.window._parts, "Tệp")
    side.use(clerk.office.app.vault.adopt(tmp_path / "long.pdf").sha256, "")
    for number in (*range(1, 30, 4), 1):
        side.show_page(number, lambda: None)
        said = f"Tệp, trang {number}"
        clerk.until(lambda said=said: side.picture.accessibleName() == said)
        assert len(side._pictures) <= 12
    assert side.pages == 30


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
        clerk.press("y")
        clerk.until(lambda: clerk.window.aside is Aside.LOCAL and clerk.name == "L-000001")
        page = clerk.window._shown
        assert isinstance(page, LocalScreen)
        page.code.setText(CODE)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.name == CODE)
