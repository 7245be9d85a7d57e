"""Scanning on: from the glass page by page, between pages, in the place of one, after a jam."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from pathlib import Path

from PySide6.QtCore import Qt

from digitizer.errors import ScanCancelled
from digitizer.scanning import (
    Capabilities,
    Device,
    Mode,
    Profile,
    Progress,
    ScannedPage,
    Source,
    unheard,
)
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, FORM, JAMMED, Stage, draw_stack
from ui.scanning import Scanners
from ui.wording import Act

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def looked_at(clerk: Clerk) -> str:
    page = clerk.window.counter.strip.page
    return page.sha256 if page else ""


def images(clerk: Clerk) -> list[str]:
    return [page.sha256 for page in clerk.window.counter.strip.list.pages]


def doing(clerk: Clerk) -> str:
    return clerk.window.counter.bar.doing.text()


def test_the_glass_gives_page_after_page_into_one_batch(clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.press(Qt.Key.Key_F6)
    for pages in (1, 2, 3):
        clerk.until(lambda pages=pages: clerk.window.scanning.turning == pages + 1)
        clerk.until(lambda pages=pages: clerk.pages("TP01") == pages)
        assert "F6 để quét tiếp vào: Tờ khai" in doing(clerk)
        if pages < 3:
            clerk.press(Qt.Key.Key_F6 if pages == 1 else Qt.Key.Key_F5)
            assert clerk.window.scanning.turning == 0
    clerk.press(Qt.Key.Key_Escape)
    clerk.until(lambda: clerk.window.scanning.target is None)
    assert clerk.window.counter.banner.notice is None, "the end of a batch from the glass is good"
    assert len({page.batch_id for page in clerk.window.counter.strip.list.pages}) == 1


def test_of_all_papers_only_the_one_that_is_scanned_into_says_so(clerk: Clerk) -> None:
    clerk.open(CODE)
    counter = clerk.window.counter
    clerk.press(Qt.Key.Key_F6)
    clerk.until(lambda: clerk.window.scanning.turning == 2)
    clerk.press(Qt.Key.Key_F6)
    clerk.until(lambda: clerk.window.scanning.turning == 3)
    clerk.until(lambda: clerk.pages("TP01") == 2)
    clerk.press("x")
    clerk.until(lambda: clerk.pages("TP01") == 1)
    desk = clerk.office.desk
    assert desk is not None
    into, cut = (paper for paper in desk.dossier.papers if paper.live_pages)
    names = [counter.papers._rows[one.id].accessibleName() for one in (into, cut)]
    assert "Đang quét vào đây" in names[0]
    assert "Chờ quét xong · đọc chữ" in names[1]
    clerk.press(Qt.Key.Key_Escape)
    clerk.until(lambda: clerk.window.scanning.target is None)


class Slow:
    """A scanner whose third sheet never comes, and that tells how a page got on a moment after
    that page is through."""

    def __init__(self, sheets: list[Path]) -> None:
        self._sheets = sheets

    def devices(self) -> list[Device]:
        return []

    def capabilities(self, device: str) -> Capabilities:
        return Capabilities(Device(device, "slow", "chậm"), (Source.ADF,), (150,), (Mode.COLOR,))

    def scan(
        self,
        profile: Profile,
        into: Path,
        stop: threading.Event,
        told: Callable[[Progress], None] = unheard,
    ) -> Generator[ScannedPage, None, None]:
        for seq, sheet in enumerate(self._sheets, start=1):
            told(Progress(seq, 0.23))
            file = into / f"{seq:04d}.jpg"
            shutil.copyfile(sheet, file)
            yield ScannedPage(seq, file)
            told(Progress(seq, 0.9))
        stop.wait()
        raise ScanCancelled


def test_a_page_that_is_safe_is_not_said_to_be_coming(clerk: Clerk, tmp_path: Path) -> None:
    sheets = sorted(draw_stack(tmp_path / "sheets", 2).iterdir())
    clerk.window.scanning._scanners = Scanners(lambda device: (Slow(sheets), device), list)
    clerk.open(CODE)
    clerk.press(Qt.Key.Key_F5)
    clerk.until(lambda: clerk.counted == "Đã lưu 2 trang")
    assert doing(clerk) == "Đang quét vào: Tờ khai đăng ký khai sinh"
    clerk.press(Qt.Key.Key_Escape)
    clerk.until(lambda: clerk.window.scanning.target is None)


def test_another_dossier_ends_what_waits_at_the_glass(stage: Stage, clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.press(Qt.Key.Key_F6)
    clerk.until(lambda: clerk.window.scanning.turning == 2)
    clerk.open("000.00.20.H02-261122-0001")
    clerk.until(lambda: clerk.window.scanning.target is None)


def test_a_page_is_inserted_and_one_is_scanned_again(stage: Stage, clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.scan()
    clerk.until(lambda: clerk.pages("TP01") == 3)
    one, two, three = images(clerk)
    stage.refill(1, FORM[3:6])
    clerk.press(Qt.Key.Key_Home)
    clerk.press(Qt.Key.Key_F5, SHIFT)
    clerk.until(lambda: clerk.pages("TP01") == 4 and clerk.window.scanning.target is None)
    clerk.until(lambda: len(images(clerk)) == 4)
    new = images(clerk)[1]
    assert images(clerk) == [one, new, two, three]
    clerk.until(lambda: looked_at(clerk) == new)
    stage.refill(2, FORM[6:8])
    clerk.press(Qt.Key.Key_End)
    clerk.press(Qt.Key.Key_F5, CTRL)
    clerk.until(lambda: clerk.window.scanning.target is None and three not in images(clerk))
    clerk.until(lambda: len(images(clerk)) == 4)
    assert images(clerk)[:3] == [one, new, two]
    clerk.press(Qt.Key.Key_Z, CTRL)
    clerk.until(lambda: images(clerk) == [one, new, two, three])
    clerk.press(Qt.Key.Key_Z, CTRL)
    clerk.until(lambda: images(clerk) == [one, two, three])


def test_backs_that_were_fed_after_the_fronts_go_between_them(stage: Stage, clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.scan()
    clerk.until(lambda: clerk.pages("TP01") == 3)
    fronts = images(clerk)
    stage.refill(3, FORM[3:7])
    clerk.scan()
    clerk.until(lambda: clerk.pages("TP01") == 6)
    backs = images(clerk)[3:]
    clerk.press("g")
    woven = [side for pair in zip(fronts, backs[::-1], strict=True) for side in pair]
    clerk.until(lambda: images(clerk) == woven)
    clerk.until(lambda: "Đã ghép 3 mặt sau" in clerk.said)
    clerk.window.counter.banner.button.click()
    other = [side for pair in zip(fronts, backs, strict=True) for side in pair]
    clerk.until(lambda: images(clerk) == other)
    clerk.press(Qt.Key.Key_Z, CTRL)
    clerk.press(Qt.Key.Key_Z, CTRL)
    clerk.until(lambda: images(clerk) == fronts + backs)


def test_after_a_jam_the_last_safe_page_is_shown_and_a_doubled_sheet_is_offered(
    stage: Stage, at_window: AtWindow, tmp_path: Path
) -> None:
    sheets = draw_stack(tmp_path / "sheets", 3)
    stage.prepare(device=JAMMED)
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.scan()
        clerk.until(lambda: clerk.pages("TP01") == 2)
        strip = clerk.window.counter.strip
        clerk.until(lambda: strip.page is not None and strip.page == strip.list.pages[-1])
        assert "đặt lại từ tờ sau trang này" in clerk.said
        notice = clerk.window.counter.banner.notice
        assert notice is not None
        assert notice.act is Act.SCAN_ON
        # the clerk puts the last sheet in once more
        stage.load([sheets / "02.jpg", sheets / "03.jpg"])
        clerk.scan()
        clerk.until(lambda: clerk.pages("TP01") == 4)
        clerk.press(Qt.Key.Key_Escape)
        clerk.until(lambda: "Trang 3 giống trang 2" in clerk.said)
        assert strip.list.index(2).data() == "3 · quét trùng?"
        clerk.window.counter.banner.button.click()
        clerk.until(lambda: clerk.pages("TP01") == 3)
        clerk.press(Qt.Key.Key_Z, CTRL)
        clerk.until(lambda: clerk.pages("TP01") == 4)
        clerk.until(lambda: strip.list.index(2).data() == "3 · quét trùng?")  # it is seen again
        clerk.press(Qt.Key.Key_Home)
        clerk.press(Qt.Key.Key_Right)
        clerk.press(Qt.Key.Key_Right)
        clerk.press("k")
        clerk.until(lambda: clerk.office.desk is not None and not clerk.office.desk.twins)
