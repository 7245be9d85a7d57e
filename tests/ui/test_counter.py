"""At the counter: a bar code, F5, papers, banners, done; with real scanners and a real server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from digitizer.app import App
from digitizer.model import PaperState
from digitizer.sandbox.faults import Fault
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, EMPTY, FORM, HOLDER, JAMMED, Stage, draw_receipt
from ui.paper_words import paper_line
from ui.places import Place
from ui.wording import Act, Mark, Tone

OTHER_CODE = "000.00.20.H02-261122-0005"
UNKNOWN = "000.00.20.H02-261122-4711"
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


def test_a_bar_code_opens_its_dossier_from_anywhere(clerk: Clerk) -> None:
    clerk.open(CODE)
    assert clerk.window.counter.header.name.text() == HOLDER
    assert clerk.window.counter.header.code.text() == CODE
    assert clerk.counted == "Đã lưu 0 trang"
    assert clerk.office.paper is not None
    assert clerk.office.paper.part == "TP01"
    clerk.window.go_to(Place.SETTINGS)
    clerk.open(OTHER_CODE)
    assert clerk.window.place is Place.COUNTER


def test_pages_appear_one_by_one_and_only_saved_ones_are_counted(clerk: Clerk) -> None:
    clerk.open(CODE)
    seen: list[tuple[str, int]] = []
    app = clerk.window.app
    assert app is not None

    def look() -> None:
        rows = app.store.rows("SELECT count(*) FROM page")
        seen.append((clerk.counted, rows[0][0]))

    clerk.office.desk_changed.connect(look)
    clerk.scan()
    clerk.until(lambda: clerk.counted == "Đã lưu 3 trang")
    assert clerk.pages("TP01") == 3
    for said, there in seen:
        assert int(said.split()[2]) <= there
    strip = clerk.window.counter.strip
    assert strip.list.rowCount() == 3
    assert strip.page == strip.list.pages[-1]
    clerk.until(lambda: clerk.window.counter.view.shown is not None)


def test_a_scan_stays_with_the_dossier_it_began_in(
    stage: Stage, at_window: AtWindow, qtbot: QtBot
) -> None:
    stage.refill(4)
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.press(Qt.Key.Key_Return)
        clerk.press(Qt.Key.Key_F5)
        clerk.open(OTHER_CODE)
        clerk.until(lambda: clerk.window.scanning.target is None)
        assert clerk.name == OTHER_CODE
        assert clerk.counted == "Đã lưu 0 trang"
        clerk.open(CODE)
        assert clerk.pages("TP02") == 4


def test_pages_that_a_code_leads_to_another_dossier_are_told(stage: Stage, clerk: Clerk) -> None:
    stage.refill(2, FORM[:3])
    draw_receipt(stage.stack / "01.jpg", OTHER_CODE)
    clerk.open(CODE)
    banner = clerk.window.counter.banner
    focus = clerk.window.focusWidget()
    clerk.scan()
    clerk.until(lambda: banner.notice is not None and banner.notice.title.startswith("2 trang"))
    assert clerk.said == (
        f"2 trang đã chuyển sang hồ sơ Vũ Ngọc Ánh. Theo mã {OTHER_CODE} trên giấy."
    )
    assert banner.button.text() == "Mở hồ sơ đó"
    assert clerk.counted == "Đã lưu 0 trang"
    assert clerk.window.focusWidget() is focus
    banner.button.click()
    clerk.until(lambda: clerk.name == OTHER_CODE)
    assert clerk.pages("TP99") == 2
    assert banner.notice is None
    clerk.open(CODE)
    assert banner.notice is None
    clerk.scan()
    clerk.until(lambda: clerk.said.startswith("2 trang đã chuyển"))


def test_a_receipt_of_nobody_known_is_put_aside_and_told(stage: Stage, clerk: Clerk) -> None:
    stage.refill(2, FORM[:3])
    draw_receipt(stage.stack / "01.jpg", "000.00.20.H02-261122-9999")
    clerk.open(CODE)
    clerk.scan()
    clerk.until(lambda: clerk.said.startswith("2 trang đã để riêng ở Chưa phân loại"))
    assert clerk.counted == "Đã lưu 0 trang"
    clerk.window.counter.banner.button.click()
    clerk.until(lambda: clerk.pages("TP99") == 2)
    clerk.until(lambda: clerk.name != CODE)


def test_papers_are_chosen_by_keys(clerk: Clerk) -> None:
    clerk.open(CODE)

    def part() -> str:
        return clerk.office.paper.part if clerk.office.paper else ""

    clerk.press(Qt.Key.Key_Return)
    assert part() == "TP02"
    clerk.press(Qt.Key.Key_Return, SHIFT)
    assert part() == "TP01"
    clerk.press(Qt.Key.Key_Return, SHIFT)
    assert part() == "TP01"
    clerk.press("3")
    clerk.until(lambda: part() == "TP03")


def test_a_jam_keeps_its_pages_and_says_what_to_do(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(device=JAMMED)
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.scan()
        notice = clerk.window.counter.banner.notice
        assert notice is not None
        assert (notice.tone, notice.title, notice.act) == (Tone.BAD, "Kẹt giấy", Act.SCAN_ON)
        clerk.until(lambda: "Đã lưu 2 trang của lượt này, trang cuối đang hiện." in clerk.said)
        clerk.until(lambda: clerk.counted == "Đã lưu 2 trang")
        clerk.window.counter.banner.button.click()
        assert clerk.window.scanning.target is not None
        assert clerk.window.counter.banner.notice is None
        clerk.until(lambda: clerk.window.scanning.target is None)
        clerk.until(lambda: clerk.counted == "Đã lưu 4 trang")


def test_an_empty_feeder_is_no_alarm(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare(device=EMPTY)
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.scan()
        notice = clerk.window.counter.banner.notice
        assert notice is not None
        assert (notice.tone, notice.title) == (Tone.INFO, "Khay giấy trống")


def test_f5_without_a_dossier_scans_nothing(clerk: Clerk) -> None:
    clerk.press(Qt.Key.Key_F5)
    assert clerk.window.scanning.target is None
    assert "Mở hồ sơ trước khi quét" in clerk.said
    clerk.press(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert clerk.said == "", "it is said where it was tried"


def test_escape_stops_a_scan_and_keeps_its_pages(stage: Stage, at_window: AtWindow) -> None:
    stage.refill(40, FORM[:1])
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.press(Qt.Key.Key_F5)
        clerk.until(lambda: clerk.pages("TP01") >= 1)
        clerk.press(Qt.Key.Key_Escape)
        clerk.until(lambda: clerk.window.scanning.target is None)
        assert "Đã dừng quét" in clerk.said
        assert 1 <= clerk.pages("TP01") < 40


def test_pages_are_turned_removed_and_brought_back(clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.scan()
    clerk.until(lambda: clerk.pages("TP01") == 3)
    strip = clerk.window.counter.strip

    def turns() -> list[int]:
        return [page.turn for page in strip.list.pages]

    clerk.press(Qt.Key.Key_Home)
    clerk.press("r")
    clerk.until(lambda: turns() == [90, 0, 0])
    clerk.press(Qt.Key.Key_Right)
    clerk.press("R", SHIFT)
    clerk.until(lambda: turns() == [90, 270, 0])
    gone = strip.page
    assert gone is not None
    clerk.press(Qt.Key.Key_Delete)
    clerk.until(lambda: clerk.counted == "Đã lưu 2 trang")
    assert gone.id not in [page.id for page in strip.list.pages]
    assert strip.page is not None
    clerk.press(Qt.Key.Key_Z, CTRL)
    clerk.until(lambda: clerk.counted == "Đã lưu 3 trang")
    assert strip.list.pages[1].id == gone.id
    clerk.press(Qt.Key.Key_Z, CTRL)
    clerk.until(lambda: turns() == [90, 0, 0])
    clerk.press(Qt.Key.Key_Y, CTRL)
    clerk.until(lambda: turns() == [90, 270, 0])


def test_done_sends_the_dossier_and_makes_room_for_the_next(stage: Stage, clerk: Clerk) -> None:
    stage.refill(1, FORM[:4])
    clerk.open(CODE)
    clerk.scan()
    clerk.press(Qt.Key.Key_Return, CTRL)
    clerk.until(lambda: clerk.office.desk is None)
    assert f"Đã xong hồ sơ {HOLDER}" in clerk.said
    assert "Còn thiếu 2 giấy tờ và kết quả" in clerk.said
    clerk.open(CODE)

    def state() -> PaperState:
        desk = clerk.office.desk
        assert desk is not None
        return desk.dossier.state(desk.dossier.papers[0])

    clerk.until(lambda: state() is PaperState.SENT)
    clerk.until(lambda: "Đã gửi hết" in clerk.window.counter.header.outbox.text())
    clerk.window.counter.bar.finish_button.click()
    desk = clerk.office.desk
    clerk.until(lambda: clerk.office.desk is not None and clerk.office.desk is not desk)
    assert clerk.office.desk is not None
    assert clerk.office.desk.dossier.finished_at is None


def test_nothing_is_sent_before_the_clerk_is_done(stage: Stage, clerk: Clerk) -> None:
    stage.refill(1, FORM[:4])
    clerk.open(CODE)
    clerk.scan()

    def state() -> PaperState:
        desk = clerk.office.desk
        assert desk is not None
        return desk.dossier.state(desk.dossier.papers[0])

    clerk.until(lambda: state() is PaperState.READY)
    app = clerk.window.app
    assert app is not None
    app.settle()
    assert app.store.rows("SELECT count(*) FROM sending")[0][0] == 0


def test_a_refused_sign_in_leads_to_the_settings(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    stage.faults.set(Fault.NOT_AUTHENTICATED)
    with at_window(stage) as clerk:
        clerk.until(lambda: clerk.window.counter.banner.notice is not None)
        notice = clerk.window.counter.banner.notice
        assert notice is not None
        assert notice.act is Act.PASSWORD
        clerk.window.counter.banner.button.click()
        assert clerk.window.place is Place.SETTINGS


def test_work_that_is_stuck_is_shown_on_its_paper_with_a_button(stage: Stage, clerk: Clerk) -> None:
    stage.refill(1, FORM[:4])
    clerk.open(CODE)
    clerk.scan()
    app = clerk.window.app
    desk = clerk.office.desk
    assert app is not None
    assert desk is not None
    paper = desk.dossier.papers[0]

    def line_mark() -> Mark:
        now = clerk.office.desk
        assert now is not None
        return paper_line(now, now.dossier.papers[0]).mark

    clerk.until(lambda: line_mark() is Mark.READY)
    with app.store.transaction() as tx:
        tx.execute(
            "UPDATE work SET parked = 1, error = 'upload-refused', attempts = 1 "
            "WHERE kind = 'upload'"
        )
    app.events.publish_progress(desk.dossier.id)
    clerk.until(lambda: line_mark() is Mark.TROUBLE)
    row = clerk.window.counter.papers._rows[paper.id]
    assert "từ chối" in row.accessibleName()
    row.retry.click()
    app.events.publish_progress(desk.dossier.id)
    clerk.until(lambda: not app.store.rows("SELECT 1 FROM work WHERE parked = 1"))


def test_an_unknown_code_is_offered_but_not_made_by_the_readers_enter(clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.beep(UNKNOWN)
    finder = clerk.window.counter.finder
    clerk.until(lambda: finder.make.isVisible())
    assert clerk.office.desk is None
    assert finder.make.text() == f"Tạo hồ sơ {UNKNOWN}"
    app = clerk.window.app
    assert app is not None
    known = [head.name for head in app.dossiers.heads()]
    assert UNKNOWN not in known
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.name == UNKNOWN)


def test_a_code_only_the_server_knows_is_brought_here(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    with App(stage.home, "test") as app, app.store.transaction() as tx:
        head = app.dossiers.find(CODE)
        tx.execute("DELETE FROM paper WHERE dossier_id = ?", (head.id,))
        tx.execute("DELETE FROM dossier WHERE id = ?", (head.id,))
    with at_window(stage) as clerk:
        clerk.open(CODE)
        assert clerk.office.desk is not None
        assert len(clerk.office.desk.dossier.papers) == 6


def test_typing_finds_without_diacritics_and_enter_opens(clerk: Clerk) -> None:
    finder = clerk.window.counter.finder
    clerk.until(lambda: finder.list.rowCount() == 10)
    QTest.keyClicks(finder.field, "hoang thi bich")
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.name == CODE)
    clerk.press(Qt.Key.Key_F, CTRL)
    assert clerk.window.counter.stack.currentIndex() == 0
    clerk.press(Qt.Key.Key_Escape)
    assert clerk.window.counter.stack.currentIndex() == 1
    assert clerk.name == CODE


def test_a_local_dossier_takes_pages_into_other_papers(clerk: Clerk) -> None:
    clerk.window.counter.finder.make_local.click()
    clerk.until(lambda: clerk.name == "L-000001")
    assert clerk.window.counter.papers._none.isVisible()
    clerk.scan()
    clerk.until(lambda: clerk.pages("TP99") == 3)
    assert clerk.counted == "Đã lưu 3 trang"


def test_the_large_page_is_read_from_top_to_bottom(clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.scan()
    clerk.until(lambda: clerk.pages("TP01") == 3)
    view, strip = clerk.window.counter.view, clerk.window.counter.strip
    clerk.press(Qt.Key.Key_Home)
    clerk.until(lambda: view.shown is not None and view.shown.id == strip.list.pages[0].id)
    clerk.press(Qt.Key.Key_Space)
    clerk.until(lambda: view.width() > clerk.window.counter.width() - 20)
    assert strip.page is not None
    first = strip.page.id
    clerk.press(Qt.Key.Key_Down)
    assert strip.page is not None
    assert strip.page.id == first
    for _ in range(5):
        clerk.press(Qt.Key.Key_Down)
    assert strip.page.id != first
    clerk.press(Qt.Key.Key_Escape)
    assert view.width() < clerk.window.counter.width() - 20


def test_the_outbox_leads_to_the_settings_while_there_is_no_server(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare(server=False)
    with at_window(stage) as clerk:
        clerk.window.counter.header.outbox.click()
        assert clerk.window.place is Place.SETTINGS
        assert clerk.window.focusWidget() is clerk.window.settings.server.url


def test_the_sheet_of_shortcuts_blocks_nothing(clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.press("?", SHIFT)
    clerk.until(lambda: clerk.window.shortcuts.isVisible())
    clerk.press(Qt.Key.Key_Return)
    assert not clerk.window.shortcuts.isVisible()
    assert clerk.office.paper is not None
    assert clerk.office.paper.part == "TP02"


def test_wishes_are_remembered_and_used(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.office.keep_wishes(replace(clerk.office.settings.wishes, text=14))
    with at_window(stage) as clerk:
        clerk.until(lambda: clerk.office.settings.wishes.text == 14)
        clerk.office.keep_wishes(replace(clerk.office.settings.wishes, text=11))
