"""*Cài đặt*: the kinds of procedure system with what each needs; dossiers carried as folders."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from digitizer.app import App
from digitizer.errors import AccountIncomplete, NoParcel, NotSupported
from digitizer.exporting import export, waiting
from digitizer.servers import Server
from digitizer.work import marking
from digitizer.work.marking import Telling
from drivers.host import HostedScanner
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, Stage
from ui.places import Place
from ui.screens.today import TodayScreen

_DRAG = (Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


def carried(clerk: Clerk) -> str:
    form = clerk.window.settings.carrying
    clerk.until(lambda: form.said.text()[:1] in "✓✗K" and form.out.isEnabled())
    return form.said.text()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "USB"
    folder.mkdir()
    return folder


def test_each_kind_asks_for_what_it_needs(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.window.go_to(Place.SETTINGS)
        form = clerk.window.settings.server
        clerk.until(lambda: form.url.text() == stage.server.url)

        def asked() -> set[str]:
            fields: dict[str, QWidget] = {
                "group": form.group,
                "user": form.user,
                "password": form.password,
                "auth": form.auth,
                "sso": form.sso,
                "marks": form.marks,
            }
            return {name for name, field in fields.items() if field.isVisibleTo(form)}

        assert asked() == {"group", "user", "password", "auth", "marks"}
        form.kind.choose("folder")
        assert asked() == set()
        form.kind.choose("igate")
        assert asked() == {"user", "password", "sso"}


def test_an_opencps_without_its_group_is_refused_and_what_was_set_stays(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        form = clerk.window.settings.server
        clerk.until(lambda: form.url.text() == stage.server.url)
        form.group.clear()
        form.check.click()
        clerk.until(form.check.isEnabled)
        assert AccountIncomplete.title in form.said.text()
        assert clerk.office.app.servers.get() == stage.server


def test_a_session_is_chosen_and_marks_are_switched_off(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        form = clerk.window.settings.server
        clerk.until(lambda: form.url.text() == stage.server.url)
        form.auth.choose("session")
        form.check.click()
        clerk.until(form.check.isEnabled)
        assert "Kết nối được" in form.said.text()
        set_now = clerk.office.app.servers.get()
        assert set_now is not None
        assert set_now.auth == "session"
        form.marks.choose(Telling.OFF)
        form.marks.activated.emit(1)
        store = clerk.office.app.store
        clerk.until(lambda: marking.get(store) is Telling.OFF)


def test_what_waits_is_written_and_taken_in_again(
    stage: Stage, at_window: AtWindow, stick: Path, tmp_path: Path
) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        form = clerk.window.settings.carrying
        form.send_to(str(stick))
        assert carried(clerk) == "Không có giấy tờ nào đang chờ gửi để xuất."
        form.take_from(str(stick))
        assert NoParcel.title in carried(clerk)
        clerk.open(CODE)
        clerk.scan()
        clerk.until(lambda: bool(waiting(clerk.office.app.store)))
        form.send_to(str(stick))
        assert carried(clerk).startswith("✓ Đã xuất 1 giấy tờ của 1 hồ sơ vào USB.")
        form.take_from(str(stick))
        assert carried(clerk) == "✓ Đã lấy 0 giấy tờ, 1 đã có từ trước."


def test_what_conflicts_is_named(stage: Stage, at_window: AtWindow, stick: Path) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.scan()
        app = clerk.office.app
        clerk.until(lambda: bool(waiting(app.store)))
        export(app.store, app.vault, stick, waiting(app.store), threading.Event())
    with App(stick.parent / "other", "test") as other:
        other.receiving.take(stick, HostedScanner("folder"), threading.Event())
        assert other.dossiers.find(CODE).papers[0].live_pages
    (stick / CODE / "la.pdf").write_bytes(b"%PDF")
    with at_window(stage) as clerk:
        form = clerk.window.settings.carrying
        form.take_from(str(stick))
        assert carried(clerk) == "✗ Đã lấy 0 giấy tờ, 1 đã có từ trước, 1 không lấy được."
        assert form.lines.isVisibleTo(form)


def test_while_papers_wait_dossiers_are_still_found_at_the_server(
    stage: Stage, at_window: AtWindow
) -> None:
    """VNPT iGate: nothing is sent, the clerk is told what to do, and work goes on."""
    stage.prepare(server=False)
    host = stage.server.url.partition("/o/")[0]
    with App(stage.home, "test") as app:
        app.servers.set(Server("igate", host, "", stage.server.user), stage.password)
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.scan()
        clerk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        clerk.until(lambda: NotSupported.title in clerk.said)
        assert not clerk.office.locked_out
        clerk.open("000.00.20.H02-261122-0002")
        assert clerk.office.desk is not None
        assert len(clerk.office.desk.dossier.papers) >= 4


def test_a_folder_dropped_onto_the_day_is_taken_in(
    stage: Stage, at_window: AtWindow, stick: Path
) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.window.go_to(Place.TODAY)
        day = clerk.window.screen(Place.TODAY)
        assert isinstance(day, TodayScreen)
        assert day.acceptDrops()

        def dragged(path: Path) -> tuple[QMimeData, QDragEnterEvent]:
            mime = QMimeData()
            mime.setUrls([QUrl.fromLocalFile(str(path))])
            event = QDragEnterEvent(QPoint(9, 9), *_DRAG[:1], mime, *_DRAG[1:])
            event.ignore()
            day.dragEnterEvent(event)
            return mime, event

        file = stick / "quét.pdf"
        file.write_bytes(b"")
        assert not dragged(file)[1].isAccepted()
        mime, event = dragged(stick)
        assert event.isAccepted()
        assert day.status.text() == "Thả vào đây để nhận hồ sơ từ thư mục USB"
        day.dropEvent(QDropEvent(QPointF(9, 9), *_DRAG[:1], mime, *_DRAG[1:]))
        assert clerk.window.place is Place.SETTINGS
        assert NoParcel.title in carried(clerk)
