"""Watched folders in the window: added, watched again after a start, asked about."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, Stage, draw_stack
from ui import folder_words
from ui.places import Place
from ui.screens.folders import FolderSection
from ui.wording import Act

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


@pytest.fixture
def hot(tmp_path: Path) -> Path:
    """A folder that a copier fills."""
    folder = tmp_path / "may-photo"
    folder.mkdir()
    return folder


@pytest.fixture
def sheets(tmp_path: Path) -> list[Path]:
    """Three pages that the copier delivers."""
    return sorted(draw_stack(tmp_path / "sheets", 3).iterdir())


def section(clerk: Clerk) -> FolderSection:
    return clerk.window.settings.folders


def drop(sheet: Path, hot: Path, name: str) -> None:
    (hot / name).write_bytes(sheet.read_bytes())


def add(clerk: Clerk, folder: Path) -> None:
    clerk.window.go_to(Place.SETTINGS)
    section(clerk).folder.setText(str(folder))
    section(clerk).folder.setFocus()
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: section(clerk).said.text()[:1] in "✓✗")


def shown(clerk: Clerk) -> tuple[str, ...]:
    folders = clerk.window.folders
    return tuple(line.title for line in folder_words.waiting(folders.kept)) if folders else ()


def test_what_a_program_delivers_shows_up_in_the_open_paper_also_after_a_restart(
    stage: Stage, at_window: AtWindow, hot: Path, sheets: list[Path]
) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.open(CODE)
        section(clerk).into.setCurrentText("Hoàng Thị Bích Ngọc · Giấy chứng sinh")
        add(clerk, hot)
        assert section(clerk).said.text() == "✓ Đang theo dõi thêm 1 thư mục."
        clerk.window.go_to(Place.COUNTER)
        drop(sheets[0], hot, "scan1.jpg")
        clerk.until(lambda: clerk.pages("TP02") == 1)
        assert clerk.counted == "Đã lưu 1 trang"
        clerk.until(lambda: (hot / "done" / "scan1.jpg").is_file())
    with at_window(stage) as clerk:
        drop(sheets[1], hot, "scan2.jpg")
        clerk.open(CODE)
        clerk.until(lambda: clerk.pages("TP02") == 2)
        folders = clerk.window.folders
        assert folders is not None
        (line,) = folder_words.folders(folders.kept)
        assert (line.title, line.words) == (
            hot.name,
            f"Trang vào Hoàng Thị Bích Ngọc · Giấy chứng sinh. Nằm trong {hot.parent}",
        )
        section(clerk).watched.button(str(hot), folder_words.LEAVE).click()
        clerk.until(lambda: not folders.kept.folders)
        assert section(clerk).watched.isHidden()


def test_what_belongs_to_no_dossier_yet_waits_in_the_list(
    stage: Stage, at_window: AtWindow, hot: Path, sheets: list[Path]
) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        add(clerk, hot)
        drop(sheets[0], hot, "scan1.jpg")
        clerk.until(lambda: (hot / "done" / "scan1.jpg").is_file())
        clerk.window.go_to(Place.COUNTER)
        heads = clerk.office.app.dossiers.heads()
        (unsorted,) = [one.id for one in heads if one.holder == "Chưa phân loại"]
        clerk.office.open(unsorted)
        clerk.until(lambda: clerk.pages("TP99") == 1)


def test_a_file_that_was_taken_before_is_asked_about_once_and_answered_in_its_line(
    stage: Stage, at_window: AtWindow, hot: Path, sheets: list[Path]
) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.open(CODE)
        section(clerk).into.setCurrentText("Hoàng Thị Bích Ngọc · Giấy chứng sinh")
        add(clerk, hot)
        clerk.window.go_to(Place.COUNTER)
        drop(sheets[0], hot, "scan1.jpg")
        clerk.until(lambda: clerk.pages("TP02") == 1)
        for name in ("a.jpg", "b.jpg", "c.jpg"):
            drop(sheets[0], hot, name)
        clerk.until(lambda: clerk.said.startswith("3 tệp đã lấy trước đây"))
        banner = clerk.window.counter.banner
        assert banner.notice is not None
        assert banner.notice.act is Act.LOOK
        clerk.open("000.00.20.H02-261122-0001")
        assert clerk.said.startswith("3 tệp"), "it is not about the dossier that was left"
        banner.button.click()
        assert clerk.window.place is Place.SETTINGS
        assert shown(clerk) == ("3 tệp đã lấy trước đây", "a.jpg", "b.jpg", "c.jpg")
        waiting = section(clerk).waiting
        folders = clerk.window.folders
        assert folders is not None
        first = folder_words.key_of(folders.kept.questions[0])
        waiting.button(first, folder_words.AGAIN).click()
        clerk.until(lambda: shown(clerk) == ("2 tệp đã lấy trước đây", "b.jpg", "c.jpg"))
        waiting.button(folder_words.ALL, folder_words.SKIP_ALL).click()
        clerk.until(lambda: shown(clerk) == ())
        assert waiting.isHidden()
        clerk.open(CODE)
        clerk.until(lambda: clerk.pages("TP02") == 2)
        assert clerk.said == "", "nothing waits any more"
        clerk.until(lambda: len(list((hot / "done").iterdir())) == 4)


def test_a_folder_that_is_not_there_is_not_watched_and_one_that_goes_away_is_told(
    stage: Stage, at_window: AtWindow, hot: Path
) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        add(clerk, hot / "nowhere")
        assert section(clerk).said.text().startswith("✗ Không mở được thư mục")
        assert section(clerk).watched.isHidden()
        add(clerk, Path("relative"))
        assert section(clerk).said.text().startswith("✗ Chọn thư mục")
        add(clerk, hot)
        hot.rmdir()
        clerk.until(lambda: clerk.said.startswith("Không mở được thư mục theo dõi"))
        assert shown(clerk) == ("may-photo",)
        hot.mkdir()
        clerk.until(lambda: shown(clerk) == ())
        assert clerk.said == ""


def test_rules_that_say_more_come_from_a_file(
    stage: Stage, at_window: AtWindow, hot: Path, tmp_path: Path, sheets: list[Path]
) -> None:
    stage.prepare()
    rules = tmp_path / "quy-tac.toml"
    rules.write_text('[[folder]]\npath = "may-photo"\ngather = "file"\n', encoding="utf-8")
    with at_window(stage) as clerk:
        clerk.window.go_to(Place.SETTINGS)
        section(clerk).take.click()
        dialog = section(clerk).dialog
        assert dialog is not None
        assert not dialog.isModal()
        clerk.until(dialog.isVisible)
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert field is not None
        field.setText(str(rules))
        QTest.keyClick(field, Qt.Key.Key_Return)
        clerk.until(lambda: section(clerk).said.text() == "✓ Đang theo dõi thêm 1 thư mục.")
        folders = clerk.window.folders
        assert folders is not None
        clerk.until(lambda: len(folder_words.folders(folders.kept)) == 1)
        (line,) = folder_words.folders(folders.kept)
        goal = "Trang vào Chưa phân loại · Giấy tờ khác, mỗi tệp là một giấy tờ."
        assert line.words.startswith(goal)
