"""Identity cards copied on a page stay pictures; what is printed beside them is parted as ever."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitizer.bundle import layers, picture
from digitizer.bundle.request import BundlePage, Style

A4_200 = (1654, 2339)
CARD = (674, 425)
PLACES = ((490, 300), (490, 1100))


def card() -> Image.Image:
    """A card at 200 dpi: a pale tint, a portrait whose clothes are dark, print."""
    tint = np.linspace((200, 232, 224), (236, 214, 220), CARD[0]).astype(np.uint8)
    image = Image.fromarray(np.broadcast_to(tint, (CARD[1], CARD[0], 3)).copy())
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 140, 200, 360), fill=(150, 175, 215))
    draw.ellipse((80, 170, 150, 260), fill=(215, 175, 150))
    draw.pieslice((40, 270, 190, 450), 180, 360, fill=(40, 44, 70))
    draw.text((230, 40), "CAN CUOC CONG DAN", font_size=30, fill=(190, 30, 40))
    for line in range(5):
        draw.text((230, 130 + 44 * line), "Ho va ten: NGUYEN", font_size=26, fill=(25, 25, 30))
    return image


def copied(turn: int = 0) -> Image.Image:
    page = Image.new("RGB", A4_200, (250, 250, 248))
    for place in PLACES:
        page.paste(card(), place)
    return page.rotate(turn, Image.Resampling.BICUBIC, expand=turn % 90 == 0, fillcolor="white")


@pytest.mark.parametrize("turn", [0, 90, 3])
def test_no_part_of_a_card_is_a_stencil(turn: int) -> None:
    assert layers.part(copied(turn), 200, 200).stencils == ()


def test_a_page_of_cards_is_one_plain_jpeg(tmp_path: Path) -> None:
    path = tmp_path / "cards.png"
    copied().save(path, dpi=(200, 200))
    page = BundlePage(path, 0, 0.0, *A4_200, 200.0, 200.0)
    with picture.pictures(page, Style.COMPACT, tmp_path) as made:
        assert [one.filter for one in made] == ["/DCTDecode"]


def test_print_beside_a_card_is_a_stencil_all_the_same() -> None:
    page = copied()
    draw = ImageDraw.Draw(page)
    draw.text((300, 1800), "Sao y ban chinh, ngay 12/3/2025", font_size=50, fill=(20, 20, 20))
    (stencil,) = layers.part(page, 200, 200).stencils
    inked = ~np.asarray(stencil.shape)
    scale = stencil.shape.width / page.width
    assert inked[round(1790 * scale) :].any()
    assert not inked[: round(1560 * scale)].any()


def test_a_tinted_box_of_another_size_is_no_card() -> None:
    page = Image.new("RGB", A4_200, (250, 250, 248))
    draw = ImageDraw.Draw(page)
    draw.rectangle((200, 300, 1450, 800), fill=(232, 236, 222))
    draw.text((300, 400), "Noi dung cua mot khung co nen mau", font_size=50, fill=(20, 20, 20))
    assert layers.part(page, 200, 200).stencils
