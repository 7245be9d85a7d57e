"""The line above a stack's page: no reason is cut, and the page below does not jump."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ui.theme import Theme
from ui.widgets.reason_line import ReasonLine

LONG = (
    "«Giấy tờ khác» bắt đầu ở đây chỉ theo chữ in, không đọc được mã trên tờ phân cách. "
    "J nối với phần trước · X chuyển · K đúng rồi"
)


@pytest.mark.parametrize("width", [480, 540, 700, 1100])
def test_a_long_reason_is_seen_whole_at_any_width(theme: Theme, qtbot: QtBot, width: int) -> None:
    line = ReasonLine(theme)
    qtbot.addWidget(line)
    line.resize(width, line.sizeHint().height())
    line.show()
    line.say("Trang 2 · Tờ khai", doubtful=False)
    high = line.words.height()
    line.say(LONG, doubtful=True)
    line.layout().activate()
    assert line.words.height() == high
    assert line.words.heightForWidth(line.words.width()) <= high
