"""Large text on a small screen, in both languages: no sentence that tells a state is cut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from digitizer.errors import HomeSealed
from digitizer.model import Dossier
from digitizer.profiles import OFFICE
from digitizer.scanning import Progress
from digitizer.stacking import Stack
from tests.ui.conftest import PATIENCE_MS
from ui import light_words, page_words, scan_words, stack_words, wording
from ui.homes import HomeOpener
from ui.language import Language, say, speak
from ui.light_words import Light
from ui.screens.opening import Opening
from ui.target import Target
from ui.theme import GRID, Theme
from ui.widgets import frames, thumbnails
from ui.widgets.bar import Bar
from ui.widgets.few_lines import below_picture
from ui.widgets.header import Header
from ui.widgets.scan_elsewhere import ScanElsewhere
from ui.widgets.shortened import Shortened, heading, shorten
from ui.widgets.stack_bar import StackBar
from ui.wording import Mark

BESIDE_RAIL = 1366 - 208
"""Pixels beside the widest rail, in English."""
NOW = datetime(2026, 11, 22, 2, 40, tzinfo=UTC)
LONG = "Giấy tờ tùy thân của người đi đăng ký"
PROMPTS = (
    "Mã kết quả, ví dụ KQ.G07.000122 · Enter · Esc",
    "Kéo góc hoặc mũi tên · V: góc khác · Enter: cắt · Esc",
)


@pytest.fixture(params=list(Language))
def large(request: pytest.FixtureRequest, qapp: QApplication, theme: Theme) -> Iterator[Theme]:
    """The look, in large type and one of the languages."""
    back = speak(qapp, request.param)
    theme.dress(points=14, colours="light")
    yield theme
    theme.dress(points=11, colours="light")
    back()


def shown(qtbot: QtBot, widget: QWidget) -> None:
    """Show a widget as wide as it is in the window."""
    qtbot.addWidget(widget)
    widget.resize(BESIDE_RAIL, widget.sizeHint().height())
    widget.show()
    settle(widget)


def settle(widget: QWidget) -> None:
    """Let what was said find its place; the window gives a bar the height it asks for."""
    for _ in range(3):
        QApplication.processEvents()
        widget.resize(BESIDE_RAIL, widget.sizeHint().height())


def read(label: Shortened) -> str:
    """What is drawn of a label, in one line; it has the height for that."""
    lines = label.lines_at(label.width())
    assert label.isVisible()
    assert label.height() >= len(lines) * label.fontMetrics().height()
    return " ".join(lines)


def whole(button: QPushButton) -> bool:
    """Whether a button's words fit on it."""
    metrics = button.fontMetrics()
    return all(
        metrics.horizontalAdvance(one) <= button.width() for one in button.text().split("\n")
    )


def test_the_light_is_read_to_its_end(large: Theme, qtbot: QtBot) -> None:
    bar = Bar(large)
    bar.profile.show_profiles((OFFICE,), OFFICE)
    bar.count.setText(wording.saved(120))
    bar.finish_button.setText(bar.tr("Mở lại hồ sơ"))
    bar.show_scanning("")
    shown(qtbot, bar)
    heights = set()
    for text in light_words.every():
        bar.light.say(Light(Mark.WORKING, text, say("Còn thiếu {0} giấy tờ", 5)))
        settle(bar)
        assert read(bar.light.text) == text
        assert "…" not in read(bar.light.besides)
        heights.add(bar.sizeHint().height())
    assert len(heights) == 1, "the page above it does not move"


@pytest.mark.parametrize("prompt", PROMPTS)
def test_what_is_asked_is_read_to_its_end(large: Theme, qtbot: QtBot, prompt: str) -> None:
    bar = Bar(large)
    bar.profile.show_profiles((OFFICE,), OFFICE)
    bar.light.say(Light(Mark.WORKING, light_words.every()[1], "x"))
    shown(qtbot, bar)
    height = bar.sizeHint().height()
    bar.ask(prompt)
    settle(bar)
    assert bar.quiet.text() == say(prompt)
    assert "…" not in read(bar.quiet)
    assert bar.sizeHint().height() == height, "the page above it does not move"
    bar.ask("")
    settle(bar)
    assert bar.light.isVisible()


def test_of_a_scan_the_name_gives_way_and_the_page_is_told(large: Theme, qtbot: QtBot) -> None:
    target = Target("d", "Nguyễn Phước Quý Khánh Hưng Hoàng Phương Uyên", "p", LONG)
    doing = scan_words.doing(target, Progress(6, None), 0, searching=False, here="")
    behind = doing.text.partition(doing.name)[2]
    bar, elsewhere = Bar(large), ScanElsewhere(large)
    for widget, label in ((bar, bar.doing), (elsewhere, elsewhere.doing)):
        shown(qtbot, widget)
        if widget is bar:
            bar.show_scanning(doing.text, doing.name)
        else:
            elsewhere.show_scan(target, doing, by_key=True)
        settle(widget)
        assert read(label).endswith(behind)
        assert LONG[:12] in read(label)
        assert label.toolTip() == doing.text


