"""Whatever an image shows, looking for its paper and its content ends without trouble."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from digitizer.pages import blank, ink, paper

sides = st.integers(1, 260)
levels = st.integers(0, 255)
shapes = st.lists(
    st.tuples(st.integers(-20, 280), st.integers(-20, 280), sides, sides, levels), max_size=8
)


@settings(max_examples=60, deadline=None)
@given(sides, sides, levels, shapes, st.integers(0, 40), st.sampled_from([0, 3, 90, 176]))
def test_any_image_is_looked_at(
    width: int,
    height: int,
    level: int,
    drawn: list[tuple[int, int, int, int, int]],
    noise: int,
    askew: int,
) -> None:
    image = Image.new("L", (width, height), level)
    for x, y, across, down, fill in drawn:
        ImageDraw.Draw(image).rectangle((x, y, x + across, y + down), fill=fill)
    grain = np.random.default_rng(1).normal(0, noise, (height, width))
    image = Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))
    page = image.rotate(askew, fillcolor=level)
    view = paper.find(page)
    assert view.lid.shape == (height, width)
    if view.sheet is not None:
        left, top, right, bottom = view.sheet.sides
        assert left < right
        assert top < bottom
    contrast = ink.contrast(page)
    assert 0 <= blank.ink_fraction(contrast, 100.0) <= 1
    blank.plainly_written(contrast, 100.0)
    blank.judge(contrast, view.lid, 150.0)
