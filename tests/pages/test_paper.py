"""The paper in a larger image: found where it is sure, left alone where it is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw

from digitizer.bundle.files import bundle_files
from digitizer.model import BlankReason
from digitizer.pages import reading
from digitizer.sandbox.stack import StackPage

DPI = 100
A4 = (827, 1169)
A5 = (583, 827)


def noisy(image: Image.Image, seed: int = 1) -> Image.Image:
    grain = np.random.default_rng(seed).normal(0, 2.0, (image.height, image.width))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def on_lid(sheet: Image.Image, lid: int, size: tuple[int, int], askew: float = 0.0) -> Image.Image:
    """Lay a grey sheet a little off the top left corner of a lid."""
    turned = sheet.convert("RGB").rotate(
        -askew, Image.Resampling.BICUBIC, expand=True, fillcolor=(lid,) * 3
    )
    scan = Image.new("L", size, lid)
    scan.paste(turned.convert("L"), (40, 60))
    return noisy(scan)


def saved(image: Image.Image, folder: Path) -> Path:
    path = folder / "scan.png"
    image.save(path, dpi=(DPI, DPI))
    return path


@pytest.mark.parametrize("lid", [20, 140, 215])
@pytest.mark.parametrize("askew", [0.0, 2.6, -7.0])
def test_a_half_sheet_on_the_glass_is_the_page(
    tmp_path: Path, statement: StackPage, lid: int, askew: float
) -> None:
    sheet = statement.image.convert("L").resize(A5, Image.Resampling.BOX)
    found = reading.read(saved(on_lid(sheet, lid, A4, askew), tmp_path))
    assert found.crop is not None
    assert found.crop_sure
    # Its text leans by itself, and a box that holds all of a leaning sheet is larger.
    leaning = abs(found.skew + askew)
    assert leaning == pytest.approx(statement.askew, abs=0.15)
    slack = 6 + 2 * A5[1] * leaning / 57.3
    assert A5[0] - 3 <= found.crop.width <= A5[0] + slack
    assert A5[1] - 3 <= found.crop.height <= A5[1] + slack


def test_a_feeder_that_scanned_on_leaves_the_page(tmp_path: Path, form: StackPage) -> None:
    scan = Image.new("L", (A4[0], 1600), 12)
    scan.paste(form.image.convert("L").resize(A4, Image.Resampling.BOX), (0, 0))
    found = reading.read(saved(noisy(scan), tmp_path))
    assert found.crop_sure
    assert found.crop is not None
    assert found.crop.to_json() == pytest.approx([0, 0, A4[0], A4[1]], abs=3)
    width, height = found.canvas.size_mm(found.own_box, found.turn)
    assert (width, height) == pytest.approx((210, 297), abs=1)


def framed() -> Image.Image:
    """A certificate: white paper, and on it a frame with words."""
    page = Image.new("L", A4, 246)
    draw = ImageDraw.Draw(page)
    draw.rectangle((60, 70, 760, 1100), outline=90, width=6)
    draw.text((200, 300), "GIAY CHUNG NHAN", font_size=40, fill=40)
    return page


def two_cards() -> Image.Image:
    page = Image.new("L", A4, 250)
    for y in (150, 620):
        page.paste(175, (240, y, 577, y + 212))
        ImageDraw.Draw(page).text((300, y + 60), "CAN CUOC", font_size=30, fill=30)
    return page


def tinted_part() -> Image.Image:
    page = Image.new("L", A4, 250)
    page.paste(225, (90, 240, 700, 830))
    ImageDraw.Draw(page).text((200, 300), "Phan danh cho co quan", font_size=30, fill=30)
    return page


def dark_corner() -> Image.Image:
    """A page with a black picture that reaches its corner."""
    page = Image.new("L", A4, 248)
    page.paste(10, (500, 800, *A4))
    for row in range(12):
        ImageDraw.Draw(page).text((80, 80 + 50 * row), "Dieu khoan chung", font_size=28, fill=30)
    return page


@pytest.mark.parametrize(
    "page",
    [framed(), two_cards(), tinted_part(), dark_corner(), Image.new("L", A4, 250)],
    ids=["frame", "two cards", "tinted part", "dark corner", "bare"],
)
def test_what_is_on_the_paper_is_no_paper(tmp_path: Path, page: Image.Image) -> None:
    assert not reading.read(saved(noisy(page), tmp_path)).crop_sure


def test_the_page_that_fills_its_image_has_no_box(tmp_path: Path, form: StackPage) -> None:
    page = form.image.convert("L").resize(A4, Image.Resampling.BOX)
    assert reading.read(saved(page, tmp_path)).crop is None


def test_a_bare_sheet_on_a_dark_lid_is_blank(tmp_path: Path) -> None:
    scan = on_lid(Image.new("L", A5, 244), 25, A4, 3.0)
    found = reading.read(saved(scan, tmp_path))
    assert found.blank
    assert found.blank_reason is BlankReason.EMPTY
    assert found.crop_sure
    assert found.skew == pytest.approx(-3.0, abs=0.2)


def test_a_signature_on_grey_paper_in_uneven_light_is_no_blank_page(tmp_path: Path) -> None:
    """Where the light is the same the paper is an even level, as a lid is; the rest of it is not,
    and the stroke stands in the part that is."""
    chance = np.random.default_rng(5060)
    page = Image.new("L", (1240, 1754), 196)
    points = [(320 + 3 * x, 590 + round(35 * np.sin(x / 4) * (1 - x / 60))) for x in range(60)]
    ImageDraw.Draw(page).line(points, 70, 2)
    light = np.linspace(0, 7, 1240)[None] + chance.normal(0, 5, (1754, 1240))
    lit = Image.fromarray((np.asarray(page) + light).clip(0, 255).astype(np.uint8))
    lit.save(tmp_path / "signed.png", dpi=(150, 150))
    assert not reading.read(tmp_path / "signed.png").blank


def test_a_cropped_page_is_bundled_at_its_true_size(tmp_path: Path, statement: StackPage) -> None:
    sheet = statement.image.convert("L").resize(A5, Image.Resampling.BOX)
    bundle_files([saved(on_lid(sheet, 20, A4), tmp_path)], tmp_path / "out.pdf")
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        across, down = (float(side) for side in pdf.pages[0].mediabox.as_list()[2:])
    leaning = 2 * A5[1] * statement.askew / 57.3 / DPI * 72
    assert 148 / 25.4 * 72 - 2 <= across <= 148 / 25.4 * 72 + leaning
    assert 210 / 25.4 * 72 - 2 <= down <= 210 / 25.4 * 72 + leaning
