"""*Quét lô* in words, and where pages can go: facts in, Vietnamese sentences and choices out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from digitizer.model import (
    OTHER_PART,
    BlankReason,
    Bundle,
    Code,
    Dossier,
    Page,
    Paper,
    PaperKind,
    PlacedBy,
    Reading,
    Words,
)
from digitizer.stacking import Found, Stack, stack
from digitizer.stacks import Into
from ui import paper_words, stack_choices, stack_words, wording
from ui.finding import Named
from ui.reads import Desk
from ui.wording import Act, Tone

NOW = datetime(2026, 11, 22, 2, 40, tzinfo=UTC)
READING = Reading(1000, 1400, 120, 120, False, 0.1, 0, 0.0)
A, B, NEW = (f"000.00.20.H02-261122-000{number}" for number in (1, 2, 9))


def one(key: str, code: str | None, holder: str, *papers: tuple[str, str, bool]) -> Dossier:
    made = tuple(
        Paper(f"{key}-{part}", part, title, PaperKind.COMPONENT, True, multiple, "", at)
        for at, (part, title, multiple) in enumerate(papers)
    )
    return Dossier(key, code, None if code else 1, "", "", holder, "", "T", NOW, None, made)


IN_A = (
    ("TP01", "Tờ khai", False),
    ("TP02", "Giấy chứng sinh", False),
    ("TP03", "Giấy tờ tùy thân", True),
)
HERE = {
    "a": one("a", A, "Lê Hoàng Thảo Vy", *IN_A),
    "b": one("b", B, "", ("TP01", "Tờ khai đăng ký khai tử", False)),
    "u": one("u", None, "Chưa phân loại", (OTHER_PART, "Giấy tờ khác", True)),
}


def page(number: int, paper_id: str, *codes: str, **changes: object) -> Page:
    made = Page(
        id=f"page-{number}",
        batch_id="batch",
        batch_seq=number,
        batch_open=False,
        batch_read=True,
        paper_id=paper_id,
        sha256=f"{number:064x}",
        turn=0,
        placed_by=PlacedBy.CODE,
        deleted=False,
        reading=replace(READING, codes=tuple(Code("QRCode", code) for code in codes)),
        words=Words("t", "p", 3, 90.0),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def made(*pages: Page, running: bool = False) -> Stack:
    return stack(("s", NOW, None, running), pages, HERE, Found("u"))


STACK = made(
    page(1, "a-TP01"), page(2, "a-TP03"), page(3, "a-TP01"), page(4, "b-TP01", A), page(5, "u-TP99")
)


def test_a_stack_is_summed_up() -> None:
    assert stack_words.summary(STACK) == "5 trang · 2 hồ sơ · 2 chỗ cần xem"
    assert stack_words.summary(made(page(1, "a-TP01"))).endswith("không còn chỗ nào cần xem")
    fed = made(page(1, "a-TP01"), page(2, "a-TP01", words=None), running=True)
    assert stack_words.summary(fed) == "2 trang · 1 hồ sơ · đang đọc 1/2"


def test_a_stack_is_called_by_when_it_was_begun() -> None:
    clock, later = wording.clock(NOW), NOW.replace(day=24)
    assert stack_words.name(STACK, NOW) == f"Lô {clock}"
    assert stack_words.name(STACK, later) == f"Lô {clock} ngày {wording.day(NOW)}"
    second = replace(STACK, nth=2)
    assert stack_words.name(second, NOW) == f"Lô {clock} (2)"
    assert stack_words.name(second, later) == f"Lô {clock} ngày {wording.day(NOW)} (2)"


def test_dossiers_that_want_a_look_come_first_and_say_so() -> None:
    groups = stack_words.ordered(STACK)
    lines = [stack_words.group_line(group, "u") for group in groups]
    assert [(line.title, line.mark, line.state) for line in lines] == [
        ("Chưa phân loại", "trouble", "1 chỗ cần xem"),
        ("…0002 chưa rõ tên", "trouble", "1 chỗ cần xem"),
        ("…0001 Lê Hoàng Thảo Vy", "ready", "Không có chỗ ngờ"),
    ]
    fed = made(page(1, "a-TP01", words=None), page(2, "b-TP01", A), running=True)
    assert [group.dossier.id for group in stack_words.ordered(fed)] == ["a", "b"], "nothing jumps"
    assert stack_words.group_line(fed.groups[0], "u").state == "Đang đọc 0/1"


def test_cuts_and_places_are_named() -> None:
    assert [stack_words.cut(run) for run in STACK.runs[:3]] == [
        "Tờ khai · đầu lô",
        "Giấy tờ tùy thân · phần trước đã hết",
        "tiếp Tờ khai · phần trước đã hết",
    ]
    assert stack_words.where(STACK, "page-2") == (
        "Trang 2 · Giấy tờ tùy thân · …0001 Lê Hoàng Thảo Vy"
    )


def test_a_blank_page_says_so_under_its_picture_and_why_to_who_asks() -> None:
    specks = replace(READING, blank=True, blank_reason=BlankReason.SPECKS)
    blank = page(2, "a-TP01", reading=specks)
    assert stack_words.page_label(2, blank, None) == "2 · trang trắng"
    assert stack_words.page_told(2, blank, None) == "Trang 2 · trắng, có bụi"
    assert stack_words.where(made(page(1, "a-TP01"), blank), "page-2").startswith(
        "Trang 2 · trắng, có bụi · Tờ khai · "
    )
    stray = page(2, "u-TP99", reading=specks)
    doubt = made(page(1, "a-TP01"), stray).doubt("page-2")
    assert stack_words.page_label(2, stray, doubt) == "2 · chưa rõ", "a doubt goes first"
    assert stack_words.page_told(2, stray, doubt) == "Trang 2 · chưa rõ · trắng, có bụi"
    assert stack_words.page_told(1, page(1, "a-TP01"), None) == "Trang 1"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (4, f"Trang mang mã {A} nhưng đang ở hồ sơ …0002. X tách từ đây · K đúng rồi"),
        (5, "Trang này chưa rõ của hồ sơ nào. X chuyển cả đoạn · K đúng rồi"),
    ],
)
def test_a_doubt_says_why_and_which_keys_settle_it(number: int, said: str) -> None:
    doubt = STACK.doubt(f"page-{number}")
    assert doubt is not None
    assert stack_words.reason(STACK, doubt) == said


def test_what_is_left_to_do_is_said() -> None:
    assert stack_words.left(STACK) == "Còn 2 chỗ cần xem"
    assert stack_words.left(made(page(1, "a-TP01"))) == "Đã xem hết, có thể nhận"
    assert stack_words.left(made(page(1, "a-TP01"), running=True)) == "Lô này đang quét"
    unread = made(page(1, "a-TP01", words=None))
    assert stack_words.left(unread) == "Còn đang đọc 1 trang"
    assert stack_words.left(unread, on=True) == "Chưa quét hết lô: F5 quét tiếp"
    assert stack_words.cannot_accept(unread).title == "Chưa nhận được: còn đang đọc 1 trang"


def test_accepting_says_what_nobody_looked_at() -> None:
    notice = stack_words.accepted(STACK, ("a", "b"), called="lô 9:40", server=True)
    assert (notice.tone, notice.act) == (Tone.WARN, Act.TAKE_BACK)
    assert notice.title == "Đã nhận lô 9:40: 2 hồ sơ"
    assert notice.hint == "2 chỗ chưa xem. Sẽ tự gửi. 1 trang để lại trong Chưa phân loại."
    one = made(page(1, "a-TP01"))
    good = stack_words.accepted(one, ("a",), called="lô 9:40", server=False)
    assert (good.tone, good.hint) == (Tone.GOOD, "Chưa khai báo nơi gửi nên chưa gửi.")
    begun = stack_words.accepted(one, (), called="lô 9:40", server=True)
    assert begun.tone is Tone.WARN
    assert begun.hint.startswith("Sẽ tự gửi. 1 hồ sơ đang làm dở tại quầy chưa gửi: ")
    lacking = [one.groups[0].dossier]
    short = stack_words.accepted(one, ("a",), lacking, called="lô 9:40", server=True)
    assert short.tone is Tone.WARN
    assert short.hint == "Sẽ tự gửi. 1 hồ sơ còn thiếu giấy tờ: Lê Hoàng Thảo Vy."
    many = [replace(lacking[0], holder=name) for name in ("An", "Bình", "Chi", "Dung", "Giang")]
    for names, said in ((many[:3], "An, Bình, Chi."), (many, "An, Bình, Chi và 2 hồ sơ khác.")):
        told = stack_words.accepted(one, ("a",), names, called="lô 9:40", server=True)
        assert told.hint.endswith(f"{len(names)} hồ sơ còn thiếu giấy tờ: {said}")


def test_pages_behind_sent_ones_say_what_accepting_them_does() -> None:
    pages = (page(1, "a-TP01"),)
    shown = stack(("s", NOW, None, False), pages, HERE, Found("u", sent={"a-TP01": 2}))
    (doubt,) = shown.doubts
    assert stack_words.reason(shown, doubt) == (
        "Xếp sau 2 trang đã gửi của «Tờ khai», cả tệp sẽ gửi lại. X chuyển cả đoạn · K đúng rồi"
    )
    assert stack_words.page_label(1, pages[0], doubt) == "1 · đã gửi?"


@pytest.mark.parametrize("reason", ["jam", "cover", "lost"])
def test_accepting_a_stack_that_broke_off_says_so(reason: str) -> None:
    fed = made(page(1, "a-TP01"), page(2, "a-TP01", batch_reason=reason))
    notice = stack_words.accepted(fed, ("a",), called="lô 9:40", server=True)
    assert (notice.tone, notice.act) == (Tone.WARN, Act.TAKE_BACK)
    assert notice.hint == "Lô chưa quét hết. Sẽ tự gửi."
    whole = made(page(1, "a-TP01", batch_reason=reason), page(2, "a-TP01", batch_reason="empty"))
    said = stack_words.accepted(whole, ("a",), called="lô 9:40", server=True)
    assert (said.tone, said.hint) == (Tone.GOOD, "Sẽ tự gửi."), "the rest was fed after all"


def at_the_counter(one: Page) -> str:
    """What is said of a paper of this page, bundled, in a dossier that is done."""
    paper = replace(HERE["a"].papers[0], pages=(one,))
    dossier = replace(HERE["a"], papers=(paper,), finished_at=NOW)
    fingerprint = dossier.fingerprint(paper)
    assert fingerprint is not None
    paper = replace(paper, bundles=(Bundle(fingerprint, "b", 1, 9, NOW),))
    return paper_words.paper_line(
        Desk(replace(dossier, papers=(paper,)), server="server"), paper
    ).state


def test_a_paper_that_waits_for_its_stack_says_so_at_the_counter() -> None:
    assert at_the_counter(page(1, "a-TP01", held=True)) == "Đã có · chờ nhận lô"


def test_the_likeliest_place_comes_first() -> None:
    near = stack_choices.near(STACK, "page-4")
    assert near[0].title == "…0001 Lê Hoàng Thảo Vy", "its code says so"
    papers = stack_choices.near(STACK, "page-1")
    assert [(choice.title, choice.note) for choice in papers] == [
        ("Giấy chứng sinh", ""),
        ("Giấy tờ khác", ""),
        ("Giấy tờ tùy thân", "thêm một"),
        ("Giấy tờ tùy thân", "nhập vào"),
        ("…0002 chưa rõ tên", ""),
        ("Chưa phân loại", ""),
    ]
    assert papers[0].into == Into(dossier="a", part="TP02")
    assert papers[3].into == Into(paper="a-TP03", part="TP03")
    assert len({choice.into for choice in papers}) == len(papers)


def test_other_dossiers_are_found_by_what_is_typed_or_read() -> None:
    found = stack_choices.sought(Named((HERE["a"], HERE["u"])), "u")
    assert [choice.title for choice in found] == [
        "…0001 Lê Hoàng Thảo Vy",
        "Hồ sơ mới, chưa có mã",
    ]
    begun = stack_choices.sought(Named((), NEW), "u")
    assert begun[0].into == Into(code=NEW)


def test_a_paper_that_jammed_after_its_dossier_was_done_says_so_at_the_counter() -> None:
    later = (NOW + timedelta(minutes=1)).isoformat()
    assert at_the_counter(page(1, "a-TP01", left_off=later)) == "Quét dở dang · chưa gửi"
