"""The Vietnamese post-check: what it mends, and what it must never touch."""

from __future__ import annotations

import time
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitizer.pages import counting, naming, postcheck, syllables
from digitizer.pages.syllables import Syllables
from digitizer.pages.wordtable import Box, Word

SURE, UNSURE = 96.8, 80.0


@pytest.fixture(scope="module")
def table() -> Syllables:
    return syllables.load()


def page(*lines: str, confidence: float = SURE) -> list[Word]:
    """Words of lines; one that ends in ``~`` was read unsurely."""
    return [
        Word(
            text.rstrip("~"),
            UNSURE if text.endswith("~") else confidence,
            Box(60 * place, 40 * row, 50, 30),
            (1, 1, row + 1),
        )
        for row, line in enumerate(lines)
        for place, text in enumerate(line.split())
    ]


def mended(table: Syllables, *lines: str) -> str:
    words = page(*lines)
    texts = [word.text for word in words]
    for change in postcheck.mend(words, table):
        texts[change.index] = change.mended
    placed = zip(words, texts, strict=True)
    return " / ".join(
        " ".join(text for _, text in line)
        for _, line in groupby(placed, key=lambda pair: pair[0].line)
    )


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Ủy ban nhân dân thành phó~ Hà Nội", "Ủy ban nhân dân thành phố Hà Nội"),
        ("theo quyét~ định của Bộ trưởng", "theo quyết định của Bộ trưởng"),
        ("được sửa đổi, bố~ sung một số điều", "được sửa đổi, bổ sung một số điều"),
        ("ỦY BAN NHÂN DÂN THÀNH PHÓ~ HÀ NỘI", "ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI"),
        ("quy định tại khoán~ 2 Điều 5", "quy định tại khoản 2 Điều 5"),
        ("QUYÉT~ ĐỊNH", "QUYẾT ĐỊNH"),
        ("QUYÉT~ ĐỊNH:", "QUYẾT ĐỊNH:"),
    ],
)
def test_marks_are_mended_where_the_neighbours_agree(
    table: Syllables, read: str, meant: str
) -> None:
    assert mended(table, read) == meant


def test_the_end_of_a_line_is_no_end_of_a_clause(table: Syllables) -> None:
    found = mended(table, "Chủ tịch Ủy ban nhân", "dán~ các cấp")
    assert found == "Chủ tịch Ủy ban nhân / dân các cấp"


@pytest.mark.parametrize(
    "read",
    [
        "Ông Nguyên~ Văn Quyét~ thường trú",
        "Họ và tên: Trân~ Thị Thanh~ Phó~",
        "bà Hà~ Thị Phó~ khai",
        "NGUYÊN~ VĂN QUYÉT~ ký",
        "số 12/QĐ-UBND ngày 3/4/2026",
        "UBND~ HĐND~ TTHC~ BHYT~",
        "000.00.20.H02-261122-0001~",
        "AB~ 123456~ O0l1~",
    ],
)
def test_names_numbers_codes_and_abbreviations_stay(table: Syllables, read: str) -> None:
    assert mended(table, read) == read.replace("~", "")


def test_a_sure_reading_of_a_real_word_stays(table: Syllables) -> None:
    """`tôi` is rarer in laws than `tội`: what was read surely wants both neighbours against it."""
    assert mended(table, "Hiện tôi đang công tác tại phường") == (
        "Hiện tôi đang công tác tại phường"
    )


def test_a_word_keeps_its_case_its_stops_and_its_length(table: Syllables) -> None:
    words = page("(Quyét~ định số 1) được bố~ sung; bổ sung,")
    for change in postcheck.mend(words, table):
        raw = words[change.index].text
        assert len(change.mended) == len(raw)
        assert syllables.bare(change.mended) == syllables.bare(raw)
        assert [a.isupper() for a in change.mended] == [a.isupper() for a in raw]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=9).filter(str.split), max_size=30))
def test_whatever_was_read_only_marks_change(texts: list[str]) -> None:
    table = syllables.load()
    words = page(" ".join(" ".join(texts).replace("~", "").split()), confidence=50.0)
    for change in postcheck.mend(words, table):
        raw = words[change.index].text
        assert syllables.bare(change.mended) == syllables.bare(raw)
        assert change.mended != raw


@pytest.mark.parametrize(
    "word", ["hòa", "quốc", "gì", "giếng", "quy", "nghiêng", "khuya", "thuyền", "oanh"]
)
def test_syllables_are_told_by_their_letters(word: str) -> None:
    assert syllables.is_syllable(word)


@pytest.mark.parametrize("word", ["quyét", "bôc", "cáckhu", "and", "zô", "tâp", "abc"])
def test_other_letters_are_none(word: str) -> None:
    assert not syllables.is_syllable(word)


def test_the_tone_mark_has_two_places() -> None:
    assert syllables.normal("HOÀ") == syllables.normal("hòa") == "hòa"
    assert syllables.normal("thuỷ") == "thủy"
    assert syllables.normal("quý") == "quý"
    assert syllables.placed_like("hóa", "hoà") == "hoá"
    assert syllables.placed_like("hóa", "hòa") == "hóa"


def test_what_looks_like_a_name() -> None:
    words = page("gửi ông Võ Tuấn Anh, Chủ tịch Ủy ban")
    assert {words[i].text for i in naming.names(words)} == {"Võ", "Tuấn", "Anh,"}


def test_counting_and_packing() -> None:
    text = "Ủy ban nhân dân xã. Ủy bannhân dân xã, năm 2026 và năm 2025; hoà bình, hòa bình"
    table = counting.count([text], fewest=1)
    assert Syllables.from_bytes(table.to_bytes()).words == table.words
    hoa = table.id("hòa")
    assert hoa is not None
    assert table.single[hoa] == 2
    ban, nhan = table.id("ban"), table.id("nhân")
    assert ban is not None
    assert nhan is not None
    assert table.together(np.array([ban]), np.array([nhan, hoa])).tolist() == [[2, 0]]
    with pytest.raises(ValueError, match="no table"):
        Syllables.from_bytes(b"something else")


def test_the_table_loads_fast(table: Syllables) -> None:
    began = time.process_time()
    syllables.load()
    assert time.process_time() - began < 0.5  # 0.02 s measured; a loaded machine takes longer
    assert table.pairs.size > 10_000
