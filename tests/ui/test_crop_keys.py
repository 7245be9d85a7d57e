"""The key that crops a page to its paper and takes that back."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt

from digitizer.boxes import Box
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE
from ui import work_words

CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_page_is_cropped_to_what_was_found_and_back(clerk: Clerk) -> None:
    clerk.open(CODE)
    clerk.scan()
    strip = clerk.window.counter.strip
    clerk.until(lambda: len(strip.list.pages) == 3 and all(page.read for page in strip.list.pages))
    clerk.press(Qt.Key.Key_Home)
    page, app = strip.list.pages[0], clerk.window.app
    clerk.press("v")
    clerk.until(lambda: work_words.cannot_crop([page]).title in clerk.said)
    assert app is not None
    assert page.reading is not None
    box = Box(40, 50, 700, 900)
    app.dossiers.note_reading(page.sha256, replace(page.reading, crop=box))
    clerk.until(lambda: strip.list.pages[0].reading != page.reading)
    for expected in (box, None):
        clerk.press("v")
        clerk.until(lambda expected=expected: strip.list.pages[0].box == expected)  # type: ignore[misc]
    clerk.press(Qt.Key.Key_Z, CTRL)
    clerk.until(lambda: strip.list.pages[0].box == box)
