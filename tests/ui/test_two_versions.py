"""Two versions of a paper at the real window: told under *Cần xử lý* and on the paper, shown side
by side, decided by one key."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pikepdf
from PySide6.QtCore import QPoint, Qt

from digitizer.app import App, Sends
from digitizer.versions import Choice
from tests.ui.conftest import Clerk
from tests.ui.desks import CODE, add_page, there, troubles
from tests.ui.stage import Stage
from ui.asides import Aside
from ui.places import Place
from ui.rows import Deed
from ui.screens.compare import CompareScreen
from ui.screens.version_side import VersionSide

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


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
