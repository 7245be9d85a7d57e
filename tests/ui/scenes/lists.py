"""*Hôm nay*, *Cần xử lý*, *Chờ gửi*: empty, filled, while it is sent, without a line."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from digitizer.app import App
from digitizer.limits import Hours, Limits
from digitizer.sandbox.faults import Fault
from digitizer.servers import Server
from tests.ui.camera import Camera, wait
from tests.ui.filled import take_in
from tests.ui.papers import Papers
from tests.ui.scenes import versions
from tests.ui.stage import Stage, set_up
from ui.places import Place
from ui.rows import Deed, Row
from ui.screens.listing import Listing
from ui.window import Window

_OFFICE = ZoneInfo("Asia/Ho_Chi_Minh")
_DUE = {1: 8.5, 2: 10, 3: 11, 4: 14.5, 5: 15, 6: 16.5, 7: 24 + 9, 8: 24 + 16, 9: 72 + 10}
"""When results are due: hours from this midnight, by the dossiers' numbers."""
AWAY = Server("opencps", "http://127.0.0.1:9/o/rest/v2", "1", "u")


def code(serial: int) -> str:
    """Return a mã hồ sơ that the procedure system has."""
    return f"000.00.20.H02-261122-{serial:04d}"


def play(camera: Camera, folder: Path, papers: Papers) -> None:
    """Take its pictures."""
    if camera.wants("401", "411", "421"):
        _nothing(camera, folder / "nothing")
    if camera.wants("402", "403", "422", "423", "424", "425"):
        _day(camera, folder / "day", papers)
    if camera.wants("426", "427"):
        _line(camera, folder / "line", papers)
    if camera.wants("412"):
        _troubles(camera, folder / "troubles", papers)
    if camera.wants("413", "414", "415", "416", "417"):
        versions.play(camera, folder / "versions", papers)


def _go(window: Window, place: Place) -> Listing:
    window.go_to(place)
    screen = window.screen(place)
    assert isinstance(screen, Listing)
    wait(lambda: screen.view.isVisible() or screen.empty_title.isVisible())
    return screen


def _rows(screen: Listing) -> list[Row]:
    return [row for row in screen.view.list.rows if not row.heading]


def _nothing(camera: Camera, folder: Path) -> None:
    with set_up(folder, pages=1) as stage:
        stage.prepare(server=False)
        with camera.window(stage) as window:
            _go(window, Place.TODAY)
            camera.take(window, "401-today-empty")
            _go(window, Place.TROUBLE)
            camera.take(window, "411-trouble-empty")
            _go(window, Place.OUTBOX)
            camera.take(window, "421-outbox-empty")


def _day(camera: Camera, folder: Path, papers: Papers) -> None:
    with set_up(folder, pages=1) as stage:
        _promise(folder)
        stage.prepare()
        take_in(stage, "TP01", papers.birth, code(2))
        for serial in (3, 4, 6):
            take_in(stage, "TP01", papers.birth, code(serial), finished=True)
        stage.faults.slow_seconds = 1.5
        stage.faults.set(Fault.SLOW)
        with camera.window(stage) as window:
            outbox = _go(window, Place.OUTBOX)
            wait(lambda: any(row.state == "Đang gửi" for row in _rows(outbox)))
            camera.take(window, "422-sending")
            stage.faults.set(Fault.SLOW, 0)
            wait(lambda: {row.mark for row in _rows(outbox)} == {"sent"})
            camera.take(window, "423-sent")
            today = _go(window, Place.TODAY)
            wait(lambda: any(row.state == "Đã gửi" for row in _rows(today)))
            wait(lambda: today.status.text().startswith("Danh sách lấy lúc"))
            camera.take(window, "402-today")
        if not camera.wants("403", "424", "425"):
            return
        for serial in (5, 7):
            take_in(stage, "TP01", papers.birth, code(serial), finished=True)
        stage.faults.set(Fault.UNAVAILABLE)
        with camera.window(stage) as window:
            today = _go(window, Place.TODAY)
            wait(lambda: today.status.text().startswith("Hệ thống thủ tục đang quá tải"))
            camera.take(window, "403-today-server-down")
            outbox = _go(window, Place.OUTBOX)
            wait(lambda: len(_rows(outbox)) >= 2)
            camera.take(window, "424-server-down")
        stage.faults.set(Fault.UNAVAILABLE, 0)
        with App(stage.home, "test") as app:
            app.servers.set(AWAY, "p")
        with camera.window(stage) as window:
            outbox = _go(window, Place.OUTBOX)
            wait(lambda: outbox.status.text().startswith("Mất mạng từ"))
            camera.take(window, "425-no-line")


