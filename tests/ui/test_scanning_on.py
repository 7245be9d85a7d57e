"""*Quét tiếp* goes on where the batch was, whatever the clerk looks at meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, FORM, Stage, draw_stack
from ui.wording import Act, Tone

OTHER_CODE = "000.00.20.H02-261122-0001"
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def sheets(tmp_path: Path) -> list[Path]:
    """Six sheets that differ."""
    return sorted(draw_stack(tmp_path / "sheets", 6, FORM[3:9]).iterdir())


def load(stage: Stage, good: list[Path], *, jams: bool = False) -> None:
    """Put sheets into the feeder; ``jams``: the one after them gets stuck."""
    stage.load(good)
    if jams:
        (stage.stack / "99.jam.jpg").write_bytes(
            next(stage.stack.parent.rglob("*.jpg")).read_bytes()
        )


def images(clerk: Clerk) -> list[str]:
    return [page.sha256 for page in clerk.window.counter.strip.list.pages]


def looked_at(clerk: Clerk) -> str:
    page = clerk.window.counter.strip.page
    return page.sha256 if page else ""


def part(clerk: Clerk) -> str:
    return clerk.office.paper.part if clerk.office.paper else ""


def scanned(clerk: Clerk, stage: Stage, good: list[Path], pages: int) -> list[str]:
    """Scan some sheets into the current paper, until it has so many pages."""
    load(stage, good)
    clerk.scan()
    clerk.until(lambda: len(images(clerk)) == pages)
    return images(clerk)


def press_banner(clerk: Clerk, act: Act) -> None:
    """Press the banner's button and wait until what it starts has ended."""
    banner = clerk.window.counter.banner
    assert banner.notice is not None
    assert banner.notice.act is act
    banner.button.click()
    assert clerk.window.scanning.target is not None
    clerk.until(lambda: clerk.window.scanning.target is None)


def test_another_paper_is_current_when_the_scan_goes_on(
    stage: Stage, clerk: Clerk, sheets: list[Path]
) -> None:
    clerk.open(CODE)
    load(stage, sheets[:2], jams=True)
    clerk.scan()
    clerk.until(lambda: "đặt lại từ tờ sau trang này" in clerk.said)
    clerk.press(Qt.Key.Key_Return)
    assert part(clerk) == "TP02"
    paper = clerk.office.desk.dossier.papers[0] if clerk.office.desk else None
    assert paper is not None
    assert f"quay lại {paper.name} và quét vào đó" in clerk.said
    assert "trang này" not in clerk.said
    assert "đang hiện" not in clerk.said
    load(stage, sheets[2:4])
    press_banner(clerk, Act.SCAN_ON)
    assert part(clerk) == "TP01"
    clerk.until(lambda: clerk.pages("TP01") == 4)
    assert clerk.pages("TP02") == 0
    assert not clerk.window.app or not clerk.window.app.dossiers.undo(
        clerk.office.desk.dossier.id if clerk.office.desk else ""
    ), "a plain scan that went on is a plain scan"


def test_the_key_goes_into_the_paper_in_front_of_the_clerk(
    stage: Stage, clerk: Clerk, sheets: list[Path]
) -> None:
    clerk.open(CODE)
    load(stage, sheets[:1], jams=True)
    clerk.scan()
    clerk.until(lambda: clerk.pages("TP01") == 1)
    clerk.press(Qt.Key.Key_Return)
    load(stage, sheets[1:3])
    clerk.scan()
    clerk.until(lambda: clerk.pages("TP02") == 2)
    assert clerk.pages("TP01") == 1


@pytest.mark.parametrize("by_key", [False, True])
def test_pages_that_were_being_inserted_go_on_behind_the_inserted(
    stage: Stage, clerk: Clerk, sheets: list[Path], by_key: bool
) -> None:
    clerk.open(CODE)
    one, two, three = scanned(clerk, stage, sheets[:3], 3)
    clerk.press(Qt.Key.Key_Home)
    clerk.press(Qt.Key.Key_Right)
    load(stage, sheets[3:4], jams=True)
    clerk.press(Qt.Key.Key_F5, SHIFT)
    clerk.until(lambda: "trang cuối đang hiện" in clerk.said)
    clerk.until(lambda: len(images(clerk)) == 4)
    inserted = images(clerk)[2]
    assert looked_at(clerk) == inserted, "this page is the one that the banner means"
    clerk.press(Qt.Key.Key_End)
    assert "đang hiện" not in clerk.said, "another page is looked at now"
    load(stage, sheets[4:6])
    if by_key:
        clerk.scan()
    else:
        press_banner(clerk, Act.SCAN_ON)
    clerk.until(lambda: len(images(clerk)) == 6)
    four, five = images(clerk)[3:5]
    assert images(clerk) == [one, two, inserted, four, five, three]
    clerk.press(Qt.Key.Key_Z, CTRL)
    clerk.until(lambda: images(clerk) == [one, two, inserted, three])


