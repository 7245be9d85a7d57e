"""Web pages that scan, at the window: switched on, asked about once, scanned for as for a clerk."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from digitizer.policyfile import VARIABLE
from tests.bridge.webpage import begin, end_of, press_scan, visit
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, EMPTY, JAMMED, Stage
from ui import web_words
from ui.places import Place
from ui.screens.webpages import WebPageSection
from ui.webdesk import WebDesk
from ui.wording import Act

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
SITE = "motcua.tanlap.example"
ORIGIN, OTHER = f"https://{SITE}", "http://khac.example"


@pytest.fixture
def pages() -> Iterator[ThreadPoolExecutor]:
    """Web pages, beside the window."""
    with ThreadPoolExecutor(4) as pool:
        yield pool


def desk(clerk: Clerk) -> WebDesk:
    assert clerk.window.web is not None
    return clerk.window.web


def section(clerk: Clerk) -> WebPageSection:
    return clerk.window.settings.web


def press(clerk: Clerk, origin: str = ORIGIN) -> tuple[bytes, int, str]:
    """Press the page's button; return the file, and how the machine closed."""
    with visit(desk(clerk).port, origin) as page:
        file = press_scan(page)
        return (file, *end_of(page))


def knock(clerk: Clerk, origin: str) -> tuple[int, str]:
    """Ask, and wait for how that ends."""
    with visit(desk(clerk).port, origin) as page:
        return end_of(page)


def ended(clerk: Clerk, what: Future[tuple[bytes, int, str]]) -> tuple[bytes, int, str]:
    clerk.until(what.done)
    return what.result()


def switch_on(clerk: Clerk) -> None:
    """*Cài đặt*, *Bật*, by keys."""
    clerk.window.go_to(Place.SETTINGS)
    box = section(clerk).switch
    box.setFocus()
    clerk.press(Qt.Key.Key_Down)
    clerk.until(lambda: section(clerk).said.text().startswith("✓"))


def asked(clerk: Clerk, site: str = SITE) -> bool:
    return clerk.said.startswith(f"Trang web {site} muốn quét")


def test_off_until_somebody_switches_it_on_then_asked_once_and_scanned(
    stage: Stage, at_window: AtWindow, pages: ThreadPoolExecutor
) -> None:
    stage.prepare()
    stage.refill(2)
    with at_window(stage) as clerk:
        assert desk(clerk).port == 0
        switch_on(clerk)
        clerk.window.go_to(Place.COUNTER)
        clerk.open(CODE)
        before = clerk.window.focusWidget()
        first = pages.submit(press, clerk)
        clerk.until(lambda: asked(clerk))
        banner = clerk.window.banner
        assert banner.button.text() == "Cho phép (F7)"
        assert banner.other.text() == "Từ chối"
        assert clerk.window.focusWidget() is before, "a question takes no focus"
        clerk.press(Qt.Key.Key_F7)
        clerk.until(lambda: clerk.window.scanning.target is not None)
        target = clerk.window.scanning.target
        assert target is not None
        assert (target.web, target.dossier_name) == (ORIGIN, SITE)
        assert clerk.name == CODE, "the open dossier stays open"
        file, *end = ended(clerk, first)
        assert (file[:5], end) == (b"%PDF-", [1000, ""])
        assert clerk.pages("TP99") == 0, "nothing of it goes into the open dossier"
        clerk.until(lambda: bool(desk(clerk).kept.latest and desk(clerk).kept.latest[0].given_at))
        clerk.until(lambda: clerk.said == "")
        again = pages.submit(press, clerk)
        assert ended(clerk, again)[0][:5] == b"%PDF-", "it is not asked again"

        clerk.window.go_to(Place.SETTINGS)
        (line,) = web_words.answered(desk(clerk).kept)
        assert line.title == SITE
        assert line.words.startswith("Được quét: ")
        section(clerk).answered.button(line.key, web_words.LEAVE).click()
        clerk.until(lambda: desk(clerk).kept.consents == ())
        seen = web_words.latest(desk(clerk).kept)
        assert [one.title for one in seen] == [f"2 trang cho {SITE}"] * 2
        section(clerk).latest.button(seen[0].key, web_words.SEE).click()
        clerk.until(lambda: clerk.name.startswith("L-"))
        assert clerk.pages("TP99") == 2


