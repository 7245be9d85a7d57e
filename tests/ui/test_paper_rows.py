"""A paper's row says its state whole: beside the count, on a second line, or to who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QScrollBar

from digitizer import errors
from digitizer.plan import WorkKind
from digitizer.work.queue import Parked
from tests.ui.conftest import Clerk
from tests.ui.stage import CODE
from ui import wording
from ui.paper_words import PaperLine
from ui.theme import GRID, Theme
from ui.widgets.papers import Papers, _Row
from ui.wording import Mark, Notice, Tone

WIDTH = 38 * GRID
"""Of the column, on a small screen."""


@pytest.fixture
def row(theme: Theme) -> Iterator[Callable[[str, Mark], _Row]]:
    made: list[_Row] = []

    def shown(state: str, mark: Mark = Mark.TROUBLE) -> _Row:
        one = _Row(theme, "paper")
        made.append(one)
        one.resize(WIDTH, 100)
        line = PaperLine(mark, "Giấy chứng sinh", "2 trang", state)
        one.show_line(2, line, current=False, scanning=False)
        return one

    yield shown
    for one in made:
        one.deleteLater()


def stuck(error: str, *, parked: bool) -> Parked:
    return Parked("dossier", WorkKind.UPLOAD, "paper", 1, parked, error, "", "")


def drawn(row: _Row) -> list[str]:
    return row._state_lines(WIDTH - row._left() - 2 * GRID)


@pytest.mark.parametrize(
    "error",
    [errors.Offline, errors.ServerTrouble, errors.UploadRefused, errors.PaperDropped],
)
@pytest.mark.parametrize("parked", [True, False])
def test_why_a_paper_is_not_sent_is_said_whole(
    row: Callable[[str, Mark], _Row], error: type[errors.DigitizerError], *, parked: bool
) -> None:
    said = wording.trouble_text(stuck(error.code, parked=parked))
    shown = row(said, Mark.TROUBLE)
    assert " ".join(drawn(shown)) == said
    assert shown.heightForWidth(WIDTH) > row("Đã có", Mark.READY).heightForWidth(WIDTH)


def test_what_is_longer_than_two_lines_is_told_on_hover_and_to_screen_readers(
    row: Callable[[str, Mark], _Row],
) -> None:
    said = "Đã gửi lúc 9:40 · Dùng lại từ hồ sơ khác · Chữ ký số hợp lệ: Ủy ban nhân dân xã Tân Lập"
    shown = row(said, Mark.SENT)
    assert len(drawn(shown)) == 2
    assert drawn(shown)[1].endswith("…")
    assert said in shown.toolTip()
    assert said in shown.accessibleName()


def test_rows_keep_their_height_while_pages_are_read(row: Callable[[str, Mark], _Row]) -> None:
    states = ("Chờ quét xong · đọc chữ 107/120", "Đang đọc chữ 119/120", "Đang đóng tệp PDF")
    heights = {row(said, Mark.WORKING).heightForWidth(WIDTH) for said in states}
    assert heights == {row("Đã có", Mark.READY).heightForWidth(WIDTH)}


def whole(papers: Papers, paper_id: str) -> bool:
    """Whether all of a row is seen."""
    row, port = papers._rows[paper_id], papers._scroll.viewport()
    return port.rect().contains(QRect(row.mapTo(port, QPoint(0, 0)), row.size()))


def test_the_current_paper_stays_whole_when_a_banner_takes_room(clerk: Clerk) -> None:
    clerk.window.resize(1366, 600)
    clerk.open(CODE)
    papers, office = clerk.window.counter.papers, clerk.office
    assert office.desk is not None
    ids = [paper.id for paper in office.desk.dossier.listed]
    port = papers._scroll.viewport()
    clerk.until(lambda: papers._scroll.verticalScrollBar().maximum() > 0)
    last = next(one for one in reversed(ids) if whole(papers, one))  # right above the edge
    office.choose_paper(last)
    clerk.until(lambda: whole(papers, last) and not papers._laid_out.isActive())
    before = port.height()
    edge = papers._rows[last].geometry().bottom() + 1 - before
    papers._scroll.verticalScrollBar().setValue(max(0, edge))
    clerk.window.banner.say(Notice(Tone.WARN, "Kẹt giấy", "Mở nắp, lấy tờ giấy ra. " * 12))
    clerk.until(lambda: port.height() < before)
    clerk.until(lambda: whole(papers, last))
    clerk.window.banner.clear()
    clerk.until(lambda: port.height() == before)
    papers._scroll.verticalScrollBar().triggerAction(QScrollBar.SliderAction.SliderToMaximum)
    office.choose_paper(ids[0])
    clerk.until(lambda: whole(papers, ids[0]))
    papers._scroll.verticalScrollBar().triggerAction(QScrollBar.SliderAction.SliderToMaximum)
    assert not whole(papers, ids[0])
    clerk.window.banner.say(Notice(Tone.WARN, "Kẹt giấy", "Mở nắp, lấy tờ giấy ra. " * 12))
    clerk.until(lambda: port.height() < before)
    assert not whole(papers, ids[0]), "what the clerk scrolled away from stays away"
