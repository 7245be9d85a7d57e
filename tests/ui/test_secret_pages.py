"""A page that may be a state secret, at the real window: told wherever the clerk is, shown from
close by, decided by one key."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import Qt

from digitizer.app import App
from digitizer.boxes import Box
from digitizer.clearing import waiting
from digitizer.secrecy import How, Level, Mark
from tests.ui.conftest import Clerk
from tests.ui.filled import fill
from tests.ui.stage import CODE, Stage, draw_page
from ui.asides import Aside
from ui.places import Place
from ui.rows import Deed
from ui.screens.listing import Listing
from ui.screens.secret import SecretScreen
from ui.wording import Act

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
ALT = Qt.KeyboardModifier.AltModifier
MARK = Mark(Level.TOI_MAT, How.STAMP, "TỐI MẬT", 0.95, Box(200, 300, 420, 360))


def marked(stage: Stage, *, pages: int = 1) -> None:
    """Have pages in a dossier, each with a stamp on it."""
    stage.prepare()
    files = []
    for number in range(pages):
        file = stage.home.parent / f"marked-{number}.jpg"
        draw_page(file, ("BÁO CÁO", f"Trang {number}"), dpi=150, number=number + 1)
        files.append(file)
    fill(stage, "TP01", files)
    with App(stage.home, "test") as app:
        paper = app.dossiers.find(CODE).paper("TP01")
        assert paper is not None
        for page in paper.live_pages:
            app.dossiers.note_look(page.sha256, 0, None, (MARK,))


def shown(clerk: Clerk) -> SecretScreen:
    """The page, once it is drawn and what stands on it as well."""
    clerk.until(lambda: clerk.window.aside is Aside.MARKED)
    screen = clerk.window._shown
    assert isinstance(screen, SecretScreen)
    clerk.until(lambda: screen.shown is not None)
    clerk.until(lambda: screen.sheet.accessibleName() == "Cả trang")
    clerk.until(lambda: screen.close_up.accessibleName() == "Chỗ tìm thấy")
    return screen


def troubles(clerk: Clerk) -> Listing:
    clerk.press(Qt.Key.Key_4, ALT)
    screen = clerk.window.screen(Place.TROUBLE)
    assert isinstance(screen, Listing)
    return screen


def test_it_is_told_shown_and_found_ordinary_by_keys(stage: Stage, at_window: AtWindow) -> None:
    marked(stage, pages=2)
    with at_window(stage) as clerk:
        banner = clerk.window.banner
        clerk.until(lambda: banner.notice is not None and banner.notice.act is Act.SEE_MARKED)
        assert "TỐI MẬT" in banner.hint.text()
        screen = troubles(clerk)
        clerk.until(lambda: any(row.deed is Deed.MARKED for row in screen.view.list.rows))
        row = next(row for row in screen.view.list.rows if row.deed is Deed.MARKED)
        assert row.state == "Có dấu mật?"
        assert row.code == CODE
        clerk.until(lambda: not banner.isVisible())  # the line says it
        clerk.press(Qt.Key.Key_Return)
        page = shown(clerk)
        assert "Tờ khai" in page.said.text() or "trang 1" in page.said.text()
        assert not page.sent.isVisible()
        first = page.shown
        clerk.press("1")
        clerk.until(lambda: page.shown is not None and page.shown != first)
        clerk.press("1")
        clerk.until(lambda: clerk.window.place is Place.TROUBLE and clerk.window.aside is None)
        clerk.until(lambda: banner.held(Act.SEE_MARKED) is None)
        app = clerk.window.app
        assert app is not None
        assert waiting(app.store) == []


def test_the_banner_leads_there_and_what_is_secret_stays_on_the_list(
    stage: Stage, at_window: AtWindow
) -> None:
    marked(stage)
    with at_window(stage) as clerk:
        banner = clerk.window.banner
        clerk.until(lambda: banner.notice is not None and banner.notice.act is Act.SEE_MARKED)
        banner.button.click()
        page = shown(clerk)
        clerk.press("2")
        clerk.until(lambda: clerk.window.aside is None and clerk.window.place is Place.TROUBLE)
        screen = troubles(clerk)
        clerk.until(lambda: [row.state for row in screen.view.list.rows] == ["Tài liệu mật"])
        app = clerk.window.app
        assert app is not None
        (one,) = waiting(app.store)
        assert one.page.secrecy.confirmed
        clerk.press(Qt.Key.Key_Return)
        page = shown(clerk)
        assert not page.secret.isVisible(), "it is one already"
        assert "Người ở bàn này đã chọn: là tài liệu mật" in page.decided.text()
        clerk.press(Qt.Key.Key_Escape)
        clerk.until(lambda: clerk.window.aside is None)
