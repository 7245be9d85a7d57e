"""Help: the guide inside the window, the sheet of F1, the sheet of keys, the diagnosis."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextFrame
from PySide6.QtWidgets import QApplication, QLabel

from digitizer.doctor import Check
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, HOLDER
from ui import doctor_words, guide
from ui.asides import Aside
from ui.commands import Command
from ui.explaining import explained
from ui.key_sheets import ALL, OF_STACK, KeySheet
from ui.language import say
from ui.places import NAMES, Place
from ui.screens.doctor import DoctorScreen
from ui.screens.guide import GuideScreen
from ui.theme import Theme
from ui.widgets.reader import Reader
from ui.widgets.shortcuts import Shortcuts

F1 = Qt.Key.Key_F1
_SENT = re.compile(r"mục (\d+)")


def guide_of(clerk: Clerk) -> GuideScreen:
    screen = clerk.window.findChild(GuideScreen)
    assert isinstance(screen, GuideScreen)
    clerk.until(lambda: screen.contents.count() > 0)
    return screen


def test_the_guide_is_cut_into_its_sections() -> None:
    made = guide.sections("# Tất cả\nLời đầu\n## 1. Một\n![ảnh](a.png) [kia](b.md)\n## 2. Hai\nĐất")
    assert [one.title for one in made] == ["Tất cả", "1. Một", "2. Hai"]
    assert made[1].text == "## 1. Một\n![ảnh](a.png) kia"
    whole = guide.Guide(made)
    assert whole.holding("dat") == (2,)
    assert whole.holding("ĐẤT") == (2,)
    assert whole.holding("a.png") == ()
    assert whole.at("2.") == 2
    assert whole.at("không có") == 0


def test_the_guide_that_is_shipped_has_its_pictures_and_every_section_that_f1_names() -> None:
    made = guide.read(guide.folder(), 400, 1.0)
    assert made.pictures
    assert all(not one.isNull() and one.width() <= 400 for one in made.pictures.values())
    for where in (*Place, *Aside):
        section = explained(where).section
        assert any(one.title.startswith(section) for one in made.sections), where


def test_where_the_guide_sends_its_reader_is_about_what_the_sentence_is_about() -> None:
    text = (guide.folder() / guide.NAME).read_text("utf-8")
    titles = dict(re.findall(r"^## (\d+)\. (.+)$", text, re.MULTILINE))
    sent = [(line, number) for line in text.splitlines() for number in _SENT.findall(line)]
    assert len(sent) > 5
    for line, number in sent:
        assert titles[number].lower() in line.lower(), line


def test_help_opens_the_guide_and_it_is_searched(clerk: Clerk) -> None:
    clerk.window.rail._help.click()
    assert clerk.window.aside is Aside.GUIDE
    screen = guide_of(clerk)
    assert screen.contents.item(0).text() == "Hướng dẫn cho cán bộ một cửa"
    clerk.press(Qt.Key.Key_Down)
    assert "1. Mở hồ sơ" in screen.reader.toPlainText()
    clerk.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert clerk.window.focusWidget() is screen.field
    screen.field.setText("ket giay")
    assert screen.said.text() == "Có trong 3 mục"
    assert screen.reader.textCursor().selectedText() == "Kẹt giấy"
    first = screen.contents.currentRow()
    for _ in range(20):
        clerk.press(Qt.Key.Key_Return)
        if screen.contents.currentRow() != first:
            break
    assert screen.contents.currentRow() != first
    assert guide.fold(screen.reader.textCursor().selectedText()) == "ket giay"
    screen.field.setText("qwxyz")
    assert screen.said.text() == "Không thấy"
    clerk.press(Qt.Key.Key_Escape)
    assert clerk.window.place is Place.COUNTER
    assert clerk.window.aside is None


@pytest.mark.parametrize("width", [865, 1441])
def test_a_table_of_the_guide_is_whole(theme: Theme, qapp: QApplication, width: int) -> None:
    reader = Reader(theme)
    reader.resize(width, 900)
    reader.show()
    reader.show_text("| nơi | phím | mục |\n|---|---|---|\n| **Tại quầy** | Alt+1 | 1 |\n", {})
    qapp.processEvents()
    (table,) = reader.document().rootFrame().childFrames()
    assert isinstance(table, QTextFrame)
    place = reader.document().documentLayout().frameBoundingRect(table)
    assert place.right() < reader.viewport().width()
    assert not reader.horizontalScrollBar().isVisible()
    reader.deleteLater()


def test_the_window_goes_on_without_a_guide(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(guide, "folder", lambda: tmp_path)
    clerk.window.show_aside(Aside.GUIDE)
    screen = clerk.window.findChild(GuideScreen)
    assert isinstance(screen, GuideScreen)
    clerk.until(lambda: bool(screen.said.text()))


@pytest.mark.parametrize("place", list(Place))
def test_f1_explains_every_place_and_goes_with_any_key(clerk: Clerk, place: Place) -> None:
    clerk.window.go_to(place)
    sheet = clerk.window.explanation
    clerk.press(F1)
    assert sheet.isVisible()
    assert sheet.title.text() == NAMES[place]
    assert 3 <= len(sheet.accessibleDescription().splitlines()) <= 6
    clerk.press("q")
    assert not sheet.isVisible()
    clerk.press(F1)
    clerk.press(Qt.Key.Key_Escape)
    assert not sheet.isVisible()
    assert clerk.window.place is place


def test_f1_twice_opens_the_guide_at_its_section(clerk: Clerk) -> None:
    clerk.window.go_to(Place.TROUBLE)
    clerk.press(F1)
    clerk.press(F1)
    assert clerk.window.aside is Aside.GUIDE
    screen = guide_of(clerk)
    assert screen.contents.currentItem().text() == "8. Khi có trục trặc"
    clerk.press(F1)
    assert clerk.window.explanation.title.text() == "Hướng dẫn"
    clerk.window.explanation.more.click()
    assert screen.contents.currentItem().text() == "13. Trợ giúp và chẩn đoán"


def test_a_key_that_takes_the_sheet_away_is_still_done(clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.press(F1)
    clerk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert not clerk.window.explanation.isVisible()
    assert clerk.office.paper is not None
    assert clerk.office.paper.part != "TP01"


@pytest.mark.parametrize("points", [11, 14])
@pytest.mark.parametrize("shown", [ALL, OF_STACK], ids=["all", "stack"])
def test_the_sheet_of_keys_fits_a_small_screen(
    clerk: Clerk, theme: Theme, shown: KeySheet, points: int
) -> None:
    theme.dress(points=points, colours="light")
    try:
        sheet = Shortcuts(clerk.window.centralWidget())  # type: ignore[arg-type]
        sheet.toggle(shown)
        QApplication.processEvents()
        assert (clerk.window.width(), clerk.window.height()) == (1366, 768)
        assert clerk.window.rect().contains(sheet.geometry())
        assert sheet.sizeHint().height() <= sheet.height(), "nothing is squeezed"
        labels = sheet.findChildren(QLabel)
        texts = {say(does.value if isinstance(does, Command) else does) for _, does in shown.lines}
        lines = [label for label in labels if label.text() in texts]
        assert len(lines) >= len(shown.lines)
        for label in lines:
            width, height = label.width(), label.height()
            needed = label.fontMetrics().boundingRect(
                0, 0, width, 1000, int(Qt.TextFlag.TextWordWrap), label.text()
            )
            assert needed.height() <= height + 1, label.text()
            assert needed.width() <= width + 1, label.text()
            assert sheet.rect().contains(label.geometry()), label.text()
        sheet.hide()
        sheet.deleteLater()
    finally:
        theme.dress(points=11, colours="light")


def test_the_sheet_of_keys_is_of_the_place_and_says_how_it_goes(clerk: Clerk) -> None:
    for place, title in ((Place.STACK, "Phím tắt ở Quét lô"), (Place.COUNTER, "Phím tắt")):
        clerk.window.go_to(place)
        clerk.press("?")
        sheet = clerk.window.shortcuts
        clerk.until(sheet.isVisible)
        said = [label.text() for label in sheet.findChildren(QLabel) if label.isVisible()]
        assert title in said
        assert "Esc hoặc ? để đóng" in said
        assert ("Nhận lô: từ lúc đó mới được gửi" in said) is (place is Place.STACK)
        clerk.press("?")
        assert not sheet.isVisible()


def test_the_diagnosis_is_a_list_and_its_report_names_nobody(clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.window.go_to(Place.SETTINGS)
    clerk.window.settings.machine.doctor.click()
    assert clerk.window.aside is Aside.DOCTOR
    screen = clerk.window.findChild(DoctorScreen)
    assert isinstance(screen, DoctorScreen)
    assert not screen.copy.isEnabled()
    assert screen.copy.accessibleDescription() == "Đang xem máy này"
    clerk.until(screen.copy.isEnabled)
    said = [label.accessibleName() for label in screen._list.findChildren(QLabel)]
    assert any(text.startswith("Đọc chữ tiếng Việt: Được") for text in said)
    screen.copy.click()
    report = QApplication.clipboard().text()
    assert "tesseract" in report
    app = clerk.window.app
    assert app is not None
    for never in (CODE, HOLDER, str(app.home.root), str(Path.home())):
        assert never not in report


def test_what_is_missing_comes_with_what_to_do() -> None:
    line = doctor_words.line(Check("tesseract", False, "not found", "apt install tesseract-ocr"))
    assert (line.name, line.word, line.ok) == ("Đọc chữ", "Cần xem", False)
    assert "Nhờ người hỗ trợ" in line.detail
    assert "apt install tesseract-ocr" in line.detail
    fine = Check("disk", True, "73.8 GB free")
    assert doctor_words.line(fine).detail == "còn 73,8 GB"
    bridge = "on; another program has port 58201; origins allowed: 2"
    line = doctor_words.line(Check("Scan button of web pages", False, bridge, "close it"))
    assert line.name == "Nút Quét trên trang web"
    assert line.detail.startswith("Đóng phần mềm quét kèm trang web")
    assert "đang bật; phần mềm khác giữ cổng 58201; 2 trang web được quét" in line.detail
    clock = doctor_words.line(Check("clock", True, "2026-11-26 09:12"))
    assert clock.detail == "26/11/2026 09:12"
    assert doctor_words.line(Check("audit record", True, "120 lines")).detail == "120 dòng"
    assert doctor_words.summary((fine,)).startswith("Mọi thứ")
    assert doctor_words.summary((fine, Check("home", False, ""))).startswith("1 mục cần xem")
