"""Sheets that were fed again after a jam are recognised, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from facts import READING, page, paper
from msgspec.structs import replace
from PIL import Image, ImageDraw

from digitizer.looks import DIGITS, likeness
from digitizer.model import Page
from digitizer.pages import look
from digitizer.seams import Seen, Twin, other_sides, pairs, same_side


def fed(batch: str, reason: str, *names: int, **changes: Any) -> list[Page]:
    return [
        page(name, id=f"{batch}-{name}", batch_id=batch, batch_reason=reason, **changes)
        for name in names
    ]


def named(*pages: Page) -> list[tuple[str, str]]:
    return [(pair.page.id, pair.first.id) for pair in pairs(paper(*pages))]


def test_both_sides_of_a_seam_are_compared_nearest_first() -> None:
    found = named(*fed("a", "jam", 1, 2, 3), *fed("b", "empty", 4, 5, 6))
    assert found == [("b-4", "a-3"), ("b-4", "a-2"), ("b-5", "a-3"), ("b-5", "a-2")]


@pytest.mark.parametrize("reason", ["empty", "count", ""])
def test_a_batch_that_ended_well_or_still_runs_has_no_seam(reason: str) -> None:
    assert named(*fed("a", reason, 1), *fed("b", "empty", 2)) == []


def test_pages_of_one_batch_are_never_twins() -> None:
    assert named(*fed("a", "jam", 1, 2, 3)) == []


def test_pages_the_clerk_keeps_blank_ones_and_unread_ones_are_left_out() -> None:
    first = fed("a", "jam", 1)
    assert named(*first, *fed("b", "empty", 2, kept=True)) == []
    blank = replace(READING, blank=True)
    assert named(*first, *fed("b", "empty", 2, reading=blank, words=None)) == []
    assert named(*first, *fed("b", "empty", 2, words=None)) == []
    assert named(*first, *fed("b", "empty", 2, deleted=True)) == []


def test_words_decide_where_there_are_enough() -> None:
    told = tuple(f"chữ{number}" for number in range(40))
    misread = (*told[:10], "x", *told[11:])
    other = tuple(f"lời{number}" for number in range(40))
    assert same_side(Seen("", told), Seen("", misread))
    assert not same_side(Seen("f" * DIGITS, told), Seen("f" * DIGITS, other))


def card(number: str, name: str) -> Seen:
    """What is read of a citizen's card; all but two words are of the form."""
    form = (f"mục{at}" for at in range(30))
    return Seen("f" * DIGITS, (*form, f"{number},", name))


def test_cards_of_two_people_are_told_by_their_numbers() -> None:
    mother = card("024199000011", "dung")
    assert not same_side(mother, card("024096000101", "thành"))
    assert same_side(mother, card("024199000017", "dung")), "misread in a digit"
    assert same_side(mother, card("02419900001", "dung")), "one digit was passed over"
    assert same_side(mother, card("2022", "dung")), "no number was read"


def test_the_other_sides_of_two_sheets_are_those_of_their_batches() -> None:
    first = [replace(one, batch_seq=at) for at, one in enumerate(fed("a", "jam", 1, 2), start=1)]
    again = [replace(one, batch_seq=at) for at, one in enumerate(fed("b", "empty", 3, 4), start=1)]
    whole = paper(*first, *again)
    assert other_sides(whole, Twin(again[1], first[1])) == Twin(again[0], first[0])
    assert other_sides(whole, Twin(again[0], first[0])) == Twin(again[1], first[1])
    unread = replace(first[0], words=None)
    assert other_sides(paper(unread, first[1], *again), Twin(again[1], first[1])) is None


def drawn(*boxes: tuple[int, int, int, int]) -> Image.Image:
    image = Image.new("L", (827, 1169), 240)
    pen = ImageDraw.Draw(image)
    for box in boxes:
        pen.rectangle(box, fill=30)
    return image


def test_a_page_with_few_words_is_known_by_its_look() -> None:
    stamp, photo = (500, 800, 620, 900), (100, 150, 260, 380)
    shifted = drawn((512, 814, 632, 914), (112, 164, 272, 394))
    one = look.of(drawn(stamp, photo))
    assert len(one) == DIGITS
    assert same_side(Seen(one, ()), Seen(look.of(shifted), ()))
    assert not same_side(Seen(one, ()), Seen(look.of(drawn((200, 600, 400, 700))), ()))


def test_what_leaves_the_page_on_one_side_does_not_come_back_on_the_other() -> None:
    left = look.of(drawn((0, 100, 30, 1000)))
    right = look.of(drawn((797, 100, 827, 1000)))
    assert likeness(left, left) == 1.0
    assert likeness(left, right) < 0.1


def test_an_unknown_look_is_like_nothing() -> None:
    assert likeness("", "") == 0.0
    assert likeness("0" * DIGITS, "0" * DIGITS) == 0.0
