"""The pure model of a stack: cuts with their reasons, doubts with theirs."""

from __future__ import annotations

from typing import Any

import pytest
from facts import MOMENT, READING, WORDS, coded, dossier, paper
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from digitizer.model import OTHER_PART, Code, Dossier, Page, PaperKind, PlacedBy
from digitizer.separators import NEXT_PAPER, payload
from digitizer.stacking import Found, Reason, Stack, Why, stack

A, B = (f"000.00.20.H02-261122-000{number}" for number in (1, 2))
SHEET = payload(NEXT_PAPER)


def one(key: str, code: str | None, *titles: str) -> Dossier:
    """A dossier with a paper for each title, and giấy tờ khác."""
    papers = [
        paper(id=f"{key}-{at}", part=f"TP{at:02d}", title=title, position=at)
        for at, title in enumerate(titles, start=1)
    ]
    other = paper(id=f"{key}-99", part=OTHER_PART, title="Giấy tờ khác", kind=PaperKind.OTHER)
    return dossier(*papers, other, id=key, code=code)


HERE = {
    "a": one("a", A, "Tờ khai đăng ký khai sinh", "Giấy chứng sinh"),
    "b": one("b", B, "Tờ khai đăng ký khai tử"),
    "u": one("u", None),
}


def in_paper(seq: int, paper_id: str, *codes: str, **changes: Any) -> Page:
    return replace(
        coded(seq, *codes), **{"paper_id": paper_id, "placed_by": PlacedBy.CODE, **changes}
    )


def sheet(seq: int, paper_id: str, *codes: str) -> Page:
    return in_paper(seq, paper_id, *codes, deleted=True, separator=True)


def made(*pages: Page, found: Found | None = None, running: bool = False) -> Stack:
    head = ("stack", MOMENT, None, running)
    return stack(head, pages, HERE, found or Found("u"))


def reasons(shown: Stack) -> dict[str, tuple[Reason, ...]]:
    return {doubt.page.id: doubt.reasons for doubt in shown.doubts}


def test_cuts_say_why() -> None:
    shown = made(
        in_paper(1, "u-99", placed_by=PlacedBy.BATCH),
        in_paper(2, "a-99", A),
        sheet(3, "a-1", SHEET),
        in_paper(4, "a-1"),
        sheet(5, "a-2"),
        in_paper(6, "a-2"),
        in_paper(7, "b-1", placed_by=PlacedBy.CLERK),
        in_paper(8, "a-2"),
    )
    assert [(run.paper.id, run.why, run.again) for run in shown.runs] == [
        ("u-99", Why.FIRST, False),
        ("a-99", Why.CODE, False),
        ("a-1", Why.SHEET, False),
        ("a-2", Why.PRINT, False),
        ("b-1", Why.HAND, False),
        ("a-2", Why.FOLLOWS, True),
    ]
    assert [(group.dossier.id, len(group.pages)) for group in shown.groups] == [
        ("u", 1),
        ("a", 4),
        ("b", 1),
    ]
    assert shown.unclaimed == 1


def test_doubts_come_worst_first_and_say_why() -> None:
    turned = replace(READING, turn_confidence=0.3)
    shown = made(
        in_paper(1, "a-99", A, reading=replace(turned, codes=(Code("QRCode", A),))),
        in_paper(2, "a-99", headings=("GIẤY CHỨNG SINH",)),
        sheet(3, "a-1"),
        in_paper(4, "a-1"),
        in_paper(5, "a-1", B),
        in_paper(6, "u-99"),
        in_paper(7, "u-99"),
        found=Found("u", frozenset({"page-7"})),
    )
    assert list(reasons(shown).items()) == [
        ("page-6", (Reason.UNCLAIMED,)),
        ("page-5", (Reason.CODE,)),
        ("page-4", (Reason.PRINTED,)),
        ("page-2", (Reason.TITLE,)),
        ("page-7", (Reason.TWIN,)),
        ("page-1", (Reason.TURN,)),
    ]
    assert (doubt := shown.doubt("page-5")) is not None
    assert doubt.code == B
    assert (doubt := shown.doubt("page-2")) is not None
    assert doubt.proposal is not None
    assert doubt.proposal.part == "TP02"


def test_pages_that_come_behind_pages_that_were_sent_are_a_doubt() -> None:
    pages = in_paper(1, "a-99", A), in_paper(2, "a-99"), in_paper(3, "b-1", B), in_paper(4, "a-99")
    sent = Found("u", sent={"a-99": 2})
    shown = made(*pages, found=sent)
    assert reasons(shown) == {"page-1": (Reason.BEHIND,)}, "once, where they begin"
    assert shown.doubts[0].behind == 2
    right = replace(pages[0], seen=frozenset({Reason.BEHIND.value}))
    assert reasons(made(right, *pages[1:], found=sent)) == {}
    by_hand = replace(pages[0], placed_by=PlacedBy.CLERK)
    assert reasons(made(by_hand, found=sent)) == {}, "the clerk put it there"