def test_what_is_refused_stays_out_and_a_second_question_waits_its_turn(
    stage: Stage, at_window: AtWindow, pages: ThreadPoolExecutor
) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        switch_on(clerk)
        first = pages.submit(knock, clerk, OTHER)
        clerk.until(lambda: asked(clerk, OTHER))
        assert "không mã hóa" in clerk.said
        second = pages.submit(knock, clerk, ORIGIN)
        clerk.until(lambda: desk(clerk).asking == (OTHER, ORIGIN))
        assert asked(clerk, OTHER), "the question in front is not changed for another"
        clerk.window.banner.other.click()
        clerk.until(first.done)
        assert first.result() == (1008, "web-page-refused")
        assert asked(clerk)
        section(clerk).asking.button(ORIGIN, web_words.REFUSE).click()
        clerk.until(second.done)
        assert second.result() == (1008, "web-page-refused")
        assert clerk.said == ""
        clerk.until(lambda: len(desk(clerk).kept.consents) == 2)
        assert clerk.window.place is Place.SETTINGS, "nobody is taken elsewhere"
    with at_window(stage) as clerk:
        clerk.until(lambda: desk(clerk).port != 0 and bool(desk(clerk).kept.consents))
        assert [one.standing for one in desk(clerk).kept.consents] == ["refused", "refused"]


def test_a_question_that_comes_beside_its_answer_goes_again(
    stage: Stage, at_window: AtWindow, pages: ThreadPoolExecutor
) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        switch_on(clerk)
        visit = pages.submit(knock, clerk, ORIGIN)
        clerk.until(lambda: asked(clerk))
        clerk.window.banner.other.click()
        desk(clerk).ask(ORIGIN)  # as for a page that came before the answer was kept
        clerk.until(visit.done)
        clerk.until(lambda: clerk.said == "" and not desk(clerk).asking)


@pytest.mark.parametrize(
    ("device", "title", "pages_saved"),
    [(JAMMED, "Kẹt giấy", 2), (EMPTY, "Khay giấy trống", 0)],
)
def test_a_scan_that_fails_is_told_and_its_pages_stay(
    stage: Stage,
    at_window: AtWindow,
    pages: ThreadPoolExecutor,
    device: str,
    title: str,
    pages_saved: int,
) -> None:
    stage.prepare(device=device)
    with at_window(stage) as clerk:
        switch_on(clerk)
        desk(clerk).allow(ORIGIN)
        clerk.until(lambda: bool(desk(clerk).kept.consents))
        file, code, _ = ended(clerk, pages.submit(press, clerk))
        assert (file, code) == (b"", 1011)
        clerk.until(lambda: clerk.said.startswith(f"{title} · trang web {SITE} chưa nhận"))
        banner = clerk.window.banner
        assert banner.notice is not None
        if not pages_saved:
            assert banner.notice.act is Act.NOTED_WEB
            return
        assert f"Đã lưu {pages_saved} trang" in clerk.said
        banner.button.click()
        clerk.until(lambda: clerk.name.startswith("L-"))
        assert clerk.pages("TP99") == pages_saved


