"""Pages that are mostly dark: slips on a dark lid, light print on a cover; both have words."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from digitizer.pages import negative, whole

A4_150 = (1240, 1754)
INKS = {"negative": ((20, 20, 20), (235, 235, 235)), "cover": ((36, 58, 120), (250, 230, 120))}


def said(page: Image.Image, folder: Path) -> str:
    path = folder / "page.png"
    page.save(path, dpi=(150, 150))
    words = whole.work(path, folder / "words").words
    assert words is not None
    return words.said.text


def slips() -> Image.Image:
    """Two white slips apart on a dark lid that fills most of the image."""
    page = Image.new("RGB", A4_150, (24, 24, 26))
    draw = ImageDraw.Draw(page)
    for left, top, sum_ in ((80, 110, "120.000"), (690, 230, "350.000")):
        draw.rectangle((left, top, left + 400, top + 560), fill=(250, 250, 250))
        draw.text((left + 60, top + 40), "BIEN LAI THU", font_size=40, fill=(20, 20, 20))
        for line in range(8):
            text = "Cong hoa xa hoi chu"
            draw.text((left + 40, top + 120 + 40 * line), text, font_size=30, fill=(20, 20, 20))
        draw.text((left + 40, top + 480), f"Tong {sum_}", font_size=34, fill=(20, 20, 20))
    return page


def test_slips_on_a_dark_lid_are_read(tmp_path: Path) -> None:
    text = said(slips(), tmp_path)
    assert "120.000" in text
    assert "350.000" in text
    assert text.count("BIEN LAI") == 2


@pytest.mark.parametrize("kind", INKS)
def test_light_print_on_dark_is_read(tmp_path: Path, kind: str) -> None:
    ground, ink = INKS[kind]
    page = Image.new("RGB", A4_150, ground)
    draw = ImageDraw.Draw(page)
    draw.text((240, 370), "CONG HOA XA HOI CHU", font_size=60, fill=ink)
    draw.text((400, 530), "So 123456", font_size=46, fill=ink)
    text = said(page, tmp_path)
    assert "CONG" in text
    assert "123456" in text


def test_a_dark_side_with_nothing_on_it_has_no_words(tmp_path: Path) -> None:
    assert said(Image.effect_noise(A4_150, 8).point(lambda v: v // 6), tmp_path) == ""


@pytest.mark.parametrize(("paper", "ink"), [(250, 20), (110, 15)], ids=["white", "brown"])
def test_print_darker_than_its_paper_is_left(paper: int, ink: int) -> None:
    page = Image.new("L", (600, 800), paper)
    ImageDraw.Draw(page).text((60, 80), "Cong hoa\nxa hoi", font_size=60, fill=ink)
    assert negative.righted(page, 150.0) is page
