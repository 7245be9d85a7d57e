"""Codes lead pages to dossiers; a code's meaning ends where the next begins."""

from __future__ import annotations

from typing import Any

from facts import READING, coded, page
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from digitizer.model import Page, PlacedBy
from digitizer.routing import Astray, Base, Route, Sides, routes
from digitizer.separators import NEXT_DOSSIER, NEXT_PAPER, Parts, Separator, payload

A, B = "000.00.20.H02-261122-0001", "H21.10.20-240508-0002"
NOWHERE = Base()
KNOWN = {A: "dossier-a", B: "dossier-b"}


def led(*pages: Page) -> list[tuple[int, str]]:
    return [
        (route.page.batch_seq, str(route.goal.dossier))
        for route in routes(pages, KNOWN.get)
        if route.goal is not None
    ]


def test_a_known_code_leads_its_page_and_those_after_it() -> None:
    assert led(page(1), coded(2, f"HS {A}"), page(3)) == [(2, "dossier-a"), (3, "dossier-a")]


def test_the_next_code_takes_over() -> None:
    assert led(coded(1, A), page(2), coded(3, B), page(4)) == [
        (1, "dossier-a"),
        (2, "dossier-a"),
        (3, "dossier-b"),
        (4, "dossier-b"),
    ]


UNKNOWN, OTHER = "000.00.20.H02-261122-9999", "000.00.20.H02-261122-9998"


def test_a_code_nobody_knows_leads_its_page_and_those_behind_it_astray() -> None:
    assert told(page(1), coded(2, UNKNOWN), page(3)) == ["-", "astray/page-2", "astray/page-2"]


def test_a_code_nobody_knows_ends_what_an_earlier_one_said() -> None:
    found = told(coded(1, A), page(2), coded(3, UNKNOWN), page(4), coded(5, B))
    assert found[1:] == ["dossier-a", "astray/page-3", "astray/page-3", "dossier-b"]


def test_pages_of_several_strangers_are_kept_apart() -> None:
    found = told(coded(1, UNKNOWN), coded(2, UNKNOWN), coded(3, OTHER), page(4))
    assert found == ["astray/page-1", "astray/page-1", "astray/page-3", "astray/page-3"]


def test_a_page_of_several_dossiers_is_nobodys_but_for_that_scanned_into() -> None:
    assert told(coded(1, A), coded(2, A, B), page(3))[1:] == ["astray/page-2", "astray/page-2"]
    into = Base("dossier-a")
    assert told(coded(1, B), coded(2, A, UNKNOWN), page(3), base=into)[1:] == ["-", "-"]


def test_behind_an_unnamed_dossier_sheet_a_receipt_nobody_knows_changes_nothing() -> None:
    """Before, its pages jumped back into the dossier that was scanned into."""
    stack = (page(1), sheet(2, NEXT_DOSSIER), page(3), coded(4, UNKNOWN), page(5), coded(6, OTHER))
    assert told(*stack) == [
        "-",
        "S astray/page-2",
        "astray/page-2",
        "astray/page-2",
        "astray/page-2",
        "astray/page-6",
    ]


def test_a_dossier_without_a_code_takes_the_first_receipt_for_its_own_and_no_other() -> None:
    waits = Base("local", local=True)
    found = told(coded(1, UNKNOWN), page(2), coded(3, OTHER), page(4), base=waits)
    assert found == ["-", "-", "astray/page-3", "astray/page-3"]
    had = replace(waits, own=OTHER)
    assert told(coded(1, UNKNOWN), coded(2, OTHER), base=had) == ["astray/page-1", "astray/page-2"]
    assert told(coded(1, OTHER), page(2), base=had) == ["-", "-"]
    assert told(coded(1, A), coded(2, UNKNOWN), base=waits)[1] == "astray/page-2"


def test_a_receipt_of_the_dossier_scanned_into_moves_nothing() -> None:
    assert led(coded(1, A), page(2)) == [(1, "dossier-a"), (2, "dossier-a")]
    assert told(page(1), coded(2, A), page(3), base=Base("dossier-a"))[1:] == ["dossier-a"] * 2