@pytest.mark.parametrize(
    ("mended", "gone"),
    [
        ({"placed_by": PlacedBy.CLERK}, {Reason.UNCLAIMED, Reason.CODE}),
        ({"turn": 90}, {Reason.TURN}),
        ({"kept": True}, {Reason.TWIN}),
        ({"seen": frozenset({"code", "turn"})}, {Reason.CODE, Reason.TURN}),
        ({"seen": frozenset(Reason)}, {Reason.UNCLAIMED, Reason.CODE, Reason.TWIN, Reason.TURN}),
    ],
)
def test_a_doubt_goes_away_when_mended_or_found_right(
    mended: dict[str, object], gone: set[Reason]
) -> None:
    reading = replace(READING, turn_confidence=0.3, codes=(Code("QRCode", B),))
    found = Found("u", frozenset({"page-1"}))
    before = made(in_paper(1, "u-99", reading=reading), found=found)
    assert set(before.doubts[0].reasons) == {
        Reason.UNCLAIMED,
        Reason.CODE,
        Reason.TWIN,
        Reason.TURN,
    }
    after = made(in_paper(1, "u-99", reading=reading, **mended), found=found)
    left = set(after.doubts[0].reasons) if after.doubts else set()
    assert left == set(before.doubts[0].reasons) - gone


def test_a_code_in_print_that_no_reader_read_is_a_doubt() -> None:
    printed = {"page-1": f"Mã hồ sơ: {B}", "page-2": f"Mã hồ sơ: {A}"}
    shown = made(in_paper(1, "a-99"), in_paper(2, "a-99"), found=Found("u", printed=printed))
    assert reasons(shown) == {"page-1": (Reason.CODE,)}


def test_the_page_before_a_double_feed_is_looked_at_alone() -> None:
    stopped = {"batch_reason": "double-feed"}
    shown = made(in_paper(1, "a-1", **stopped), in_paper(2, "a-1", **stopped))
    assert reasons(shown) == {"page-2": (Reason.DOUBLE_FEED,)}


def test_what_a_sheet_said_is_doubted_only_for_a_sure_title() -> None:
    faint = in_paper(2, "a-2", headings=("TỜ KHAI ĐĂNG KÝ KHAI SNH VA",))
    sure = in_paper(2, "a-2", headings=("TỜ KHAI ĐĂNG KÝ KHAI SINH",))
    assert reasons(made(sheet(1, "a-2", SHEET), faint)) == {}
    assert reasons(made(sheet(1, "a-2", SHEET), sure)) == {"page-2": (Reason.TITLE,)}


def test_a_title_leads_up_to_the_next_title() -> None:
    shown = made(
        in_paper(1, "a-99", A),
        in_paper(2, "a-99", headings=("TỜ KHAI ĐĂNG KÝ KHAI SINH",)),
        in_paper(3, "a-99"),
        in_paper(4, "a-99", headings=("GIẤY CHỨNG SINH",)),
        in_paper(5, "b-1"),
    )
    assert [one.id for one in shown.titled_from("page-2")] == ["page-2", "page-3"]
    assert [one.id for one in shown.titled_from("page-4")] == ["page-4"]
    assert [one.id for one in shown.from_here("page-3")] == ["page-3", "page-4"]


def test_a_stack_is_ready_once_nothing_of_it_moves_by_itself() -> None:
    assert made(in_paper(1, "a-1")).ready
    assert not made(in_paper(1, "a-1"), running=True).ready
    assert not made(in_paper(1, "a-1", words=None)).ready
    assert not made().ready


PAPERS = ["a-1", "a-2", "a-99", "b-1", "u-99"]
ANY_PAGE = st.builds(
    lambda paper_id, placed_by, deleted, separator, code, read: (
        paper_id,
        placed_by,
        deleted or separator,
        separator,
        code,
        read,
    ),
    st.sampled_from(PAPERS),
    st.sampled_from(list(PlacedBy)),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", A, B, SHEET]),
    st.booleans(),
)


@given(st.lists(ANY_PAGE, max_size=40))
def test_every_page_that_counts_is_in_one_run_in_the_order_of_the_paper(
    drawn: list[tuple[str, PlacedBy, bool, bool, str, bool]],
) -> None:
    pages = [
        in_paper(
            seq,
            paper_id,
            *([code] if code else []),
            placed_by=placed_by,
            deleted=deleted,
            separator=separator,
            words=WORDS if read else None,
        )
        for seq, (paper_id, placed_by, deleted, separator, code, read) in enumerate(drawn, start=1)
    ]
    live = [one for one in pages if not one.deleted]
    shown = made(*pages)
    assert list(shown.pages) == live
    assert [one for run in shown.runs for one in run.pages] == live
    assert all({one.paper_id for one in run.pages} == {run.paper.id} for run in shown.runs)
    neighbours = zip(shown.runs, shown.runs[1:], strict=False)
    assert all(one.paper.id != other.paper.id for one, other in neighbours)
    assert sum(len(group.pages) for group in shown.groups) == len(live)
    assert sum(group.doubts for group in shown.groups) == len(shown.doubts)
    worst = [list(Reason).index(doubt.reasons[0]) for doubt in shown.doubts]
    assert worst == sorted(worst)
    for one in live:
        here = shown.from_here(one.id)
        run = shown.run_of(one.id)
        assert run is not None
        assert here == run.pages[-len(here) :]
        assert here[0] is one
    for doubt in shown.doubts:
        right = replace(doubt.page, seen=doubt.page.seen | set(doubt.reasons))
        again = made(*(right if one.id == right.id else one for one in pages))
        assert again.doubt(right.id) is None
