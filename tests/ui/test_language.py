"""English is complete, and the window speaks what was chosen."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from digitizer import policy
from digitizer.app import App
from digitizer.errors import Offline
from digitizer.policy import FREE
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE, Stage
from tests.ui.untranslated import UI, missing, unsayable, wanted
from ui import disk_words, work_words
from ui.asides import Aside
from ui.language import Language, chosen, numeral, say, speak, spoken, texts, trouble
from ui.places import Place
from ui.screens.listing import Listing

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]
_LETTERS = re.compile(r"[À-ÖØ-öø-ỹĐđ]")
_PLACES = re.compile(r"\{\d+\}")


@pytest.fixture
def english(qapp: QApplication) -> Iterator[None]:
    back = speak(qapp, Language.ENGLISH)
    yield
    back()


def test_every_text_has_its_english() -> None:
    """``python -m tests.ui.untranslated`` prints them as lines to fill in."""
    assert missing(texts()) == {}
    assert unsayable() == []


def test_the_catalogue_is_sound() -> None:
    known = texts()
    assert list(known) == sorted(known), "python -m tests.ui.untranslated --sort"
    assert set(known) - set(wanted()) == {"vi"}
    for source, english in known.items():
        assert english.strip(), source
        assert sorted(_PLACES.findall(english)) == sorted(_PLACES.findall(source)), source
        assert (english[0] == " ", english[-1] == " ") == (source[0] == " ", source[-1] == " ")


def test_words_that_go_with_a_number_are_filled_in_where_they_are_said() -> None:
    """``str.format`` does not know ``{0:page|pages}``: such a text is said with its values."""
    numbered = {source for source, english in texts().items() if "|" in english}
    assert numbered
    for file in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            asked = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
            if asked and getattr(node.func, "attr", "") in ("tr", "format"):  # type: ignore[attr-defined]
                said = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)}
                assert not said & numbered, (file, node.lineno)  # type: ignore[attr-defined]


def test_one_thing_is_said_as_one(english: None) -> None:
    assert say("{0} giấy tờ của {1} hồ sơ", 1, 1) == "1 paper of 1 dossier"
    assert say("{0} giấy tờ của {1} hồ sơ", 3, 1) == "3 papers of 1 dossier"
    assert say("{0} giấy tờ của {1} hồ sơ", 0, "12,001") == "0 papers of 12,001 dossiers"
    aside = say("{0} trang đã để riêng ở Chưa phân loại", 1)
    assert aside == "1 page was put aside, into Unsorted"


def test_texts_are_said_in_the_language(english: None) -> None:
    assert spoken() is Language.ENGLISH
    assert say("Đã lưu {0} trang", 7) == "Pages saved: 7"
    assert say("Pages saved: 7") == "Pages saved: 7"
    assert say("không có trong danh mục") == "không có trong danh mục"
    assert trouble(Offline()) == "No network. It is sent by itself when the network is back."
    assert QLabel().tr("Cài đặt") == "Settings"
    assert numeral("1,234.5") == "1,234.5"
    assert (disk_words.size(1_400_000_000), disk_words.count(12_000)) == ("1.4 GB", "12,000")
    assert work_words.found("chữ", 3, 2) == "Found: 3, pages not read yet: 2"


def test_without_a_choice_it_is_vietnamese(qapp: QApplication, tmp_path: Path) -> None:
    speak(qapp, Language.VIETNAMESE)
    assert spoken() is Language.VIETNAMESE
    assert say("Đã lưu {0} trang", 7) == "Đã lưu 7 trang"
    assert numeral("1,234.5") == "1.234,5"
    assert chosen(tmp_path / "nowhere", FREE) is Language.VIETNAMESE
    with App(tmp_path / "home", "test") as app:
        app.keep_settings({"window.language": "en"})
        assert chosen(tmp_path / "home", FREE) is Language.ENGLISH
        app.keep_settings({"window.language": "xx"})
    assert chosen(tmp_path / "home", FREE) is Language.VIETNAMESE
    locked = policy.read("[locked.window]\nlanguage = 'en'", tmp_path)
    assert chosen(tmp_path / "home", locked) is Language.ENGLISH
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "digitizer.db").write_bytes(b"no database at all" * 100)
    assert chosen(tmp_path / "broken", FREE) is Language.VIETNAMESE


_AT_ONCE = """
import sys, threading
from PySide6.QtCore import QCoreApplication
from ui.language import Language, say, speak
sys.setswitchinterval(0.0001)
program, over = QCoreApplication([]), threading.Event()
def read():
    while not over.is_set():
        say("Cài đặt")
