"""Profiles (*mẫu quét*) in the window: chosen from the bar, changed, handed out, taken over."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from digitizer.app import App
from digitizer.errors import BelowFloor, FileMissing, OutputUnwritable, ProfileFileBad
from digitizer.profiles import OFFICE, NamedProfile
from digitizer.scanning import Capabilities, Device, Mode, Profile, Size, Source
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, EMPTY, GOOD, Stage
from ui import profile_words
from ui.places import Place
from ui.screens.profiles import ProfileSection

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
SMALL = NamedProfile("Căn cước A5", Profile(GOOD, Source.ADF, size=Size(148.0, 210.0)))
DRAFT = NamedProfile("Nháp", Profile(EMPTY, mode=Mode.GRAY, below_floor="bản nháp"))


def prepared(stage: Stage, *more: NamedProfile) -> None:
    """Keep more profiles beside the one that the stage scans with."""
    stage.prepare(server=False)
    with App(stage.home, "test") as app:
        for one in more:
            app.profiles.put(one)


def kept(stage: Stage) -> dict[str, Profile]:
    """What is kept; for when the window is closed."""
    with App(stage.home, "test") as app:
        return {one.name: one.profile for one in app.profiles.all()}


def in_settings(clerk: Clerk) -> ProfileSection:
    """Go to *Mẫu quét* by the keyboard, once what is kept has been read."""
    profiles = clerk.office.profiles
    clerk.until(lambda: profiles.current.profile.device != "")
    clerk.window.go_to(Place.SETTINGS)
    clerk.press(Qt.Key.Key_F8)
    section = clerk.window.settings.profiles
    assert clerk.window.focusWidget() is section.which
    return section


def tab_to(clerk: Clerk, wanted: QWidget) -> None:
    """Press Tab until the field is reached."""
    for _ in range(80):
        if clerk.window.focusWidget() is wanted:
            return
        clerk.press(Qt.Key.Key_Tab)
    pytest.fail("the keyboard does not lead there")


def write(clerk: Clerk, field: QLineEdit, text: str) -> None:
    """Write into a field in place of what is there."""
    tab_to(clerk, field)
    field.selectAll()
    field.insert(text)  # QTest types ASCII alone


def test_the_bar_offers_all_and_remembers_what_is_chosen(stage: Stage, at_window: AtWindow) -> None:
    prepared(stage, SMALL, DRAFT)
    with at_window(stage) as clerk:
        clerk.beep(CODE)
        clerk.until(lambda: clerk.window.counter.finder.isVisible())
        clerk.office.make(CODE)
        clerk.until(lambda: clerk.name == CODE)
        button = clerk.window.counter.bar.profile
        assert button.text() == OFFICE.name
        clerk.press(Qt.Key.Key_F8)
        menu = button.menu_of_profiles
        clerk.until(menu.isVisible)
        shown = [(action.text(), action.isChecked()) for action in menu.actions()]
        assert shown == [
            (OFFICE.name, True),
            (SMALL.name, False),
            (DRAFT.name, False),
            ("", False),
            ("Sửa mẫu quét…", False),
        ]
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        assert button.text() == SMALL.name
        assert not menu.isVisible()
        assert "khay, một mặt" in button.toolTip()
        assert SMALL.name in button.accessibleName()
        clerk.scan()
    with App(stage.home, "test") as app:
        assert app.profiles.last(getpass.getuser()) == SMALL
        (row,) = app.store.rows("SELECT profile FROM batch")
    wish = json.loads(row["profile"])
    assert (wish["source"], wish["dpi"]) == ("adf", 300)
    assert wish["size"] == {"width": 148.0, "height": 210.0}
    with at_window(stage) as clerk:
        clerk.until(lambda: clerk.office.profiles.current == SMALL)


def test_the_menu_leads_to_the_settings(stage: Stage, at_window: AtWindow) -> None:
    prepared(stage)
    with at_window(stage) as clerk:
        clerk.press(Qt.Key.Key_F8)
        menu = clerk.window.counter.bar.profile.menu_of_profiles
        clerk.until(menu.isVisible)
        QTest.keyClick(menu, Qt.Key.Key_Up)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        assert clerk.window.place is Place.SETTINGS
        assert clerk.window.focusWidget() is clerk.window.settings.profiles.which


def test_another_choice_leaves_a_running_scan_alone(stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    with App(stage.home, "test") as app:
        app.profiles.put(DRAFT)
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.press(Qt.Key.Key_F5)
        clerk.office.profiles.use(DRAFT.name)
        clerk.until(lambda: clerk.window.scanning.target is None)
        clerk.until(lambda: clerk.pages("TP01") == 3)
        clerk.scan()
        clerk.until(lambda: "Khay giấy trống" in clerk.said)


def test_a_profile_is_made_and_changed_by_the_keyboard(stage: Stage, at_window: AtWindow) -> None:
    prepared(stage)
    with at_window(stage) as clerk:
        section = in_settings(clerk)
        fields = section.fields
        assert not section.remove.isEnabled()
        assert section.remove.toolTip()
        tab_to(clerk, section.add)
        clerk.press(Qt.Key.Key_Return)
        assert clerk.window.focusWidget() is fields.name
        assert section.unsaved
        write(clerk, fields.name, OFFICE.name)
        clerk.press(Qt.Key.Key_Return)
        assert fields.name_said.isVisible()
        assert "Đã có mẫu quét tên này" in fields.name_said.text()
        write(clerk, fields.name, "A5 mặt kính")
        tab_to(clerk, fields.source)
        clerk.press(Qt.Key.Key_Down)
        assert not fields.both_sides.isVisible()
        tab_to(clerk, fields.dpi)
        clerk.press(Qt.Key.Key_End)
        clerk.press(Qt.Key.Key_Up)
        tab_to(clerk, fields.size_of_paper)
        clerk.press(Qt.Key.Key_Down)
        clerk.press(Qt.Key.Key_Down)
        tab_to(clerk, fields.double_feed)
        clerk.press(Qt.Key.Key_Space)
        tab_to(clerk, fields.wait)
        clerk.press(Qt.Key.Key_Space)
        tab_to(clerk, section.save)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: section.said.text().startswith("✓"))
        assert not section.unsaved
        assert clerk.window.counter.bar.profile.text() == "A5 mặt kính"
        write(clerk, fields.name, "Kính A5")
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: section.which.currentText() == "Kính A5")
        assert section.which.count() == 2
    made = kept(stage)["Kính A5"]
    assert made == Profile(
        GOOD,
        Source.FLATBED,
        400,
        size=Size(148.0, 210.0),
        double_feed=False,
        wait=True,
        both_sides=True,
    )


def test_less_than_the_rule_is_not_kept_without_a_reason(stage: Stage, at_window: AtWindow) -> None:
    prepared(stage, SMALL)
    with at_window(stage) as clerk:
        clerk.until(lambda: len(clerk.office.profiles.all) == 2)
        clerk.office.profiles.use(SMALL.name)
        section = in_settings(clerk)
        fields = section.fields
        assert not fields.reason.isVisible()
        tab_to(clerk, fields.mode)
        clerk.press(Qt.Key.Key_Down)
        assert fields.reason.isVisible()
        assert "30/2020" in fields.rule.text()
        tab_to(clerk, section.save)
        clerk.press(Qt.Key.Key_Return)
        assert fields.reason_said.isVisible()
        assert clerk.window.focusWidget() is fields.reason
        assert clerk.office.profiles.current == SMALL
        fields.reason.insert("  sổ cũ  ")
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: section.said.text().startswith("✓"))
        assert not fields.reason_said.isVisible()
        assert "dưới mức quy định" in clerk.window.counter.bar.profile.toolTip()
    assert kept(stage)[SMALL.name].below_floor == "sổ cũ"
    assert kept(stage)[SMALL.name].mode is Mode.GRAY


def test_what_is_not_saved_is_not_lost_by_choosing_another(
    stage: Stage, at_window: AtWindow
) -> None:
    prepared(stage, SMALL)
    with at_window(stage) as clerk:
        section = in_settings(clerk)
        clerk.until(lambda: section.which.count() == 2)
        write(clerk, section.fields.name, "Tên khác")
        section.which.setFocus()
        clerk.press(Qt.Key.Key_Down)
        assert section.which.currentText() == OFFICE.name
        assert "chưa lưu" in section.said.text()
        assert clerk.window.focusWidget() is section.save
        clerk.office.profiles.use(SMALL.name)
        assert section.fields.name.text() == "Tên khác"
        tab_to(clerk, section.drop)
        clerk.press(Qt.Key.Key_Return)
        assert section.fields.name.text() == SMALL.name
        assert not section.drop.isVisible()


def test_what_was_removed_can_be_had_back(stage: Stage, at_window: AtWindow) -> None:
    prepared(stage, SMALL)
    with at_window(stage) as clerk:
        section = in_settings(clerk)
        clerk.until(lambda: section.which.count() == 2)
        clerk.press(Qt.Key.Key_Down)
        clerk.until(lambda: section.fields.name.text() == SMALL.name)
        tab_to(clerk, section.remove)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(section.restore.isVisible)
        assert "Đã xóa" in section.said.text()
        assert clerk.office.profiles.names == (OFFICE.name,)
        assert clerk.window.counter.bar.profile.text() == OFFICE.name
        tab_to(clerk, section.restore)
        clerk.press(Qt.Key.Key_Return)
        clerk.until(lambda: clerk.office.profiles.current == SMALL)
    assert kept(stage)[SMALL.name] == SMALL.profile


def test_profiles_go_into_a_file_and_come_out_of_it(
    stage: Stage, at_window: AtWindow, tmp_path: Path
) -> None:
    prepared(stage, SMALL, DRAFT)
    file = tmp_path / "mau.toml"
    with at_window(stage) as clerk:
        section = in_settings(clerk)
        for name in ("mau.toml", "mau-2.toml"):
            tab_to(clerk, section.hand_out)
            clerk.press(Qt.Key.Key_Return)
            choose_file(clerk, section, file)
            clerk.until(lambda name=name: name in section.file_said.text())  # type: ignore[misc]
        assert (tmp_path / "mau-2.toml").read_text() == file.read_text()
        clerk.office.profiles.remove(DRAFT.name, lambda _error: None)
        clerk.until(lambda: len(clerk.office.profiles.all) == 2)
        tab_to(clerk, section.take)
        clerk.press(Qt.Key.Key_Return)
        choose_file(clerk, section, file)
        clerk.until(lambda: "Đã nhập 3" in section.file_said.text())
        clerk.until(lambda: section.which.count() == 3)
    assert kept(stage)[DRAFT.name] == DRAFT.profile


def choose_file(clerk: Clerk, section: ProfileSection, file: Path) -> None:
    """Type a name into the window that asks for a file."""
    dialog = section.dialog
    assert dialog is not None
    assert not dialog.isModal()
    clerk.until(dialog.isVisible)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert field is not None
    field.setText(str(file))
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert section.dialog is None


def test_files_that_are_no_good_are_said_in_words(
    stage: Stage, at_window: AtWindow, tmp_path: Path
) -> None:
    prepared(stage)
    bad, below = tmp_path / "bad.toml", tmp_path / "below.toml"
    bad.write_bytes(b"\xff\xfe")
    below.write_text("[[profile]]\nname = 'a'\ndpi = 100\n")
    with at_window(stage) as clerk:
        section = in_settings(clerk)
        said: list[object] = []
        for file in (bad, below, tmp_path / "none.toml"):
            clerk.office.profiles.take(file, said.append)
        clerk.office.profiles.hand_out(tmp_path / "no" / "x.toml", said.append)
        clerk.until(lambda: len(said) == 4)
        kinds = [type(one) for one in said]
        assert kinds == [ProfileFileBad, BelowFloor, FileMissing, OutputUnwritable]
        section._take(str(bad))
        clerk.until(lambda: ProfileFileBad.title in section.file_said.text())
    assert list(kept(stage)) == [OFFICE.name]


def test_words_for_wishes() -> None:
    wish = Profile("", both_sides=True, size=Size(100.0, 150.5), wait=True, dpi=150)
    assert profile_words.summary(wish) == (
        "Màu · 150 dpi · 100 × 150,5 mm · tự chọn khay, cả hai mặt · chờ giấy · dưới mức quy định"
    )
    can = Capabilities(Device("x", "sane", "X"), (Source.FLATBED,), (300,), (Mode.COLOR,))
    feeder = Profile("x", Source.ADF_DUPLEX, mode=Mode.GRAY)
    assert profile_words.lacking(feeder, can) == "Máy này không có khay, hai mặt và chế độ xám."
    assert profile_words.lacking(Profile("x"), can) == ""
    assert profile_words.removed("a" * 100).endswith("…”.")
