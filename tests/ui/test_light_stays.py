"""The light *Số hóa* stays where it is whatever the bar says beside it."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from tests.ui.conftest import Clerk
from tests.ui.stage import CODE


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
