"""Screenshots of the running window: ``python -m tests.ui.shots DIR [--docs]``.

The same window, scanners and procedure system as in the tests, with invented people and papers
that look real. ``--docs`` keeps only the pictures that the README and the guide show, made small.
Needs a display of 1366×768 or larger: ``xvfb-run -s "-screen 0 1366x768x24" …``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from digitizer.profiles import NamedProfile
from digitizer.scanning import Profile, Size, Source
from digitizer.storage import changes
from drivers.host import all_devices, scanner_for
from tests.ui.papers import Papers, render
from tests.ui.stage import CODE, EMPTY, GOOD, HOLDER, JAMMED, Stage, set_up
from ui.__main__ import watch
from ui.folder_words import LEAVE
from ui.places import Place
from ui.scanning import Scanners
from ui.theme import Theme
from ui.tokens import Tokens
from ui.window import Window, opens

_PATIENCE_SECONDS = 180.0
_SECONDS_A_PAGE = 1.5
_COLOURS = 110
LONG_DOSSIER = "000.00.20.H02-261122-0002"
DOCUMENTED = (
    "window", "02-find", "04-missing", "05-scanning", "06-pages", "09-jam", "12-settings",
    "21-folders",
)  # fmt: skip
"""What README.md and docs/huong-dan.md show."""


def wait(ready: Callable[[], bool]) -> None:
    """Let the window run until ``ready``."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while not ready():
        if time.monotonic() > until:
            raise TimeoutError("the window did not get there")
        loop = QEventLoop()
        QTimer.singleShot(20, loop.quit)
        loop.exec()


def rest(milliseconds: int) -> None:
    """Let the window run for a while."""
    until = time.monotonic() + milliseconds / 1000
    wait(lambda: time.monotonic() > until)


def make_small(file: Path, tokens: Tokens) -> None:
    """Save a picture with few colours: the theme's, the many of the paper, the rare of a seal."""
    with Image.open(file) as opened:
        picture = opened.convert("RGB")
    named = [ImageColor.getrgb(colour) for colour in dict.fromkeys(asdict(tokens).values())]
    palette = np.concatenate(
        [np.array(named, np.int32)]
        + [
            np.array(picture.quantize(_COLOURS, method).getpalette(), np.int32).reshape(-1, 3)
            for method in (Image.Quantize.MEDIANCUT, Image.Quantize.MAXCOVERAGE)
        ]
    )
    pixels = np.asarray(picture).reshape(-1, 3)
    there, which = np.unique(pixels, axis=0, return_inverse=True)
    nearest = [int(((palette - one) ** 2).sum(axis=1).argmin()) for one in there.astype(np.int32)]
    indexed = np.array(nearest, np.uint8)[which].reshape(picture.height, picture.width)
    small = Image.fromarray(indexed, "P")
    small.putpalette(palette.astype(np.uint8).tobytes())
    small.save(file, optimize=True)


