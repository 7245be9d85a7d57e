"""Which words of a page are the marking of a state secret, and which only look like it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from digitizer.pages import secretwords
from digitizer.pages.wordtable import Box, Word
from digitizer.secrecy import Level

SIZE = (1240, 1754)
PROSE = "Căn cứ Luật Tổ chức chính quyền địa phương và các quy định có liên quan của pháp luật"
Line = tuple[int, int, str]


def words(*lines: Line, height: int = 20, confidence: float = 90.0) -> list[Word]:
    """Lines of words: how far down and across each begins, and its text; each a paragraph."""
    out = []
    for number, (top, left, text) in enumerate(lines, start=1):
        at = left
        for word in text.split():
            width = 13 * len(word)
            out.append(Word(word, confidence, Box(at, top, width, height), (number, 1, 1)))
            at += width + 10
    return out


def page(*lines: Line) -> list[Word]:
    """A page of prose with these lines in it."""
    prose = [(700 + 60 * row, 120, PROSE) for row in range(8)]
    return words(*sorted([*lines, *prose]))


def found(lines: Sequence[Word]) -> list[Level]:
    return [one.level for one in secretwords.find(lines, SIZE)]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("MẬT", Level.MAT),
        ("TỐI MẬT", Level.TOI_MAT),
        ("TUYỆT MẬT", Level.TUYET_MAT),
        ("MAT", Level.MAT),
        ("MẶT", Level.MAT),
        ("MÂT", Level.MAT),
        ("TOI MAT", Level.TOI_MAT),
        ("TÔI MẬT", Level.TOI_MAT),
        ("TỐIMẬT", Level.TOI_MAT),
        ("TUYET MÂT", Level.TUYET_MAT),
        ("TUYỆT MẬI", Level.TUYET_MAT),
        ("TUYỆI MẶT", Level.TUYET_MAT),
        ("| MẬT |", Level.MAT),
        ("[ TỐI MẬT ]", Level.TOI_MAT),
        ("I TUYỆT MẬT l", Level.TUYET_MAT),
        ("M Ậ T", Level.MAT),
        ("TÀI LIỆU TUYỆT MẬT", Level.TUYET_MAT),
        ("Độ mật: Tối mật", Level.TOI_MAT),
    ],
)
def test_a_line_of_its_own_below_the_letterhead_is_one(text: str, level: Level) -> None:
    assert found(page((260, 150, text))) == [level]


@pytest.mark.parametrize(
    ("above", "level"),
    [
        ("TỐI", Level.TOI_MAT),
        ("TUYỆT", Level.TUYET_MAT),
        ("TỔI", Level.TOI_MAT),
        ("Tối", Level.MAT),
        ("ĐÊM TỐI", Level.MAT),
    ],
)
def test_one_of_two_lines_is_the_graver(above: str, level: Level) -> None:
    assert found(page((260, 150, above), (290, 150, "MẬT"))) == [level]
    assert found(page((260, 150, above), (330, 150, "MẬT"))) == [Level.MAT], "further down"
    assert found(page((1620, 150, above), (1650, 150, "MẬT"))) == [level]


def test_a_column_of_its_own_beside_the_letterhead_is_one() -> None:
    assert found(page((200, 150, "MẬT"), (200, 620, "Độc lập - Tự do - Hạnh phúc"))) == [Level.MAT]
    one_line = [*words((200, 150, "MẬT")), *words((200, 620, "Độc lập - Tự do - Hạnh phúc"))]
    assert found(one_line) == [Level.MAT], "read as one line"


@pytest.mark.parametrize("left", [120, 640, 900])
def test_a_line_close_below_the_motto_is_one(left: int) -> None:
    motto = (200, 620, "Độc lập - Tự do - Hạnh phúc")
    assert found(page(motto, (234, left, "TỐI MẬT"))) == [Level.TOI_MAT]


def test_it_is_seen_below_on_a_page_too_where_nothing_is_lost_of_it() -> None:
    assert found(page((1650, 560, "MẬT"))) == [Level.MAT]
    assert found(page((1250, 560, "TUYỆT MẬT"))) == [Level.TUYET_MAT]
    assert found(page((1250, 560, "MAT"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "BÍ MẬT",
        "BẢO MẬT THÔNG TIN",
        "MẬT ONG",
        "MẬT KHẨU",
        "ĐỔI MẬT KHẨU",
        "MẬT ĐỘ DÂN SỐ",
        "Mật",
        "mật",
        "bí mật",
        "giữ bí mật",
        "cơ mật",
        "Độ mật:",
        "NGUYỄN VĂN MẬT",
        "LÊ THỊ MẬT",
        "CAM KẾT BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "QUY CHẾ BẢO MẬT",
        "TỐI",
        "TUYỆT ĐỐI",
        "TOILET",
        "MẶT TRƯỚC",
        "MẶT SAU",
        "TỜ KHAI",
    ],
)
def test_ordinary_words_are_none(text: str) -> None:
    assert found(page((260, 150, text))) == []
    assert found(page((1250, 150, text))) == []


def test_a_heading_that_runs_over_two_lines_is_none() -> None:
    assert found(page((230, 150, "QUY ĐỊNH VỀ BẢO VỆ BÍ"), (260, 300, "MẬT"))) == []
    assert found(page((230, 300, "MẬT"), (260, 250, "KHẨU ĐĂNG NHẬP"))) == []


def test_the_end_of_a_running_sentence_is_none() -> None:
    line = "Đóng dấu chỉ các mức độ mật lên văn bản theo quy định, gồm có các dấu mang chữ"
    assert found(page((300, 120, line), (328, 120, "MẬT"))) == []
    assert found(page((300, 120, line), (400, 120, "MẬT"))) == [Level.MAT], "further down"


def test_a_cell_of_a_table_is_none() -> None:
    row = [*words((1250, 150, "3")), *words((1250, 300, "MẬT")), *words((1250, 700, "LÍT"))]
    cells = [replace(word, line=(9, 1, 1)) for word in row]
    assert found([*page(), *cells]) == []


def test_distance_counts_letters() -> None:
    assert secretwords.distance("TUYETMAT", "TUYETMAT") == 0
    assert secretwords.distance("TUYEMAI", "TUYETMAT") == 2
    assert secretwords.distance("", "MAT") == 3