threads = [threading.Thread(target=read) for _ in range(2)]
for one in threads:
    one.start()
for _ in range(300):
    speak(program, Language.ENGLISH)()
over.set()
for one in threads:
    one.join()
"""


def test_a_language_is_chosen_while_other_threads_speak() -> None:
    """Under Qt's own look-up this stands still before long: in a process of its own, therefore."""
    subprocess.run([sys.executable, "-c", _AT_ONCE], check=True, timeout=60)


def shown(widget: QWidget) -> list[str]:
    """Every word of labels, buttons and fields that can be seen, and their accessible names."""
    found = []
    for one in (widget, *widget.findChildren(QWidget)):
        if not one.isVisibleTo(widget):
            continue
        found += [one.toolTip(), one.accessibleName(), one.accessibleDescription()]
        if isinstance(one, QLabel | QAbstractButton):
            found.append(one.text())
        if isinstance(one, QLineEdit):
            found.append(one.placeholderText())
    return [text for text in found if text]


def test_no_vietnamese_is_left_on_the_screens(
    english: None, stage: Stage, at_window: AtWindow
) -> None:
    """But for names of people, papers and scan profiles, which are what they are."""
    stage.prepare()
    with at_window(stage) as clerk:
        window = clerk.window
        window.go_to(Place.SETTINGS)
        clerk.until(lambda: window.settings.server.url.text() != "")
        window.show_aside(Aside.DOCTOR)
        window.show_aside(Aside.FIRST_RUN)
        said = [text for part in (window.rail, window.settings, *window._asides.values())
                for text in shown(part)]  # fmt: skip
        clerk.press(Qt.Key.Key_F1)
        said += shown(window.explanation)
        window.shortcuts.toggle()
        said += shown(window.shortcuts)
        window.shortcuts.hide()
        kept = ("A4 màu 300 hai mặt", "Quầy ", "Tiếng Việt", "Ngôn ngữ", "mở lại phần mềm", "NĐ")
        left = [text for text in said if _LETTERS.search(text) and not any(k in text for k in kept)]
        assert left == []


def test_the_choice_is_kept_and_says_when_it_holds(clerk: Clerk) -> None:
    clerk.window.go_to(Place.SETTINGS)
    screen = clerk.window.settings
    clerk.until(lambda: screen.server.url.text() != "")
    assert not screen.look.language_said.isVisibleTo(screen)
    screen.look.language.setFocus()
    clerk.press(Qt.Key.Key_Down)
    assert screen.look.language.value == "en"
    assert "when the program is opened again" in screen.look.language_said.text()
    app = clerk.window.app
    assert app is not None
    clerk.until(lambda: chosen(app.home.root, FREE) is Language.ENGLISH)


def test_lists_and_stacks_speak_english(english: None, stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        window = clerk.window
        for place in (Place.TODAY, Place.TROUBLE, Place.OUTBOX):
            window.go_to(place)
            screen = window.screen(place)
            assert isinstance(screen, Listing)
            clerk.until(lambda view=screen: view.status.text() != "")  # type: ignore[misc]
            said = shown(screen)
            said += [text for row in screen.view.list.rows for text in
                     (row.state, row.side, row.button)]  # fmt: skip
            assert [text for text in said if _LETTERS.search(text)] == []
        window.go_to(Place.FIND)
        said = shown(window.screen(Place.FIND))
        assert [text for text in said if _LETTERS.search(text)] == []
        window.go_to(Place.STACK)
        said = [text for text in shown(window.stack) if "A4 màu 300 hai mặt" not in text]
        assert [text for text in said if _LETTERS.search(text)] == []
        assert window.stack.bar.scan_button.text() == "Scan a stack  F5"


def test_what_keys_did_is_told_in_english(english: None, stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.scan()
        clerk.press(Qt.Key.Key_Home)
        clerk.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        quiet = clerk.window.counter.bar.quiet
        clerk.until(lambda: quiet.text() == "The page is the first of the paper already.")
        clerk.press(Qt.Key.Key_Delete)
        clerk.until(lambda: clerk.counted == "Pages saved: 2")
        clerk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        clerk.until(lambda: quiet.text() == "Undone – pages taken out: 1.")


def test_the_counter_speaks_english(english: None, stage: Stage, at_window: AtWindow) -> None:
    stage.prepare()
    with at_window(stage) as clerk:
        clerk.open(CODE)
        clerk.scan()
        clerk.until(lambda: clerk.counted == "Pages saved: 3")
        left = [text for text in shown(clerk.window.counter.bar) if _LETTERS.search(text)]
        assert all("A4 màu 300 hai mặt" in text for text in left)
