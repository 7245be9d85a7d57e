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
from digitizer.shelflife import GRACE
from digitizer.storage import removals
from digitizer.storage.secrecy import barred
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


def test_what_is_secret_is_removed_from_here_by_its_code_and_that_is_taken_back(
    stage: Stage, at_window: AtWindow
) -> None:
    marked(stage)
    with at_window(stage) as clerk:
        app = clerk.window.app
        assert app is not None
        (one,) = waiting(app.store)
        app.clearing.find_secret(one.dossier.id, one.page.id)
        clerk.window.show_aside(Aside.MARKED, one.page.id)
        page = shown(clerk)
        line = page.removal
        clerk.press("3")
        clerk.until(line.isVisible)
        assert clerk.window.focusWidget() is line.field
        assert "1 giấy tờ, 1 trang" in line.words.text()
        assert "không có ở nơi nào khác" in line.words.text()
        assert not line.remove.isEnabled() and line.remove.accessibleDescription()
        clerk.press(Qt.Key.Key_Escape)
        assert not line.isVisible() and clerk.window.aside is Aside.MARKED
        clerk.press("3")
        clerk.until(line.isVisible)
        for key in "0008":
            clerk.press(key)
        clerk.press(Qt.Key.Key_Return)
        assert removals.open_removals(app.store) == [], "the code of another dossier"
        line.field.clear()
        for key in CODE[-4:]:
            clerk.press(key)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: page.goes.isVisible())
        (asked,) = removals.open_removals(app.store)
        assert asked.dossier_id == one.dossier.id and "Dấu mật" in asked.reason
        assert asked.due_at - asked.asked_at > GRACE / 2, "it can be taken back meanwhile"
        clerk.press("3")
        clerk.until(lambda: not page.goes.isVisible())
        assert removals.open_removals(app.store) == []
        app.retention.discard(one.dossier.id, "once more")
        clerk.window.show_aside(Aside.MARKED, one.page.id)
        clerk.until(lambda: page.goes.isVisible())
        clerk.press("1")
        clerk.until(lambda: waiting(app.store) == [])
        assert removals.open_removals(app.store) == [], "what is no secret stays"


def test_what_was_removed_is_on_no_list_any_more(stage: Stage, at_window: AtWindow) -> None:
    marked(stage)
    with App(stage.home, "test") as app:
        (one,) = waiting(app.store)
        app.clearing.find_secret(one.dossier.id, one.page.id)
        app.settle()
        app.retention.discard(one.dossier.id, "a secret", grace=False)
        assert waiting(app.store) == []
        assert barred(app.store, one.dossier.id), "the paper itself is still in the dossier"
    with at_window(stage) as clerk:
        assert clerk.window.banner.held(Act.SEE_MARKED) is None


def test_the_day_says_what_stops_a_dossier_and_leads_there(
    stage: Stage, at_window: AtWindow
) -> None:
    marked(stage)
    with App(stage.home, "test") as app:
        app.dossiers.finish(app.dossiers.find(CODE).id)
    with at_window(stage) as clerk:
        clerk.press(Qt.Key.Key_3, ALT)
        today = clerk.window.screen(Place.TODAY)
        assert isinstance(today, Listing)
        clerk.until(lambda: any(row.code == CODE for row in today.view.list.rows))
        row = next(row for row in today.view.list.rows if row.code == CODE)
        assert (row.state, row.mark, row.deed) == ("Có dấu mật?", "bad", Deed.MARKED)
        assert row.sentence.startswith("chưa gửi · 1 trang")
        today.press(row)
        page = shown(clerk)
        clerk.press("2")
        clerk.until(lambda: clerk.window.aside is None and clerk.window.place is Place.TROUBLE)
        assert page.shown is None
        clerk.press(Qt.Key.Key_3, ALT)
        clerk.until(
            lambda: [r.state for r in today.view.list.rows if r.code == CODE] == ["Tài liệu mật"]
        )
