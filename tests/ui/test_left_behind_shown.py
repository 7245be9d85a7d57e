"""What only the procedure system still has: in *Cần xử lý*, with a button that leads to it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.ui.conftest import Clerk
from tests.ui.stage import CODE
from ui.places import Place
from ui.rows import Deed, Row
from ui.screens.listing import Listing


def rows(clerk: Clerk) -> list[Row]:
    screen = clerk.window.screen(Place.TROUBLE)
    assert isinstance(screen, Listing)
    return list(screen.view.list.rows)


def test_a_sent_paper_that_lost_its_pages_is_told_until_it_has_some_again(clerk: Clerk) -> None:
    clerk.finish()
    clerk.until(lambda: clerk.receipts == 1)
    clerk.open(CODE)
    clerk.press("1")
    clerk.until(lambda: clerk.window.counter.strip.page is not None)
    clerk.press(Qt.Key.Key_Delete)
    clerk.until(lambda: clerk.pages("TP01") == 0)
    clerk.press("2")
    clerk.window.go_to(Place.TROUBLE)
    clerk.until(lambda: [row.state for row in rows(clerk)] == ["Còn bản cũ ở nơi nhận"])
    assert rows(clerk)[0].deed is Deed.OPEN
    clerk.press(Qt.Key.Key_Return)
    clerk.until(lambda: clerk.window.place is Place.COUNTER and clerk.office.paper is not None)
    paper = clerk.office.paper
    assert paper is not None
    assert paper.part == "TP01"
    clerk.press("z", Qt.KeyboardModifier.ControlModifier)
    clerk.until(lambda: clerk.pages("TP01") == 1)
    clerk.window.go_to(Place.TROUBLE)
    clerk.until(lambda: not rows(clerk))