def _line(camera: Camera, folder: Path, papers: Papers) -> None:
    """Out of hours; a slow line, with what was left here and what is too big for it."""
    with set_up(folder, pages=1) as stage:
        stage.prepare()
        for serial, pages in ((3, papers.form[:1]), (4, papers.birth), (6, papers.form)):
            take_in(stage, "TP01", pages, code(serial), finished=True)
        ahead = (datetime.now(_OFFICE).hour + 3) % 24 * 60
        with App(stage.home, "test") as app:
            app.keep_limits(Limits(hours=Hours(ahead, (ahead + 600) % 1440)))
        with camera.window(stage) as window:
            outbox = _go(window, Place.OUTBOX)
            wait(lambda: outbox.status.text().startswith("Đến"))
            wait(lambda: len(_rows(outbox)) == 3)
            camera.take(window, "426-out-of-hours")
        with App(stage.home, "test") as app:
            app.keep_limits(Limits(kbits=64, minutes=1))
            first = app.dossiers.find(code(3)).paper("TP01")
            assert first is not None
            app.withhold([first.id])
        with camera.window(stage) as window:
            outbox = _go(window, Place.OUTBOX)
            wait(lambda: any(row.deed is Deed.HOLD and row.share for row in _rows(outbox)))
            wait(lambda: any(row.deed is Deed.COMPACT for row in _rows(outbox)))
            camera.take(window, "427-slow-line")


def _promise(folder: Path) -> None:
    """Let the procedure system have promised results for today and the days after, as the clock
    of the window has it; it keeps the time of its country."""
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    with sqlite3.connect(folder / "server" / "sandbox.sqlite") as db:
        for serial, hours in _DUE.items():
            due = (midnight + timedelta(hours=hours)).astimezone(_OFFICE).replace(tzinfo=None)
            db.execute("UPDATE dossier SET due = ? WHERE no = ?", (due.isoformat(), code(serial)))
    db.close()


def _troubles(camera: Camera, folder: Path, papers: Papers) -> None:
    with set_up(folder, pages=1) as stage:
        stage.prepare()
        for serial in (4, 5):
            take_in(stage, "TP01", papers.birth, code(serial), finished=True)
        take_in(stage, "TP02", papers.birth, code(1), reason="interrupted")
        _park(stage)
        with App(stage.home, "test") as app:
            local = app.dossiers.open_new(code=None, holder="Nguyễn Thị Phương Thảo").name
            unsorted = app.dossiers.unsorted().name
        take_in(stage, "TP99", papers.birth, local, finished=True)
        take_in(stage, "TP99", papers.document, unsorted)
        left = stage.home / "incoming" / "left-by-a-crash"
        left.mkdir()
        (left / "0001.part").write_bytes(b"half a page")
        stage.faults.set(Fault.NOT_AUTHENTICATED)
        with camera.window(stage) as window:
            trouble = _go(window, Place.TROUBLE)
            wait(lambda: any(row.title.startswith("Sai tên") for row in _rows(trouble)))
            wait(lambda: len(_rows(trouble)) >= 7)
            camera.take(window, "412-trouble")


def _park(stage: Stage) -> None:
    """Let two uploads have been refused for good."""
    with App(stage.home, "test") as app, app.store.transaction() as tx:
        for serial, error in ((4, "upload-refused"), (5, "upload-conflict")):
            tx.execute(
                "UPDATE work SET parked = 1, attempts = 1, error = ? "
                "WHERE dossier_id = (SELECT id FROM dossier WHERE code = ?)",
                (error, code(serial)),
            )
