"""Codes lead pages to dossiers; a code's meaning ends where the next begins."""

from __future__ import annotations

from facts import coded, page

from digitizer.model import Page, PlacedBy
from digitizer.routing import routes

A, B = "000.00.20.H02-261122-0001", "H21.10.20-240508-0002"
KNOWN = {A: "dossier-a", B: "dossier-b"}


def led(*pages: Page) -> list[tuple[int, str]]:
    return [(route.page.batch_seq, route.dossier_id) for route in routes(pages, KNOWN.get)]


def test_a_known_code_leads_its_page_and_those_after_it() -> None:
    assert led(page(1), coded(2, f"HS {A}"), page(3)) == [(2, "dossier-a"), (3, "dossier-a")]


def test_the_next_code_takes_over() -> None:
    assert led(coded(1, A), page(2), coded(3, B), page(4)) == [
        (1, "dossier-a"),
        (2, "dossier-a"),
        (3, "dossier-b"),
        (4, "dossier-b"),
    ]


def test_an_unknown_or_ambiguous_code_leads_nowhere() -> None:
    assert led(coded(1, "000.00.20.H02-261122-9999"), page(2)) == []
    assert led(coded(1, A, B), page(2)) == []


def test_a_code_nobody_knows_ends_what_an_earlier_one_said() -> None:
    unknown = coded(2, "000.00.20.H02-261122-9999")
    assert led(coded(1, A), unknown, page(3)) == [(1, "dossier-a")]
    assert led(coded(1, A), coded(2, A, B), page(3)) == [(1, "dossier-a")]


def test_pages_behind_an_unread_one_wait() -> None:
    assert led(coded(1, A), page(2, reading=None), page(3)) == [(1, "dossier-a")]


def test_a_deleted_unread_page_is_not_waited_for() -> None:
    deleted = page(2, reading=None, deleted=True)
    assert led(coded(1, A), deleted, page(3)) == [(1, "dossier-a"), (3, "dossier-a")]


def test_the_clerks_choice_stands_but_its_code_still_speaks() -> None:
    chosen = coded(1, A, placed_by=PlacedBy.CLERK)
    assert led(chosen, page(2)) == [(2, "dossier-a")]