def test_one_scan_at_a_time_and_the_clerks_own_goes_first(
    stage: Stage, at_window: AtWindow, pages: ThreadPoolExecutor
) -> None:
    stage.prepare()
    stage.refill(8)
    with at_window(stage) as clerk:
        switch_on(clerk)
        desk(clerk).allow(ORIGIN)
        clerk.until(lambda: bool(desk(clerk).kept.consents))
        clerk.window.go_to(Place.COUNTER)
        clerk.open(CODE)
        clerk.press(Qt.Key.Key_F6)
        clerk.until(lambda: clerk.window.scanning.turning == 2)  # it waits for the next page
        file, code, reason = ended(clerk, pages.submit(press, clerk))
        assert (file, code, reason) == (b"", 1011, "scanner-busy")
        clerk.until(lambda: "Chờ lượt quét đang chạy xong" in clerk.said)
        clerk.press(Qt.Key.Key_Escape)
        clerk.until(lambda: clerk.window.scanning.target is None)

        mine = pages.submit(press, clerk)
        clerk.until(lambda: clerk.window.scanning.target is not None)
        clerk.press(Qt.Key.Key_Escape)
        clerk.until(lambda: clerk.window.scanning.target is None)
        assert ended(clerk, mine)[:2] == (b"", 1011)
        clerk.until(lambda: clerk.said.startswith("Đã dừng quét"))


def test_switched_off_while_it_scans_the_page_is_let_go_and_the_pages_stay(
    stage: Stage, at_window: AtWindow, pages: ThreadPoolExecutor
) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        switch_on(clerk)
        desk(clerk).allow(ORIGIN)
        clerk.until(lambda: bool(desk(clerk).kept.consents))

        def walk_in() -> tuple[int, str]:
            with visit(desk(clerk).port, ORIGIN) as page:
                begin(page)
                return end_of(page)

        mine = pages.submit(walk_in)
        clerk.until(lambda: clerk.window.scanning.target is not None)
        desk(clerk).switch(on=False)
        clerk.until(mine.done)
        assert mine.result()[0] == 1001
        clerk.until(lambda: desk(clerk).port == 0)
        clerk.until(lambda: clerk.window.scanning.target is None)
        clerk.until(lambda: bool(desk(clerk).kept.latest))
        assert desk(clerk).kept.latest[0].given_at == ""


def test_a_port_that_another_program_holds_is_said(
    stage: Stage, at_window: AtWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.prepare()
    with at_window(stage) as clerk, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(desk(clerk)._keeper, "_wanted_port", port)
        clerk.window.go_to(Place.SETTINGS)
        desk(clerk).switch(on=True)
        clerk.until(lambda: section(clerk).said.text().startswith("✗"))
        assert f"cổng {port}" in section(clerk).said.text()
        assert not section(clerk).said.isHidden()
        assert clerk.said.startswith(f"Trang web chưa quét được: cổng {port}")
        desk(clerk).switch(on=False)
        clerk.until(lambda: clerk.said == "")


def test_what_the_administrator_locks_is_seen_and_not_changed(
    stage: Stage, at_window: AtWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "digitizer.toml"
    monkeypatch.setenv(VARIABLE, str(file))
    file.write_text(
        f'by = "Văn phòng xã"\n[locked.bridge]\nscan = "on"\norigins = ["{ORIGIN}"]\n',
        encoding="utf-8",
    )
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.window.go_to(Place.SETTINGS)
        clerk.until(lambda: section(clerk).said.text().startswith("✓"))
        for one in (section(clerk).switch, section(clerk).origin, section(clerk).add):
            assert not one.isEnabled()
            assert one.toolTip() == "Do quản trị đặt (Văn phòng xã)"
        (line,) = web_words.answered(desk(clerk).kept)
        assert (line.words, line.acts) == ("Được quét, do quản trị đặt.", ())


def test_an_origin_is_allowed_by_its_address(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        switch_on(clerk)
        field = section(clerk).origin
        field.setText("motcua.tanlap.example")
        field.setFocus()
        clerk.press(Qt.Key.Key_Return)
        assert section(clerk).typed.text().startswith("✗ Gõ như trên thanh địa chỉ")
        field.setText(f"{ORIGIN}/")
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: [one.origin for one in desk(clerk).kept.consents] == [ORIGIN])
        assert section(clerk).typed.isHidden()
