"""Bundles: valid PDF/A-2b, untouched images, text in its place, all or nothing."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from msgspec.structs import replace
from pikepdf import pdfa
from PIL import Image, ImageDraw, ImageFilter

from digitizer import programs
from digitizer.boxes import Box
from digitizer.bundle import making
from digitizer.bundle.request import BundleMade, BundlePage, BundleRequest, Style, is_padded
from digitizer.errors import BundleInvalid, FileUnreadable, OutputUnwritable
from digitizer.pages import raster, whole
from digitizer.sandbox import stack

CREATED = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)
TITLE, CODE, PROCEDURE = "Giấy cam đoan", "000.00.20.H02-261122-0007", "Đăng ký khai sinh"


def request(out: Path, *pages: BundlePage, style: Style = Style.FAITHFUL) -> BundleRequest:
    return BundleRequest(out, pages, TITLE, CODE, PROCEDURE, style, CREATED)


def page_of(image: Path, *, turn: int = 0, skew: float = 0.0, dpi: float = 100.0) -> BundlePage:
    with Image.open(image) as opened:
        width, height = opened.size
    return BundlePage(image, turn, skew, width, height, dpi, dpi)


@pytest.fixture(scope="session")
def read_page(tmp_path_factory: pytest.TempPathFactory) -> BundlePage:
    """A statement that lies askew, read and OCRed."""
    folder = tmp_path_factory.mktemp("read")
    file = stack.save(stack.askew_statement("Nguyễn Thị Hạnh Dung"), folder)
    found = whole.work(file, folder / "words")
    assert found.words is not None
    reading = found.reading
    return BundlePage(
        file,
        reading.turn,
        reading.skew,
        reading.width,
        reading.height,
        reading.dpi_x,
        reading.dpi_y,
        found.words.text_pdf,
    )


def assert_pdfa(file: Path) -> None:
    report = pdfa.validate_written(file, "2b")
    assert report.passed, report.findings
    with pikepdf.open(file) as pdf:
        assert pdf.check_pdf_syntax() == []


def raw_image(file: Path, page: int = 0) -> bytes:
    with pikepdf.open(file) as pdf:
        return bytes(pdf.pages[page].obj.Resources.XObject["/Image"].read_raw_bytes())


def rendered(file: Path, dpi: int, page: int = 1) -> Image.Image:
    command = ["pdftoppm", "-r", str(dpi), "-f", str(page), "-l", str(page), "-gray", str(file)]
    made = subprocess.run(command, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(made)).convert("L")


def colours(size: tuple[int, int] = (400, 600), mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(2).integers(0, 255, (size[1] // 20, size[0] // 20, 3))
    wide = Image.fromarray(pixels.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    return wide.convert(mode)


@pytest.mark.parametrize(
    ("mode", "options"), [("RGB", {}), ("RGB", {"progressive": True}), ("L", {})]
)
def test_a_jpeg_goes_in_byte_for_byte(tmp_path: Path, mode: str, options: dict[str, bool]) -> None:
    image = tmp_path / "page.jpg"
    colours(mode=mode).save(image, **options)
    out = tmp_path / "out.pdf"
    made = making.make(request(out, page_of(image, skew=3.25)))
    assert raw_image(out) == image.read_bytes()
    assert made.pdfa
    assert made.bytes == out.stat().st_size
    assert made.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
    assert_pdfa(out)


def test_a_cmyk_jpeg_is_made_rgb(tmp_path: Path) -> None:
    image = tmp_path / "page.jpg"
    colours(mode="CMYK").save(image)
    out = tmp_path / "out.pdf"
    making.make(request(out, page_of(image)))
    assert_pdfa(out)
    with Image.open(io.BytesIO(raw_image(out))) as inside:
        assert inside.mode == "RGB"


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "RGBA", "LA", "I;16", "1"])
def test_lossless_images_keep_their_pixels(tmp_path: Path, mode: str) -> None:
    image = tmp_path / "page.png"
    source = colours(mode="L" if mode == "I;16" else mode)
    if mode == "I;16":
        source = Image.fromarray(np.asarray(source).astype(np.uint16) * 257)
    source.save(image)
    out = tmp_path / "out.pdf"
    making.make(request(out, page_of(image)))
    assert_pdfa(out)
    with pikepdf.open(out) as pdf:
        stored = pikepdf.PdfImage(pdf.pages[0].obj.Resources.XObject["/Image"])
        assert ("/CCITTFaxDecode" in stored.filters) == (mode == "1")
        got = stored.as_pil_image()
    with Image.open(image) as original:
        wanted = original if mode in ("1", "L") else original.convert("RGB")
        if mode == "I;16":
            wanted = Image.fromarray((np.asarray(original) >> 8).astype(np.uint8))
        assert np.array_equal(np.asarray(got.convert(wanted.mode)), np.asarray(wanted))


def marked(turned: int, folder: Path) -> Path:
    """A page with one black mark in its upper left corner, then turned clockwise."""
    page = Image.new("RGB", (400, 600), "white")
    ImageDraw.Draw(page).rectangle((20, 30, 120, 80), fill="black")
    path = folder / f"turned{turned}.png"
    page.rotate(-turned, expand=True).save(path)
    return path


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turn_brings_the_page_upright(tmp_path: Path, turn: int) -> None:
    image = marked((360 - turn) % 360, tmp_path)
    out = tmp_path / "out.pdf"
    making.make(request(out, page_of(image, turn=turn)))
    seen = np.asarray(rendered(out, 100)) < 128
    assert seen.shape == (600, 400)
    rows, columns = np.nonzero(seen)
    assert (columns.min(), rows.min()) == pytest.approx((20, 30), abs=1)
    assert (columns.max(), rows.max()) == pytest.approx((120, 80), abs=1)


def test_a_skew_is_levelled_about_the_centre(tmp_path: Path) -> None:
    page = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(page).rectangle((100, 295, 700, 305), fill="black")
    image = tmp_path / "askew.png"
    page.rotate(-5, Image.Resampling.BICUBIC, fillcolor="white").save(image)
    out = tmp_path / "out.pdf"
    making.make(request(out, page_of(image, skew=-5.0)))
    rows = np.nonzero(np.asarray(rendered(out, 100)) < 128)[0]
    assert rows.min() >= 292
    assert rows.max() <= 308


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize(
    ("skew", "box"), [(0.0, Box(40, 60, 300, 500)), (4.0, Box(-5, 30, 350, 420))]
)
def test_a_box_is_the_page_exactly_as_ocr_sees_it(
    tmp_path: Path, turn: int, skew: float, box: Box
) -> None:
    image = tmp_path / "page.png"
    colours(mode="L").filter(ImageFilter.GaussianBlur(2)).save(image)
    page = replace(page_of(image, turn=turn, skew=skew), box=box)
    making.make(request(tmp_path / "out.pdf", page))
    drawn = rendered(tmp_path / "out.pdf", 100).convert("L")
    with Image.open(image) as stored:
        seen = raster.cropped(stored, turn, skew, box, (1.0, 1.0))
    assert abs(drawn.width - seen.width) <= 1
    assert abs(drawn.height - seen.height) <= 1
    apart = np.abs(np.asarray(drawn.resize(seen.size), np.float32) - np.asarray(seen, np.float32))
    assert apart.mean() < 4
    assert_pdfa(tmp_path / "out.pdf")


def test_the_page_is_as_large_as_the_paper(tmp_path: Path) -> None:
    image = tmp_path / "fax.png"
    Image.new("1", (1728, 1143), 1).save(image)
    out = tmp_path / "out.pdf"
    fax = BundlePage(image, 90, 0.0, 1728, 1143, 204.0, 98.0)
    making.make(request(out, fax))
    with pikepdf.open(out) as pdf:
        box = [float(side) for side in pdf.pages[0].mediabox.as_list()]
    assert box == pytest.approx([0, 0, 1143 / 98 * 72, 1728 / 204 * 72], abs=0.01)


@dataclass(frozen=True)
class Word:
    text: str
    left: float
    top: float
    right: float
    bottom: float


def words(file: Path) -> list[Word]:
    said = subprocess.run(
        ["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    found = re.findall(
        r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)<', said
    )
    return [Word(text, *(float(side) for side in sides)) for *sides, text in found]


def test_vietnamese_is_found_where_it_is_seen(tmp_path: Path, read_page: BundlePage) -> None:
    out = tmp_path / "out.pdf"
    making.make(request(out, read_page, read_page))
    assert_pdfa(out)
    found = words(out)
    title = [word for word in found if word.text in ("GIẤY", "CAM", "ĐOAN")]
    assert len(title) >= 6  # three words on two pages
    page = np.asarray(rendered(out, 72)) < 150
    held = 0
    for word in found[: len(found) // 2]:
        box = page[int(word.top) : int(word.bottom) + 1, int(word.left) : int(word.right) + 1]
        held += bool(box.mean() > 0.05)
    assert held / (len(found) // 2) > 0.97
    for word in title[:3]:
        # Letters stand inside the word's box and not beside it.
        band = page[int(word.top) + 1 : int(word.bottom), :]
        columns = np.nonzero(band[:, int(word.left) - 3 : int(word.right) + 4].any(axis=0))[0]
        assert columns.size
        assert columns.min() + int(word.left) - 3 == pytest.approx(word.left, abs=4)


def test_the_glyphless_font_is_stored_once(tmp_path: Path, read_page: BundlePage) -> None:
    out = tmp_path / "out.pdf"
    making.make(request(out, *[read_page] * 5))
    with pikepdf.open(out) as pdf:
        fonts = {page.obj.Resources.Font["/f-0-0"].objgen for page in pdf.pages}
        programs_stored = [
            item for item in pdf.objects if isinstance(item, pikepdf.Stream) and "/Length1" in item
        ]
    assert len(fonts) == 1
    assert len(programs_stored) == 1


def test_it_says_what_it_is(tmp_path: Path, read_page: BundlePage) -> None:
    out = tmp_path / "out.pdf"
    making.make(request(out, read_page))
    with pikepdf.open(out) as pdf:
        assert str(pdf.docinfo["/Title"]) == TITLE
        assert CODE in str(pdf.docinfo["/Keywords"])
        assert str(pdf.docinfo["/Subject"]) == PROCEDURE
        assert str(pdf.Root.Lang) == "vi-VN"
        assert str(pdf.Root.OutputIntents[0].OutputConditionIdentifier) == "sRGB"
        with pdf.open_metadata() as xmp:
            assert xmp["dc:title"] == TITLE
            assert CODE in xmp["pdf:Keywords"]
            assert xmp["xmp:CreatorTool"].startswith("digitizer ")
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "B")


def test_the_same_request_makes_the_same_bytes(tmp_path: Path, read_page: BundlePage) -> None:
    one, other = tmp_path / "one.pdf", tmp_path / "other.pdf"
    making.make(request(one, read_page))
    making.make(request(other, read_page))
    assert one.read_bytes() == other.read_bytes()


def test_compact_is_smaller_and_still_legal(tmp_path: Path, read_page: BundlePage) -> None:
    large, small = tmp_path / "large.pdf", tmp_path / "small.pdf"
    making.make(request(large, read_page))
    making.make(request(small, read_page, style=Style.COMPACT))
    assert_pdfa(small)
    assert small.stat().st_size < large.stat().st_size / 6
    with pikepdf.open(small) as pdf:
        stencil = pdf.pages[0].obj.Resources.XObject["/Stencil1"]
        assert (int(stencil.Width), bool(stencil.ImageMask)) == (read_page.width, True)
        assert str(stencil.Filter) == "/CCITTFaxDecode"
        image = pdf.pages[0].obj.Resources.XObject["/Image"]
        across = float(pdf.pages[0].mediabox.as_list()[2])
        assert int(image.Width) / (across / 72) >= 199.5
        assert str(image.ColorSpace) == "/DeviceRGB"
        assert [str(each) for each in image.Filter] == ["/FlateDecode", "/DCTDecode"]
        with Image.open(io.BytesIO(zlib.decompress(image.read_raw_bytes()))) as back:
            assert (back.format, back.width) == ("JPEG", int(image.Width))


def test_compact_shows_what_faithful_shows(tmp_path: Path, read_page: BundlePage) -> None:
    large, small = tmp_path / "large.pdf", tmp_path / "small.pdf"
    turned = replace(read_page, turn=90, skew=-2.0)
    making.make(request(large, read_page, turned))
    making.make(request(small, read_page, turned, style=Style.COMPACT))
    for page in (1, 2):
        one, other = (
            np.asarray(rendered(file, 100, page).reduce(4), np.int16) for file in (large, small)
        )
        assert np.abs(one - other).mean() < 4
        assert np.abs(one - other).max() < 90


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_picture_falls_back_to_one_plain_jpeg(tmp_path: Path, mode: str) -> None:
    image = tmp_path / "photo.png"
    colours((1600, 1200), mode).save(image)
    out = tmp_path / "out.pdf"
    making.make(request(out, page_of(image, dpi=300.0), style=Style.COMPACT))
    assert_pdfa(out)
    with pikepdf.open(out) as pdf:
        objects = pdf.pages[0].obj.Resources.XObject
        assert list(objects.keys()) == ["/Image"]
        assert str(objects["/Image"].Filter) == "/DCTDecode"


def test_a_page_that_would_grow_stays_as_it_was(tmp_path: Path) -> None:
    image = tmp_path / "tight.jpg"
    colours().save(image, quality=5)
    out = tmp_path / "out.pdf"
    making.make(request(out, page_of(image), style=Style.COMPACT))
    assert raw_image(out) == image.read_bytes()


def test_a_two_level_page_is_the_same_in_both_styles(tmp_path: Path) -> None:
    image = tmp_path / "fax.png"
    colours(mode="1").save(image)
    for style in Style:
        making.make(request(tmp_path / f"{style}.pdf", page_of(image), style=style))
    assert raw_image(tmp_path / "faithful.pdf") == raw_image(tmp_path / "compact.pdf")


def test_the_program_answers_what_it_made(tmp_path: Path, read_page: BundlePage) -> None:
    out, file = tmp_path / "out.pdf", tmp_path / "request.json"
    asked = request(out, read_page)
    file.write_text(json.dumps(asked.to_json()), encoding="utf-8")
    assert BundleRequest.from_json(json.loads(file.read_text(encoding="utf-8"))) == asked
    made = BundleMade.from_json(programs.run_module("digitizer.bundle", str(file), timeout=60))
    assert (made.out, made.pages, made.pdfa) == (out, 1, True)


def test_a_bad_page_leaves_the_old_bundle_alone(tmp_path: Path, read_page: BundlePage) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_text("no image")
    out = tmp_path / "out.pdf"
    out.write_text("the old one")
    with pytest.raises(FileUnreadable):
        making.make(request(out, read_page, replace(read_page, image=bad)))
    assert out.read_text() == "the old one"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bad.jpg", "out.pdf"]


@pytest.mark.parametrize("style", Style)
def test_a_page_too_small_for_pdfa_gets_white_around_it(tmp_path: Path, style: Style) -> None:
    """Before, it was not valid, and the whole paper of such a page never came to be."""
    for name, size in (("dot.png", (1, 1)), ("strip.png", (2000, 20)), ("page.png", (400, 600))):
        Image.new("RGB", size, "black").save(tmp_path / name)
    pages = [
        page_of(tmp_path / "dot.png", dpi=50),
        page_of(tmp_path / "strip.png", turn=90, dpi=1200),
        page_of(tmp_path / "page.png"),
    ]
    out = tmp_path / "out.pdf"
    making.make(request(out, *pages, style=style))
    assert_pdfa(out)
    with pikepdf.open(out) as pdf:
        sizes = [tuple(round(float(side), 2) for side in page.mediabox[2:]) for page in pdf.pages]
    assert sizes == [(3.0, 3.0), (3.0, 120.0), (288.0, 432.0)]
    assert [is_padded(size) for size in ((1.1, 99.0), (99.0, 1.0))] == [False, True]
    dot = rendered(out, 720)
    assert dot.getpixel((dot.width // 2, dot.height // 2)) == 0
    assert dot.getpixel((2, 2)) == 255


def test_what_is_not_pdfa_is_not_kept_and_its_page_is_named(
    tmp_path: Path, read_page: BundlePage
) -> None:
    spoilt = tmp_path / "spoilt.pdf"
    assert read_page.text_pdf is not None
    with pikepdf.open(read_page.text_pdf) as pdf:
        descendant = pdf.pages[0].obj.Resources.Font["/f-0-0"].DescendantFonts[0]
        descendant.FontDescriptor.FontFile2.write(b"no font")
        pdf.save(spoilt)
    out = tmp_path / "out.pdf"
    with pytest.raises(BundleInvalid, match=r"out\.pdf, page 2;"):
        making.make(request(out, read_page, replace(read_page, text_pdf=spoilt), read_page))
    assert not out.exists()


def test_an_output_without_a_place_says_so(tmp_path: Path, read_page: BundlePage) -> None:
    with pytest.raises(OutputUnwritable):
        making.make(request(tmp_path / "nowhere" / "out.pdf", read_page))
