"""Which paper a page is, by its title: sure only where it is."""

from __future__ import annotations

import pytest
from facts import READING, coded, dossier, page, paper
from msgspec.structs import replace

from digitizer.model import OTHER_PART, Code, PaperKind, PlacedBy
from digitizer.proposing import SHOWN, SURE, Listed, for_page, propose, suggestions

BIRTH = (
    Listed("TP01", "Tờ khai đăng ký khai sinh"),
    Listed("TP02", "Giấy chứng sinh"),
    Listed("TP03", "Giấy tờ tùy thân của người đi đăng ký"),
    Listed("TP04", "Giấy chứng nhận kết hôn của cha mẹ"),
    Listed("KQ01", "Giấy khai sinh"),
    Listed(OTHER_PART, "Giấy tờ khác"),
)
CARD = "024199000011|012345678|Nguyễn Thị Hạnh|05111999|Nữ|Thôn Đông Hòa|22112021"


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("TỜ KHAI ĐĂNG KÝ KHAI SINH", "TP01"),
        ("TO KHAI DANG KY KHAI SINH", "TP01"),
        ("TỜ KHAI ĐĂNG KY KHAI SlNH", "TP01"),
        ("GIẤY CHỨNG SINH", "TP02"),
        ("GIAY CHUNG SINH (Bản sao)", "TP02"),
        ("CĂN CƯỚC CÔNG DÂN", "TP03"),
        ("GIẤY CHỨNG MINH NHÂN DÂN", "TP03"),
        ("GIẤY CHỨNG NHẬN KẾT HÔN", "TP04"),
        ("Giấy khai sinh", "KQ01"),
    ],
)
def test_a_title_tells_the_paper_surely(line: str, part: str) -> None:
    found = propose(["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", line], (), BIRTH)
    assert found is not None
    assert found.part == part
    assert found.confidence >= SURE


@pytest.mark.parametrize(
    "line",
    [
        "TỜ KHAI ĐĂNG KÝ KHAI TỬ",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "GIẤY CAM ĐOAN",
        "ỦY BAN NHÂN DÂN XÃ TÂN LẬP",
        "GIẤY",
        "TỜ KHAI",
        "",
    ],
)
def test_another_title_tells_nothing(line: str) -> None:
    assert propose([line], (), BIRTH) is None


def test_a_title_with_a_word_more_is_never_sure() -> None:
    found = propose(["TỜ KHAI ĐĂNG KÝ LẠI KHAI SINH"], (), BIRTH)
    assert found is None or found.confidence < SURE


def test_a_card_is_told_by_its_code() -> None:
    found = propose([], [Code("QRCode", CARD)], BIRTH)
    assert found is not None
    assert (found.part, found.confidence >= SURE) == ("TP03", True)
    assert propose([], [Code("QRCode", CARD)], BIRTH[:2]) is None


def test_what_may_be_either_is_not_proposed() -> None:
    twice = (Listed("TP01", "Giấy chứng sinh"), Listed("TP02", "Giấy chứng sinh (bản sao)"))
    assert propose(["GIẤY CHỨNG SINH"], (), twice) is None


def test_a_worn_title_is_shown_and_not_acted_on() -> None:
    found = propose(["GIẤ CHỨN SNH"], (), BIRTH)
    assert found is not None
    assert found.part == "TP02"
    assert SHOWN <= found.confidence < SURE


# --- pages of a dossier -----------------------------------------------------------------------


def other(*pages: object, **changes: object) -> object:
    return paper(
        *pages, id="paper", part=OTHER_PART, title="Giấy tờ khác", kind=PaperKind.OTHER, **changes
    )


LIST = (
    paper(id="tp01", part="TP01", title="Tờ khai đăng ký khai sinh"),
    paper(id="tp02", part="TP02", title="Giấy chứng sinh"),
)
FORM, BIRTH_PAPER = ("TỜ KHAI ĐĂNG KÝ KHAI SINH",), ("GIẤY CHỨNG SINH",)


def shown(*pages: object) -> list[tuple[list[int], str]]:
    there = other(*pages)
    found = suggestions(dossier(*LIST, there), there)
    return [([one.batch_seq for one in it.pages], it.proposal.part) for it in found]


def test_a_paper_goes_from_its_title_to_the_next_document() -> None:
    assert shown(
        page(1, headings=("GIẤY TIẾP NHẬN HỒ SƠ",)),
        page(2, headings=FORM),
        page(3),
        page(4, headings=BIRTH_PAPER),
        page(5, headings=("HỢP ĐỒNG",)),
        page(6),
    ) == [([2, 3], "TP01"), ([4], "TP02")]


def test_a_receipt_or_another_batch_ends_a_paper() -> None:
    code = "000.00.20.H02-261122-0002"
    assert shown(page(1, headings=FORM), coded(2, code)) == [([1], "TP01")]
    assert shown(page(1, headings=FORM), page(2, batch_id="later")) == [([1], "TP01")]


def test_what_the_clerk_placed_is_not_asked_about() -> None:
    assert shown(page(1, headings=FORM, placed_by=PlacedBy.CLERK)) == []
    elsewhere = page(1, headings=BIRTH_PAPER, paper_id="tp01")
    assert for_page(dossier(replace(LIST[0], pages=(elsewhere,)), LIST[1]), elsewhere) is None
    unread = page(1, headings=FORM, reading=None)
    assert for_page(dossier(*LIST, other(unread)), unread) is None
    assert READING.codes == ()