def test_a_link_to_somebody_else_leads_nowhere() -> None:
    link = f"https://example.vn/x?id={A}"
    assert told(coded(1, link), page(2)) == ["-", "-"]
    assert told(coded(1, B), coded(2, link), page(3)) == ["dossier-b"] * 3
    own = Base("x", hosts=frozenset(["motcua.tinh.gov.vn"]))
    receipt = f"https://dichvucong.tinh.gov.vn/tra-cuu?ma={A}"
    assert told(coded(1, receipt), page(2), base=own) == ["dossier-a"] * 2
    assert told(coded(1, link), base=own) == ["-"]


def test_pages_behind_an_unread_one_wait() -> None:
    assert led(coded(1, A), page(2, reading=None), page(3)) == [(1, "dossier-a")]


def test_a_deleted_unread_page_is_not_waited_for() -> None:
    deleted = page(2, reading=None, deleted=True)
    assert led(coded(1, A), deleted, page(3)) == [(1, "dossier-a"), (3, "dossier-a")]


def test_the_clerks_choice_stands_but_its_code_still_speaks() -> None:
    chosen = coded(1, A, placed_by=PlacedBy.CLERK)
    assert led(chosen, page(2)) == [(2, "dossier-a")]


# --- separator sheets -------------------------------------------------------------------------


def sheet(seq: int, says: Separator, **changes: Any) -> Page:
    return coded(seq, payload(says), **changes)


def blank(seq: int, **changes: Any) -> Page:
    return page(seq, reading=replace(READING, blank=True), **changes)


def printed(seq: int, *lines: str, **changes: Any) -> Page:
    return page(seq, headings=lines, **changes)


def told(*pages: Page, sides: Sides = Sides.UNKNOWN, base: Base = NOWHERE) -> list[str]:
    """Say of each page where it goes: ``-`` stays, ``S`` in front: a separator's side."""
    found = {route.page.id: route for route in routes(pages, KNOWN.get, sides, base)}
    return [_said(found[one.id]) if one.id in found else "." for one in pages]


def _said(route: Route) -> str:
    goal = route.goal
    where = "-"
    if goal is not None:
        dossier = goal.dossier.value if isinstance(goal.dossier, Astray) else goal.dossier
        where = dossier or goal.begin or "home"
        if goal.opener:
            where += f"/{goal.says.part or goal.opener}"
    return ("S " if route.separator else "") + where


DOSSIER_A, DOSSIER_B = Separator(Parts.DOSSIER, A), Separator(Parts.DOSSIER, B)
BIRTH = Separator(Parts.PAPER, part="TP02", title="Giấy chứng sinh")
UNREAD = "TỜ PHÂN CÁCH HỒ SƠ"


def test_a_separator_leads_what_follows_and_goes_there_itself() -> None:
    assert told(sheet(1, DOSSIER_A), page(2), sheet(3, DOSSIER_B), page(4)) == [
        "S dossier-a",
        "dossier-a",
        "S dossier-b",
        "dossier-b",
    ]


def test_a_separator_of_a_dossier_we_do_not_know_begins_it() -> None:
    new = "000.00.20.H02-261122-0009"
    found = told(sheet(1, DOSSIER_A), page(2), sheet(3, Separator(Parts.DOSSIER, new)), page(4))
    assert found[2:] == [f"S {new}", new]


def test_a_paper_sheet_tells_the_paper_within_the_dossier() -> None:
    assert told(sheet(1, DOSSIER_A), sheet(2, BIRTH), page(3), sheet(4, NEXT_PAPER), page(5)) == [
        "S dossier-a/TP02",
        "S dossier-a/TP02",
        "dossier-a/TP02",
        "S dossier-a/page-4",
        "dossier-a/page-4",
    ]


def test_a_paper_never_leaks_into_the_next_dossier() -> None:
    for leader in (sheet(4, DOSSIER_B), coded(4, B)):
        found = told(sheet(1, DOSSIER_A), sheet(2, BIRTH), page(3), leader, page(5))
        assert found[4] == "dossier-b"


def test_a_code_of_the_same_dossier_does_not_end_a_paper() -> None:
    assert told(sheet(1, DOSSIER_A), sheet(2, BIRTH), coded(3, A), page(4))[2:] == [
        "dossier-a/TP02",
        "dossier-a/TP02",
    ]


