"""The light *Số hóa* stays where it is whatever the bar says or asks beside it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import Clerk
from tests.ui.stage import CODE
from ui.light_words import Light
from ui.theme import Theme
from ui.widgets.bar import Bar
from ui.wording import Mark


def place(widget: QWidget) -> QRect:
    """Where a widget is in its window."""
    return QRect(widget.mapTo(widget.window(), widget.rect().topLeft()), widget.size())


def test_the_light_is_seen_while_the_quiet_line_asks_or_a_scan_runs(clerk: Clerk) -> None:
    clerk.window.resize(1366, 768)
    clerk.open(CODE)
    bar = clerk.window.counter.bar
    light, quiet = bar.light, bar.quiet
    clerk.until(light.besides.isVisible)
    said, there = light.accessibleName(), place(light)
    assert light.text.width() >= light.text.sizeHint().width(), "whole"
    clerk.press("2")
    clerk.press("u")
    clerk.until(quiet.isVisible)
    assert not light.besides.isVisible()
    assert (light.accessibleName(), place(light)) == (said, there)
    assert not place(light).intersects(place(quiet))
    assert place(quiet).right() <= place(light).right()
    clerk.press(Qt.Key.Key_Escape)
    clerk.until(lambda: light.besides.isVisible() and not quiet.isVisible())
    bar.show_scanning("Đang quét vào: Tờ khai đăng ký khai sinh")
    assert bar.doing.isVisible()
    assert not light.besides.isVisible()
    assert (light.isVisible(), place(light)) == (True, there)


@pytest.mark.parametrize("points", [11, 14])
def test_nothing_moves_where_a_result_code_is_asked_for(
    theme: Theme, qtbot: QtBot, points: int
) -> None:
    theme.dress(points=points, colours="light")
    bar = Bar(theme)
    bar.resize(1200, bar.sizeHint().height())
    bar.count.setText("Đã lưu 7 trang")
    bar.light.say(Light(Mark.EMPTY, "Số hóa: còn thiếu kết quả", "Còn thiếu: CCCD"))
    bar.show()

    def places() -> tuple[object, ...]:
        QApplication.processEvents()
        still = (bar.scan_button, bar.profile, bar.light, bar.finish_button)
        return (bar.sizeHint(), *(part.geometry() for part in still))

    try:
        before = places()
        bar.ask_code(shown=True)
        bar.ask("Mã kết quả, ví dụ KQ.G07.000122 · Enter · Esc")
        assert places() == before
        assert bar.code.isVisible()
        assert bar.code.height() >= bar.code.fontMetrics().height() + 4
        bar.ask_code(shown=False)
        bar.ask("")
        assert places() == before
    finally:
        bar.deleteLater()
        theme.dress(points=11, colours="light")
