"""The one banner: what is said first, what waits, what is taken back."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.ui.conftest import Clerk
from ui.wording import Act, Notice, Tone


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