def test_a_page_that_is_still_to_be_replaced_is_replaced(
    stage: Stage, clerk: Clerk, sheets: list[Path]
) -> None:
    clerk.open(CODE)
    one, two, three = scanned(clerk, stage, sheets[:3], 3)
    clerk.press(Qt.Key.Key_Home)
    clerk.press(Qt.Key.Key_Right)
    load(stage, [], jams=True)
    clerk.press(Qt.Key.Key_F5, CTRL)
    clerk.until(lambda: "Kẹt giấy" in clerk.said)
    clerk.press(Qt.Key.Key_Home)
    load(stage, sheets[4:6])
    press_banner(clerk, Act.SCAN_ON)
    clerk.until(lambda: two not in images(clerk))
    clerk.until(lambda: len(images(clerk)) == 3)
    assert images(clerk)[::2] == [one, three]


def test_what_came_from_the_glass_goes_on_from_the_glass(
    stage: Stage, clerk: Clerk, sheets: list[Path]
) -> None:
    clerk.open(CODE)
    load(stage, sheets[:1])
    clerk.press(Qt.Key.Key_F6)
    clerk.until(lambda: clerk.window.scanning.turning == 2)
    load(stage, [])
    clerk.press(Qt.Key.Key_F6)
    clerk.until(lambda: clerk.window.scanning.target is None)
    notice = clerk.window.counter.banner.notice
    assert notice is not None
    assert notice.act is Act.SCAN_ON
    load(stage, sheets[1:4])
    clerk.window.counter.banner.button.click()
    clerk.until(lambda: clerk.window.scanning.turning == 2)
    clerk.press(Qt.Key.Key_Escape)
    clerk.until(lambda: clerk.window.scanning.target is None)
    clerk.until(lambda: clerk.pages("TP01") == 2)


def test_a_dossier_that_was_left_is_named_and_opened_again(
    stage: Stage, clerk: Clerk, sheets: list[Path]
) -> None:
    clerk.open(CODE)
    clerk.press(Qt.Key.Key_Return)
    load(stage, sheets[:2], jams=True)
    clerk.scan()
    clerk.until(lambda: clerk.pages("TP02") == 2)
    clerk.open(OTHER_CODE)
    banner = clerk.window.counter.banner
    assert banner.notice is not None
    assert banner.notice.title == "Kẹt giấy · hồ sơ Hoàng Thị Bích Ngọc"
    assert "mở lại hồ sơ đó" in clerk.said
    assert "trang này" not in clerk.said
    load(stage, sheets[2:4])
    press_banner(clerk, Act.SCAN_ON)
    clerk.until(lambda: clerk.name == CODE)
    clerk.until(lambda: clerk.pages("TP02") == 4)
    assert part(clerk) == "TP02"
    clerk.open(OTHER_CODE)
    desk = clerk.office.desk
    assert desk is not None
    assert not any(paper.live_pages for paper in desk.dossier.papers)


def test_where_nothing_was_fed_another_dossier_is_not_bothered_with_it(
    stage: Stage, clerk: Clerk
) -> None:
    clerk.open(CODE)
    load(stage, [])
    clerk.scan()
    clerk.until(lambda: "Khay giấy trống" in clerk.said)
    clerk.open(OTHER_CODE)
    assert clerk.said == ""


def test_a_jam_after_the_clerk_was_done_goes_on_with_f5(
    stage: Stage, clerk: Clerk, sheets: list[Path]
) -> None:
    """The next citizen's dossier is not open yet: the sheets that are left are of the last one."""
    clerk.open(CODE)
    load(stage, sheets[:2], jams=True)
    clerk.press(Qt.Key.Key_F5)
    clerk.press(Qt.Key.Key_Return, CTRL)
    clerk.until(lambda: clerk.window.scanning.target is None and clerk.office.desk is None)
    clerk.until(lambda: "Kẹt giấy" in clerk.said)
    load(stage, sheets[2:4])
    clerk.scan()
    found = clerk.office.app.dossiers.find(CODE)
    assert len(found.papers[0].live_pages) == 4


def test_done_after_a_jam_says_that_a_scan_broke_off(
    stage: Stage, clerk: Clerk, sheets: list[Path]
) -> None:
    clerk.open(CODE)
    load(stage, sheets[:1], jams=True)
    clerk.scan()
    clerk.until(lambda: clerk.pages("TP01") == 1)
    clerk.press(Qt.Key.Key_Return, CTRL)
    clerk.until(lambda: "Đã xong hồ sơ" in clerk.said)
    assert "bị ngắt: xem còn thiếu tờ nào không" in clerk.said
    assert clerk.window.counter.banner.notice is not None
    assert clerk.window.counter.banner.notice.tone is Tone.WARN


def test_f5_for_another_paper_while_one_is_scanned_says_where(
    stage: Stage, clerk: Clerk, sheets: list[Path]
) -> None:
    clerk.open(CODE)
    load(stage, sheets[:3])
    clerk.press(Qt.Key.Key_F5)
    title = clerk.office.paper.name if clerk.office.paper else ""
    clerk.press(Qt.Key.Key_Return)
    clerk.press(Qt.Key.Key_F5)
    assert f"Máy đang quét vào {title}" in clerk.said
    clerk.until(lambda: clerk.window.scanning.target is None)
    assert clerk.said == "", "it is not so any more"
    clerk.until(lambda: clerk.pages("TP01") == 3)
    assert clerk.pages("TP02") == 0
