"""Intake: hostile files become page images, byte for byte where that can be, or nothing."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from digitizer import programs
from digitizer.errors import (
    FileEmpty,
    FileLocked,
    FileMissing,
    FileUnreadable,
    ImageTooLarge,
    ImageTooSmall,
    TooManyPages,
)
from digitizer.pages import intake, reading
from digitizer.pages.landing import MAX_PAGES, Landing


def picture(size: tuple[int, int] = (850, 1200), mode: str = "RGB") -> Image.Image:
    pixels = np.random.default_rng(5).integers(0, 255, (size[1] // 10, size[0] // 10, 3))
    return (
        Image.fromarray(pixels.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    ).convert(mode)


def jpeg_bytes(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    return file.getvalue()


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


def take(path: Path, into: Path, *first: str) -> list[Path]:
    answer = programs.run_module("digitizer.pages.intake", str(path), str(into), *first, timeout=60)
    return [Path(file) for file in answer["files"]]


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGB", {}),
        ("RGB", {"progressive": True}),
        ("L", {"dpi": (300, 300)}),
        ("CMYK", {}),
    ],
)
def test_a_jpeg_is_copied_byte_for_byte(
    tmp_path: Path, into: Path, mode: str, options: dict[str, object]
) -> None:
    data = jpeg_bytes(picture(mode=mode), **options)
    (tmp_path / "scan.dat").write_bytes(data)  # names are not trusted
    files = take(tmp_path / "scan.dat", into, "7")
    assert [file.name for file in files] == ["0007.jpg"]
    assert files[0].read_bytes() == data
    assert [file.name for file in into.iterdir()] == ["0007.jpg"]


def test_every_frame_of_a_tiff_is_a_page(tmp_path: Path, into: Path) -> None:
    first, second = picture(mode="L").convert("1"), picture(mode="L")
    path = tmp_path / "fax.tiff"
    first.save(path, save_all=True, append_images=[second], dpi=(204, 196))
    files = intake.take(path, into)
    assert [file.name for file in files] == ["0001.tif", "0002.png"]
    with Image.open(files[0]) as page:
        assert page.info["compression"] == "group4"
        assert page.info["dpi"] == (204, 196)
        assert np.array_equal(np.asarray(page), np.asarray(first))
    with Image.open(files[1]) as page:
        assert np.array_equal(np.asarray(page), np.asarray(second))


@pytest.mark.parametrize("kind", ["PNG", "BMP", "WEBP"])
def test_other_images_keep_their_pixels(tmp_path: Path, into: Path, kind: str) -> None:
    image = picture()
    path = tmp_path / "image"
    image.save(path, kind, **({"lossless": True} if kind == "WEBP" else {}))
    (file,) = intake.take(path, into)
    assert file.suffix == ".png"
    with Image.open(file) as page:
        assert np.array_equal(np.asarray(page.convert("RGB")), np.asarray(image))
    if kind == "PNG":
        assert file.read_bytes() == path.read_bytes()


def test_a_turned_photograph_stays_turned(tmp_path: Path, into: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    (tmp_path / "photo.jpg").write_bytes(jpeg_bytes(picture(), exif=exif))
    (file,) = intake.take(tmp_path / "photo.jpg", into)
    assert reading.decode(file).exif_turn == 270


def image_pdf(path: Path, data: bytes, *, points: tuple[float, float], extra: bytes = b"") -> None:
    """Write a one-page PDF that shows one JPEG, and ``extra`` content."""
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=points)
    page = pdf.pages[0]
    stream = pikepdf.Stream(
        pdf,
        data,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=width,
        Height=height,
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB,
        Filter=pikepdf.Name.DCTDecode,
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Im0=stream), Font=pikepdf.Dictionary(F1=font)
    )
    drawn = f"q {points[0]} 0 0 {points[1]} 0 0 cm /Im0 Do Q\n".encode()
    page.Contents = pdf.make_stream(drawn + extra)
    pdf.save(path)


INVISIBLE = b"BT 3 Tr /F1 12 Tf 50 50 Td (seen by search) Tj ET"
VISIBLE = b"BT 0 Tr /F1 12 Tf 50 50 Td (seen by people) Tj ET"


def test_a_page_that_is_one_jpeg_gives_that_jpeg(tmp_path: Path, into: Path) -> None:
    data = jpeg_bytes(picture((850, 1200)), dpi=(100, 100))
    image_pdf(tmp_path / "scan.pdf", data, points=(612, 864), extra=INVISIBLE)
    (file,) = take(tmp_path / "scan.pdf", into)
    assert file.read_bytes() == data


def test_a_jpeg_cut_short_inside_a_pdf_is_rendered(tmp_path: Path, into: Path) -> None:
    """Taken as it is, no bundle could ever be made with it."""
    data = jpeg_bytes(picture((850, 1200)), dpi=(100, 100))
    image_pdf(tmp_path / "scan.pdf", data, points=(612, 864))
    image_pdf(tmp_path / "cut.pdf", data[: len(data) // 2], points=(612, 864))
    (file,) = take(tmp_path / "cut.pdf", into)
    with Image.open(file) as page:
        page.load()
        assert page.size == pytest.approx((2550, 3600), abs=1)


def test_a_jpeg_without_resolution_gets_its_page_s(tmp_path: Path, into: Path) -> None:
    data = jpeg_bytes(picture((850, 1200)))
    image_pdf(tmp_path / "scan.pdf", data, points=(306, 432))
    (file,) = intake.take(tmp_path / "scan.pdf", into)
    with Image.open(file) as page, Image.open(io.BytesIO(data)) as original:
        assert page.info["dpi"] == (200, 200)
        assert np.array_equal(np.asarray(page), np.asarray(original))


def test_a_rotated_pdf_page_keeps_its_jpeg_and_its_turn(tmp_path: Path, into: Path) -> None:
    data = jpeg_bytes(picture((850, 1200)), dpi=(100, 100))
    image_pdf(tmp_path / "scan.pdf", data, points=(612, 864))
    with pikepdf.open(tmp_path / "scan.pdf", allow_overwriting_input=True) as pdf:
        pdf.pages[0].Rotate = 90
        pdf.save()
    (file,) = intake.take(tmp_path / "scan.pdf", into)
    found = reading.decode(file)
    assert found.exif_turn == 90
    assert (found.width, found.height) == (850, 1200)


def test_other_pdf_pages_are_rendered_at_300_dpi(tmp_path: Path, into: Path) -> None:
    data = jpeg_bytes(picture((850, 1200)), dpi=(100, 100))
    image_pdf(tmp_path / "mixed.pdf", data, points=(306, 432), extra=VISIBLE)
    (file,) = take(tmp_path / "mixed.pdf", into)
    with Image.open(file) as page:
        assert page.size == pytest.approx((1275, 1800), abs=1)
        assert page.info["dpi"] == (300, 300)


def test_the_same_pdf_gives_the_same_bytes(tmp_path: Path, into: Path) -> None:
    data = jpeg_bytes(picture((850, 1200)))
    image_pdf(tmp_path / "mixed.pdf", data, points=(306, 432), extra=VISIBLE)
    (one,) = take(tmp_path / "mixed.pdf", into)
    (other,) = take(tmp_path / "mixed.pdf", into, "2")
    assert one.read_bytes() == other.read_bytes()


def hostile(folder: Path) -> dict[str, type[Exception]]:
    """Write files that must be refused; return what each is refused with."""
    data = jpeg_bytes(picture())
    (folder / "empty.jpg").touch()
    (folder / "text.jpg").write_text("Xin chào", encoding="utf-8")
    (folder / "cut.jpg").write_bytes(data[:-400])
    (folder / "padded.jpg").write_bytes(data[:-4000] + bytes(4000))
    picture().save(folder / "whole.png")
    (folder / "cut.png").write_bytes((folder / "whole.png").read_bytes()[:-2000])
    picture().save(folder / "whole.tif", compression="tiff_lzw")
    (folder / "cut.tif").write_bytes((folder / "whole.tif").read_bytes()[:5000])
    Image.new("1", (30_000, 30_000)).save(folder / "giant.png")
    Image.new("L", (1, 1)).save(folder / "dot.png")
    Image.new("RGB", (4000, 30), "white").save(folder / "strip.png")
    image_pdf(folder / "whole.pdf", data, points=(612, 864))
    (folder / "cut.pdf").write_bytes((folder / "whole.pdf").read_bytes()[:-900])
    (folder / "fake.pdf").write_bytes(b"%PDF-1.7\nnothing here\n%%EOF\n")
    with pikepdf.open(folder / "whole.pdf") as pdf:
        pdf.save(folder / "locked.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    return {
        "missing.jpg": FileMissing,
        "empty.jpg": FileEmpty,
        "text.jpg": FileUnreadable,
        "cut.jpg": FileUnreadable,
        "padded.jpg": FileUnreadable,
        "cut.png": FileUnreadable,
        "cut.tif": FileUnreadable,
        "giant.png": ImageTooLarge,
        "dot.png": ImageTooSmall,
        "strip.png": ImageTooSmall,
        "cut.pdf": FileUnreadable,
        "fake.pdf": FileUnreadable,
        "locked.pdf": FileLocked,
    }


def test_hostile_files_are_refused_and_leave_nothing(tmp_path: Path, into: Path) -> None:
    for name, kind in hostile(tmp_path).items():
        with pytest.raises(kind):
            intake.take(tmp_path / name, into)
            pytest.fail(f"{name} was taken")
        assert not list(into.iterdir()), name


def test_a_stack_cut_in_its_third_page_leaves_none(tmp_path: Path, into: Path) -> None:
    frames = [picture(mode="L") for _ in range(3)]
    path = tmp_path / "stack.tif"
    frames[0].save(path, save_all=True, append_images=frames[1:], compression="tiff_lzw")
    data = bytearray(path.read_bytes())
    middle = len(data) * 5 // 6
    data[middle : middle + 2000] = bytes(2000)
    path.write_bytes(data)
    with pytest.raises(FileUnreadable):
        intake.take(path, into)
    assert not list(into.iterdir())


def test_the_program_names_the_trouble(tmp_path: Path, into: Path) -> None:
    with pytest.raises(FileMissing, match=r"gone\.jpg"):
        take(tmp_path / "gone.jpg", into)


def test_no_file_gives_more_pages_than_its_refusal_says(into: Path) -> None:
    landing = Landing(into, 1)
    landing.files += [into / "landed.jpg"] * MAX_PAGES
    with pytest.raises(TooManyPages, match=f"^more than {MAX_PAGES} pages"):
        landing.land(".jpg", lambda file: file.write(b"page"))
