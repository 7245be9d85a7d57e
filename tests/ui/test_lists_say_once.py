"""What the lists say, the banner does not say too; long sentences end; times are true ones."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QStyleOptionViewItem

from digitizer.sandbox.faults import Fault
from tests.ui.conftest import Clerk
from tests.ui.stage import Stage
from tests.ui.test_day_lists import go, rows
from ui.places import Place
from ui.rows import Deed, Row
from ui.theme import Theme
from ui.widgets.row_view import RowView

LONG = (
    "Hệ thống thủ tục không nhận giấy tờ này (Giấy chứng sinh, Giấy tờ tùy thân của cha và mẹ, "
    "Giấy đăng ký kết hôn). Mở hồ sơ, xem lại từng giấy tờ rồi gửi lại; nếu vẫn không được thì hỏi "
    "người quản trị hệ thống."
)


def test_what_a_line_says_the_banner_does_not_say_too(clerk: Clerk, stage: Stage) -> None:
    stage.faults.set(Fault.NOT_AUTHENTICATED)
    banner = clerk.window.banner
    clerk.office.fetch()
    clerk.until(banner.isVisible)
    screen = go(clerk, Place.TROUBLE)
    clerk.until(lambda: [row.deed for row in rows(screen)] == [Deed.PASSWORD])
    assert banner.notice is not None
    assert banner.notice.title == rows(screen)[0].title
    assert not banner.isVisible()
    go(clerk, Place.TODAY)
    assert banner.isVisible()
    go(clerk, Place.TROUBLE)
    assert not banner.isVisible()


def test_an_update_that_did_not_come_whole_is_not_the_last_one(clerk: Clerk, stage: Stage) -> None:
    outbox = clerk.window.header.outbox
    clerk.until(lambda: "cập nhật lúc" in outbox.text())
    before, said = clerk.office.fetched_at, outbox.text()
    stage.faults.set(Fault.UNAVAILABLE)
    clerk.office.fetch()
    clerk.until(lambda: clerk.office.unfetched is not None)
    assert clerk.office.fetched_at == before
    assert outbox.text() == said
    stage.faults.set(Fault.UNAVAILABLE, 0)
    clerk.office.fetch()
    clerk.until(lambda: clerk.office.fetched_at != before)


@pytest.fixture
def view(theme: Theme) -> RowView:
    view = RowView(theme)
    view.resize(700, 400)
    short = Row("a", "Hoàng Thị Bích Ngọc", "bad", "bad", "Chưa gửi được", sentence="Ngắn thôi.")
    long = Row("b", "Hoàng Thị Bích Ngọc", "bad", "bad", "Chưa gửi được", sentence=LONG,
               deed=Deed.RETRY)  # fmt: skip
    view.show_rows([short, long])
    view.show()
    return view


def test_a_long_sentence_takes_the_lines_it_needs(view: RowView) -> None:
    short, long = (view.visualRect(view.list.index(at)) for at in range(2))
    line = view.fontMetrics().height()
    assert long.height() - short.height() in range(2 * line, 6 * line)
    view.resize(1300, 400)
    view.doItemsLayout()
    wide = view.visualRect(view.list.index(1))
    assert short.height() < wide.height() < long.height()
    words = view._paint._words(view.list.rows[1])
    drawn = words._laid_out(view._paint._inner(wide).width() - 32)
    assert sum(drawn.lineAt(at).textLength() for at in range(drawn.lineCount())) == len(
        f"Chưa gửi được · {LONG}"
    )
    assert view._paint.sizeHint(QStyleOptionViewItem(), view.list.index(0)).height() > 0
    button = view._paint.button(wide, view.list.rows[1])
    assert QRect(wide).contains(button)


def test_dates_and_buttons_stand_one_under_another(view: RowView) -> None:
    def line(key: str, deed: Deed) -> Row:
        return Row(key, "Hoàng Thị Bích Ngọc", "empty", side="hạn 28/11", deed=deed)

    view.show_rows([line("a", Deed.OPEN), line("b", Deed.NONE), line("c", Deed.PASSWORD)])
    paint = view._paint
    places = [view.visualRect(view.list.index(at)) for at in range(3)]
    assert len({paint._inner(place).right() for place in places}) == 1
    opens, none, asks = (
        paint.button(place, row) for place, row in zip(places, view.list.rows, strict=True)
    )
    assert none.isEmpty()
    assert (opens.left(), opens.right()) == (asks.left(), asks.right())
    assert paint._inner(places[0]).right() < asks.left()
    before = paint._inner(places[0]).right()
    view.show_rows([line("a", Deed.OPEN), line("b", Deed.NONE)])
    assert paint._inner(places[0]).right() > before, "as wide as the buttons that are there"
