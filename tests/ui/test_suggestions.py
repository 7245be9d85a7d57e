"""Pages among *giấy tờ khác* that bear a title of the list: asked about quietly, moved on C."""

from __future__ import annotations

from PySide6.QtCore import Qt

from digitizer.model import OTHER_PART
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE
from ui.wording import Act, Tone

CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_title_is_asked_about_and_c_moves_its_pages_and_undo_takes_them_back(
    clerk: Clerk,
) -> None:
    clerk.open(CODE)
    desk = clerk.office.desk
    assert desk is not None
    other = desk.dossier.paper(OTHER_PART)
    assert other is not None
    clerk.office.choose_paper(other.id)
    clerk.scan()
    banner = clerk.window.counter.banner
    clerk.until(lambda: banner.notice is not None and banner.notice.act is Act.FILE)
    assert banner.notice is not None
    assert banner.notice.tone is Tone.INFO
    assert banner.notice.title == "Có vẻ là «Tờ khai đăng ký khai sinh»"
    moving = len(banner.notice.pages)
    clerk.press(Qt.Key.Key_C)
    clerk.until(lambda: clerk.pages("TP01") == moving)
    clerk.press(Qt.Key.Key_Z, CTRL)
    clerk.until(lambda: clerk.pages("TP01") == 0)
    assert clerk.pages(OTHER_PART) == 3
