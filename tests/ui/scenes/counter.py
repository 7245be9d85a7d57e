"""*Tại quầy*: a citizen's papers, from the receipt's code to what was sent."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from digitizer.sandbox.faults import Fault
from digitizer.storage import changes
from tests.ui.camera import (
    Camera,
    choose,
    dress,
    idle,
    office_of,
    open_dossier,
    pages,
    press,
    rest,
    scan,
    wait,
)
from tests.ui.filled import take_in
from tests.ui.papers import Papers
from tests.ui.scenes import reusing
from tests.ui.stage import CODE, EMPTY, GOOD, JAMMED, Stage, draw_receipt, set_up
from ui.places import Place
from ui.window import Window

LONG_DOSSIER = "000.00.20.H02-261122-0002"
SENT_DOSSIER = "000.00.20.H02-261122-0003"
UNKNOWN = "000.00.20.H02-261122-4711"
_SECONDS_A_PAGE = 1.5


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    if camera.wants("101-empty"):
        with set_up(folder / "empty", pages=1) as stage:
            stage.prepare(server=False)
            with camera.window(stage) as window:
                camera.take(window, "101-empty")
    if camera.wants("131", "132", "133"):
        reusing.play(camera, folder / "reuse", papers)
    if camera.wants("120", "121"):
        _result(camera, folder / "result", papers)
    if camera.wants("116", "117"):
        _unknown(camera, folder / "unknown")
    if not camera.wants("100", "102", "103", "104", "105", "106", "107", "108", "11"):
        return
    with set_up(folder / "desk", pages=1, seconds_a_page=_SECONDS_A_PAGE) as stage:
        stage.prepare(dpi=300)
        with camera.window(stage) as window:
            _clerks_day(camera, window, stage, papers)
            if camera.wants("11"):
                _rarer(camera, window, stage, papers)


def _clerks_day(camera: Camera, window: Window, stage: Stage, papers: Papers) -> None:
    office = office_of(window)
    camera.take(window, "102-find")
    QTest.keyClicks(window.counter.finder.field, "bich ngoc")
    camera.take(window, "103-search")
    press(window, Qt.Key.Key_Return)
    wait(lambda: office.desk is not None)
    camera.take(window, "104-missing")
    scan(window, stage, papers.form)
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait(lambda: office.desk is None)
    camera.take(window, "108-finished")
    wait(lambda: idle(window))
    open_dossier(window, CODE)
    office.reopen()
    wait(lambda: office.desk is not None and office.desk.dossier.finished_at is None)
    press(window, "2")
    scan(window, stage, papers.birth)
    wait(lambda: idle(window))
    press(window, "3")
    stage.load(papers.identity)
    press(window, Qt.Key.Key_F5)
    wait(lambda: pages(window, "TP03") >= 3)
    rest(600)
    camera.take(window, "105-scanning")
    press(window, "f", Qt.KeyboardModifier.ControlModifier)
    camera.take(window, "109-scans-behind")
    press(window, Qt.Key.Key_Escape)
    wait(lambda: window.scanning.target is None)
    press(window, "2")
    rest(600)
    camera.take(window, "100-window")
    wait(lambda: idle(window))
    press(window, "3")
    press(window, Qt.Key.Key_Home)
    rest(600)
    camera.take(window, "106-pages")
    open_dossier(window, LONG_DOSSIER)
    choose(window, JAMMED)
    stage.load(papers.document)
    press(window, Qt.Key.Key_F5)
    wait(lambda: window.counter.banner.notice is not None)
    rest(1200)
    camera.take(window, "107-jam")
    choose(window, GOOD)


def _rarer(camera: Camera, window: Window, stage: Stage, papers: Papers) -> None:
    window.go_to(Place.COUNTER)
    open_dossier(window, CODE)
    press(window, "3")
    dress(window, camera.colours, 14)
    wait(lambda: idle(window))
    camera.take(window, "110-large-text")
    dress(window, camera.colours)
    press(window, Qt.Key.Key_Space)
    rest(400)
    camera.take(window, "111-large-page")
    press(window, Qt.Key.Key_Space)
    choose(window, EMPTY)
    press(window, Qt.Key.Key_F5)
    wait(lambda: window.scanning.target is None)
    camera.take(window, "112-feeder-empty")
    open_dossier(window, LONG_DOSSIER)
    choose(window, "")
    press(window, "2")
    stage.load(papers.identity[3:] + papers.birth)
    press(window, Qt.Key.Key_F5)
    camera.take(window, "113-searching")
    wait(lambda: window.counter.banner.notice is not None)
    wait(lambda: idle(window) and window.scanning.target is None)
    camera.take(window, "114-moved")
    strange = stage.stack.parent / "strange.jpg"
    draw_receipt(strange, "000.00.20.H02-261122-9999")
    stage.load((strange,))
    press(window, Qt.Key.Key_F5)
    wait(lambda: idle(window) and window.scanning.target is None)
    camera.take(window, "119-put-aside")
    _long_names(camera, window)


def _long_names(camera: Camera, window: Window) -> None:
    app, office = office_of(window).app, office_of(window)
    made = app.dossiers.open_new(
        code="000.00.20.H02-261122-0099", holder="Nguyễn Phước Quý Khánh Hưng Hoàng Phương Uyên"
    )
    with app.store.transaction() as tx:
        tx.execute(
            "UPDATE dossier SET procedure_name = ? WHERE id = ?",
            (
                "Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội hàng tháng, hỗ trợ kinh phí "
                "chăm sóc, nuôi dưỡng hàng tháng cho đối tượng bảo trợ xã hội",
                made.id,
            ),
        )
        for number in range(1, 12):
            changes.add_paper(
                tx,
                made.id,
                f"TP{number:02d}",
                "Giấy xác nhận mức độ khuyết tật của Hội đồng xác định mức độ khuyết tật xã, "
                "phường, thị trấn hoặc bệnh án"
                if number % 2
                else "Căn cước công dân",
                required=number < 6,
            )
    office.open(made.id)
    wait(lambda: office.desk is not None)
    camera.take(window, "115-long-names")


def _unknown(camera: Camera, folder: Path) -> None:
    """A code that the procedure system has no dossier of, and one it could not be asked for."""
    with set_up(folder, pages=1) as stage:
        stage.prepare()
        with camera.window(stage) as window:
            finder = window.counter.finder
            window.open_code(UNKNOWN)
            wait(lambda: "không có" in finder.make.accessibleDescription())
            camera.take(window, "116-unknown-code")
            stage.faults.set(Fault.UNAVAILABLE)
            window.open_code(UNKNOWN)
            wait(lambda: "quá tải" in finder.make.accessibleDescription())
            camera.take(window, "117-not-asked")


def _result(camera: Camera, folder: Path, papers: Papers) -> None:
    """A dossier whose papers are sent opens at its result; with that it counts as digitized."""
    with set_up(folder, pages=1) as stage:
        stage.prepare()
        take_in(stage, "TP01", papers.birth, SENT_DOSSIER, finished=True)
        with camera.window(stage) as window:
            office, light = office_of(window), window.counter.bar.light
            wait(lambda: office.app.sync.state().done > 0)
            open_dossier(window, SENT_DOSSIER)
            wait(lambda: light.text.text() == "Số hóa: còn thiếu kết quả")
            camera.take(window, "120-result")
            scan(window, stage, papers.document[2:])
            wait(lambda: light.text.text() == "Được tính số hóa")
            camera.take(window, "121-counted")
