"""Codes as hard as a desk sees them: small, stamped, among broken ones; and patch codes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from digitizer.model import Code
from digitizer.pages import codes, ink, patches, reading, whole

TEXT = "000.00.20.H02-261122-0001"
DPI = 200
MM = DPI / 25.4
RED, BLACK = (206, 38, 52), (20, 20, 25)
WORDS = "Noi dung cua giay to nay 0123456789 " * 3


def page(dpi: int = DPI) -> Image.Image:
    return Image.new("RGB", (round(8.27 * dpi), round(11.69 * dpi)), (250, 249, 244))


def put(
    sheet: Image.Image,
    text: str,
    at: tuple[float, float],
    kind: zxingcpp.BarcodeFormat = zxingcpp.BarcodeFormat.QRCode,
    module: int = 2,
) -> None:
    """Print a code with its corner at ``at`` millimetres, ``module`` pixels a module."""
    made = Image.fromarray(np.array(zxingcpp.create_barcode(text, kind).to_image(module)))
    sheet.paste(made.convert("RGB"), (round(at[0] * MM), round(at[1] * MM)))


def read(sheet: Image.Image, folder: Path) -> tuple[Code, ...]:
    """Scan a sheet, soft and grained, and read its codes as the reading program does."""
    pixels = np.asarray(sheet.filter(ImageFilter.GaussianBlur(0.6)), dtype=np.float32)
    grain = np.random.default_rng(1).normal(0, 3, pixels.shape[:2])[..., None]
    file = folder / "page.jpg"
    Image.fromarray((pixels + grain).clip(0, 255).astype("u1")).save(
        file, quality=85, dpi=(DPI, DPI)
    )
    return reading.read(file).codes


def stamped(sheet: Image.Image, at: tuple[float, float]) -> Image.Image:
    """Press a red seal, translucent as ink is, with its middle at ``at`` millimetres."""
    seal = Image.new("RGB", sheet.size, "white")
    draw = ImageDraw.Draw(seal)
    x, y = (round(side * MM) for side in at)
    for radius, width in ((17.0, 9), (12.0, 4)):
        reach = round(radius * MM)
        draw.ellipse(
            (x - reach, y - reach, x + reach, y + reach), outline=(206, 38, 52), width=width
        )
    draw.regular_polygon((x, y, round(6 * MM)), 5, fill=(206, 38, 52))
    return ImageChops.multiply(sheet, seal)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_small_code_is_read_any_way_round(tmp_path: Path, turn: int) -> None:
    sheet = page()
    put(sheet, TEXT, (90, 80))
    assert read(sheet.rotate(turn, expand=True), tmp_path) == (Code("QRCode", TEXT),)


def test_a_code_on_grey_paper_under_a_stamp_is_read(tmp_path: Path) -> None:
    sheet = page()
    put(sheet, TEXT, (90, 80))
    sheet = ImageChops.multiply(sheet, Image.new("RGB", sheet.size, (190, 186, 178)))
    assert read(stamped(sheet, (93, 84)), tmp_path) == (Code("QRCode", TEXT),)


def test_one_broken_code_hides_no_other(tmp_path: Path) -> None:
    sheet = page()
    texts = [f"H02-261122-000{number}" for number in range(4)]
    for number, text in enumerate(texts):
        put(sheet, text, (20 + 40 * number, 60))
    left, top = round(20 * MM), round(60 * MM)
    ImageDraw.Draw(sheet).rectangle((left, top, left + 40, top + 40), fill="black")
    assert {code.text for code in read(sheet, tmp_path)} == set(texts[1:])


def test_every_kind_on_one_page_is_read_from_top_to_bottom(tmp_path: Path) -> None:
    sheet = page()
    kinds = {
        "QRCode": zxingcpp.BarcodeFormat.QRCode,
        "Code128": zxingcpp.BarcodeFormat.Code128,
        "Code39": zxingcpp.BarcodeFormat.Code39,
        "PDF417": zxingcpp.BarcodeFormat.PDF417,
        "DataMatrix": zxingcpp.BarcodeFormat.DataMatrix,
    }
    for number, (name, kind) in enumerate(kinds.items()):
        put(sheet, f"{name.upper()}-{number}", (25, 20 + 45 * number), kind, module=3)
    found = read(sheet, tmp_path)
    assert [code.format for code in found] == list(kinds)


def test_a_page_of_text_and_rules_has_no_code(tmp_path: Path) -> None:
    sheet = page()
    draw = ImageDraw.Draw(sheet)
    for row in range(40):
        top = round((20 + 6 * row) * MM)
        draw.text((round(25 * MM), top), "Noi dung cua giay to nay 0123456789 " * 3, fill=BLACK)
        draw.line((round(20 * MM), top, round(190 * MM), top), fill=BLACK, width=2)
    for column in range(30):
        left = round((20 + 5.7 * column) * MM)
        draw.line((left, round(20 * MM), left, round(260 * MM)), fill=BLACK, width=2)
    assert read(sheet, tmp_path) == ()


# --- patch codes ------------------------------------------------------------------------------

NARROW, WIDE = 2.03, 5.08


def bars(widths: tuple[float, ...], at: tuple[float, float], length: float) -> Image.Image:
    """A page with bars across, narrow spaces between them; millimetres."""
    sheet = page(100)
    draw = ImageDraw.Draw(sheet)
    scale = 100 / 25.4
    top = at[1]
    for width in widths:
        box = (at[0] * scale, top * scale, (at[0] + length) * scale - 1, (top + width) * scale - 1)
        draw.rectangle([round(side) for side in box], fill="black")
        top += width + NARROW
    return sheet


def patch_codes(sheet: Image.Image) -> int:
    return len(patches.find(ink.contrast(sheet.convert("L")), 100.0))


PATCH_T = (NARROW, WIDE, NARROW, WIDE)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("askew", [0.0, 3.0])
def test_a_patch_t_is_seen_any_way_round(turn: int, askew: float) -> None:
    sheet = bars(PATCH_T, (60, 30), 60).rotate(turn, expand=True)
    assert patch_codes(sheet.rotate(askew, fillcolor=(250, 249, 244))) == 1


@pytest.mark.parametrize(
    "widths",
    [
        (WIDE, WIDE, NARROW, NARROW),
        (NARROW, WIDE, WIDE, NARROW),
        (NARROW, NARROW, WIDE, WIDE),
        (WIDE, NARROW, NARROW, WIDE),
        (NARROW, NARROW, NARROW, NARROW),
    ],
)
def test_another_patch_is_none(widths: tuple[float, ...]) -> None:
    assert patch_codes(bars(widths, (60, 30), 60)) == 0


def test_short_bars_are_none() -> None:
    assert patch_codes(bars(PATCH_T, (60, 30), 9)) == 0


def test_a_patch_sheet_says_what_its_bar_code_would(tmp_path: Path) -> None:
    file = tmp_path / "patch.png"
    bars(PATCH_T, (40, 20), 120).save(file, dpi=(100, 100))
    assert reading.read(file).codes == (Code(codes.PATCH, codes.PATCH_T),)


def test_a_page_with_codes_alone_is_not_read_for_words(tmp_path: Path) -> None:
    sheet = page()
    put(sheet, TEXT, (85, 120), module=8)
    sheet.save(tmp_path / "code.png", dpi=(DPI, DPI))
    alone = whole.work(tmp_path / "code.png", tmp_path / "code")
    assert not alone.reading.blank
    assert [code.text for code in alone.reading.codes] == [TEXT]
    assert alone.words is not None
    assert (alone.words.count, alone.words.said.text) == (0, "")
    ImageDraw.Draw(sheet).text((640, 1500), "Trang 1", fill=BLACK, font_size=50)
    sheet.save(tmp_path / "both.png", dpi=(DPI, DPI))
    both = whole.work(tmp_path / "both.png", tmp_path / "both")
    assert both.words is not None
    assert both.words.said.text.startswith("Trang")
