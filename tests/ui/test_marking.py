"""Where on a page the words stand that a search of everything found it by."""

from __future__ import annotations

import pytest

from digitizer.sought import Sought
from ui.marking import fullest, lines_of, mark
from ui.seen_words import PageWords, SeenWord, said_in


def seen(*texts: str, mended: dict[int, str] | None = None) -> PageWords:
    """Words of a page, three on a line; ``mended``: as some of them were read."""
    words = tuple(
        SeenWord(
            text,
            (0.1 + 0.2 * (at % 3), 0.1 * (at // 3), 0.15, 0.05),
            90.0,
            (mended or {}).get(at, ""),
        )
        for at, text in enumerate(texts)
    )
    return PageWords("page", "tsv", words, said=said_in(texts))


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("hoàng thị", [(3, 5)]),  # in a row, in this order: the others do not count
        ("hoang thi", [(3, 5)]),
        ("thị hoàng", [(0, 1), (3, 5)]),  # nowhere in this order: every row of such words
        ("hoàng", [(0, 1), (3, 4)]),
        ("hoang", [(0, 1), (3, 4), (6, 7)]),
        ("bích", [(5, 6)]),
        ("ngọc", [(5, 6)]),  # the reader took two words for one
        ("ho", [(0, 1), (3, 4), (6, 7)]),  # still being typed
        ("ho ", []),
        ("vắng", []),
        ("", []),
    ],
)
def test_words_are_marked_as_the_search_finds_them(
    typed: str, spans: list[tuple[int, int]]
) -> None:
    page = seen("Hoàng:", "Bình", "xã", "HOÀNG", "THỊ", "BÍCH/NGỌC,", "hoang")
    assert mark(page, Sought.parse(typed)) == spans


def test_a_number_typed_in_one_piece_is_found_in_groups() -> None:
    page = seen("Số:", "001", "085", "012", "345", "012")
    assert mark(page, Sought.parse("001085012345")) == [(1, 5)]
    assert mark(page, Sought.parse("001 085 012 345")) == [(1, 5)]
    assert mark(page, Sought.parse("085012345012")) == [(2, 6)]


def test_a_word_is_found_as_it_was_read_where_none_that_was_mended_says_it() -> None:
    page = seen("Họ", "tên:", "Hoàng", mended={2: "H0àng"})
    assert mark(page, Sought.parse("tên hoàng")) == [(1, 3)]
    assert mark(page, Sought.parse("h0ang")) == [(2, 3)]


def test_a_place_has_a_piece_on_each_of_its_lines() -> None:
    page = seen("a", "b", "c", "d", "e")
    assert [[word.text for word in line] for line in lines_of(page.words[1:5])] == [
        ["b", "c"],
        ["d", "e"],
    ]


def test_the_first_of_the_longest_places_is_looked_at_first() -> None:
    assert fullest([(0, 1), (3, 5), (7, 9)]) == 1
