"""What separator sheets hold, and what is not taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer.separators import (
    NEXT_DOSSIER,
    NEXT_PAPER,
    UNREADABLE,
    Parts,
    Separator,
    carried,
    of_codes,
    of_print,
    parsed,
    payload,
)

CODE = "000.00.20.H02-261122-0001"
DOSSIER = Separator(Parts.DOSSIER, CODE)
PAPER = Separator(
    Parts.PAPER, procedure="1.001193", part="TP02", title="Giấy chứng sinh (bản chính)"
)


@pytest.mark.parametrize("separator", [DOSSIER, PAPER, NEXT_DOSSIER, NEXT_PAPER])
def test_what_is_printed_is_read_back(separator: Separator) -> None:
    assert parsed(payload(separator)) == separator
    assert parsed(f" {payload(separator)}\n") == separator


def test_a_title_that_is_too_long_or_parts_fields_is_carried_as_far_as_it_goes() -> None:
    title = "Giấy tờ một; giấy tờ hai " + "rất dài " * 30
    found = parsed(payload(Separator(Parts.PAPER, part="TP01", title=title)))
    assert found is not None
    assert found.title == carried(title)
    assert found.title.startswith("Giấy tờ một, giấy tờ hai rất dài")
    assert len(found.title) <= 120


def test_the_code_stands_in_it_in_clear() -> None:
    assert f";{CODE};" in payload(DOSSIER)


def test_a_single_wrong_letter_is_noticed() -> None:
    text = payload(DOSSIER)
    changed = [text[:at] + "8" + text[at + 1 :] for at in range(len(text)) if text[at] != "8"]
    assert [parsed(one) for one in changed] == [None] * len(changed)


@pytest.mark.parametrize(
    "text",
    ["", CODE, "SHHS1;HS;", "SHHS1;HS;X;00000", "PATCH T", "https://shhs1.example/", "SHHS1"],
)
def test_a_foreign_code_is_no_separator(text: str) -> None:
    assert parsed(text) is None


@given(st.text(max_size=120))
def test_any_text_is_survived_and_none_is_taken_for_ours(text: str) -> None:
    assert parsed(text) in (None, NEXT_PAPER)
    assert of_print([text]) in (None, NEXT_PAPER, NEXT_DOSSIER, UNREADABLE)


def test_a_later_version_is_a_separator_of_something_unknown() -> None:
    later = payload(DOSSIER).replace("SHHS1", "SHHS2")
    assert parsed(later) is None, "its check is wrong"
    for check in _checks(later):
        if (found := parsed(check)) is not None:
            assert found == UNREADABLE
            return
    pytest.fail("no check fits")


def _checks(text: str) -> list[str]:
    from digitizer import separators

    bare = text[:-6]
    return [f"{bare};{separators._check(bare)}"]


def test_patch_t_begins_the_next_paper_and_ours_outdoes_it() -> None:
    assert of_codes(["PATCHT"]) == NEXT_PAPER
    assert of_codes(["PATCHT", payload(DOSSIER)]) == DOSSIER
    assert of_codes([CODE, "https://example.vn"]) is None


def test_codes_that_contradict_each_other_tell_nothing() -> None:
    other = Separator(Parts.DOSSIER, CODE.replace("0001", "0002"))
    assert of_codes([payload(DOSSIER), payload(other)]) == UNREADABLE


def test_the_print_tells_what_lost_codes_held() -> None:
    assert of_print(["TỜ PHÂN CÁCH HỒ SƠ", "SHHS1; HS; " + payload(DOSSIER)[9:]]) == DOSSIER
    assert of_print(["TO PHÂN CACH HÔ SƠ"]) == NEXT_DOSSIER
    assert of_print(["TỜ PHÂN CÁCH GIẤY TỜ"]) == NEXT_PAPER
    assert of_print(["TỜ PHÂN CÁCH"]) == UNREADABLE
    assert of_print(["TỜ KHAI ĐĂNG KÝ KHAI SINH"]) is None


def test_an_empty_sheet_cannot_be_printed() -> None:
    with pytest.raises(ValueError, match="says nothing"):
        payload(UNREADABLE)
