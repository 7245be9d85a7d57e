"""Screenshots of the running window: ``make screenshots``, or ``python -m tests.ui.shots DIR``.

The same window, scanners and procedure system as in the tests, with invented people and papers
that look real. Every screen in every state is taken light and dark, at 1366×768 and 1920×1080;
``--docs`` takes only the pictures that the README and the guide show, made small, in one size;
``--only 3 41`` those whose names begin so. Each run has a display of its own, each scene
(``tests.ui.scenes``) a desk of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pyvirtualdisplay.display import Display

from tests.ui.camera import Camera
from tests.ui.papers import Papers, render
from tests.ui.scenes import (
    beginning,
    clerks,
    counter,
    encryption,
    english,
    find,
    help_pages,
    history,
    lists,
    page_work,
    secrets,
    settings,
    signing,
    stack,
    storage,
    web_pages,
)
from tests.ui.stage import CODE, HOLDER
from ui.theme import Theme

SIZES, COLOURS = ("1366x768", "1920x1080"), ("light", "dark")
SCENES: dict[str, Callable[[Camera, Path, Papers], None]] = {
    "1": counter.play,
    "2": page_work.play,
    "3": stack.play,
    "44": secrets.play,
    "4": lists.play,
    "5": find.play,
    "65": web_pages.play,
    "6": settings.play,
    "7": beginning.play,
    "81": history.play,
    "8": help_pages.play,
    "9": english.play,
    "A": clerks.play,
    "B": signing.play,
    "C": storage.play,
    "D": encryption.play,
}
"""What the names of a scene's pictures begin with, and what takes them."""
DOCUMENTED = (
    "100-window", "102-find", "104-missing", "105-scanning", "106-pages", "107-jam", "120-result",
    "202-move", "205-bin-open", "208-words", "304-read", "306-choices",
    "402-today", "412-trouble", "422-sending", "502-found", "601-settings", "604-folders",
    "650-web-asks", "704-done", "B01-list", "D00-locked", "D12-recovery-key",
)  # fmt: skip
"""What README.md and docs/huong-dan.md show."""


def photograph(
    out: Path, size: str, colours: str, only: tuple[str, ...], *, small: bool = False
) -> None:
    """Take the pictures of one size and one palette into ``out``; once in a process."""
    width, height = (int(side) for side in size.split("x"))
    out.mkdir(parents=True, exist_ok=True)
    os.environ["TZ"] = _office_hours()
    time.tzset()
    with Display(visible=False, size=(width, height), color_depth=24):
        program = QApplication(sys.argv[:1])
        program.setStyle("Fusion")
        theme = Theme()
        theme.dress(colours=colours)
        camera = Camera(out, theme, (width, height), colours, only, small=small)
        with tempfile.TemporaryDirectory() as folder:
            papers = render(Path(folder) / "papers", CODE, HOLDER)
            for begins, play in SCENES.items():
                if camera.wants(begins):
                    play(camera, Path(folder) / begins, papers)


def _office_hours() -> str:
    """Return a zone in which it is nine in the morning now, whenever pictures are taken."""
    ahead = 9 - time.gmtime().tm_hour
    return f"ICT{-(ahead + 24 if ahead < -12 else ahead):+d}"


def main() -> None:
    """Take the pictures into the folder named on the command line."""
    parser = argparse.ArgumentParser(description="Take pictures of the window.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--docs", action="store_true", help="those of the documents, made small")
    parser.add_argument("--only", nargs="+", default=[""], help="how the names wanted begin")
    parser.add_argument("--size", choices=SIZES)
    parser.add_argument("--colours", choices=COLOURS)
    wanted = parser.parse_args()
    out, only = wanted.out.absolute(), tuple(wanted.only)
    if wanted.docs:
        shown = tuple(name for name in DOCUMENTED if name.startswith(only))
        photograph(out, SIZES[0], wanted.colours or "light", shown, small=True)
    elif wanted.size and wanted.colours:
        photograph(out / f"{wanted.size}-{wanted.colours}", wanted.size, wanted.colours, only)
    else:
        for size in (wanted.size,) if wanted.size else SIZES:
            for colours in (wanted.colours,) if wanted.colours else COLOURS:
                one = ["--size", size, "--colours", colours, "--only", *only]
                subprocess.run([sys.executable, "-m", "tests.ui.shots", str(out), *one], check=True)


if __name__ == "__main__":
    main()
