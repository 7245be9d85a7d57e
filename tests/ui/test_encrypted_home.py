"""An encrypted home at the real window: unlocked at start, by its passphrase or its recovery key;
switched on and off in *Cài đặt*, held up and gone on with."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from digitizer import encrypting
from digitizer.app import App
from digitizer.config import Home
from digitizer.encrypting import State
from digitizer.errors import DiskFull, HomeSealed
from digitizer.homekeys import TAIL, Custody, Mode
from digitizer.policy import FREE
from digitizer.policyfile import VARIABLE
from digitizer.storage import cipher
from drivers.host import all_devices, scanner_for
from tests.sealedhome import PASSPHRASE, begin, encrypt, keyring_in
from tests.ui.conftest import Clerk
from tests.ui.filled import fill
from tests.ui.stage import CODE, Stage, draw_page
from ui import encryption_words, language, recovery_sheet
from ui.encryption import DeskEncryption
from ui.encryption_words import Progress
from ui.homes import HomeOpener, opens
from ui.language import Language
from ui.places import Place
from ui.scanning import Scanners
from ui.screens.encryption import EncryptionSection
from ui.screens.opening import Opening
from ui.theme import Theme
from ui.widgets.passphrase import lacking
from ui.window import Window

OTHER = "một câu khác hẳn câu trước"
OPENS = Callable[[HomeOpener], AbstractContextManager[Clerk]]


@pytest.fixture
def begun(theme: Theme, qtbot: QtBot) -> OPENS:
    """How a window is begun on a home, whether that opens or not."""

    @contextmanager
    def open_window(opener: HomeOpener) -> Iterator[Clerk]:
        window = Window(opener, Scanners(scanner_for, all_devices), theme)
        window.show()
        clerk = Clerk(window, qtbot)
        try:
            window.begin()
            yield clerk
        finally:
            window.close()
            window.shut()
            window.deleteLater()
            gc.collect()

    return open_window


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted home that takes ``PASSPHRASE``, to be copied: making one takes seconds."""

    home: Path
    key: str

    def at(self, place: Path) -> Path:
        """Return a copy of it."""
        return shutil.copytree(self.home, place, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """The home."""
    home = tmp_path_factory.mktemp("sealed") / "home"
    return Sealed(home, encrypt(home, Custody.PASSPHRASE, PASSPHRASE))


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[Path]:
    """The file of the keyring that there is."""
    with keyring_in(tmp_path / "ring.json") as file:
        yield file


def type_in(clerk: Clerk, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Type into what has the focus, as an input method for Vietnamese gives it, and end it."""
    field = clerk.window.focusWidget()
    assert isinstance(field, QLineEdit)
    typed = QInputMethodEvent()
    typed.setCommitString(text)
    QApplication.sendEvent(field, typed)
    clerk.press(key)


def keep_files(home: Path) -> None:
    """Have a few files in a vault."""
    with App(home, "test", policy=FREE) as app:
        for number in range(5):
            file = app.home.work / f"{number}.txt"
            file.write_text(f"page {number}")
            app.vault.keep(file)


def locked(clerk: Clerk) -> Opening:
    """The page before the home, once it asks for something."""
    opening = clerk.window.opening
    clerk.until(opening.unlock.isVisible)
    return opening


def desk_of(clerk: Clerk) -> DeskEncryption:
    """What switches, once it knows how the home lies there."""
    parts = clerk.window._parts
    assert parts is not None and parts.encryption is not None
    desk = parts.encryption
    clerk.until(lambda: desk.state is not None)
    return desk


def section_of(clerk: Clerk) -> EncryptionSection:
    """*Mã hóa kho*, with the keys."""
    desk_of(clerk)
    clerk.window.go_to(Place.SETTINGS)
    clerk.window.settings.show_encryption()
    section = clerk.window.settings.encryption
    assert section is not None
    return section


def opened(clerk: Clerk) -> None:
    """Wait until the home is open."""
    clerk.until(lambda: clerk.window.office is not None and clerk.office.traffic is not None)


# --- at the start -----------------------------------------------------------------------------


def test_a_locked_home_is_opened_by_its_passphrase(
    tmp_path: Path, sealed: Sealed, begun: OPENS
) -> None:
    with begun(opens(sealed.at(tmp_path / "home"))) as clerk:
        page = locked(clerk)
        assert page.title.text() == HomeSealed.title
        field = page.unlock.passphrase.field
        assert clerk.window.focusWidget() is field
        assert field.echoMode() is field.EchoMode.Password
        type_in(clerk, "không phải câu này")
        clerk.until(lambda: "không đúng" in page.unlock.said.text())
        assert clerk.window.focusWidget() is field
        type_in(clerk, PASSPHRASE)  # in the place of what was wrong
        opened(clerk)
        assert field.text() == "", "nothing of it stays"


def test_nothing_of_a_locked_home_is_reached_by_keys(
    tmp_path: Path, sealed: Sealed, begun: OPENS
) -> None:
    with begun(opens(sealed.at(tmp_path / "home"))) as clerk:
        page = locked(clerk)
        for key in (Qt.Key.Key_F1, Qt.Key.Key_F4, Qt.Key.Key_F5, Qt.Key.Key_Escape):
            clerk.press(key)
        clerk.press(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
        assert page.isVisible() and clerk.window.office is None
        clerk.press(Qt.Key.Key_Return)
        assert page.unlock.isVisible(), "nothing is no passphrase"


def test_the_recovery_key_opens_it_and_sets_another_passphrase(
    tmp_path: Path, sealed: Sealed, begun: OPENS
) -> None:
    key = sealed.key
    sealed.at(tmp_path / "home")
    with begun(opens(tmp_path / "home")) as clerk:
        page = locked(clerk)
        unlock = page.unlock
        while clerk.window.focusWidget() is not unlock.lost:
            clerk.window.focusNextChild()
        clerk.press(Qt.Key.Key_Return)
        assert clerk.window.focusWidget() is unlock.key
        assert "khóa khôi phục" in page.title.text()
        clerk.press(Qt.Key.Key_Escape)
        assert clerk.window.focusWidget() is unlock.passphrase.field
        unlock.lost.click()
        unlock.custody.choose(Custody.PASSPHRASE)
        unlock.custody.activated.emit(unlock.custody.currentIndex())
        type_in(clerk, "AGE-SECRET-KEY-1" + "Q" * 58)
        type_in(clerk, OTHER)
        type_in(clerk, OTHER)
        clerk.until(lambda: "Khóa khôi phục không đúng" in unlock.rescue_said.text())
        assert clerk.window.focusWidget() is unlock.key
        type_in(clerk, encryption_words.spelled(key).replace("\n", " ").lower())
        type_in(clerk, OTHER)  # over what was typed first
        type_in(clerk, "ngắn")
        assert "giống nhau" in unlock.rescue_said.text()
        type_in(clerk, OTHER)
        type_in(clerk, OTHER)
        opened(clerk)
    App(tmp_path / "home", "test", passphrase=OTHER).close()


def test_what_the_page_asks_for_has_names(tmp_path: Path, sealed: Sealed, begun: OPENS) -> None:
    with begun(opens(sealed.at(tmp_path / "home"))) as clerk:
        page = locked(clerk)
        for _ in range(2):
            there = [
                one
                for one in page.findChildren(QWidget)
                if one.isVisible() and one.focusPolicy() is not Qt.FocusPolicy.NoFocus
            ]
            assert len(there) >= 3
            for one in there:
                found = QAccessible.queryAccessibleInterface(one)
                assert found is not None and found.text(QAccessible.Text.Name).strip(), one
            page.unlock.lost.click()


def test_a_keyring_that_lost_the_key_says_so_and_the_recovery_key_helps(
    tmp_path: Path, begun: OPENS, ring: Path
) -> None:
    key = encrypt(tmp_path / "home")
    with begun(opens(tmp_path / "home")) as clerk:
        opened(clerk)  # nobody is asked
    ring.unlink()
    with begun(opens(tmp_path / "home")) as clerk:
        page = locked(clerk)
        assert "Không tìm thấy khóa" in page.title.text()
        assert page.button.isVisible() and not page.unlock.passphrase.isVisible()
        page.unlock.lost.click()
        page.unlock.custody.choose(Custody.KEYRING)
        page.unlock.custody.activated.emit(page.unlock.custody.currentIndex())
        type_in(clerk, key)
        opened(clerk)


# --- in the settings --------------------------------------------------------------------------


def test_it_is_switched_on_by_keys_and_off_again(stage: Stage, begun: OPENS) -> None:
    stage.prepare(server=False)
    with App(stage.home, "test", policy=FREE) as app:
        app.dossiers.open_new(code=CODE)
    page = stage.home.parent / "page.jpg"
    draw_page(page, ("Trang",), dpi=75)
    fill(stage, "TP99", [page])
    opener = opens(stage.home)
    again: list[bool] = []
    with begun(opener) as clerk:
        opened(clerk)
        clerk.window.reopens.connect(lambda: again.append(True))
        section = section_of(clerk)
        assert "Chưa mã hóa" in section.state.text()
        assert clerk.window.focusWidget() is section.custody
        clerk.press(Qt.Key.Key_Down)
        assert section.custody.value is Custody.PASSPHRASE
        section.first.field.setFocus()
        type_in(clerk, "ngắn")
        type_in(clerk, "ngắn")
        assert "ít nhất 10" in section.said.text()
        section.first.clear()
        section.second.clear()
        type_in(clerk, PASSPHRASE)
        type_in(clerk, PASSPHRASE)
        clerk.until(lambda: bool(section.recovery.key))
        key = section.recovery.key
        assert "".join(section.recovery.shown.text().split()) == key
        assert clerk.window.focusWidget() is section.recovery.tail
        type_in(clerk, "AAAAAA")
        assert not section.main.isEnabled() and section.main.accessibleDescription()
        assert not cipher.is_sealed(clerk.office.app.home.database)
        section.recovery.tail.clear()
        type_in(clerk, key[-TAIL:].lower())
        clerk.until(lambda: bool(again))
    with begun(opener) as clerk:
        opened(clerk)  # what was typed is known
        assert cipher.is_sealed(clerk.office.app.home.database)
        desk = desk_of(clerk)
        clerk.until(lambda: desk.state is not None and desk.state.mode is Mode.ON)
        clerk.until(lambda: "Kho đã mã hóa xong" in clerk.said)
        clerk.window.open_code(CODE)
        clerk.until(lambda: clerk.name == CODE and clerk.window.counter.view.shown is not None)
        clerk.window.reopens.connect(lambda: again.append(True))
        section = section_of(clerk)
        assert "✓ Đã mã hóa" in section.state.text()
        section.other.click()
        assert "lại đọc được" in section.asked.text()
        assert clerk.window.focusWidget() is section.other, "Enter takes it back"
        section.main.click()
        clerk.until(lambda: len(again) == 2)
    with begun(opener) as clerk:
        locked(clerk)
        type_in(clerk, PASSPHRASE)
        opened(clerk)
        desk = desk_of(clerk)
        clerk.until(lambda: desk.state is not None and desk.state.mode is Mode.OFF)
        assert not cipher.is_sealed(clerk.office.app.home.database)
        assert clerk.office.app.vault.sealed().files == 0


def test_the_switch_can_be_held_up_and_goes_on_by_itself_after_a_restart(
    stage: Stage, begun: OPENS, ring: Path
) -> None:
    keep_files(stage.home)
    begin(stage.home)
    opener = opens(stage.home)
    with begun(opener) as clerk:
        opened(clerk)
        desk = desk_of(clerk)
        desk.pause()
        clerk.until(lambda: not desk.going)
        section = section_of(clerk)
        if desk.state is not None and desk.state.mode is Mode.SWITCHING_ON:
            assert "Đang tạm dừng" in section.state.text()
            assert section.main.text() == "Làm tiếp"
    with begun(opener) as clerk:
        opened(clerk)
        desk = desk_of(clerk)
        clerk.until(lambda: desk.state is not None and desk.state.mode is Mode.ON)


def test_it_turns_round_while_it_is_on_its_way(stage: Stage, begun: OPENS, ring: Path) -> None:
    keep_files(stage.home)
    begin(stage.home)
    opener = opens(stage.home)
    again: list[bool] = []
    with begun(opener) as clerk:
        opened(clerk)
        clerk.window.reopens.connect(lambda: again.append(True))
        desk_of(clerk).switch_off(lambda error: pytest.fail(error.code))
        clerk.until(lambda: bool(again))
        assert encrypting.state(clerk.office.app.home).mode is Mode.SWITCHING_OFF
    with begun(opener) as clerk:
        opened(clerk)
        desk = desk_of(clerk)
        clerk.until(lambda: desk.state is not None and desk.state.mode is Mode.OFF)


def test_who_opens_it_is_changed_and_a_new_recovery_key_made(
    stage: Stage, sealed: Sealed, begun: OPENS
) -> None:
    old = sealed.key
    sealed.at(stage.home)
    opener = opens(stage.home)
    opener.give(PASSPHRASE)
    with begun(opener) as clerk:
        opened(clerk)
        section = section_of(clerk)
        section.main.click()
        assert section.custody.value is Custody.PASSPHRASE
        section.first.field.setFocus()
        type_in(clerk, OTHER)
        type_in(clerk, OTHER)
        clerk.until(lambda: "✓ Đã lưu" in section.said.text())
        section.main.click()
        section.custody.choose(Custody.KEYRING)
        section.custody.activated.emit(section.custody.currentIndex())
        section.main.click()
        clerk.until(lambda: "không giữ được khóa" in section.said.text())
        section.other.click()
        section.renew.click()
        assert "tờ cũ" in section.asked.text()
        section.main.click()
        clerk.until(lambda: bool(section.recovery.key))
        new = section.recovery.key
        assert new != old and not section.main.isEnabled()
        type_in(clerk, new[-TAIL:])
        assert not section.recovery.isVisible() and section.recovery.key == ""
    App(stage.home, "test", passphrase=OTHER).close()


def test_what_the_administrator_wants_is_said_and_held(
    stage: Stage, begun: OPENS, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = stage.home.parent / "digitizer.toml"
    monkeypatch.setenv(VARIABLE, str(file))
    file.write_text('by = "CNTT"\n[locked.encryption]\nhome = "on"\ncustody = "passphrase"\n')
    with begun(opens(stage.home)) as clerk:
        opened(clerk)
        section = section_of(clerk)
        assert section.asked.text() == "Do quản trị đặt (CNTT): kho này phải được mã hóa."
        assert section.custody.value is Custody.PASSPHRASE
        assert not section.custody.isEnabled() and "CNTT" in section.custody.toolTip()
        assert section.main.isEnabled()
    file.write_text('[locked.encryption]\nhome = "off"\n')
    with begun(opens(stage.home)) as clerk:
        opened(clerk)
        section = section_of(clerk)
        assert not section.main.isEnabled() and section.main.accessibleDescription()


# --- beside that ------------------------------------------------------------------------------


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
