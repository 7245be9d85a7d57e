"""*Lịch sử*: what happened to the open dossier, in sentences; by key, page by page, in parts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from digitizer import auditing
from digitizer.chain import PROGRAM, Act, Line
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE
from ui import history_words, reads_history
from ui.asides import Aside
from ui.places import Place
from ui.reads_history import History, Wanted
from ui.rows import Deed, Row
from ui.screens.doctor import DoctorScreen
from ui.screens.history import HistoryScreen

ALL = Wanted("d")
CTRL = Qt.KeyboardModifier.ControlModifier
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


def line(seq: int, act: str, subject: str = "p", who: str = "clerk l", **detail: object) -> Line:
    at = (NOON + timedelta(seconds=seq)).isoformat(timespec="microseconds")
    return Line(seq, at, who, "window", act, "d", subject, detail, "", "")


def told(*lines: Line, wanted: Wanted = ALL, older: bool = False) -> list[Row]:
    """The rows of lines, given newest first, without the headings of days."""
    names = {"l": "Nguyễn Thị Lan"}
    papers, dossiers = {"tk": "Tờ khai", "p": "Giấy chứng sinh"}, {"d": CODE, "e": "TAM-2"}
    history = History(wanted, lines, older, names, papers, dossiers)
    today = NOON.astimezone().date()
    return [row for row in history_words.rows(history, today) if not row.heading]


def test_pages_of_one_scan_are_one_line() -> None:
    rows = told(
        line(9, Act.SCAN_ENDED, reason="empty"),
        *(line(n, Act.PAGE_SAVED, f"page{n}", paper="tk", batch="b") for n in range(8, 2, -1)),
        line(2, Act.SCAN_BEGUN, paper="tk"),
        line(1, Act.PAGE_SAVED, "first", paper="tk", batch="a"),
    )
    assert [row.title for row in rows] == ["Lưu 6 trang vào «Tờ khai»", "Lưu 1 trang vào «Tờ khai»"]
    assert rows[0].state == "Nguyễn Thị Lan"
    assert rows[0].sentence == "tại cửa sổ này"
    assert rows[0].code == "", "the dossier that is open need not be named"


def test_a_scan_that_broke_off_is_told() -> None:
    (row,) = told(line(1, Act.SCAN_ENDED, reason="jam", who=PROGRAM))
    assert (row.title, row.state, row.mark) == ("Lượt quét dừng giữa chừng", "Phần mềm", "warn")


def test_what_was_done_at_once_is_one_line_and_what_was_not_is_two() -> None:
    deleted = [line(n, Act.PAGE_DELETED, f"page{n}", paper="tk") for n in (2, 1)]
    assert len(told(*deleted)) == 2
    alike = [
        Line(n, deleted[0].at, "user x", "window", Act.PAGE_DELETED, "d", f"page{n}",
             {"paper": "tk"}, "", "")
        for n in (2, 1)
    ]  # fmt: skip
    (row,) = told(*alike)
    assert row.title == "Bỏ 2 trang của «Tờ khai»"
    assert row.state == "Tài khoản máy: x"


@pytest.mark.parametrize("act", list(Act))
def test_every_act_has_a_sentence(act: Act) -> None:
    for rows in (told(line(1, act, paper="tk", into="e", ended=1)), told(line(1, act, ""))):
        for row in rows:
            general = act in (Act.ROW_ADDED, Act.ROW_CHANGED, Act.ROW_REMOVED)
            assert row.title.startswith("Việc khác") is general
            assert "{" not in row.title
            assert row.said


def test_what_a_newer_version_recorded_is_shown_by_its_name() -> None:
    (row,) = told(line(1, "paper.blessed"))
    assert row.title == "Việc khác: paper.blessed"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("local.pace", " · Sức máy"),
        ("sync.marks", " · Báo số giấy tờ đã nhận"),
        ("sync.hours", " · Đường truyền"),
        ("of.a.newer.version", ""),
    ],
)
def test_a_setting_is_told_by_the_part_where_it_is_set(setting: str, said: str) -> None:
    (row,) = told(replace(line(1, Act.SETTING_CHANGED), subject=setting))
    assert row.title == "Đổi 1 cài đặt"
    assert f". tại cửa sổ này{said}. " in row.said


def test_a_moment_that_somebody_forged_is_shown_as_it_is() -> None:
    forged = replace(line(1, Act.DOSSIER_FINISHED), at="hôm qua")
    (row,) = told(forged)
    assert (row.title, row.side) == ("Xong hồ sơ", "hôm qua")


def test_parts_have_buttons_to_the_older_and_the_newer() -> None:
    rows = told(line(1, Act.DOSSIER_OPENED), wanted=Wanted("d", below=9), older=True)
    assert [row.deed for row in rows] == [Deed.NEWER, Deed.NONE, Deed.OLDER]


# --- in the window ----------------------------------------------------------------------------


def screen_of(clerk: Clerk) -> HistoryScreen:
    screen = clerk.window.findChild(HistoryScreen)
    assert isinstance(screen, HistoryScreen)
    return screen


def turned(clerk: Clerk) -> bool:
    """Whether a page of the open dossier was turned by hand."""
    desk = clerk.office.desk
    return desk is not None and any(p.turn for one in desk.dossier.papers for p in one.live_pages)


def titles(screen: HistoryScreen) -> list[str]:
    return [row.title for row in screen.view.list.rows if not row.heading]


def test_the_open_dossiers_history_is_a_key_away(clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.scan()
    clerk.until(lambda: clerk.pages("TP01") == 3)
    clerk.press("r")
    clerk.until(lambda: turned(clerk))
    clerk.press(Qt.Key.Key_H, CTRL)
    assert clerk.window.aside is Aside.HISTORY
    screen = screen_of(clerk)
    clerk.until(lambda: any(title.startswith("Xoay 1 trang") for title in titles(screen)))
    assert any(title.startswith("Lưu 3 trang") for title in titles(screen))
    assert CODE in screen.status.text()
    clerk.press(Qt.Key.Key_Space)
    clerk.until(lambda: any(title.startswith("Lưu 1 trang") for title in titles(screen)))
    assert screen.button.text() == "Cả hồ sơ"
    clerk.press(Qt.Key.Key_Space)
    clerk.until(lambda: any(title.startswith("Lưu 3 trang") for title in titles(screen)))
    clerk.press(Qt.Key.Key_Escape)
    assert (clerk.window.aside, clerk.window.place) == (None, Place.COUNTER)


def test_a_long_history_is_shown_in_parts(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads_history, "PAGE", 4)
    dossiers = clerk.office.app.dossiers
    dossier = dossiers.find(CODE)
    for _ in range(5):
        dossiers.finish(dossier.id)
        dossiers.reopen(dossier.id)
    clerk.open(CODE)
    clerk.press(Qt.Key.Key_H, CTRL)
    screen = screen_of(clerk)
    clerk.until(lambda: titles(screen)[-1:] == ["Cũ hơn"])
    first = titles(screen)
    clerk.press(Qt.Key.Key_End)
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: titles(screen)[:1] == ["Mới hơn"])
    clerk.press(Qt.Key.Key_Home)
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: titles(screen) == first)


def test_the_diagnosis_leads_to_what_happened_on_this_machine(clerk: Clerk, tmp_path: Path) -> None:
    clerk.window.show_aside(Aside.DOCTOR)
    doctor = clerk.window.findChild(DoctorScreen)
    assert isinstance(doctor, DoctorScreen)
    clerk.until(doctor.copy.isEnabled)
    said = [label.accessibleName() for label in doctor._list.findChildren(type(doctor.summary))]
    assert any(text.startswith("Nhật ký ai làm gì: Được") for text in said)
    doctor.history.click()
    screen = screen_of(clerk)
    clerk.until(lambda: "Bắt đầu ghi nhật ký" in titles(screen) or bool(titles(screen)))
    assert screen.status.text() == "Mọi việc trên máy này"
    assert screen.button.text() == "Xuất ra tệp…"
    screen.button.click()
    assert screen.dialog is not None
    screen.dialog.reject()
    screen.export_to(str(tmp_path))
    clerk.until(lambda: screen.status.text().startswith("Đã xuất"))
    (file,) = tmp_path.glob("nhat-ky-*.jsonl")
    found = auditing.check(file)
    assert found.breaks == ()
    assert str(found.head) in screen.note.text()
    screen.export_to(str(tmp_path / "nowhere"))
    clerk.until(lambda: not screen.status.text().startswith("Đ"))
