"""Parting a page: ink into stencils, colour and pictures left alone, nothing lost or moved."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from digitizer.bundle import layers
from digitizer.sandbox import stack
from digitizer.sandbox.sheet import DPI, Sheet

RED, BLUE, PAPER = (202, 30, 44), (32, 52, 140), (251, 249, 243)


def shown(found: layers.Layers, size: tuple[int, int]) -> Image.Image:
    """The page as a viewer paints it."""
    page = found.background.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    for stencil in found.stencils:
        colour = stencil.colour if len(stencil.colour) == 3 else stencil.colour * 3
        covered = stencil.shape.convert("L").point(lambda level: 255 - level).resize(size)
        page.paste(colour, (0, 0), covered)
    return page


def apart(one: Image.Image, other: Image.Image) -> float:
    """Mean difference in levels."""
    return float(np.abs(np.asarray(one, np.int16) - np.asarray(other, np.int16)).mean())


def blank(size: tuple[int, int] = (1240, 900)) -> Image.Image:
    return Image.new("RGB", size, PAPER)


@pytest.fixture(scope="module")
def sealed() -> Image.Image:
    return stack.letter("Nguyễn Thị Hạnh Dung").image


@pytest.fixture(scope="module")
def parted(sealed: Image.Image) -> layers.Layers:
    return layers.part(sealed, DPI, DPI)


def test_the_page_looks_the_same(sealed: Image.Image, parted: layers.Layers) -> None:
    assert apart(shown(parted, sealed.size).reduce(3), sealed.reduce(3)) < 2.5


def test_text_is_a_stencil_at_the_scans_own_resolution(
    sealed: Image.Image, parted: layers.Layers
) -> None:
    ink = np.asarray(sealed.convert("L")) < 90
    assert all(stencil.shape.size == sealed.size for stencil in parted.stencils)
    covered = ~np.logical_and.reduce([np.asarray(each.shape) for each in parted.stencils])
    pixels = np.asarray(sealed, np.int16)
    black = ink & (pixels.max(axis=2) - pixels.min(axis=2) < 12)
    assert covered[black].mean() > 0.98
    assert not covered[np.asarray(sealed.convert("L")) > 200].any()


def test_seals_and_pens_stay_in_true_colour(sealed: Image.Image, parted: layers.Layers) -> None:
    back = np.asarray(parted.background.resize(sealed.size), np.int16)
    pixels = np.asarray(sealed, np.int16)
    for colour in (RED, BLUE):
        mine = np.abs(pixels - colour).max(axis=2) < 25
        assert mine.sum() > 500
        assert np.abs(back[mine] - pixels[mine]).mean() < 20
        covered = ~np.logical_and.reduce([np.asarray(each.shape) for each in parted.stencils])
        assert covered[mine].mean() < 0.02


def test_the_background_keeps_the_legal_resolution(parted: layers.Layers) -> None:
    assert parted.background.size == (round(2480 * 200 / 300), round(3508 * 200 / 300))


@pytest.mark.parametrize(
    ("dpi", "wanted"),
    [(100, 200), (200, 400), (240, 400), (300, 300), (400, 400), (600, 300), (1200, 300)],
)
def test_a_stencil_has_the_scans_pixels_or_more_where_it_is_coarse(dpi: int, wanted: int) -> None:
    assert layers.stencil_size(dpi * 8, dpi * 11, dpi, dpi) == (wanted * 8, wanted * 11)


def test_strokes_of_a_coarse_scan_keep_their_edges(sealed: Image.Image) -> None:
    scan = sealed.resize((1654, 2339), Image.Resampling.BOX)
    found = layers.part(scan, 200, 200)
    fine = shown(found, found.stencils[0].shape.size).resize(scan.size, Image.Resampling.BOX)
    pixels = np.asarray(scan.convert("L"), np.int16)
    strokes = pixels < 128
    assert strokes.mean() > 0.01
    assert np.abs(np.asarray(fine.convert("L"), np.int16) - pixels)[strokes].mean() < 20


def test_the_gap_between_a_letter_and_its_mark_stays_open_in_a_coarse_scan() -> None:
    """One pixel wide and grey from the blur of either side: as in *ế* of a small print."""
    scan = Image.new("RGB", (800, 800), "white")
    drawing = ImageDraw.Draw(scan)
    for left in range(100, 700, 40):
        drawing.rectangle((left, 400, left + 12, 402), "black")
        drawing.rectangle((left, 404, left + 12, 406), "black")
    (stencil,) = layers.part(scan.filter(ImageFilter.GaussianBlur(0.9)), 200, 200).stencils
    ink = ~np.asarray(stencil.shape)
    assert ink[802:804, 206:218].all()
    assert ink[810:812, 206:218].all()
    assert not ink[806:808, 206:218].any()


def test_a_picture_is_left_alone() -> None:
    noise = np.random.default_rng(4).integers(0, 255, (30, 40, 3), dtype=np.uint8)
    photo = Image.fromarray(noise).resize((1240, 900), Image.Resampling.BICUBIC)
    found = layers.part(photo, 150, 150)
    assert found.pictured > 0.9
    assert apart(shown(found, photo.size), photo) < 3.0


def test_a_photo_on_a_page_of_text_stays_beside_it() -> None:
    noise = np.random.default_rng(4).integers(0, 255, (30, 40, 3), dtype=np.uint8)
    sheet = Sheet(3)
    sheet.image.paste(
        Image.fromarray(noise).resize((1200, 900), Image.Resampling.BICUBIC), (600, 1500)
    )
    sheet.line("ẢNH HIỆN TRẠNG THỬA ĐẤT")
    found = layers.part(sheet.image, DPI, DPI)
    assert found.stencils
    inside = (650, 1550, 1750, 2350)
    seen = shown(found, sheet.image.size)
    assert apart(seen.crop(inside), sheet.image.crop(inside)) < 4.0


def test_filled_areas_and_white_letters_on_them_keep_their_colour() -> None:
    page = blank()
    draw = ImageDraw.Draw(page)
    draw.rectangle((100, 100, 1100, 300), fill=(90, 90, 90))
    draw.text((150, 150), "DANH SACH", fill="white", font_size=80)
    draw.rectangle((100, 400, 1100, 600), fill=(200, 220, 250))
    draw.text((150, 450), "Dong thu hai", fill=(28, 27, 30), font_size=60)
    found = layers.part(page, 150, 150)
    seen = shown(found, page.size)
    for x, y in ((600, 250), (600, 560)):
        assert np.abs(np.subtract(seen.getpixel((x, y)), page.getpixel((x, y)))).max() < 12
    assert apart(seen, page) < 2.0


def test_a_faint_pencil_line_survives_the_smoothing() -> None:
    page = blank()
    ImageDraw.Draw(page).line((100, 450, 1100, 470), fill=(215, 213, 208), width=3)
    grain = np.random.default_rng(1).normal(0, 2.5, (900, 1240, 1))
    noisy = Image.fromarray(np.clip(np.asarray(page) + grain, 0, 255).astype(np.uint8))
    seen = np.asarray(shown(layers.part(noisy, 150, 150), page.size), np.int16)
    column = seen[430:490, 600].mean(axis=1)
    assert column.max() - column.min() > 20


def test_paper_grain_goes() -> None:
    grain = np.random.default_rng(1).normal(0, 2.5, (900, 1240, 1))
    noisy = Image.fromarray(np.clip(np.asarray(blank()) + grain, 0, 255).astype(np.uint8))
    found = layers.part(noisy, 150, 150)
    assert not found.stencils
    assert np.asarray(found.background, np.float64).std(axis=(0, 1)).max() < 1.2


def test_light_grey_letters_stay_light() -> None:
    page = blank()
    draw = ImageDraw.Draw(page)
    draw.text((100, 100), "Chu den dam", fill=(20, 20, 20), font_size=70)
    draw.text((100, 600), "Chu xam nhat", fill=(150, 150, 150), font_size=70)
    found = layers.part(page, 150, 150)
    tones = sorted(stencil.colour[0] for stencil in found.stencils)
    assert tones[0] < 50
    assert 120 < tones[-1] < 175


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (3, 900), (900, 2)])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_odd_sizes_are_no_trouble(size: tuple[int, int], mode: str) -> None:
    found = layers.part(Image.new(mode, size, "white"), 300, 300)
    assert found.background.mode == mode