def test_patch_t_parts_papers_in_the_dossier_that_was_scanned_into() -> None:
    assert told(page(1), coded(2, "PATCHT"), page(3)) == ["-", "S home/page-2", "home/page-2"]


def test_the_printed_back_goes_with_its_front() -> None:
    front, back = sheet(1, NEXT_PAPER), sheet(2, NEXT_PAPER)
    for sides in (Sides.BOTH, Sides.UNKNOWN):
        assert told(front, back, page(3), page(4), sides=sides) == [
            "S home/page-1",
            "S home/page-1",
            "home/page-1",
            "home/page-1",
        ]


def test_a_blank_back_goes_with_its_separator_and_no_other_blank_page_does() -> None:
    for sides in (Sides.BOTH, Sides.UNKNOWN):
        found = told(sheet(1, DOSSIER_A), blank(2), page(3), blank(4), sides=sides)
        assert found == ["S dossier-a", "S dossier-a", "dossier-a", "dossier-a"]
    twice = told(sheet(1, DOSSIER_A), sheet(2, DOSSIER_A), blank(3), page(4))
    assert twice[2] == "dossier-a", "the sheet has two sides already"
    single = told(sheet(1, DOSSIER_A), blank(2), page(3), sides=Sides.ONE)
    assert single[1] == "dossier-a", "fronts alone: the blank page is a sheet of its own"


def test_fed_back_first_a_blank_back_goes_with_the_sheet_where_sides_are_known() -> None:
    pages = (sheet(1, DOSSIER_A), blank(2), page(3), blank(4), blank(5), sheet(6, DOSSIER_B))
    found = told(*pages, page(7), sides=Sides.BOTH)
    assert found[3:] == ["dossier-a", "S dossier-b", "S dossier-b", "dossier-b"]


def test_a_side_that_cannot_be_read_leaves_the_word_to_the_other() -> None:
    for sides in (Sides.BOTH, Sides.UNKNOWN):
        for pages in (
            (printed(1, UNREAD), sheet(2, DOSSIER_B)),
            (sheet(1, DOSSIER_B), printed(2, UNREAD)),
        ):
            found = told(*pages, page(3), sides=sides)
            assert found == ["S dossier-b", "S dossier-b", "dossier-b"]


def test_a_side_that_cannot_be_read_does_not_lose_the_dossier_of_a_paper_sheet() -> None:
    found = told(sheet(1, DOSSIER_A), page(2), printed(3, "TỜ PHÂN CÁCH"), sheet(4, BIRTH), page(5))
    assert found[4] == "dossier-a/TP02"


def test_behind_a_dossier_sheet_that_cannot_be_read_pages_go_astray() -> None:
    for lines in ((UNREAD,), ("TỜ PHÂN CÁCH",)):
        found = told(sheet(1, DOSSIER_A), page(2), printed(3, *lines), page(4), coded(5, B))
        assert found[2:] == ["S astray/page-3", "astray/page-3", "dossier-b"]


def test_the_clerks_choice_about_a_separator_stands_but_it_still_speaks() -> None:
    kept = sheet(1, DOSSIER_A, placed_by=PlacedBy.CLERK)
    assert told(kept, page(2)) == [".", "dossier-a"]


def test_a_separator_at_the_end_is_taken_out_where_it_is() -> None:
    assert told(page(1), sheet(2, DOSSIER_A)) == ["-", "S -"]
    assert told(sheet(1, DOSSIER_A), page(2, reading=None)) == ["S -", "."]


@given(st.permutations(range(7)))
def test_pages_are_led_the_same_in_whatever_order_they_are_read(order: list[int]) -> None:
    stack = [
        sheet(1, DOSSIER_A),
        blank(2),
        page(3),
        sheet(4, BIRTH),
        page(5),
        printed(6, UNREAD),
        page(7),
    ]
    whole = told(*stack)
    known = set(order[:4])
    partly = told(
        *(one if at in known else replace(one, reading=None) for at, one in enumerate(stack))
    )
    prefix = next((at for at in range(7) if at not in known), 7)
    settled = [said for said in partly[:prefix] if said != "S -"]
    assert settled == whole[: len(settled)]
