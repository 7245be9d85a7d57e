"""Which paper a dossier opens at: the papers handed in before they are sent, the result after."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import Qt

from digitizer.app import App
from digitizer.model import PaperKind
from tests.ui.conftest import Clerk
from tests.ui.filled import fill
from tests.ui.stage import CODE, Stage, draw_page

AtWindow = Callable[[Stage], AbstractContextManager[Clerk]]


def test_papers_that_are_all_scanned_and_not_sent_are_where_it_opens(
    stage: Stage, at_window: AtWindow
) -> None:
    stage.prepare()
    file = stage.home.parent / "page.jpg"
    draw_page(file, ("TỜ KHAI",), dpi=100)
    with App(stage.home, "test") as app:
        papers = app.dossiers.find(CODE).papers
    wanted = [one for one in papers if one.required and one.kind is not PaperKind.RESULT]
    assert wanted
    for one in wanted:
        fill(stage, one.part, [file])
    with at_window(stage) as clerk:
        clerk.open(CODE)
        assert clerk.office.paper is not None
        assert clerk.office.paper.part == wanted[0].part, "F5 would scan into the result"
        clerk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        clerk.until(lambda: clerk.receipts == len(wanted))
        clerk.open(CODE)
        clerk.until(lambda: clerk.office.paper is not None)
        assert clerk.office.paper.part == "KQ01"
