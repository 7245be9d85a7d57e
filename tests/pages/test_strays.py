"""Words that a PDF keeps apart go into the lines they stand in, and no others do."""

from __future__ import annotations

from digitizer.pages import strays
from digitizer.pages.ownwords import OwnWord


def word(text: str, left: float, top: float, paragraph: int, line: int) -> OwnWord:
    return OwnWord(text, left, top, left + 0.015 * len(text), top + 0.012, paragraph, line)


HEAD = [
    word("Số:", 0.10, 0.20, 1, 1), word("/TB-UBND", 0.20, 0.20, 1, 1),
    word("ngày", 0.50, 0.20, 2, 1), word("tháng", 0.62, 0.20, 2, 1), word("năm", 0.75, 0.20, 2, 1),
    word("Nơi", 0.10, 0.80, 3, 1), word("nhận", 0.16, 0.80, 3, 1), word("văn", 0.24, 0.80, 3, 1),
    word("bản", 0.30, 0.80, 3, 1),
]  # fmt: skip


def text(words: list[OwnWord]) -> str:
    return " ".join(word.text for word in words)


def test_filled_in_fields_stand_in_their_lines() -> None:
    fields = [
        word("453", 0.15, 0.201, 9, 1), word("29", 0.57, 0.199, 9, 1), word("4", 0.71, 0.2, 9, 1),
    ]  # fmt: skip
    assert text(strays.into_lines(HEAD + fields)) == (
        "Số: 453 /TB-UBND ngày 29 tháng 4 năm Nơi nhận văn bản"
    )


def test_what_stands_elsewhere_stays_where_it_came() -> None:
    own_line = [word("Võ", 0.60, 0.90, 9, 1), word("Tuấn", 0.64, 0.90, 9, 1)]
    upon = [word("DẤU", 0.21, 0.20, 10, 1)]
    far = [word("trang", 0.90, 0.80, 11, 1)]
    assert strays.into_lines(HEAD + own_line + upon + far) == HEAD + own_line + upon + far
