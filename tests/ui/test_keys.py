"""Keys: a clerk's are commands, a reader's are a code, a text field's are its own."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import PATIENCE_MS, type_as_reader
from ui.commands import SHEET, Command
from ui.keys import SEEKS, Keys

PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CODE = "000.00.20.H02-261122-0007"


@dataclass
class Heard:
    window: QWidget
    field: QLineEdit
    button: QPushButton
    keys: Keys
    commands: list[Command] = field(default_factory=list)
    digits: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def press(self, *keys: Qt.Key | str) -> None:
        for key in keys:
            QTest.keyClick(self.window.windowHandle(), key)

    def beep(self, code: str) -> None:
        type_as_reader(self.window, code)


@pytest.fixture
def heard(qtbot: QtBot) -> Iterator[Heard]:
    window = QWidget()
    column = QVBoxLayout(window)
    text, button = QLineEdit(), QPushButton()
    column.addWidget(text)
    column.addWidget(button)
    qtbot.addWidget(window)
    keys = Keys(window)
    heard = Heard(window, text, button, keys)
    keys.pressed.connect(heard.commands.append)
    keys.digit.connect(heard.digits.append)
    keys.barcode.connect(heard.codes.append)
    window.show()
    window.windowHandle().installEventFilter(keys)
    window.setFocus()
    yield heard


def test_a_burst_with_enter_is_a_code_and_no_command(heard: Heard, qtbot: QtBot) -> None:
    heard.beep(CODE)
    qtbot.wait(200)
    assert heard.codes == [CODE]
    assert heard.digits == []
    assert heard.commands == []


def test_half_a_code_is_nothing(heard: Heard, qtbot: QtBot) -> None:
    heard.press(*CODE[:12])
    qtbot.wait(200)
    heard.press(Qt.Key.Key_Return)
    assert heard.codes == []
    assert heard.digits == []
    assert heard.commands == [Command.NEXT_PAPER]


def test_caps_lock_changes_no_command(heard: Heard, qtbot: QtBot) -> None:
    handle = heard.window.windowHandle()
    for text, modifiers in (("R", PLAIN), ("r", SHIFT), ("X", PLAIN)):
        press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key(ord(text.upper())), modifiers, text)
        QApplication.sendEvent(handle, press)
    qtbot.waitUntil(lambda: len(heard.commands) == 3, timeout=PATIENCE_MS)
    assert heard.commands == [Command.TURN_RIGHT, Command.TURN_LEFT, Command.CUT]


def test_single_keys_are_commands(heard: Heard, qtbot: QtBot) -> None:
    heard.press("3")
    qtbot.waitUntil(lambda: heard.digits == [3], timeout=PATIENCE_MS)
    heard.press("r")
    qtbot.waitUntil(lambda: heard.commands == [Command.TURN_RIGHT], timeout=PATIENCE_MS)
    QTest.keyClick(heard.window.windowHandle(), "R", Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: heard.commands[-1] is Command.TURN_LEFT, timeout=PATIENCE_MS)


def test_a_digit_then_f5_happen_in_their_order(heard: Heard) -> None:
    known: list[list[int]] = []
    heard.keys.pressed.connect(lambda _command: known.append(list(heard.digits)))
    heard.press("2", Qt.Key.Key_F5)
    assert heard.commands == [Command.SCAN]
    assert known == [[2]]


def test_a_digit_then_enter_happen_in_their_order(heard: Heard) -> None:
    heard.press("2", Qt.Key.Key_Return)
    assert heard.digits == [2]
    assert heard.commands == [Command.NEXT_PAPER]


def test_a_text_field_keeps_its_keys_but_not_f5(heard: Heard, qtbot: QtBot) -> None:
    heard.field.setFocus()
    heard.press(*"2r", Qt.Key.Key_F5)
    qtbot.wait(150)
    assert heard.field.text() == "2r"
    assert heard.commands == [Command.SCAN]
    assert heard.digits == []


def test_enter_presses_the_button_that_has_the_focus(heard: Heard) -> None:
    pressed: list[bool] = []
    heard.button.clicked.connect(lambda: pressed.append(True))
    heard.button.setFocus()
    heard.press(Qt.Key.Key_Return)
    assert len(pressed) == 1
    assert heard.commands == []


def test_every_command_is_on_the_sheet_once() -> None:
    shown = [command for _, lines in SHEET for _, command in lines]
    assert sorted(shown, key=str) == sorted(Command, key=str)


def test_a_question_mark_is_sought_by_nobody(heard: Heard, qtbot: QtBot) -> None:
    heard.field.setFocus()
    QTest.keyClick(heard.window.windowHandle(), "?", Qt.KeyboardModifier.ShiftModifier)
    assert heard.field.text() == "?"  # an ordinary field, such as a password's
    heard.field.clear()
    heard.field.setObjectName("search")
    QTest.keyClick(heard.window.windowHandle(), "?", Qt.KeyboardModifier.ShiftModifier)
    assert heard.field.text() == ""
    assert heard.commands == [Command.HELP]


def test_a_bar_code_is_taken_out_of_a_search(heard: Heard, qtbot: QtBot) -> None:
    heard.field.setProperty(SEEKS, True)
    heard.field.setFocus()
    heard.press(*"hoa")
    qtbot.wait(200)
    heard.beep(CODE)
    assert heard.codes == [CODE]
    assert heard.field.text() == "hoa"
    heard.press(*"huong", Qt.Key.Key_Return)
    assert heard.field.text() == "hoahuong", "words typed fast are no code"
    assert heard.codes == [CODE]
    assert heard.commands == []


def test_a_choice_with_the_focus_knows_a_bar_code_from_its_letters(
    heard: Heard, qtbot: QtBot
) -> None:
    choice = QComboBox()
    choice.addItems(["100", "200", "300"])
    layout = heard.window.layout()
    assert layout is not None
    layout.addWidget(choice)
    choice.show()
    choice.setFocus()
    assert heard.window.focusWidget() is choice
    heard.beep("301234567-H02")
    qtbot.wait(200)
    assert heard.codes == ["301234567-H02"]
    assert choice.currentText() == "100"
    heard.press("2")
    qtbot.waitUntil(lambda: choice.currentText() == "200", timeout=PATIENCE_MS)
    assert heard.digits == []


def test_a_code_is_whole_on_a_machine_that_is_busy(heard: Heard, qtbot: QtBot) -> None:
    """Keys wait in the queue while the window is busy for longer than a burst's pause."""
    window = str(int(heard.window.winId()))
    stalls = QTimer(heard.window, interval=10)
    # the sleep is what is tested: a loop that is kept busy; nothing is waited for by it
    stalls.timeout.connect(lambda: time.sleep(0.12))
    steps = f"windowfocus --sync {window}\ntype --delay 4 {CODE}\nkey Return\n"
    with subprocess.Popen(["xdotool", "-"], stdin=subprocess.PIPE, text=True) as reader:
        assert reader.stdin is not None
        reader.stdin.write(steps)
        reader.stdin.close()
        qtbot.waitUntil(lambda: bool(heard.keys._typed), timeout=PATIENCE_MS)
        stalls.start()
        qtbot.waitUntil(lambda: reader.poll() is not None, timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: bool(heard.codes) or not heard.keys._typed, timeout=PATIENCE_MS)
    stalls.stop()
    assert heard.codes == [CODE]
    assert heard.digits == []
