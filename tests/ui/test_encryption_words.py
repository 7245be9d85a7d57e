"""The words of an encrypted home, the sheet of its recovery key, and windows that take turns."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from digitizer.config import Home
from digitizer.encrypting import State
from digitizer.errors import DiskFull
from digitizer.homekeys import Custody, Mode
from digitizer.policy import FREE
from tests.ui.conftest import Sealed
from ui import encryption_words, language, recovery_sheet
from ui.encryption_words import Progress
from ui.language import Language
from ui.theme import Theme
from ui.widgets.passphrase import lacking


def test_the_sheet_holds_the_key_in_letters_and_as_a_code(tmp_path: Path, theme: Theme) -> None:
    key = "AGE-SECRET-KEY-1" + "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L" + "QPZRY9X8GF2TVDW0S3JN54KHCE"
    file = tmp_path / "khoa.pdf"
    recovery_sheet.write(file, key, tmp_path)
    assert file.stat().st_mode & 0o077 == 0
    document = pypdfium2.PdfDocument(file)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    assert key in "".join(text.split())
    (code,) = zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())
    assert code.text == key


def test_a_locked_home_is_asked_for_in_the_language_that_was_chosen(
    tmp_path: Path, sealed: Sealed
) -> None:
    home = sealed.at(tmp_path / "home")
    language.keep(Home(home), "en")
    assert language.chosen(home, FREE) is Language.ENGLISH
    language.keep(Home(home), "vi")
    assert language.chosen(home, FREE) is Language.VIETNAMESE


def state(mode: Mode, *, database: bool = True, able: bool = True) -> State:
    return State(mode, Custody.PASSPHRASE, database, able)


@pytest.mark.parametrize(
    ("there", "progress", "paused", "said"),
    [
        (state(Mode.OFF, database=False), None, False, "Chưa mã hóa"),
        (state(Mode.OFF, database=False, able=False), None, False, "thiếu phần mã hóa"),
        (state(Mode.ON), None, False, "hỏi mật khẩu kho mỗi lần mở"),
        (state(Mode.SWITCHING_ON, database=False), None, False, "khi mở lại cửa sổ"),
        (state(Mode.SWITCHING_ON), Progress(1234, 2468), False, "50 % (1.234 trong 2.468 tệp)"),
        (state(Mode.SWITCHING_ON), Progress(5, 5), False, "99 %"),
        (state(Mode.SWITCHING_ON), None, True, "Đang tạm dừng."),
        (state(Mode.SWITCHING_OFF, database=False), None, False, "Đang giải mã"),
    ],
)
def test_how_it_stands_is_said(
    there: State, progress: Progress | None, paused: bool, said: str
) -> None:
    assert said in encryption_words.standing(there, progress, paused=paused, met=None)


def test_what_holds_it_up_is_said_with_what_to_do() -> None:
    said = encryption_words.standing(state(Mode.SWITCHING_ON), None, paused=False, met=DiskFull())
    assert said.startswith("✗ Chưa mã hóa tiếp được: ") and DiskFull.hint in said


def test_a_new_passphrase_has_to_be_long_and_typed_twice_alike() -> None:
    assert "ít nhất 10" in lacking("123456789", "123456789")
    assert "giống nhau" in lacking("1234567890", "1234567891")
    assert lacking("1234567890", "1234567890") == ""


PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
import ui.__main__ as program

opened = []

class Counted(program.Window):
    def __init__(self, *parts):
        super().__init__(*parts)
        self.ready.connect(self.count)

    def count(self):
        opened.append(self)
        self.reopens.emit() if len(opened) < 3 else QApplication.quit()

program.Window = Counted
code = program.run(Path(sys.argv[1]))
print(code, len(opened))
"""


def test_a_window_takes_the_place_of_another_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "home")],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.stdout.split(), done.stderr, done.returncode) == (["0", "3"], "", 0)
