"""Numbers and codes against their patterns, and the key fields of a page."""

from __future__ import annotations

from datetime import date

import pytest

from digitizer.pages import fields, patterns
from digitizer.pages.wordtable import Box, Word
from digitizer.pagetext import Check, FieldName

TODAY = date(2026, 11, 25)
HIGH = 1754


def page(*lines: tuple[int, int, str]) -> list[Word]:
    """Words of lines given by their left and top; 12 pixels a letter."""
    words = []
    for number, (left, top, line) in enumerate(lines, 1):
        for text in line.split():
            words.append(Word(text, 95.0, Box(left, top, 12 * len(text), 24), (number, 1, 1)))
            left += 12 * (len(text) + 1)
    return words


LETTER = page(
    (150, 100, "ỦY BAN NHÂN DÂN"),
    (600, 100, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (150, 130, "XÃ TÂN LẬP"),
    (600, 130, "Độc lập - Tự do - Hạnh phúc"),
    (150, 190, "Số: 218/UBND-TP"),
    (600, 190, "Tân Lập, ngày 20 tháng 11 năm 2026"),
    (150, 220, "V/v xác nhận nơi"),
    (150, 250, "cư trú"),
    (300, 400, "Kính gửi: Bộ phận Một cửa"),
    (150, 500, "Căn cứ Nghị định số 118/2025/NĐ-CP ngày 1 tháng 7 năm 2025"),
    (150, 1200, "Nơi nhận:"),
    (700, 1200, "CHỦ TỊCH"),
    (700, 1400, "Đoàn Minh Quân"),
)


def values(words: list[Word]) -> dict[FieldName, str]:
    return {one.name: one.value for one in fields.find(words, HIGH, TODAY)}


def test_an_issued_letter_tells_its_fields() -> None:
    assert values(LETTER) == {
        FieldName.NUMBER: "218/UBND-TP",
        FieldName.DATE: "2026-11-20",
        FieldName.AGENCY: "ỦY BAN NHÂN DÂN XÃ TÂN LẬP",
        FieldName.SUBJECT: "xác nhận nơi cư trú",
        FieldName.SIGNER: "Đoàn Minh Quân",
    }


def test_a_decision_has_its_subject_below_its_type() -> None:
    words = page(
        (500, 300, "QUYẾT ĐỊNH"),
        (300, 330, "Về việc ban hành Quy chế"),
        (320, 362, "làm việc của xã"),
        (300, 450, "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ"),
    )
    assert values(words) == {FieldName.SUBJECT: "ban hành Quy chế làm việc của xã"}


def test_a_number_written_by_hand_is_doubtful() -> None:
    words = page((150, 190, "Số: /QĐ-UBND"))
    (found,) = fields.find(words, HIGH, TODAY)
    assert (found.value, found.check) == ("/QĐ-UBND", Check.DOUBTFUL)


def test_a_form_tells_persons_and_their_numbers() -> None:
    words = page(
        (150, 300, "Họ, chữ đệm, tên người yêu cầu: , Nguyễn Thị Hạnh Dung"),
        (150, 340, "Giấy tờ tùy thân: Căn cước công dân số 024199000011"),
        (150, 380, "Họ và tên: Trần Văn Bình; Nam"),
    )
    found = fields.find(words, HIGH, TODAY)
    assert [(one.name, one.value, one.check) for one in found] == [
        (FieldName.PERSON_NUMBER, "024199000011", Check.CHECKED),
        (FieldName.PERSON, "Nguyễn Thị Hạnh Dung", Check.NONE),
        (FieldName.PERSON, "Trần Văn Bình", Check.NONE),
    ]
    assert all(one.confidence == 95.0 for one in found)
    assert found[0].box.top == 340


def test_a_page_without_any_gives_none() -> None:
    assert fields.find([], HIGH, TODAY) == []
    assert fields.find(page((100, 100, "một trang bình thường")), HIGH, TODAY) == []


@pytest.mark.parametrize(
    ("number", "check"),
    [
        ("024199000011", Check.CHECKED),  # Bắc Giang, woman, 1999
        ("001206012345", Check.CHECKED),  # Hà Nội, man, 2006
        ("003199000011", Check.DOUBTFUL),  # no such province
        ("024299000011", Check.DOUBTFUL),  # born 2099
        ("02419900001", Check.DOUBTFUL),
    ],
)
def test_personal_numbers(number: str, check: Check) -> None:
    assert patterns.check_person(number, TODAY) is check


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("123/QĐ-UBND", Check.CHECKED),
        ("45/2026/NĐ-CP", Check.CHECKED),
        ("04/2020/TT-BTP,", Check.CHECKED),
        ("000.00.20.H02-261122-0001", Check.CHECKED),
        ("31/12/2026", Check.CHECKED),
        ("31/11/2026", Check.DOUBTFUL),
        ("l2/QĐ-UBND", Check.DOUBTFUL),
        ("chữ", Check.NONE),
    ],
)
def test_patterns(text: str, check: Check) -> None:
    assert patterns.check(text, TODAY) is check


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ngày l6 tháng 6 năm 2O26", "ngày 16 tháng 6 năm 2026"),
        ("số 1O/QĐ-UBND", "số 10/QĐ-UBND"),
        ("số l5/2026/NĐ-CP;", "số 15/2026/NĐ-CP;"),
        ("sinh O5/11/2026", "sinh 05/11/2026"),
        ("CCCD 02419900OO11", "CCCD 024199000011"),
    ],
)
def test_letters_that_can_only_be_digits(read: str, meant: str) -> None:
    words = page((0, 0, read))
    texts = [word.text for word in words]
    for change in patterns.repairs(words):
        texts[change.index] = change.mended
    assert " ".join(texts) == meant


def test_a_tilde_before_an_item_of_a_list_is_a_dash() -> None:
    words = page((0, 0, "Nơi nhận:"), (0, 30, "~ Như trên;"), (0, 60, "- Lưu: VT."))
    assert [(one.index, one.mended) for one in patterns.repairs(words)] == [(2, "-")]


@pytest.mark.parametrize("read", ["~ 5 ngày", "từ 3 ~ 5", "~", "Thông báo ~ này"])
def test_a_tilde_elsewhere_stays(read: str) -> None:
    assert patterns.repairs(page((0, 0, read))) == []


@pytest.mark.parametrize(
    "read",
    ["ngày lễ", "năm Ol", "ngày l của", "00319900OO11", "mục I và II", "O/QĐ-UBND", "tháng lO"],
)
def test_what_could_be_something_else_stays(read: str) -> None:
    assert patterns.repairs(page((0, 0, read))) == []
