"""Boxes: millimetres of the page as it is read → pixels of the image as stored."""

from __future__ import annotations

import pytest
from facts import READING, dossier, page, paper
from msgspec.structs import replace

from digitizer.boxes import Box, Canvas, Cropping, cropping, stored
from digitizer.plan import ocr_subject, of_ocr_subject

A4 = Canvas(2480, 3508, 300.0, 300.0)
BOX = Box(100, 200, 1900, 2700)
OLD_FINGERPRINT = "c90616863b9bc49683dd4b44c723076d5e4f34941d34136f2a8694b0c0df1e76"


@pytest.mark.parametrize("wanted", [BOX, Cropping.AUTO, Cropping.WHOLE, Box(-12, 0, 9, 9)])
def test_what_is_stored_comes_back(wanted: Box | Cropping) -> None:
    assert cropping(stored(wanted)) == wanted


@pytest.mark.parametrize("box", [BOX, None])
def test_the_subject_of_ocr_comes_back(box: Box | None) -> None:
    assert of_ocr_subject(ocr_subject("ab", 270, box)) == ("ab", 270, box)


@pytest.mark.parametrize(
    ("turn", "given", "expected"),
    [
        (0, (10, 20, 30, 40), Box(118, 236, 472, 709)),
        # A quarter turn clockwise brings the image's lower left corner to the top left.
        (90, (10, 20, 30, 40), Box(236, 3508 - 472, 709, 3508 - 118)),
        (180, (10, 20, 30, 40), Box(2480 - 472, 3508 - 709, 2480 - 118, 3508 - 236)),
        (270, (10, 20, 30, 40), Box(2480 - 709, 118, 2480 - 236, 472)),
        (0, (200, 290, 99, 99), Box(2362, 3425, 2480, 3508)),
    ],
)
def test_a_box_in_millimetres_is_that_of_the_upright_page(
    turn: int, given: tuple[float, float, float, float], expected: Box
) -> None:
    box = A4.box(*given, turn)
    assert box is not None
    for side, wanted in zip(box.to_json(), expected.to_json(), strict=True):
        assert side == pytest.approx(wanted, abs=2)


def test_what_leaves_nothing_of_the_page_is_no_box() -> None:
    assert A4.box(206, 0, 50, 50, 0) is None
    assert A4.box(-50, -50, 50, 50, 0) is None
    assert A4.box(0, 0, 0, 10, 0) is None


def test_a_box_has_its_size_on_paper_whatever_the_resolutions() -> None:
    fax = Canvas(1728, 2200, 204.0, 196.0)
    box = fax.box(0, 0, 100, 50, 90)
    assert box is not None
    assert fax.size_mm(box, 90) == pytest.approx((100, 50), abs=0.2)


def test_a_box_of_the_clerk_goes_before_what_was_found_and_whole_before_both() -> None:
    found = replace(READING, crop=BOX, crop_sure=True)
    unsure = replace(found, crop_sure=False)
    own = Box(0, 0, 500, 500)
    assert page(reading=found).box == BOX
    assert page(reading=unsure).box is None
    assert page(reading=unsure, crop=own).box == own
    assert page(reading=found, crop=Cropping.WHOLE).box is None


def test_a_bundle_depends_on_the_box_and_without_one_on_what_it_always_did() -> None:
    whole, cut = dossier(paper(page(1))), dossier(paper(page(1, crop=BOX)))
    assert whole.fingerprint(whole.papers[0]) != cut.fingerprint(cut.papers[0])
    # As versions before boxes wrote it: their bundles and receipts stay good.
    assert whole.fingerprint(whole.papers[0]) == OLD_FINGERPRINT
