"""The one banner: what is said first, what waits, what is taken back."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.ui.conftest import Clerk
from tests.ui.stage import CODE
from ui.wording import Act, Notice, Tone

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def test_what_is_urgent_is_said_before_what_can_wait(clerk: Clerk) -> None:
    banner = clerk.window.counter.banner
    jam, note = Notice(Tone.BAD, "Kẹt giấy"), Notice(Tone.INFO, "2 trang đã chuyển")
    banner.say(jam)
    banner.note(note)
    assert banner.notice is jam
    clerk.press(Qt.Key.Key_Escape)
    assert banner.notice is note
    banner.say(jam)
    clerk.press(Qt.Key.Key_Escape)
    assert banner.notice is note
    clerk.press(Qt.Key.Key_Escape)
    assert banner.notice is None
    assert banner.isHidden()


def test_a_newer_note_takes_the_place_of_its_older_one_alone(clerk: Clerk) -> None:
    banner = clerk.window.counter.banner
    step = Notice(Tone.INFO, "Bước 1/8")
    one, two = (Notice(Tone.WARN, said, act=Act.REMOVE) for said in ("Trang 3", "2 trang"))
    for note in (step, one, two):
        banner.note(note)
        assert banner.notice is note
    banner.forget(Act.REMOVE)
    assert banner.notice is step
    clerk.press(Qt.Key.Key_Escape)
    assert banner.notice is None


def test_what_was_done_is_said_where_it_was_done(clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.scan()
    banner = clerk.window.banner
    clerk.press(Qt.Key.Key_Return, CTRL)
    clerk.until(lambda: clerk.name == "" and banner.notice is not None)
    assert banner.isVisible()
    clerk.press(Qt.Key.Key_3, ALT)
    assert banner.isHidden()
    question = Notice(Tone.INFO, "Trang web muốn quét", act=Act.ALLOW_PAGE, lasting=True)
    done = banner.notice
    clerk.press(Qt.Key.Key_1, ALT)
    assert banner.isVisible()
    assert banner.notice is done
    assert banner.button.text() == "Mở lại hồ sơ"
    clerk.press(Qt.Key.Key_5, ALT)
    banner.note(question)  # is not held back by what cannot be seen
    assert banner.isVisible()
    assert banner.notice is question


def test_what_hangs_no_more_is_said_no_more(clerk: Clerk) -> None:
    banner = clerk.window.banner
    refused = Notice(Tone.BAD, "Sai mật khẩu", act=Act.PASSWORD, row="lane sign-in-refused")
    banner.say(refused)
    banner.hang(())  # its line is not there yet
    assert banner.notice is refused
    banner.hang(("lane sign-in-refused",))
    assert banner.notice is refused
    banner.hang(("another",))
    assert banner.notice is None
