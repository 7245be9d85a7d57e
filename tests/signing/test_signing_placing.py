"""Where stamps go: white space near their corner, whatever the page looks like."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from digitizer.signing import lines, placing
from digitizer.signing.face import Face
from digitizer.signing.frame import Frame
from digitizer.signing.lines import Shape
from digitizer.signing.model import Look, Rectangle
from digitizer.signing.placing import Ground, Place
from tests.signing.conftest import COPY, PERSONAL

FACE = Face()
MOMENT = datetime(2026, 11, 25, 9, 10, 3, tzinfo=timezone(timedelta(hours=7)))
COPIED = tuple(lines.words(replace(COPY, at=MOMENT)))


def ground(size: tuple[int, int] = (595, 842), *black: Rectangle) -> Ground:
    """A page in points with black rectangles: left, top, right, bottom."""
    ink = np.zeros((size[1], size[0]), dtype=np.float32)
    for left, top, right, bottom in black:
        ink[int(top) : int(bottom), int(left) : int(right)] = 1.0
    return Ground(ink, np.zeros_like(ink), 1.0)


def shapes(width: float = 595) -> tuple[Shape, ...]:
    return lines.shapes(COPIED, FACE.width, width)


def covered(page: Ground, place: Place) -> float:
    left, top, right, bottom = (round(side * page.scale) for side in place.box)
    return float(page.ink[top:bottom, left:right].sum())


def test_a_copy_says_its_form_the_agency_and_the_time_with_its_zone() -> None:
    assert COPIED == ("Sao y", "Ủy ban nhân dân xã Tân Phú Đông", "2026-11-25T09:10:03+07:00")


def test_a_personal_signature_says_name_and_time() -> None:
    said = lines.words(replace(PERSONAL, at=MOMENT))
    assert said == (
        "Người ký: Nguyễn Thị Ngọc Ánh",
        "Thời gian ký: 2026-11-25T09:10:03+07:00",
    )


def test_the_face_has_every_vietnamese_letter() -> None:
    marks = "áàảãạâấầẩẫậăắằẳẵặéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵđ"
    letters = marks + marks.upper()
    assert FACE.settable(letters) == letters
    apart = unicodedata.normalize("NFD", letters)  # as some keyboards write it
    assert FACE.settable(apart) == letters
    assert FACE.settable("名 x\ny") == "? x y"


def test_type_is_ten_points_wherever_the_page_is_wider_than_a_word() -> None:
    assert {shape.size for width in (595, 300, 165) for shape in shapes(width)} == {10.0}
    assert all(shape.width <= 165 for shape in shapes(165))
    (narrow,) = shapes(60)
    assert narrow.width <= 60


@pytest.mark.parametrize("look", list(Look))
def test_on_an_empty_page_a_stamp_stands_in_its_corner(look: Look) -> None:
    page = ground()
    found = placing.place(page, shapes(), look)
    left, top, right, _ = found.box
    assert found.white
    assert top == 18
    assert (left if look is Look.PERSONAL else 595 - right) == pytest.approx(24, abs=1)


def test_a_letterhead_is_left_free() -> None:
    page = ground((595, 842), (30, 20, 565, 90))
    for look in Look:
        found = placing.place(page, shapes(), look)
        assert found.white
        assert covered(page, found) == 0
        assert found.box[3] <= 842 / 3


def test_the_margin_is_used_where_text_begins_high() -> None:
    page = ground((595, 842), (40, 48, 555, 830))
    found = placing.place(page, shapes(), Look.COPY)
    assert found.white
    assert found.box[3] <= 48


def test_a_page_full_of_text_is_covered_as_little_as_can_be() -> None:
    page = ground((595, 842), *((20, top, 575, top + 9) for top in range(8, 830, 12)))
    found = placing.place(page, shapes(), Look.PERSONAL)
    assert not found.white
    assert found.box[3] <= 842 / 3
    assert found.box[2] <= 595 / 2 + found.shape.width / 2
    whole = found.shape.width * found.shape.height
    assert covered(page, found) < whole


@pytest.mark.parametrize("size", [(164, 400), (243, 153), (90, 60), (595, 842), (1190, 842)])
def test_the_second_never_covers_the_first(size: tuple[int, int]) -> None:
    page = ground(size)
    first = placing.place(page, shapes(size[0]), Look.PERSONAL)
    left, top, right, bottom = first.box
    page.taken[int(top) : int(np.ceil(bottom)), int(left) : int(np.ceil(right))] = 1.0
    second = placing.place(page, shapes(size[0]), Look.COPY)
    one, other = first.box, second.box
    apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    assert apart or size == (90, 60), "a page with room for two"


def test_dust_is_no_text() -> None:
    page = ground((595, 842), *((x, 25, x + 1, 26) for x in range(30, 130, 40)))
    assert placing.place(page, shapes(), Look.PERSONAL).box[1] == 18


BLOCKS = st.lists(
    st.tuples(
        st.integers(0, 280), st.integers(0, 400), st.integers(5, 200), st.integers(5, 120)
    ).map(lambda one: (one[0], one[1], one[0] + one[2], one[1] + one[3])),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(BLOCKS, st.sampled_from(list(Look)))
def test_text_is_covered_only_where_there_is_no_white_space_nearby(
    blocks: list[Rectangle], look: Look
) -> None:
    page = ground((300, 420), *blocks)
    tried = shapes(300)
    found = placing.place(page, tried, look)
    left, top, right, bottom = found.box
    assert left >= 0
    assert top >= 0
    assert right <= 301
    assert bottom <= 421
    if not found.white:
        shape = min(tried, key=lambda one: one.width)
        high, wide = int(np.ceil(shape.height)), int(np.ceil(shape.width))
        limit = page.ink.shape[0] - 6 - high
        for down in range(6, limit, 3):
            for across in range(6, 300 - wide - 6, 3):
                middle = across + wide / 2
                if (wide <= 150) and (middle <= 150) != (look is Look.PERSONAL):
                    continue
                assert page.ink[down : down + high, across : across + wide].sum() > 0


@given(
    st.sampled_from([0, 90, 180, 270]),
    st.floats(0.5, 3),
    st.tuples(st.floats(-50, 50), st.floats(-50, 50), st.floats(60, 900), st.floats(60, 900)),
    st.tuples(st.floats(0, 20), st.floats(0, 20), st.floats(21, 40), st.floats(21, 40)),
)
def test_what_is_seen_is_found_again_as_counted(
    turn: int, unit: float, shown: Rectangle, seen: Rectangle
) -> None:
    frame = Frame((shown[0], shown[1], shown[0] + shown[2], shown[1] + shown[3]), turn, unit)
    counted = frame.counted(seen)
    assert counted[0] < counted[2]
    assert counted[1] < counted[3]
    assert frame.seen(counted) == pytest.approx(seen, abs=1e-6)