def test_what_a_stack_waits_for_is_read_to_its_end(large: Theme, qtbot: QtBot) -> None:
    bar = StackBar(large)
    bar.profile.show_profiles((OFFICE,), OFFICE)
    shown(qtbot, bar)
    stack = Stack("s", NOW, None, False, (), (), (), ())
    bar.show_scanning("", "", on=True)
    bar.show_stack(stack)
    settle(bar)
    assert read(bar.left) == say(stack_words.BROKE_OFF)
    bar.show_scanning("", "", on=False)
    settle(bar)
    for button in (bar.scan_button, bar.next_button, bar.accept_button):
        assert button.width() >= button.sizeHint().width()
    bar.show_scanning("", "", on=True)
    settle(bar)
    height = bar.sizeHint().height()
    target = Target("", "", None, "", stack="s")
    doing = scan_words.doing(target, Progress(106, None), 0, searching=False, here="s")
    bar.show_scanning(doing.text, doing.name, on=False)
    bar.show_stack(replace(stack, running=True))
    settle(bar)
    assert "…" not in read(bar.doing)
    assert bar.sizeHint().height() == height


def test_the_header_tells_the_state_of_a_dossier_and_of_the_outbox(
    large: Theme, qtbot: QtBot
) -> None:
    header = Header(large)
    shown(qtbot, header)
    procedure = "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan, tổ chức cấp"
    made = Dossier(
        "d", "000.00.20.H02-261122-0007", None, "", procedure, "Trần Văn Quyết", "", "", NOW, NOW
    )
    header.show_dossier(made)
    traffic = f"{say('{0} chờ gửi', 12)} · {say('cập nhật lúc {0}', '9:34')}"
    header.show_traffic(traffic, "", troubled=False)
    settle(header)
    assert read(header.about).endswith(wording.opened(made))
    assert header.about.toolTip().startswith(procedure)
    assert whole(header.outbox)
    assert whole(header.search)
    assert "\n" in header.outbox.text()
    assert header.outbox.accessibleName() == traffic
    assert header.code.width() >= header.code.sizeHint().width()


def test_what_is_said_of_a_page_is_whole_below_its_picture(large: Theme) -> None:
    metrics = QFontMetrics(large.font(0.92, bold=True))
    strip, film = thumbnails.PICTURE.width() + 2 * GRID, frames.PICTURE.width() + 2 * GRID - 4
    for width in (strip, film):
        for said in (say(short) for short in stack_words._SHORT.values()):
            lines = below_picture(f"117 · {said}", metrics, width)
            assert " ".join(lines) in (f"117 {said}", f"117 · {said}")
        for why in (say(why) for why in page_words._BLANK.values()):  # all of it is told on hover
            lines = below_picture(f"117 · {why}", metrics, width)
            assert why.partition(",")[0] in " ".join(lines)
    assert below_picture("3 · x", metrics, strip) == ["3", "x"]


def test_why_a_paper_begins_is_told_beside_a_long_name(large: Theme) -> None:
    metrics = QFontMetrics(large.font(0.92))
    cut = f"{LONG} · {say('theo tờ phân cách')}"
    room = metrics.horizontalAdvance(cut) - 60
    assert shorten(cut, LONG, metrics, room).endswith(f"… · {say('theo tờ phân cách')}")


def test_in_running_type_all_is_in_one_line(theme: Theme, qtbot: QtBot) -> None:
    header = Header(theme)
    qtbot.addWidget(header)
    header.show_traffic("Đã gửi hết · cập nhật lúc 9:49", "", troubled=False)
    header.resize(1366 - 160, 72)
    header.show()
    assert "\n" not in header.outbox.text() + header.search.text()


def test_a_name_gives_way_and_what_is_said_of_it_stays(theme: Theme, qtbot: QtBot) -> None:
    label = Shortened("soft")
    qtbot.addWidget(label)
    label.say("Đăng ký khai sinh · Đã xong lúc 9:36", "Đăng ký khai sinh")
    state = label.fontMetrics().horizontalAdvance(" · Đã xong lúc 9:36")
    (shown,) = label.lines_at(state + label.fontMetrics().horizontalAdvance("Đăng ký…"))
    assert shown.startswith("Đăng")
    assert shown.endswith("… · Đã xong lúc 9:36")
    assert label.lines_at(state) == ["Đã xong lúc 9:36"], "no room for a name at all"
    assert label.lines_at(state // 2)[0].endswith("…")


def test_what_is_said_of_a_locked_home_is_read_to_its_end(large: Theme, qtbot: QtBot) -> None:
    opening = Opening(large, HomeOpener(Path("/nowhere")))
    qtbot.addWidget(opening)
    opening.resize(1366, 768)
    opening.show()
    opening.show_trouble(HomeSealed())
    qtbot.waitUntil(
        lambda: opening.hint.height() >= opening.hint.heightForWidth(72 * GRID), timeout=PATIENCE_MS
    )
    assert opening.hint.text() == say(HomeSealed.hint)
    assert opening.hint.heightForWidth(72 * GRID) > opening.hint.fontMetrics().height()


def test_what_stands_below_a_title_takes_a_second_line(large: Theme, qtbot: QtBot) -> None:
    head, told = Shortened("strong"), Shortened("soft")
    page = QWidget()
    page.setLayout(heading(head, told))
    qtbot.addWidget(page)
    page.resize(420, 200)
    page.show()
    told.say(say("{0}: bàn khác đã gửi một tệp cho giấy tờ này. Chọn bản để giữ.", "Tờ khai"))
    qtbot.waitUntil(lambda: told.height() >= 2 * told.fontMetrics().height(), timeout=PATIENCE_MS)
    assert "…" not in read(told)