class Photographer:
    """Works at the window and takes pictures."""

    def __init__(
        self, out: Path, theme: Theme, only: tuple[str, ...] | None, size: tuple[int, int]
    ) -> None:
        """``only``: the pictures to keep, made small; None: all, as they are."""
        self._out = out
        self._theme = theme
        self._only = only
        self._size = size

    @contextmanager
    def window(self, stage: Stage) -> Iterator[Window]:
        """Open the window on the stage's home."""
        window = Window(opens(stage.home), Scanners(scanner_for, all_devices, watch), self._theme)
        window.resize(*self._size)
        window.show()
        opened = []
        window.ready.connect(lambda: opened.append(True))
        window.begin()
        wait(lambda: bool(opened))
        rest(300)
        try:
            yield window
        finally:
            window.close()
            window.shut()

    def take(self, window: QWidget, name: str) -> None:
        """Save what is seen now."""
        if self._only is not None and name not in self._only:
            return
        rest(250)
        file = self._out / f"{name}.png"
        window.grab().save(str(file))
        if self._only is not None:
            make_small(file, self._theme.tokens)

    def run(self, folder: Path) -> None:
        """Take every picture."""
        if self._only is None:
            with set_up(folder / "empty", pages=1) as stage:
                stage.prepare(server=False)
                with self.window(stage) as window:
                    self.take(window, "01-empty")
        papers = render(folder / "papers", CODE, HOLDER)
        with set_up(folder / "desk", pages=1, seconds_a_page=_SECONDS_A_PAGE) as stage:
            stage.prepare(dpi=300)
            with self.window(stage) as window:
                self._clerks_day(window, stage, papers)
                if self._only is None:
                    self._rarer(window, stage, papers)

    def _clerks_day(self, window: Window, stage: Stage, papers: Papers) -> None:
        office = window.office
        assert office is not None
        self.take(window, "02-find")
        QTest.keyClicks(window.counter.finder.field, "bich ngoc")
        self.take(window, "03-search")
        press(window, Qt.Key.Key_Return)
        wait(lambda: office.desk is not None)
        self.take(window, "04-missing")
        scan(window, stage, papers.form)
        press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait(lambda: office.desk is None)
        self.take(window, "15-finished")
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
        self.take(window, "05-scanning")
        wait(lambda: window.scanning.target is None)
        press(window, Qt.Key.Key_2)
        rest(600)
        self.take(window, "window")
        wait(lambda: idle(window))
        press(window, Qt.Key.Key_3)
        press(window, Qt.Key.Key_Home)
        rest(600)
        self.take(window, "06-pages")
        office.open_code(LONG_DOSSIER)
        wait(lambda: office.desk is not None)
        choose(window, JAMMED)
        stage.load(papers.document)
        press(window, Qt.Key.Key_F5)
        wait(lambda: window.counter.banner.notice is not None)
        rest(1200)
        self.take(window, "09-jam")
        form = window.settings
        choose(window, GOOD)
        window.go_to(Place.SETTINGS)
        form.profiles.look_for_scanners()
        wait(lambda: form.profiles.fields.look.isEnabled())
        form.server.url.setText("https://motcua.tanlap.example/o/rest/v2")
        self.take(window, "12-settings")
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
        self.take(window, "21-folders")
        form.watched.button(str(hot), LEAVE).click()
        wait(lambda: not folders.kept.folders)

    def _rarer(self, window: Window, stage: Stage, papers: Papers) -> None:
        office = window.office
        assert office is not None
        dress(window, "dark")
        self.take(window, "13-settings-dark")
        fields = window.settings.profiles.fields
        fields.mode.setFocus()
        press(window, Qt.Key.Key_Down)
        fields.name.setFocus()
        press(window, Qt.Key.Key_Return)
        self.take(window, "19-below-floor-dark")
        window.settings.profiles.drop.click()
        window.go_to(Place.COUNTER)
        self.take(window, "10-dark")
        office.open_code(CODE)
        wait(lambda: office.desk is not None)
        press(window, Qt.Key.Key_3)
        rest(600)
        self.take(window, "06-pages-dark")
        dress(window, "light", 14)
        wait(lambda: idle(window))
        self.take(window, "14-large-text")
        dress(window, "auto")
        press(window, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
        self.take(window, "07-shortcuts")
        press(window, Qt.Key.Key_Escape)
        press(window, Qt.Key.Key_Space)
        rest(400)
        self.take(window, "08-large")
        press(window, Qt.Key.Key_Space)
        self._profiles(window)
        choose(window, EMPTY)
        press(window, Qt.Key.Key_F5)
        wait(lambda: window.scanning.target is None)
        self.take(window, "11-feeder-empty")
        office.open_code(LONG_DOSSIER)
        wait(lambda: office.desk is not None)
        choose(window, "")
        press(window, Qt.Key.Key_2)
        stage.load(papers.identity[3:] + papers.birth)
        press(window, Qt.Key.Key_F5)
        self.take(window, "16-searching")
        wait(lambda: window.counter.banner.notice is not None)
        wait(lambda: idle(window) and window.scanning.target is None)
        self.take(window, "18-moved")
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
        self.take(menu, "20-profiles")
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
        self.take(window, "17-long-names")


def scan(window: Window, stage: Stage, files: tuple[Path, ...]) -> None:
    """Put pages into the feeder, press F5 and wait for the end."""
    stage.load(files)
    press(window, Qt.Key.Key_F5)
    wait(lambda: window.scanning.target is not None)
    wait(lambda: window.scanning.target is None)


def choose(window: Window, device: str) -> None:
    """Choose a scanner."""
    assert window.office is not None
    profiles = window.office.profiles
    current = profiles.current
    profiles.keep(
        replace(current, profile=replace(current.profile, device=device)),
        current.name,
        lambda _error: None,
    )
    wait(lambda: profiles.current.profile.device == device)


def dress(window: Window, colours: str, text: int = 11) -> None:
    """Choose how the window looks."""
    assert window.office is not None
    wishes = window.office.settings.wishes
    window.office.keep_wishes(replace(wishes, colours=colours, text=text))
    rest(300)


def press(
    window: Window,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Press a key as the desktop would deliver it."""
    QTest.keyClick(window.windowHandle(), key, modifiers)
    rest(150)


def pages(window: Window, part: str) -> int:
    """How many pages a paper of the open dossier has."""
    desk = window.office.desk if window.office else None
    paper = desk.dossier.paper(part) if desk else None
    return len(paper.live_pages) if paper else 0


def idle(window: Window) -> bool:
    """Whether no work is left that could be done now."""
    app = window.app
    if app is None:
        return True
    return not app.store.rows(
        "SELECT 1 FROM work JOIN dossier ON dossier.id = work.dossier_id "
        "WHERE kind <> 'upload' OR dossier.finished_at IS NOT NULL"
    )


def main() -> None:
    """Take the pictures into the folder named on the command line."""
    parser = argparse.ArgumentParser(description="Take pictures of the window.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--docs", action="store_true", help="those of the documents, made small")
    parser.add_argument("--size", default="1366x768")
    wanted = parser.parse_args()
    width, _, height = wanted.size.partition("x")
    out = wanted.out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    os.environ["TZ"] = "Asia/Ho_Chi_Minh"
    time.tzset()
    program = QApplication(sys.argv[:1])
    program.setStyle("Fusion")
    theme = Theme()
    theme.dress(colours="light")
    only = DOCUMENTED if wanted.docs else None
    with tempfile.TemporaryDirectory() as folder:
        Photographer(out, theme, only, (int(width), int(height))).run(Path(folder))


if __name__ == "__main__":
    main()
