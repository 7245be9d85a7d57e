"""What forms are made of."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette
from pytestqt.qtbot import QtBot

from ui.theme import Theme
from ui.widgets.form import Words


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_what_tells_of_a_failure_looks_like_one_and_no_longer_than_it_is_said(
    qtbot: QtBot, colours: str
) -> None:
    theme = Theme()
    theme.dress(colours=colours)
    words = Words("soft")
    qtbot.addWidget(words)
    words.show()

    def ink() -> str:
        return words.palette().color(QPalette.ColorRole.WindowText).name()

    seen = []
    for text in ("Đang kiểm tra…", "✗ Sai tên đăng nhập hoặc mật khẩu.", "✓ Kết nối được."):
        words.setText(text)
        seen.append(ink())
    assert seen == [theme.tokens.ink_soft, theme.tokens.bad, theme.tokens.ink_soft]
