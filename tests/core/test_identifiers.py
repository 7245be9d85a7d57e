"""Identifiers in the shapes that vendors really print."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer import identifiers


@pytest.mark.parametrize(
    "code",
    [
        "000.00.04.H02-240508-0001",
        "H21.10.20-240508-0001",
        "H56.20-250612-00012",
        "G09.20-20260609-0092637",
    ],
)
def test_every_known_shape_is_found_whole_and_inside_a_vendors_text(code: str) -> None:
    assert identifiers.is_dossier_code(code)
    assert identifiers.dossier_codes(f"MaHS={code}; MaTTHC=1.001776.000.00.00.H56|x") == (code,)
    assert identifiers.dossier_codes(f"https://dvc.example/tra-cuu?ma={code.lower()}") == (code,)


@pytest.mark.parametrize(
    "text", ["", "H02-240508", "1.001776.000.00.00.H56", "036098001234", "XH02-240508-0001"]
)
def test_what_is_no_code_is_not_taken_for_one(text: str) -> None:
    assert not identifiers.is_dossier_code(text)
    assert identifiers.dossier_codes(text) == ()


def test_a_longer_number_is_not_cut_down_to_a_code() -> None:
    assert identifiers.dossier_codes("H02-240508-000112345") == ()
    assert identifiers.dossier_codes("1000.00.04.H02-240508-0001") == ()


def test_several_codes_come_in_order_each_once() -> None:
    text = "H02-240508-0002 H02-240508-0001 H02-240508-0002"
    assert identifiers.dossier_codes(text) == ("H02-240508-0002", "H02-240508-0001")


def test_a_local_number_never_looks_like_a_real_code() -> None:
    local = identifiers.local_code(7)
    assert local == "L-000007"
    assert identifiers.is_local_code(local)
    assert not identifiers.is_dossier_code(local)


RECEIPT = "H21.10.20-240508-0001"


@pytest.mark.parametrize(
    "text",
    [
        RECEIPT,
        f"MaHS={RECEIPT}; MaTTHC=1.001776.000.00.00.H56|024199000011",
        f"{RECEIPT}|Giấy tiếp nhận|https://dvc.example.vn/tra-cuu?ma={RECEIPT}",
        f"MaHS={RECEIPT};https://dvc.example.vn/tra-cuu",
        f"//igate.tinh.gov.vn/{RECEIPT}",
        f"igate.tinh.gov.vn/{RECEIPT}",
        f"HTTPS://DVC.TINH.GOV.VN/?MA={RECEIPT}",
    ],
)
def test_what_a_receipt_says_is_heard(text: str) -> None:
    assert identifiers.spoken_codes(text, ["motcua.tinh.gov.vn"]) == (RECEIPT,)


@pytest.mark.parametrize(
    "text",
    [
        f"https://example.vn/x?id={RECEIPT}",
        f"dvc.example.vn/tra-cuu?ma={RECEIPT}",
        f"Xem http://example.vn/{RECEIPT}",
        f"https://motcua.tinh.gov.vn@example.vn/{RECEIPT}",
        f"https://khac.gov.vn/{RECEIPT}",
        f"https://[{RECEIPT}",
    ],
)
def test_a_link_to_somebody_else_says_nothing(text: str) -> None:
    assert identifiers.spoken_codes(text, ["motcua.tinh.gov.vn"]) == ()
    assert identifiers.spoken_codes(text, ["127.0.0.1"]) == ()


def test_machines_beside_each_other_are_no_house() -> None:
    link = f"http://10.0.0.7/{RECEIPT}"
    assert identifiers.spoken_codes(link, ["10.0.0.7"]) == (RECEIPT,)
    assert identifiers.spoken_codes(link, ["10.0.0.8"]) == ()


def test_procedures_are_compared_by_their_national_part() -> None:
    assert identifiers.same_procedure("1.001776.000.00.00.H56", "1.001776")
    assert not identifiers.same_procedure("1.001776", "1.001777")
    assert identifiers.same_procedure("abc", " abc ")


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    assert set(identifiers.spoken_codes(text)) <= set(identifiers.dossier_codes(text))
    assert all(identifiers.is_dossier_code(code) for code in identifiers.dossier_codes(text))


CARD = "024199000011|012345678|Nguyễn Thị Hạnh|05111999|Nữ|Thôn Đông Hòa, xã Tân Lập|22112021"


def test_a_citizen_card_gives_its_seven_fields_and_keeps_the_rest() -> None:
    card = identifiers.citizen_card(CARD)
    assert card is not None
    assert (card.number, card.old_number, card.name) == (
        "024199000011",
        "012345678",
        "Nguyễn Thị Hạnh",
    )
    assert (card.born, card.sex, card.issued) == (date(1999, 11, 5), "Nữ", date(2021, 11, 22))
    assert card.address == "Thôn Đông Hòa, xã Tân Lập"
    newer = identifiers.citizen_card(CARD.replace("|012345678|", "||") + "|Cha|Mẹ")
    assert newer is not None
    assert (newer.old_number, newer.rest) == ("", ("Cha", "Mẹ"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "|" * 6,
        CARD.replace("024199000011", "924199000011"),  # no province
        CARD.replace("05111999", "31021999"),
        CARD.replace("|Nữ|", "|F|"),
        CARD.rpartition("|")[0],
    ],
)
def test_what_is_no_citizen_card_is_not_taken_for_one(text: str) -> None:
    assert identifiers.citizen_card(text) is None
