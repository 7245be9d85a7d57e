"""Screenshots of the running window: ``make screenshots``, or ``python -m tests.ui.shots DIR``.

The same window, scanners and procedure system as in the tests, with invented people and papers
that look real. Every screen in every state is taken light and dark, at 1366×768 and 1920×1080;
``--docs`` takes only the pictures that the README and the guide show, made small, in one size.
Each run has a display of its own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pyvirtualdisplay.display import Display

from digitizer.profiles import NamedProfile
from digitizer.scanning import Profile, Size, Source
from digitizer.storage import changes
from tests.ui.camera import Camera, choose, dress, idle, pages, press, rest, scan, wait
from tests.ui.papers import Papers, render
from tests.ui.stage import CODE, EMPTY, GOOD, HOLDER, JAMMED, Stage, set_up
from ui.folder_words import LEAVE
from ui.places import Place
from ui.theme import Theme
from ui.window import Window

_SECONDS_A_PAGE = 1.5
SIZES, COLOURS = ("1366x768", "1920x1080"), ("light", "dark")
LONG_DOSSIER = "000.00.20.H02-261122-0002"
DOCUMENTED = (
    "window", "02-find", "04-missing", "05-scanning", "06-pages", "09-jam", "12-settings",
    "21-folders",
)  # fmt: skip
"""What README.md and docs/huong-dan.md show."""


class Day:
    """A day at the desk, with everything that can be seen in it."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera

    def run(self, folder: Path) -> None:
        """Take every picture."""
        if self._camera.thorough:
            with set_up(folder / "empty", pages=1) as stage:
                stage.prepare(server=False)
                with self._camera.window(stage) as window:
                    self._camera.take(window, "01-empty")
        papers = render(folder / "papers", CODE, HOLDER)
        with set_up(folder / "desk", pages=1, seconds_a_page=_SECONDS_A_PAGE) as stage:
            stage.prepare(dpi=300)
            with self._camera.window(stage) as window:
                self._clerks_day(window, stage, papers)
                if self._camera.thorough:
                    self._rarer(window, stage, papers)

    def _clerks_day(self, window: Window, stage: Stage, papers: Papers) -> None:
        office = window.office
        assert office is not None
        self._camera.take(window, "02-find")
        QTest.keyClicks(window.counter.finder.field, "bich ngoc")
        self._camera.take(window, "03-search")
        press(window, Qt.Key.Key_Return)
        wait(lambda: office.desk is not None)
        self._camera.take(window, "04-missing")
        scan(window, stage, papers.form)
        press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait(lambda: office.desk is None)
        self._camera.take(window, "15-finished")
        wait(lambda: idle(window))
        office.open_code(CODE)
        wait(lambda: office.desk is not None)
        office.reopen()
        rest(400)
        press(window, Qt.Key.Key_2)
        scan(window, stage, papers.birth)
        wait(lambda: idle(window))
        press(window, Qt.Key.Key_3)
        stage.load(papers.identity)
        press(window, Qt.Key.Key_F5)
        wait(lambda: pages(window, "TP03") >= 3)
        rest(600)
        self._camera.take(window, "05-scanning")
        wait(lambda: window.scanning.target is None)
        press(window, Qt.Key.Key_2)
        rest(600)
        self._camera.take(window, "window")
        wait(lambda: idle(window))
        press(window, Qt.Key.Key_3)
        press(window, Qt.Key.Key_Home)
        rest(600)
        self._camera.take(window, "06-pages")
        office.open_code(LONG_DOSSIER)
        wait(lambda: office.desk is not None)
        choose(window, JAMMED)
        stage.load(papers.document)
        press(window, Qt.Key.Key_F5)
        wait(lambda: window.counter.banner.notice is not None)
        rest(1200)
        self._camera.take(window, "09-jam")
        form = window.settings
        choose(window, GOOD)
        window.go_to(Place.SETTINGS)
        form.profiles.look_for_scanners()
        wait(lambda: form.profiles.fields.look.isEnabled())
        form.server.url.setText("https://motcua.tanlap.example/o/rest/v2")
        self._camera.take(window, "12-settings")
        with tempfile.TemporaryDirectory() as place:
            self._folders(window, Path(place) / "may-photo", papers)

    def _folders(self, window: Window, hot: Path, papers: Papers) -> None:
        office, folders, form = window.office, window.folders, window.settings.folders
        assert office is not None
        assert folders is not None
        office.open_code(CODE)
        wait(lambda: office.desk is not None)
        hot.mkdir()
        form.into.setCurrentText(f"{HOLDER} · Giấy khai sinh")
        form.folder.setText(str(hot))
        form.add.click()
        wait(lambda: bool(folders.kept.folders))
        shutil.copyfile(papers.birth[0], hot / "20261122-0941.jpg")
        wait(lambda: not list(hot.glob("*.jpg")))
        shutil.copyfile(papers.birth[0], hot / "20261122-0955.jpg")
        (hot / "20261122-1002.pdf").touch()
        wait(lambda: bool(folders.kept.questions and folders.kept.waiting))
        window.settings.show_folders()
        self._camera.take(window, "21-folders")
        form.watched.button(str(hot), LEAVE).click()
        wait(lambda: not folders.kept.folders)

    def _rarer(self, window: Window, stage: Stage, papers: Papers) -> None:
        office = window.office
        assert office is not None
        fields = window.settings.profiles.fields
        fields.mode.setFocus()
        press(window, Qt.Key.Key_Down)
        fields.name.setFocus()
        press(window, Qt.Key.Key_Return)
        self._camera.take(window, "19-below-floor")
        window.settings.profiles.drop.click()
        window.go_to(Place.COUNTER)
        office.open_code(CODE)
        wait(lambda: office.desk is not None)
        press(window, Qt.Key.Key_3)
        dress(window, self._camera.colours, 14)
        wait(lambda: idle(window))
        self._camera.take(window, "14-large-text")
        dress(window, self._camera.colours)
        press(window, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
        self._camera.take(window, "07-shortcuts")
        press(window, Qt.Key.Key_Escape)
        press(window, Qt.Key.Key_Space)
        rest(400)
        self._camera.take(window, "08-large")
        press(window, Qt.Key.Key_Space)
        self._profiles(window)
        choose(window, EMPTY)
        press(window, Qt.Key.Key_F5)
        wait(lambda: window.scanning.target is None)
        self._camera.take(window, "11-feeder-empty")
        office.open_code(LONG_DOSSIER)
        wait(lambda: office.desk is not None)
        choose(window, "")
        press(window, Qt.Key.Key_2)
        stage.load(papers.identity[3:] + papers.birth)
        press(window, Qt.Key.Key_F5)
        self._camera.take(window, "16-searching")
        wait(lambda: window.counter.banner.notice is not None)
        wait(lambda: idle(window) and window.scanning.target is None)
        self._camera.take(window, "18-moved")
        self._long_names(window)

    def _profiles(self, window: Window) -> None:
        app, office = window.app, window.office
        assert app is not None
        assert office is not None
        for name, profile in (
            ("Căn cước, mặt kính A5", Profile("", Source.FLATBED, size=Size(148.0, 210.0))),
            (
                "Hồ sơ đất đai khổ A3 ở máy quét phòng Kinh tế – Hạ tầng – Đô thị xã Tân Lập",
                Profile("", Source.ADF, size=Size(297.0, 420.0)),
            ),
        ):
            app.profiles.put(NamedProfile(name, profile))
        office.profiles.read()
        wait(lambda: len(office.profiles.all) == 3)
        press(window, Qt.Key.Key_F8)
        menu = window.counter.bar.profile.menu_of_profiles
        self._camera.take(menu, "20-profiles")
        menu.close()
        for name in office.profiles.names[1:]:
            app.profiles.remove(name)
        office.profiles.read()
        wait(lambda: len(office.profiles.all) == 1)

    def _long_names(self, window: Window) -> None:
        app, office = window.app, window.office
        assert app is not None
        assert office is not None
        made = app.dossiers.open_new(
            code="000.00.20.H02-261122-0099", holder="Nguyễn Phước Quý Khánh Hưng Hoàng Phương Uyên"
        )
        with app.store.transaction() as tx:
            tx.execute(
                "UPDATE dossier SET procedure_name = ? WHERE id = ?",
                (
                    "Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội hàng tháng, hỗ trợ kinh phí "
                    "chăm sóc, nuôi dưỡng hàng tháng cho đối tượng bảo trợ xã hội",
                    made.id,
                ),
            )
            for number in range(1, 12):
                changes.add_paper(
                    tx,
                    made.id,
                    f"TP{number:02d}",
                    "Giấy xác nhận mức độ khuyết tật của Hội đồng xác định mức độ khuyết tật xã, "
                    "phường, thị trấn hoặc bệnh án"
                    if number % 2
                    else "Căn cước công dân",
                    required=number < 6,
                )
        office.open(made.id)
        wait(lambda: office.desk is not None)
        self._camera.take(window, "17-long-names")


def photograph(out: Path, size: str, colours: str, only: tuple[str, ...] | None) -> None:
    """Take the pictures of one size and one palette into ``out``; once in a process."""
    width, height = (int(side) for side in size.split("x"))
    out.mkdir(parents=True, exist_ok=True)
    os.environ["TZ"] = "Asia/Ho_Chi_Minh"
    time.tzset()
    with Display(visible=False, size=(width, height), color_depth=24):
        program = QApplication(sys.argv[:1])
        program.setStyle("Fusion")
        theme = Theme()
        theme.dress(colours=colours)
        with tempfile.TemporaryDirectory() as folder:
            Day(Camera(out, theme, (width, height), colours, only)).run(Path(folder))


def main() -> None:
    """Take the pictures into the folder named on the command line."""
    parser = argparse.ArgumentParser(description="Take pictures of the window.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--docs", action="store_true", help="those of the documents, made small")
    parser.add_argument("--size", choices=SIZES)
    parser.add_argument("--colours", choices=COLOURS)
    wanted = parser.parse_args()
    out = wanted.out.absolute()
    if wanted.docs:
        photograph(out, SIZES[0], wanted.colours or "light", DOCUMENTED)
    elif wanted.size and wanted.colours:
        photograph(out / f"{wanted.size}-{wanted.colours}", wanted.size, wanted.colours, None)
    else:
        for size in (wanted.size,) if wanted.size else SIZES:
            for colours in (wanted.colours,) if wanted.colours else COLOURS:
                one = ["--size", size, "--colours", colours]
                subprocess.run([sys.executable, "-m", "tests.ui.shots", str(out), *one], check=True)


if __name__ == "__main__":
    main()
