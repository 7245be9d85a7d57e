"""Pages of PDFs that are nothing but one image: landed without a loss, on the page's own scale."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageCms

from digitizer import programs
from digitizer.bundle import making
from digitizer.bundle.request import BundlePage, BundleRequest, Style
from digitizer.pages import intake, reading, resolution
from tests.bundle.test_making import CODE, CREATED, PROCEDURE, TITLE, assert_pdfa
from tests.pages.imagepdf import (
    POINTS,
    Make,
    N,
    Shown,
    bilevel_jbig2,
    bits,
    broken,
    calibrated,
    colour,
    drawing,
    fax,
    fax_of_black_ones,
    flate,
    four_bits,
    hexadecimal,
    inverted_bits,
    lzw,
    palette,
    predicted,
    runs,
    stencil,
    tiff_predicted,
    two_level_palette,
    write,
)
from tests.pages.test_hostile_pdf import deflated_zeros
from tests.pages.test_intake import jpeg_bytes


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.mode == other.mode and np.array_equal(np.asarray(one), np.asarray(other))


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


TWO_LEVELS: list[Make] = [
    fax, fax_of_black_ones, stencil, bilevel_jbig2, bits, inverted_bits, two_level_palette,
]  # fmt: skip
MORE_LEVELS: list[Make] = [
    flate, colour, palette, four_bits, predicted, tiff_predicted, runs, lzw, hexadecimal,
    calibrated,
]  # fmt: skip


@pytest.mark.parametrize("make", TWO_LEVELS)
def test_two_levels_stay_group_4(tmp_path: Path, into: Path, make: Make) -> None:
    shown = make()
    (file,) = intake.take(write(tmp_path / "page.pdf", shown), into)
    assert file.suffix == ".tif"
    with Image.open(file) as page:
        assert page.info["compression"] == "group4"
        assert page.info["dpi"] == pytest.approx((150, 150), abs=0.01)
        assert same(page, shown.pixels)


@pytest.mark.parametrize("make", MORE_LEVELS)
def test_grey_and_colour_stay_as_they_are(tmp_path: Path, into: Path, make: Make) -> None:
    shown = make()
    (file,) = intake.take(write(tmp_path / "page.pdf", shown), into)
    assert file.suffix == ".png"
    with Image.open(file) as page:
        assert page.info["dpi"] == pytest.approx((150, 150), abs=0.02)
        assert same(page, shown.pixels)


@pytest.mark.parametrize(("make", "mode"), [(flate, "L"), (colour, "RGB"), (bits, "1")])
def test_a_profile_changes_no_pixel(tmp_path: Path, into: Path, make: Make, mode: str) -> None:
    """As with a JPEG, whose pixels stay whatever its profile."""
    shown = make()
    write(tmp_path / "page.pdf", shown)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with pikepdf.open(tmp_path / "page.pdf", allow_overwriting_input=True) as pdf:
        stream = pdf.make_stream(profile, N=3 if mode == "RGB" else 1)
        image = pdf.pages[0].obj.Resources.XObject.Im0
        image.ColorSpace = pikepdf.Array([N.ICCBased, stream])
        pdf.save()
    (file,) = intake.take(tmp_path / "page.pdf", into)
    with Image.open(file) as page:
        assert same(page, shown.pixels)


def matrices(points: tuple[float, float]) -> dict[str, tuple[tuple[float, ...], list[str]]]:
    """How an image can fill a page, and the steps that make its pixels upright."""
    across, up = points
    return {
        "turned by 90": ((0, -up, across, 0, 0, up), ["ROTATE_270"]),
        "turned by 180": ((-across, 0, 0, -up, across, up), ["ROTATE_180"]),
        "turned by 270": ((0, up, -across, 0, across, 0), ["ROTATE_90"]),
        "upside down as in a mirror": ((across, 0, 0, -up, 0, up), ["FLIP_TOP_BOTTOM"]),
        "transposed": ((0, -up, -across, 0, across, up), ["TRANSPOSE"]),
    }


def lying(shown: Shown, how: str, path: Path, rotate: int = 0) -> list[str]:
    """Write ``shown`` as it lies on a page that it fills."""
    sideways = "ROTATE_180" not in how and how not in (
        "turned by 180",
        "upside down as in a mirror",
    )
    points = POINTS[::-1] if sideways else POINTS
    matrix, steps = matrices(points)[how]
    write(path, shown, points=points, matrix=matrix, rotate=rotate)
    return steps


@pytest.mark.parametrize("rotate", [0, 90])
@pytest.mark.parametrize("how", list(matrices(POINTS)))
def test_pixels_lie_as_the_page_shows_them(
    tmp_path: Path, into: Path, how: str, rotate: int
) -> None:
    shown = flate("RGB")
    steps = lying(shown, how, tmp_path / "page.pdf", rotate)
    (file,) = intake.take(tmp_path / "page.pdf", into)
    wanted = shown.pixels
    for step in [*steps, *(["ROTATE_270"] if rotate else [])]:
        wanted = wanted.transpose(Image.Transpose[step])
    with Image.open(file) as page:
        assert same(page, wanted)


@pytest.mark.parametrize(("turn", "rotate"), [(90, 0), (180, 0), (270, 0), (90, 90), (270, 90)])
def test_a_jpeg_drawn_turned_stays_that_jpeg(
    tmp_path: Path, into: Path, turn: int, rotate: int
) -> None:
    data = jpeg_bytes(drawing(), dpi=(150, 150))
    shown = broken(colour, data, Filter=N.DCTDecode)
    lying(shown, f"turned by {turn}", tmp_path / "page.pdf", rotate)
    (landed,) = intake.take(tmp_path / "page.pdf", into)
    found = reading.decode(landed)
    assert found.exif_turn == (turn + rotate) % 360
    with Image.open(landed) as page, Image.open(io.BytesIO(data)) as original:
        assert page.info["dpi"] == (150, 150)
        assert same(page, original)
    assert landed.read_bytes().endswith(data[-5000:])
    if (turn + rotate) % 360 == 0:
        assert landed.read_bytes() == data


def test_a_jpeg_s_own_turn_counts_for_nothing_in_a_pdf(tmp_path: Path, into: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = jpeg_bytes(drawing(), dpi=(150, 150), exif=exif)
    write(tmp_path / "page.pdf", broken(colour, data, Filter=N.DCTDecode))
    (landed,) = intake.take(tmp_path / "page.pdf", into)
    assert reading.decode(landed).exif_turn == 0


def test_a_page_of_a4_is_rendered_no_wider_than_it_is(tmp_path: Path, into: Path) -> None:
    """595.2 points are 2480.0000… pixels, and 595.276 are 2480.3."""
    shown = flate("L", Mask=[0, 3])
    for points in ((595.2, 841.92), (595.276, 841.89)):
        write(tmp_path / "page.pdf", shown, points=points)
        (file,) = intake.take(tmp_path / "page.pdf", into)
        assert file.suffix == ".jpg"
        with Image.open(file) as page:
            assert page.size == (2480, 3508)


@pytest.mark.parametrize(
    ("before", "matrix"),
    [
        ("1 0 0 rg", None),
        ("", (POINTS[0] / 2, 0, 0, POINTS[1], 0, 0)),
        ("", (POINTS[0], 0, 0, POINTS[1], POINTS[0] / 2, 0)),
        ("", (POINTS[0], 9, -9, POINTS[1], 0, 0)),
        ("0 0 9 9 re f", None),
        ("0 0 99 99 re W n", None),
        ("/OC /Layer BDC", None),
        ("/Faint gs", None),
    ],
)
def test_a_page_that_shows_more_than_its_image_is_rendered(
    tmp_path: Path, into: Path, before: str, matrix: tuple[float, ...] | None
) -> None:
    write(tmp_path / "page.pdf", stencil(), before=before, matrix=matrix)
    (file,) = intake.take(tmp_path / "page.pdf", into)
    assert file.suffix == ".jpg"


@pytest.mark.parametrize("before", ["-9 -9 999 999 re W n", "/Whole gs", "0 g", "/P BMC"])
def test_what_hides_nothing_changes_nothing(tmp_path: Path, into: Path, before: str) -> None:
    shown = stencil()
    (file,) = intake.take(write(tmp_path / "page.pdf", shown, before=before), into)
    with Image.open(file) as page:
        assert same(page, shown.pixels)


def test_a_turn_stated_for_all_pages_counts(tmp_path: Path, into: Path) -> None:
    shown = flate()
    write(tmp_path / "page.pdf", shown)
    with pikepdf.open(tmp_path / "page.pdf", allow_overwriting_input=True) as pdf:
        pdf.Root.Pages.Rotate = -90
        pdf.save()
    (file,) = intake.take(tmp_path / "page.pdf", into)
    with Image.open(file) as page:
        assert same(page, shown.pixels.transpose(Image.Transpose.ROTATE_90))


HOSTILE: dict[str, Make] = {
    "unfolds without end": lambda: broken(flate, deflated_zeros(1 << 30)),
    "states a vast size": lambda: broken(flate, Width=70_000, Height=70_000),
    "states a negative size": lambda: broken(flate, Width=-5),
    "states a larger size than it has": lambda: broken(flate, Height=9000),
    "cut short": lambda: broken(flate, flate().data[:3000]),
    "group 4 cut short": lambda: broken(fax, fax().data[:500]),
    "group 4 of noise": lambda: broken(fax, np.random.default_rng(1).bytes(5000)),
    "no JBIG2": lambda: broken(bilevel_jbig2, b"\0" * 99),
    "no Flate": lambda: broken(flate, b"\xff" * 99),
    "filters in a heap": lambda: broken(flate, Filter=pikepdf.Array([N.FlateDecode] * 500)),
    "colours of nothing": lambda: broken(flate, ColorSpace=pikepdf.Array([N.Indexed])),
    "a JPEG of other pixels": lambda: broken(
        flate, jpeg_bytes(drawing("L", (99, 99))), Filter=N.DCTDecode
    ),
    "a JPEG of noise": lambda: broken(
        flate, b"\xff\xd8" + b"\0" * 50 + b"\xff\xd9", Filter=N.DCTDecode
    ),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_image_still_gives_its_page(tmp_path: Path, into: Path, name: str) -> None:
    write(tmp_path / "page.pdf", HOSTILE[name]())
    answer = programs.run_module(
        "digitizer.pages.intake", str(tmp_path / "page.pdf"), str(into), timeout=60
    )
    (file,) = answer["files"]
    with Image.open(file) as page:
        page.load()


@pytest.mark.parametrize("make", [fax, flate, colour, palette])
def test_a_bundle_holds_the_same_pixels(tmp_path: Path, into: Path, make: Make) -> None:
    shown = make()
    (file,) = intake.take(write(tmp_path / "page.pdf", shown), into)
    with Image.open(file) as landed:
        dpi = resolution.of_image(landed)
    page = BundlePage(file, 0, 0.0, *shown.pixels.size, dpi.x, dpi.y)
    out = tmp_path / "out.pdf"
    making.make(BundleRequest(out, (page,), TITLE, CODE, PROCEDURE, Style.FAITHFUL, CREATED))
    assert_pdfa(out)
    with pikepdf.open(out) as pdf:
        box = [float(side) for side in pdf.pages[0].mediabox.as_list()]
        stored = pikepdf.PdfImage(pdf.pages[0].obj.Resources.XObject["/Image"])
        assert stored.filters == ["/CCITTFaxDecode" if shown.pixels.mode == "1" else "/FlateDecode"]
        assert same(stored.as_pil_image(), shown.pixels)
    assert box == pytest.approx([0, 0, *POINTS], abs=0.2)
